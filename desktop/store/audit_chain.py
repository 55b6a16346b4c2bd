"""The links of the audit chain: how an entry becomes bytes, and bytes a hash."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

GENESIS = bytes(32)
"""What stands before the first entry."""
SEAL = "audit-seal"
"""`what` of the entry that seals a month's segment."""
REMOVAL = "audit-segment-removed"
"""`what` of the entry that says that a segment's file was removed, its legal time being over."""

TABLE = "CREATE TABLE audit (seq INTEGER PRIMARY KEY, hash BLOB NOT NULL, body TEXT NOT NULL) STRICT"
GUARDS = {
    "audit_no_update": "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit"
    " BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
    "audit_no_delete": "CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit"
    " BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
    "audit_no_insert": "CREATE TRIGGER audit_no_insert BEFORE INSERT ON audit"
    " WHEN EXISTS (SELECT 1 FROM audit WHERE seq >= NEW.seq)"
    " BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
}
"""Triggers that refuse what only a mistake would try; what gets round them, the chain finds."""


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """Where the chain ends: the last entry's number (from 1; 0 for an empty chain) and its hash in hex."""

    seq: int
    hash: str


class Seen(msgspec.Struct, frozen=True):
    """What the chain itself reads of an entry."""

    time: float = 0.0
    what: str = ""
    target: str = ""
    after: msgspec.Raw = msgspec.Raw(b"{}")


_ENCODER = msgspec.json.Encoder(order="sorted")
_SEEN = msgspec.json.Decoder(Seen)


def canonical(entry: Any) -> bytes:  # noqa: ANN401 - any value that JSON can say
    """The one way to write an entry: JSON in UTF-8, keys sorted, no spaces, shortest numbers.

    Numbers that JSON cannot say (NaN, infinity) become null. Raises TypeError for what is not data.
    """
    return _ENCODER.encode(entry)


def link(previous: bytes, body: bytes) -> bytes:
    """SHA-256 of the previous hash (32 bytes) followed by the entry's canonical JSON."""
    return hashlib.sha256(previous + body).digest()


def seen(body: bytes) -> Seen | None:
    """When and what an entry says, None for one that is no longer JSON."""
    try:
        return _SEEN.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
