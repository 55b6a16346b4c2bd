"""Verifying the audit log from its file alone, while the application may be writing to it."""

from __future__ import annotations

import contextlib
import sqlite3
import zlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from desktop.store.audit import ANCHOR_EVERY
from desktop.store.audit_anchors import Anchor, read_anchors
from desktop.store.audit_chain import GENESIS, GUARDS, Head
from desktop.store.audit_scan import Finding, Kind, Link, Scan, stamp
from desktop.store.audit_segments import (
    REMOVAL_MARK,
    SEAL_MARK,
    Segment,
    file_digest,
    newest_seal,
    read_segment,
)
from desktop.store.errors import StoreError, store_error

BATCH = 2000
MARK = b'"what":"audit-se'
"""The beginning that seals and removals share."""
ANCHORS = "audit-anchors.jsonl"
SEGMENTS = "audit"
UNREAD = (sqlite3.Error, UnicodeDecodeError)
"""What reading a damaged file raises: SQLite may even quote what is no text in its message."""


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What verifying found; without a finding, the log is as it was written."""

    file: str
    entries: int
    """Read in the work file."""
    first: int
    head: Head
    segments: int
    anchors: int
    """Compared with."""
    anchor_file: str
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    """What could not be checked, or should be known."""

    @property
    def fine(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


def verify(path: Path, anchor: Path | None = None, folder: Path | None = None) -> Verdict:
    """Check every link of a work file's audit log, its segments in `folder`, and its anchors.

    Without `anchor`, the anchors file beside the work file is compared with, if there is one. The file is
    opened for reading only. Raises StoreError, one line, where there is no log to read.
    """
    anchors_file = path.with_name(ANCHORS) if anchor is None else anchor
    folder = path.with_name(SEGMENTS) if folder is None else folder
    notes: list[str] = []
    # Anchors are written after what they speak of: read first, none can be ahead of a whole log.
    anchors, found = _anchors(anchors_file, anchor is None, notes)
    try:
        with contextlib.closing(open_log(path)) as connection:
            return _verified(connection, path, folder, anchors_file, anchors, found, notes)
    except UNREAD as error:
        raise store_error(error, path) or StoreError(f"{path}: {error}") from error


def open_log(path: Path) -> sqlite3.Connection:
    """A connection that only reads, in one snapshot; raises StoreError where there is no audit log."""
    if not path.is_file():
        raise StoreError(f"{path}: there is no such file; nothing has been recorded here")
    log = path.with_name(f"{path.name}-wal")
    quiet = not (log.exists() and log.stat().st_size)
    address = f"{path.absolute().as_uri()}?mode=ro"
    for uri in (address, f"{address}&immutable=1") if quiet else (address,):
        connection = sqlite3.connect(uri, uri=True, isolation_level=None)
        connection.text_factory = bytes
        try:
            connection.execute("BEGIN")
            tables = connection.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'audit'").fetchone()
        except UNREAD as error:
            connection.close()
            cannot = getattr(error, "sqlite_errorcode", 0) & 0xFF in (
                sqlite3.SQLITE_CANTOPEN,
                sqlite3.SQLITE_READONLY,
            )
            if cannot and uri == address and quiet:
                continue  # a folder that cannot be written, such as a copy on read-only media
            raise StoreError(f"{path}: cannot be read ({error})") from error
        if not tables[0]:
            connection.close()
            raise StoreError(f"{path}: holds no audit log")
        return connection
    raise StoreError(f"{path}: cannot be read; check its permissions")


def entries(connection: sqlite3.Connection) -> Iterator[Link]:
    """Every entry of the work file in order."""
    # A changed byte may turn a column into another type, or into nothing.
    columns = "seq, CAST(coalesce(hash, '') AS BLOB), CAST(coalesce(body, '') AS BLOB)"
    cursor = connection.execute(f"SELECT {columns} FROM audit ORDER BY seq")
    while rows := cursor.fetchmany(BATCH):
        yield from rows


def _verified(
    connection: sqlite3.Connection,
    path: Path,
    folder: Path,
    anchors_file: Path,
    anchors: list[Anchor],
    found: list[Finding],
    notes: list[str],
) -> Verdict:
    found += _guards(connection)
    first = int(connection.execute("SELECT coalesce(min(seq), 1) FROM audit").fetchone()[0])
    sealed = _sealed_before(connection, first)
    scan = Scan(mark=MARK)
    if sealed is not None:
        scan = Scan(sealed.last, bytes.fromhex(sealed.hash), mark=MARK)
    try:
        scan.follow(entries(connection))
    except UNREAD as error:
        text = f"the file cannot be read from here on ({error})"
        found.append(Finding(kind=Kind.UNREADABLE, seq=scan.last + 1, text=text))
    else:
        found += _against_anchors(connection, anchors, first, scan.last if scan.count else 0)
    found += scan.explained()
    known = newest_seal(iter(reversed(scan.marked)))
    for segment, before in zip(known, (None, *known), strict=False):
        found += _segment(connection, folder / segment.name, segment, before, first, notes)
    return Verdict(
        file=str(path),
        entries=scan.count,
        first=first,
        head=Head(seq=scan.last, hash=(scan.hash or GENESIS).hex()),
        segments=len(known),
        anchors=len(anchors),
        anchor_file=str(anchors_file),
        findings=tuple(found),
        notes=tuple(notes),
    )


def _sealed_before(connection: sqlite3.Connection, first: int) -> Segment | None:
    """The segment that ends right before, or else last before, the work file's first entry."""
    if first == 1:
        return None
    query = "SELECT seq, hash, CAST(body AS BLOB) FROM audit WHERE instr(body, ?) OR instr(body, ?)"
    marks = (SEAL_MARK.decode(), REMOVAL_MARK.decode())
    try:
        known = newest_seal(iter(connection.execute(f"{query} ORDER BY seq DESC", marks)))
    except UNREAD:
        return None
    earlier = [segment for segment in known if segment.last < first]
    return earlier[-1] if earlier else None


