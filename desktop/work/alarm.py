"""Alarms as values, in the vocabulary of ISA-18.2 and EEMUA 191."""

from __future__ import annotations

import enum
from collections.abc import Mapping

import msgspec

from desktop.work.picture import ObjectKey
from layers.definition import Severity, Text


class Life(enum.StrEnum):
    """Where an alarm stands between its condition and its acknowledgement."""

    ACTIVE_UNACKNOWLEDGED = "active-unacknowledged"
    ACTIVE_ACKNOWLEDGED = "active-acknowledged"
    CLEARED_UNACKNOWLEDGED = "cleared-unacknowledged"
    CLOSED = "closed"

    @property
    def active(self) -> bool:
        """Whether the condition holds."""
        return self in (Life.ACTIVE_UNACKNOWLEDGED, Life.ACTIVE_ACKNOWLEDGED)

    @property
    def acknowledged(self) -> bool:
        """Whether somebody has taken note."""
        return self in (Life.ACTIVE_ACKNOWLEDGED, Life.CLOSED)


class Acknowledgement(msgspec.Struct, frozen=True):
    """Who took note, when (epoch seconds), and what they wrote."""

    operator: str
    console: str
    time: float
    note: str = ""


class Shelving(msgspec.Struct, frozen=True):
    """Put aside until a time (epoch seconds), by whom and why."""

    operator: str
    console: str
    time: float
    until: float
    reason: str


class Alarm(msgspec.Struct, frozen=True, kw_only=True):
    """One alarm of one object: unique by object and rule."""

    key: str
    """``layer/id/rule``, also the end of its topic."""
    object: ObjectKey
    rule: str
    title: Text
    guidance: Text
    severity: Severity
    raised: float
    """Epoch seconds of the first activation of this life."""
    changed: float
    """Epoch seconds of the last activation or clearing."""
    life: Life = Life.ACTIVE_UNACKNOWLEDGED
    count: int = 1
    """Activations since it was raised."""
    chattering: bool = False
    acknowledged: Acknowledgement | None = None
    shelved: Shelving | None = None
    suppressed: str = ""
    """Why it is suppressed (declared works), empty when it is not."""
    suppressed_until: float = 0.0
    """Epoch seconds at which the works end."""
    upstream: ObjectKey | None = None
    """The object that, by the registry, may explain it."""
    uncertain: bool = False
    """The object's state is no longer certain: the alarm stands as last known."""

    @property
    def hidden(self) -> bool:
        """Whether it is kept out of the list: shelved or suppressed."""
        return self.shelved is not None or bool(self.suppressed)


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the alarm list: an alarm, or a cause with what it explains."""

    key: str
    """The head alarm's key, or ``cause:layer/id`` for a cause that has no alarm of its own."""
    cause: ObjectKey
    """The object flown to."""
    head: Alarm | None
    """None when several alarms share an upstream object that itself reports nothing."""
    children: tuple[str, ...] = ()
    """Keys of the alarms explained by the cause, direct and through others, oldest first."""
    severity: Severity
    """The worst of head and children."""
    raised: float
    unacknowledged: int
    """How many of head and children nobody has acknowledged."""


class AlarmFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which alarms a list shows; empty sets do not restrict."""

    layers: frozenset[str] = frozenset()
    communes: frozenset[str] = frozenset()
    severities: frozenset[Severity] = frozenset()
    lives: frozenset[Life] = frozenset()
    text: str = ""
    hidden: bool = False
    """Show only what is shelved or suppressed, instead of only what is not."""


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the alarm history."""

    time: float
    key: str
    kind: str
    """raised, cleared, acknowledged, closed, shelved, unshelved, suppressed, unsuppressed, chattering or
    settled."""
    severity: int
    life: str
    operator: str = ""
    console: str = ""
    note: str = ""


class AlarmShared(msgspec.Struct, frozen=True, kw_only=True):
    """What consoles share of an alarm, retained on ``vigie/v1/alarm/{key}``; the latest `time` holds."""

    key: str
    time: float
    raised: float
    """Which life of the alarm it speaks of: another `raised` is another life, and is not touched."""
    acknowledged: Acknowledgement | None = None
    shelved: Shelving | None = None
    suppressed: str = ""
    suppressed_until: float = 0.0


class AlarmChanges(msgspec.Struct, frozen=True, kw_only=True):
    """What one step changed: for the lists, the history, and the other consoles."""

    keys: frozenset[str] = frozenset()
    events: tuple[Event, ...] = ()
    shares: tuple[AlarmShared, ...] = ()
    raised: tuple[str, ...] = ()
    """Keys newly active and unacknowledged: they sound and blink."""
    closed: tuple[str, ...] = ()
    """Keys that left: nothing of them is retained any more."""

    def __bool__(self) -> bool:
        return bool(self.keys or self.events or self.shares)


class Kpi(msgspec.Struct, frozen=True, kw_only=True):
    """The load of the alarm system now (EEMUA 191: 10 alarms in 10 minutes is a flood)."""

    last_10_min: int
    by_layer: Mapping[str, int]
    """Activations in the last 10 minutes, by layer."""
    standing: int
    """Active alarms, acknowledged or not."""
    stale: int
    """Active for more than 24 hours."""
    chattering: int
    shelved: int
    suppressed: int
    most_frequent: tuple[tuple[str, int], ...]
    """(key, activations) of the last 24 hours, most first, at most 10."""
    flood: bool
