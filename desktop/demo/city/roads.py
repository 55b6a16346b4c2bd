"""The street network on the plane: main roads, and the streets cut between them."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Sequence

import msgspec
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from desktop.demo.city import courses, quarters, skeleton
from desktop.demo.city.communes import COMMUNES, centres
from desktop.demo.city.field import FabricMap
from desktop.demo.city.partition import NO_STREET, Block, Partition, Segment, area_and_centre
from desktop.demo.city.plane import Floats, Noise, displace, from_lonlat, smooth_curve
from desktop.demo.city.terrain import Terrain

CLASSES = ("motorway", "trunk", "primary", "secondary", "tertiary", "residential", "service", "path")
MOTORWAY, TRUNK, PRIMARY, SECONDARY, TERTIARY, RESIDENTIAL, SERVICE, PATH = range(8)
CUT_AREAS = (math.inf, math.inf, math.inf, math.inf, 3.2e5)
"""Area over which a cut is a road of that class (index in CLASSES); smaller cuts are residential."""
BESIDE = 0.4
"""A link that runs beside known roads over more than this share of its length is left out."""


class MainRoads(msgspec.Struct):
    """The main roads as drawn: one curve each, not yet crossing each other."""

    names: list[str]
    classes: list[int]
    curves: list[BaseGeometry]


def main_roads(seed: int) -> MainRoads:
    """The known roads, and links between neighbouring towns where none of them runs."""
    roads = MainRoads([], [], [])
    for road in skeleton.ROADS:
        points = _points(road.course)
        roads.names.append(road.name)
        roads.classes.append(CLASSES.index(road.cls))
        roads.curves.append(shapely.LineString(smooth_curve(from_lonlat(points), 70)))
    for road in skeleton.TRUNKS:
        roads.names.append(road.name)
        roads.classes.append(CLASSES.index(road.cls))
        roads.curves.append(shapely.LineString(smooth_curve(from_lonlat(_points(road.course)), 80)))
    names = [commune.name for commune in COMMUNES] + [name for name, _, _ in courses.NEIGHBOURS]
    sizes = [commune.population for commune in COMMUNES] + [900] * len(courses.NEIGHBOURS)
    towns = np.vstack([centres(), from_lonlat([(x, y) for _, x, y in courses.NEIGHBOURS])])
    linked = _linked()
    known = shapely.union_all(roads.curves).buffer(170, quad_segs=3)
    for first, second in _gabriel(towns):
        if (first, second) in linked or 0 in (first, second):
            continue
        start, end = towns[first], towns[second]
        middle = displace((start + end)[None] / 2, seed + 21, 1500, 0.16 * float(np.hypot(*(end - start))))
        link = shapely.LineString(smooth_curve(np.vstack([start, middle, end]), 70))
        if link.intersection(known).length > BESIDE * link.length:
            continue
        larger = names[first if sizes[first] >= sizes[second] else second]
        roads.names.append(f"route d'{larger}" if larger[0] in "AEÉIOU" else f"route de {larger}")
        roads.classes.append(TERTIARY)
        roads.curves.append(link)
    return roads


def _points(course: Sequence[skeleton.Stop]) -> list[skeleton.LonLat]:
    return [skeleton.ANCHORS[stop] if isinstance(stop, str) else stop for stop in course]


def _linked() -> set[tuple[int, int]]:
    """Pairs of communes that a known road joins, directly or one after the other."""
    place = {(commune.longitude, commune.latitude): index for index, commune in enumerate(COMMUNES)}
    found: set[tuple[int, int]] = set()
    for road in skeleton.ROADS:
        points = _points(road.course)
        towns = [place[point] for point in points if point in place]
        found |= {(min(pair), max(pair)) for pair in itertools.pairwise(towns)}
    return found


def _gabriel(points: Floats) -> list[tuple[int, int]]:
    """Edges of the Gabriel graph: pairs whose diametral disc holds no other point."""
    edges = []
    for i in range(len(points)):
        for j in range(i + 1, len(points)):
            middle, radius = (points[i] + points[j]) / 2, float(np.hypot(*(points[i] - points[j]))) / 2
            apart = np.hypot(*(points - middle).T)
            apart[[i, j]] = np.inf
            if apart.min() >= radius:
                edges.append((i, j))
    return edges


class Streets(msgspec.Struct):
    """The network before curving: straight pieces with their junctions, and the blocks between them."""

    segments: list[Segment]
    blocks: list[Block]
    names: dict[int, str]
    """Known names by street identity."""
    main: int
    """How many of the first segments are main roads."""


def streets(ground: Terrain, roads: MainRoads, fabric: FabricMap, limit: BaseGeometry, seed: int) -> Streets:
    """Main roads noded together, and the built areas between them cut into blocks.

    `limit` clips the roads that leave the territory.
    """
    pieces = shapely.unary_union([curve.intersection(limit) for curve in roads.curves], grid_size=0.01)
    chains = shapely.get_parts(shapely.line_merge(pieces))
    segments = _segments(chains, roads)
    zone = ground.built.difference(ground.obstacles).buffer(-6).buffer(6)
    main = len(segments)
    blocks = _superblocks(segments, zone, len(roads.names))
    _quays(blocks, segments, ground, seed)
    partition = Partition(segments, quarters.FABRICS, seed)
    partition.run(blocks, fabric, CUT_AREAS)
    for segment in partition.segments:
        if any(segment.loose):
            segment.cls = RESIDENTIAL
    _closes(partition, seed)
    known = dict(enumerate(roads.names))
    return Streets(partition.segments, partition.blocks, known, main)


def _quays(blocks: list[Block], segments: list[Segment], ground: Terrain, seed: int) -> None:
    """Turn outlines along rivers, parks and railways into streets, here and there."""
    banks = [*ground.rivers.values(), ground.canal, *ground.parks.values(), ground.water["Lac Kir"]]
    banks = shapely.union_all([shapely.boundary(it) if it.area else it for it in banks]).buffer(24)
    tracks = shapely.union_all(ground.rails).buffer(24)
    for area in (banks, tracks):
        shapely.prepare(area)
    choice = Noise(seed + 25, 420)
    street = max(segment.street for segment in segments) + 1
    for block in blocks:
        bare = [index for index, number in enumerate(block.segments) if number == NO_STREET]
        if not bare:
            continue
        start = np.array([block.points[index] for index in bare])
        end = np.array([block.points[(index + 1) % len(block.points)] for index in bare])
        middle = (start + end) / 2
        fond = choice(middle)
        wanted = shapely.contains_xy(banks, *middle.T) & (fond > -0.35)
        wanted |= shapely.contains_xy(tracks, *middle.T) & (fond > 0.15)
        for index in np.flatnonzero(wanted).tolist():
            block.segments[bare[index]] = len(segments)
            a, b = block.points[bare[index]], block.points[(bare[index] + 1) % len(block.points)]
            segments.append(Segment(a, b, RESIDENTIAL, street, []))
        street += 1


def _closes(partition: Partition, seed: int) -> None:
    """Dead ends into the middle of large blocks of houses, from the longest side with a street."""
    chance = random.Random(seed + 27)
    street = partition.streets
    for block in list(partition.blocks):
        if block.fabric not in (quarters.HOUSES, quarters.VILLAGE, quarters.MIXED):
            continue
        area, cx, cy = area_and_centre(block.points)
        if area < 19_000 or chance.random() < 0.4:
            continue
        sides = [
            (math.dist(block.points[i], block.points[(i + 1) % len(block.points)]), i)
            for i, number in enumerate(block.segments)
            if number >= 0 and partition.segments[number].cls == RESIDENTIAL
        ]
        if not sides or max(sides)[0] < 60:
            continue
        side, index = max(sides)
        (ax, ay), (bx, by) = block.points[index], block.points[(index + 1) % len(block.points)]
        t = chance.uniform(0.35, 0.65)
        foot = (ax + t * (bx - ax), ay + t * (by - ay))
        nx, ny = -(by - ay) / side, (bx - ax) / side
        depth = (cx - foot[0]) * nx + (cy - foot[1]) * ny
        if abs(depth) < 30:
            continue
        reach = math.copysign(min(abs(depth) * chance.uniform(0.95, 1.25), 120.0), depth)
        tip = (foot[0] + nx * reach, foot[1] + ny * reach)
        if partition.meet(block.segments[index], foot):
            partition.segments.append(Segment(foot, tip, RESIDENTIAL, street, []))
            street += 1


def _segments(chains: Sequence[BaseGeometry], roads: MainRoads) -> list[Segment]:
    """One segment per straight piece of the noded main roads, with the road it belongs to."""
    starts, ends = [], []
    for chain in chains:
        points = shapely.get_coordinates(chain)
        starts.append(points[:-1])
        ends.append(points[1:])
    start, end = np.vstack(starts), np.vstack(ends)
    keep = np.hypot(*(end - start).T) > 0.02
    start, end = start[keep], end[keep]
    pieces = [shapely.get_coordinates(curve) for curve in roads.curves]
    owner = np.repeat(np.arange(len(pieces)), [len(points) - 1 for points in pieces])
    straight = np.concatenate([np.stack((points[:-1], points[1:]), axis=1) for points in pieces])
    tree = shapely.STRtree(shapely.linestrings(straight))
    middle = shapely.points((start + end) / 2)
    nearest = owner[tree.query_nearest(middle, max_distance=5.0, all_matches=False)[1]]
    return [
        Segment((ax, ay), (bx, by), roads.classes[road], road, [])
        for (ax, ay), (bx, by), road in zip(start.tolist(), end.tolist(), nearest.tolist(), strict=True)
    ]


def _superblocks(segments: list[Segment], zone: BaseGeometry, streets_from: int) -> list[Block]:
    """Faces of the built zone between main roads; each outline edge knows its segment or NO_STREET.

    A park or pond inside a face is first tied to the roads around by two short streets, added to `segments`.
    """
    lines = shapely.linestrings([(segment.start, segment.end) for segment in segments])
    ties = _ties(zone, shapely.MultiLineString(list(lines)))
    noded = shapely.unary_union([*lines, zone.boundary, *ties], grid_size=0.01)
    pieces = shapely.get_parts(noded)
    middle = shapely.line_interpolate_point(pieces, 0.5, normalized=True)
    for number, tie in enumerate(ties):
        for piece in pieces[shapely.dwithin(tie, middle, 0.05)]:
            start, end = shapely.get_coordinates(piece)[[0, -1]].tolist()
            segments.append(Segment(tuple(start), tuple(end), RESIDENTIAL, streets_from + number, []))
    lines = shapely.linestrings([(segment.start, segment.end) for segment in segments])
    faces = shapely.get_parts(shapely.polygonize(pieces))
    inside = shapely.contains_properly(zone.buffer(0.5), shapely.point_on_surface(faces))
    faces = faces[inside & (shapely.area(faces) > 900)]
    tree = shapely.STRtree(lines)
    return [_superblock(face, tree) for face in faces]


def _ties(zone: BaseGeometry, roads: BaseGeometry) -> list[BaseGeometry]:
    """For each hole of the zone, the two stretches that join it east and west to the nearest road or edge."""
    ties = []
    for part in shapely.get_parts(zone):
        for ring in part.interiors:
            x, y = shapely.get_coordinates(ring.centroid)[0]
            across = shapely.LineString([(x - 6000, y + 300), (x + 6000, y - 300)]).intersection(part)
            stretches = shapely.get_parts(across.difference(roads))
            ties.extend(stretches[shapely.dwithin(stretches, ring, 0.01) & (shapely.length(stretches) > 5)])
    return ties


def _superblock(face: BaseGeometry, roads: shapely.STRtree) -> Block:
    points = shapely.get_coordinates(face.exterior)[:-1]
    middle = shapely.points((points + np.roll(points, -1, axis=0)) / 2)
    found = np.full(len(points), NO_STREET)
    edge, line = roads.query(middle, predicate="dwithin", distance=0.05)
    found[edge] = line
    return Block([(x, y) for x, y in points.tolist()], found.tolist(), 0)


def length(segment: Segment) -> float:
    """Length of a segment, m."""
    return math.hypot(segment.end[0] - segment.start[0], segment.end[1] - segment.start[1])
