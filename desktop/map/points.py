"""All standing point features of the map, sorted along a Z-order curve.

Sorting by Morton code (G. M. Morton, 1966) makes every cell of every zoom a run of consecutive points: a
viewport is a handful of `searchsorted` slices, and a cluster pyramid is one `reduceat` per level.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from desktop.map.viewport import Bounds
from desktop.mercator import WORLD
from desktop.work.assets import LayerTable

Int = NDArray[np.int64]
Float = NDArray[np.float64]
Scalar = TypeVar("Scalar", bound=np.generic)

BITS = 26
"""Finest grid: 2**26 cells across the world, 0.6 m."""
DENSE = 5000
"""A layer with more points than this is only looked at through the grid."""
DOT_PX = 4.5
"""Dots of a dense layer are thinned to one per cell of this size: more could not be told apart."""
SPREAD_LEVELS = range(17, 24)
"""Grid levels at which dots are thinned, zoom 11 to 17."""


def cells(coordinate: Float, level: int) -> Int:
    """Column (or row, from the south) of the grid of 2**level cells across the world."""
    scaled = (coordinate / WORLD + 0.5) * (1 << level)
    return np.clip(scaled, 0, (1 << level) - 1).astype(np.int64)


def interleave(columns: Int, rows: Int) -> Int:
    """Morton codes of grid cells: bits of the row and the column alternate."""
    return _spread(columns) | (_spread(rows) << 1)


def _spread(value: Int) -> Int:
    value = value & 0x7FFFFFFF
    for shift, mask in (
        (16, 0x0000FFFF0000FFFF),
        (8, 0x00FF00FF00FF00FF),
        (4, 0x0F0F0F0F0F0F0F0F),
        (2, 0x3333333333333333),
        (1, 0x5555555555555555),
    ):
        value = (value | (value << shift)) & mask
    return value


class PointIndex:
    """Points of several layers in one sorted set of columns, each of length n.

    ``x``, ``y`` metres; ``layer`` uint8 place in `names`; ``row`` the row in that layer's table; ``state``,
    ``quality``, ``severity`` as in the tables; ``shown`` False where a filter hides. Built off the UI thread,
    then written to by the UI thread only.
    """

    def __init__(self, tables: Sequence[LayerTable]) -> None:
        self.tables = list(tables)
        self.names = [table.definition.id for table in tables]
        self.sizes = [len(table) for table in tables]
        self.starts = np.concatenate([[0], np.cumsum(self.sizes)]).astype(np.int64)
        x = _joined([table.x for table in tables], np.float64)
        y = _joined([table.y for table in tables], np.float64)
        codes = interleave(cells(x, BITS), cells(y, BITS))
        order = np.argsort(codes, kind="stable")
        self.codes = codes[order]
        self.x, self.y = x[order], y[order]
        layer = np.repeat(np.arange(len(tables), dtype=np.uint8), self.sizes)
        row = _joined([np.arange(size, dtype=np.int32) for size in self.sizes], np.int32)
        self.layer, self.row = layer[order], row[order]
        self._place = np.empty(len(order), dtype=np.int32)
        self._place[order] = np.arange(len(order), dtype=np.int32)
        self.state = np.zeros(len(order), dtype=np.uint8)
        self.quality = np.zeros(len(order), dtype=np.uint8)
        self.severity = np.zeros(len(order), dtype=np.uint8)
        self.shown = np.ones(len(order), dtype=bool)
        sparse = np.array([size <= DENSE for size in self.sizes], dtype=bool)
        self.sparse = np.flatnonzero(sparse[self.layer]) if len(order) else np.empty(0, dtype=np.int64)
        self.dense = ~sparse
        self._spread_out: dict[int, tuple[Int, Int]] = {}
        self.version = 0
        self._abnormal: Int | None = None
        self._doubtful: Int | None = None
        for table in tables:
            self.refresh(table, None)

    def __len__(self) -> int:
        return len(self.x)

    def refresh(self, table: LayerTable, rows: Int | None) -> None:
        """Take over state, quality and filter of some rows of a table, or of all."""
        if table.definition.id not in self.names:
            return
        number = self.names.index(table.definition.id)
        if self.tables[number] is not table:
            return  # a newer table, whose own index is being built
        start = int(self.starts[number])
        if rows is None:
            places, chosen = self._place[start : start + len(table)], slice(None)
            shown = np.ones(len(table), dtype=bool) if table.mask is None else table.mask
            if not np.array_equal(self.shown[places], shown):
                self.shown[places] = shown
                self._spread_out.clear()
        else:
            places, chosen = self._place[start + rows], rows  # type: ignore[assignment]
        state = table.state[chosen]
        self.state[places] = state
        self.quality[places] = table.quality[chosen]
        self.severity[places] = table.severities[state]
        self._abnormal = self._doubtful = None
        self.version += 1

    @property
    def doubtful(self) -> Int:
        """Positions of points in order whose quality is not good."""
        if self._doubtful is None:
            self._doubtful = np.flatnonzero((self.quality > 0) & (self.severity == 0))
        return self._doubtful

    @property
    def abnormal(self) -> Int:
        """Positions of points whose severity is above normal."""
        if self._abnormal is None:
            self._abnormal = np.flatnonzero(self.severity)
        return self._abnormal

    def within(self, bounds: Bounds) -> Int:
        """Positions of the points in the grid cells that cover `bounds`; a few lie outside."""
        return expand(self.runs(bounds, self.codes, BITS))

    def count_within(self, bounds: Bounds) -> int:
        """How many points `within` would return, without listing them."""
        runs = self.runs(bounds, self.codes, BITS)
        return int((runs[:, 1] - runs[:, 0]).sum())

    def spread_out(self, zoom: float, bounds: Bounds, most: int = 1 << 60) -> Int:
        """Positions of points of dense layers within `bounds`, one per cell of `DOT_PX` or a little more.

        The cells grow until there are at most `most` of them.
        """
        level = min(SPREAD_LEVELS[-1], int(zoom + np.log2(256 / DOT_PX)))
        for coarser in range(level, 0, -1):
            positions, codes = self.prepare_spread(coarser)
            runs = self.runs(bounds, codes, coarser)
            if int((runs[:, 1] - runs[:, 0]).sum()) <= most:
                return positions[expand(runs)]
        return np.empty(0, dtype=np.int64)

    def prepare_spread(self, level: int) -> tuple[Int, Int]:
        """Each dense layer's first shown point of each cell of a grid level, and the cells' codes."""
        known = self._spread_out.get(level)
        if known is None:
            finer = self._spread_out.get(level + 1)
            among = np.flatnonzero(self.shown & self.dense[self.layer]) if finer is None else finer[0]
            parts = [self._firsts(number, level, among) for number in np.flatnonzero(self.dense).tolist()]
            positions = parts[0] if len(parts) == 1 else np.sort(_joined(parts, np.int64))
            known = (positions, self.codes[positions] >> (2 * (BITS - level)))
            self._spread_out[level] = known
        return known

    def _firsts(self, number: int, level: int, among: Int) -> Int:
        positions = among[self.layer[among] == number]
        codes = self.codes[positions] >> (2 * (BITS - level))
        first = np.ones(len(codes), dtype=bool)
        first[1:] = codes[1:] != codes[:-1]
        kept: Int = positions[first]
        return kept

    @staticmethod
    def runs(bounds: Bounds, codes: Int, level: int) -> Int:
        """Start and end, shape (k, 2), of the runs of sorted `codes` (of grid `level`) that cover bounds."""
        west, south, east, north = bounds
        coarse = min(level, max(1, int(np.floor(np.log2(WORLD / max(east - west, north - south, 1e-6)))) + 3))
        columns = cells(np.array([west, east]), coarse)
        rows = cells(np.array([south, north]), coarse)
        grid_x, grid_y = np.meshgrid(
            np.arange(columns[0], columns[1] + 1), np.arange(rows[0], rows[1] + 1), indexing="ij"
        )
        prefixes = np.sort(interleave(grid_x.ravel(), grid_y.ravel()))
        shift = 2 * (level - coarse)
        start = np.searchsorted(codes, prefixes << shift)
        end = np.searchsorted(codes, (prefixes + 1) << shift)
        runs: Int = np.stack([start, end], axis=1)[end > start]
        return runs


def expand(runs: Int) -> Int:
    """The indices in several runs, shape (k, 2), one after the other."""
    if not len(runs):
        return np.empty(0, dtype=np.int64)
    lengths = runs[:, 1] - runs[:, 0]
    offsets = np.repeat(runs[:, 0] - np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths)
    positions: Int = np.arange(int(lengths.sum()), dtype=np.int64) + offsets
    return positions


def _joined(parts: Sequence[NDArray[Scalar]], dtype: type[Scalar]) -> NDArray[Scalar]:
    return np.concatenate(parts) if parts else np.empty(0, dtype=dtype)


def build(tables: Mapping[str, LayerTable]) -> PointIndex:
    """Index every standing point layer; moving ones are drawn from their tables directly."""
    standing = [t for t in tables.values() if t.definition.geometry == "point" and not t.definition.moving]
    index = PointIndex(standing)
    for level in reversed(SPREAD_LEVELS):
        index.prepare_spread(level)
    return index
