"""Payloads of commands: requests, the gateway's replies, the second person's answer, and leases.

Nothing of a request, a reply or an approval is ever retained: a command is for the moment. Leases are, so
that a console that joins knows who commands what.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta

from desktop.link.topics import ROOT, console_level
from layers import SAFE_ID

VERSION = 1
MAX_NAMED = 50
"""Targets that an approval request names."""

Phase = Literal["select", "operate", "cancel"]
Result = Literal["selected", "accepted", "refused", "failed", "cancelled", "done"]
ApprovalKind = Literal["request", "grant", "refuse", "withdraw"]

_Time = Annotated[datetime, Meta(tz=True)]
_Version = Annotated[int, Meta(ge=1, le=VERSION)]
_Id = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+\Z")]
_Name = Annotated[str, Meta(max_length=200)]
_Text = Annotated[str, Meta(max_length=2_000)]
_Scalar = bool | int | float | _Text | None
_Args = Annotated[dict[_Name, _Scalar], Meta(max_length=50)]
_Count = Annotated[int, Meta(ge=0)]


class CommandRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What a console asks of the gateway, for one object. Times are epoch seconds."""

    v: int = VERSION
    command_id: str
    """Of this object's part of the order: the gateway carries it out at most once."""
    phase: Phase
    select_id: str = ""
    action: str
    args: dict[str, Any] = {}
    expected_seq: int = 0
    """Sequence of the report the order was given on; 0: any."""
    operator: str = ""
    console: str
    reason: str = ""
    ttl_s: float = 10.0
    """Seconds after `ts` from which the gateway refuses it."""
    ts: float


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What the gateway says to one request. Times are epoch seconds."""

    v: int = VERSION
    command_id: str
    phase: Phase
    result: Result
    cause: str = ""
    detail: str = ""
    select_id: str = ""
    ts: float
    seq: int = 0
    """Sequence of the object's report at that moment, 0 when it says none."""


class ApprovalMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A second person is asked for, agrees, declines, or is no longer needed. Times are epoch seconds.

    The sender is `operator` at `console`: of a request, who gives the command; of an answer, who answers.
    """

    v: int = VERSION
    kind: ApprovalKind
    command: str
    layer: str = ""
    action: str = ""
    args: dict[str, Any] = {}
    targets: tuple[str, ...] = ()
    """Ids, at most `MAX_NAMED`."""
    count: int = 0
    operator_id: str = ""
    operator: str = ""
    console: str = ""
    reason: str = ""
    expires: float = 0.0
    ts: float


class LeaseMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A console holds an object until then (epoch seconds), or, without an `until`, gave it up."""

    layer: str
    id: str
    operator: str = ""
    console: str = ""
    until: float = 0.0
    taken_from: str = ""
    reason: str = ""

    @property
    def released(self) -> bool:
        """Whether nobody holds the object any more."""
        return self.until <= 0


CommandMessage = Reply | ApprovalMessage | LeaseMessage
"""What a console receives of commands."""


class _Request(msgspec.Struct, kw_only=True):
    v: _Version = VERSION
    command_id: _Id
    phase: Phase
    select_id: _Name = ""
    action: _Name
    args: _Args = {}
    expected_seq: _Count = 0
    operator: _Name = ""
    console: Annotated[str, Meta(min_length=1, max_length=200)]
    reason: _Text = ""
    ttl_s: float = 10.0
    ts: _Time


class _Reply(msgspec.Struct, omit_defaults=True, kw_only=True):
    v: _Version = VERSION
    command_id: Annotated[str, Meta(max_length=64)]
    phase: Phase
    result: Result
    cause: _Name = ""
    detail: _Text = ""
    select_id: _Name = ""
    ts: _Time
    seq: _Count = 0


class _Approval(msgspec.Struct, omit_defaults=True, kw_only=True):
    v: _Version = VERSION
    kind: ApprovalKind
    command: _Id
    layer: _Name = ""
    action: _Name = ""
    args: _Args = {}
    targets: Annotated[tuple[_Name, ...], Meta(max_length=MAX_NAMED)] = ()
    count: _Count = 0
    operator_id: _Name = ""
    operator: _Name = ""
    console: _Name = ""
    reason: _Text = ""
    expires: _Time | None = None
    ts: _Time


class _Lease(msgspec.Struct, omit_defaults=True, kw_only=True):
    operator: _Name
    console: _Name
    until: _Time
    taken_from: _Name = ""
    reason: _Text = ""


M = TypeVar("M", bound=msgspec.Struct)
P = TypeVar("P", bound=msgspec.Struct)
_TIMES = frozenset({"ts", "expires", "until"})


def _message(kind: type[M], payload: msgspec.Struct, **more: str) -> M:
    values = msgspec.structs.asdict(payload)
    for name in _TIMES & values.keys():
        values[name] = 0.0 if values[name] is None else values[name].timestamp()
    return kind(**values, **more)


def _payload(kind: type[P], message: msgspec.Struct) -> bytes:
    values = {name: getattr(message, name) for name in kind.__struct_fields__}
    for name in _TIMES & values.keys():
        values[name] = datetime.fromtimestamp(values[name], UTC) if values[name] else None
    return msgspec.json.encode(kind(**values))


def decode_command(payload: bytes) -> CommandRequest:
    """The request of a payload; raises ValueError for what is none."""
    return _message(CommandRequest, msgspec.json.decode(payload, type=_Request))


def decode_reply(payload: bytes) -> Reply:
    """The reply of a payload; raises ValueError for what is none."""
    return _message(Reply, msgspec.json.decode(payload, type=_Reply))


def decode_approval(payload: bytes) -> ApprovalMessage:
    """The approval message of a payload; raises ValueError for what is none."""
    return _message(ApprovalMessage, msgspec.json.decode(payload, type=_Approval))


def decode_lease(levels: list[str], payload: bytes) -> LeaseMessage:
    """The lease of a topic's levels (all of them) and its payload, empty for one that was given up.

    Raises ValueError for what is none.
    """
    if len(levels) != 5 or not all(SAFE_ID.fullmatch(level) for level in levels[3:]):
        raise ValueError("not the topic of a lease")
    layer, id = levels[3:]
    if not payload:
        return LeaseMessage(layer=layer, id=id)
    return _message(LeaseMessage, msgspec.json.decode(payload, type=_Lease), layer=layer, id=id)


def encode_command(request: CommandRequest) -> bytes:
    """The payload of a request."""
    return _payload(_Request, request)


def encode_reply(reply: Reply) -> bytes:
    """The payload of a reply."""
    return _payload(_Reply, reply)


def encode_approval(message: ApprovalMessage) -> bytes:
    """The payload of an approval message."""
    return _payload(_Approval, message)


def encode_lease(lease: LeaseMessage) -> bytes:
    """The payload of a lease, to be retained; empty for one that is given up."""
    return b"" if lease.released else _payload(_Lease, lease)


def command_topic(layer: str, feature: str) -> str:
    """Where orders to an object are published; never retained."""
    return f"{ROOT}/command/{layer}/{feature}"


def reply_topic(console: str) -> str:
    """Where the gateway answers a console of that name; not retained."""
    return f"{ROOT}/reply/{console_level(console)}"


def approval_topic(command: str) -> str:
    """Where the second person of a command is asked for and answers; not retained."""
    return f"{ROOT}/approval/{command}"


def lease_topic(layer: str, feature: str) -> str:
    """Where the hold of a console on an object is published, retained."""
    return f"{ROOT}/lease/{layer}/{feature}"
