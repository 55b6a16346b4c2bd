"""Palette and style sheet of the widgets, from the theme's tokens."""

from __future__ import annotations

from importlib.resources import files
from string import Template

from qtpy.QtGui import QColor, QPalette
from qtpy.QtWidgets import QApplication

from desktop.map.theme import Theme
from desktop.panels.look import SMALL, font


def palette(theme: Theme) -> QPalette:
    """The palette for what the style sheet leaves to the style."""
    made = QPalette()
    role = QPalette.ColorRole
    pairs = {
        role.Window: theme.panel,
        role.WindowText: theme.text,
        role.Base: theme.raised,
        role.AlternateBase: theme.panel,
        role.Text: theme.text,
        role.Button: theme.raised,
        role.ButtonText: theme.text,
        role.BrightText: theme.p1,
        role.ToolTipBase: theme.raised,
        role.ToolTipText: theme.text,
        role.PlaceholderText: theme.dim,
        role.Highlight: theme.accent,
        role.HighlightedText: QColor(theme.bg if theme.dark else theme.raised),
        role.Link: theme.accent,
        role.Light: theme.line,
        role.Mid: theme.line,
        role.Dark: theme.line,
        role.Shadow: theme.bg,
    }
    for each, color in pairs.items():
        made.setColor(each, color)
    for each in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, each, theme.faint)
    return made


def stylesheet(theme: Theme) -> str:
    """``resources/styles/vigie.qss`` with the theme's colours and the type's sizes written in."""
    template = (files("resources") / "styles" / "vigie.qss").read_text(encoding="utf-8")
    values = {name: color.name() for name, color in theme.tokens.items()}
    values |= {
        "small": str(SMALL),
        "hover": theme.blended("text", "panel", 0.06).name(),
        "pressed": theme.blended("text", "panel", 0.12).name(),
        "chosen": theme.blended("accent", "panel", 0.16).name(),
        "ink": (theme.bg if theme.dark else theme.raised).name(),
    }
    return Template(template).substitute(values)


def dress(application: QApplication, theme: Theme) -> None:
    """Give the whole application the theme."""
    if application.style() is None or application.style().objectName() != "fusion":
        application.setStyle("Fusion")
    application.setFont(font())
    application.setPalette(palette(theme))
    application.setStyleSheet(stylesheet(theme))
