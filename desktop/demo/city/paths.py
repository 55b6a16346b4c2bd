"""Shortest ways on the main roads of the network, for transit lines and snow routes."""

from __future__ import annotations

import heapq

import numpy as np
import shapely

from desktop.demo.city.network import Network
from desktop.demo.city.plane import Floats, Ints
from desktop.demo.city.roads import PRIMARY, TERTIARY

COST = (1.2, 1.2, 1.0, 1.0, 1.08, 1.5)


class MainGraph:
    """Adjacency of the main roads, cached search state being local to each call."""

    def __init__(self, net: Network, deepest: int = TERTIARY) -> None:
        self._net = net
        self._around: dict[int, list[tuple[int, int, float]]] = {}
        for edge in np.flatnonzero((net.cls >= PRIMARY) & (net.cls <= deepest)).tolist():
            u, v = int(net.start[edge]), int(net.end[edge])
            cost = float(net.lengths[edge]) * COST[int(net.cls[edge])]
            self._around.setdefault(u, []).append((v, edge, cost))
            self._around.setdefault(v, []).append((u, edge, cost))
        self._nodes = np.array(sorted(self._around))
        self._tree = shapely.STRtree(shapely.points(net.nodes[self._nodes]))

    def nearest(self, where: Floats) -> int:
        """The main-road node nearest to a plane point (2,)."""
        return int(self._nodes[int(self._tree.nearest(shapely.Point(where)))])

    def way(self, start: int, end: int) -> list[tuple[int, bool]]:
        """Edges from `start` to `end`, each with whether it is followed from its own start; empty if none."""
        best = {start: 0.0}
        came: dict[int, tuple[int, int]] = {}
        target = self._net.nodes[end]
        queue: list[tuple[float, int]] = [(0.0, start)]
        done: set[int] = set()
        while queue:
            _, node = heapq.heappop(queue)
            if node == end:
                break
            if node in done:
                continue
            done.add(node)
            for other, edge, cost in self._around[node]:
                through = best[node] + cost
                if through < best.get(other, np.inf):
                    best[other] = through
                    came[other] = (node, edge)
                    left = float(np.hypot(*(self._net.nodes[other] - target)))
                    heapq.heappush(queue, (through + left, other))
        return self._back(start, end, came)

    def _back(self, start: int, end: int, came: dict[int, tuple[int, int]]) -> list[tuple[int, bool]]:
        steps: list[tuple[int, bool]] = []
        node = end
        while node != start:
            if node not in came:
                return []
            before, edge = came[node]
            steps.append((edge, int(self._net.start[edge]) == before))
            node = before
        return steps[::-1]

    def points(self, way: list[tuple[int, bool]]) -> Floats:
        """Plane vertices (n, 2) along a way."""
        parts = []
        for edge, forward in way:
            line = shapely.get_coordinates(self._net.lines[edge])
            parts.append((line if forward else line[::-1])[:-1])
        edge, forward = way[-1]
        last = shapely.get_coordinates(self._net.lines[edge])[-1 if forward else 0]
        return np.vstack([*parts, last[None]])


def edges_of(way: list[tuple[int, bool]]) -> Ints:
    """The edges of a way, in order."""
    return np.array([edge for edge, _ in way], dtype=np.int64)
