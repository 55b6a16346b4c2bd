"""The ground under the symbols: tiles painted off the UI thread, kept, and stood in for while missing."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Sequence
from typing import Protocol

from qtpy.QtCore import QObject, QRect, Signal
from qtpy.QtGui import QColor, QImage, QPainter, QRegion

from desktop.map.address import TileAddress
from desktop.map.viewport import QUARTER, Viewport

KEPT = 28
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
    trouble = Signal(str)
    """The ground cannot be painted; why, in one line. Told once for each renderer."""

    def __init__(self, make_renderer: Callable[[], GroundRenderer], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._make_renderer = make_renderer
        self._kept: dict[TileAddress, tuple[QImage, int]] = {}
        self._wanted: list[TileAddress] = []
        self._version = self._epoch = 0
        self._reload = False
        self._told = ""
        self._refused: Exception | None = None
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
            self._capacity = max(KEPT, 2 * len(addresses))
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
        self._told, self._refused = "", None
        try:
            return self._make_renderer()
        except Exception as error:
            self._refused = error  # told with the first tile: by then someone listens
            return None

    def _painted(self, renderer: GroundRenderer | None, address: TileAddress) -> QImage:
        """The tile; a null image when it cannot be painted, so that it is not tried over and over."""
        try:
            if renderer is not None:
                return renderer.render(address)
            if self._refused is not None:
                self._tell(self._refused)
        except Exception as error:
            self._tell(error)
        return QImage()

    def _tell(self, error: Exception) -> None:
        line = " ".join(str(error).split()) or type(error).__name__
        if line != self._told:
            self._told = line
            self.trouble.emit(line)


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
        missing = [place_of(address, view, ratio) for address, image in images if image is None]
        if missing:
            self._paint_last(painter, view, ratio, empty, missing)
        for address, image in images:
            if image is not None:
                _paint_tile(painter, address, image, view, ratio)
        if all(image is not None for _, image in images):
            self._last = (addresses, level)
        return done and view.zoom == target.zoom

    def _paint_last(
        self, painter: QPainter, view: Viewport, ratio: float, empty: QColor, missing: Sequence[QRect]
    ) -> None:
        """Under the missing tiles, what was last shown there."""
        screen = QRect(0, 0, math.ceil(view.width * ratio), math.ceil(view.height * ratio))
        region = QRegion()
        for place in missing:
            region += place & screen
        painter.setClipRegion(region)
        painter.fillRect(screen, empty)
        for address in self._last[0] if self._last else ():
            image = self._tiles.get(address)
            if image is not None:
                _paint_tile(painter, address, image, view, ratio)
        painter.setClipping(False)


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


def place_of(address: TileAddress, view: Viewport, ratio: float) -> QRect:
    """Where a tile stands: whole device pixels on every edge, so that neighbours leave no seam."""
    west, south, east, north = address.bounds
    scale = ratio / view.resolution
    left = round((west - view.x) * scale + view.width * ratio / 2)
    top = round((view.y - north) * scale + view.height * ratio / 2)
    right = round((east - view.x) * scale + view.width * ratio / 2)
    bottom = round((view.y - south) * scale + view.height * ratio / 2)
    return QRect(left, top, right - left, bottom - top)


def _paint_tile(painter: QPainter, address: TileAddress, image: QImage, view: Viewport, ratio: float) -> None:
    place = place_of(address, view, ratio)
    if place.size() == image.size():
        painter.drawImage(place.topLeft(), image)
    elif place.right() >= 0 and place.bottom() >= 0 and place.left() < view.width * ratio:
        painter.drawImage(place, image)
