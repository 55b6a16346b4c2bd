"""Closed months of the audit log as sealed files, so that the work file does not grow for ever.

A segment is a gzip file of lines ``{"seq":1,"hash":"…","entry":{…}}``. Its seal is an entry of the chain
itself and names every segment so far, so that the newest seal is enough to check them all.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import sqlite_utils

from desktop.store.audit import append
from desktop.store.audit_chain import GENESIS, GUARDS, REMOVAL, SEAL, link, seen
from desktop.store.audit_scan import Link
from desktop.store.errors import StoreError, store_error

KEEP_MONTHS = 13
"""Closed months whose entries stay in the work file too."""
DAY_S = 86400.0
SEAL_MARK = b'"what":"' + SEAL.encode() + b'"'
REMOVAL_MARK = b'"what":"' + REMOVAL.encode() + b'"'


class Segment(msgspec.Struct, frozen=True, kw_only=True):
    """What a seal says of a file: its entries, their last hash (hex), and SHA-256 (hex) of the file."""

    name: str
    first: int
    last: int
    count: int
    hash: str
    sha256: str
    removed: bool = False
    """Whether the file was removed, its legal time being over."""


class Sealed(msgspec.Struct, frozen=True):
    """What a seal holds as `after`."""

    segments: tuple[Segment, ...] = ()


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """An entry that the log writes about itself."""

    time: float
    what: str
    target: str
    console: str
    result: str
    after: Sealed


class _Line(msgspec.Struct, frozen=True):
    seq: int
    hash: str
    entry: msgspec.Raw


def retain(
    db: sqlite_utils.Database, folder: Path, now: float, *, console: str = "", keep_months: int = KEEP_MONTHS
) -> tuple[Segment, ...]:
    """Seal every closed month (UTC), then drop from the work file what is older than `keep_months`.

    Runs in one transaction on the owning thread; returns the new segments. Raises StoreError, and leaves
    everything as it was, where a file cannot be written or the chain does not hold.
    """
    known = list(segments(db))
    fresh: list[Segment] = []
    for month, first, last in _closed(db, known[-1] if known else None, now):
        taken = {each.name for each in known}
        names = (f"{month}{suffix}.jsonl.gz" for suffix in ("", *(f"-{n}" for n in range(2, 10_000))))
        fresh.append(_write(db, folder / next(name for name in names if name not in taken), first, last))
        known.append(fresh[-1])
        _note(db, SEAL, fresh[-1].name, known, now, console, "sealed")
    _drop(db, folder, known, _month(now, -max(1, keep_months)))
    return tuple(fresh)


def remove(db: sqlite_utils.Database, name: str, now: float, *, console: str = "") -> None:
    """Record that a segment's legal time is over; its file may be deleted once this is committed.

    Raises StoreError for a segment that is not known, or whose entries are still in the work file.
    """
    known = segments(db)
    first = int(db.conn.execute("SELECT coalesce(min(seq), 1) FROM audit").fetchone()[0])
    if not any(each.name == name and each.last < first for each in known):
        raise StoreError(f"{name}: no such segment, or its entries are still in the work file")
    marked = [msgspec.structs.replace(each, removed=each.removed or each.name == name) for each in known]
    _note(db, REMOVAL, name, marked, now, console, "removed")


def segments(db: sqlite_utils.Database) -> tuple[Segment, ...]:
    """The segments so far, oldest first, by the newest note of the log about itself."""
    query = "SELECT seq, hash, CAST(body AS BLOB) FROM audit WHERE instr(body, ?) OR instr(body, ?)"
    rows = db.conn.execute(f"{query} ORDER BY seq DESC", (SEAL_MARK.decode(), REMOVAL_MARK.decode()))
    return newest_seal(rows)


def newest_seal(rows: Iterator[Link]) -> tuple[Segment, ...]:
    """What the first of some entries that is a seal (or a removal) says; an entry may only quote one."""
    for _seq, _hash, body in rows:
        entry = seen(body)
        if entry is not None and entry.what in (SEAL, REMOVAL):
            try:
                return msgspec.json.decode(entry.after, type=Sealed).segments
            except msgspec.DecodeError:
                continue
    return ()


def read_segment(file: Path) -> Iterator[Link]:
    """The entries of a segment file; OSError, EOFError, zlib.error or ValueError where it is damaged."""
    with gzip.open(file, "rb") as lines:
        for line in lines:
            found = msgspec.json.decode(line, type=_Line)
            yield found.seq, bytes.fromhex(found.hash), bytes(found.entry)


def file_digest(file: Path) -> str:
    """SHA-256 of a file, hex."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _note(
    db: sqlite_utils.Database,
    what: str,
    target: str,
    known: list[Segment],
    now: float,
    console: str,
    result: str,
) -> None:
    after = Sealed(tuple(known))
    append(db, Note(time=now, what=what, target=target, console=console, result=result, after=after))


