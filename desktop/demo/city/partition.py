"""Blocks by recursive subdivision: each block too large for its fabric is cut by a new street.

A cut runs across the longer side of a block, at right angle to its main direction, and prefers to continue a
street that already ends on the other side of the road, so that crossings form. Every cut is a segment with
its two ends on older segments: the junctions are known exactly, without any overlay.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence

import msgspec
import numpy as np
import numpy.typing as npt
import shapely

Point = tuple[float, float]
DISTRICT = 9.0e4
"""Over this area (m²) a block is a district: what cuts it may turn away from its neighbours."""
TRIES = 5
NO_STREET = -1
"""Segment of a block's outline that carries no street: a bank, a railway, the edge of the town."""


class Fabric(msgspec.Struct, frozen=True):
    """How a kind of quarter is built: its blocks, streets and houses."""

    name: str
    depth: float
    """Shorter side of a block aimed at, m."""
    reach: float
    """Longer side over which a block is cut across, m."""
    tilt: float
    """Largest angle of a cut from the perpendicular, radians."""
    crossing: float
    """Share of the cuts that continue a street met on the way."""
    bend: float
    """Amplitude of the local street curves, m."""


class Block(msgspec.Struct, gc=False):
    """A simple polygon and, for each of its edges, the segment it lies on."""

    points: list[Point]
    segments: list[int]
    fabric: int


class Segment(msgspec.Struct, gc=False):
    """A straight piece of street from `start` to `end`, and the junctions met on the way."""

    start: Point
    end: Point
    cls: int
    street: int
    nodes: list[tuple[float, float, float]]
    """(position along 0..1, x, y) of each junction strictly inside."""
    loose: tuple[bool, bool] = (False, False)
    """Whether an end lies on an outline without street: a dead end."""


class Frame(msgspec.Struct, gc=False):
    """A block seen along a unit axis: the coordinates of its points along it and across it."""

    ux: float
    uy: float
    along: list[float]
    across: list[float]


class Hit(msgspec.Struct, gc=False):
    """Where a cut meets the outline of a block."""

    edge: int
    point: Point
    across: float


