"""What consoles said of alarms, and of which life of an alarm they said it."""

from __future__ import annotations

from collections.abc import Iterable

from desktop.work.alarm import Alarm, AlarmShared
from desktop.work.alarm_life import moment, replace

SAME_LIFE = 0.001
"""Seconds by which two `raised` of one life may differ."""
SAME_TIME = 1.0
"""Seconds by which the clocks of two consoles usually differ."""
MOST_KEPT = 50_000
"""Keys of which what was said is remembered, for alarms that come up here later."""


class Sharing:
    """The latest word on each alarm; the latest `time` of a key holds, wherever it comes from."""

    def __init__(self) -> None:
        self._latest: dict[str, AlarmShared] = {}
        self._found: set[str] = set()

    def latest(self, key: str) -> AlarmShared | None:
        """What was said last of a key."""
        return self._latest.get(key)

    def heard(self, told: AlarmShared) -> bool:
        """Note what another console says; whether it is news."""
        known = self._latest.get(told.key)
        if known is not None and known.time >= told.time:
            return False
        self._remember(told)
        return True

    def sent(self, shares: dict[str, AlarmShared]) -> None:
        """Note what this console is about to say, later than all it knows: its clock may run behind."""
        for key, share in shares.items():
            known = self._latest.get(key)
            if known is not None and known.time >= share.time:
                shares[key] = share = replace(share, time=moment(known.time + 1e-6))
            self._remember(share)

    def found(self, key: str) -> None:
        """An alarm stood when the feed was first read: it may be older than its object's last report."""
        self._found.add(key)

    def closed(self, keys: Iterable[str]) -> None:
        """The lives of these alarms are over."""
        for key in keys:
            self._latest.pop(key, None)
            self._found.discard(key)

    def of_this_life(self, alarm: Alarm, told: AlarmShared) -> Alarm | None:
        """The alarm, perhaps raised earlier than was known here, if it is the one spoken of; else None.

        A console that came later may hold it to be raised later: as long as it never cleared here, there has
        been no other life.
        """
        if told.raised < alarm.raised - SAME_LIFE:
            if alarm.key not in self._found or alarm.count > 1:
                return None
            return replace(alarm, raised=told.raised)
        if told.raised > alarm.raised + SAME_LIFE and not alarm.life.active:
            return None
        return alarm

    def _remember(self, told: AlarmShared) -> None:
        self._latest[told.key] = told
        while len(self._latest) > MOST_KEPT:
            del self._latest[next(iter(self._latest))]


def outdated(alarm: Alarm, told: AlarmShared) -> bool:
    """Whether the alarm has come again since somebody took note of it."""
    by = told.acknowledged
    return by is not None and alarm.count > 1 and by.time < alarm.changed - SAME_TIME
