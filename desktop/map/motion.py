"""Moving the view: eased flights, and the history of where it has been."""

from __future__ import annotations

import math
from collections.abc import Callable

import msgspec
from qtpy.QtCore import QElapsedTimer, QObject, QTimer, Signal

from desktop.map.viewport import Viewport

ZOOM_MS, FLIGHT_MS = 180, 380
FRAME_MS = 8
"""Timer period during a flight; Qt coalesces repaints to the screen's own rate."""
HISTORY = 100


class Motion(QObject):
    """Leads the view from where it is to a target, in at most 400 ms; at once with reduced motion."""

    moved = Signal(object)
    """The `Viewport` of this instant."""
    arrived = Signal()

    def __init__(self, current: Callable[[], Viewport], reduced: bool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._current, self._reduced = current, reduced
        self._start: Viewport | None = None
        self._target: Viewport | None = None
        self._anchor: tuple[float, float] | None = None
        self._duration = FLIGHT_MS
        self._clock = QElapsedTimer()
        self._timer = QTimer(self, interval=FRAME_MS)
        self._timer.timeout.connect(self._step)

    @property
    def target(self) -> Viewport:
        """Where the view will come to rest."""
        return self._target or self._current()

    @property
    def under_way(self) -> bool:
        """Whether a flight is going on."""
        return self._target is not None

    def fly(self, target: Viewport, *, anchor: tuple[float, float] | None = None) -> None:
        """Go to a view; with an anchor (logical pixels), zoom about the place under it."""
        if self._reduced:
            self._target = None
            self._timer.stop()
            self.moved.emit(target)
            self.arrived.emit()
            return
        self._start, self._target, self._anchor = self._current(), target, anchor
        self._duration = ZOOM_MS if anchor else FLIGHT_MS
        self._clock.start()
        self._timer.start()

    def stop(self) -> None:
        """Stay where the view is now."""
        self._target = None
        self._timer.stop()

    def _step(self) -> None:
        if self._start is None or self._target is None:
            self._timer.stop()
            return
        done = min(1.0, self._clock.elapsed() / self._duration)
        if done >= 1.0:
            target, self._target = self._target, None
            self._timer.stop()
            self.moved.emit(target)
            self.arrived.emit()
            return
        eased = 1 - (1 - done) ** 3
        zoom = self._start.zoom + (self._target.zoom - self._start.zoom) * eased
        if self._anchor is not None:
            self.moved.emit(self._start.zoomed(zoom, *self._anchor))
        else:
            self.moved.emit(between(self._start, self._target, eased))


def between(start: Viewport, target: Viewport, share: float) -> Viewport:
    """The view a share (0 to 1) of the way; the centre follows the scale so that the flight looks even."""
    zoom = start.zoom + (target.zoom - start.zoom) * share
    span = target.zoom - start.zoom
    along = share
    if abs(span) > 1e-6:
        along = (1 - math.pow(2, -(zoom - start.zoom))) / (1 - math.pow(2, -span))
    return msgspec.structs.replace(
        target, x=start.x + (target.x - start.x) * along, y=start.y + (target.y - start.y) * along, zoom=zoom
    )


class History(QObject):
    """Views one can go back to, and forward again."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._views: list[Viewport] = []
        self._place = -1

    @property
    def can_go_back(self) -> bool:
        """Whether there is an earlier view."""
        return self._place > 0

    @property
    def can_go_forward(self) -> bool:
        """Whether a later view was left by going back."""
        return self._place < len(self._views) - 1

    def visit(self, view: Viewport) -> None:
        """Remember a view in which the map came to rest."""
        if self._views and _alike(self._views[self._place], view):
            return
        del self._views[self._place + 1 :]
        self._views.append(view)
        del self._views[: max(0, len(self._views) - HISTORY)]
        self._place = len(self._views) - 1
        self.changed.emit()

    def go(self, step: int) -> Viewport | None:
        """The view `step` places away (-1 back, 1 forward), or None at the end."""
        if not 0 <= self._place + step < len(self._views):
            return None
        self._place += step
        self.changed.emit()
        return self._views[self._place]


def _alike(one: Viewport, other: Viewport) -> bool:
    return (
        abs(one.zoom - other.zoom) < 0.2
        and math.hypot(one.x - other.x, one.y - other.y) < 80 * other.resolution
    )