class Partition:
    """Cuts blocks until each suits its fabric; `segments` and `blocks` hold the result."""

    def __init__(self, segments: list[Segment], fabrics: Sequence[Fabric], seed: int) -> None:
        self.segments = segments
        self.blocks: list[Block] = []
        self._fabrics = fabrics
        self._random = random.Random(seed)
        self._streets = max((segment.street for segment in segments), default=0) + 1

    @property
    def streets(self) -> int:
        """Number of street identities given so far."""
        return self._streets

    def run(
        self, blocks: Sequence[Block], fabric_at: Callable[[float, float], int], cls_of: Sequence[float]
    ) -> None:
        """Cut `blocks`; one larger than `cls_of[i]` (m²) is cut by a street of class i, else the last."""
        stack = list(reversed(blocks))
        while stack:
            block = stack.pop()
            area, x, y = area_and_centre(block.points)
            block.fabric = fabric_at(x, y)
            fabric = self._fabrics[block.fabric]
            parts = None
            frame = self._frame(block, fabric) if area > 0.9 * fabric.depth**2 else None
            if frame is not None:
                cls = next((index for index, limit in enumerate(cls_of) if area > limit), len(cls_of))
                loose = 2.2 if area > DISTRICT else 1.0
                for _ in range(TRIES):
                    parts = self._cut(block, fabric, frame, cls, loose)
                    if parts is not None:
                        break
            if parts is None:
                self.blocks.append(block)
            else:
                stack.extend(parts)

    def _frame(self, block: Block, fabric: Fabric) -> Frame | None:
        """The axis to cut across: the longer one while too long, then the other while too deep, or None."""
        angle = main_direction(block.points)
        ux, uy = math.cos(angle), math.sin(angle)
        along = [x * ux + y * uy for x, y in block.points]
        across = [y * ux - x * uy for x, y in block.points]
        long, deep = max(along) - min(along), max(across) - min(across)
        if deep > long:
            long, deep = deep, long
            ux, uy = -uy, ux
            along, across = across, [-value for value in along]
        if long >= fabric.reach * self._random.uniform(0.8, 1.25):
            return Frame(ux, uy, along, across)
        if deep >= 1.5 * fabric.depth * self._random.uniform(0.85, 1.15):
            return Frame(-uy, ux, across, [-value for value in along])
        return None

    def _cut(
        self, block: Block, fabric: Fabric, frame: Frame, cls: int, loose: float
    ) -> tuple[Block, Block] | None:
        """Two parts of the block on either side of a new street, or None when the cut falls badly.

        `loose` widens the tilt of the cut: large districts differ in direction, their streets less so.
        """
        ux, uy, along, across = frame.ux, frame.uy, frame.along, frame.across
        low, extent = min(along), max(along) - min(along)
        tilt = math.tan(self._random.uniform(-fabric.tilt, fabric.tilt) * loose)
        level = (min(across) + max(across)) / 2
        place = self._place(block, fabric, (ux, uy), tilt, low - tilt * level, extent)
        hits = self._hits(block, along, across, tilt, place)
        if hits is None:
            return None
        width = hits[1].across - hits[0].across
        reach = min(0.14 * fabric.depth + 8.0, 0.2 * extent)
        first = self._settle(block, hits[0], reach)
        second = self._settle(block, hits[1], reach)
        if first is None or second is None or first.edge == second.edge or width < 20.0:
            return None
        slant = abs((second.point[0] - first.point[0]) * ux + (second.point[1] - first.point[1]) * uy)
        if slant > (0.3 + 0.3 * loose) * width + 4:
            return None
        return self._divide(block, first, second, cls)

    def _place(
        self, block: Block, fabric: Fabric, axis: Point, tilt: float, low: float, extent: float
    ) -> float:
        """Position of the cut along the axis: near the middle, through a known junction when one suits."""
        middle = low + extent * self._random.uniform(0.4, 0.6)
        if self._random.random() > fabric.crossing:
            return middle
        ux, uy = axis
        best, gap = middle, 0.2 * extent
        for index, number in enumerate(block.segments):
            if number < 0 or not self.segments[number].nodes:
                continue
            for _, x, y in self._inside(block, index):
                value = x * ux + y * uy - tilt * (y * ux - x * uy)
                if abs(value - middle) < gap:
                    best, gap = value, abs(value - middle)
        return best

    def _inside(self, block: Block, index: int) -> list[tuple[float, float, float]]:
        """Junctions already met strictly within one edge of the block."""
        segment = self.segments[block.segments[index]]
        dx, dy = segment.end[0] - segment.start[0], segment.end[1] - segment.start[1]
        length = dx * dx + dy * dy
        if length == 0.0:
            return []
        (ax, ay), (bx, by) = block.points[index], block.points[(index + 1) % len(block.points)]
        ta = ((ax - segment.start[0]) * dx + (ay - segment.start[1]) * dy) / length
        tb = ((bx - segment.start[0]) * dx + (by - segment.start[1]) * dy) / length
        low, high = min(ta, tb) + 1e-6, max(ta, tb) - 1e-6
        return [node for node in segment.nodes if low < node[0] < high]

    def _hits(
        self, block: Block, along: list[float], across: list[float], tilt: float, place: float
    ) -> tuple[Hit, Hit] | None:
        """The two ends of the longest chord of the block on the cutting line."""
        side = [value - tilt * other - place for value, other in zip(along, across, strict=True)]
        found: list[Hit] = []
        count = len(side)
        for index in range(count):
            following = index + 1 if index + 1 < count else 0
            a, b = side[index], side[following]
            if (a < 0.0) != (b < 0.0):
                t = a / (a - b)
                (ax, ay), (bx, by) = block.points[index], block.points[following]
                point = (ax + t * (bx - ax), ay + t * (by - ay))
                found.append(Hit(index, point, across[index] + t * (across[following] - across[index])))
        if len(found) < 2 or len(found) % 2:
            return None
        found.sort(key=lambda hit: hit.across)
        pairs = [(found[i], found[i + 1]) for i in range(0, len(found), 2)]
        return max(pairs, key=lambda pair: pair[1].across - pair[0].across)

    def _settle(self, block: Block, hit: Hit, reach: float) -> Hit | None:
        """Move a hit to a junction within reach; None when it would fall beside a corner."""
        number = block.segments[hit.edge]
        x, y = hit.point
        count = len(block.points)
        best, gap = hit.point, reach * reach
        if number >= 0:
            for _, nx, ny in self._inside(block, hit.edge):
                distance = (nx - x) ** 2 + (ny - y) ** 2
                if distance < gap:
                    best, gap = (nx, ny), distance
        edge = hit.edge
        for vertex in (hit.edge, (hit.edge + 1) % count):
            vx, vy = block.points[vertex]
            distance = (vx - x) ** 2 + (vy - y) ** 2
            if _is_flat(block.points, vertex):
                if distance < gap:
                    best, gap, edge = (vx, vy), distance, vertex
            elif distance < 324.0 and distance <= gap:
                return None
        hit.edge, hit.point = edge, best
        return hit

    def _divide(self, block: Block, first: Hit, second: Hit, cls: int) -> tuple[Block, Block]:
        number = len(self.segments)
        loose = (block.segments[first.edge] < 0, block.segments[second.edge] < 0)
        self.segments.append(Segment(first.point, second.point, cls, self._streets, [], loose))
        self._streets += 1
        for hit in (first, second):
            self.meet(block.segments[hit.edge], hit.point)
        if first.edge > second.edge:
            first, second = second, first
        points, segments = block.points, block.segments
        i, j = first.edge, second.edge
        # A hit that settled on the vertex before its edge stands for it.
        last = j if points[j] == second.point else j + 1
        head = i if points[i] == first.point else i + 1
        near = [first.point, *points[i + 1 : last], second.point]
        near_segments = [*segments[i:last], number]
        far = [second.point, *points[j + 1 :], *points[:head], first.point]
        far_segments = [*segments[j:], *segments[:head], number]
        return Block(near, near_segments, block.fabric), Block(far, far_segments, block.fabric)

    def meet(self, number: int, point: Point) -> bool:
        """Note a junction at a point of a segment; False where there is no street or a junction already."""
        if number < 0:
            return False
        segment = self.segments[number]
        dx, dy = segment.end[0] - segment.start[0], segment.end[1] - segment.start[1]
        length = dx * dx + dy * dy
        x, y = point
        t = ((x - segment.start[0]) * dx + (y - segment.start[1]) * dy) / length if length else 0.0
        new = 1e-6 < t < 1 - 1e-6 and all(abs(t - node[0]) > 1e-6 for node in segment.nodes)
        if new:
            segment.nodes.append((t, x, y))
        return new


