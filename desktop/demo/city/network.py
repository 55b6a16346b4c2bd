"""The street network as a graph: junctions, curved edges, and streets of edges that continue each other."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict

import msgspec
import numpy as np
import numpy.typing as npt
import shapely

from desktop.demo.city.field import Curving
from desktop.demo.city.partition import Segment
from desktop.demo.city.plane import Floats, Geometries, Ints, transform
from desktop.demo.city.roads import RESIDENTIAL, Streets

SETBACK = 16.0
"""How far before an outline without street a dead end stops, m."""


class Network(msgspec.Struct):
    """Junctions and edges on the plane, curved. Edge arrays share their index."""

    nodes: Floats
    """Junction positions, (n, 2)."""
    start: Ints
    end: Ints
    cls: Ints
    """Index in `roads.CLASSES`."""
    street: Ints
    """Street identity, 0..len(names)-1."""
    lines: Geometries
    lengths: Floats
    degree: Ints
    names: list[str]
    """By street; empty until streets are named, but for known roads."""
    ring: npt.NDArray[np.bool_]
    """Which edges are part of a roundabout."""


def network(streets: Streets, curving: Curving) -> Network:
    """The graph of all segments, dead ends shortened, streets joined where they continue, then curved."""
    pieces = _pieces(streets.segments)
    ends = np.array([(ax, ay, bx, by) for ax, ay, bx, by, _, _ in pieces])
    codes = np.array([(cls, street) for *_, cls, street in pieces], dtype=np.int64)
    keys = np.round(ends.reshape(-1, 2) * 100).astype(np.int64)
    _, first, inverse = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    nodes = ends.reshape(-1, 2)[first]
    start, end = inverse.reshape(-1, 2).T
    keep = _distinct(start, end)
    start, end, codes = start[keep], end[keep], codes[keep]
    keep = _reached(start, end, len(nodes))
    start, end, codes = start[keep], end[keep], codes[keep]
    _pruned(codes, start, end, min(set(codes[:, 1].tolist()) - set(streets.names), default=0))
    identity = _joined(nodes, start, end, codes)
    straight = shapely.linestrings(np.stack((nodes[start], nodes[end]), axis=1))
    lines = transform(shapely.segmentize(straight, 22.0), curving)
    moved = curving(nodes)
    degree = np.bincount(np.concatenate((start, end)), minlength=len(nodes))
    unique, street = np.unique(identity, return_inverse=True)
    names = [streets.names.get(int(number), "") for number in unique]
    length, ring = shapely.length(lines), np.zeros(len(lines), dtype=bool)
    return Network(moved, start, end, codes[:, 0], street, lines, length, degree, names, ring)


def _pieces(segments: list[Segment]) -> list[tuple[float, float, float, float, int, int]]:
    """(x, y, x, y, class, street) between consecutive junctions of every segment."""
    pieces = []
    for segment in segments:
        (ax, ay), (bx, by) = segment.start, segment.end
        span = math.hypot(bx - ax, by - ay)
        if span < 0.02:
            continue
        stops = [(t, x, y) for t, x, y in sorted(segment.nodes) if 1e-9 < t < 1 - 1e-9]
        first = stops[0][0] if stops else 1.0
        last = 1 - stops[-1][0] if stops else 1.0
        back = [
            min(SETBACK, 0.4 * part * span) if loose else 0.0
            for part, loose in zip((first, last), segment.loose, strict=True)
        ]
        ux, uy = (bx - ax) / span, (by - ay) / span
        chain = [
            (ax + ux * back[0], ay + uy * back[0]),
            *((x, y) for _, x, y in stops),
            (bx - ux * back[1], by - uy * back[1]),
        ]
        pieces += [(*a, *b, segment.cls, segment.street) for a, b in itertools.pairwise(chain)]
    return pieces


def _distinct(start: Ints, end: Ints) -> npt.NDArray[np.bool_]:
    """Which edges are neither loops nor repetitions of an earlier edge."""
    low, high = np.minimum(start, end), np.maximum(start, end)
    _, first = np.unique(np.stack((low, high), axis=1), axis=0, return_index=True)
    keep = np.zeros(len(start), dtype=bool)
    keep[first] = True
    return np.asarray(keep & (start != end))


def _reached(start: Ints, end: Ints, count: int) -> npt.NDArray[np.bool_]:
    """Which edges belong to the largest connected part: no street that leads nowhere."""
    label = np.arange(count)
    while True:
        before = label.copy()
        low = np.minimum(label[start], label[end])
        np.minimum.at(label, start, low)
        np.minimum.at(label, end, low)
        label = label[label]
        if (label == before).all():
            return np.asarray(label[start] == np.argmax(np.bincount(label[start])))


def _pruned(codes: Ints, start: Ints, end: Ints, first_cut: int) -> None:
    """Make residential, in place, cut roads of a higher class that none continues at both ends."""
    while True:
        main = codes[:, 0] < RESIDENTIAL
        arms = np.bincount(
            np.concatenate((start[main], end[main])), minlength=int(max(start.max(), end.max())) + 1
        )
        stub = main & (codes[:, 1] >= first_cut) & (np.minimum(arms[start], arms[end]) == 1)
        if not stub.any():
            return
        codes[stub, 0] = RESIDENTIAL


def _joined(nodes: Floats, start: Ints, end: Ints, codes: Ints) -> Ints:
    """Street identity per edge, where cut streets that continue each other within 22 degrees are one."""
    parent = list(range(int(codes[:, 1].max()) + 1))
    sizes: dict[int, float] = defaultdict(float)
    span = np.hypot(*(nodes[end] - nodes[start]).T)
    for street, value in zip(codes[:, 1].tolist(), span.tolist(), strict=True):
        sizes[street] += value

    def root(street: int) -> int:
        while parent[street] != street:
            parent[street] = parent[parent[street]]
            street = parent[street]
        return street

    around: dict[int, list[tuple[float, float, int]]] = defaultdict(list)
    headings = (nodes[end] - nodes[start]) / np.maximum(span, 1e-6)[:, None]
    for u, v, (dx, dy), (cls, street) in zip(
        start.tolist(), end.tolist(), headings.tolist(), codes.tolist(), strict=True
    ):
        if cls >= RESIDENTIAL - 1:
            around[u].append((dx, dy, street))
            around[v].append((-dx, -dy, street))
    for arms in around.values():
        for i, (ax, ay, first) in enumerate(arms):
            for bx, by, second in arms[i + 1 :]:
                a, b = root(first), root(second)
                if a != b and ax * bx + ay * by < -0.927 and sizes[a] + sizes[b] < 1100:
                    parent[max(a, b)] = min(a, b)
                    sizes[min(a, b)] = sizes[a] + sizes[b]
    return np.array([root(street) for street in codes[:, 1].tolist()], dtype=np.int64)
