"""Roundabouts where main roads meet outside the centre: the edges stop at a ring that joins them."""

from __future__ import annotations

import math
from collections import defaultdict

import msgspec
import numpy as np
import shapely
import shapely.ops
from shapely.geometry.base import BaseGeometry

from desktop.demo.city.network import Network
from desktop.demo.city.plane import Floats, Ints
from desktop.demo.city.roads import PRIMARY, SECONDARY, TERTIARY

CENTRE, APART = 1_500.0, 280.0
"""None nearer than this to the old town, nor to each other, m."""
WIDE, NARROW = 20.0, 15.0
"""Radius of the ring on roads down to secondary, and on lesser ones, m."""

Arm = tuple[int, bool]
"""An edge and whether it starts at the node."""


def with_roundabouts(net: Network, avoided: BaseGeometry, share: float, seed: int) -> Network:
    """The network with about `share` of the fitting crossings made roundabouts, none within `avoided`."""
    arms = _arms(net)
    rng = np.random.default_rng(seed + 801)
    shapely.prepare(avoided)
    chosen: list[int] = []
    for node in sorted(arms, key=lambda it: (min(int(net.cls[edge]) for edge, _ in arms[it]), it)):
        where = net.nodes[node]
        apart = not chosen or np.hypot(*(net.nodes[chosen] - where).T).min() > APART
        if (
            apart
            and _fits(net, arms[node])
            and not shapely.contains_xy(avoided, *where)
            and rng.random() < share
        ):
            chosen.append(node)
    return _Rings(net).cut([(node, arms[node]) for node in chosen])


def _arms(net: Network) -> dict[int, list[Arm]]:
    """The edges at every node where three main roads or more meet, far enough from the old town."""
    main = (net.cls >= PRIMARY) & (net.cls <= TERTIARY)
    count = np.bincount(np.concatenate((net.start[main], net.end[main])), minlength=len(net.nodes))
    fit = (count >= 3) & (net.degree <= 5) & (np.hypot(*net.nodes.T) > CENTRE)
    arms: dict[int, list[Arm]] = defaultdict(list)
    for ends, forward in ((net.start, True), (net.end, False)):
        for edge in np.flatnonzero(fit[ends]).tolist():
            arms[int(ends[edge])].append((edge, forward))
    return arms


def _fits(net: Network, arms: list[Arm]) -> bool:
    classes = [int(net.cls[edge]) for edge, _ in arms]
    return min(classes) >= PRIMARY and min(float(net.lengths[edge]) for edge, _ in arms) > 2.6 * WIDE


class _Rings:
    """A copy of a network in which crossings are replaced one by one."""

    def __init__(self, net: Network) -> None:
        self._net = net
        self._start, self._end = net.start.copy(), net.end.copy()
        self._lines = net.lines.copy()
        self._nodes: list[Floats] = []
        self._added: list[tuple[int, int, int, int, BaseGeometry]] = []
        """(start, end, class, street, line) of the ring edges."""

    def cut(self, crossings: list[tuple[int, list[Arm]]]) -> Network:
        """The network in which each crossing (node, arms) is a ring."""
        for number, (node, arms) in enumerate(crossings):
            self._cut(node, arms, len(self._net.names) + number)
        if not self._added:
            return self._net
        net, added = self._net, self._added
        start = np.concatenate((self._start, [it[0] for it in added]))
        end = np.concatenate((self._end, [it[1] for it in added]))
        lines = np.concatenate((self._lines, np.array([it[4] for it in added], dtype=object)))
        nodes = np.vstack([net.nodes, *self._nodes])
        return msgspec.structs.replace(
            net,
            nodes=nodes,
            start=start,
            end=end,
            lines=lines,
            lengths=shapely.length(lines),
            cls=np.concatenate((net.cls, [it[2] for it in added])),
            street=np.concatenate((net.street, [it[3] for it in added])),
            degree=np.bincount(np.concatenate((start, end)), minlength=len(nodes)),
            ring=np.arange(len(start)) >= len(self._start),
            names=[*net.names, *("" for _ in crossings)],
        )

    def _cut(self, node: int, arms: list[Arm], street: int) -> None:
        centre = self._net.nodes[node]
        classes = sorted(int(self._net.cls[edge]) for edge, _ in arms)
        radius = WIDE if classes[0] <= SECONDARY else NARROW
        corners: list[tuple[float, int, Floats]] = []
        for edge, forward in arms:
            line = self._lines[edge]
            reach = float(shapely.length(line))
            part = (radius, reach) if forward else (0.0, reach - radius)
            kept = shapely.ops.substring(line, *part)
            self._lines[edge] = kept
            point = shapely.get_coordinates(kept)[0 if forward else -1]
            number = len(self._net.nodes) + len(self._nodes)
            (self._start if forward else self._end)[edge] = number
            self._nodes.append(point[None])
            corners.append((math.atan2(*(point - centre)[::-1]), number, point))
        corners.sort(key=lambda corner: corner[0])
        for (angle, first, a), (other, second, b) in zip(corners, [*corners[1:], corners[0]], strict=True):
            turn = (other - angle) % (2 * math.pi)
            self._added.append((first, second, min(classes[0], TERTIARY), street, _arc(centre, a, b, turn)))


def _arc(centre: Floats, a: Floats, b: Floats, turn: float) -> BaseGeometry:
    """The ring from point `a` to `b`, turning left by `turn` radians around `centre`."""
    t = np.linspace(0, 1, max(3, round(turn / 0.35)))
    begin = math.atan2(a[1] - centre[1], a[0] - centre[0])
    radius = np.hypot(*(a - centre)) * (1 - t) + np.hypot(*(b - centre)) * t
    angle = begin + turn * t
    points = centre + radius[:, None] * np.column_stack((np.cos(angle), np.sin(angle)))
    points[0], points[-1] = a, b
    return shapely.LineString(points)


def rings(net: Network) -> Ints:
    """Nodes on a roundabout."""
    return np.unique(np.concatenate((net.start[net.ring], net.end[net.ring])))
