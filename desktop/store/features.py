"""The registry's features in the cache. Functions run on the thread that owns the file."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import msgspec
import shapely
import sqlite_utils

from desktop.store.columns import Columns, read_columns

BATCH = 1000
LAYER_SHIFT = 32
CELL_M = 512.0
"""Side of the squares that index points."""
CELL_COLUMNS = 1 << 20
HALF_WORLD_M = 20_037_508.342789244
"""Web Mercator's half width: pi times the radius of WGS84, 6 378 137 m."""


class FeatureRow(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """One feature on its way into the cache."""

    layer: str
    id: str
    x: float
    """EPSG:3857 metres; of a representative point for lines and polygons."""
    y: float
    geometry: bytes | None
    """WKB in EPSG:3857; None for points."""
    properties: bytes
    """A JSON object, UTF-8."""
    version: str
    digest: bytes
    """Hash of all that is stored: equal digests mean nothing to write."""
    state: int
    label: str
    commune: str


class UpsertCount(msgspec.Struct, frozen=True):
    """What an upsert did; `ids` are those added or changed."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    ids: tuple[str, ...] = ()


class StoredFeature(msgspec.Struct, frozen=True):
    """One feature as the cache holds it."""

    rowid: int
    layer: str
    id: str
    x: float
    y: float
    geometry: Any
    """A shapely geometry in EPSG:3857, or None for a point."""
    properties: dict[str, Any]
    version: str
    label: str
    commune: str


def upsert(db: sqlite_utils.Database, rows: Iterable[FeatureRow]) -> UpsertCount:
    """Add new features and replace changed ones; of several with the same id the last is kept."""
    added = changed = unchanged = 0
    written: list[str] = []
    source = iter(rows)
    while batch := list(islice(source, BATCH)):
        by_layer: dict[str, dict[str, FeatureRow]] = {}
        for row in batch:
            by_layer.setdefault(row.layer, {})[row.id] = row
        for layer, latest in by_layer.items():
            new, altered = _write(db, layer_code(db, layer), latest)
            added, changed = added + len(new), changed + len(altered)
            unchanged += len(latest) - len(new) - len(altered)
            written += new
            written += altered
    return UpsertCount(added, changed, unchanged, tuple(written))


def remove(db: sqlite_utils.Database, layer: str, identifiers: Iterable[str]) -> int:
    """Remove features of a layer; the number that were there."""
    code, removed = known_code(db, layer), 0
    source = iter(identifiers)
    while batch := list(islice(source, BATCH)):
        numbers = [number for number, _ in _known(db, code, batch).values()]
        removed += len(numbers)
        for table in ("feature_bounds", "feature"):
            db.conn.executemany(f"DELETE FROM {table} WHERE number = ?", ((each,) for each in numbers))
    return removed


def ids(db: sqlite_utils.Database, layer: str) -> set[str]:
    """Every id of a layer."""
    code = known_code(db, layer)
    return {each for (each,) in db.conn.execute("SELECT id FROM feature WHERE layer = ?", (code,))}


def count(db: sqlite_utils.Database) -> dict[str, int]:
    """Number of features by layer; a layer that has none is absent."""
    found = dict(db.conn.execute("SELECT layer, count(*) FROM feature GROUP BY layer").fetchall())
    names = dict(db.conn.execute("SELECT code, name FROM layer").fetchall())
    return {names[code]: number for code, number in found.items()}


def read(db: sqlite_utils.Database, layer: str, identifier: str) -> StoredFeature | None:
    """One feature, or None."""
    found = read_many(db, layer, [identifier])
    return found[0] if found else None


def read_many(db: sqlite_utils.Database, layer: str, identifiers: Sequence[str]) -> list[StoredFeature]:
    """The features of these ids that exist, in the order of the ids."""
    numbers = {}
    code = known_code(db, layer)
    for start in range(0, len(identifiers), BATCH):
        numbers.update(_known(db, code, identifiers[start : start + BATCH]))
    return by_rowid(db, [numbers[each][0] for each in identifiers if each in numbers])


def by_rowid(db: sqlite_utils.Database, rowids: Iterable[int]) -> list[StoredFeature]:
    """The features of these row ids that exist, in the order given."""
    names = dict(db.conn.execute("SELECT code, name FROM layer").fetchall())
    query = f"SELECT {STORED} FROM feature WHERE number = ?"
    rows = (db.conn.execute(query, (int(rowid),)).fetchone() for rowid in rowids)
    return [stored(row, names) for row in rows if row is not None]


STORED = "number, id, x, y, geometry, CAST(properties AS BLOB), version, label, commune"


def stored(row: Sequence[Any], names: dict[int, str]) -> StoredFeature:
    """A feature from a row of `STORED`."""
    number, identifier, x, y, geometry, properties, version, label, commune = row
    shape = None if geometry is None else shapely.from_wkb(geometry)
    facts = msgspec.json.decode(properties)
    layer = names[number >> LAYER_SHIFT]
    return StoredFeature(number, layer, identifier, x, y, shape, facts, version, label, commune)


def columns(db: sqlite_utils.Database, layer: str) -> Columns:
    """A whole layer as columns, in the order of its row ids."""
    return read_columns(db.conn, "number >= ? AND number < ?", span(known_code(db, layer)))


def columns_of(db: sqlite_utils.Database, layer: str, identifiers: Sequence[str]) -> Columns:
    """The features of these ids that exist, as columns in the order of their row ids."""
    wanted = msgspec.json.encode(list(identifiers)).decode()
    condition = "layer = ? AND id IN (SELECT value FROM json_each(?)) ORDER BY number"
    return read_columns(db.conn, condition, (known_code(db, layer), wanted))


def span(code: int) -> tuple[int, int]:
    """First row id of a layer, and first one after it."""
    return code << LAYER_SHIFT, (code + 1) << LAYER_SHIFT


def layer_code(db: sqlite_utils.Database, layer: str) -> int:
    """The number that stands for a layer, given to it now if it had none."""
    code = known_code(db, layer)
    if code < 0:
        code = int(db.conn.execute("SELECT coalesce(max(code), 0) + 1 FROM layer").fetchone()[0])
        db.conn.execute("INSERT INTO layer(code, name) VALUES (?, ?)", (code, layer))
    return code


def known_code(db: sqlite_utils.Database, layer: str) -> int:
    """The number that stands for a layer; -1 for one that was never stored."""
    found = db.conn.execute("SELECT code FROM layer WHERE name = ?", (layer,)).fetchone()
    return -1 if found is None else int(found[0])


def cell_of(x: float, y: float) -> int:
    """The square that holds a place: row times `CELL_COLUMNS`, plus column."""
    column = int((x + HALF_WORLD_M) // CELL_M)
    return int((y + HALF_WORLD_M) // CELL_M) * CELL_COLUMNS + column


def _known(db: sqlite_utils.Database, code: int, identifiers: Sequence[str]) -> dict[str, tuple[int, bytes]]:
    """(row number, digest) of those ids that exist."""
    found: dict[str, tuple[int, bytes]] = {}
    query = "SELECT id, number, digest FROM feature WHERE layer = ? AND id IN "
    for start in range(0, len(identifiers), BATCH):
        some = identifiers[start : start + BATCH]
        marks = ",".join("?" * len(some))
        for identifier, number, digest in db.conn.execute(f"{query}({marks})", (code, *some)):
            found[identifier] = (number, digest)
    return found


def _write(
    db: sqlite_utils.Database, code: int, latest: dict[str, FeatureRow]
) -> tuple[list[str], list[str]]:
    """Insert or update one layer's rows; the ids added and the ids changed."""
    known = _known(db, code, list(latest))
    new = [row for row in latest.values() if row.id not in known]
    altered = [row for row in latest.values() if row.id in known and known[row.id][1] != row.digest]
    first, after = span(code)
    top = db.conn.execute("SELECT max(number) FROM feature WHERE number >= ? AND number < ?", (first, after))
    start = int(top.fetchone()[0] or first)
    db.conn.executemany(
        "INSERT INTO feature(number, layer, id, x, y, cell, state, commune, label, version, digest, geometry,"
        " properties) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, CAST(? AS TEXT))",
        _insertions(new, code, start + 1),
    )
    db.conn.executemany(
        "UPDATE feature SET x=?, y=?, cell=?, state=?, commune=?, label=?, version=?, digest=?, geometry=?,"
        " properties=CAST(? AS TEXT) WHERE number=?",
        (
            (r.x, r.y, cell_of(r.x, r.y), r.state, r.commune, r.label, r.version, r.digest, r.geometry,
             r.properties, known[r.id][0])
            for r in altered
        ),
    )  # fmt: skip
    numbers = [*range(start + 1, start + 1 + len(new)), *(known[row.id][0] for row in altered)]
    _index_bounds(db, numbers, [*new, *altered])
    return [row.id for row in new], [row.id for row in altered]


def _insertions(rows: Iterable[FeatureRow], code: int, number: int) -> Iterator[tuple[Any, ...]]:
    for n, r in enumerate(rows, start=number):
        yield (
            n, code, r.id, r.x, r.y, cell_of(r.x, r.y), r.state, r.commune, r.label, r.version, r.digest,
            r.geometry, r.properties,
        )  # fmt: skip


def _index_bounds(db: sqlite_utils.Database, numbers: Sequence[int], rows: Sequence[FeatureRow]) -> None:
    shaped = [(number, row.geometry) for number, row in zip(numbers, rows, strict=True) if row.geometry]
    if not shaped:
        return
    bounds = shapely.bounds(shapely.from_wkb([geometry for _, geometry in shaped])).tolist()
    db.conn.executemany(
        "INSERT OR REPLACE INTO feature_bounds(number, west, south, east, north) VALUES (?, ?, ?, ?, ?)",
        ((number, *box) for (number, _), box in zip(shaped, bounds, strict=True) if math.isfinite(box[0])),
    )
