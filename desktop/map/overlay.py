"""What lies over the symbols: fields of view, the selection's ring, the hovered object's tip."""

from __future__ import annotations

import math

from qtpy.QtCore import QPointF, QRectF, Qt
from qtpy.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from desktop.map.theme import Theme

RING = 15.0


def paint_wedge(
    painter: QPainter, theme: Theme, at: tuple[float, float], bearing: float, angle: float, reach: float
) -> None:
    """A field of view: degrees clockwise from north, opening in degrees, reach in painter units."""
    path = QPainterPath(QPointF(*at))
    box = QRectF(at[0] - reach, at[1] - reach, 2 * reach, 2 * reach)
    # Qt measures angles counter-clockwise from three o'clock.
    path.arcTo(box, 90 - bearing - angle / 2, angle)
    path.closeSubpath()
    fill = QColor(theme.accent)
    fill.setAlphaF(0.14)
    edge = QColor(theme.accent)
    edge.setAlphaF(0.3)
    painter.setPen(QPen(edge, 0.8))
    painter.setBrush(fill)
    painter.drawPath(path)


def paint_ring(painter: QPainter, theme: Theme, at: tuple[float, float], ratio: float, hovered: bool) -> None:
    """The accent ring of a selected object, or the thinner one of the hovered."""
    radius = (RING + (0.0 if hovered else 2.0)) * ratio
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if not hovered:
        painter.setPen(QPen(theme.land, 5.0 * ratio))
        painter.drawEllipse(QPointF(*at), radius, radius)
    painter.setPen(QPen(theme.accent, (1.2 if hovered else 2.4) * ratio))
    painter.drawEllipse(QPointF(*at), radius, radius)


def paint_tip(
    painter: QPainter,
    theme: Theme,
    at: tuple[float, float],
    lines: list[tuple[str, QColor]],
    family: str,
    room: tuple[float, float],
) -> None:
    """A small card of plain text beside the pointer, kept inside `room`; painter in logical pixels."""
    font = QFont(family)
    font.setPixelSize(12)
    strong = QFont(font)
    strong.setWeight(QFont.Weight.DemiBold)
    fonts = [strong] + [font] * (len(lines) - 1)
    shown = [
        (QFontMetricsF(each).elidedText(text, Qt.TextElideMode.ElideRight, 340), color, each)
        for (text, color), each in zip(lines, fonts, strict=True)
    ]
    width = max(QFontMetricsF(each).horizontalAdvance(text) for text, _, each in shown) + 20
    height = 17.0 * len(shown) + 12
    left, top = at[0] + 16, at[1] + 16
    left = left if left + width < room[0] - 4 else at[0] - 12 - width
    top = top if top + height < room[1] - 4 else at[1] - 12 - height
    painter.setPen(QPen(theme.line, 1.0))
    painter.setBrush(theme.raised)
    painter.drawRoundedRect(
        QRectF(math.floor(left) + 0.5, math.floor(top) + 0.5, math.ceil(width), height), 4, 4
    )
    for place, (text, color, each) in enumerate(shown):
        painter.setFont(each)
        painter.setPen(color)
        painter.drawText(QPointF(math.floor(left) + 10, math.floor(top) + 19 + 17 * place), text)
