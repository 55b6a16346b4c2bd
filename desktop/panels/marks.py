"""The small shapes that double every colour: priority marks, counted badges, source and freshness dots."""

from __future__ import annotations

from qtpy.QtCore import QPointF, QRectF, Qt
from qtpy.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from desktop.map.theme import Theme
from desktop.panels.look import SMALL, font
from layers.definition import Severity
from layers.model import Quality

SPOKEN = {
    Severity.HIGH: "■",
    Severity.MEDIUM: "▲",
    Severity.LOW: "◆",
    Severity.INFO: "●",
    Severity.NORMAL: "",
}
"""The same marks as characters, for accessible text."""
BADGE_HEIGHT = 18.0


def mark_path(severity: Severity, center: QPointF, size: float) -> QPainterPath:
    """The mark of a severity: square, triangle, diamond or disc, `size` pixels across."""
    path, r = QPainterPath(), size / 2
    x, y = center.x(), center.y()
    if severity is Severity.HIGH:
        path.addRect(QRectF(x - r * 0.88, y - r * 0.88, size * 0.88, size * 0.88))
    elif severity is Severity.MEDIUM:
        path.addPolygon(
            QPolygonF([QPointF(x, y - r), QPointF(x + r, y + r * 0.85), QPointF(x - r, y + r * 0.85)])
        )
        path.closeSubpath()
    elif severity is Severity.LOW:
        path.addPolygon(
            QPolygonF([QPointF(x, y - r), QPointF(x + r, y), QPointF(x, y + r), QPointF(x - r, y)])
        )
        path.closeSubpath()
    else:
        path.addEllipse(center, r * 0.9, r * 0.9)
    return path


def paint_mark(painter: QPainter, severity: Severity, center: QPointF, size: float, color: QColor) -> None:
    """Fill the mark of a severity."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillPath(mark_path(severity, center, size), color)
    painter.restore()


def badge_width(text: str) -> float:
    """How wide `paint_badge` will be, in pixels."""
    return QFontMetricsF(font(SMALL, QFont.Weight.DemiBold)).horizontalAdvance(text) + 26.0


def paint_badge(
    painter: QPainter, severity: Severity, text: str, right: float, middle: float, theme: Theme
) -> float:
    """An outlined badge with mark and count, its right edge at `right`; returns its left edge."""
    width, color = badge_width(text), theme.severity_color(severity)
    box = QRectF(right - width + 0.5, middle - BADGE_HEIGHT / 2 + 0.5, width - 1, BADGE_HEIGHT - 1)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(color, 1.0))
    painter.drawRoundedRect(box, 3.0, 3.0)
    paint_mark(painter, severity, QPointF(box.left() + 10, middle), 8.0, color)
    painter.setFont(font(SMALL, QFont.Weight.DemiBold))
    painter.drawText(box.adjusted(18, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, text)
    painter.restore()
    return box.left()


def paint_quality(painter: QPainter, quality: Quality, center: QPointF, radius: float, color: QColor) -> None:
    """A freshness dot: solid is good, dashed uncertain, hatched unknown."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if quality is Quality.GOOD:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
    elif quality is Quality.UNCERTAIN:
        pen = QPen(color, 1.3)
        pen.setDashPattern([1.6, 1.4])
        painter.setPen(pen)
    else:
        painter.setPen(QPen(color, 1.2))
        painter.setBrush(QBrush(color, Qt.BrushStyle.Dense5Pattern))
    painter.drawEllipse(center, radius, radius)
    painter.restore()


def paint_visibility(painter: QPainter, visible: bool, center: QPointF, theme: Theme) -> None:
    """The dot before a layer's title: filled when it is shown, a ring when it is not."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if visible:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.normal)
        painter.drawEllipse(center, 3.5, 3.5)
    else:
        painter.setPen(QPen(theme.normal, 1.2))
        painter.drawEllipse(center, 3.2, 3.2)
    painter.restore()


def paint_chevron(painter: QPainter, center: QPointF, down: bool, color: QColor) -> None:
    """The arrow of a row that opens, 6 pixels across."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(color, 1.4)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    x, y = center.x(), center.y()
    corners = [(-3, -1.5), (0, 1.5), (3, -1.5)] if down else [(-1.5, -3), (1.5, 0), (-1.5, 3)]
    painter.drawPolyline(QPolygonF([QPointF(x + dx, y + dy) for dx, dy in corners]))
    painter.restore()
