"""What commands want done: audit entries, payloads for the feed, commands to keep, news to tell."""

from __future__ import annotations

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


class Outbox:
    """Gathers effects until they are taken."""

    def __init__(self) -> None:
        self.changed: set[str] = set()
        self.records: list[Record] = []
        self.publishes: list[Publish] = []
        self.notes: list[ApprovalRequest | Divergence] = []

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
