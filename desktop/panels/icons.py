"""Line icons of the frame, drawn here so that no font has to hold them."""

from __future__ import annotations

from collections.abc import Mapping

from qtpy.QtCore import QPointF, QRectF, QSize, Qt
from qtpy.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from qtpy.QtWidgets import QStyle, QStyleOptionToolButton, QToolButton, QWidget

from desktop.panels.look import Look

Strokes = tuple[tuple[tuple[float, float], ...], ...]
ICONS: Mapping[str, Strokes] = {
    "menu": (((-6, -4), (6, -4)), ((-6, 0), (6, 0)), ((-6, 4), (6, 4))),
    "plus": (((-5, 0), (5, 0)), ((0, -5), (0, 5))),
    "minus": (((-5, 0), (5, 0)),),
    "fit": (
        ((1.5, -5), (5, -5), (5, -1.5)),
        ((-1.5, 5), (-5, 5), (-5, 1.5)),
        ((5, -5), (1, -1)),
        ((-5, 5), (-1, 1)),
    ),
    "close": (((-4, -4), (4, 4)), ((-4, 4), (4, -4))),
    "back": (((2, -4.5), (-2.5, 0), (2, 4.5)),),
    "forward": (((-2, -4.5), (2.5, 0), (-2, 4.5)),),
}
"""Lines about the centre of the icon, in logical pixels."""


def paint_icon(painter: QPainter, name: str, center: QPointF, color: QColor) -> None:
    """Draw an icon about a point."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(color, 1.4)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    for stroke in ICONS[name]:
        painter.drawPolyline(QPolygonF([center + QPointF(x, y) for x, y in stroke]))
    painter.restore()


class IconButton(QToolButton):
    """A button with one icon; its tip and accessible name say what it does."""

    def __init__(
        self, icon: str, text: str, look: Look, parent: QWidget | None = None, side: int = 28
    ) -> None:
        super().__init__(parent)
        self._icon, self._look = icon, look
        self.setFixedSize(QSize(side, side))
        self.setObjectName("quiet")
        self.setAccessibleName(text)
        self.setToolTip(text)
        look.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionToolButton()
        self.initStyleOption(option)
        option.subControls = QStyle.SubControl.SC_ToolButton
        option.features &= ~QStyleOptionToolButton.ToolButtonFeature.HasMenu
        painter = QPainter(self)
        self.style().drawComplexControl(QStyle.ComplexControl.CC_ToolButton, option, painter, self)
        theme = self._look.theme
        color = theme.faint if not self.isEnabled() else theme.text
        paint_icon(painter, self._icon, QRectF(self.rect()).center(), color)
        painter.end()
