"""The alarms of the territory: raised by what equipment reports, shared between consoles, grouped by cause.

An alarm never clears because its object fell silent or the link was lost: only a good report clears it. Its
`raised` is the equipment's own time, so that consoles speak of the same life of an alarm.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from desktop.link.wire import FUTURE_TOLERANCE
from desktop.link.wire_alarms import AlarmMessage
from desktop.work.alarm import (
    Acknowledgement,
    Alarm,
    AlarmChanges,
    AlarmShared,
    Shelving,
)
from desktop.work.alarm_following import Following
from desktop.work.alarm_life import (
    LONGEST_SHELVING,
    acknowledged,
    moment,
    shelved,
)
from desktop.work.command import Cause, Refused
from desktop.work.operators import Operator, Right
from desktop.work.picture import ObjectKey


class Alarms(Following):
    """Every alarm that is not closed, by key, and what people and other consoles do about them."""

    def received(self, messages: Iterable[AlarmMessage], now: float) -> AlarmChanges:
        """Take over what other consoles did."""
        step = self._begin(now)
        for message in messages:
            told = msgspec.convert(msgspec.to_builtins(message), AlarmShared)
            if told.time > now + FUTURE_TOLERANCE:  # it must not outlive what is said after it
                told = msgspec.structs.replace(told, time=now)
            if not self._sharing.heard(told):
                continue
            layer, id, _ = told.key.split("/")
            if told.suppressed and told.suppressed_until > now:
                self._works.declare(ObjectKey(layer, id), told.suppressed, told.suppressed_until)
            alarm = self.get(told.key)
            if alarm is not None:
                self._adopt(alarm, told, step)
        return self._end(step)

    def acknowledge(self, keys: Iterable[str], operator: Operator, note: str, now: float) -> AlarmChanges:
        """Take note of alarms. Raises Refused without the right."""
        _check(operator, Right.ACKNOWLEDGE)
        step = self._begin(now)
        by = Acknowledgement(operator.name, self._console, step.now, note)
        for alarm in self._known(keys):
            if not alarm.life.acknowledged:
                self._board.put(
                    acknowledged(alarm, by),
                    step,
                    "acknowledged",
                    operator=operator.name,
                    note=note,
                    share=True,
                )
        return self._end(step)

    def shelve(
        self, keys: Iterable[str], operator: Operator, until: float, reason: str, now: float
    ) -> AlarmChanges:
        """Put alarms aside. Raises Refused without the right, ValueError without a reason or a fit time."""
        _check(operator, Right.SHELVE)
        if not reason.strip():
            raise ValueError("a shelved alarm needs a reason")
        if not now < until <= now + LONGEST_SHELVING:
            raise ValueError("an alarm is shelved for 12 hours at most, and until later than now")
        step = self._begin(now)
        aside = Shelving(operator.name, self._console, step.now, moment(until), reason.strip())
        for alarm in self._known(keys):
            self._board.put(
                shelved(alarm, aside), step, "shelved", operator=operator.name, note=reason, share=True
            )
        return self._end(step)

    def unshelve(self, keys: Iterable[str], operator: Operator, now: float) -> AlarmChanges:
        """Take shelved alarms back before their time."""
        _check(operator, Right.SHELVE)
        step = self._begin(now)
        for alarm in self._known(keys):
            if alarm.shelved is not None:
                self._board.put(shelved(alarm, None), step, "unshelved", operator=operator.name, share=True)
        return self._end(step)

    def suppress(
        self, objects: Iterable[ObjectKey], operator: Operator, reason: str, until: float, now: float
    ) -> AlarmChanges:
        """Keep every alarm of these objects out of the list during declared works."""
        _check(operator, Right.SUPPRESS)
        if not reason.strip() or until <= now:
            raise ValueError("declared works need a reason, and an end later than now")
        step = self._begin(now)
        for object in objects:
            self._works.declare(object, reason.strip(), moment(until))
            for alarm in self.of(object):
                masked = self._works.mask(alarm)
                self._board.put(masked, step, "suppressed", operator=operator.name, note=reason, share=True)
        return self._end(step)

    def unsuppress(self, objects: Iterable[ObjectKey], operator: Operator, now: float) -> AlarmChanges:
        """The works are over."""
        _check(operator, Right.SUPPRESS)
        step = self._begin(now)
        for object in objects:
            self._unmask(object, operator.name, step)
        return self._end(step)

    def _known(self, keys: Iterable[str]) -> list[Alarm]:
        return [alarm for key in keys if (alarm := self.get(key)) is not None]


def _check(operator: Operator, right: Right) -> None:
    if not operator.may(right):
        raise Refused(Cause.NO_RIGHT if operator.id else Cause.NOT_SIGNED_IN)
