"""The last live values, kept so that a restart shows them with their true age rather than nothing."""

from __future__ import annotations

from collections.abc import Iterable

import sqlite_utils


def save(db: sqlite_utils.Database, states: Iterable[tuple[str, str, bytes]]) -> None:
    """Keep the last payload of (layer, id), over the one before."""
    db.conn.executemany("INSERT OR REPLACE INTO live(layer, id, payload) VALUES (?, ?, ?)", states)


def load(db: sqlite_utils.Database, layer: str) -> list[tuple[str, bytes]]:
    """(id, payload) of every object of a layer that was saved."""
    return db.conn.execute("SELECT id, payload FROM live WHERE layer = ?", (layer,)).fetchall()


def forget(db: sqlite_utils.Database, layer: str, identifiers: Iterable[str]) -> None:
    """Drop what was saved of objects that are no more."""
    db.conn.executemany(
        "DELETE FROM live WHERE layer = ? AND id = ?", ((layer, each) for each in identifiers)
    )
