"""The ground of the metropolis on the plane: water, woods, parks, railways, and where towns are built."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from desktop.demo.city import quarters, skeleton
from desktop.demo.city.communes import COMMUNES, centres
from desktop.demo.city.plane import Floats, displace, from_lonlat, smooth_curve

GRID = 40.0
"""Cell of the fabric raster, m."""


class Terrain(msgspec.Struct):
    """Plane geometries, before the final curving of the plane."""

    rivers: dict[str, BaseGeometry]
    streams: dict[str, BaseGeometry]
    canal: BaseGeometry
    rails: list[BaseGeometry]
    trunks: list[tuple[str, str, BaseGeometry]]
    """(name, class, curve) of the roads without crossings."""
    water: dict[str, BaseGeometry]
    parks: dict[str, BaseGeometry]
    woods: dict[str, BaseGeometry]
    vineyards: list[BaseGeometry]
    works: list[BaseGeometry]
    airfield: BaseGeometry
    runway: BaseGeometry
    towns: list[BaseGeometry]
    built: BaseGeometry
    old_town: BaseGeometry
    obstacles: BaseGeometry
    """What no street crosses, except main roads on bridges."""


def _line(points: Iterable[skeleton.LonLat], step: float = 60.0) -> BaseGeometry:
    return shapely.LineString(smooth_curve(from_lonlat(list(points)), step))


def _area(
    points: Iterable[skeleton.LonLat], seed: int, roughness: float, wavelength: float = 260.0
) -> BaseGeometry:
    """A natural outline through the points: rounded, then roughened by that many metres."""
    ring = smooth_curve(from_lonlat(list(points)), 40, closed=True)
    return shapely.Polygon(displace(ring, seed, wavelength, roughness)).buffer(0)


def _meandered(
    points: Iterable[skeleton.LonLat], seed: int, amplitude: float, wavelength: float
) -> BaseGeometry:
    curve = smooth_curve(from_lonlat(list(points)), 25)
    return shapely.LineString(displace(curve, seed, wavelength, amplitude))


def old_town() -> BaseGeometry:
    """The area inside the inner boulevards."""
    ring = (
        "darcy",
        "bernard",
        "republique",
        "roosevelt",
        "octobre",
        "carnot",
        "wilson",
        "tivoli",
        "suquet",
        "ouche",
        "misericorde",
    )
    return shapely.Polygon(from_lonlat([skeleton.ANCHORS[name] for name in ring]))


def terrain(seed: int, roads: BaseGeometry) -> Terrain:
    """The ground, for main roads already drawn (`roads`, plane lines): towns grow along them."""
    rivers = {
        "Ouche": _meandered(skeleton.OUCHE, seed + 31, 28, 240),
        "Tille": _meandered(skeleton.TILLE, seed + 33, 45, 210),
    }
    streams = {
        "Suzon": _meandered(skeleton.SUZON, seed + 35, 30, 200),
        "Norges": _meandered(skeleton.NORGES, seed + 37, 45, 220),
    }
    canal = _line(skeleton.CANAL)
    rails = [_line(points) for points in skeleton.RAILWAYS]
    trunks = [(road.name, road.cls, _line(_points(road.course), 80.0)) for road in skeleton.TRUNKS]
    water = {
        "Lac Kir": _area(skeleton.LAKE, seed + 41, 14),
        "Port du canal": shapely.Polygon(from_lonlat(skeleton.PORT)),
        **{
            f"Étang {index + 1}": _area(pond, seed + 43 + index, 12)
            for index, pond in enumerate(quarters.PONDS)
        },
    }
    parks = {name: shapely.Polygon(from_lonlat(points)) for name, points in quarters.PARKS}
    towns = _towns(seed, roads)
    woods = {name: _area(points, seed + 60 + i, 70) for i, (name, points) in enumerate(quarters.WOODS)}
    vines = [_area(points, seed + 80 + i, 30) for i, points in enumerate(quarters.VINEYARDS)]
    airfield = _area(quarters.AIRFIELD, seed + 90, 10)
    wet = [line.buffer(16) for line in (*rivers.values(), *streams.values())] + [
        canal.buffer(16),
        *water.values(),
    ]
    hard = [line.buffer(16) for line in rails] + [line.buffer(34) for _, _, line in trunks]
    green = [*parks.values(), *woods.values(), *vines]
    obstacles = shapely.union_all([*wet, *hard, *green, airfield])
    built = shapely.union_all(towns)
    works = [
        shapely.Polygon(from_lonlat(it.outline)).intersection(built)
        for it in quarters.QUARTERS
        if it.fabric == quarters.WORKS
    ]
    return Terrain(
        rivers,
        streams,
        canal,
        rails,
        trunks,
        water,
        parks,
        woods,
        vines,
        works,
        airfield,
        _line(quarters.RUNWAY),
        towns,
        built,
        old_town(),
        obstacles,
    )


def _points(course: tuple[skeleton.Stop, ...]) -> list[skeleton.LonLat]:
    return [skeleton.ANCHORS[stop] if isinstance(stop, str) else stop for stop in course]


def _towns(seed: int, roads: BaseGeometry) -> list[BaseGeometry]:
    """The built outlines: one agglomeration, and a blob with ribbons along the roads around each centre."""
    core = _area(quarters.AGGLOMERATION, seed + 50, 45, 420)
    towns = [core]
    for index, (commune, centre) in enumerate(zip(COMMUNES, centres(), strict=True)):
        density = 3_000 if commune.population > 6_000 else 1_900 if commune.population > 2_000 else 1_300
        radius = (
            float(np.sqrt(commune.population / density / np.pi)) * 1000 if commune.name != "Dijon" else 0.0
        )
        if radius == 0.0 or core.contains(shapely.Point(centre).buffer(radius * 0.55)):
            continue
        towns.append(_blob(centre, max(radius, 260.0), roads, seed + 100 + 3 * index))
    return towns


def _blob(centre: Floats, radius: float, roads: BaseGeometry, seed: int) -> BaseGeometry:
    angles = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    ring = centre + radius * 0.92 * np.column_stack((np.cos(angles), np.sin(angles)))
    disc = shapely.Polygon(displace(ring, seed, radius * 0.9, radius * 0.30)).buffer(0)
    ribbon = roads.intersection(shapely.Point(centre).buffer(radius * 1.7)).buffer(80)
    shape = disc.union(ribbon).buffer(60).buffer(-60).simplify(6)
    parts = shapely.get_parts(shape)
    return parts[np.argmax(shapely.area(parts))]
