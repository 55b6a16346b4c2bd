"""The basemap package: one indexed SQLite file holding the shapes a basemap is drawn from.

It is written once (by the demo city, or from OpenStreetMap) and then only read. The index has a third
axis, zoom, so that a far view never touches the shapes of a near one.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import shapely

POLYGONS = ("water", "green", "farmland", "built", "industrial", "building")
LINES = (
    "river", "stream", "canal", "motorway", "trunk", "primary", "secondary", "tertiary",
    "residential", "service", "path", "rail", "tram", "boundary",
)  # fmt: skip
POINTS = ("place",)
CLASSES = POLYGONS + LINES + POINTS

Bounds = tuple[float, float, float, float]
"""West, south, east, north in Web Mercator metres."""
Row = tuple[str, str, int, bytes]
"""Class, name, rank and WKB (little-endian, two dimensions, EPSG:3857) of one shape."""

APPLICATION_ID = 0x56494731
FORMAT = 1
BATCH = 20_000

SCHEMA = """
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE shape (id INTEGER PRIMARY KEY, cls INTEGER NOT NULL, name TEXT NOT NULL,
                        rank INTEGER NOT NULL, wkb BLOB NOT NULL);
    CREATE VIRTUAL TABLE shape_index USING rtree(id, west, east, south, north, zmin, zmax);
    CREATE TABLE street (name TEXT NOT NULL, commune TEXT NOT NULL, x REAL NOT NULL, y REAL NOT NULL,
                         west REAL NOT NULL, south REAL NOT NULL, east REAL NOT NULL, north REAL NOT NULL);
