"""The demo registry's file: features as ready JSON text, and who changed when.

Pages are put together inside SQLite, in one step that holds no lock of the interpreter: the registry may
share its process with the screen that reads it. Every change takes the next number of one counter, which is
both the feature's version and its place in the change feed; the feed therefore needs no log beside the
features themselves and the tombstones of those deleted.
"""

from __future__ import annotations

import sqlite3
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from desktop.demo.registry_schema import (
    Bounds,
    bounds_of,
    connect,
    next_cursor,
    open_registry,
    rfc3339,
    widen,
)

BODY = (
    """'{{"type":"Feature","id":' || json_quote(id) || ',"version":"' || version"""
    """ || '","geometry":' || {geometry} || ',"properties":' || {properties} || '}}'"""
)
WHOLE = BODY.format(geometry="geometry", properties="properties")


class MissingFeature(Exception):
    """There is no such collection or feature."""


class DuplicateFeature(Exception):
    """The collection already has a feature of that id."""


class VersionConflict(Exception):
    """The feature is no longer the version the writer had read."""


class CursorGone(Exception):
    """The change feed cannot be continued from that cursor; start again from a full read."""


class Content(msgspec.Struct, frozen=True):
    """What a client may say of a feature."""

    geometry: dict[str, Any] | None
    properties: dict[str, Any]


class Stored(msgspec.Struct, frozen=True):
    """One feature as the registry holds it."""

    id: str
    version: int
    updated: float
    """Epoch seconds, to the millisecond."""
    body: bytes
    """The GeoJSON feature."""


class Collection(msgspec.Struct, frozen=True):
    """One collection; `fields` are the property names seen so far."""

    number: int
    id: str
    title: str
    total: int
    bounds: Bounds | None
    fields: tuple[str, ...]


class Selection(msgspec.Struct, frozen=True, kw_only=True):
    """Which features of a collection, and which of their parts; conditions are SQL with bound values."""

    limit: int
    offset: int = 0
    after: int | None = None
    """Serial number of the last feature already read; used instead of the offset."""
    conditions: tuple[str, ...] = ()
    values: tuple[str | int | float, ...] = ()
    properties: tuple[str, ...] | None = None
    skip_geometry: bool = False


class Page(msgspec.Struct, frozen=True):
    """A page of features, joined by commas; `last` is the serial of the last one."""

    count: int
    last: int
    body: bytes
    matched: int
    more: bool


class Change(msgspec.Struct, frozen=True):
    """One entry of the change feed; `body` is None for a deletion."""

    cursor: int
    collection: str
    id: str
    body: bytes | None


