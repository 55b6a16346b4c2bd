"""What every panel draws with: theme, fonts and wording, and the signal that they changed."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import as_file, files

from qtpy.QtCore import QObject, Qt, Signal
from qtpy.QtGui import QFont, QFontDatabase, QFontMetrics, QPixmap

from desktop.map.symbols import symbol_pixmap
from desktop.map.theme import Theme, load_theme
from desktop.panels.wording import Wording, one_line
from layers.definition import LayerDefinition
from layers.model import Quality

SANS, MONO = "IBM Plex Sans", "IBM Plex Mono"
BASE, SMALL, TABLE, TITLE, CLOCK = 13, 11, 14, 16, 20
"""Sizes of type in logical pixels."""
ROW, TABLE_ROW = 26, 32


def load_fonts() -> None:
    """Register the families shipped in ``resources/fonts``; once per application."""
    with as_file(files("resources") / "fonts") as folder:
        for file in sorted(folder.glob("*.ttf")):
            QFontDatabase.addApplicationFont(str(file))


def font(size: int = BASE, weight: QFont.Weight = QFont.Weight.Normal, family: str = SANS) -> QFont:
    """A face of the application; size in logical pixels."""
    made = QFont(family)
    made.setPixelSize(size)
    made.setWeight(weight)
    made.setHintingPreference(QFont.HintingPreference.PreferVerticalHinting)
    return made


def elided(text: str, width: float, metrics: QFontMetrics) -> str:
    """The text cut with an ellipsis to a width in pixels; always one line."""
    return metrics.elidedText(one_line(text), Qt.TextElideMode.ElideRight, max(0, int(width)))


class Look(QObject):
    """Theme and locale in use. Symbols are kept per theme and device pixel ratio."""

    changed = Signal()

    def __init__(self, theme: Theme, locale: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.theme, self.locale = theme, locale
        self.words = Wording(locale)
        self._symbols: dict[tuple[str, int, int, int, float], QPixmap] = {}

    def set_theme(self, name: str) -> None:
        """Change to the theme of that name."""
        if name != self.theme.name:
            self.theme = load_theme(name)
            self._symbols.clear()
            self.changed.emit()

    def symbol(
        self,
        layer: LayerDefinition,
        state: int,
        quality: Quality = Quality.GOOD,
        size: int = 18,
        ratio: float = 1.0,
    ) -> QPixmap:
        """The symbol of a state, `size` logical pixels square."""
        key = (layer.id, state, int(quality), size, ratio)
        kept = self._symbols.get(key)
        if kept is None:
            kept = symbol_pixmap(layer, state, quality, size, self.theme, ratio)
            self._symbols[key] = kept
        return kept

    def title(self, layer: LayerDefinition) -> str:
        """The layer's title in the locale."""
        return layer.title.localized(self.locale)

    def state_words(self, layer: LayerDefinition, state: int) -> str:
        """A state's label in the locale."""
        return layer.states[state].label.localized(self.locale)

    def fault_words(self, layer: LayerDefinition, faults: tuple[str, ...]) -> list[str]:
        """The operator's words for fault codes; a code the layer does not know is shown as it came."""
        known: Mapping[str, str] = {fault.value: fault.label.localized(self.locale) for fault in layer.faults}
        return [known.get(code, code) for code in faults]
