"""The life of one alarm as pure steps (ISA-18.2): each takes an alarm and returns what it becomes."""

from __future__ import annotations

import msgspec

from desktop.work.alarm import Acknowledgement, Alarm, AlarmShared, Event, Life, Shelving

LONGEST_SHELVING = 12 * 3600.0
"""Seconds: a shelved alarm comes back within the shift (ISA-18.2 wants a limit)."""

replace = msgspec.structs.replace


def moment(time: float) -> float:
    """A time, epoch seconds, as it comes back from the wire: in whole microseconds."""
    return round(time, 6)


def reactivated(alarm: Alarm, now: float) -> Alarm:
    """Its condition is back before it was closed: it wants to be acknowledged again."""
    return replace(
        alarm, life=Life.ACTIVE_UNACKNOWLEDGED, count=alarm.count + 1, changed=now, acknowledged=None
    )


def counted(alarm: Alarm, now: float) -> Alarm:
    """Its condition came and went within what is held against chattering: one more activation."""
    return replace(alarm, count=alarm.count + 1, changed=now)


def cleared(alarm: Alarm, now: float) -> Alarm:
    """Its condition is gone: closed when somebody had taken note, else kept until somebody does."""
    life = Life.CLOSED if alarm.life.acknowledged else Life.CLEARED_UNACKNOWLEDGED
    return replace(alarm, life=life, changed=now)


def acknowledged(alarm: Alarm, by: Acknowledgement) -> Alarm:
    """Somebody took note."""
    life = Life.ACTIVE_ACKNOWLEDGED if alarm.life.active else Life.CLOSED
    return replace(alarm, life=life, acknowledged=by)


def returned(alarm: Alarm, now: float) -> Alarm:
    """Its shelving has run out: an active one wants to be acknowledged again."""
    life = Life.ACTIVE_UNACKNOWLEDGED if alarm.life.active else alarm.life
    note = None if alarm.life.active else alarm.acknowledged
    return replace(alarm, shelved=None, life=life, acknowledged=note, changed=now)


def shelved(alarm: Alarm, aside: Shelving | None) -> Alarm:
    """Put aside, or taken back as it was."""
    return replace(alarm, shelved=aside)


def within_limit(aside: Shelving | None) -> Shelving | None:
    """A shelving that another console tells of, for no longer than is allowed here."""
    if aside is None or aside.until <= aside.time + LONGEST_SHELVING:
        return aside
    return replace(aside, until=aside.time + LONGEST_SHELVING)


def event(
    alarm: Alarm, kind: str, time: float, operator: str = "", console: str = "", note: str = ""
) -> Event:
    """A line of the history."""
    return Event(
        time=time,
        key=alarm.key,
        kind=kind,
        severity=int(alarm.severity),
        life=str(alarm.life),
        operator=operator,
        console=console,
        note=note,
    )


def shared(alarm: Alarm, now: float) -> AlarmShared:
    """What other consoles are told of it."""
    return AlarmShared(
        key=alarm.key,
        time=now,
        raised=alarm.raised,
        acknowledged=alarm.acknowledged,
        shelved=alarm.shelved,
        suppressed=alarm.suppressed,
        suppressed_until=alarm.suppressed_until,
    )
