"""The cluster pyramid: per zoom level, how many points stand in each cell and the worst of them."""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray

from desktop.map.points import BITS, PointIndex
from layers.definition import Severity

CELL_PX = 168
"""Widest size of a cluster's cell on screen; it shrinks to half before the next level takes over."""
UNKNOWN_SHARE, UNCERTAIN_SHARE = 0.5, 0.1
"""Share of members from which a whole cluster is drawn unknown, or uncertain."""


class Clusters(msgspec.Struct, frozen=True, kw_only=True):
    """The occupied cells of one level, in Morton order; arrays of length k."""

    level: int
    codes: NDArray[np.int64]
    x: NDArray[np.float64]
    """Centroid of the members, metres."""
    y: NDArray[np.float64]
    count: NDArray[np.int64]
    severity: NDArray[np.uint8]
    """Worst of the members; priority 4 (a running override) does not colour a whole cluster."""
    quality: NDArray[np.uint8]
    single: NDArray[np.int64]
    """Position in the index of the first member: the member itself where count is 1."""


def level_for(zoom: float) -> int:
    """The grid level whose cells are at most `CELL_PX` wide at that zoom."""
    return min(BITS, int(np.floor(zoom + np.log2(256.0 / CELL_PX))) + 1)


def gather(index: PointIndex, level: int, clustered: NDArray[np.bool_]) -> Clusters:
    """Cluster the shown points of some layers; `clustered` (layers,) tells which.

    Numbers of a cell come from one pass of `reduceat` over the sorted points, off the UI thread or on it.
    """
    positions = np.flatnonzero(clustered[index.layer] & index.shown) if len(index) else np.empty(0, np.int64)
    codes = index.codes[positions] >> (2 * (BITS - level))
    starts = np.flatnonzero(np.concatenate([[True], codes[1:] != codes[:-1]])) if len(codes) else positions
    if not len(starts):
        none = np.empty(0)
        return Clusters(
            level=level,
            codes=none.astype(np.int64),
            x=none,
            y=none,
            count=none.astype(np.int64),
            severity=none.astype(np.uint8),
            quality=none.astype(np.uint8),
            single=none.astype(np.int64),
        )
    count = np.diff(np.concatenate([starts, [len(codes)]]))
    quality, severity = index.quality[positions], index.severity[positions]
    unknown = np.add.reduceat((quality == 2).astype(np.int64), starts)
    uncertain = np.add.reduceat((quality >= 1).astype(np.int64), starts)
    return Clusters(
        level=level,
        codes=codes[starts],
        x=np.add.reduceat(index.x[positions], starts) / count,
        y=np.add.reduceat(index.y[positions], starts) / count,
        count=count,
        severity=np.maximum.reduceat(
            np.where(severity > Severity.INFO, severity, 0).astype(np.uint8), starts
        ),
        quality=np.where(
            unknown > UNKNOWN_SHARE * count, 2, np.where(uncertain > UNCERTAIN_SHARE * count, 1, 0)
        ).astype(np.uint8),
        single=positions[starts],
    )


def members(
    index: PointIndex, clusters: Clusters, cell: int, clustered: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Positions in the index of the points of one cell."""
    shift = 2 * (BITS - clusters.level)
    code = int(clusters.codes[cell])
    start, end = np.searchsorted(index.codes, [code << shift, (code + 1) << shift])
    inside = np.arange(start, end, dtype=np.int64)
    return inside[clustered[index.layer[inside]] & index.shown[inside]]
