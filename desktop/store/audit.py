"""The audit log: an append-only table in which every entry's hash depends on all entries before it."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

import msgspec
import sqlite_utils

from desktop.store.audit_anchors import Anchor, write_anchor
from desktop.store.audit_chain import GENESIS, GUARDS, TABLE, Head, canonical, link
from desktop.store.database import Database
from desktop.store.errors import StoreError

T = TypeVar("T")

ANCHOR_EVERY = 100
"""Entries after which the head is written down outside the file..."""
ANCHOR_AFTER_S = 600.0
"""...or seconds, whichever comes first."""
SHARE_PATIENCE_S = 2.0
"""How long closing waits for a share that does not answer."""


def create_audit(db: sqlite_utils.Database) -> None:
    """The chain: `body` is canonical JSON, `hash` SHA-256 of the previous hash and the body."""
    for statement in (TABLE, *GUARDS.values()):
        db.conn.execute(statement)


def append(db: sqlite_utils.Database, entry: msgspec.Struct) -> Head:
    """Add an entry in the present transaction; it is on the disk once that is committed.

    To be called on the thread that owns the file, in a transaction that writes, so that nothing comes
    between reading the head and adding to it.
    """
    last = _last(db)
    body = canonical(entry)
    seq, digest = (1, link(GENESIS, body)) if last is None else (last[0] + 1, link(last[1], body))
    db.conn.execute("INSERT INTO audit (seq, hash, body) VALUES (?, ?, ?)", (seq, digest, body.decode()))
    return Head(seq=seq, hash=digest.hex())


def head(db: sqlite_utils.Database) -> Head:
    """Where the chain ends."""
    last = _last(db)
    return Head(seq=0, hash=GENESIS.hex()) if last is None else Head(seq=last[0], hash=last[1].hex())


def bodies(
    db: sqlite_utils.Database, *, before: int | None = None, holding: tuple[str, ...] = ()
) -> Iterator[tuple[int, str]]:
    """Number and canonical JSON of entries, newest first, below `before`, that hold every piece of text."""
    tests = ["seq < ?"] + ["instr(body, ?)"] * len(holding)
    limit = 2**62 if before is None else before
    query = f"SELECT seq, body FROM audit WHERE {' AND '.join(tests)} ORDER BY seq DESC"
    yield from db.conn.execute(query, (limit, *holding))


def anchor_of(db: sqlite_utils.Database, now: float) -> Anchor:
    """The head as an anchor; entries moved to segments count too."""
    found = head(db)
    return Anchor(seq=found.seq, hash=found.hash, count=found.seq, time=now)


def _last(db: sqlite_utils.Database) -> tuple[int, bytes] | None:
    row = db.conn.execute("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
    return None if row is None else (int(row[0]), bytes(row[1]))


class AuditLog:
    """The audit log of a work file, anchored as it grows.

    Anchors go to `anchors`, and to a file named after the console in each folder of `shares`: a share is
    out of reach of who can write here, and it may be slow or gone without anybody having to wait.
    """

    def __init__(
        self, database: Database, anchors: Path, shares: tuple[Path, ...] = (), console: str = "console"
    ) -> None:
        self.problem = ""
        """Why the last anchor could not be written, one line; empty when it was."""
        self._database, self._anchors = database, anchors
        self._shares = tuple(folder / f"audit-anchors-{console}.jsonl" for folder in shares)
        self._since, self._anchored = 0, time.monotonic()
        self._written = 0
        self._sharing: list[threading.Thread] = []

    def append(self, entry: msgspec.Struct) -> Future[Head]:
        """Record an entry; when the future has a result, it is on the disk.

        The future's StoreError (disk full, read-only...) means that it is not recorded: what it speaks of
        must not be done.
        """
        return self.submit(lambda db: append(db, entry))

    def submit(self, work: Callable[[sqlite_utils.Database], T]) -> Future[T]:
        """Run work that appends and writes what belongs with it, in one transaction."""
        future = self._database.submit(work)
        future.add_done_callback(self._count)
        return future

    def anchor(self) -> Future[Anchor]:
        """Write the head down outside the file; `problem` says why where it could not be."""
        self._since, self._anchored = 0, time.monotonic()
        return self._database.submit(self._anchor)

    def close(self) -> None:
        """Anchor the head; the database is left open. To be called before it is closed."""
        self._await_shares()
        with contextlib.suppress(StoreError):
            self.anchor().result()
        self._await_shares()

    def _await_shares(self) -> None:
        for thread in self._sharing:
            thread.join(SHARE_PATIENCE_S)

    def _count(self, future: Future[T]) -> None:
        if future.cancelled() or future.exception() is not None:
            return
        self._since += 1
        if self._since >= ANCHOR_EVERY or time.monotonic() - self._anchored >= ANCHOR_AFTER_S:
            self.anchor()

    def _anchor(self, db: sqlite_utils.Database) -> Anchor:
        anchor = anchor_of(db, time.time())
        if not anchor.seq or (anchor.seq == self._written and not self.problem):
            return anchor
        self.problem, self._written = "", anchor.seq
        self._write(self._anchors, anchor)
        self._sharing = [thread for thread in self._sharing if thread.is_alive()]
        if not self._sharing:  # a share that hangs gets no second thread
            for file in self._shares:
                thread = threading.Thread(target=self._write, args=(file, anchor), daemon=True)
                thread.start()
                self._sharing.append(thread)
        return anchor

    def _write(self, file: Path, anchor: Anchor) -> None:
        try:
            write_anchor(file, anchor)
        except StoreError as error:
            self.problem = str(error)
