"""How one symbol looks: a plate whose shape tells the severity, a glyph that tells the kind.

The outline tells the quality: solid is good, dashed uncertain, hatched unknown. A small badge in the corner
tells an override (clock) or local control (hand).
"""

from __future__ import annotations

import functools
import math
from importlib.resources import files

from qtpy.QtCore import QByteArray, QPointF, QRectF, Qt
from qtpy.QtGui import QBrush, QColor, QImage, QPainter, QPainterPath, QPen, QPixmap, QPolygonF
from qtpy.QtSvg import QSvgRenderer

from desktop.map.theme import Theme
from layers.definition import LayerDefinition, Severity
from layers.model import Quality

ICONS = files("resources") / "icons"
BOX = 34
"""Logical pixels of a plate's sprite; the plate itself is 18 to 24."""
DOT_BOX = 14
QUIET = 0.6
"""How far a dot in order stands out from the land: thousands of them must not shout."""
GLYPH = {
    Severity.NORMAL: 11.0,
    Severity.INFO: 11.0,
    Severity.LOW: 11.0,
    Severity.MEDIUM: 9.5,
    Severity.HIGH: 12.0,
}
GLYPH_DROP = {Severity.MEDIUM: 2.6}
"""How far below the plate's centre the glyph stands: a triangle is wide at its foot."""


def symbol_color(layer: LayerDefinition, state: int, theme: Theme) -> QColor:
    """The colour of a state: its tone when it has one, else its severity's."""
    tone = layer.states[state].tone
    return theme.color(tone) if tone else theme.severity_color(layer.states[state].severity)


def symbol_pixmap(
    layer: LayerDefinition, state: int, quality: Quality, size: int, theme: Theme, ratio: float = 1.0
) -> QPixmap:
    """A symbol on a transparent square of `size` logical pixels, for trees, legends and tables."""
    image = _canvas(size, ratio)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(size / 2, size / 2)
    painter.scale(min(1.0, size / 24.0), min(1.0, size / 24.0))
    draw_plate(painter, layer, state, quality, theme, ratio)
    painter.end()
    return QPixmap.fromImage(image)


def plate_image(layer: LayerDefinition, state: int, quality: Quality, theme: Theme, ratio: float) -> QImage:
    """The plate's sprite, `BOX` logical pixels square."""
    image = _canvas(BOX, ratio)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(BOX / 2, BOX / 2)
    draw_plate(painter, layer, state, quality, theme, ratio)
    painter.end()
    return image


def plain(layer: LayerDefinition, state: int) -> bool:
    """Whether a state is in order and of no particular tone."""
    return layer.states[state].severity is Severity.NORMAL and not layer.states[state].tone


def dot_image(layer: LayerDefinition, state: int, quality: Quality, theme: Theme, ratio: float) -> QImage:
    """The sprite of an object too small for a plate.

    In order: a disc, a ring when uncertain, a cross when unknown. Out of order: its plate in small, filled,
    hollow when uncertain, barred when unknown.
    """
    described, color = layer.states[state], symbol_color(layer, state, theme)
    image = _canvas(DOT_BOX, ratio)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(DOT_BOX / 2, DOT_BOX / 2)
    if not plain(layer, state):
        path = plate_path(described.severity, 3.4 if described.severity else 2.6)
        painter.setPen(QPen(theme.land if quality is Quality.GOOD else color, 1.0))
        painter.setBrush(color if quality is Quality.GOOD else theme.land)
        painter.drawPath(path)
        if quality is Quality.BAD:
            painter.drawLine(QPointF(-2.2, 2.2), QPointF(2.2, -2.2))
    elif quality is Quality.GOOD:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.blended("normal", "land", QUIET))
        painter.drawEllipse(QPointF(0, 0), 1.5, 1.5)
    elif quality is Quality.UNCERTAIN:
        painter.setPen(QPen(color, 0.9))
        painter.drawEllipse(QPointF(0, 0), 1.9, 1.9)
    else:
        painter.setPen(QPen(color, 0.9))
        painter.drawLine(QPointF(-1.7, -1.7), QPointF(1.7, 1.7))
        painter.drawLine(QPointF(-1.7, 1.7), QPointF(1.7, -1.7))
    painter.end()
    return image


