"""The work file: what cannot be fetched again. Copied before its schema changes, and never made anew."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path

from desktop.store.alarm_history import create_alarm_history
from desktop.store.audit import create_audit
from desktop.store.command_log import create_commands
from desktop.store.database import BUSY_S, Database
from desktop.store.errors import Damaged, StoreError, store_error

MIGRATIONS = (create_audit, create_commands, create_alarm_history)


def open_work(path: Path) -> Database:
    """Open or create the work file; what is committed to it is on the disk.

    Raises ReadOnly, DiskFull, Busy, TooNew, or, for a damaged file, a StoreError that says which copy there
    is. The file is left as it was found.
    """
    try:
        version = _checked(path)
        if 0 < version < len(MIGRATIONS):
            _copy(path, backup_of(path, version))
        return Database(path, MIGRATIONS, synchronous="FULL")
    except Damaged as error:
        raise damaged(path, error) from error


def backup_of(path: Path, version: int) -> Path:
    """The copy that is made before a schema is left behind."""
    return path.with_name(f"{path.name}.backup-v{version}")


def damaged(path: Path, error: Damaged) -> StoreError:
    """What to do about a damaged work file, in one line."""
    what = str(error.__cause__ or error).removeprefix(f"{path}: ").split("; restart")[0]
    copies = sorted(path.parent.glob(f"{path.name}.backup-v*"), key=lambda copy: copy.stat().st_mtime)
    if copies:
        advice = f"a copy from before the last update is {copies[-1]}; put it, or a newer one, in its place"
    else:
        advice = "Vigie has made no copy of it yet; put one of your own in its place"
    return StoreError(f"{path}: {what}; nothing was changed; {advice}")


def _checked(path: Path) -> int:
    """The file's schema version, 0 when there is none; raises Damaged for a file that is not whole.

    Every page is looked at when a write-ahead log is left, by a crash or by another process at work.
    """
    if not path.exists():
        return 0
    log = path.with_name(f"{path.name}-wal")
    crashed = log.exists() and log.stat().st_size > 0
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=BUSY_S)) as connection:
            version = int(connection.execute("PRAGMA user_version").fetchone()[0])
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            pages = int(connection.execute("PRAGMA page_count").fetchone()[0])
            size = int(connection.execute("PRAGMA page_size").fetchone()[0])
            found = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0]) if crashed else "ok"
            if found == "ok" and not crashed and path.stat().st_size < pages * size:
                found = "its end is missing"
    except (sqlite3.Error, OSError) as error:
        raise store_error(error, path) or StoreError(f"{path}: {error}") from error
    if found != "ok":
        raise Damaged(path, found)
    return version


def _copy(path: Path, copy: Path) -> None:
    """Copy the file as of now, log included; the copy is whole or not there."""
    partial = copy.with_name(f"{copy.name}.partial")
    try:
        partial.unlink(missing_ok=True)
        with (
            contextlib.closing(sqlite3.connect(path, timeout=BUSY_S)) as source,
            contextlib.closing(sqlite3.connect(partial)) as target,
        ):
            source.backup(target)
        with partial.open("rb+") as file:
            os.fsync(file.fileno())
        partial.replace(copy)
    except (sqlite3.Error, OSError) as error:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
        raise store_error(error, copy) or StoreError(f"{copy}: {error}") from error
