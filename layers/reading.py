"""Readers for `state_of` that never raise: registries and feeds send missing and wrongly typed values."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any


def number(values: Mapping[str, Any], name: str) -> float | None:
    """The value as a finite float; None when it is absent, not a number, a boolean, NaN or infinite."""
    value = values.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        converted = float(value)
    except OverflowError:
        return None
    return converted if math.isfinite(converted) else None


def text(values: Mapping[str, Any], name: str) -> str:
    """The value without surrounding space; empty when it is absent or not text."""
    value = values.get(name)
    return value.strip() if isinstance(value, str) else ""


def flag(values: Mapping[str, Any], name: str) -> bool | None:
    """The value as a boolean; None when it is absent or not exactly true or false."""
    value = values.get(name)
    return value if isinstance(value, bool) else None
