"""Which basemap tile: its place in the pyramid of quarter zooms, in metres and in device pixels."""

from __future__ import annotations

import math

import msgspec

from desktop.mercator import WORLD

TILE = 512
"""Device pixels on a side."""


class TileAddress(msgspec.Struct, frozen=True, gc=False):
    """A tile 512 device pixels square at zoom `level` / 4: column `x` from the west, row `y` from the north.

    The world is 256 * 2**zoom logical pixels wide; `ratio` is device pixels per logical pixel.
    """

    level: int
    x: int
    y: int
    ratio: float = 1.0

    @property
    def zoom(self) -> float:
        """The map's zoom."""
        return self.level / 4

    @property
    def resolution(self) -> float:
        """Metres per device pixel."""
        return WORLD / (256 * 2 ** (self.level / 4) * self.ratio)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north in EPSG:3857 metres."""
        side = TILE * self.resolution
        west, north = self.x * side - WORLD / 2, WORLD / 2 - self.y * side
        return west, north - side, west + side, north

    @classmethod
    def at(cls, level: int, x: float, y: float, ratio: float = 1.0) -> TileAddress:
        """The tile that holds a place given in EPSG:3857 metres."""
        side = TILE * WORLD / (256 * 2 ** (level / 4) * ratio)
        return cls(level, math.floor((x + WORLD / 2) / side), math.floor((WORLD / 2 - y) / side), ratio)
