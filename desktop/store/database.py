"""One thread that owns one SQLite file."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

import sqlite_utils

from desktop.store.errors import Busy, Damaged, DiskFull, ReadOnly, StoreError, TooNew, store_error

__all__ = ["Damaged", "Database", "DiskFull", "OwnedDatabase", "ReadOnly", "StoreError", "TooNew"]

T = TypeVar("T")
Migration = Callable[[sqlite_utils.Database], None]
Job = tuple[Callable[[sqlite_utils.Database], Any], Future[Any], str]
"""Work, where its result goes, and the kind of transaction it wants."""

BUSY_S = 5.0
"""How long to wait for another process that is writing to the same file."""
QUIET_S = 0.4
"""How long no work must have come before idle work is done: a sync submits page after page, and who types
the next letter should not wait for a slice."""
PATIENCE_S = 2.0
"""After how long idle work gets a slice although other work keeps coming."""
CHECKPOINT_PAGES = 8000
CACHE_KIB = 16_000


class OwnedDatabase(sqlite_utils.Database):
    """The connection handed to work on the owning thread.

    `kept` is for what that thread keeps beside the file, such as the search's vocabulary; it is dropped
    whenever work fails, since it may then say more than the file.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection, execute_plugins=False)
        self.kept: dict[str, Any] = {}


class Database:
    """Runs work on the one thread that owns a file, each work in its own transaction."""

    def __init__(
        self,
        path: Path,
        migrations: Sequence[Migration],
        *,
        synchronous: str = "NORMAL",
        idle: Callable[[sqlite_utils.Database], bool] | None = None,
    ) -> None:
        """Open or create the file and bring it to the latest schema.

        `idle` is work in short slices for when nothing else waits; it is run again while it returns true, and
        after other work. Raises a StoreError: ReadOnly, DiskFull, Damaged, TooNew or Busy.
        """
        self.path = path
        self.rebuilt = False
        """Whether the file was found unusable and made anew."""
        self.failure: Damaged | None = None
        """Set when work met damage: the file should be made anew, or restored."""
        self._migrations, self._synchronous = migrations, synchronous
        self._idle, self._more = idle, idle is not None
        self._busy = self._rested = time.monotonic()
        self._waiting: deque[Job] = deque()
        self._urgent: deque[Job] = deque()
        self._wake = threading.Condition()
        self._closing = False
        opened: Future[None] = Future()
        self._thread = threading.Thread(
            target=self._run, args=(opened,), name=f"store {path.name}", daemon=True
        )
        self._thread.start()
        try:
            opened.result()
        except BaseException:
            self._thread.join()
            raise

    def submit(self, work: Callable[[sqlite_utils.Database], T]) -> Future[T]:
        """Run work in order, in a transaction that is rolled back when it raises."""
        return self._put(self._waiting, work, "IMMEDIATE")

    def submit_urgent(self, work: Callable[[sqlite_utils.Database], T]) -> Future[T]:
        """Run work before all that was submitted: for short reads that someone waits for."""
        return self._put(self._urgent, work, "DEFERRED")

    def close(self) -> None:
        """Do all that was submitted, then close the file. Harmless when repeated."""
        with self._wake:
            self._closing = True
            self._wake.notify()
        self._thread.join()

    def _put(self, queue: deque[Job], work: Callable[[sqlite_utils.Database], T], mode: str) -> Future[T]:
        future: Future[T] = Future()
        with self._wake:
            if self._closing:
                future.set_exception(StoreError(f"{self.path}: the database is closed"))
                return future
            queue.append((work, future, mode))
            self._wake.notify()
        return future

    def _run(self, opened: Future[None]) -> None:
        try:
            db = self._open()
        except BaseException as error:
            opened.set_exception(self._explained(error))
            return
        opened.set_result(None)
        while (job := self._next()) is not None:
            self._do(db, *job)
            del job
        with contextlib.suppress(sqlite3.Error):
            db.conn.execute("PRAGMA optimize")
        db.conn.close()

    def _next(self) -> Job | None:
        with self._wake:
            while not (self._urgent or self._waiting or self._closing):
                now = time.monotonic()
                due = min(self._busy + QUIET_S, self._rested + PATIENCE_S)
                if self._more and now >= due:
                    return self._slice, Future(), "IMMEDIATE"
                self._wake.wait(due - now if self._more else None)
            self._busy = time.monotonic()
            if self._urgent:
                return self._urgent.popleft()
            if not self._more:
                self._more, self._rested = self._idle is not None, self._busy
            return self._waiting.popleft() if self._waiting else None

    def _slice(self, db: sqlite_utils.Database) -> None:
        self._more = False  # also when it raises: other work will have it tried again
        self._more = self._idle is not None and self._idle(db)
        self._rested = time.monotonic()

    def _do(
        self, db: OwnedDatabase, work: Callable[[sqlite_utils.Database], Any], future: Future[Any], mode: str
    ) -> None:
        if not future.set_running_or_notify_cancel():
            return
        try:
            try:
                result = in_transaction(db, work, mode)
            except sqlite3.OperationalError as error:
                # A read that turns into a write fails at once if another process wrote meanwhile: start over.
                if mode != "DEFERRED" or not isinstance(store_error(error, self.path), Busy):
                    raise
                result = in_transaction(db, work, "IMMEDIATE")
        except BaseException as error:
            known = self._explained(error)
            if isinstance(known, Damaged):
                self.failure = known
            future.set_exception(known)
        else:
            future.set_result(result)

    def _explained(self, error: BaseException) -> BaseException:
        known = store_error(error, self.path)
        if known is None or known is error:
            return error
        known.__cause__ = error
        return known

    def _open(self) -> OwnedDatabase:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self.path, timeout=BUSY_S, isolation_level=None)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(f"PRAGMA synchronous = {self._synchronous}")
            connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
            connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
            db = OwnedDatabase(connection)
            self._migrate(db)
        except BaseException:
            connection.close()
            raise
        return db

    def _migrate(self, db: OwnedDatabase) -> None:
        def version() -> int:
            return int(db.conn.execute("PRAGMA user_version").fetchone()[0])

        if version() > len(self._migrations):
            raise TooNew(self.path, version(), len(self._migrations))
        while version() < len(self._migrations):

            def step(db: sqlite_utils.Database) -> None:
                done = version()  # read again under the lock: another process may have been faster
                if done < len(self._migrations):
                    self._migrations[done](db)
                    db.conn.execute(f"PRAGMA user_version = {done + 1}")

            in_transaction(db, step, "IMMEDIATE")


def in_transaction(db: OwnedDatabase, work: Callable[[sqlite_utils.Database], T], mode: str) -> T:
    """Run work between BEGIN and COMMIT; roll back and forget `kept` when it raises."""
    connection = db.conn
    connection.execute(f"BEGIN {mode}")
    try:
        result = work(db)
        if connection.in_transaction:
            connection.execute("COMMIT")
    except BaseException:
        db.kept.clear()
        if connection.in_transaction:
            with contextlib.suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
        raise
    return result
