"""The alarm history in the work file: what happened, line by line, and the alarms that stand.

`alarm_events` only grows; `alarms` holds what must be known again after a restart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
import sqlite_utils

KEPT_DAYS = 400
"""Days of history kept: a little more than a year, so that a month can be compared with the last year's."""

EVENTS = """CREATE TABLE alarm_events (
    number INTEGER PRIMARY KEY, time REAL NOT NULL, key TEXT NOT NULL, kind TEXT NOT NULL,
    severity INTEGER NOT NULL, life TEXT NOT NULL, operator TEXT NOT NULL, console TEXT NOT NULL,
    note TEXT NOT NULL)"""
FIELDS = ("time", "key", "kind", "severity", "life", "operator", "console", "note")


class Happening(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the history; `number` grows with each."""

    number: int
    time: float
    """Epoch seconds."""
    key: str
    kind: str
    severity: int
    life: str
    operator: str = ""
    console: str = ""
    note: str = ""


def create_alarm_history(db: sqlite_utils.Database) -> None:
    """The two tables."""
    db.conn.execute(EVENTS)
    db.conn.execute("CREATE INDEX alarm_events_time ON alarm_events (time)")
    db.conn.execute("CREATE TABLE alarms (key TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID")


def append(db: sqlite_utils.Database, events: Iterable[msgspec.Struct]) -> None:
    """Add lines with the fields of `FIELDS`."""
    marks = ", ".join("?" * len(FIELDS))
    db.conn.executemany(
        f"INSERT INTO alarm_events ({', '.join(FIELDS)}) VALUES ({marks})",
        [tuple(getattr(event, name) for name in FIELDS) for event in events],
    )


def keep(db: sqlite_utils.Database, standing: Iterable[tuple[str, bytes]], gone: Iterable[str]) -> None:
    """Write alarms that stand, as (key, JSON), and take away those that do not."""
    db.conn.executemany("INSERT OR REPLACE INTO alarms (key, body) VALUES (?, ?)", standing)
    db.conn.executemany("DELETE FROM alarms WHERE key = ?", [(key,) for key in gone])


def standing(db: sqlite_utils.Database) -> list[bytes]:
    """The JSON of every alarm that stood last."""
    return [bytes(row[0]) for row in db.conn.execute("SELECT body FROM alarms ORDER BY key")]


def page(
    db: sqlite_utils.Database,
    *,
    text: str = "",
    since: float = 0.0,
    kinds: Iterable[str] = (),
    before: int | None = None,
    limit: int = 200,
) -> list[Happening]:
    """The newest lines wanted, at most `limit`, with numbers below `before`.

    `text` is looked for in keys, people and notes, whatever the case; `since` is epoch seconds.
    """
    where, values = _where(text, since, kinds)
    if before is not None:
        where, values = f"{where} AND number < ?", [*values, before]
    query = f"SELECT number, {', '.join(FIELDS)} FROM alarm_events WHERE {where} ORDER BY number DESC LIMIT ?"
    return [_happening(row) for row in db.conn.execute(query, (*values, limit))]


def every(
    db: sqlite_utils.Database, *, text: str = "", since: float = 0.0, kinds: Iterable[str] = ()
) -> Iterator[Happening]:
    """All the lines wanted, oldest first, for an export."""
    where, values = _where(text, since, kinds)
    query = f"SELECT number, {', '.join(FIELDS)} FROM alarm_events WHERE {where} ORDER BY number"
    yield from (_happening(row) for row in db.conn.execute(query, values))


def prune(db: sqlite_utils.Database, now: float) -> int:
    """Forget lines older than `KEPT_DAYS`, except of alarms that stand; how many were forgotten."""
    found = db.conn.execute(
        "DELETE FROM alarm_events WHERE time < ? AND key NOT IN (SELECT key FROM alarms)",
        (now - KEPT_DAYS * 86_400,),
    )
    return int(found.rowcount)


def _where(text: str, since: float, kinds: Iterable[str]) -> tuple[str, list[Any]]:
    tests, values = ["time >= ?"], [since]
    wanted: list[Any] = list(values)
    chosen = sorted(kinds)
    if chosen:
        tests.append(f"kind IN ({', '.join('?' * len(chosen))})")
        wanted += chosen
    if text:
        tests.append("instr(lower(key || ' ' || operator || ' ' || console || ' ' || note), lower(?))")
        wanted.append(text)
    return " AND ".join(tests), wanted


def _happening(row: tuple[Any, ...]) -> Happening:
    return Happening(number=row[0], **dict(zip(FIELDS, row[1:], strict=True)))
