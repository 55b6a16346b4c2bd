"""The colours of the look, by the token names of its table."""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Literal

from qtpy.QtGui import QColor

from layers.definition import Severity

ThemeName = Literal["dark", "light"]
ALIASES = {"info": "p4"}


class ThemeError(Exception):
    """A theme file that cannot be used; the message is one line naming the file and the token."""


@dataclasses.dataclass(frozen=True, eq=False)
class Theme:
    """One set of colours. Copy a colour (`QColor(theme.line)`) before changing it."""

    name: str
    bg: QColor
    panel: QColor
    raised: QColor
    line: QColor
    text: QColor
    dim: QColor
    faint: QColor
    normal: QColor
    p1: QColor
    p2: QColor
    p3: QColor
    p4: QColor
    accent: QColor
    land: QColor
    street: QColor
    major: QColor
    water: QColor
    green: QColor
    tram: QColor

    @property
    def dark(self) -> bool:
        """Whether this is the theme of the dark room."""
        return self.name == "dark"

    @property
    def tokens(self) -> Mapping[str, QColor]:
        """Every colour by its token."""
        return {name: getattr(self, name) for name in TOKENS}

    def color(self, token: str) -> QColor:
        """The colour of a token, or the normal one when the look has no such token."""
        name = ALIASES.get(token, token)
        return QColor(getattr(self, name) if name in TOKENS else self.normal)

    def severity_color(self, severity: Severity) -> QColor:
        """The colour of a severity: its priority's, grey when normal."""
        priority = severity.priority
        return self.normal if priority is None else QColor(getattr(self, f"p{priority}"))

    def blended(self, token: str, over: str, share: float) -> QColor:
        """`share` (0 to 1) of one token's colour over another's, opaque."""
        top, bottom = self.color(token), self.color(over)
        pairs = ((top.red(), bottom.red()), (top.green(), bottom.green()), (top.blue(), bottom.blue()))
        return QColor(*(round(share * a + (1 - share) * b) for a, b in pairs))


TOKENS = tuple(field.name for field in dataclasses.fields(Theme) if field.name != "name")


def load_theme(name: str) -> Theme:
    """Read ``resources/styles/theme-<name>.toml``.

    Raises ThemeError, one line, for an unknown theme or a token that is missing or not a colour.
    """
    file = files("resources") / "styles" / f"theme-{name}.toml"
    if not file.is_file():
        raise ThemeError(f"no theme {name!r}: use dark or light")
    written = tomllib.loads(file.read_text(encoding="utf-8")).get("color", {})
    colors = {token: QColor(str(written.get(token, ""))) for token in TOKENS}
    wrong = next((token for token, color in colors.items() if not color.isValid()), None)
    if wrong is not None:
        raise ThemeError(f'theme-{name}.toml: {wrong!r} must be a colour such as "#20262d"')
    return Theme(name=name, **colors)
