"""A layer as columns: what the map draws from, a million features in a second and little memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, SupportsIndex, overload

import msgspec
import numpy as np
from numpy.typing import NDArray

CHUNK = 20_000


class StringColumn(Sequence[str]):
    """Many strings in one block of UTF-8: a million ids cost 15 MB where a list of them costs 80.

    `offsets` has one more entry than there are strings.
    """

    def __init__(self, blob: bytes, offsets: NDArray[np.int64]) -> None:
        self.blob, self.offsets = blob, offsets

    @classmethod
    def of(cls, strings: Iterable[str]) -> StringColumn:
        """Pack strings."""
        builder = _Strings()
        builder.add(list(strings))
        return builder.column()

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @overload
    def __getitem__(self, index: SupportsIndex) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: SupportsIndex | slice) -> str | list[str]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        place = index.__index__()
        if place < 0:
            place += len(self)
        if not 0 <= place < len(self):
            raise IndexError(f"string {index} of {len(self)}")
        return self.blob[self.offsets[place] : self.offsets[place + 1]].decode()

    def __iter__(self) -> Iterator[str]:
        blob = self.blob
        for start in range(0, len(self), CHUNK):
            ends = self.offsets[start : start + CHUNK + 1].tolist()
            for begin, end in pairwise(ends):
                yield blob[begin:end].decode()


class Columns(msgspec.Struct, frozen=True, eq=False):
    """n features of one layer, in the cache's order; every array has length n.

    `x`, `y`: Web Mercator metres, of a representative point for lines and polygons. `state`: index in the
    layer's states, from registry facts alone. `labels`: empty where a feature has no name of its own.
    `geometry`: WKB in EPSG:3857 or None each; None as a whole for a layer whose features are all points.
    `commune`: index in `communes` (INSEE codes; the first is the empty one, for none).
    """

    rowid: NDArray[np.int64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    state: NDArray[np.uint8]
    ids: Sequence[str]
    labels: Sequence[str]
    geometry: NDArray[np.object_] | None = None
    commune: NDArray[np.uint16] | None = None
    communes: tuple[str, ...] = ("",)

    def __len__(self) -> int:
        return len(self.rowid)


QUERY = "SELECT number, x, y, state, commune, id, label, geometry FROM feature"


def read_columns(connection: sqlite3.Connection, condition: str, arguments: Sequence[object]) -> Columns:
    """The columns of the features that meet an SQL condition on the table `feature`."""
    cursor = connection.execute(f"{QUERY} WHERE {condition}", tuple(arguments))
    gathered = _Gathered()
    while rows := cursor.fetchmany(CHUNK):
        gathered.add(rows)
    return gathered.columns()


class _Gathered:
    """Columns under construction, chunk by chunk."""

    def __init__(self) -> None:
        self._numbers: list[NDArray[np.int64]] = []
        self._places: list[NDArray[np.float64]] = []
        self._states: list[NDArray[np.uint8]] = []
        self._communes: list[NDArray[np.uint16]] = []
        self._codes: dict[str, int] = {"": 0}
        self._ids, self._labels = _Strings(), _Strings()
        self._shapes: list[bytes | None] = []
        self._shaped = False

    def add(self, rows: list[tuple[Any, ...]]) -> None:
        """Add a chunk of rows of QUERY."""
        number, x, y, state, commune, identifier, label, geometry = zip(*rows, strict=True)
        self._numbers.append(np.array(number, dtype=np.int64))
        self._places.append(np.array((x, y), dtype=np.float64))
        self._states.append(np.array(state, dtype=np.uint8))
        codes = self._codes
        for code in set(commune) - codes.keys():
            codes[code] = len(codes)
        self._communes.append(np.array([codes[code] for code in commune], dtype=np.uint16))
        before = self._ids.count
        self._ids.add(identifier)
        self._labels.add(label)
        if not self._shaped and any(geometry):
            self._shaped = True
            self._shapes = [None] * before
        if self._shaped:
            self._shapes.extend(geometry)

    def columns(self) -> Columns:
        """All that was added."""
        places = np.concatenate(self._places, axis=1) if self._places else np.empty((2, 0))
        shapes: NDArray[np.object_] | None = None
        if self._shaped or not self._numbers:
            shapes = np.empty(len(self._shapes), dtype=object)
            shapes[:] = self._shapes
        return Columns(
            rowid=np.concatenate(self._numbers or [np.empty(0, np.int64)]),
            x=places[0],
            y=places[1],
            state=np.concatenate(self._states or [np.empty(0, np.uint8)]),
            ids=self._ids.column(),
            labels=self._labels.column(),
            geometry=shapes,
            commune=np.concatenate(self._communes or [np.empty(0, np.uint16)]),
            communes=tuple(self._codes),
        )


class _Strings:
    """Packs strings chunk by chunk."""

    def __init__(self) -> None:
        self.count = 0
        self._blobs: list[bytes] = []
        self._lengths: list[NDArray[np.int64]] = []

    def add(self, strings: Sequence[str]) -> None:
        """Add a chunk."""
        joined = "".join(strings)
        blob = joined.encode()
        self._blobs.append(blob)
        if len(blob) == len(joined):
            lengths = np.fromiter(map(len, strings), dtype=np.int64, count=len(strings))
        else:
            lengths = np.fromiter((len(text.encode()) for text in strings), np.int64, count=len(strings))
        self._lengths.append(lengths)
        self.count += len(strings)

    def column(self) -> StringColumn:
        """All that was added."""
        offsets = np.zeros(self.count + 1, dtype=np.int64)
        if self._lengths:
            np.cumsum(np.concatenate(self._lengths), out=offsets[1:])
        return StringColumn(b"".join(self._blobs), offsets)