def _is_flat(points: list[Point], vertex: int) -> bool:
    """Whether the outline hardly turns at that vertex (under 25 degrees)."""
    px, py = points[vertex - 1]
    x, y = points[vertex]
    nx, ny = points[(vertex + 1) % len(points)]
    ax, ay, bx, by = x - px, y - py, nx - x, ny - y
    return ax * bx + ay * by > 0.906 * math.sqrt((ax * ax + ay * ay) * (bx * bx + by * by))


def area_and_centre(points: Sequence[Point]) -> tuple[float, float, float]:
    """Area (m², unsigned) and centroid of a simple polygon."""
    ox, oy = points[0]
    area = cx = cy = 0.0
    px, py = points[-1][0] - ox, points[-1][1] - oy
    for qx, qy in points:
        x, y = qx - ox, qy - oy
        cross = px * y - x * py
        area += cross
        cx += (px + x) * cross
        cy += (py + y) * cross
        px, py = x, y
    if abs(area) < 1e-9:
        return 0.0, ox, oy
    return abs(area) / 2, ox + cx / (3 * area), oy + cy / (3 * area)


def main_direction(points: Sequence[Point]) -> float:
    """Angle (radians) of the right-angled frame that best fits the outline, long edges first."""
    sine = cosine = 0.0
    px, py = points[-1]
    for x, y in points:
        dx, dy = x - px, y - py
        angle = 4 * math.atan2(dy, dx)
        weight = dx * dx + dy * dy
        sine += weight * math.sin(angle)
        cosine += weight * math.cos(angle)
        px, py = x, y
    return math.atan2(sine, cosine) / 4


def polygons(blocks: Sequence[Block]) -> npt.NDArray[np.object_]:
    """The blocks as shapely polygons, in one go."""
    if not blocks:
        return np.array([], dtype=object)
    counts = [len(block.points) for block in blocks]
    points = np.array([point for block in blocks for point in block.points])
    rings = shapely.linearrings(points, indices=np.repeat(np.arange(len(blocks)), counts))
    return np.asarray(shapely.polygons(rings))
