"""Reading the audit chain link by link, and telling what was done to it where it does not hold."""

from __future__ import annotations

import datetime
import enum
import hashlib
from collections.abc import Iterable

import msgspec

from desktop.store.audit_chain import GENESIS, link, seen

Link = tuple[int, bytes, bytes]
"""An entry's number, hash and body."""
EXPLAINED = 200
"""Broken links beyond which they are only counted: telling what was done compares each with all others."""


class Kind(enum.StrEnum):
    """What was found."""

    CHANGED = "changed"
    HASH = "hash-changed"
    MOVED = "moved"
    INSERTED = "inserted"
    MISSING = "missing"
    CUT = "cut"
    REWRITTEN = "rewritten"
    UNREADABLE = "unreadable"
    UNGUARDED = "unguarded"
    ANCHORS = "anchors"
    SEGMENT = "segment"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is wrong, with the entry it is about (0 for none) and that entry's time (epoch s)."""

    kind: Kind
    seq: int = 0
    time: float | None = None
    text: str

    @property
    def line(self) -> str:
        """Number, time and what is wrong."""
        where = f"entry {self.seq}" if self.seq else "the log"
        when = "" if self.time is None else f" ({stamp(self.time)})"
        return f"{where}{when}: {self.text}"


class Broken(msgspec.Struct, frozen=True):
    """An entry that does not follow the one before it."""

    seq: int
    digest: bytes
    body: bytes
    previous: bytes
    """Hash of the entry before it, as stored."""
    before: bytes
    """Hash of the one before that."""


def stamp(time: float) -> str:
    """Epoch seconds as date and time, UTC; what is no time as it is."""
    try:
        return datetime.datetime.fromtimestamp(time, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError, OSError):
        return f"time {time}"


class Scan:
    """Follows a chain from a known link on; entries that hold `mark` are kept."""

    def __init__(self, last: int = 0, hash_: bytes | None = GENESIS, mark: bytes = b"\0") -> None:
        self.last, self.hash, self.mark = last, hash_, mark
        self.count = 0
        self.marked: list[Link] = []
        self.findings: list[Finding] = []
        self._broken: list[Broken] = []
        self._uncounted = 0

    def follow(self, rows: Iterable[Link]) -> None:
        """Read entries in the order of their numbers."""
        sha256, mark = hashlib.sha256, self.mark
        last, previous = self.last, self.hash or b""
        known, before = self.hash is not None, b""
        for seq, digest, body in rows:
            if seq <= last:
                self._stray(seq, body)
                continue
            if seq != last + 1:
                self._gap(last, seq, body)
            elif known and sha256(previous + body).digest() != digest:
                self._break(Broken(seq, digest, body, previous, before))
            if mark in body:
                self.marked.append((seq, digest, body))
            self.last = last = seq
            before, previous, known = previous, digest, True
            self.hash = digest
            self.count += 1

    def explained(self) -> list[Finding]:
        """Everything found, in the order of the entries."""
        found = [*self.findings, *explain(self._broken)]
        if self._uncounted:
            text = f"{self._uncounted} more entries do not follow the ones before them"
            found.append(Finding(kind=Kind.CHANGED, seq=self._broken[-1].seq, text=f"after it, {text}"))
        return sorted(found, key=lambda finding: finding.seq)

    def _gap(self, last: int, seq: int, body: bytes) -> None:
        first = last + 1
        lost = f"entry {first} is" if first == seq - 1 else f"entries {first} to {seq - 1} are"
        self.findings.append(
            Finding(kind=Kind.MISSING, seq=first, text=f"{lost} missing; the next one is of {_when(body)}")
        )

    def _stray(self, seq: int, body: bytes) -> None:
        text = f"an entry numbered {seq} was inserted, dated {_when(body)}: the log begins at {self.last + 1}"
        self.findings.append(Finding(kind=Kind.INSERTED, seq=seq, text=text))

    def _break(self, broken: Broken) -> None:
        if len(self._broken) < EXPLAINED:
            self._broken.append(broken)
        else:
            self._uncounted += 1


def explain(broken: list[Broken]) -> list[Finding]:
    """What was most simply done to the entries of broken links.

    An entry whose hash fits behind another one than the one before it is as it was written, but elsewhere;
    one that fits nowhere was changed.
    """
    after = _fitting(broken)
    by_seq = {each.seq: each for each in broken}
    found: dict[int, Finding] = {}
    skipped: set[int] = set()
    for each in broken:
        if each.seq in skipped:
            continue
        if each.seq in after:
            _tell_place(each, after, found)
            continue
        computed, following = link(each.previous, each.body), by_seq.get(each.seq + 1)
        kind, text = Kind.CHANGED, "it was changed, or what came before it was removed"
        if following is not None and link(computed, following.body) == following.digest:
            skipped.add(following.seq)
            kind, text = Kind.HASH, "its hash was changed, its content was not"
        found[each.seq] = _finding(kind, each, text)
    return list(found.values())


def _tell_place(each: Broken, after: dict[int, int], found: dict[int, Finding]) -> None:
    between = range(after[each.seq] + 1, each.seq)
    if between and not any(seq in after for seq in between):
        for seq in between:
            former = found.pop(seq, None)
            text = f"it was inserted: entry {each.seq} was written before it was there"
            time = None if former is None else former.time
            found[seq] = Finding(kind=Kind.INSERTED, seq=seq, time=time, text=text)
        return
    place = _place(each.seq, after)
    if place != each.seq:
        was = "elsewhere" if place is None else f"as entry {place}"
        found[each.seq] = _finding(Kind.MOVED, each, f"it is not in its place; it was written {was}")


def _fitting(broken: list[Broken]) -> dict[int, int]:
    """Behind which entry each broken one was written, where that is known."""
    holders = {GENESIS: 0}
    for each in broken:
        holders |= {each.before: each.seq - 2, each.previous: each.seq - 1}
    holders |= {each.digest: each.seq for each in broken}
    after = {}
    for each in broken:
        for digest, seq in holders.items():
            if seq != each.seq and link(digest, each.body) == each.digest:
                after[each.seq] = seq
                break
    return after


def _place(seq: int, after: dict[int, int]) -> int | None:
    """The number an entry was written as: one more than that of the entry it was written behind."""
    steps, at = 0, seq
    while at in after:
        at, steps = after[at], steps + 1
        if steps > len(after):
            return None
    return at + steps


def _finding(kind: Kind, each: Broken, text: str) -> Finding:
    known = seen(each.body)
    return Finding(kind=kind, seq=each.seq, time=None if known is None else known.time, text=text)


def _when(body: bytes) -> str:
    known = seen(body)
    return "an unreadable time" if known is None else stamp(known.time)