class RegistryStore:
    """The registry's SQLite file: readers side by side, one writer at a time. Callable from any thread.

    Raises OSError, one line naming the file, when it is damaged or cannot be written.
    """

    def __init__(
        self, path: Path, *, clock: Callable[[], float] = time.time, keep_tombstones: int = 10_000
    ) -> None:
        self.path = path
        self._clock = clock
        self._keep = keep_tombstones
        self._idle: list[sqlite3.Connection] = []
        self._pool_lock = threading.Lock()
        self._write_lock = threading.Lock()
        self._closed = False
        try:
            self._writer = open_registry(path, clock())
        except sqlite3.Error as error:
            raise OSError(f"The registry's file {path} cannot be used: {error}") from error

    def close(self) -> None:
        """Close the file; readers still busy close theirs when done."""
        with self._pool_lock:
            self._closed = True
            for connection in self._idle:
                connection.close()
            self._idle.clear()
        with self._write_lock:
            self._writer.close()

    def collections(self) -> list[Collection]:
        """All collections, in the order in which they were made."""
        with self._reading() as db:
            return [
                _collection(row) for row in db.execute("SELECT * FROM collections ORDER BY number").fetchall()
            ]

    def collection(self, name: str) -> Collection:
        """One collection. Raises MissingFeature."""
        with self._reading() as db:
            row = db.execute("SELECT * FROM collections WHERE id = ?", (name,)).fetchone()
        if row is None:
            raise MissingFeature(name)
        return _collection(row)

    def page(self, collection: Collection, selection: Selection) -> Page:
        """A page of features in the order in which they were made."""
        body, shown = _shown(selection)
        where = " AND ".join(("collection = ?", *selection.conditions))
        values = (collection.number, *selection.values)
        after = -1 if selection.after is None else selection.after
        offset = selection.offset if selection.after is None else 0
        with self._reading() as db:
            count, last, text = db.execute(
                "SELECT count(*), max(serial), CAST(group_concat(body, ',') AS BLOB) FROM ("
                f"SELECT serial, {body} AS body FROM features WHERE {where} AND serial > ?"
                " ORDER BY serial LIMIT ? OFFSET ?)",
                (*shown, *values, after, selection.limit, offset),
            ).fetchone()
            more, matched = False, collection.total
            if count == selection.limit:
                rest = f"SELECT EXISTS (SELECT 1 FROM features WHERE {where} AND serial > ?)"
                more = bool(db.execute(rest, (*values, last)).fetchone()[0])
            if selection.conditions:
                matched = db.execute(f"SELECT count(*) FROM features WHERE {where}", values).fetchone()[0]
        return Page(count, last or 0, text or b"", matched, more)

    def read(self, collection: Collection, feature: str) -> Stored:
        """One feature. Raises MissingFeature."""
        with self._reading() as db:
            return _read(db, collection.number, feature)[1]

    def each(self, name: str) -> Iterator[tuple[str, bytes, bytes]]:
        """(id, geometry, properties) of every feature, the last two JSON; none for an unknown collection."""
        query = (
            "SELECT f.id, CAST(geometry AS BLOB), CAST(properties AS BLOB) FROM features f"
            " JOIN collections c ON c.number = f.collection WHERE c.id = ? ORDER BY serial"
        )
        with self._reading() as db:
            rows = db.execute(query, (name,))
            while some := rows.fetchmany(500):
                yield from some

    def create(self, collection: Collection, feature: str | None, content: Content) -> Stored:
        """Add a feature, with a new id unless it brings one. Raises DuplicateFeature."""
        name = feature or uuid.uuid4().hex[:12]
        with self._writing() as db:
            known = "SELECT 1 FROM features WHERE collection = ? AND id = ?"
            if db.execute(known, (collection.number, name)).fetchone():
                raise DuplicateFeature(name)
            version, row = self._row(db, content)
            db.execute(
                "INSERT INTO features (collection, id, version, updated, geometry, properties,"
                " west, south, east, north) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (collection.number, name, version, *row),
            )
            db.execute("UPDATE collections SET total = total + 1 WHERE number = ?", (collection.number,))
            widen(db, collection.number, row[-4:], content.properties)
            return _read(db, collection.number, name)[1]

    def change(
        self,
        collection: Collection,
        feature: str,
        edit: Callable[[Content], Content],
        accept: Callable[[int], bool],
    ) -> Stored:
        """Replace a feature by `edit` of what it is now, if `accept` takes its version.

        Raises MissingFeature, VersionConflict, and whatever `edit` raises; nothing is written then.
        """
        with self._writing() as db:
            serial, stored = _read(db, collection.number, feature)
            if not accept(stored.version):
                raise VersionConflict(feature)
            content = edit(msgspec.json.decode(stored.body, type=Content))
            version, row = self._row(db, content)
            db.execute(
                "UPDATE features SET version = ?, updated = ?, geometry = ?, properties = ?,"
                " west = ?, south = ?, east = ?, north = ? WHERE serial = ?",
                (version, *row, serial),
            )
            widen(db, collection.number, row[-4:], content.properties)
            return _read(db, collection.number, feature)[1]

    def delete(self, collection: Collection, feature: str, accept: Callable[[int], bool]) -> None:
        """Delete a feature, leaving a tombstone. Raises MissingFeature or VersionConflict."""
        with self._writing() as db:
            serial, stored = _read(db, collection.number, feature)
            if not accept(stored.version):
                raise VersionConflict(feature)
            db.execute("DELETE FROM features WHERE serial = ?", (serial,))
            db.execute("UPDATE collections SET total = total - 1 WHERE number = ?", (collection.number,))
            db.execute(
                "INSERT INTO tombstones VALUES (?, ?, ?)", (next_cursor(db), collection.number, feature)
            )
            self._forget(db)

    def cursor(self) -> int:
        """Where the change feed stands now."""
        with self._reading() as db:
            return int(db.execute("SELECT cursor FROM counter").fetchone()[0])

    def changes(
        self, since: int, limit: int, collection: Collection | None = None
    ) -> tuple[int, bool, list[Change]]:
        """(cursor to go on from, whether more waits, changes after `since` in order, the latest per feature).

        0 is the beginning of time. Raises CursorGone when deletions after `since` are forgotten, or when this
        registry never gave such a cursor.
        """
        only = "" if collection is None else " AND collection = ?"
        number = () if collection is None else (collection.number,)
        half = "SELECT * FROM (SELECT {} FROM {} WHERE {} > ?{} ORDER BY 1 LIMIT ?)"
        upserts = half.format(
            f"version AS cursor, collection, id, CAST({WHOLE} AS BLOB)", "features", "version", only
        )
        deletes = half.format("cursor, collection, id, NULL", "tombstones", "cursor", only)
        with self._reading() as db:
            now, oldest = db.execute("SELECT cursor, oldest FROM counter").fetchone()
            if since > now or 0 < since < oldest:
                raise CursorGone(since)
            names = dict(db.execute("SELECT number, id FROM collections").fetchall())
            values = (since, *number, limit + 1)
            rows = db.execute(
                f"{upserts} UNION ALL {deletes} ORDER BY 1 LIMIT ?", (*values, *values, limit + 1)
            )
            found = [Change(cursor, names[which], name, body) for cursor, which, name, body in rows]
        more = len(found) > limit
        return (found[limit - 1].cursor if more else now), more, found[:limit]

    def _row(self, db: sqlite3.Connection, content: Content) -> tuple[int, tuple[Any, ...]]:
        millis = int(self._clock() * 1000)
        properties = {**content.properties, "updated": rfc3339(millis)}
        geometry = msgspec.json.encode(content.geometry).decode()
        text = msgspec.json.encode(properties).decode()
        return next_cursor(db), (millis, geometry, text, *bounds_of(content.geometry))

    def _forget(self, db: sqlite3.Connection) -> None:
        query = "SELECT cursor FROM tombstones ORDER BY cursor DESC LIMIT 1 OFFSET ?"
        if last := db.execute(query, (self._keep,)).fetchone():
            db.execute("DELETE FROM tombstones WHERE cursor <= ?", last)
            db.execute("UPDATE counter SET oldest = ?", last)

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._pool_lock:
            connection = self._idle.pop() if self._idle else None
        if connection is None:
            connection = connect(self.path)
        try:
            connection.execute("BEGIN")
            yield connection
        finally:
            connection.rollback()
            with self._pool_lock:
                if self._closed:
                    connection.close()
                else:
                    self._idle.append(connection)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._write_lock:
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
            except BaseException:
                self._writer.rollback()
                raise
            self._writer.commit()


