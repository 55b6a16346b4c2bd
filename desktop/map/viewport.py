"""Where the map looks: Web Mercator metres to pixels and back, and the zoom that goes with them.

Zoom follows the web convention: the world is 256 * 2**zoom logical pixels wide.
"""

from __future__ import annotations

import math

import msgspec

from desktop.mercator import WORLD, ground_scale

MIN_ZOOM, MAX_ZOOM = 8.0, 21.0
QUARTER = 4
"""At rest the zoom stands on a quarter, where basemap tiles are drawn one to one."""

Bounds = tuple[float, float, float, float]
"""West, south, east, north in Web Mercator metres."""


def read_view(text: str) -> tuple[float, float, float] | None:
    """Longitude, latitude and zoom written as ``5.0415,47.3215,13``; None when it is no view."""
    try:
        longitude, latitude, zoom = (float(part) for part in text.split(","))
    except ValueError:
        return None
    sound = -180 <= longitude <= 180 and -85 <= latitude <= 85 and MIN_ZOOM <= zoom <= MAX_ZOOM
    return (longitude, latitude, zoom) if sound else None


def resting(zoom: float) -> float:
    """The nearest zoom at which the map may rest."""
    return max(MIN_ZOOM, min(MAX_ZOOM, round(zoom * QUARTER) / QUARTER))


class Viewport(msgspec.Struct, frozen=True, kw_only=True):
    """A view: its centre in metres, its zoom and its size in logical pixels."""

    x: float
    y: float
    zoom: float
    width: int
    height: int

    @property
    def resolution(self) -> float:
        """Mercator metres per logical pixel."""
        return WORLD / (256.0 * math.pow(2.0, self.zoom))

    @property
    def ground_resolution(self) -> float:
        """Metres on the ground per logical pixel at the centre."""
        return self.resolution * ground_scale(self.y)

    @property
    def bounds(self) -> Bounds:
        """What the view covers."""
        half_w, half_h = self.width / 2 * self.resolution, self.height / 2 * self.resolution
        return self.x - half_w, self.y - half_h, self.x + half_w, self.y + half_h

    def to_screen(self, x: float, y: float) -> tuple[float, float]:
        """Logical pixels from the top left of a place in metres."""
        return self.width / 2 + (x - self.x) / self.resolution, self.height / 2 - (
            y - self.y
        ) / self.resolution

    def to_map(self, px: float, py: float) -> tuple[float, float]:
        """The place in metres under a pixel."""
        return self.x + (px - self.width / 2) * self.resolution, self.y - (
            py - self.height / 2
        ) * self.resolution

    def zoomed(self, zoom: float, px: float, py: float) -> Viewport:
        """The view at another zoom with the place under that pixel kept where it is."""
        zoom = max(MIN_ZOOM, min(MAX_ZOOM, zoom))
        x, y = self.to_map(px, py)
        resolution = WORLD / (256.0 * 2.0**zoom)
        return msgspec.structs.replace(
            self,
            zoom=zoom,
            x=x - (px - self.width / 2) * resolution,
            y=y + (py - self.height / 2) * resolution,
        )

    def panned(self, dx: float, dy: float) -> Viewport:
        """The view after its content was dragged by that many pixels."""
        return msgspec.structs.replace(self, x=self.x - dx * self.resolution, y=self.y + dy * self.resolution)

    def fitted(self, bounds: Bounds, margin: float = 48.0, closest: float = 17.5) -> Viewport:
        """The resting view that shows all of `bounds`, no closer than zoom `closest`."""
        west, south, east, north = bounds
        room_w, room_h = max(1.0, self.width - 2 * margin), max(1.0, self.height - 2 * margin)
        resolution = max((east - west) / room_w, (north - south) / room_h, 1e-9)
        zoom = math.floor(math.log2(WORLD / (256.0 * resolution)) * QUARTER) / QUARTER
        zoom = max(MIN_ZOOM, min(closest, zoom))
        return msgspec.structs.replace(self, x=(west + east) / 2, y=(south + north) / 2, zoom=zoom)
