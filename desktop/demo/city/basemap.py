"""The shapes of the basemap, in EPSG:3857, each for the zooms at which it is legible."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from desktop.demo.city import places, quarters
from desktop.demo.city.communes import COMMUNES, Territory, centres
from desktop.demo.city.field import Curving, curved
from desktop.demo.city.network import Network
from desktop.demo.city.partition import Block, polygons
from desktop.demo.city.plane import Geometries, from_lonlat, to_mercator, transform
from desktop.demo.city.roads import CLASSES, PATH, RESIDENTIAL
from desktop.demo.city.terrain import Terrain
from desktop.store.basemap import Shape

FAR, MIDDLE = 11.6, 13.6
"""Zooms under which main lines are drawn simplified to 45 m, then 12 m."""
FIRST_ZOOM = (0.0, 0.0, 8.5, 10.0, 11.2, 13.0, 14.6, 14.4)
"""By road class: the zoom from which it is drawn."""


def shown(cls: str, geometry: BaseGeometry, **more: object) -> Shape:
    """A plane geometry as a shape of that class."""
    return Shape(cls, transform(geometry, to_mercator), **more)  # type: ignore[arg-type]


def ground_shapes(ground: Terrain, place: Territory, curving: Curving, fields: Geometries) -> Iterator[Shape]:
    """Fields, towns, woods, parks, water, rivers and railways."""
    wet = shapely.union_all(list(ground.water.values()))
    for field in transform(curved(fields, curving, 80.0), to_mercator):
        yield Shape("farmland", field, zmin=12.0)
    free = shapely.union_all([wet, *ground.parks.values(), ground.airfield])
    yield from _levels("built", curved(shapely.get_parts(ground.built.difference(free)), curving))
    yield shown("industrial", curved(ground.airfield, curving), name="Aérodrome", zmin=11.5)
    yield shown("service", curved(ground.runway, curving), name="", zmin=12.5)
    for name, area in ground.woods.items():
        yield from _levels("green", [curved(area.difference(ground.built).difference(wet), curving)], name)
    for area in ground.vineyards:
        yield from _levels("green", [curved(area.difference(ground.built), curving)])
    for name, area in ground.parks.items():
        yield shown("green", curved(area.difference(wet), curving), name=name, zmin=11.5)
    for name, area in ground.water.items():
        yield shown("water", curved(area, curving), name=name, zmin=9.0 if area.area > 1e5 else 12.5)
    for cls, lines, zmin in (("river", ground.rivers, 8.0), ("stream", ground.streams, 11.5)):
        for name, line in lines.items():
            yield from _levels(cls, [curved(line.difference(wet), curving)], name, zmin)
    yield from _levels("canal", [ground.canal], "Canal de Bourgogne", 10.0)
    for line in ground.rails:
        yield from _levels("rail", [line], "", 10.5)
    for arc in place.arcs:
        yield shown("boundary", shapely.simplify(arc, 8), zmin=9.5)


def _levels(
    cls: str, geometries: Iterable[BaseGeometry], name: str = "", zmin: float = 8.0
) -> Iterator[Shape]:
    """A far, a middle and a near copy of large things."""
    for geometry in geometries:
        moved = transform(geometry, to_mercator)
        if moved.is_empty:
            continue
        yield Shape(cls, shapely.simplify(moved, 60), name=name, zmin=zmin, zmax=FAR)
        yield Shape(cls, shapely.simplify(moved, 14), name=name, zmin=max(zmin, FAR), zmax=MIDDLE)
        yield Shape(cls, shapely.simplify(moved, 1), name=name, zmin=max(zmin, MIDDLE))


def block_shapes(
    blocks: list[Block], curving: Curving, houses: Geometries, tracks: Geometries
) -> Iterator[Shape]:
    """Industrial areas, buildings and farm tracks."""
    works = polygons([block for block in blocks if block.fabric == quarters.WORKS])
    areas = shapely.union_all(shapely.buffer(works, 1.0)).buffer(12).buffer(-12)
    for area in shapely.get_parts(areas):
        yield shown("industrial", shapely.simplify(curved(area, curving), 2), zmin=11.5)
    for tile in transform(houses, to_mercator):
        yield Shape("building", tile, zmin=14.5)
    for track in transform(curved(tracks, curving), to_mercator):
        yield Shape("path", track, zmin=FIRST_ZOOM[PATH])


def street_shapes(net: Network) -> Iterator[Shape]:
    """One line per street and class; main roads also in simplified copies for the far zooms."""
    for cls, name in enumerate(CLASSES):
        chosen = np.flatnonzero(net.cls == cls)
        if not len(chosen):
            continue
        chosen = chosen[np.argsort(net.street[chosen], kind="stable")]
        owners, index = np.unique(net.street[chosen], return_inverse=True)
        merged = shapely.line_merge(shapely.multilinestrings(net.lines[chosen], indices=index))
        moved = transform(merged, to_mercator)
        labels = [net.names[owner] for owner in owners.tolist()]
        first = FIRST_ZOOM[cls]
        if cls >= RESIDENTIAL:
            near = shapely.simplify(moved, 0.8)
            yield from (
                Shape(name, line, name=label, zmin=first) for line, label in zip(near, labels, strict=True)
            )
            continue
        for low, high, tolerance in (
            (first, FAR, 60.0),
            (max(first, FAR), MIDDLE, 14.0),
            (MIDDLE, 24.0, 0.8),
        ):
            for line, label in zip(shapely.simplify(moved, tolerance), labels, strict=True):
                yield Shape(name, line, name=label, zmin=low, zmax=high)


def place_shapes(curving: Curving) -> Iterator[Shape]:
    """The names of the communes and of Dijon's quarters."""
    for commune, point in zip(COMMUNES, shapely.points(to_mercator(centres())), strict=True):
        rank = 1 if commune.name == "Dijon" else 2 if commune.population > 7_000 else 3
        yield Shape("place", point, name=commune.name, rank=rank, zmin=(0, 8.0, 10.5, 11.5)[rank])
    for name, point in quarters.NAMED_QUARTERS:
        where = shapely.Point(to_mercator(from_lonlat([point]))[0])
        yield Shape("place", where, name=name, rank=4, zmin=13.2, zmax=16.5)
    for name, lonlat, _ in places.PLAZAS:
        where = shapely.Point(to_mercator(curving(from_lonlat([lonlat])))[0])
        yield Shape("place", where, name=f"{name[:1].upper()}{name[1:]}", rank=4, zmin=15.6)
