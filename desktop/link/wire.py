"""The live feed's payloads: bytes of a topic to frozen messages, and back for who publishes.

Decoding is strict and never raises: what does not fit is counted and dropped, since one broken device must
not silence the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from desktop.link.topics import ROOT
from desktop.link.wire_alarms import AlarmMessage, decode_alarm
from desktop.link.wire_commands import (
    ApprovalMessage,
    LeaseMessage,
    Reply,
    decode_approval,
    decode_lease,
    decode_reply,
    reply_topic,
)
from layers import SAFE_ID
from layers.model import Live, Position, Quality

MAX_PAYLOAD = 65_536
"""Bytes; a state is a few hundred, so anything larger is a mistake or an attack."""
FUTURE_TOLERANCE = 5.0
"""Seconds a device's clock may run ahead before its values are held to be uncertain."""
MAX_COUNTED = 1_000
"""Topics counted apart among the bad ones; the rest share one count."""
OTHER = "other"
TRANSIENT = tuple(f"{ROOT}/{kind}/" for kind in ("command", "reply", "approval"))
"""Beginnings of topics that must never be retained: their payloads are for the moment."""

TELLING = frozenset({"lease"})
"""Kinds of topics of which being cleared is news."""


class StateMessage(msgspec.Struct, frozen=True, gc=False):
    """An object reported its state."""

    layer: str
    id: str
    live: Live


class PositionMessage(msgspec.Struct, frozen=True, gc=False):
    """A moving object reported where it is."""

    layer: str
    id: str
    position: Position


class ChangedHint(msgspec.Struct, frozen=True):
    """The registry holds a newer version of a feature: pull it."""

    collection: str
    id: str
    version: str


class LinkMessage(msgspec.Struct, frozen=True):
    """The link to a source came up or was lost, at `time` (epoch seconds)."""

    source: str
    up: bool
    time: float
    detail: str = ""


class SnapshotComplete(msgspec.Struct, frozen=True):
    """All that a source retained has been handed over; what follows is live."""

    source: str


Message = (
    StateMessage
    | PositionMessage
    | ChangedHint
    | LinkMessage
    | SnapshotComplete
    | AlarmMessage
    | Reply
    | ApprovalMessage
    | LeaseMessage
)

_Time = Annotated[datetime, Meta(tz=True)]
_Name = Annotated[str, Meta(max_length=200)]
_Scalar = bool | int | float | Annotated[str, Meta(max_length=2_000)] | None


class _State(msgspec.Struct, omit_defaults=True):
    ts: _Time
    seq: Annotated[int, Meta(ge=0)] = 0
    boot: _Name = ""
    q: Literal["good", "uncertain", "bad"] = "good"
    values: Annotated[dict[_Name, _Scalar], Meta(max_length=200)] = {}
    faults: Annotated[tuple[_Name, ...], Meta(max_length=100)] = ()


class _Position(msgspec.Struct, omit_defaults=True):
    ts: _Time
    lon: Annotated[float, Meta(ge=-180, le=180)]
    lat: Annotated[float, Meta(ge=-90, le=90)]
    seq: Annotated[int, Meta(ge=0)] = 0
    boot: _Name = ""
    heading: Annotated[float, Meta(ge=0, le=360)] | None = None
    speed: Annotated[float, Meta(ge=0)] | None = None


class _Changed(msgspec.Struct):
    id: _Name
    version: _Name = ""


_QUALITIES = {"good": Quality.GOOD, "uncertain": Quality.UNCERTAIN, "bad": Quality.BAD}
_WORDS: dict[Quality, Literal["good", "uncertain", "bad"]] = {
    Quality.GOOD: "good",
    Quality.UNCERTAIN: "uncertain",
    Quality.BAD: "bad",
}