def _collection(row: tuple[Any, ...]) -> Collection:
    number, name, title, total, west, south, east, north, fields = row
    bounds = None if west is None else (west, south, east, north)
    return Collection(number, name, title, total, bounds, tuple(msgspec.json.decode(fields)))


def _read(db: sqlite3.Connection, number: int, feature: str) -> tuple[int, Stored]:
    row = db.execute(
        f"SELECT serial, version, updated, CAST({WHOLE} AS BLOB) FROM features"
        " WHERE collection = ? AND id = ?",
        (number, feature),
    ).fetchone()
    if row is None:
        raise MissingFeature(feature)
    serial, version, updated, body = row
    return serial, Stored(feature, version, updated / 1000, body)


def _shown(selection: Selection) -> tuple[str, list[str]]:
    geometry = "'null'" if selection.skip_geometry else "geometry"
    if selection.properties is None:
        return BODY.format(geometry=geometry, properties="properties"), []
    # A merge patch onto nothing drops the properties a feature does not have.
    pairs = ", ".join("?, properties -> ?" for _ in selection.properties)
    shown = [part for name in selection.properties for part in (name, f'$."{name}"')]
    picked = f"json_patch('{{}}', json_object({pairs}))" if pairs else "'{}'"
    return BODY.format(geometry=geometry, properties=picked), shown
