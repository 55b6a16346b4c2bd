"""The registry's features in the cache. Functions run on the thread that owns the file."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import msgspec
import shapely
import sqlite_utils

from desktop.store.columns import LAYER, SOME, Columns, read_columns
from desktop.store.feature_queries import assign_communes, bounds_of, facts, matching, near, related
from desktop.store.feature_rows import (
    STORED,
    FeatureRow,
    StoredFeature,
    cell_of,
    known_code,
    layer_code,
    layer_names,
    span,
    stored,
)

__all__ = [
    "FeatureRow", "StoredFeature", "UpsertCount", "assign_communes", "bounds_of", "by_rowid", "columns",
    "columns_of", "count", "facts", "ids", "matching", "near", "read", "read_many", "related", "remove",
    "revisions", "upsert",
]  # fmt: skip

BATCH = 1000


class UpsertCount(msgspec.Struct, frozen=True):
    """What an upsert did; `ids` are those added or changed."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    ids: tuple[str, ...] = ()


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
            written += [row.id for row in new]
            written += [row.id for row in altered]
    return UpsertCount(added, changed, unchanged, tuple(written))


def remove(db: sqlite_utils.Database, layer: str, identifiers: Iterable[str]) -> int:
    """Remove features of a layer; the number that were there."""
    code, removed = known_code(db, layer), 0
    source = iter(identifiers)
    while batch := list(islice(source, BATCH)):
        numbers = [(number,) for number, _ in _known(db, code, batch).values()]
        removed += len(numbers)
        db.conn.executemany("INSERT OR IGNORE INTO search_todo(number) VALUES (?)", numbers)
        db.conn.executemany("DELETE FROM feature_bounds WHERE number = ?", numbers)
        db.conn.executemany("DELETE FROM feature WHERE number = ?", numbers)
    if removed:
        _revise(db, code)
    return removed


def revisions(db: sqlite_utils.Database) -> dict[str, int]:
    """By layer, a number that is another one after features were added, changed or removed."""
    return dict(db.conn.execute("SELECT name, revision FROM layer").fetchall())


def ids(db: sqlite_utils.Database, layer: str) -> set[str]:
    """Every id of a layer."""
    code = known_code(db, layer)
    return {each for (each,) in db.conn.execute("SELECT id FROM feature WHERE layer = ?", (code,))}


def count(db: sqlite_utils.Database) -> dict[str, int]:
    """Number of features by layer; a layer that has none is absent."""
    names = layer_names(db)
    found = db.conn.execute("SELECT layer, count(*) FROM feature GROUP BY layer")
    return {names[code]: number for code, number in found}


def read(db: sqlite_utils.Database, layer: str, identifier: str) -> StoredFeature | None:
    """One feature, or None."""
    found = read_many(db, layer, [identifier])
    return found[0] if found else None


def read_many(db: sqlite_utils.Database, layer: str, identifiers: Sequence[str]) -> list[StoredFeature]:
    """The features of these ids that exist, in the order of the ids."""
    known = _known(db, known_code(db, layer), identifiers)
    return by_rowid(db, [known[each][0] for each in identifiers if each in known])


def by_rowid(db: sqlite_utils.Database, rowids: Iterable[int]) -> list[StoredFeature]:
    """The features of these row ids that exist, in the order given."""
    names = layer_names(db)
    query = f"SELECT {STORED} FROM feature WHERE number = ?"
    rows = (db.conn.execute(query, (int(rowid),)).fetchone() for rowid in rowids)
    return [stored(row, names) for row in rows if row is not None]


def columns(db: sqlite_utils.Database, layer: str) -> Columns:
    """A whole layer as columns, in the order of its row ids."""
    return read_columns(db.conn, LAYER, span(known_code(db, layer)))


def columns_of(db: sqlite_utils.Database, layer: str, identifiers: Sequence[str]) -> Columns:
    """The features of these ids that exist, as columns in the order of their row ids."""
    wanted = msgspec.json.encode(list(identifiers)).decode()
    return read_columns(db.conn, SOME, (known_code(db, layer), wanted))


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
) -> tuple[list[FeatureRow], list[FeatureRow]]:
    """Insert or update one layer's rows; those added and those changed."""
    known = _known(db, code, list(latest))
    new = [row for row in latest.values() if row.id not in known]
    altered = [row for row in latest.values() if row.id in known and known[row.id][1] != row.digest]
    start = _next_number(db, code) if new else 0
    numbers = [*range(start, start + len(new)), *(known[row.id][0] for row in altered)]
    if new:
        db.conn.executemany(
            "INSERT INTO feature(x, y, cell, state, commune, label, version, digest, geometry, properties,"
            " number, layer, id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, CAST(? AS TEXT), ?, ?, ?)",
            ((*_values(row), number, code, row.id) for number, row in zip(numbers, new, strict=False)),
        )
    if altered:
        changed = numbers[len(new) :]
        db.conn.executemany(
            "UPDATE feature SET x = ?, y = ?, cell = ?, state = ?, commune = ?, label = ?, version = ?,"
            " digest = ?, geometry = ?, properties = CAST(? AS TEXT) WHERE number = ?",
            ((*_values(row), number) for number, row in zip(changed, altered, strict=True)),
        )
        db.conn.executemany(
            "INSERT OR IGNORE INTO search_todo(number) VALUES (?)", ((number,) for number in changed)
        )
    _index_bounds(db, numbers, [*new, *altered])
    if numbers:
        _revise(db, code)
    return new, altered


def _revise(db: sqlite_utils.Database, code: int) -> None:
    db.conn.execute("UPDATE layer SET revision = revision + 1 WHERE code = ?", (code,))


def _values(row: FeatureRow) -> tuple[Any, ...]:
    return (
        row.x, row.y, cell_of(row.x, row.y), row.state, row.commune, row.label, row.version, row.digest,
        row.geometry, row.properties,
    )  # fmt: skip


def _next_number(db: sqlite_utils.Database, code: int) -> int:
    """A row id of the layer that no feature had since the search last looked."""
    first, after = span(code)
    query = "SELECT max(number) FROM feature WHERE number >= ? AND number < ?"
    top = db.conn.execute(query, (first, after)).fetchone()[0] or first
    indexed = db.conn.execute("SELECT indexed FROM layer WHERE code = ?", (code,)).fetchone()[0]
    return int(max(top, indexed)) + 1


def _index_bounds(db: sqlite_utils.Database, numbers: Sequence[int], rows: Sequence[FeatureRow]) -> None:
    shaped = [(number, row.geometry) for number, row in zip(numbers, rows, strict=True) if row.geometry]
    if not shaped:
        return
    bounds = shapely.bounds(shapely.from_wkb([geometry for _, geometry in shaped])).tolist()
    db.conn.executemany(
        "INSERT OR REPLACE INTO feature_bounds(number, west, south, east, north) VALUES (?, ?, ?, ?, ?)",
        _boxes(shaped, bounds),
    )


def _boxes(
    shaped: Sequence[tuple[int, bytes]], bounds: Sequence[Sequence[float]]
) -> Iterator[tuple[float, ...]]:
    for (number, _), box in zip(shaped, bounds, strict=True):
        if math.isfinite(box[0]):
            yield (number, *box)
