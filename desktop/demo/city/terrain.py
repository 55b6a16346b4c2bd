"""The ground of the metropolis on the plane: water, woods, parks, railways, and where towns are built."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from desktop.demo.city import courses, quarters, skeleton
from desktop.demo.city.communes import COMMUNES, Territory, centres
from desktop.demo.city.plane import Floats, Noise, displace, from_lonlat, smooth_curve, transform

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
    airfield: BaseGeometry
    runway: BaseGeometry
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


def surroundings(place: Territory, seed: int) -> BaseGeometry:
    """What the map shows: the metropolis and some 8 km around it, with an irregular edge."""
    ring = shapely.get_coordinates(place.hull.buffer(8_500).simplify(300).exterior.segmentize(300))
    return shapely.Polygon(displace(ring, seed + 9, 2600, 900)).buffer(0)


class Lines(msgspec.Struct):
    """What runs across the ground, clipped to the limit."""

    rivers: dict[str, BaseGeometry]
    streams: dict[str, BaseGeometry]
    canal: BaseGeometry
    rails: list[BaseGeometry]
    trunks: list[tuple[str, str, BaseGeometry]]


def _lines(seed: int, limit: BaseGeometry) -> Lines:
    rivers = {
        "Ouche": _meandered(courses.OUCHE, seed + 31, 28, 240),
        "Tille": _meandered(courses.TILLE, seed + 33, 45, 210),
    }
    streams = {
        "Suzon": _meandered(courses.SUZON, seed + 35, 30, 200),
        "Norges": _meandered(courses.NORGES, seed + 37, 45, 220),
    }
    return Lines(
        {name: line.intersection(limit) for name, line in rivers.items()},
        {name: line.intersection(limit) for name, line in streams.items()},
        _line(courses.CANAL).intersection(limit),
        [_line(points).intersection(limit) for points in courses.RAILWAYS],
        [
            (road.name, road.cls, _line(_points(road.course), 80.0).intersection(limit))
            for road in skeleton.TRUNKS
        ],
    )


def _obstacles(lines: Lines, water: Iterable[BaseGeometry], parks: Iterable[BaseGeometry]) -> BaseGeometry:
    wet = [line.buffer(16) for line in (*lines.rivers.values(), *lines.streams.values(), lines.canal)]
    wet += [area.buffer(12) for area in water]
    hard = [line.buffer(16) for line in lines.rails] + [line.buffer(34) for _, _, line in lines.trunks]
    return shapely.union_all([*wet, *hard, *(park.buffer(3) for park in parks)])


def terrain(seed: int, roads: BaseGeometry, limit: BaseGeometry) -> Terrain:
    """The ground within `limit`, for main roads already drawn (plane lines): towns grow along them."""
    lines = _lines(seed, limit)
    water = {
        "Lac Kir": _area(courses.LAKE, seed + 41, 14),
        "Port du canal": shapely.Polygon(from_lonlat(courses.PORT)),
        **{f"Étang {i + 1}": _area(pond, seed + 43 + i, 12) for i, pond in enumerate(quarters.PONDS)},
    }
    parks = {name: shapely.Polygon(from_lonlat(points)) for name, points in quarters.PARKS}
    airfield = _area(quarters.AIRFIELD, seed + 90, 10)
    vines = shapely.union_all([_area(it, seed + 80 + i, 30) for i, it in enumerate(quarters.VINEYARDS)])
    towns, villages = _towns(seed, roads, vines, limit)
    built = shapely.union_all(towns)
    clear = shapely.union_all([built.buffer(50), villages.buffer(90), vines.buffer(60), airfield.buffer(200)])
    woods = {**_woods(seed, clear), **_copses(seed, clear, limit)}
    built = _settled(built.difference(shapely.union_all([*woods.values(), vines])).buffer(-52).buffer(52))
    return Terrain(
        **msgspec.structs.asdict(lines),
        water=water,
        parks=parks,
        woods=woods,
        vineyards=list(shapely.get_parts(vines.difference(built.buffer(20)))),
        airfield=airfield,
        runway=_line(quarters.RUNWAY),
        built=built,
        old_town=old_town(),
        obstacles=_obstacles(lines, water.values(), [*parks.values(), airfield]),
    )


def _points(course: tuple[skeleton.Stop, ...]) -> list[skeleton.LonLat]:
    return [skeleton.ANCHORS[stop] if isinstance(stop, str) else stop for stop in course]


def _towns(
    seed: int, roads: BaseGeometry, vines: BaseGeometry, limit: BaseGeometry
) -> tuple[list[BaseGeometry], BaseGeometry]:
    """The built outlines (one agglomeration, and a blob with ribbons along the roads around each centre).

    The second value is what woods must leave clear: the towns that do not touch the agglomeration.
    """
    core = _area(quarters.AGGLOMERATION, seed + 50, 45, 420).difference(vines)
    towns = [core]
    places = [(commune.population, centre) for commune, centre in zip(COMMUNES, centres(), strict=True)]
    outside = from_lonlat([(longitude, latitude) for _, longitude, latitude in courses.NEIGHBOURS])
    places += [(700 + 150 * (index % 5), where) for index, where in enumerate(outside)]
    for index, (population, centre) in enumerate(places[1:]):
        density = 3_200 if population > 6_000 else 2_000 if population > 2_000 else 1_400
        radius = float(np.sqrt(population / density / np.pi)) * 1000
        centre_in = limit.contains(shapely.Point(centre))
        if centre_in and not core.contains(shapely.Point(centre).buffer(radius * 0.55)):
            towns.append(_blob(centre, max(radius, 240.0), roads, seed + 100 + 3 * index))
    return towns, shapely.union_all([town for town in towns[1:] if not town.intersects(core)])


def _settled(built: BaseGeometry) -> BaseGeometry:
    """The built areas around a town's centre, or large; not the scraps that woods and vineyards cut off."""
    outside = from_lonlat([(longitude, latitude) for _, longitude, latitude in courses.NEIGHBOURS])
    parts = shapely.get_parts(built)
    hit = shapely.STRtree(shapely.points(np.vstack([centres(), outside]))).query(parts, "intersects")[0]
    kept = (shapely.area(parts) > 600_000) | np.isin(np.arange(len(parts)), hit)
    return shapely.union_all(parts[kept])


