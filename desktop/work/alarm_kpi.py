"""The load of the alarm system, after EEMUA 191."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Collection, Iterable, Mapping

from desktop.work.alarm import Alarm, Kpi

WINDOW = 600.0
"""Seconds over which the rate is counted: EEMUA 191 counts alarms in 10 minutes."""
FLOOD = 10
"""More new causes than this in `WINDOW` are a flood: more than one operator can answer."""
STALE_AFTER = 86_400.0
"""Seconds after which an active alarm is stale."""
DAY = 86_400.0
MOST = 10
KEPT = 200_000


class Load:
    """Remembers activations for a day."""

    def __init__(self) -> None:
        self._activations: deque[tuple[float, str]] = deque(maxlen=KEPT)

    def activated(self, key: str, now: float) -> None:
        """An alarm was raised, or raised again."""
        self._activations.append((now, key))

    def recent(self, now: float) -> Iterable[str]:
        """Keys of the activations within `WINDOW`, newest first."""
        for time, key in reversed(self._activations):
            if time <= now - WINDOW:
                return
            yield key

    def flood(self, cause_of: Mapping[str, str], now: float) -> bool:
        """Whether more than `FLOOD` causes came within `WINDOW`; what a cause explains is not counted."""
        return len({cause_of.get(key, key) for key in self.recent(now)}) > FLOOD

    def kpi(self, alarms: Collection[Alarm], cause_of: Mapping[str, str], now: float) -> Kpi:
        """The figures as of now."""
        while self._activations and self._activations[0][0] <= now - DAY:
            self._activations.popleft()
        recent = list(self.recent(now))
        active = [alarm for alarm in alarms if alarm.life.active]
        return Kpi(
            last_10_min=len(recent),
            by_layer=Counter(key.partition("/")[0] for key in recent),
            standing=len(active),
            stale=sum(alarm.raised <= now - STALE_AFTER for alarm in active),
            chattering=sum(alarm.chattering for alarm in alarms),
            shelved=sum(alarm.shelved is not None for alarm in alarms),
            suppressed=sum(bool(alarm.suppressed) for alarm in alarms),
            most_frequent=tuple(Counter(key for _, key in self._activations).most_common(MOST)),
            flood=self.flood(cause_of, now),
        )
