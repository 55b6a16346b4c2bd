"""A widget whose view moves: flights, zooms about a point, drags, and the views one can go back to."""

from __future__ import annotations

import math

import msgspec
from qtpy.QtCore import Signal
from qtpy.QtGui import QResizeEvent
from qtpy.QtWidgets import QWidget

from desktop.map.motion import History, Motion
from desktop.map.viewport import Bounds, Viewport, resting
from desktop.mercator import to_mercator

HOME: Bounds = (*to_mercator(4.90, 47.22), *to_mercator(5.21, 47.40))
"""Dijon Métropole, shown until the communes are known."""


class Navigable(QWidget):
    """Holds the view. It follows the widget's size; until someone looks elsewhere it shows `HOME`."""

    view_changed = Signal(object)
    history_changed = Signal()

    def __init__(self, reduced_motion: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = Viewport(x=0.0, y=0.0, zoom=12.0, width=640, height=480).fitted(HOME)
        self._placed = False
        self.covered = 0
        """Logical pixels at the right that lie under another panel."""
        self.motion = Motion(lambda: self.view, reduced_motion, self)
        self.history = History(self)
        self.motion.moved.connect(self._move)
        self.motion.arrived.connect(lambda: self.history.visit(self.view))
        self.history.changed.connect(self.history_changed)

    def show_view(self, view: Viewport) -> None:
        """Look there, at once."""
        self.motion.stop()
        self._move(view)
        self.history.visit(view)

    def fly_to(self, x: float, y: float, zoom: float | None = None) -> None:
        """Fly to a place in Web Mercator metres: to the middle of what is not covered."""
        there = self._view(x=x, y=y, zoom=resting(self.motion.target.zoom if zoom is None else zoom))
        self.motion.fly(there.panned(-self.covered / 2, 0.0))

    def fit(self, bounds: Bounds, closest: float = 17.5) -> None:
        """Fly to where all of `bounds` (metres) is seen, no closer than a zoom."""
        self.motion.fly(self.fitted(bounds, closest=closest))

    def fitted(self, bounds: Bounds, margin: float = 48.0, closest: float = 17.5) -> Viewport:
        """The view that shows all of `bounds` in what is not covered."""
        free = msgspec.structs.replace(self.view, width=max(1, self.view.width - self.covered))
        there = free.fitted(bounds, margin, closest)
        return self._view(x=there.x, y=there.y, zoom=there.zoom).panned(-self.covered / 2, 0.0)

    def zoom_by(self, steps: float, at: tuple[float, float] | None = None) -> None:
        """Zoom by a number of levels about a pixel, the centre by default."""
        anchor = at or (self.width() / 2, self.height() / 2)
        zoom = resting(self.motion.target.zoom + steps)
        self.motion.fly(self.view.zoomed(zoom, *anchor), anchor=anchor)

    def scale_by(self, factor: float, at: tuple[float, float]) -> None:
        """Follow a pinch: scale at once about a pixel."""
        self.motion.stop()
        self._move(self.view.zoomed(self.view.zoom + math.log2(max(0.1, factor)), *at))

    def pan_by(self, dx: float, dy: float, animated: bool = False) -> None:
        """Drag the content by logical pixels."""
        if animated:
            self.motion.fly(self.motion.target.panned(dx, dy))
        else:
            self.motion.stop()
            self._move(self.view.panned(dx, dy))

    def come_to_rest(self) -> None:
        """End a drag or pinch: settle on a zoom at which the ground is drawn one to one."""
        if self.view.zoom != resting(self.view.zoom):
            self.zoom_by(0.0)
        else:
            self.history.visit(self.view)

    def go(self, step: int) -> None:
        """Go back (-1) or forward (1) in the history of views."""
        view = self.history.go(step)
        if view is not None:
            self.motion.fly(self._view(x=view.x, y=view.y, zoom=view.zoom))

    def back(self) -> None:
        """Go to the view before."""
        self.go(-1)

    def forward(self) -> None:
        """Go to the view one came back from."""
        self.go(1)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        placed = self._placed
        self._move(self._view() if placed else self._view().fitted(HOME, margin=24))
        self._placed = placed

    def _view(self, **values: float) -> Viewport:
        size = {"width": max(1, self.width()), "height": max(1, self.height())}
        x, y, zoom = (values.get(name, getattr(self.view, name)) for name in ("x", "y", "zoom"))
        return Viewport(x=x, y=y, zoom=zoom, **size)

    def _move(self, view: Viewport) -> None:
        self.view, self._placed = self._view(x=view.x, y=view.y, zoom=view.zoom), True
        self.view_changed.emit(self.view)
        self.update()
