"""A layer as columns: what the map draws from, a million features in a second and little memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise
from typing import SupportsIndex, overload

import msgspec
import numpy as np
from numpy.typing import NDArray

CHUNK = 20_000
SEPARATOR = "\x1f"


class StringColumn(Sequence[str]):
    """Many strings in one block of UTF-8: a million ids cost 15 MB where a list of them costs 80.

    `offsets` has one more entry than there are strings.
    """

    def __init__(self, blob: bytes, offsets: NDArray[np.int64]) -> None:
        self.blob, self.offsets = blob, offsets

    @classmethod
    def of(cls, strings: Iterable[str]) -> StringColumn:
        """Pack strings."""
        encoded = [string.encode() for string in strings]
        offsets = np.zeros(len(encoded) + 1, dtype=np.int64)
        np.cumsum([len(each) for each in encoded], out=offsets[1:])
        return cls(b"".join(encoded), offsets)

    @classmethod
    def split(cls, joined: bytes, count: int) -> StringColumn:
        """Take apart `count` strings joined by SEPARATOR. Raises ValueError when one of them holds it."""
        characters = np.frombuffer(joined, dtype=np.uint8)
        inner = np.flatnonzero(characters == ord(SEPARATOR))
        if len(inner) != max(0, count - 1):
            raise ValueError("a string holds the separator")
        offsets = np.zeros(count + 1, dtype=np.int64)
        offsets[1:-1] = inner - np.arange(len(inner))
        offsets[-1] = len(joined) - len(inner)
        return cls(characters[characters != ord(SEPARATOR)].tobytes(), offsets)

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


LAYER = "feature WHERE number >= ? AND number < ?"
"""All of a layer, given its span of row ids."""
SOME = "(SELECT * FROM feature WHERE layer = ? AND id IN (SELECT value FROM json_each(?)) ORDER BY number)"
"""Some of a layer, given its code and a JSON list of ids."""


def read_columns(connection: sqlite3.Connection, source: str, given: tuple[object, ...]) -> Columns:
    """The columns of `source` (LAYER or SOME, with what it is given), by row id.

    Strings are joined by SQLite and numbers go to NumPy one by one: no list of a million tuples is made,
    which would take twice the time in the garbage collector alone.
    """
    rows = connection.execute(f"SELECT number, x, y, state FROM {source}", given)
    numbers = np.fromiter(chain.from_iterable(rows), dtype=np.float64).reshape(-1, 4)
    ids, labels, communes = _strings(connection, source, given, len(numbers))
    codes, commune = _coded(communes)
    return Columns(
        rowid=numbers[:, 0].astype(np.int64),
        x=numbers[:, 1].copy(),
        y=numbers[:, 2].copy(),
        state=numbers[:, 3].astype(np.uint8),
        ids=ids,
        labels=labels,
        geometry=_geometry(connection, source, given, numbers[:, 0]),
        commune=commune,
        communes=codes,
    )


def _strings(
    connection: sqlite3.Connection, source: str, given: tuple[object, ...], count: int
) -> list[StringColumn]:
    """Ids, labels and communes."""
    names = ("id", "label", "commune")
    joined = ", ".join(f"CAST(group_concat({name}, char({ord(SEPARATOR)})) AS BLOB)" for name in names)
    blobs = connection.execute(f"SELECT {joined} FROM {source}", given).fetchone()
    try:
        return [StringColumn.split(blob or b"", count) for blob in blobs]
    except ValueError:
        rows = connection.execute(f"SELECT {', '.join(names)} FROM {source}", given).fetchall()
        return [StringColumn.of(row[i] for row in rows) for i in range(len(names))]


def _coded(strings: StringColumn) -> tuple[tuple[str, ...], NDArray[np.uint16]]:
    """The distinct strings, the empty one first, and the place of each string among them."""
    codes = {"": 0}
    places = np.fromiter((codes.setdefault(each, len(codes)) for each in strings), np.uint16, len(strings))
    return tuple(codes), places


def _geometry(
    connection: sqlite3.Connection, source: str, given: tuple[object, ...], numbers: NDArray[np.float64]
) -> NDArray[np.object_] | None:
    """WKB of each feature; None when there are features and all of them are points."""
    shapes = np.empty(len(numbers), dtype=object)
    if len(numbers):
        bounds = "SELECT 1 FROM feature_bounds WHERE number BETWEEN ? AND ? LIMIT 1"
        if connection.execute(bounds, (int(numbers[0]), int(numbers[-1]))).fetchone() is None:
            return None
        shapes[:] = [shape for (shape,) in connection.execute(f"SELECT geometry FROM {source}", given)]
    return shapes
