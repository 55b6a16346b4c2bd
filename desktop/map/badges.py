"""Pixmaps drawn once and used often: cluster circles and text labels with a halo."""

from __future__ import annotations

import math
from collections.abc import Callable

from qtpy.QtCore import QPointF, QRectF, Qt
from qtpy.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPixmap

from desktop.map.symbols import plate_path
from desktop.map.theme import Theme
from layers.definition import Severity
from layers.model import Quality

KEPT = 2000
NEW_A_FRAME = 6
"""Texts drawn for the first time in one frame; the others wait for the next, so that no frame is long."""
HALO = [(1.4 * math.cos(turn * math.pi / 4), 1.4 * math.sin(turn * math.pi / 4)) for turn in range(8)]


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
        self._allowed = NEW_A_FRAME
        self._count_font = QFont(family)
        self._count_font.setPixelSize(11)
        self._count_font.setWeight(QFont.Weight.DemiBold)
        self._label_font = QFont(family)
        self._label_font.setPixelSize(12)
        self._bold_font = QFont(self._label_font)
        self._bold_font.setWeight(QFont.Weight.DemiBold)

    def cluster(self, count: int, severity: Severity, quality: Quality) -> QPixmap:
        """A circle with its count; without it when the frame has drawn enough new texts."""
        text, loud = short_count(count, self._decimal), severity is not Severity.NORMAL
        key = ("cluster", text, round(cluster_radius(count)), severity, quality)
        kept = self._kept.get(key)
        if kept is not None:
            return kept
        circle, label = self.circle(count, severity, quality), self.count(count, loud)
        if label is None:
            return circle
        drawn = QPixmap(circle)
        painter = QPainter(drawn)
        drop = 3.0 * self.ratio if loud else 0.0
        left, top = (circle.width() - label.width()) / 2, (circle.height() - label.height()) / 2 + drop
        painter.drawPixmap(QPointF(round(left), round(top)), label)
        painter.end()
        return self._keep(key, drawn)

    def circle(self, count: int, severity: Severity, quality: Quality) -> QPixmap:
        """A cluster's circle: thin and grey when all is well, thick in the worst colour with its mark."""
        radius = round(cluster_radius(count))
        key = ("circle", radius, severity, quality)
        kept = self._kept.get(key)
        return self._keep(key, self._draw_circle(radius, severity, quality)) if kept is None else kept

    def count(self, count: int, loud: bool) -> QPixmap | None:
        """A cluster's count; None when the frame has drawn enough new ones."""
        text = short_count(count, self._decimal)
        return self._allowed_now(("count", text, loud), lambda: self._draw_count(text, loud))

    def begin_frame(self) -> None:
        """Allow another few new texts."""
        self._allowed = NEW_A_FRAME

    @property
    def exhausted(self) -> bool:
        """Whether a text of this frame had to wait for the next."""
        return self._allowed < 0

    def label(self, text: str, bold: bool) -> QPixmap | None:
        """A line of text with a halo of the land's colour; None when the frame has drawn enough new ones."""
        return self._allowed_now(("label", text, bold), lambda: self._draw_label(text, bold))

    def _allowed_now(self, key: tuple[object, ...], draw: Callable[[], QPixmap]) -> QPixmap | None:
        kept = self._kept.get(key)
        if kept is not None:
            return kept
        self._allowed -= 1
        return None if self._allowed < 0 else self._keep(key, draw())

    def _keep(self, key: tuple[object, ...], pixmap: QPixmap) -> QPixmap:
        if len(self._kept) >= KEPT:
            self._kept.pop(next(iter(self._kept)))
        # The map paints in device pixels, where the pixmap's own ratio would scale it a second time.
        pixmap.setDevicePixelRatio(1.0)
        self._kept[key] = pixmap
        return pixmap

    def _draw_circle(self, radius: int, severity: Severity, quality: Quality) -> QPixmap:
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
        if loud:
            painter.translate(0, -radius + 6.5)
            painter.fillPath(plate_path(severity, 2.6), color)
        painter.end()
        return pixmap

    def _draw_count(self, text: str, loud: bool) -> QPixmap:
        metrics = QFontMetricsF(self._count_font)
        width, height = metrics.horizontalAdvance(text) + 2, metrics.height()
        pixmap = self._blank(width, height)
        painter = QPainter(pixmap)
        painter.setFont(self._count_font)
        painter.setPen(self.theme.text if loud else self.theme.dim)
        painter.drawText(QRectF(0, 0, width, height), Qt.AlignmentFlag.AlignCenter, text)
        painter.end()
        return pixmap

    def _draw_label(self, text: str, bold: bool) -> QPixmap:
        font = self._bold_font if bold else self._label_font
        metrics = QFontMetricsF(font)
        width, height = metrics.horizontalAdvance(text), metrics.height()
        pixmap = self._blank(math.ceil(width) + 6, math.ceil(height) + 4)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font)
        halo = QColor(self.theme.land)
        halo.setAlphaF(0.8)
        painter.setPen(halo)
        origin = QPointF(3, 2 + metrics.ascent())
        # Eight shifted copies make a halo at a tenth of the cost of stroking the letters' outline.
        for dx, dy in HALO:
            painter.drawText(origin + QPointF(dx, dy), text)
        painter.setPen(self.theme.text)
        painter.drawText(origin, text)
        painter.end()
        return pixmap

    def _blank(self, width: float, height: float) -> QPixmap:
        pixmap = QPixmap(math.ceil(width * self.ratio), math.ceil(height * self.ratio))
        pixmap.setDevicePixelRatio(self.ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        return pixmap
