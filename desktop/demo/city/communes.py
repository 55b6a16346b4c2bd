"""The 23 communes of Dijon Métropole: real names, codes and populations, approximate generated contours.

Names, INSEE and postal codes and populations (municipal, 2021) are those of the public record. Centres are
rounded to about 100 m. Contours are cells of a power diagram of the centres with jittered shared edges: they
are an approximation and say nothing about the true limits.
"""

from __future__ import annotations

import msgspec
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from desktop.demo.city.plane import Floats, displace, from_lonlat, smooth_curve, transform


class Commune(msgspec.Struct, frozen=True):
    """One commune of the metropolis as the public record knows it."""

    insee: str
    name: str
    postcode: str
    population: int
    longitude: float
    latitude: float
    area: float
    """Target area of the generated contour, km²."""


COMMUNES = (
    Commune("21231", "Dijon", "21000", 159_941, 5.0415, 47.3215, 40.0),
    Commune("21166", "Chenôve", "21300", 14_299, 5.0060, 47.2925, 7.6),
    Commune("21617", "Talant", "21240", 11_986, 5.0005, 47.3368, 5.4),
    Commune("21171", "Chevigny-Saint-Sauveur", "21800", 10_895, 5.1350, 47.2995, 12.0),
    Commune("21278", "Fontaine-lès-Dijon", "21121", 9_032, 5.0205, 47.3420, 4.8),
    Commune("21515", "Quetigny", "21800", 8_897, 5.1060, 47.3145, 8.6),
    Commune("21355", "Longvic", "21600", 8_787, 5.0640, 47.2880, 10.6),
    Commune("21540", "Saint-Apollinaire", "21850", 7_517, 5.0850, 47.3312, 10.2),
    Commune("21390", "Marsannay-la-Côte", "21160", 5_440, 4.9880, 47.2705, 12.6),
    Commune("21452", "Neuilly-Crimolois", "21800", 3_430, 5.1080, 47.2785, 9.0),
    Commune("21485", "Plombières-lès-Dijon", "21370", 2_508, 4.9730, 47.3395, 20.0),
    Commune("21481", "Perrigny-lès-Dijon", "21160", 2_321, 5.0060, 47.2665, 6.0),
    Commune("21605", "Sennecey-lès-Dijon", "21800", 2_125, 5.1050, 47.2910, 4.2),
    Commune("21263", "Fénay", "21600", 1_724, 5.0640, 47.2320, 11.0),
    Commune("21003", "Ahuy", "21121", 1_695, 5.0225, 47.3685, 9.6),
    Commune("21223", "Daix", "21121", 1_520, 5.0000, 47.3510, 6.4),
    Commune("21473", "Ouges", "21600", 1_505, 5.0740, 47.2610, 11.0),
    Commune("21315", "Hauteville-lès-Dijon", "21121", 1_206, 4.9950, 47.3675, 11.0),
    Commune("21105", "Bressey-sur-Tille", "21560", 1_110, 5.1840, 47.3065, 8.0),
    Commune("21106", "Bretenière", "21110", 935, 5.1130, 47.2390, 7.0),
    Commune("21370", "Magny-sur-Tille", "21110", 872, 5.1600, 47.2720, 9.0),
    Commune("21192", "Corcelles-les-Monts", "21160", 654, 4.9370, 47.3010, 9.4),
    Commune("21270", "Flavignerot", "21160", 231, 4.9180, 47.2875, 6.6),
)

HULL = (
    (5.003, 47.388), (5.022, 47.396), (5.043, 47.389), (5.050, 47.372), (5.066, 47.364), (5.086, 47.361),
    (5.104, 47.354), (5.112, 47.342), (5.126, 47.330), (5.148, 47.321), (5.162, 47.312), (5.180, 47.322),
    (5.204, 47.314), (5.201, 47.298), (5.178, 47.290), (5.181, 47.277), (5.186, 47.262), (5.164, 47.253),
    (5.146, 47.254), (5.136, 47.230), (5.108, 47.223), (5.084, 47.230), (5.066, 47.220), (5.046, 47.222),
    (5.040, 47.238), (5.044, 47.250), (5.020, 47.254), (4.998, 47.252), (4.974, 47.256), (4.955, 47.264),
    (4.930, 47.267), (4.906, 47.275), (4.898, 47.288), (4.912, 47.300), (4.918, 47.316), (4.904, 47.333),
    (4.922, 47.350), (4.948, 47.354), (4.962, 47.364), (4.972, 47.382),
)  # fmt: skip


