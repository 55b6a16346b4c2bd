"""Commands in the work file: what was asked and where it stands, so that a restart forgets none."""

from __future__ import annotations

import msgspec
import sqlite_utils


class KeptCommand(msgspec.Struct, frozen=True, kw_only=True):
    """A command as it is kept; times are epoch seconds."""

    id: str
    asked: float
    final: bool
    """Whether nothing more was awaited."""
    due: float | None = None
    """When the application must still end the override it left; None when it need not."""
    body: bytes
    """All of it, as JSON."""


def create_commands(db: sqlite_utils.Database) -> None:
    """The table; small indexes over what a start has to find again."""
    for statement in (
        "CREATE TABLE command (id TEXT PRIMARY KEY, asked REAL NOT NULL, final INTEGER NOT NULL,"
        " due REAL, body BLOB NOT NULL) STRICT",
        "CREATE INDEX command_asked ON command (asked)",
        "CREATE INDEX command_open ON command (asked) WHERE final = 0 OR due IS NOT NULL",
    ):
        db.conn.execute(statement)


def keep(db: sqlite_utils.Database, command: KeptCommand) -> None:
    """Write a command down, over what was known of it."""
    db.conn.execute(
        "INSERT INTO command (id, asked, final, due, body) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET final = excluded.final, due = excluded.due, body = excluded.body",
        (command.id, command.asked, int(command.final), command.due, command.body),
    )


def unfinished(db: sqlite_utils.Database) -> list[bytes]:
    """Bodies of commands that were under way, oldest first."""
    rows = db.conn.execute("SELECT body FROM command WHERE final = 0 ORDER BY asked")
    return [bytes(body) for (body,) in rows]


def overrides(db: sqlite_utils.Database) -> list[bytes]:
    """Bodies of commands that are over but whose override must still be ended, oldest first."""
    rows = db.conn.execute("SELECT body FROM command WHERE final = 1 AND due IS NOT NULL ORDER BY asked")
    return [bytes(body) for (body,) in rows]


def page(db: sqlite_utils.Database, before: float | None = None, limit: int = 200) -> list[bytes]:
    """Bodies of the newest commands asked before that time, newest first."""
    limit_time = 1e300 if before is None else before
    rows = db.conn.execute(
        "SELECT body FROM command WHERE asked < ? ORDER BY asked DESC LIMIT ?", (limit_time, limit)
    )
    return [bytes(body) for (body,) in rows]


def prune(db: sqlite_utils.Database, before: float) -> int:
    """Forget commands asked before that time that are over and left nothing to end; how many there were.

    What they did stays in the audit log.
    """
    done = db.conn.execute("DELETE FROM command WHERE asked < ? AND final = 1 AND due IS NULL", (before,))
    return int(done.rowcount)
