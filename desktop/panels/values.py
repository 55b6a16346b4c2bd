"""Registry facts and live values as text, whatever a registry or a device sent."""

from __future__ import annotations

import json
import math
from datetime import date, datetime
from typing import Any

from qtpy.QtCore import QCoreApplication

from desktop.panels.wording import Wording, one_line
from layers.definition import Field

LONGEST = 400
"""Characters of a value that are shown."""


def value_text(field: Field, value: object, words: Wording) -> str:
    """One line for a value of a field; empty when there is none."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _yes_no(value)
    if field.choices:
        label = next((it.label.localized(words.locale) for it in field.choices if it.value == value), None)
        if label is not None:
            return label
    if isinstance(value, int | float):
        return _number(field, value, words)
    if field.type in ("date", "datetime") and isinstance(value, str):
        return moment_text(value) or _plain(value)
    return _plain(value)


def parse_time(value: object) -> float | None:
    """Epoch seconds of an RFC 3339 text; local time when it names no zone; None when it is none."""
    if not isinstance(value, str) or len(value) > 40:
        return None
    try:
        return datetime.fromisoformat(value).timestamp()
    except (ValueError, OverflowError, OSError):
        return None


def moment_text(value: str) -> str:
    """A date, or a local date and time, from RFC 3339 text; empty when it is neither."""
    try:
        if len(value) == 10:
            return date.fromisoformat(value).isoformat()
        return datetime.fromisoformat(value).astimezone().strftime("%Y-%m-%d %H:%M")
    except (ValueError, OverflowError, OSError):
        return ""


def _number(field: Field, value: int | float, words: Wording) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        return ""
    whole = field.type == "integer" and (isinstance(value, int) or value.is_integer())
    if isinstance(value, int) and abs(value) >= 10**15:
        return _plain(value)
    return words.quantity(int(value) if whole else value, field.unit, None if whole else field.digits)


def _yes_no(value: bool) -> str:
    if value:
        return QCoreApplication.translate("Values", "yes")
    return QCoreApplication.translate("Values", "no")


def _plain(value: Any) -> str:  # noqa: ANN401 - whatever a registry holds
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    line = one_line(text)
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"