class Territory(msgspec.Struct, frozen=True):
    """The communes' contours on the plane, in the order of `COMMUNES`, and the arcs they share."""

    contours: tuple[BaseGeometry, ...]
    arcs: tuple[BaseGeometry, ...]
    hull: BaseGeometry


def centres() -> Floats:
    """Plane positions of the communes' centres, shape (23, 2)."""
    return from_lonlat([(commune.longitude, commune.latitude) for commune in COMMUNES])


def territory(seed: int) -> Territory:
    """The contours: power cells of target areas, clipped to the hull, shared edges jittered once."""
    hull = shapely.Polygon(smooth_curve(from_lonlat(HULL), 400, closed=True)).buffer(-230)
    towns = centres()
    cells = _cells(hull, towns, _weights(hull, towns))
    arcs = shapely.line_merge(shapely.unary_union([cell.boundary for cell in cells], grid_size=0.01))
    lines = shapely.segmentize(np.asarray(shapely.get_parts(arcs)), 60.0)

    def jitter(points: Floats) -> Floats:
        return displace(displace(points, seed + 11, 1100, 130), seed + 13, 320, 34)

    moved = transform(lines, jitter)
    faces = np.asarray(shapely.get_parts(shapely.polygonize(moved)))
    contours = []
    for town in towns:
        inside = faces[shapely.contains_xy(faces, *town)]
        contours.append(inside[0])
    return Territory(tuple(contours), tuple(moved), shapely.union_all(contours))


def _weights(hull: BaseGeometry, towns: Floats) -> Floats:
    """Power weights (m²) that give each cell its target share of the hull, found on a 200 m grid."""
    west, south, east, north = hull.bounds
    x, y = np.meshgrid(np.arange(west, east, 200.0), np.arange(south, north, 200.0))
    grid = np.column_stack((x.ravel(), y.ravel()))
    grid = grid[shapely.contains_xy(hull, grid[:, 0], grid[:, 1])]
    squared = ((grid[:, None, :] - towns[None, :, :]) ** 2).sum(axis=2)
    areas = np.array([commune.area for commune in COMMUNES])
    target = areas / areas.sum() * len(grid)
    gaps = ((towns[:, None, :] - towns[None, :, :]) ** 2).sum(axis=2)
    np.fill_diagonal(gaps, np.inf)
    weights = np.zeros(len(towns))
    for _ in range(80):
        owner = np.argmin(squared - weights, axis=1)
        have = np.bincount(owner, minlength=len(towns))
        weights = weights + 6.0e5 * np.clip((target - have) / target, -1, 1)
        weights = np.minimum(weights, (weights + 0.78 * gaps).min(axis=1))
    return weights


def _cells(hull: BaseGeometry, towns: Floats, weights: Floats) -> list[BaseGeometry]:
    cells = []
    for index, town in enumerate(towns):
        cell = hull
        for other, place in enumerate(towns):
            if other != index:
                cell = cell.intersection(_nearer_half(town, place, weights[index] - weights[other]))
        cells.append(cell)
    return cells


def _nearer_half(town: Floats, other: Floats, advantage: float) -> BaseGeometry:
    """The half plane, as a large square, where `town` wins over `other` by power distance."""
    toward = other - town
    distance = float(np.hypot(*toward))
    unit = toward / distance
    edge = town + unit * (distance / 2 + advantage / (2 * distance))
    side = np.array([-unit[1], unit[0]]) * 60_000
    back = unit * 60_000
    return shapely.Polygon([edge - side, edge + side, edge + side - back, edge - side - back])
