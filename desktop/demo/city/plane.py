"""The working plane of the generator: ground metres around the old town, and smooth noise on it.

The plane is Web Mercator scaled by cos(latitude of the origin): an affine copy, so converting back to
EPSG:3857 is exact, and distances are true to 0.2 % over the metropolis.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from desktop import mercator

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Geometries = npt.NDArray[np.object_]

ORIGIN = (5.0415, 47.3215)
SCALE = math.cos(math.radians(ORIGIN[1]))
ORIGIN_X, ORIGIN_Y = mercator.to_mercator(*ORIGIN)


def from_lonlat(lonlat: npt.ArrayLike) -> Floats:
    """Plane metres, shape (n, 2), of WGS84 degrees given as (n, 2) longitudes and latitudes."""
    degrees = np.asarray(lonlat, dtype=np.float64).reshape(-1, 2)
    x, y = mercator.all_to_mercator(degrees[:, 0], degrees[:, 1])
    return np.column_stack((x - ORIGIN_X, y - ORIGIN_Y)) * SCALE


def to_mercator(plane: Floats) -> Floats:
    """EPSG:3857 metres, shape (n, 2), of plane metres (n, 2)."""
    shifted: Floats = np.asarray(plane) / SCALE + np.array([ORIGIN_X, ORIGIN_Y])
    return shifted


def to_lonlat(plane: Floats) -> Floats:
    """WGS84 degrees rounded to 7 decimals (1 cm), shape (n, 2), of plane metres (n, 2)."""
    metres = to_mercator(np.asarray(plane, dtype=np.float64).reshape(-1, 2)) / mercator.EARTH_RADIUS
    radians = np.column_stack((metres[:, 0], np.arctan(np.sinh(metres[:, 1]))))
    return np.asarray(np.round(np.degrees(radians), 7), dtype=np.float64)


class Noise:
    """Smooth value noise in [-1, 1], periodic over 64 wavelengths, the same for the same seed."""

    def __init__(self, seed: int, wavelength: float) -> None:
        self._lattice = np.random.default_rng(seed).uniform(-1, 1, (64, 64))
        self._wavelength = wavelength

    def __call__(self, points: Floats) -> Floats:
        """Values, shape (n,), at plane points (n, 2)."""
        scaled = points / self._wavelength + 1000.0
        cell = np.floor(scaled).astype(np.int64)
        part = scaled - cell
        smooth = part * part * (3 - 2 * part)
        i, j = cell[:, 0] % 64, cell[:, 1] % 64
        i2, j2 = (i + 1) % 64, (j + 1) % 64
        u, v = smooth[:, 0], smooth[:, 1]
        low = self._lattice[i, j] * (1 - u) + self._lattice[i2, j] * u
        high = self._lattice[i, j2] * (1 - u) + self._lattice[i2, j2] * u
        values: Floats = low * (1 - v) + high * v
        return values


def displace(points: Floats, seed: int, wavelength: float, amplitude: float) -> Floats:
    """Plane points moved by a smooth vector noise of that amplitude in metres."""
    move = np.column_stack((Noise(seed, wavelength)(points), Noise(seed + 1, wavelength)(points)))
    moved: Floats = points + amplitude * move
    return moved


def transform(geometries: BaseGeometry, function: Callable[[Floats], Floats]) -> BaseGeometry:
    """The geometries (one, a list or an array) with `function` applied to their (n, 2) coordinates."""
    return shapely.transform(geometries, function)


def smooth_curve(control: Floats, step: float, closed: bool = False) -> Floats:
    """A smooth curve (Catmull-Rom, uneven spans) through points (n, 2), sampled about every `step` metres."""
    points = np.asarray(control, dtype=np.float64)
    if len(points) < 3:
        count = max(1, round(float(np.hypot(*(points[-1] - points[0]))) / step))
        return np.asarray(points[0] + np.linspace(0, 1, count + 1)[:, None] * (points[-1] - points[0]))
    before, after = (
        (points[-1], points[0]) if closed else (2 * points[0] - points[1], 2 * points[-1] - points[-2])
    )
    tail = [points[1]] if closed else []
    knots = np.vstack([before, points, after, *tail])
    pieces = []
    for index in range(1, len(knots) - 2):
        p0, p1, p2, p3 = knots[index - 1 : index + 3]
        span = float(np.hypot(*(p2 - p1)))
        before_span = max(float(np.hypot(*(p1 - p0))), 1.0)
        after_span = max(float(np.hypot(*(p3 - p2))), 1.0)
        start = (p2 - p0) / (before_span + span) * span
        end = (p3 - p1) / (after_span + span) * span
        t = np.linspace(0, 1, max(1, round(span / step)), endpoint=False)[:, None]
        pieces.append(
            (2 * t**3 - 3 * t**2 + 1) * p1
            + (t**3 - 2 * t**2 + t) * start
            + (3 * t**2 - 2 * t**3) * p2
            + (t**3 - t**2) * end
        )
    last = points[:1] if closed else points[-1:]
    return np.vstack([*pieces, last])