def _month(time_s: float, months: int = 0) -> str:
    """The month (UTC) of a time, or one some months away, as ``2026-10``."""
    found = time.gmtime(time_s)
    number = found.tm_year * 12 + found.tm_mon - 1 + months
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def _closed(db: sqlite_utils.Database, sealed: Segment | None, now: float) -> list[tuple[str, int, int]]:
    """Months before the present one that have entries after `sealed`, each with its first and last entry.

    Entries keep their order whatever the clock did: one from before belongs to the month it came in, and a
    time in the future is not believed.
    """
    present, found = _month(now), list[tuple[str, int, int]]()
    month, after = (_month(0), 0) if sealed is None else (sealed.name[:7], sealed.last)
    rows = db.conn.execute("SELECT seq, CAST(body AS BLOB) FROM audit WHERE seq > ? ORDER BY seq", (after,))
    for seq, body in rows:
        entry = seen(body)
        if entry is not None and 0 <= entry.time < now + DAY_S:
            month = max(month, _month(entry.time))
        if month >= present:
            break
        if found and found[-1][0] == month:
            found[-1] = (month, found[-1][1], seq)
        else:
            found.append((month, seq, seq))
    return found


def _write(db: sqlite_utils.Database, file: Path, first: int, last: int) -> Segment:
    row = db.conn.execute("SELECT hash FROM audit WHERE seq = ?", (first - 1,)).fetchone()
    previous = bytes(row[0]) if row else GENESIS if first == 1 else None
    query = "SELECT seq, hash, CAST(body AS BLOB) FROM audit WHERE seq BETWEEN ? AND ? ORDER BY seq"
    partial = file.with_name(f"{file.name}.partial")
    count = 0
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("wb") as raw:
            with gzip.GzipFile(fileobj=raw, mode="wb", filename="", mtime=0, compresslevel=6) as packed:
                for seq, digest, body in db.conn.execute(query, (first, last)):
                    if seq != first + count or (previous is not None and link(previous, body) != digest):
                        raise StoreError(f"audit entry {seq} does not hold; run vigie audit verify")
                    packed.write(b'{"seq":%d,"hash":"%s","entry":%s}\n' % (seq, digest.hex().encode(), body))
                    previous, count = digest, count + 1
            raw.flush()
            os.fsync(raw.fileno())
        partial.replace(file)
        digest_of_file = file_digest(file)
    except OSError as error:
        raise store_error(error, file) or StoreError(f"{file}: {error.strerror}") from error
    finally:
        partial.unlink(missing_ok=True)
    end = (previous or GENESIS).hex()
    return Segment(name=file.name, first=first, last=last, count=count, hash=end, sha256=digest_of_file)


def _drop(db: sqlite_utils.Database, folder: Path, known: list[Segment], before: str) -> None:
    """Delete entries that are whole in a sealed file of a month before `before`; older ones first."""
    first = int(db.conn.execute("SELECT coalesce(min(seq), 1) FROM audit").fetchone()[0])
    last = 0
    for segment in known:
        if segment.name[:7] >= before:
            break
        if segment.last >= first and not _whole(folder / segment.name, segment):
            break
        last = segment.last
    if last >= first:
        db.conn.execute("DROP TRIGGER audit_no_delete")
        db.conn.execute("DELETE FROM audit WHERE seq <= ?", (last,))
        db.conn.execute(GUARDS["audit_no_delete"])


def _whole(file: Path, segment: Segment) -> bool:
    try:
        return file_digest(file) == segment.sha256
    except OSError:
        return False