def tick_image(color: QColor, heading: float, ratio: float) -> QImage:
    """A small arrowhead outside the plate, pointing where the object goes; degrees clockwise from north."""
    image = _canvas(BOX, ratio)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(BOX / 2, BOX / 2)
    painter.rotate(heading)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawPolygon(QPolygonF([QPointF(0, -14.6), QPointF(3.6, -10.4), QPointF(-3.6, -10.4)]))
    painter.end()
    return image


def plate_path(severity: Severity, radius: float = 9.0) -> QPainterPath:
    """The outline of a plate about the origin: circle, diamond, triangle or square by severity."""
    path = QPainterPath()
    if severity is Severity.LOW:
        reach = radius * 1.36
        path.addPolygon(
            QPolygonF([QPointF(0, -reach), QPointF(reach, 0), QPointF(0, reach), QPointF(-reach, 0)])
        )
        path.closeSubpath()
    elif severity is Severity.MEDIUM:
        reach = radius * 1.45
        corners = [QPointF(reach * math.sin(a), -reach * math.cos(a) + 2.0) for a in (0.0, 2.0944, 4.1888)]
        path.addPolygon(QPolygonF(corners))
        path.closeSubpath()
    elif severity is Severity.HIGH:
        path.addRoundedRect(QRectF(-radius - 1, -radius - 1, 2 * radius + 2, 2 * radius + 2), 2.5, 2.5)
    else:
        path.addEllipse(QPointF(0, 0), radius, radius)
    return path


def draw_plate(
    painter: QPainter, layer: LayerDefinition, state: int, quality: Quality, theme: Theme, ratio: float
) -> None:
    """Draw plate, glyph and badge about the painter's origin."""
    described = layer.states[state]
    severity, color = described.severity, symbol_color(layer, state, theme)
    filled = severity is Severity.HIGH and quality is not Quality.BAD
    path = plate_path(severity)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color if filled else theme.land)
    painter.drawPath(path)
    if quality is Quality.BAD:
        hatch = QColor(color)
        hatch.setAlphaF(0.55)
        painter.fillPath(path, QBrush(hatch, Qt.BrushStyle.BDiagPattern))
    loud = severity is not Severity.NORMAL or bool(described.tone)
    pen = QPen(color, 1.8 if loud else 1.2)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    if quality is not Quality.GOOD:
        pen.setDashPattern([2.2, 1.8] if quality is Quality.UNCERTAIN else [1.0, 1.6])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path)
    side = GLYPH[severity]
    ink = theme.bg if filled and theme.name == "dark" else QColor("#ffffff") if filled else color
    glyph = glyph_image(described.icon or layer.icon, side, ink, ratio)
    drop = GLYPH_DROP.get(severity, 0.0)
    painter.drawImage(QRectF(-side / 2, -side / 2 + drop, side, side), glyph)
    if described.badge:
        _draw_badge(painter, described.badge, theme, ratio)


def glyph_image(icon: str, side: float, color: QColor, ratio: float) -> QImage:
    """A glyph in one colour; `icon` is a file of ``resources/icons`` or an inline SVG fragment."""
    return _glyph(icon, side, color.name(), ratio)


@functools.lru_cache(maxsize=512)
def _glyph(icon: str, side: float, color: str, ratio: float) -> QImage:
    pixels = max(1, round(side * ratio))
    image = QImage(pixels, pixels, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer = QSvgRenderer(QByteArray(_svg(icon).replace("currentColor", color).encode()))
    renderer.render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    return image


@functools.lru_cache(maxsize=256)
def _svg(icon: str) -> str:
    if icon.startswith("<"):
        return (
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
            f'stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round">{icon}</svg>'
        )
    file = ICONS / f"{icon}.svg"
    return (file if file.is_file() else ICONS / "dot.svg").read_text(encoding="utf-8")


def _draw_badge(painter: QPainter, badge: str, theme: Theme, ratio: float) -> None:
    at = QPointF(8.5, -8.5)
    painter.setPen(QPen(theme.p4, 1.0))
    painter.setBrush(theme.panel)
    painter.drawEllipse(at, 5.0, 5.0)
    painter.drawImage(QRectF(at.x() - 4, at.y() - 4, 8, 8), glyph_image(badge, 8, theme.p4, ratio))


def _canvas(size: int, ratio: float) -> QImage:
    pixels = math.ceil(size * ratio)
    image = QImage(pixels, pixels, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    return image
