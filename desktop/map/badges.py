"""Pixmaps drawn once and used often: cluster circles and text labels with a halo."""

from __future__ import annotations

import math

from qtpy.QtCore import QPointF, QRectF, Qt
from qtpy.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap

from desktop.map.symbols import plate_path
from desktop.map.theme import Theme
from layers.definition import Severity
from layers.model import Quality

KEPT = 2000


def short_count(count: int, decimal: str) -> str:
    """A count in at most four characters: 690, 1,2k, 34k."""
    if count < 1000:
        return str(count)
    if count < 10_000:
        return f"{math.floor(count / 100) / 10:.1f}".replace(".", decimal).removesuffix(f"{decimal}0") + "k"
    return f"{count // 1000}k" if count < 1_000_000 else f"{count // 1_000_000}M"


def cluster_radius(count: int) -> float:
    """Logical pixels: grows with the logarithm of the count, from 13 to 23."""
    return min(23.0, 11.0 + 3.2 * math.log10(max(2, count)))


class Badges:
    """A cache of pixmaps, in device pixels, for one theme, font and device pixel ratio."""

    def __init__(self, theme: Theme, family: str, ratio: float, decimal: str) -> None:
        self.theme, self.ratio, self._decimal = theme, ratio, decimal
        self._kept: dict[tuple[object, ...], QPixmap] = {}
        self._count_font = QFont(family)
        self._count_font.setPixelSize(11)
        self._count_font.setWeight(QFont.Weight.DemiBold)
        self._label_font = QFont(family)
        self._label_font.setPixelSize(12)
        self._bold_font = QFont(self._label_font)
        self._bold_font.setWeight(QFont.Weight.DemiBold)

    def cluster(self, count: int, severity: Severity, quality: Quality) -> QPixmap:
        """A circle with a count: thin and grey when all is well, thick in the worst colour with its mark."""
        label = short_count(count, self._decimal)
        radius = round(cluster_radius(count))
        key = ("cluster", label, radius, severity, quality)
        return self._kept.get(key) or self._keep(key, self._draw_cluster(label, radius, severity, quality))

    def label(self, text: str, bold: bool, color: QColor | None = None) -> QPixmap:
        """A line of text with a halo of the land's colour; its height is that of the line."""
        key = ("label", text, bold, None if color is None else color.rgba())
        return self._kept.get(key) or self._keep(key, self._draw_label(text, bold, color or self.theme.text))

    def _keep(self, key: tuple[object, ...], pixmap: QPixmap) -> QPixmap:
        if len(self._kept) >= KEPT:
            self._kept.pop(next(iter(self._kept)))
        # The map paints in device pixels, where the pixmap's own ratio would scale it a second time.
        pixmap.setDevicePixelRatio(1.0)
        self._kept[key] = pixmap
        return pixmap

    def _draw_cluster(self, label: str, radius: int, severity: Severity, quality: Quality) -> QPixmap:
        theme, loud = self.theme, severity is not Severity.NORMAL
        color = theme.severity_color(severity)
        side = 2 * radius + 8
        pixmap = self._blank(side, side)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(side / 2, side / 2)
        fill = QColor(theme.panel)
        fill.setAlphaF(0.94)
        pen = QPen(color if loud else theme.normal, 2.2 if loud else 1.0)
        if quality is not Quality.GOOD:
            pen.setDashPattern([3.0, 2.4] if quality is Quality.UNCERTAIN else [1.0, 2.0])
        painter.setPen(pen)
        painter.setBrush(fill)
        painter.drawEllipse(QPointF(0, 0), radius, radius)
        painter.setFont(self._count_font)
        painter.setPen(theme.text if loud else theme.dim)
        rise = 3.0 if loud else 0.0
        painter.drawText(QRectF(-radius, -radius + rise, 2 * radius, 2 * radius), Qt.AlignmentFlag.AlignCenter, label)
        if loud:
            painter.translate(0, -radius + 6.5)
            painter.fillPath(plate_path(severity, 2.6), color)
        painter.end()
        return pixmap

    def _draw_label(self, text: str, bold: bool, color: QColor) -> QPixmap:
        font = self._bold_font if bold else self._label_font
        metrics = QFontMetricsF(font)
        width, height = metrics.horizontalAdvance(text), metrics.height()
        pixmap = self._blank(math.ceil(width) + 6, math.ceil(height) + 4)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        path = QPainterPath()
        path.addText(QPointF(3, 2 + metrics.ascent()), font, text)
        halo = QColor(self.theme.land)
        halo.setAlphaF(0.9)
        pen = QPen(halo, 3.4)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.strokePath(path, pen)
        painter.setFont(font)
        painter.setPen(color)
        painter.drawText(QPointF(3, 2 + metrics.ascent()), text)
        painter.end()
        return pixmap

    def _blank(self, width: float, height: float) -> QPixmap:
        pixmap = QPixmap(math.ceil(width * self.ratio), math.ceil(height * self.ratio))
        pixmap.setDevicePixelRatio(self.ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        return pixmap
