"""The tables of the demo registry's file, its counter, and what it derives from a feature."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import sqlite_utils

SCHEMA = """
CREATE TABLE IF NOT EXISTS collections (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL,
    total INTEGER NOT NULL DEFAULT 0, west REAL, south REAL, east REAL, north REAL,
    fields TEXT NOT NULL DEFAULT '[]');
CREATE TABLE IF NOT EXISTS features (
    serial INTEGER PRIMARY KEY, collection INTEGER NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
    updated INTEGER NOT NULL, west REAL, south REAL, east REAL, north REAL,
    geometry TEXT NOT NULL, properties TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS tombstones (
    cursor INTEGER PRIMARY KEY, collection INTEGER NOT NULL, id TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS counter (
    one INTEGER PRIMARY KEY CHECK (one = 1), cursor INTEGER NOT NULL, oldest INTEGER NOT NULL);
"""
INDEXES = """
CREATE INDEX IF NOT EXISTS features_collection ON features (collection);
CREATE UNIQUE INDEX IF NOT EXISTS features_id ON features (collection, id);
CREATE UNIQUE INDEX IF NOT EXISTS features_version ON features (version);
CREATE INDEX IF NOT EXISTS features_updated ON features (collection, updated);
"""
Bounds = tuple[float, float, float, float]
"""West, south, east, north in WGS84 degrees."""
NOWHERE = (None, None, None, None)


def connect(path: Path) -> sqlite3.Connection:
    """A connection that any one thread at a time may use."""
    connection = sqlite3.connect(path, timeout=10, check_same_thread=False, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def open_registry(path: Path, now: float) -> sqlite3.Connection:
    """A connection to a registry's file, made when there is none. Raises sqlite3.Error, nothing left open."""
    connection = connect(path)
    try:
        prepare(connection, now)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def prepare(connection: sqlite3.Connection, now: float, *, indexes: bool = True) -> None:
    """Make the tables that are missing.

    Cursors start at the present time in microseconds, so that a cursor of an earlier, discarded registry is
    older than anything this one remembers and is refused rather than misread.
    """
    db = sqlite_utils.Database(connection)
    db.executescript(SCHEMA)
    start = int(now * 1_000_000)
    db.execute("INSERT OR IGNORE INTO counter VALUES (1, ?, ?)", (start, start))
    if indexes:
        db.executescript(INDEXES)


def next_cursor(db: sqlite3.Connection) -> int:
    """Take the next number of the registry's one counter, within a write."""
    db.execute("UPDATE counter SET cursor = cursor + 1")
    return int(db.execute("SELECT cursor FROM counter").fetchone()[0])


def widen(
    db: sqlite3.Connection, number: int, bounds: Sequence[float | None], properties: dict[str, Any]
) -> None:
    """Let a collection's extent and fields take in a feature."""
    if bounds[0] is not None:
        db.execute(
            "UPDATE collections SET west = min(ifnull(west, ?1), ?1), south = min(ifnull(south, ?2), ?2),"
            " east = max(ifnull(east, ?3), ?3), north = max(ifnull(north, ?4), ?4) WHERE number = ?5",
            (*bounds, number),
        )
    known = msgspec.json.decode(
        db.execute("SELECT fields FROM collections WHERE number = ?", (number,)).fetchone()[0]
    )
    if fresh := [name for name in properties if name not in known]:
        fields = msgspec.json.encode([*known, *fresh]).decode()
        db.execute("UPDATE collections SET fields = ? WHERE number = ?", (fields, number))


def rfc3339(millis: int) -> str:
    """A time in milliseconds since the epoch as RFC 3339, UTC."""
    return datetime.fromtimestamp(millis / 1000, UTC).isoformat(timespec="milliseconds")[:-6] + "Z"


def bounds_of(geometry: dict[str, Any] | None) -> tuple[float, float, float, float] | tuple[None, ...]:
    """West, south, east, north of a valid GeoJSON geometry; four None when it is nowhere."""
    if geometry is None:
        return NOWHERE
    points = list(positions(geometry))
    if not points:
        return NOWHERE
    xs, ys = [point[0] for point in points], [point[1] for point in points]
    return min(xs), min(ys), max(xs), max(ys)


def positions(geometry: dict[str, Any]) -> Iterator[list[float]]:
    """All positions of a GeoJSON geometry."""
    if geometry["type"] == "GeometryCollection":
        for part in geometry["geometries"]:
            yield from positions(part)
        return
    stack = [geometry["coordinates"]]
    while stack:
        item = stack.pop()
        if item and isinstance(item[0], int | float):
            yield item
        else:
            stack.extend(item)
