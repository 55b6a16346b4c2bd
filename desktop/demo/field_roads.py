"""Ways that simulated vehicles follow: along a drawn course, or over the road graph."""

from __future__ import annotations

import heapq
import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING

import numpy as np

from desktop.mercator import ground_scale

if TYPE_CHECKING:
    from desktop.demo.city.model import RoadGraph

CLASS_SPEEDS = (25.0, 22.0, 13.0, 12.0, 10.5, 7.5)
"""Usual speed by road class, motorway to residential, m/s."""
HOPED_SPEED = 14.0
"""Speed at which a search hopes to cover what is left, m/s: below the motorway's, so that ways are quick to
find, if now and then a little longer than the best."""
MAX_EXPANDED = 6_000
"""Junctions a search looks at before it settles for the one nearest to where it wanted to go."""


class Path:
    """A line to follow, measured in ground metres from its start.

    `points` are Web Mercator, two or more; `speeds` one per stretch between them, m/s.
    """

    def __init__(self, points: Sequence[tuple[float, float]], speeds: Sequence[float]) -> None:
        self._points, self._speeds = points, speeds
        scale = ground_scale(points[0][1])
        self._reach = [0.0]
        for (ax, ay), (bx, by) in pairwise(points):
            self._reach.append(self._reach[-1] + scale * math.hypot(bx - ax, by - ay))

    @property
    def length(self) -> float:
        """Ground metres."""
        return self._reach[-1]

    def at(self, distance: float) -> tuple[float, float, float]:
        """(x, y, heading in degrees clockwise from north) at a distance from the start."""
        i = self._stretch(distance)
        (ax, ay), (bx, by) = self._points[i], self._points[i + 1]
        span = self._reach[i + 1] - self._reach[i]
        share = min(1.0, max(0.0, (distance - self._reach[i]) / span)) if span > 0 else 0.0
        heading = math.degrees(math.atan2(bx - ax, by - ay)) % 360
        return ax + share * (bx - ax), ay + share * (by - ay), heading

    def speed(self, distance: float) -> float:
        """Usual speed there, m/s."""
        return self._speeds[self._stretch(distance)]

    def stretch_end(self, distance: float) -> float:
        """Distance from the start at which the stretch that begins or lies there ends."""
        return self._reach[self._stretch(distance) + 1]

    def locate(self, x: float, y: float) -> float:
        """Distance from the start of the vertex nearest to a position."""
        gaps = [math.hypot(px - x, py - y) for px, py in self._points]
        return self._reach[gaps.index(min(gaps))]

    def _stretch(self, distance: float) -> int:
        return min(max(bisect_right(self._reach, distance) - 1, 0), len(self._points) - 2)


class Roads:
    """The road graph, ready to be searched."""

    def __init__(self, graph: RoadGraph) -> None:
        self._graph = graph
        self._nodes = graph.nodes
        self._around: list[list[tuple[int, int, float]]] = [[] for _ in range(len(graph.nodes))]
        speeds = np.array(CLASS_SPEEDS)[graph.cls]
        for edge, (u, v, seconds) in enumerate(
            zip(graph.start.tolist(), graph.end.tolist(), (graph.length / speeds).tolist(), strict=True)
        ):
            self._around[u].append((v, edge, seconds))
            self._around[v].append((u, edge, seconds))
        self._scale = ground_scale(float(graph.nodes[0, 1])) if len(graph.nodes) else 1.0

    def __len__(self) -> int:
        return len(self._around)

    def nearest(self, x: float, y: float) -> int:
        """The junction nearest to a position."""
        return int(np.argmin(np.hypot(self._nodes[:, 0] - x, self._nodes[:, 1] - y)))

    def place(self, node: int) -> tuple[float, float]:
        """Web Mercator position of a junction."""
        x, y = self._nodes[node].tolist()
        return x, y

    def somewhere(self, rng: Random, node: int, least: float, most: float) -> int:
        """A junction between `least` and `most` ground metres away; the same one when chance finds none."""
        x, y = self.place(node)
        for _ in range(60):
            other = rng.randrange(len(self))
            ox, oy = self.place(other)
            if least <= self._scale * math.hypot(ox - x, oy - y) <= most:
                return other
        return node

    def way(self, start: int, end: int) -> tuple[Path, int] | None:
        """A quick way, and the junction it leads to; None when it leads nowhere.

        A* over travel times; past `MAX_EXPANDED` junctions it leads as near to the end as was found.
        """
        ex, ey = self.place(end)

        def left(node: int) -> float:
            x, y = self.place(node)
            return self._scale * math.hypot(ex - x, ey - y) / HOPED_SPEED

        best, came = {start: 0.0}, {start: (start, -1)}
        queue = [(left(start), start)]
        done: set[int] = set()
        nearest = (left(start), start)
        while queue and len(done) < MAX_EXPANDED:
            _, node = heapq.heappop(queue)
            if node in done:
                continue
            done.add(node)
            nearest = min(nearest, (left(node), node))
            if node == end:
                break
            for other, edge, seconds in self._around[node]:
                through = best[node] + seconds
                if through < best.get(other, math.inf):
                    best[other], came[other] = through, (node, edge)
                    heapq.heappush(queue, (through + left(other), other))
        arrived = nearest[1]
        return None if arrived == start else (self._path(arrived, came), arrived)

    def _path(self, end: int, came: dict[int, tuple[int, int]]) -> Path:
        steps: list[tuple[int, int]] = []
        node = end
        while came[node][1] >= 0:
            before, edge = came[node]
            steps.append((before, edge))
            node = before
        points, speeds = [self.place(node)], []
        for before, edge in reversed(steps):
            line = self._graph.line(edge).tolist()
            forward = int(self._graph.start[edge]) == before
            along: Iterable[list[float]] = line[1:] if forward else line[-2::-1]
            for x, y in along:
                points.append((x, y))
                speeds.append(CLASS_SPEEDS[int(self._graph.cls[edge])])
        return Path(points, speeds)
