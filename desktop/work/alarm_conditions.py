"""When a condition raises or clears its alarm: delays, and what is held against chattering."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from desktop.work.picture import ObjectKey
from layers.definition import AlarmRule

CHATTER_COUNT, CHATTER_WINDOW = 3, 60.0
"""Activations within seconds from which an alarm chatters (EEMUA 191: three or more a minute)."""
CHATTER_QUIET = 60.0
"""Seconds without activation after which it no longer does."""


class Condition:
    """One rule of one object, as reported."""

    __slots__ = ("activations", "doubtful", "due", "key", "object", "on", "raised", "reported", "rule")

    def __init__(self, object: ObjectKey, rule: AlarmRule) -> None:
        self.object, self.rule = object, rule
        self.key = f"{object.layer}/{object.id}/{rule.id}"
        self.on = False
        """As reported last."""
        self.raised = False
        """As the alarm stands."""
        self.reported = 0.0
        """When the equipment says that it became so."""
        self.doubtful = False
        """Whether the object's state is not certain now."""
        self.due: float | None = None
        self.activations: deque[float] = deque(maxlen=CHATTER_COUNT)

    def chatters(self, now: float) -> bool:
        """Whether it came `CHATTER_COUNT` times within `CHATTER_WINDOW`, and lately."""
        times = self.activations
        return (
            len(times) == CHATTER_COUNT
            and times[-1] - times[0] <= CHATTER_WINDOW
            and now - times[-1] < CHATTER_QUIET
        )

    def report(self, on: bool, reported: float, now: float) -> bool:
        """Note what was reported; whether it came on again while its alarm had not cleared."""
        if on == self.on:
            return False
        self.on, self.reported = on, reported
        again = on and self.raised
        if on:
            self.activations.append(now)
        if on == self.raised:
            self.due = None
            return again
        delay = self.rule.on_delay if on else self.rule.off_delay
        if not on and self.chatters(now):
            delay = max(delay, CHATTER_QUIET)
        self.due = now + delay
        return False

    def take_due(self, now: float) -> bool:
        """Whether the alarm has to follow the condition now."""
        if self.due is None or now < self.due:
            return False
        self.due, self.raised = None, self.on
        return True


class Conditions:
    """Every condition that is, or lately was, on; by key."""

    def __init__(self) -> None:
        self._all: dict[str, Condition] = {}
        self._by_object: dict[ObjectKey, dict[str, Condition]] = {}
        self._waiting: dict[str, Condition] = {}

    def of(self, object: ObjectKey) -> dict[str, Condition]:
        """The object's conditions by rule id."""
        return self._by_object.get(object, {})

    def objects(self, layer: str) -> list[ObjectKey]:
        """Objects of a layer with a condition."""
        return [key for key in self._by_object if key.layer == layer]

    def get(self, object: ObjectKey, rule: AlarmRule) -> Condition:
        """The condition of a rule of an object, made when there is none."""
        mine = self._by_object.setdefault(object, {})
        if rule.id not in mine:
            mine[rule.id] = Condition(object, rule)
            self._all[mine[rule.id].key] = mine[rule.id]
        return mine[rule.id]

    def report(self, condition: Condition, on: bool, reported: float, now: float) -> bool:
        """As `Condition.report`; it is waited for when it has to last."""
        again = condition.report(on, reported, now)
        if condition.due is not None:
            self._waiting[condition.key] = condition
        else:
            self._waiting.pop(condition.key, None)
        return again

    def due(self, now: float) -> Iterator[Condition]:
        """Those whose alarms have to follow now; each once."""
        for condition in [it for it in self._waiting.values() if it.due is not None and it.due <= now]:
            del self._waiting[condition.key]
            if condition.take_due(now):
                yield condition

    def by_key(self, key: str) -> Condition | None:
        """The condition of an alarm."""
        return self._all.get(key)

    def forget(self, now: float) -> None:
        """Drop those that are off, cleared and quiet."""
        for condition in [it for it in self._all.values() if not (it.on or it.raised or it.due)]:
            if condition.activations and now - condition.activations[-1] < CHATTER_WINDOW:
                continue
            del self._all[condition.key]
            mine = self._by_object[condition.object]
            del mine[condition.rule.id]
            if not mine:
                del self._by_object[condition.object]