"""


NAME_OF_CLASS = " ".join(f"WHEN {code} THEN '{name}'" for code, name in enumerate(CLASSES))


class BasemapError(Exception):
    """A basemap package that cannot be written or read; the message is one line."""


class Shape(msgspec.Struct, frozen=True, gc=False):
    """A shapely geometry in EPSG:3857, of one of CLASSES, drawn at zooms in [zmin, zmax).

    `rank` orders places: 1 city, 2 large towns, 3 communes, 4 quarters.
    """

    cls: str
    geometry: Any
    name: str = ""
    rank: int = 0
    zmin: float = 0.0
    zmax: float = 24.0


class Street(msgspec.Struct, frozen=True, gc=False):
    """A named street for the search: where to point and what to fit, in EPSG:3857 metres."""

    name: str
    commune: str
    x: float
    y: float
    bounds: Bounds


def write_package(
    path: Path,
    shapes: Iterable[Shape],
    *,
    meta: Mapping[str, str],
    streets: Iterable[Street] = (),
    progress: Callable[[int], None] | None = None,
) -> int:
    """Write a package and return its number of shapes; the file appears complete or not at all.

    `meta` should name `title` and `attribution`. `progress` is told the number of shapes written so far.
    Empty geometries are left out. Raises BasemapError for an unknown class or a file that cannot be written.
    """
    partial = path.with_name(f"{path.name}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.unlink(missing_ok=True)
        with contextlib.closing(sqlite3.connect(partial, isolation_level=None)) as connection:
            written = _fill(connection, shapes, meta, streets, progress)
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        partial.replace(path)
    except (OSError, sqlite3.Error) as error:
        raise BasemapError(f"{path}: the basemap package cannot be written: {error}") from error
    finally:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
    return written


def _fill(
    connection: sqlite3.Connection,
    shapes: Iterable[Shape],
    meta: Mapping[str, str],
    streets: Iterable[Street],
    progress: Callable[[int], None] | None,
) -> int:
    """Write everything in one transaction and return the number of shapes."""
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {FORMAT}")
    connection.executescript(SCHEMA)
    connection.execute("BEGIN")
    written = 0
    extent = np.array([np.inf, np.inf, -np.inf, -np.inf])
    for batch in _batches(shapes):
        count, bounds = _insert(connection, batch, written)
        written += count
        extent[:2] = np.minimum(extent[:2], bounds[:2])
        extent[2:] = np.maximum(extent[2:], bounds[2:])
        if progress is not None:
            progress(written)
    known = {**meta, "bounds": " ".join(map(repr, extent.tolist()))} if written else dict(meta)
    connection.executemany("INSERT INTO meta VALUES (?, ?)", known.items())
    rows = ((street.name, street.commune, street.x, street.y, *street.bounds) for street in streets)
    connection.executemany("INSERT INTO street VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
    connection.execute("COMMIT")
    return written


def _batches(shapes: Iterable[Shape]) -> Iterator[list[Shape]]:
    """The shapes by handfuls, so that a region is written in bounded memory."""
    source = iter(shapes)
    while batch := list(islice(source, BATCH)):
        yield batch


def _insert(connection: sqlite3.Connection, batch: Sequence[Shape], offset: int) -> tuple[int, np.ndarray]:
    """Insert one batch; its count and bounds (infinite when nothing was kept)."""
    codes = {name: code for code, name in enumerate(CLASSES)}
    unknown = next((shape.cls for shape in batch if shape.cls not in codes), None)
    if unknown is not None:
        raise BasemapError(f"unknown basemap class {unknown!r}: use one of {', '.join(CLASSES)}")
    geometries = np.empty(len(batch), dtype=object)
    geometries[:] = [shape.geometry for shape in batch]
    bounds = shapely.bounds(geometries)
    keep = np.flatnonzero(np.isfinite(bounds).all(axis=1))
    if not len(keep):
        return 0, np.array([np.inf, np.inf, -np.inf, -np.inf])
    wkb = shapely.to_wkb(geometries[keep], output_dimension=2, byte_order=1, include_srid=False)
    kept = [batch[index] for index in keep.tolist()]
    ids = range(offset + 1, offset + 1 + len(kept))
    connection.executemany(
        "INSERT INTO shape VALUES (?, ?, ?, ?, ?)",
        (
            (row, codes[shape.cls], shape.name, shape.rank, data)
            for row, shape, data in zip(ids, kept, wkb, strict=True)
        ),
    )
    connection.executemany(
        "INSERT INTO shape_index VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            (row, west, east, south, north, shape.zmin, shape.zmax)
            for row, shape, (west, south, east, north) in zip(ids, kept, bounds[keep].tolist(), strict=True)
        ),
    )
    low, high = bounds[keep, :2].min(axis=0), bounds[keep, 2:].max(axis=0)
    return len(kept), np.concatenate([low, high])


class BasemapPackage:
    """A package opened for reading; queries belong to one thread at a time.

    Raises BasemapError, one line, for a file that is missing, damaged or something else.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        try:
            self._connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
        except sqlite3.Error as error:
            raise BasemapError(f"{path}: the basemap package cannot be opened: {error}") from error
        try:
            self.meta = self._read_meta()
            self.bounds = self._read_bounds()
        except BasemapError:
            self.close()
            raise
        self.attribution = self.meta.get("attribution", "")

    def _read_meta(self) -> Mapping[str, str]:
        found = self._rows("PRAGMA application_id")[0][0]
        if found != APPLICATION_ID:
            raise BasemapError(f"{self.path}: this SQLite file is not a Vigie basemap package")
        version = self._rows("PRAGMA user_version")[0][0]
        if version != FORMAT:
            raise BasemapError(f"{self.path}: basemap format {version}, not {FORMAT}: build it again")
        return dict(self._rows("SELECT key, value FROM meta"))

    def _read_bounds(self) -> Bounds:
        try:
            west, south, east, north = map(float, self.meta.get("bounds", "0 0 0 0").split())
        except ValueError as error:
            raise self._damaged("bounds") from error
        return west, south, east, north

    def _rows(self, sql: str, values: Sequence[object] = ()) -> list[Any]:
        try:
            return self._connection.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise self._damaged(str(error)) from error

    def _damaged(self, what: str) -> BasemapError:
        return BasemapError(f"{self.path}: the basemap package is damaged ({what}): build it again")

    def query(
        self, bounds: Bounds, zoom: float, classes: Iterable[str] = CLASSES, *, named: bool = False
    ) -> list[Row]:
        """The shapes that touch `bounds` (metres) at that zoom, in the order they were written.

        With `named`, only those with a name, without reading the geometry of the others.
        """
        codes = [CLASSES.index(name) for name in classes]
        west, south, east, north = bounds
        rows: list[Row] = self._rows(
            f"SELECT CASE cls {NAME_OF_CLASS} END, name, rank, wkb FROM shape_index JOIN shape USING (id)"
            " WHERE west <= ? AND east >= ?"
            " AND south <= ? AND north >= ? AND zmin <= ? AND zmax > ?"
            f" AND cls IN ({', '.join('?' * len(codes))}) {'AND name <> ?' if named else ''} ORDER BY id",
            (east, west, north, south, zoom, zoom, *codes, *([""] if named else [])),
        )
        return rows

    def streets(self) -> list[Street]:
        """The named streets, for the search."""
        rows = self._rows("SELECT name, commune, x, y, west, south, east, north FROM street ORDER BY rowid")
        return [Street(name, commune, x, y, tuple(bounds)) for name, commune, x, y, *bounds in rows]

    def close(self) -> None:
        """Release the file."""
        self._connection.close()
