"""Declared works: objects whose alarms are kept out of the list for a reason and until a time."""

from __future__ import annotations

import msgspec

from desktop.work.alarm import Alarm
from desktop.work.alarm_life import replace
from desktop.work.picture import ObjectKey


class Work(msgspec.Struct, frozen=True):
    """Why, and until when (epoch seconds); the default says that there are none."""

    reason: str = ""
    until: float = 0.0


class Works:
    """The works under way, by object."""

    def __init__(self) -> None:
        self._all: dict[ObjectKey, Work] = {}

    def declare(self, object: ObjectKey, reason: str, until: float) -> None:
        """They begin, or are declared anew."""
        self._all[object] = Work(reason, until)

    def end(self, object: ObjectKey) -> None:
        """They are over; harmless when there are none."""
        self._all.pop(object, None)

    def over(self, now: float) -> list[ObjectKey]:
        """Objects whose works have run out."""
        return [object for object, work in self._all.items() if work.until <= now]

    def mask(self, alarm: Alarm) -> Alarm:
        """The alarm as the works on its object leave it: masked, or shown."""
        work = self._all.get(alarm.object, Work())
        return replace(alarm, suppressed=work.reason, suppressed_until=work.until)
