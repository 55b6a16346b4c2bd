"""The country between the towns: fields along the roads, and the tracks that serve them."""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from desktop.demo.city import quarters
from desktop.demo.city.partition import NO_STREET, Block, Partition, Segment, polygons
from desktop.demo.city.plane import Geometries
from desktop.demo.city.terrain import Terrain

TILLED = 0.62
"""Share of the fields drawn as farmland; the others are meadow, the colour of the land."""


def country(
    segments: list[Segment], ground: Terrain, limit: BaseGeometry, seed: int
) -> tuple[Geometries, Geometries]:
    """Tilled fields (polygons) and tracks (lines) of the plane within `limit`, off towns, woods, water."""
    taken = shapely.STRtree(_taken(ground))
    roads = shapely.linestrings([(segment.start, segment.end) for segment in segments])
    streams = [line.simplify(15) for line in (*ground.streams.values(), ground.canal)]
    lines = np.array([*roads, *streams, *shapely.boundary(taken.geometries), limit.boundary])
    shapely.prepare(limit)
    leaving = ~shapely.contains_properly(limit, lines)
    lines[leaving] = shapely.intersection(lines[leaving], limit)
    noded = shapely.unary_union(lines, grid_size=0.1)
    faces = shapely.simplify(shapely.get_parts(shapely.polygonize(shapely.get_parts(noded))), 10)
    faces = faces[shapely.is_valid(faces) & (shapely.area(faces) > 12_000)]
    within = np.unique(taken.query(shapely.point_on_surface(faces), predicate="intersects")[0])
    faces = np.delete(faces, within)
    blocks = []
    for face in faces:
        points = [(x, y) for x, y in shapely.get_coordinates(face.exterior)[:-1].tolist()]
        blocks.append(Block(points, [NO_STREET] * len(points), quarters.FIELDS))
    partition = Partition([], quarters.FABRICS, seed + 200)
    partition.run(blocks, lambda _x, _y: quarters.FIELDS, ())
    return _fields(partition.blocks, taken, seed), _tracks(partition.segments, taken, seed)


def _taken(ground: Terrain) -> Geometries:
    """Everything that is not open country, outlines simplified."""
    areas = [ground.built.buffer(25, quad_segs=3), *ground.woods.values(), *ground.vineyards, ground.airfield]
    areas += [*ground.water.values(), *ground.parks.values()]
    lines = [(line, 30.0) for _, _, line in ground.trunks]
    lines += [(line, 14.0) for line in (*ground.rivers.values(), *ground.rails)]
    areas += [line.simplify(12).buffer(width, quad_segs=2) for line, width in lines]
    return np.asarray(shapely.get_parts(shapely.simplify(areas, 12)))


def _fields(blocks: list[Block], taken: shapely.STRtree, seed: int) -> Geometries:
    """Some of the blocks, drawn in a little; those that overlap something else are left out."""
    shapes = polygons(blocks)
    shapes = shapes[np.random.default_rng(seed + 201).random(len(shapes)) < TILLED]
    shapes = shapely.buffer(shapes[shapely.is_valid(shapes)], -6.0, join_style="mitre", quad_segs=1)
    parts = shapely.get_parts(np.delete(shapes, np.unique(taken.query(shapes, predicate="intersects")[0])))
    return np.asarray(parts[shapely.area(parts) > 4_000])


def _tracks(segments: list[Segment], taken: shapely.STRtree, seed: int) -> Geometries:
    """A third of the field limits are farm tracks."""
    lines = shapely.linestrings([(segment.start, segment.end) for segment in segments])
    lines = lines[np.random.default_rng(seed + 202).random(len(lines)) < 0.33]
    lines = np.delete(lines, np.unique(taken.query(lines, predicate="intersects")[0]))
    return np.asarray(lines[shapely.length(lines) > 120])