def _blob(centre: Floats, radius: float, roads: BaseGeometry, seed: int) -> BaseGeometry:
    angles = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    ring = centre + radius * 0.95 * np.column_stack((np.cos(angles), np.sin(angles)))
    disc = shapely.Polygon(displace(ring, seed, radius * 0.9, radius * 0.30)).buffer(0)
    ribbon = roads.intersection(shapely.Point(centre).buffer(radius * 1.35)).buffer(70)
    shape = disc.union(ribbon).buffer(60).buffer(-60).simplify(6)
    parts = shapely.get_parts(shape)
    return parts[np.argmax(shapely.area(parts))]


def _woods(seed: int, clear: BaseGeometry) -> dict[str, BaseGeometry]:
    """The named woods."""
    return {
        name: _area(points, seed + 60 + index, 70).difference(clear)
        for index, (name, points) in enumerate(quarters.WOODS)
    }


def _copses(seed: int, clear: BaseGeometry, limit: BaseGeometry) -> dict[str, BaseGeometry]:
    """Woods where two noises agree: nearly everywhere on the western heights, in patches on the plain."""
    west, south, east, north = limit.bounds
    step = 160.0
    x, y = (part.ravel() for part in np.meshgrid(np.arange(west, east, step), np.arange(south, north, step)))
    spots = np.column_stack((x, y))
    height = np.clip((-3800 - x - 0.25 * np.abs(y)) / 7000, -0.34, 0.24)
    height = height + np.clip((y - 5200) / 16000, 0, 0.14)
    bent = displace(
        displace(spots @ np.array([[0.8, 0.6], [-0.6, 0.8]]), seed + 77, 2100, 700), seed + 79, 700, 260
    )
    value = 0.6 * Noise(seed + 71, 2600)(bent) + 0.4 * Noise(seed + 72, 900)(bent) + height
    chosen = spots[value > 0.16]
    squares = shapely.box(*(chosen - 0.5 * step).T, *(chosen + 0.5 * step).T)
    whole = shapely.coverage_union_all(squares).buffer(150, quad_segs=4)
    whole = whole.buffer(-250, quad_segs=4).buffer(120, quad_segs=4).simplify(15)

    def roughen(points: Floats) -> Floats:
        return displace(displace(points, seed + 73, 520, 70), seed + 75, 170, 16)

    whole = transform(shapely.segmentize(whole, 50), roughen)
    whole = whole.buffer(0).intersection(limit).difference(clear)
    parts = shapely.get_parts(whole.buffer(-12).buffer(12))
    kept = parts[shapely.area(parts) > 25_000]
    return {f"Bois {index + 1}": part for index, part in enumerate(kept)}
