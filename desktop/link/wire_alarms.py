"""Payloads of shared alarms: what consoles tell each other of an acknowledgement or a shelving, retained."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from desktop.link.topics import ROOT
from layers import SAFE_ID

_Time = Annotated[datetime, Meta(tz=True)]
_Name = Annotated[str, Meta(max_length=200)]
_Text = Annotated[str, Meta(max_length=2_000)]


class SharedAcknowledgement(msgspec.Struct, frozen=True, kw_only=True):
    """Who took note, where, when (epoch seconds), with what words."""

    operator: str
    console: str
    time: float
    note: str = ""


class SharedShelving(msgspec.Struct, frozen=True, kw_only=True):
    """Who put it aside, where, when and until when (epoch seconds), and why."""

    operator: str
    console: str
    time: float
    until: float
    reason: str


class AlarmMessage(msgspec.Struct, frozen=True, kw_only=True):
    """What another console did about an alarm; the latest `time` of a key holds."""

    key: str
    """``layer/id/rule``."""
    time: float
    raised: float
    """Epoch seconds of the life of the alarm that it speaks of."""
    acknowledged: SharedAcknowledgement | None = None
    shelved: SharedShelving | None = None
    suppressed: str = ""
    suppressed_until: float = 0.0
    """Epoch seconds at which the works end for which it is suppressed."""


class _Acknowledged(msgspec.Struct, omit_defaults=True):
    operator: _Name
    console: _Name
    ts: _Time
    note: _Text = ""


class _Shelved(msgspec.Struct):
    operator: _Name
    console: _Name
    ts: _Time
    until: _Time
    reason: _Text


class _Alarm(msgspec.Struct, omit_defaults=True):
    ts: _Time
    raised: _Time
    acknowledged: _Acknowledged | None = None
    shelved: _Shelved | None = None
    suppressed: _Text = ""
    suppressed_until: _Time | None = None


def _moment(time: float) -> datetime:
    return datetime.fromtimestamp(time, UTC)


def alarm_topic(key: str) -> str:
    """Where an alarm is shared, retained."""
    return f"{ROOT}/alarm/{key}"


def decode_alarm(levels: list[str], payload: bytes) -> AlarmMessage:
    """The message of a topic's levels (all of them) and its payload; raises ValueError for what is none."""
    if len(levels) != 6 or not all(SAFE_ID.fullmatch(level) for level in levels[3:]):
        raise ValueError("not the topic of an alarm")
    it = msgspec.json.decode(payload, type=_Alarm)
    note, aside = it.acknowledged, it.shelved
    if bool(it.suppressed) != (it.suppressed_until is not None):
        raise ValueError("works need a reason and an end")
    return AlarmMessage(
        key="/".join(levels[3:]),
        time=it.ts.timestamp(),
        raised=it.raised.timestamp(),
        acknowledged=None
        if note is None
        else SharedAcknowledgement(
            operator=note.operator, console=note.console, time=note.ts.timestamp(), note=note.note
        ),
        shelved=None
        if aside is None
        else SharedShelving(
            operator=aside.operator,
            console=aside.console,
            time=aside.ts.timestamp(),
            until=aside.until.timestamp(),
            reason=aside.reason,
        ),
        suppressed=it.suppressed,
        suppressed_until=0.0 if it.suppressed_until is None else it.suppressed_until.timestamp(),
    )


def encode_alarm(message: AlarmMessage) -> bytes:
    """The payload of a shared alarm, to be retained."""
    note, aside = message.acknowledged, message.shelved
    return msgspec.json.encode(
        _Alarm(
            _moment(message.time),
            _moment(message.raised),
            None
            if note is None
            else _Acknowledged(note.operator, note.console, _moment(note.time), note.note),
            None
            if aside is None
            else _Shelved(
                aside.operator, aside.console, _moment(aside.time), _moment(aside.until), aside.reason
            ),
            message.suppressed,
            _moment(message.suppressed_until) if message.suppressed else None,
        )
    )
