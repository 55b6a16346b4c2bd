"""Building footprints: blocks round their courtyards in the old town, houses and sheds along streets."""

from __future__ import annotations

import msgspec
import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from desktop.demo.city import places, quarters
from desktop.demo.city.field import Curving, curved
from desktop.demo.city.partition import Block, polygons
from desktop.demo.city.plane import Floats, Geometries, Ints, from_lonlat
from desktop.demo.city.roads import PRIMARY, RESIDENTIAL
from desktop.demo.city.town import Town

CLOSED = (quarters.OLD_TOWN, quarters.FAUBOURG)
HALF_WIDTH = (0.0, 0.0, 8.5, 7.5, 6.5, 4.5, 3.0, 2.0)
"""From the axis of a street to the plots, by class, m."""
TILE = 260.0


class Plot(msgspec.Struct, frozen=True):
    """How houses stand in a fabric: one every `front` metres, `back` from the plot's edge."""

    front: float
    back: float
    width: tuple[float, float]
    depth: tuple[float, float]
    built: float
    """Share of the plots that are built."""


PLOTS = {
    quarters.MIXED: Plot(14.0, 2.5, (10.0, 13.6), (10.0, 14.0), 0.95),
    quarters.HOUSES: Plot(18.0, 5.5, (10.0, 15.0), (9.0, 12.0), 0.94),
    quarters.ESTATE: Plot(74.0, 13.0, (38.0, 64.0), (11.0, 14.0), 0.9),
    quarters.WORKS: Plot(88.0, 14.0, (34.0, 74.0), (28.0, 48.0), 0.88),
    quarters.CAMPUS: Plot(82.0, 16.0, (40.0, 66.0), (15.0, 20.0), 0.85),
    quarters.VILLAGE: Plot(15.5, 2.0, (10.0, 15.0), (8.0, 13.0), 0.9),
}


def footprints(town: Town, blocks: list[Block], obstacles: BaseGeometry, curving: Curving) -> Geometries:
    """MultiPolygons on the plane, one per `TILE`: what the map draws as buildings."""
    rng = np.random.default_rng(town.seed + 701)
    closed = _closed_blocks([block for block in blocks if block.fabric in CLOSED], curving, rng)
    open_plots = _houses(town, curved(obstacles, curving), rng)
    parts = np.concatenate([closed, open_plots])
    centre = shapely.get_coordinates(shapely.centroid(parts))
    cell = np.floor(centre / TILE).astype(np.int64)
    _, tile = np.unique(cell, axis=0, return_inverse=True)
    order = np.argsort(tile, kind="stable")
    return np.asarray(shapely.multipolygons(parts[order], indices=tile[order]))


def _closed_blocks(blocks: list[Block], curving: Curving, rng: np.random.Generator) -> Geometries:
    """The outline of each block, less the street, a courtyard and a gap or two."""
    if not blocks:
        return np.array([], dtype=object)
    shapes = polygons(blocks)
    old = np.array([block.fabric == quarters.OLD_TOWN for block in blocks])
    shapes = curved(shapes, curving, 20.0)
    outer = shapely.buffer(shapes, np.where(old, -3.6, -6.0), join_style="mitre", mitre_limit=2.0)
    deep = np.where(old, rng.uniform(12, 17, len(blocks)), rng.uniform(11, 15, len(blocks)))
    inner = shapely.buffer(outer, -deep, join_style="mitre", mitre_limit=2.0)
    inner = np.where(shapely.area(inner) > np.where(old, 150, 300), inner, shapely.Polygon())
    middle = shapely.get_coordinates(shapely.centroid(outer))
    angle = rng.uniform(0, 2 * np.pi, len(blocks))
    far = middle + 400 * np.column_stack((np.cos(angle), np.sin(angle)))
    lines = shapely.linestrings(np.stack((middle, far), axis=1))
    gaps = shapely.buffer(lines, rng.uniform(2.5, 5, len(blocks)), cap_style="flat")
    some = (rng.random(len(blocks)) < np.where(old, 0.3, 0.6)) & ~shapely.is_empty(inner)
    gaps = np.where(some, gaps, shapely.Polygon())
    rings = shapely.difference(
        shapely.difference(outer, inner), shapely.union(gaps, _walls(outer, deep, rng))
    )
    parts = shapely.get_parts(shapely.difference(rings, _plazas(curving)))
    return np.asarray(parts[shapely.area(parts) > 25])


def _plazas(curving: Curving) -> BaseGeometry:
    """The squares of the centre, where nothing is built."""
    middle = shapely.points(curving(from_lonlat([where for _, where, _ in places.PLAZAS])))
    return shapely.union_all(shapely.buffer(middle, [radius for _, _, radius in places.PLAZAS], quad_segs=5))


