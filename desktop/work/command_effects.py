"""What commands want done: audit entries, payloads for the feed, commands to keep, news to tell."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import msgspec

from desktop.work.audit import Entry
from desktop.work.command import ApprovalRequest, Command
from desktop.work.picture import ObjectKey


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """An entry to be recorded, and the command to be kept in the same transaction."""

    entry: Entry
    token: str = ""
    """For `Commands.recorded`, with the outcome, on which what follows depends; empty: nothing does."""
    command: Command | None = None


class Publish(msgspec.Struct, frozen=True, kw_only=True):
    """A payload for the feed."""

    topic: str
    payload: bytes
    retain: bool = False
    token: str = ""
    """To be handed to `Commands.published` when the feed took nothing; empty: nobody asks."""


class Divergence(msgspec.Struct, frozen=True, kw_only=True):
    """Equipment that did as it was told no longer does, or did not end its override."""

    key: ObjectKey
    command: str
    since: float


class Effects(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be done, in this order: records, commands kept, payloads published, news told."""

    changed: frozenset[str] = frozenset()
    """Ids of commands that changed; approval requests that came or went count under theirs."""
    records: tuple[Record, ...] = ()
    kept: tuple[Command, ...] = ()
    publishes: tuple[Publish, ...] = ()
    notes: tuple[ApprovalRequest | Divergence, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.changed or self.records or self.kept or self.publishes or self.notes)


Then = Callable[[bool, float], None]
"""Told whether an entry was recorded, and when (epoch seconds)."""


class Outbox:
    """Gathers effects until they are taken, and knows what follows once an entry is recorded."""

    def __init__(self) -> None:
        self.changed: set[str] = set()
        self.records: list[Record] = []
        self.publishes: list[Publish] = []
        self.notes: list[ApprovalRequest | Divergence] = []
        self._waiting: dict[str, Then] = {}

    def record(self, entry: Entry, then: Then | None = None, command: Command | None = None) -> None:
        """Add an entry, with the command as it stands; `then` is told whether it was recorded."""
        token = "" if then is None else uuid.uuid4().hex
        if then is not None:
            self._waiting[token] = then
        self.records.append(Record(entry=entry, token=token, command=command))

    def recorded(self, token: str, ok: bool, now: float) -> None:
        """An entry is on the disk, or cannot be."""
        then = self._waiting.pop(token, None)
        if then is not None:
            then(ok, now)

    def publish(self, topic: str, payload: bytes, *, retain: bool = False, token: str = "") -> None:
        """Add a payload."""
        self.publishes.append(Publish(topic=topic, payload=payload, retain=retain, token=token))

    def take(self, kept: tuple[Command, ...]) -> Effects:
        """All there is, with the commands to be kept; nothing is left."""
        effects = Effects(
            changed=frozenset(self.changed),
            records=tuple(self.records),
            kept=kept,
            publishes=tuple(self.publishes),
            notes=tuple(self.notes),
        )
        for each in (self.changed, self.records, self.publishes, self.notes):
            each.clear()
        return effects
