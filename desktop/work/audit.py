"""What the audit log says: who did what to which object, from where, why, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any

import msgspec
import sqlite_utils

from desktop.store.audit import bodies
from desktop.store.audit_chain import canonical


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One act, or its result. An act's intent is recorded before the act, its result after."""

    time: float
    """Epoch seconds."""
    operator: str = ""
    """The person's name; empty for what the application does by itself."""
    operator_id: str = ""
    role: str = ""
    console: str = ""
    what: str
    """A word or a few with hyphens, such as ``command-intent``, ``acknowledge``, ``sign-in``."""
    target: str = ""
    """``layer/id`` of an object or what else it is about."""
    before: Mapping[str, Any] = {}
    after: Mapping[str, Any] = {}
    result: str = ""
    """Such as ``asked``, ``confirmed``, ``refused: leased``."""
    reason: str = ""
    approver: str = ""
    """Name of the second person of a class 3 command."""
    command: str = ""
    """Id of the command it belongs to."""


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """An entry with its number in the chain; the entry is None when it can no longer be read."""

    seq: int
    entry: Entry | None
    text: str
    """Its canonical JSON as stored."""


class AuditFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which entries are wanted; what is empty does not restrict."""

    operator: str = ""
    console: str = ""
    what: str = ""
    target: str = ""
    command: str = ""
    text: str = ""
    """Found anywhere in the entry, whatever the case."""
    since: float | None = None
    until: float | None = None
    """Epoch seconds, exclusive."""


EXACT = ("operator", "console", "what", "target", "command")
_DECODER = msgspec.json.Decoder(Entry)


def page(
    db: sqlite_utils.Database, wanted: AuditFilter, before: int | None = None, limit: int = 200
) -> list[Recorded]:
    """The newest entries wanted, at most `limit`, with numbers below `before`; for the next page, give the
    number of the last one."""
    exact = tuple((name, str(getattr(wanted, name))) for name in EXACT if getattr(wanted, name))
    # Canonical JSON writes a field in one way only, so that its text can be looked for.
    holding = tuple(f"{canonical(name).decode()}:{canonical(value).decode()}" for name, value in exact)
    found = (_recorded(seq, body) for seq, body in bodies(db, before=before, holding=holding))
    return list(islice((each for each in found if _matches(each, wanted, exact)), limit))


def _recorded(seq: int, body: str) -> Recorded:
    try:
        entry = _DECODER.decode(body)
    except msgspec.DecodeError:
        entry = None
    return Recorded(seq=seq, entry=entry, text=body)


def _matches(found: Recorded, wanted: AuditFilter, exact: tuple[tuple[str, str], ...]) -> bool:
    entry = found.entry
    if entry is None:
        return wanted == AuditFilter()
    if any(getattr(entry, name) != value for name, value in exact):
        return False
    if wanted.since is not None and entry.time < wanted.since:
        return False
    if wanted.until is not None and entry.time >= wanted.until:
        return False
    return not wanted.text or wanted.text.casefold() in found.text.casefold()
