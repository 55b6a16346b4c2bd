"""One frame's order of painting above the ground, with what was rendered for a theme and a pixel ratio."""

from __future__ import annotations

from collections.abc import Sequence

from qtpy.QtCore import QRect
from qtpy.QtGui import QPainter

from desktop.map.annotations import Annotations
from desktop.map.atlas import Atlas
from desktop.map.badges import Badges
from desktop.map.blinking import Blinking
from desktop.map.display import Display
from desktop.map.frame import Frame
from desktop.map.highlights import Highlights
from desktop.map.points import PointIndex
from desktop.map.pyramid import Pyramid
from desktop.map.symbol_painter import SymbolPainter
from desktop.map.theme import Theme
from desktop.map.viewport import Viewport
from desktop.work.picture import Picture


class Drawing:
    """Atlas, badges and painters for one theme, font family, locale and device pixel ratio."""

    def __init__(
        self, picture: Picture, display: Display, theme: Theme, family: str, locale: str, ratio: float
    ) -> None:
        self.theme, self.ratio = theme, ratio
        badges = Badges(theme, family, ratio, "," if locale.startswith("fr") else ".")
        atlas = Atlas(picture.layers, theme, ratio)
        self._symbols = SymbolPainter(picture, display, picture.layers, atlas, badges)
        self._annotations = Annotations(badges, ratio, locale)

    @property
    def unfinished(self) -> bool:
        """Whether some labels wait for another frame."""
        return self._annotations.unfinished

    def prepare(self, index: PointIndex, pyramid: Pyramid) -> None:
        """Compute ahead, in the background, what the next views will need."""
        self._symbols.prepare(index, pyramid)

    def paint(
        self,
        painter: QPainter,
        view: Viewport,
        index: PointIndex | None,
        pyramid: Pyramid | None,
        highlights: Highlights,
        blinking: Blinking,
        reserved: Sequence[QRect],
    ) -> Frame:
        """Paint symbols, highlights and labels; the painter must be scaled to device pixels.

        `reserved` rectangles, in logical pixels, are under something else: no label goes there.
        """
        highlights.paint_under(painter, view, self.ratio, self.theme)
        blinking.paint(painter, view, self.ratio, self.theme)
        frame = self._symbols.paint(painter, view, self.ratio, index, pyramid)
        chosen = highlights.paint_rings(painter, view, self.ratio, self.theme, frame)
        self._symbols.paint_chosen(painter, frame.symbols.take(chosen))
        self._annotations.paint(painter, frame, view, chosen, reserved)
        return frame
