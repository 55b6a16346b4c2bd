"""Commands as values: what was asked, what was accepted, what was observed (DESIGN §5)."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Any

import msgspec

from desktop.work.picture import ObjectKey
from layers.definition import Risk


class Phase(enum.StrEnum):
    """What a request asks of the gateway."""

    SELECT = "select"
    OPERATE = "operate"
    CANCEL = "cancel"


class Stage(enum.StrEnum):
    """Where one target of a command stands."""

    DRAFT = "draft"
    SELECTING = "selecting"
    SELECTED = "selected"
    AWAITING_APPROVAL = "awaiting-approval"
    SENT = "sent"
    ACCEPTED = "accepted"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    FAILED = "failed"
    DIVERGED = "diverged"
    UNKNOWN = "unknown"

    @property
    def final(self) -> bool:
        """Whether nothing more is awaited (a confirmed one may still diverge)."""
        return self in FINAL


FINAL = frozenset(
    {
        Stage.CONFIRMED,
        Stage.REFUSED,
        Stage.CANCELLED,
        Stage.EXPIRED,
        Stage.FAILED,
        Stage.DIVERGED,
        Stage.UNKNOWN,
    }
)


class Cause(enum.StrEnum):
    """Why a command did not do what was asked; the panels have the operator's words for each."""

    NO_RIGHT = "no-right"
    NOT_SIGNED_IN = "not-signed-in"
    LINK_DOWN = "link-down"
    RESYNCHRONISING = "resynchronising"
    STALE = "stale"
    INTERLOCK = "interlock"
    NOT_DECLARED = "not-declared"
    BAD_ARGUMENT = "bad-argument"
    UNKNOWN_OBJECT = "unknown-object"
    LEASED = "leased"
    AUDIT = "audit"
    LOCAL_MODE = "local-mode"
    BUSY = "busy"
    SELECT_EXPIRED = "select-expired"
    NOT_SELECTED = "not-selected"
    SEQUENCE = "sequence"
    RETAINED = "retained"
    DUPLICATE = "duplicate"
    EXPIRED = "expired"
    MALFORMED = "malformed"
    EQUIPMENT = "equipment"
    SAME_PERSON = "same-person"
    SECOND_REFUSED = "second-refused"
    SECOND_ABSENT = "second-absent"
    NO_REPLY = "no-reply"
    NO_EFFECT = "no-effect"
    INTERRUPTED = "interrupted"
    SUPERSEDED = "superseded"


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """One object of a command, with its own way through the stages."""

    key: ObjectKey
    command_id: str
    """Of this target: what the gateway knows it by; executed at most once."""
    stage: Stage = Stage.DRAFT
    cause: Cause | None = None
    detail: str = ""
    """What the equipment or the interlock said, plain text."""
    select_id: str = ""
    expected_seq: int = 0
    before: Mapping[str, Any] = {}
    """Reported values when it was asked."""
    observed: Mapping[str, Any] = {}
    """Reported values when it was confirmed, or last."""
    times: Mapping[str, float] = {}
    """Epoch seconds at which each stage was entered."""


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """One order of an operator to one or more objects of a layer."""

    id: str
    layer: str
    action: str
    arguments: Mapping[str, Any] = {}
    targets: tuple[Target, ...]
    risk: Risk
    operator: str
    """The operator's name."""
    role: str
    console: str
    reason: str = ""
    asked: float
    """Epoch seconds."""
    expires: float | None = None
    """When the application sends `cancelled_by`; None for what does not expire."""
    approver: str = ""
    retry_of: str = ""
    """The command whose failed targets this one asks again."""
    automatic: bool = False
    """Sent by the application: the end of an override."""

    @property
    def final(self) -> bool:
        """Whether nothing more is awaited for any target."""
        return all(target.stage.final for target in self.targets)

    def counts(self) -> Mapping[Stage, int]:
        """How many targets stand at each stage."""
        found: dict[Stage, int] = {}
        for target in self.targets:
            found[target.stage] = found.get(target.stage, 0) + 1
        return found


class Refused(Exception):
    """A command cannot be given: why, and of which objects."""

    def __init__(self, cause: Cause, detail: str = "", keys: tuple[ObjectKey, ...] = ()) -> None:
        super().__init__(f"{cause}: {detail}" if detail else str(cause))
        self.cause, self.detail, self.keys = cause, detail, keys


class ApprovalRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A class 3 command waits for a second person at another console until `expires` (epoch seconds)."""

    command: str
    layer: str
    action: str
    arguments: Mapping[str, Any] = {}
    targets: tuple[str, ...]
    """Ids; at most 50 are named, `count` tells how many there are."""
    count: int
    operator: str
    console: str
    reason: str
    expires: float


class Lease(msgspec.Struct, frozen=True, kw_only=True):
    """A console's hold on an object while it commands it."""

    key: ObjectKey
    operator: str
    console: str
    until: float
    taken_from: str = ""
    reason: str = ""