def _walls(outer: Geometries, deep: Floats, rng: np.random.Generator) -> Geometries:
    """Thin slits across each block's rim, one about every 14 m: where one house ends and the next begins."""
    rims = shapely.get_exterior_ring(shapely.get_parts(outer))
    block = np.repeat(np.arange(len(outer)), shapely.get_num_geometries(outer))
    length = shapely.length(rims)
    count = np.maximum(np.round(length / 14.0), 3).astype(np.int64)
    rim = np.repeat(np.arange(len(rims)), count)
    rank = np.arange(len(rim)) - np.repeat(np.cumsum(count) - count, count)
    at = (rank + rng.uniform(0.15, 0.85, len(rim))) / count[rim] * length[rim]
    start = shapely.get_coordinates(shapely.line_interpolate_point(rims[rim], at))
    ahead = shapely.get_coordinates(
        shapely.line_interpolate_point(rims[rim], np.minimum(at + 0.5, length[rim]))
    )
    along = (ahead - start) / np.maximum(np.hypot(*(ahead - start).T), 1e-6)[:, None]
    inward = (
        np.column_stack((-along[:, 1], along[:, 0])) * np.where(shapely.is_ccw(rims), 1.0, -1.0)[rim][:, None]
    )
    ends = start + inward * (deep[block[rim]] + 1.0)[:, None]
    lines = shapely.linestrings(np.stack((start - inward, ends), axis=1))
    slits = np.full(len(outer), shapely.Polygon(), dtype=object)
    owners, index = np.unique(block[rim], return_inverse=True)
    slits[owners] = shapely.buffer(shapely.multilinestrings(lines, indices=index), 0.12, cap_style="flat")
    return slits


def _houses(town: Town, obstacles: BaseGeometry, rng: np.random.Generator) -> Geometries:
    """Separate buildings along the streets of the open fabrics, none on a street or on another."""
    made = []
    for fabric, plot in PLOTS.items():
        made.append(_row(town, np.flatnonzero(_buildable(town) & (town.fabric == fabric)), plot, rng))
    houses = np.concatenate(made)
    middle = shapely.get_coordinates(shapely.centroid(houses))
    shapely.prepare(obstacles)
    houses = houses[~shapely.contains_xy(obstacles, middle[:, 0], middle[:, 1])]
    streets = shapely.STRtree(town.net.lines)
    on_street = np.unique(streets.query(houses, predicate="dwithin", distance=3.2)[0])
    houses = np.delete(houses, on_street)
    first, second = shapely.STRtree(houses).query(houses, predicate="intersects")
    return np.asarray(np.delete(houses, np.unique(np.maximum(first, second)[first != second])))


def _buildable(town: Town) -> npt.NDArray[np.bool_]:
    cls = town.net.cls
    return np.asarray(
        town.urban & (town.commune >= 0) & (cls >= PRIMARY) & (cls <= RESIDENTIAL) & (town.net.lengths > 18)
    )


def _row(town: Town, edges: Ints, plot: Plot, rng: np.random.Generator) -> Geometries:
    """One building per plot on both sides of the edges."""
    if not len(edges):
        return np.array([], dtype=object)
    usable = np.maximum(town.net.lengths[edges] - 10.0, 0.0)
    number = np.floor(usable / plot.front + 0.4).astype(np.int64)
    number = np.where((number == 0) & (usable > 0.55 * plot.front), 1, number)
    edge = np.repeat(np.tile(edges, 2), np.tile(number, 2))
    side = np.repeat(np.repeat([1.0, -1.0], len(edges)), np.tile(number, 2))
    begin = np.repeat(np.cumsum(np.tile(number, 2)) - np.tile(number, 2), np.tile(number, 2))
    count = np.repeat(np.tile(number, 2), np.tile(number, 2))
    share = (np.arange(len(edge)) - begin + 0.5 + rng.uniform(-0.12, 0.12, len(edge))) / np.maximum(count, 1)
    keep = rng.random(len(edge)) < plot.built
    edge, side, share = edge[keep], side[keep], share[keep]
    width, depth = rng.uniform(*plot.width, len(edge)), rng.uniform(*plot.depth, len(edge))
    back = np.array(HALF_WIDTH)[town.net.cls[edge]] + plot.back * rng.uniform(0.6, 1.4, len(edge)) + depth / 2
    at, direction = town.along(edge, share)
    normal = np.column_stack((-direction[:, 1], direction[:, 0])) * side[:, None]
    return _rectangles(at + normal * back[:, None], direction, width, depth)


def _rectangles(centre: Floats, direction: Floats, width: Floats, depth: Floats) -> Geometries:
    """Rectangles with their width along `direction`."""
    along = direction * (width / 2)[:, None]
    across = np.column_stack((-direction[:, 1], direction[:, 0])) * (depth / 2)[:, None]
    corners = np.stack(
        (centre - along - across, centre + along - across, centre + along + across, centre - along + across),
        axis=1,
    )
    return np.asarray(shapely.polygons(corners))
