"""The alarms that stand, and the rows they make."""

from __future__ import annotations

from collections.abc import Collection

from desktop.work.alarm import Alarm, AlarmChanges, AlarmFilter, AlarmShared, Event, Kpi, Life, Row
from desktop.work.alarm_grouping import grouped, passes, urgency
from desktop.work.alarm_kpi import Load
from desktop.work.alarm_life import event, replace, shared
from desktop.work.alarm_rules import LayerRules
from desktop.work.picture import ObjectKey, Picture
from layers.model import Quality

WAITING = Life.ACTIVE_UNACKNOWLEDGED


class Step:
    """What one call changes, gathered."""

    def __init__(self, now: float) -> None:
        self.now = now
        self.keys: set[str] = set()
        self.events: list[Event] = []
        self.shares: dict[str, AlarmShared] = {}
        self.raised: list[str] = []
        self.closed: list[str] = []

    def changes(self) -> AlarmChanges:
        """The same, as a value."""
        return AlarmChanges(
            keys=frozenset(self.keys),
            events=tuple(self.events),
            shares=tuple(self.shares.values()),
            raised=tuple(self.raised),
            closed=tuple(self.closed),
        )


class Board:
    """Every alarm that is not closed, by key, and the list made of them."""

    def __init__(self, picture: Picture, rules: dict[str, LayerRules], console: str) -> None:
        self._picture, self._rules, self._console = picture, rules, console
        self._alarms: dict[str, Alarm] = {}
        self._of: dict[ObjectKey, set[str]] = {}
        self._rows: dict[bool, list[Row]] = {}
        self._cause_of: dict[str, str] = {}
        self._load = Load()

    def __len__(self) -> int:
        return len(self._alarms)

    def get(self, key: str) -> Alarm | None:
        """The alarm, None once closed."""
        return self._alarms.get(key)

    def stands(self, object: ObjectKey) -> bool:
        """Whether the object has an alarm."""
        return object in self._of

    def all(self) -> list[Alarm]:
        """Every alarm, in no order."""
        return list(self._alarms.values())

    def of(self, object: ObjectKey) -> list[Alarm]:
        """The alarms of an object, worst first."""
        mine = [self._alarms[key] for key in self._of.get(object, ())]
        return sorted(mine, key=lambda it: (-int(it.severity), it.raised))

    def keep(self, alarm: Alarm) -> None:
        """Put an alarm in its place; a closed one leaves."""
        self._rows.clear()
        if alarm.life is Life.CLOSED:
            self._alarms.pop(alarm.key, None)
            mine = self._of.get(alarm.object, set())
            mine.discard(alarm.key)
            if not mine:
                self._of.pop(alarm.object, None)
        else:
            self._alarms[alarm.key] = alarm
            self._of.setdefault(alarm.object, set()).add(alarm.key)

    def put(
        self,
        alarm: Alarm,
        step: Step,
        kind: str,
        *,
        operator: str = "",
        console: str = "",
        note: str = "",
        time: float | None = None,
        share: bool = False,
    ) -> None:
        """Put an alarm in its place and tell of it: a line of the history, and for other consoles."""
        self.keep(alarm)
        step.keys.add(alarm.key)
        console = console or (self._console if operator else "")
        at = step.now if time is None else time
        step.events.append(event(alarm, kind, at, operator, console, note))
        if share:
            step.shares[alarm.key] = shared(alarm, step.now)
        if alarm.life is Life.CLOSED:
            step.closed.append(alarm.key)
            if kind != "closed":
                step.events.append(event(alarm, "closed", at, operator, console))

    def doubt(self, object: ObjectKey, quality: int, step: Step) -> None:
        """Mark the alarms of an object that is no longer certain, or is again."""
        uncertain = quality != Quality.GOOD
        for key in self._of.get(object, ()):
            alarm = self._alarms[key]
            if alarm.uncertain != uncertain:
                self._alarms[key] = replace(alarm, uncertain=uncertain)
                self._rows.clear()
                step.keys.add(key)

    def activated(self, key: str, now: float) -> None:
        """Count an activation."""
        self._load.activated(key, now)

    def rows(self, wanted: AlarmFilter) -> list[Row]:
        """The list: every alarm in one row, under its cause. A row is shown when any alarm of it passes."""
        everything = self._grouped(wanted.hidden)
        if wanted == AlarmFilter(hidden=wanted.hidden):
            return list(everything)
        alarms, commune = self._alarms, self._commune
        return [
            row
            for row in everything
            if (row.head is not None and passes(row.head, wanted, commune))
            or any(passes(alarms[key], wanted, commune) for key in row.children)
        ]

    def unacknowledged(self) -> frozenset[ObjectKey]:
        """What blinks: every cause of which something active has not been acknowledged."""
        return frozenset(
            row.cause
            for row in self._grouped(False)
            if (row.head is not None and row.head.life is WAITING)
            or (row.unacknowledged and any(self._alarms[key].life is WAITING for key in row.children))
        )

    def kpi(self, now: float) -> Kpi:
        """The load of the alarm system."""
        self._grouped(False)
        return self._load.kpi(self._alarms.values(), self._cause_of, now)

    def flood(self, now: float) -> bool:
        """Whether more causes came in the last 10 minutes than an operator can answer."""
        self._grouped(False)
        return self._load.flood(self._cause_of, now)

    def _grouped(self, hidden: bool) -> list[Row]:
        if hidden not in self._rows:
            alarms: Collection[Alarm] = [it for it in self._alarms.values() if it.hidden == hidden]
            rows = sorted(grouped(alarms, self._explains), key=urgency)
            if not hidden:
                self._cause_of = {child: row.key for row in rows for child in row.children}
            self._rows[hidden] = rows
        return self._rows[hidden]

    def _explains(self, alarm: Alarm, cause: Alarm) -> bool:
        rules = self._rules.get(alarm.object.layer)
        rule = None if rules is None else rules.by_id.get(alarm.rule)
        return rule is not None and (not rule.upstream_alarms or cause.rule in rule.upstream_alarms)

    def _commune(self, object: ObjectKey) -> str:
        place = self._picture.place(object)
        if place is None or place[0].columns.commune is None:
            return ""
        return place[0].columns.communes[int(place[0].columns.commune[place[1]])]