class Decoder:
    """Turns payloads into messages and counts those that are none, by kind and layer, in `bad`."""

    def __init__(self) -> None:
        self.bad: Counter[str] = Counter()
        self._state = msgspec.json.Decoder(_State)
        self._position = msgspec.json.Decoder(_Position)
        self._changed = msgspec.json.Decoder(_Changed)
        self._kinds: dict[str, Callable[[list[str], bytes, float], Message]] = {
            "state": self._decode_state,
            "position": self._decode_position,
            "changed": self._decode_changed,
            "alarm": lambda levels, payload, _now: decode_alarm(levels, payload),
            "reply": lambda _levels, payload, _now: decode_reply(payload),
            "approval": lambda _levels, payload, _now: decode_approval(payload),
            "lease": lambda levels, payload, _now: decode_lease(levels, payload),
        }

    def decode(self, topic: str, payload: bytes, now: float) -> Message | None:
        """The message a payload carries; None for a topic of no interest, a cleared one, or a bad payload.

        `now` is epoch seconds. A time more than `FUTURE_TOLERANCE` ahead of it is replaced by `now`, and the
        state's quality is at best uncertain: a device with a wrong clock must neither look fresh for hours
        nor block the messages that follow its repair.
        """
        levels = topic.split("/")
        kind = self._kinds.get(levels[2]) if len(levels) > 3 and topic.startswith(f"{ROOT}/") else None
        if kind is None or not (payload or levels[2] in TELLING):
            return None
        if len(payload) > MAX_PAYLOAD:
            self._reject(levels)
            return None
        try:
            return kind(levels, payload, now)
        except (ValueError, RecursionError):
            self._reject(levels)
            return None

    def _reject(self, levels: list[str]) -> None:
        key = "/".join(levels[2:4])
        self.bad[key if key in self.bad or len(self.bad) < MAX_COUNTED else OTHER] += 1

    def _decode_state(self, levels: list[str], payload: bytes, now: float) -> Message:
        layer, feature = _names(levels, 2)
        it = self._state.decode(payload)
        time, quality = it.ts.timestamp(), _QUALITIES[it.q]
        if time > now + FUTURE_TOLERANCE:
            time, quality = now, max(quality, Quality.UNCERTAIN)
        live = Live(
            time=time, quality=quality, values=it.values, faults=it.faults, sequence=it.seq, boot=it.boot
        )
        return StateMessage(layer, feature, live)

    def _decode_position(self, levels: list[str], payload: bytes, now: float) -> Message:
        layer, feature = _names(levels, 2)
        it = self._position.decode(payload)
        time = it.ts.timestamp()
        position = Position(
            time=now if time > now + FUTURE_TOLERANCE else time,
            longitude=it.lon,
            latitude=it.lat,
            heading=it.heading,
            speed=it.speed,
            sequence=it.seq,
            boot=it.boot,
        )
        return PositionMessage(layer, feature, position)

    def _decode_changed(self, levels: list[str], payload: bytes, now: float) -> Message:
        (collection,) = _names(levels, 1)
        it = self._changed.decode(payload)
        return ChangedHint(collection, it.id, it.version)


def _names(levels: list[str], count: int) -> list[str]:
    names = levels[3:]
    if len(names) != count or not all(SAFE_ID.fullmatch(name) for name in names):
        raise ValueError("not a topic of this kind")
    return names


def is_transient(topic: str) -> bool:
    """Whether what is published there is for the moment, and dropped when a broker had kept it."""
    return topic.startswith(TRANSIENT)


def state_topic(layer: str, feature: str) -> str:
    """Where the state of an object is published, retained."""
    return f"{ROOT}/state/{layer}/{feature}"


def position_topic(layer: str, feature: str) -> str:
    """Where the position of a moving object is published."""
    return f"{ROOT}/position/{layer}/{feature}"


def changed_topic(collection: str) -> str:
    """Where a change of a registry collection is announced."""
    return f"{ROOT}/changed/{collection}"


def filters_of(layers: Iterable[str], console: str = "") -> list[str]:
    """The topic filters by which a console of that name listens to these layers."""
    found = [
        filter
        for layer in layers
        for filter in (f"{ROOT}/state/{layer}/+", f"{ROOT}/position/{layer}/+", f"{ROOT}/changed/{layer}")
    ]
    if console:
        found += [f"{ROOT}/alarm/+/+/+", f"{ROOT}/lease/+/+", f"{ROOT}/approval/+", reply_topic(console)]
    return found


_encode = msgspec.json.Encoder().encode


def _datetime(time: float) -> datetime:
    return datetime.fromtimestamp(time, UTC)


def encode_state(live: Live) -> bytes:
    """The payload of a state."""
    return _encode(
        _State(_datetime(live.time), live.sequence, live.boot, _WORDS[live.quality], live.values, live.faults)
    )


def encode_position(position: Position) -> bytes:
    """The payload of a position; degrees to 7 decimals (1 cm)."""
    return _encode(
        _Position(
            _datetime(position.time),
            round(position.longitude, 7),
            round(position.latitude, 7),
            position.sequence,
            position.boot,
            position.heading,
            position.speed,
        )
    )


def encode_changed(feature: str, version: str) -> bytes:
    """The payload of a change hint."""
    return _encode(_Changed(feature, version))
