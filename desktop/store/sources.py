"""What the cache notes about the registries it was filled from, one text for each collection."""

from __future__ import annotations

import msgspec
import sqlite_utils

OVERALL = ""
"""Stands for the registry as a whole, beside its collections."""


class SourceState(msgspec.Struct, frozen=True):
    """One note: a JSON text that only the sync reads."""

    source: str
    """The registry's address."""
    collection: str
    state: str


class _Finished(msgspec.Struct):
    finished: float = 0.0


def states(db: sqlite_utils.Database, source: str | None = None) -> list[SourceState]:
    """Every note, or those about one registry."""
    rows = db.conn.execute(
        "SELECT source, collection, state FROM source WHERE ?1 IS NULL OR source = ?1", (source,)
    )
    return [SourceState(*row) for row in rows]


def put(db: sqlite_utils.Database, state: SourceState) -> None:
    """Write a note over the one about the same collection."""
    row = (state.source, state.collection, state.state)
    db.conn.execute("INSERT OR REPLACE INTO source(source, collection, state) VALUES (?, ?, ?)", row)


def remove(db: sqlite_utils.Database, source: str, collection: str | None = None) -> None:
    """Forget a registry, or one of its collections."""
    db.conn.execute(
        "DELETE FROM source WHERE source = ?1 AND (?2 IS NULL OR collection = ?2)", (source, collection)
    )


def last_success(db: sqlite_utils.Database, source: str) -> float | None:
    """When the cache was last found in step with a registry, epoch seconds; None for never."""
    query = "SELECT state FROM source WHERE source = ? AND collection = ?"
    row = db.conn.execute(query, (source, OVERALL)).fetchone()
    try:
        return None if row is None else msgspec.json.decode(row[0], type=_Finished).finished or None
    except msgspec.MsgspecError:
        return None
