"""The ground under the symbols: tiles painted off the UI thread, kept, and stood in for while missing."""

from __future__ import annotations

import math
import threading
import traceback
from collections.abc import Callable, Sequence
from typing import Protocol

from qtpy.QtCore import QObject, QPointF, QRectF, Signal
from qtpy.QtGui import QColor, QImage, QPainter

from desktop.map.address import TILE, TileAddress
from desktop.map.viewport import QUARTER, Viewport

KEPT = 40
"""Tiles kept: 1 MB each."""
NEARLY = 1.0
"""Zoom levels before its end from which a flight shows the tiles it flies to wherever they are in view."""


class GroundRenderer(Protocol):
    """Paints the ground. Called on the tiles' own thread only."""

    def render(self, address: TileAddress) -> QImage:
        """The tile as an opaque image `TILE` device pixels square."""


class Tiles(QObject):
    """A least-recently-used store of tiles with one thread that paints the wanted ones, nearest first."""

    ready = Signal()

    def __init__(self, make_renderer: Callable[[], GroundRenderer], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._make_renderer = make_renderer
        self._kept: dict[TileAddress, tuple[QImage, int]] = {}
        self._wanted: list[TileAddress] = []
        self._version = self._epoch = 0
        self._reload = False
        self._closed = False
        self._capacity = KEPT
        self._wake = threading.Condition()
        self._thread = threading.Thread(target=self._work, name="tiles", daemon=True)
        self._thread.start()

    def get(self, address: TileAddress) -> QImage | None:
        """A painted tile, perhaps of an older version of the ground; None when there is none to show."""
        with self._wake:
            kept = self._kept.pop(address, None)
            if kept is None:
                return None
            self._kept[address] = kept
            return None if kept[0].isNull() else kept[0]

    def want(self, addresses: Sequence[TileAddress]) -> bool:
        """Say which tiles the view needs, most urgent first; True when all of them are up to date."""
        with self._wake:
            self._capacity = max(KEPT, 3 * len(addresses))
            self._wanted = [it for it in addresses if self._kept.get(it, (None, -1))[1] != self._version]
            self._wake.notify()
            return not self._wanted

    def invalidate(self, make_renderer: Callable[[], GroundRenderer] | None = None) -> None:
        """Paint everything again when it is next wanted, with another renderer when one is given.

        What is there stays on screen until its replacement is painted.
        """
        with self._wake:
            self._version += 1
            if make_renderer is not None:
                self._make_renderer, self._reload = make_renderer, True

    def forget(self) -> None:
        """Drop every tile (another theme: the old ones would shock)."""
        with self._wake:
            self._kept.clear()
            self._epoch += 1

    def close(self) -> None:
        """Stop the painting thread."""
        with self._wake:
            self._closed = True
            self._wake.notify()
        self._thread.join()

    def _work(self) -> None:
        renderer = self._renderer()
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._wanted or self._closed)
                if self._closed:
                    return
                address, version, epoch = self._wanted.pop(0), self._version, self._epoch
                if self._kept.get(address, (None, -1))[1] == version:
                    continue  # asked for again while it was being painted
                reload, self._reload = self._reload, False
            if reload:
                renderer = self._renderer()
            image = self._painted(renderer, address)
            with self._wake:
                if self._closed:
                    return
                if epoch == self._epoch:
                    self._kept.pop(address, None)
                    self._kept[address] = (image, version)
                while len(self._kept) > self._capacity:
                    self._kept.pop(next(iter(self._kept)))
            self.ready.emit()

    def _renderer(self) -> GroundRenderer | None:
        """A renderer; None when it cannot be made: the map must go on without its ground."""
        try:
            return self._make_renderer()
        except Exception:
            traceback.print_exc()
            return None

    @staticmethod
    def _painted(renderer: GroundRenderer | None, address: TileAddress) -> QImage:
        """The tile; a null image when it cannot be painted, so that it is not tried over and over."""
        try:
            return QImage() if renderer is None else renderer.render(address)
        except Exception:
            traceback.print_exc()
            return QImage()


class Ground:
    """Paints a view's tiles. While some are missing, the last complete ground is shown scaled under them."""

    def __init__(self, tiles: Tiles) -> None:
        self._tiles = tiles
        self._last: tuple[list[TileAddress], int] | None = None

    def paint(self, painter: QPainter, view: Viewport, ratio: float, empty: QColor, target: Viewport) -> bool:
        """Paint the ground in device pixels; True when nothing is missing.

        `target` is the view in which the map will come to rest: tiles are painted for its zoom only.
        """
        level = round(target.zoom * QUARTER)
        # Far from a closer target, the view would take thousands of its tiles.
        addresses = covering(view if target.zoom - view.zoom < NEARLY else target, level, ratio)
        done = self._tiles.want(addresses)
        images = [(address, self._tiles.get(address)) for address in addresses]
        if any(image is None for _, image in images):
            painter.fillRect(QRectF(0, 0, view.width * ratio, view.height * ratio), empty)
            self._paint_last(painter, view, ratio)
        for address, image in images:
            if image is not None:
                _paint_tile(painter, address, image, view, ratio)
        if all(image is not None for _, image in images):
            self._last = (addresses, level)
        return done and view.zoom == target.zoom

    def _paint_last(self, painter: QPainter, view: Viewport, ratio: float) -> None:
        for address in self._last[0] if self._last else ():
            image = self._tiles.get(address)
            if image is not None:
                _paint_tile(painter, address, image, view, ratio)


def covering(view: Viewport, level: int, ratio: float) -> list[TileAddress]:
    """The tiles of a level that a view shows, nearest its centre first."""
    west, south, east, north = view.bounds
    first, last = TileAddress.at(level, west, north, ratio), TileAddress.at(level, east, south, ratio)
    middle_x, middle_y = (first.x + last.x) / 2, (first.y + last.y) / 2
    found = [
        TileAddress(level, x, y, ratio)
        for y in range(first.y, last.y + 1)
        for x in range(first.x, last.x + 1)
    ]
    return sorted(found, key=lambda it: math.hypot(it.x - middle_x, it.y - middle_y))


def _paint_tile(painter: QPainter, address: TileAddress, image: QImage, view: Viewport, ratio: float) -> None:
    west, south, east, north = address.bounds
    scale = ratio / view.resolution
    left = (west - view.x) * scale + view.width * ratio / 2
    top = (view.y - north) * scale + view.height * ratio / 2
    side = (east - west) * scale
    if abs(side - TILE) < 1e-6 * TILE:
        painter.drawImage(QPointF(round(left), round(top)), image)
        return
    right, bottom = left + side, (view.y - south) * scale + view.height * ratio / 2
    if right > 0 and bottom > 0 and left < view.width * ratio and top < view.height * ratio:
        # Whole pixels on both edges, so that neighbours neither overlap nor leave a seam.
        x, y = round(left), round(top)
        painter.drawImage(QRectF(x, y, round(right) - x, round(bottom) - y), image)
