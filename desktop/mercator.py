"""Web Mercator, EPSG:3857: the one place that knows the projection (EPSG guidance note 7-2, method 1024)."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

EARTH_RADIUS = 6378137.0
"""Metres; the sphere of EPSG:3857."""
WORLD = 2 * math.pi * EARTH_RADIUS
"""Metres around the sphere: the width of the projected world."""
MAX_LATITUDE = 85.06
"""Degrees; beyond it the projected world is no longer a square."""

Floats = NDArray[np.float64]


def to_mercator(longitude: float, latitude: float) -> tuple[float, float]:
    """Metres east and north of WGS84 degrees; latitudes beyond `MAX_LATITUDE` are taken to it."""
    phi = math.radians(max(-MAX_LATITUDE, min(MAX_LATITUDE, latitude)))
    return math.radians(longitude) * EARTH_RADIUS, math.asinh(math.tan(phi)) * EARTH_RADIUS


def to_wgs84(x: float, y: float) -> tuple[float, float]:
    """Longitude and latitude in degrees of metres east and north."""
    return math.degrees(x / EARTH_RADIUS), math.degrees(math.atan(math.sinh(y / EARTH_RADIUS)))


def all_to_mercator(longitudes: ArrayLike, latitudes: ArrayLike) -> tuple[Floats, Floats]:
    """`to_mercator` of many places: two arrays of the same length."""
    phi = np.radians(np.clip(np.asarray(latitudes, dtype=np.float64), -MAX_LATITUDE, MAX_LATITUDE))
    x = np.radians(np.asarray(longitudes, dtype=np.float64)) * EARTH_RADIUS
    return x, np.arcsinh(np.tan(phi)) * EARTH_RADIUS


def ground_scale(y: float) -> float:
    """Metres on the ground in one projected metre at northing `y`."""
    return 1 / math.cosh(y / EARTH_RADIUS)
