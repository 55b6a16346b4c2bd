"""What can go wrong with a file, in one line that names it and says what to do."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from pathlib import Path

FULL_BELOW = 64 * 1024
"""Free bytes under which an input/output error is taken for a full disk: WAL needs a 32 KiB shared page."""


class StoreError(Exception):
    """A database cannot do what was asked; the message is one line."""

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(message.split()))


class DiskFull(StoreError):
    """No space is left; what was being written is rolled back, what was written before is kept."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path}: the disk is full; free some space there, nothing saved before is lost")


class ReadOnly(StoreError):
    """The file or its folder cannot be written."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path}: cannot be written; give this user the right to write in {path.parent}")


class Damaged(StoreError):
    """The file is not a usable database."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(f"{path}: the database is damaged ({what}); restart Vigie, or restore a copy of it")


class TooNew(StoreError):
    """The file was written by a later version."""

    def __init__(self, path: Path, found: int, known: int) -> None:
        super().__init__(
            f"{path}: written by a newer Vigie (schema {found}, this one knows {known}); update Vigie"
        )


class Busy(StoreError):
    """Another process kept the file locked for too long."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path}: another program keeps the database locked; close it and try again")


def store_error(error: BaseException, path: Path) -> StoreError | None:
    """The StoreError for a failure of SQLite or of the file system; None when it is another kind of error."""
    if isinstance(error, StoreError):
        return error
    if isinstance(error, OSError):
        return _of_system(error, path)
    if not isinstance(error, sqlite3.Error):
        return None
    code = getattr(error, "sqlite_errorcode", None)
    primary = None if code is None else code & 0xFF
    if primary == sqlite3.SQLITE_FULL:
        return DiskFull(path)
    if primary in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return DiskFull(path) if _is_full(path) else ReadOnly(path)
    if primary in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT):
        return Damaged(path, str(error))
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return Busy(path)
    if primary == sqlite3.SQLITE_IOERR:
        return DiskFull(path) if _is_full(path) else StoreError(f"{path}: {error}; check the disk")
    return StoreError(f"{path}: {error}")


def _of_system(error: OSError, path: Path) -> StoreError | None:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull(path)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return ReadOnly(path)
    if error.errno in (errno.ENOTDIR, errno.EEXIST, errno.EISDIR, errno.ENAMETOOLONG):
        return StoreError(f"{path}: {error.strerror}; choose another folder")
    return None


def _is_full(path: Path) -> bool:
    try:
        return shutil.disk_usage(path.parent).free < FULL_BELOW
    except OSError:
        return False
