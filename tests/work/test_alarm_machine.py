"""Whatever is reported, done, lost and restarted, two consoles keep every alarm until it is over."""

from __future__ import annotations

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from desktop.link.wire import LinkMessage, SnapshotComplete, StateMessage
from desktop.link.wire_alarms import AlarmMessage, decode_alarm, encode_alarm
from desktop.work.alarm import AlarmChanges, AlarmFilter, AlarmShared
from desktop.work.alarm_life import LONGEST_SHELVING
from desktop.work.alarms import Alarms
from desktop.work.picture import ObjectKey
from layers.model import Live, Quality
from tests.work.alarming import CABINETS, LAMPS, MARTIN, Town

RULES = {LAMPS: ("lamp-failure", "no-supply"), CABINETS: ("tripped",)}
OBJECTS = [ObjectKey(LAMPS, f"L0-{it}") for it in range(4)] + [ObjectKey(CABINETS, "C0")]
KEYS = [f"{it.layer}/{it.id}/{fault}" for it in OBJECTS for fault in RULES[it.layer]]
CONSOLES = st.integers(0, 1)
SOME_KEYS = st.lists(st.sampled_from(KEYS), min_size=1, max_size=4, unique=True)


class Consoles(RuleBasedStateMachine):
    """Two consoles on one feed, each of which can lose its link and be restarted."""

    def __init__(self) -> None:
        super().__init__()
        self.towns = [Town(cabinets=1, console=f"poste {it}") for it in (1, 2)]
        self.linked = [True, True]
        self.known: dict[ObjectKey, Live] = {}
        self.sent: list[tuple[int, AlarmShared]] = []
        self.acknowledged: list[dict[str, bool]] = [{}, {}]
        self.seen = [0, 0]
        self.sequence = 0

    @property
    def now(self) -> float:
        return self.towns[0].now

    def took(self, console: int, changes: AlarmChanges) -> None:
        self.sent += [(1 - console, share) for share in changes.shares]

    def do(self, console: int, changes: AlarmChanges) -> None:
        self.took(console, self.towns[console].note(changes))

    @rule(object=st.sampled_from(OBJECTS), faulty=st.booleans(), both=st.booleans(), good=st.booleans())
    def report(self, object: ObjectKey, faulty: bool, both: bool, good: bool) -> None:
        self.sequence += 1
        faults = RULES[object.layer][: 1 + both] if faulty else ()
        quality = Quality.GOOD if good else Quality.UNCERTAIN
        live = Live(time=self.now, faults=faults, sequence=self.sequence, quality=quality)
        self.known[object] = live
        for console, town in enumerate(self.towns):
            if self.linked[console]:
                message = StateMessage(object.layer, object.id, live)
                town.take(town.picture.apply([message], town.now))
                self.took(console, town.last)

    @rule(seconds=st.sampled_from([0.01, 1.0, 20.0, 61.0, 601.0, 3_601.0, 100_000.0]))
    def wait(self, seconds: float) -> None:
        for console, town in enumerate(self.towns):
            town.wait(seconds)
            self.took(console, town.last)

    @rule(console=CONSOLES, keys=SOME_KEYS)
    def acknowledge(self, console: int, keys: list[str]) -> None:
        self.do(console, self.towns[console].alarms.acknowledge(keys, MARTIN, "seen", self.now))

    @rule(console=CONSOLES, keys=SOME_KEYS, seconds=st.floats(1, LONGEST_SHELVING))
    def shelve(self, console: int, keys: list[str], seconds: float) -> None:
        alarms = self.towns[console].alarms
        self.do(console, alarms.shelve(keys, MARTIN, self.now + seconds, "known", self.now))

    @rule(console=CONSOLES, keys=SOME_KEYS)
    def unshelve(self, console: int, keys: list[str]) -> None:
        self.do(console, self.towns[console].alarms.unshelve(keys, MARTIN, self.now))

    @rule(console=CONSOLES, object=st.sampled_from(OBJECTS), seconds=st.floats(1, 5_000))
    def suppress(self, console: int, object: ObjectKey, seconds: float) -> None:
        alarms = self.towns[console].alarms
        self.do(console, alarms.suppress([object], MARTIN, "works", self.now + seconds, self.now))

    @rule(console=CONSOLES, object=st.sampled_from(OBJECTS))
    def unsuppress(self, console: int, object: ObjectKey) -> None:
        self.do(console, self.towns[console].alarms.unsuppress([object], MARTIN, self.now))

    @precondition(lambda self: self.sent)
    @rule(data=st.data(), again=st.booleans())
    def deliver(self, data: st.DataObject, again: bool) -> None:
        place = data.draw(st.integers(0, len(self.sent) - 1))
        console, share = self.sent[place]
        if not again:
            del self.sent[place]
        told = msgspec.convert(msgspec.to_builtins(share), AlarmMessage)
        message = decode_alarm(["vigie", "v1", "alarm", *share.key.split("/")], encode_alarm(told))
        self.do(console, self.towns[console].alarms.received([message], self.now))

    @rule(console=CONSOLES)
    def lose_the_link(self, console: int) -> None:
        town = self.towns[console]
        before = {it.key: it.life for it in town.alarms.all()}
        self.linked[console] = False
        town.take(town.picture.apply([LinkMessage("feed", False, town.now)], town.now))
        assert {it.key: it.life for it in town.alarms.all()} == before
        assert all(it.uncertain for it in town.alarms.all() if it.life.active)

    @precondition(lambda self: not all(self.linked))
    @rule()
    def find_the_link_again(self) -> None:
        for console, town in enumerate(self.towns):
            if not self.linked[console]:
                self.linked[console] = True
                states = [StateMessage(it.layer, it.id, live) for it, live in self.known.items()]
                news = [LinkMessage("feed", True, town.now), *states, SnapshotComplete("feed")]
                town.take(town.picture.apply(news, town.now))
                self.took(console, town.last)

    @rule(console=CONSOLES)
    def restart(self, console: int) -> None:
        town = self.towns[console]
        before = {it.key: msgspec.structs.replace(it, uncertain=True) for it in town.alarms.all()}
        kept = [msgspec.json.decode(msgspec.json.encode(it), type=type(it)) for it in town.alarms.all()]
        town.alarms = Alarms(town.picture, town.alarms._console)
        self.do(console, town.alarms.restore(kept, town.now))
        assert {it.key: it for it in town.alarms.all()} == before

    @invariant()
    def what_is_reported_stands(self) -> None:
        for console, town in enumerate(self.towns):
            for object, live in self.known.items() if self.linked[console] else ():
                for fault in live.faults:
                    alarm = town.alarms.get(f"{object.layer}/{object.id}/{fault}")
                    waits = town.alarms._conditions.by_key(f"{object.layer}/{object.id}/{fault}")
                    late = waits is not None and waits.due is not None
                    assert late or (alarm is not None and alarm.life.active)

    @invariant()
    def nothing_closes_before_somebody_took_note_of_it(self) -> None:
        for console, town in enumerate(self.towns):
            noted = self.acknowledged[console]
            for event in town.events[self.seen[console] :]:
                if event.kind == "closed":
                    assert noted.get(event.key), event
                    assert town.alarms.get(event.key) is None or event.time <= self.now
                noted[event.key] = event.life in ("active-acknowledged", "closed")
            self.seen[console] = len(town.events)

    @invariant()
    def every_alarm_is_in_one_row(self) -> None:
        for town in self.towns:
            rows = [*town.rows(), *town.alarms.rows(AlarmFilter(hidden=True))]
            shown = [key for row in rows for key in ((row.head.key,) if row.head else ()) + row.children]
            assert sorted(shown) == sorted(it.key for it in town.alarms.all())

    @invariant()
    def nothing_is_put_aside_for_ever(self) -> None:
        for town in self.towns:
            for alarm in town.alarms.all():
                aside = alarm.shelved
                assert aside is None or aside.until <= aside.time + LONGEST_SHELVING
                assert not alarm.suppressed or alarm.suppressed_until <= self.now + 5_000

    @rule()
    def all_is_told_and_two_days_pass(self) -> None:
        for _ in range(20):
            waiting, self.sent = self.sent, []
            for console, share in waiting:
                told = msgspec.convert(msgspec.to_builtins(share), AlarmMessage)
                self.do(console, self.towns[console].alarms.received([told], self.now))
            if not self.sent:
                break
        assert not self.sent
        self.wait(100_000.0)
        assert not any(it.hidden for town in self.towns for it in town.alarms.all())


Consoles.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestConsoles = Consoles.TestCase