def _guards(connection: sqlite3.Connection) -> list[Finding]:
    query = "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'audit'"
    present = dict(connection.execute(query))
    lost = [name for name, sql in GUARDS.items() if present.get(name.encode()) != sql.encode()]
    text = f"the table's guards against changes were removed or altered: {', '.join(lost)}"
    return [Finding(kind=Kind.UNGUARDED, text=text)] if lost else []


def _anchors(file: Path, default: bool, notes: list[str]) -> tuple[list[Anchor], list[Finding]]:
    if default and not file.exists():
        notes.append(f"{file}: no anchors; that the end was not cut off cannot be told")
        return [], []
    anchors, strange = read_anchors(file)
    findings = []
    for number in strange:
        text = f"{file}, line {number}: is no anchor; it was changed, or cut short by a power failure"
        findings.append(Finding(kind=Kind.ANCHORS, text=text))
    return anchors, findings


def _against_anchors(
    connection: sqlite3.Connection, anchors: list[Anchor], first: int, last: int
) -> list[Finding]:
    """The earliest entry that is not the one anchored, and how much is missing at the end."""
    found = []
    if not anchors and last >= ANCHOR_EVERY:
        text = (
            f"{last} entries and no anchor, where one is written every {ANCHOR_EVERY}: anchors were removed"
        )
        found.append(Finding(kind=Kind.ANCHORS, text=text))
    for anchor in sorted(anchors, key=lambda each: each.seq):
        if not first <= anchor.seq <= last:
            continue
        stored = _hash_of(connection, anchor.seq)
        if stored not in (None, anchor.hash):
            text = f"it is not the one anchored at {stamp(anchor.time)}; the log was rewritten up to here"
            found.append(Finding(kind=Kind.REWRITTEN, seq=anchor.seq, text=text))
            break
    final = max(anchors, key=lambda each: each.seq, default=None)
    if final is not None and final.seq > last:
        text = f"the log ends at {last}, and reached {final.seq} at {stamp(final.time)}: its end was cut off"
        found.append(Finding(kind=Kind.CUT, seq=last + 1, text=text))
    return found


def _hash_of(connection: sqlite3.Connection, seq: int) -> str | None:
    row = connection.execute("SELECT CAST(hash AS BLOB) FROM audit WHERE seq = ?", (seq,)).fetchone()
    return None if row is None else bytes(row[0] or b"").hex()


def _segment(
    connection: sqlite3.Connection,
    file: Path,
    segment: Segment,
    before: Segment | None,
    first: int,
    notes: list[str],
) -> list[Finding]:
    """What is wrong with a segment: its place in the chain, its file."""
    expected = 1 if before is None else before.last + 1
    if segment.first != expected:
        text = f"{segment.name}: its seal begins at {segment.first} instead of {expected}"
        return [Finding(kind=Kind.SEGMENT, seq=segment.first, text=text)]
    if segment.last >= first and _hash_of(connection, segment.last) not in (None, segment.hash):
        text = f"it is not the last one sealed in {segment.name}"
        return [Finding(kind=Kind.SEGMENT, seq=segment.last, text=text)]
    if segment.removed and not file.exists():
        notes.append(f"{segment.name}: removed, as recorded; the log is checked from its seal on")
        return []
    try:
        if file_digest(file) == segment.sha256:
            return []
    except OSError as error:
        text = f"{file}: the sealed segment cannot be read ({error.strerror})"
        return [Finding(kind=Kind.SEGMENT, seq=segment.first, text=text)]
    text = f"{file}: it is not the file that was sealed"
    return [Finding(kind=Kind.SEGMENT, seq=segment.first, text=text), *_inside(file, segment, before)]


def _inside(file: Path, segment: Segment, before: Segment | None) -> list[Finding]:
    """Which entries of an altered segment do not hold."""
    scan = Scan() if before is None else Scan(before.last, bytes.fromhex(before.hash))
    found = []
    try:
        scan.follow(read_segment(file))
    except (OSError, EOFError, ValueError, zlib.error) as error:
        text = f"{file}: cannot be read from here on ({' '.join(str(error).split())})"
        found.append(Finding(kind=Kind.UNREADABLE, seq=scan.last + 1, text=text))
    else:
        if scan.last < segment.last:
            text = f"{file}: ends here, instead of at {segment.last}"
            found.append(Finding(kind=Kind.CUT, seq=scan.last + 1, text=text))
    return [*found, *scan.explained()]
