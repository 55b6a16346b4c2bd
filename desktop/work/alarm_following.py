"""What equipment reports becomes alarms: raised, counted, cleared, each in its time."""

from __future__ import annotations

from collections.abc import Iterable

from desktop.work.alarm import (
    Alarm,
    AlarmChanges,
    AlarmShared,
    Life,
)
from desktop.work.alarm_board import Board, Step
from desktop.work.alarm_conditions import Condition, Conditions
from desktop.work.alarm_life import (
    acknowledged,
    cleared,
    counted,
    moment,
    reactivated,
    replace,
    returned,
    shared,
    shelved,
    within_limit,
)
from desktop.work.alarm_rules import rules_of
from desktop.work.alarm_sharing import Sharing, outdated
from desktop.work.alarm_works import Works
from desktop.work.picture import Changes, ObjectKey, Picture
from layers.definition import AlarmRule
from layers.model import Live, Quality


class Following:
    """Every alarm that is not closed, following what is reported."""

    def __init__(self, picture: Picture, console: str) -> None:
        self._picture, self._console = picture, console
        self._rules = rules_of(picture.layers.values())
        self._board = Board(picture, self._rules, console)
        self._conditions = Conditions()
        self._works, self._sharing = Works(), Sharing()
        self._now = 0.0
        board = self._board
        self.get, self.of, self.all, self.rows = board.get, board.of, board.all, board.rows
        self.unacknowledged, self.kpi = board.unacknowledged, board.kpi

    def __len__(self) -> int:
        return len(self._board)

    @property
    def flood(self) -> bool:
        """Whether more causes came in the last 10 minutes than an operator can answer."""
        return self._board.flood(self._now)

    def follow(self, changes: Changes, now: float) -> AlarmChanges:
        """Raise and clear what the changed objects report."""
        step = self._begin(now)
        for layer in changes.replaced:
            if layer in self._rules:
                self._follow_all(layer, now, step)
        for layer, rows in changes.rows.items():
            if layer in self._rules and layer not in changes.replaced:
                self._follow_rows(layer, rows.tolist(), now, step)
        self._follow_due(now, step)
        return self._end(step)

    def tick(self, now: float) -> AlarmChanges:
        """Let time pass: delays, shelvings and works that end, chattering that stops."""
        step = self._begin(now)
        self._follow_due(now, step)
        for object in self._works.over(now):
            self._unmask(object, "", step)
        for alarm in [it for it in self.all() if it.shelved is not None or it.chattering]:
            if alarm.shelved is not None and alarm.shelved.until <= now:
                back = returned(alarm, now)
                self._board.put(back, step, "unshelved")
                if back.life is Life.ACTIVE_UNACKNOWLEDGED:
                    step.raised.append(back.key)
            condition = self._conditions.by_key(alarm.key)
            if alarm.chattering and (condition is None or not condition.chatters(now)):
                self._board.put(replace(alarm, chattering=False), step, "settled")
        self._conditions.forget(now)
        return self._end(step)

    def set_condition(self, object: ObjectKey, rule: AlarmRule, active: bool, now: float) -> AlarmChanges:
        """Raise or clear an alarm that no equipment reports, such as a divergence from a command."""
        step = self._begin(now)
        self._report(self._conditions.get(object, rule), active, now, now, step)
        self._follow_due(now, step)
        return self._end(step)

    def restore(self, alarms: Iterable[Alarm], now: float, others: Iterable[AlarmRule] = ()) -> AlarmChanges:
        """Take up what stood when the application was last closed; fresh reports will tell what is gone.

        `others` are the rules of `set_condition`.
        """
        step, more = self._begin(now), {rule.id: rule for rule in others}
        for alarm in alarms:
            rules = self._rules.get(alarm.object.layer)
            rule = (
                more.get(alarm.rule) if rules is None else rules.by_id.get(alarm.rule, more.get(alarm.rule))
            )
            if self.get(alarm.key) is not None:
                continue
            if rule is None:  # nothing would ever clear it
                self._board.put(replace(alarm, life=Life.CLOSED), step, "closed")
                continue
            if alarm.suppressed:
                self._works.declare(alarm.object, alarm.suppressed, alarm.suppressed_until)
            condition = self._conditions.get(alarm.object, rule)
            condition.on = condition.raised = alarm.life.active
            self._board.keep(replace(alarm, uncertain=True))
            step.keys.add(alarm.key)
        return self._end(step)

    def _begin(self, now: float) -> Step:
        self._now = now
        return Step(moment(now))

    def _end(self, step: Step) -> AlarmChanges:
        self._sharing.sent(step.shares)
        self._sharing.closed(step.closed)
        return step.changes()

    def _follow_all(self, layer: str, now: float, step: Step) -> None:
        table, rules, live = (
            self._picture.tables[layer],
            self._rules[layer],
            self._picture.live.get(layer, {}),
        )
        wanted = {it for it, known in live.items() if known.faults}
        wanted.update(key.id for key in self._conditions.objects(layer))
        ids = sorted(wanted)
        found = table.rows_of(ids).tolist()
        for id in (id for id, row in zip(ids, found, strict=True) if row < 0):
            self._board.doubt(ObjectKey(layer, id), Quality.BAD, step)
        rows = set(found)
        rows.update(rules.alarming[table.state].nonzero()[0].tolist())
        self._follow_rows(layer, sorted(row for row in rows if row >= 0), now, step)

    def _follow_rows(self, layer: str, rows: list[int], now: float, step: Step) -> None:
        table, rules, live = (
            self._picture.tables[layer],
            self._rules[layer],
            self._picture.live.get(layer, {}),
        )
        ids, states, alarming = table.columns.ids, table.state, rules.alarming
        standing, stands = self._conditions, self._board.stands
        for row in rows:
            known = live.get(ids[row])
            if known is None:
                continue
            object = ObjectKey(layer, ids[row])
            state = int(states[row])
            if known.faults or alarming[state] or standing.of(object) or stands(object):
                quality = int(table.quality[row])
                self._judge(object, known, state, quality, step)
                self._board.doubt(object, quality, step)

    def _judge(self, object: ObjectKey, live: Live, state: int, quality: int, step: Step) -> None:
        now, standing = self._now, self._conditions.of
        met = {rule.id: rule for rule in self._rules[object.layer].met(live, state)}
        for rule in met.values():
            self._report(self._conditions.get(object, rule), True, live.time, now, step)
        if quality == Quality.GOOD:
            for id, condition in list(standing(object).items()):
                if id not in met and id in self._rules[object.layer].by_id:
                    self._report(condition, False, live.time, now, step)
        for condition in standing(object).values():
            condition.doubtful = quality != Quality.GOOD

    def _report(self, condition: Condition, on: bool, reported: float, now: float, step: Step) -> None:
        again = self._conditions.report(condition, on, reported, now)
        alarm = self.get(condition.key)
        if again and alarm is not None:
            self._board.activated(alarm.key, now)
            self._board.put(counted(alarm, now), step, "raised")
            self._settle(condition, step, now)

    def _follow_due(self, now: float, step: Step) -> None:
        for condition in list(self._conditions.due(now)):
            alarm = self.get(condition.key)
            if condition.raised:
                self._raise(condition, alarm, now, step)
            elif alarm is not None and alarm.life.active:
                after = cleared(alarm, now)
                self._board.put(after, step, "closed" if after.life is Life.CLOSED else "cleared")

    def _raise(self, condition: Condition, alarm: Alarm | None, now: float, step: Step) -> None:
        feed = self._picture.sources["feed"]
        found = not feed.complete
        if not (found or feed.catching_up(now)):
            self._board.activated(condition.key, now)  # what stood before the console was no news
        if alarm is not None:
            self._board.put(reactivated(alarm, now), step, "raised")
        else:
            new, told = self._new(condition, now), self._sharing.latest(condition.key)
            if told is not None and told.raised < new.raised and found:
                new = replace(new, raised=told.raised)  # it was there before this console was
            later = told is not None and told.raised < new.raised
            if found:
                self._sharing.found(new.key)
            self._board.put(new, step, "raised", share=later or bool(new.suppressed))
            if told is not None and not later:
                self._adopt(new, told, step)
        raised = self.get(condition.key)
        if raised is not None and raised.life is Life.ACTIVE_UNACKNOWLEDGED and not raised.hidden:
            step.raised.append(raised.key)
        self._settle(condition, step, now)

    def _new(self, condition: Condition, now: float) -> Alarm:
        rule, object = condition.rule, condition.object
        facts = self._picture.facts.get(object.layer, {}).get(object.id, {})
        rules = self._rules.get(object.layer)
        alarm = Alarm(
            key=condition.key,
            object=object,
            rule=rule.id,
            title=rule.title,
            guidance=rule.guidance,
            severity=rule.severity,
            raised=moment(condition.reported),
            changed=now,
            uncertain=condition.doubtful,
            upstream=None if rules is None else rules.upstream(rule, facts),
        )
        return self._works.mask(alarm)

    def _settle(self, condition: Condition, step: Step, now: float) -> None:
        alarm = self.get(condition.key)
        if alarm is not None and not alarm.chattering and condition.chatters(now):
            count = max(alarm.count, len(condition.activations))
            self._board.put(replace(alarm, chattering=True, count=count), step, "chattering")

    def _adopt(self, alarm: Alarm, told: AlarmShared, step: Step) -> None:
        """Take over what was said of this life of an alarm; of another life, nothing."""
        meant = self._sharing.of_this_life(alarm, told)
        if meant is None:
            return
        if meant is not alarm:
            alarm = meant
            self._board.keep(alarm)
            step.keys.add(alarm.key)
        by = told.acknowledged
        if by is not None and not alarm.life.acknowledged and not outdated(alarm, told):
            alarm = acknowledged(alarm, by)
            self._board.put(
                alarm,
                step,
                "acknowledged",
                operator=by.operator,
                console=by.console,
                note=by.note,
                time=by.time,
            )
        aside = within_limit(told.shelved)
        if aside != alarm.shelved and alarm.life is not Life.CLOSED:
            who, reason = (aside.operator, aside.reason) if aside else ("", "")
            kind = "unshelved" if aside is None else "shelved"
            alarm = shelved(alarm, aside)
            self._board.put(alarm, step, kind, operator=who, note=reason, time=told.time)
        if alarm.suppressed and not told.suppressed:
            self._unmask(alarm.object, "", step)  # works are of the object, with all its alarms
            alarm = self.get(alarm.key) or alarm
        masked = self._works.mask(alarm)
        if masked != alarm and alarm.life is not Life.CLOSED:
            kind = "suppressed" if masked.suppressed else "unsuppressed"
            self._board.put(masked, step, kind, time=told.time)
            alarm = masked
        if told.acknowledged is None and alarm.acknowledged is not None and alarm.life is not Life.CLOSED:
            step.shares[alarm.key] = shared(alarm, step.now)  # who told did not know of it

    def _unmask(self, object: ObjectKey, operator: str, step: Step) -> None:
        self._works.end(object)
        for alarm in self.of(object):
            if alarm.suppressed:
                shown = self._works.mask(alarm)
                self._board.put(shown, step, "unsuppressed", operator=operator, share=bool(operator))
                if shown.life is Life.ACTIVE_UNACKNOWLEDGED and not shown.hidden:
                    step.raised.append(shown.key)
