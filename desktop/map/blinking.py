"""Unacknowledged alarms blink: under each symbol a plate in its colour, at 1 Hz, all in phase."""

from __future__ import annotations

from collections.abc import Iterable

from qtpy.QtCore import QObject, Qt, QTimer, Signal
from qtpy.QtGui import QPainter, QPen

from desktop.map.display import Display
from desktop.map.symbols import plate_path
from desktop.map.theme import Theme
from desktop.map.viewport import Viewport
from desktop.work.picture import ObjectKey, Picture
from layers.definition import Severity

HALF_MS = 500
"""Half a second lit, half a second not (LOOK: 1 Hz at 50 %)."""
RADIUS, EDGE = 12.5, 3.0
"""Logical pixels of the plate, and of its outline: only the most urgent are filled."""
MARGIN = 20.0
MOST = 400
"""Plates painted at most: beyond, the list is the place to look."""


class Blinking(QObject):
    """The one timer of everything that blinks. With reduced motion the plates stand still, lit."""

    turned = Signal()
    """The plates appear or disappear."""

    def __init__(self, picture: Picture, display: Display, reduced_motion: bool, parent: QObject) -> None:
        super().__init__(parent)
        self._picture, self._display, self._still = picture, display, reduced_motion
        self.keys: frozenset[ObjectKey] = frozenset()
        self.lit = True
        self._timer = QTimer(self, interval=HALF_MS)
        self._timer.timeout.connect(self._turn)

    def set_keys(self, keys: Iterable[ObjectKey]) -> None:
        """Let exactly these objects blink; a newcomer is lit at once."""
        wanted = frozenset(keys)
        if wanted == self.keys:
            return
        newcomers = wanted - self.keys
        self.keys = wanted
        if newcomers:
            self.lit = True
        if not wanted or self._still:
            self._timer.stop()
        elif newcomers or not self._timer.isActive():
            self._timer.start()
        self.turned.emit()

    def stop(self) -> None:
        """Blink no more."""
        self._timer.stop()

    def paint(self, painter: QPainter, view: Viewport, ratio: float, theme: Theme) -> int:
        """Paint the plates in view, in device pixels, before the symbols; how many there were."""
        if not (self.keys and self.lit):
            return 0
        painted = 0
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for key in self.keys:
            place = self._picture.place(key)
            if place is None or not self._display.of(key.layer).visible:
                continue
            table, row = place
            severity = max(table.severity_of(row), Severity.INFO)
            if table.definition.geometry != "point" or (table.mask is not None and not table.mask[row]):
                continue
            x, y = view.to_screen(float(table.x[row]), float(table.y[row]))
            if not (-MARGIN < x < view.width + MARGIN and -MARGIN < y < view.height + MARGIN):
                continue
            painter.save()
            painter.translate(x * ratio, y * ratio)
            painter.scale(ratio, ratio)
            color = theme.severity_color(severity)
            pen = QPen(color, EDGE)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.setPen(pen)
            painter.setBrush(color if severity is Severity.HIGH else Qt.BrushStyle.NoBrush)
            painter.drawPath(plate_path(severity, RADIUS))
            painter.restore()
            painted += 1
            if painted >= MOST:
                break
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        return painted

    def _turn(self) -> None:
        self.lit = not self.lit
        self.turned.emit()
