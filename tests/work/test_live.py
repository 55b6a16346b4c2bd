"""Which news wins, and how values age: an older state never comes back, and silence is never health."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from desktop.link.wire import StateMessage
from desktop.mercator import all_to_mercator
from desktop.work.live import (
    LINK_GRACE,
    UNKNOWN_AFTER,
    Track,
    age,
    apply_positions,
    apply_states,
)
from desktop.work.picture import Picture
from layers.model import Live, Quality
from tests.map.town import CENTER, LAYERS, NOW, position, reporting, state, table

STALE = LAYERS["lamps"].stale_after or 0.0


def news(boots: int, each: int) -> list[StateMessage]:
    """What one lamp says through its restarts, in the order in which it says it."""
    return [
        state(
            "lamps",
            "lamps-0",
            (boot * each + i) % 5,
            sequence=i + 1,
            boot=f"b{boot}",
            time=NOW + boot * 1000 + i,
        )
        for boot in range(boots)
        for i in range(each)
    ]


def delivered(said: Sequence[StateMessage], seed: int) -> list[StateMessage]:
    """All of it, some of it twice, in any order."""
    dice = random.Random(seed)
    shuffled = [*said, *dice.sample(list(said), len(said) // 2)]
    dice.shuffle(shuffled)
    return shuffled


@given(st.integers(1, 4), st.integers(1, 6), st.integers(0, 2**32))
def test_whatever_the_order_of_delivery_the_last_thing_said_holds(boots: int, each: int, seed: int) -> None:
    said = news(boots, each)
    made, known = table("lamps", [(0, 0)]), {}
    for message in delivered(said, seed):
        apply_states(made, known, {}, [message])
    assert known["lamps-0"] == said[-1].live
    assert made.state[0] == said[-1].live.values["s"]


class Ordering(RuleBasedStateMachine):
    """A lamp that restarts and a network that repeats and reorders what it said."""

    @initialize()
    def begin(self) -> None:
        self.picture = Picture(LAYERS)
        self.picture.replace(table("lamps", [(0, 0)]), {}, NOW)
        self.boot, self.sequence, self.time = 0, 0, NOW
        self.said: list[StateMessage] = []
        self.newest: tuple[float, int] | None = None
        self.shown: int | None = None

    @rule(code=st.integers(0, 4))
    def say(self, code: int) -> None:
        self.sequence, self.time = self.sequence + 1, self.time + 1
        self.said.append(
            state("lamps", "lamps-0", code, sequence=self.sequence, boot=f"b{self.boot}", time=self.time)
        )

    @rule()
    def restart(self) -> None:
        self.boot, self.sequence = self.boot + 1, 0

    @rule(data=st.data())
    def deliver(self, data: st.DataObject) -> None:
        if not self.said:
            return
        batch = data.draw(st.lists(st.sampled_from(self.said), min_size=1, max_size=4))
        self.picture.apply(batch, self.time)
        for message in batch:
            mark = (message.live.time, message.live.sequence)
            if self.newest is None or mark > self.newest:
                self.newest, self.shown = mark, message.live.values["s"]

    @rule()
    def reload(self) -> None:
        self.picture.replace(table("lamps", [(5, 5), (0, 0)], ids=["new", "lamps-0"]), {}, self.time)

    @invariant()
    def the_newest_delivered_is_shown(self) -> None:
        if self.shown is not None:
            shown = self.picture.tables["lamps"]
            assert shown.state[shown.row_of("lamps-0")] == self.shown


TestOrdering = Ordering.TestCase


def test_equipment_that_does_not_number_its_messages_is_followed_by_time() -> None:
    made, known = table("lamps", [(0, 0)]), {}
    for code, time in ((1, NOW), (3, NOW + 5), (2, NOW + 2)):
        apply_states(made, known, {}, [state("lamps", "lamps-0", code, time=time)])
    assert made.state[0] == 3


def test_a_vehicle_that_does_not_number_its_positions_keeps_moving() -> None:
    made, track = table("cars", [(0, 0)]), Track()
    for step in (1, 2, 3):
        moved = apply_positions(made, track, [position("cars", "cars-0", 100.0 * step, 0, time=NOW + step)])
        assert moved.tolist() == [0]
    assert made.x[0] - CENTER[0] == pytest.approx(300, abs=0.1)


def test_a_position_that_was_overtaken_does_not_pull_a_vehicle_back() -> None:
    made, track = table("cars", [(0, 0)]), Track()
    late = position("cars", "cars-0", 10, 0, sequence=1, boot="a", time=NOW)
    apply_positions(made, track, [position("cars", "cars-0", 90, 0, sequence=2, boot="a", time=NOW + 1)])
    assert not len(apply_positions(made, track, [late]))
    assert made.x[0] - CENTER[0] == pytest.approx(90, abs=0.1)


def test_messages_of_unknown_objects_are_handed_back_and_change_nothing() -> None:
    made, known = table("lamps", [(0, 0)]), {}
    stranger = state("lamps", "elsewhere", 4)
    rows, strangers = apply_states(made, known, {}, [stranger])
    assert not len(rows)
    assert strangers == [stranger]
    assert not made.state.any()


def test_values_go_from_good_to_uncertain_to_unknown_and_come_back() -> None:
    made, known = table("lamps", [(0, 0)]), {}
    apply_states(made, known, {}, [state("lamps", "lamps-0", 0, sequence=1)])
    seen = []
    for silence in (0.0, STALE, STALE + 1, UNKNOWN_AFTER * STALE, UNKNOWN_AFTER * STALE + 1):
        age(made, NOW + silence, None)
        seen.append(Quality(int(made.quality[0])))
    assert seen == [Quality.GOOD, Quality.GOOD, Quality.UNCERTAIN, Quality.UNCERTAIN, Quality.BAD]
    later = NOW + 5 * STALE
    apply_states(made, known, {}, [state("lamps", "lamps-0", 0, sequence=2, time=later)])
    age(made, later, None)
    assert made.quality[0] == Quality.GOOD


@given(st.floats(0, 1e6), st.sampled_from(Quality), st.one_of(st.none(), st.floats(0, 1000)))
def test_no_age_and_no_link_makes_a_value_better_than_the_equipment_said(
    silence: float, said: Quality, lost_for: float | None
) -> None:
    made = reporting(table("lamps", [(0, 0)]), said)
    now = NOW + silence
    age(made, now, None if lost_for is None else now - lost_for)
    assert made.quality[0] >= said
    if lost_for is not None:
        assert made.quality[0] >= (Quality.BAD if lost_for > LINK_GRACE + 0.01 else Quality.UNCERTAIN)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=20), st.floats(0, 1e6))
def test_only_rows_whose_quality_changed_are_told(silences: list[float], later: float) -> None:
    made = reporting(table("lamps", [(0, 0)] * len(silences)))
    made.time -= silences
    age(made, NOW, None)
    before = made.quality.copy()
    changed = age(made, NOW + later, None)
    assert changed.tolist() == np.flatnonzero(made.quality != before).tolist()


def test_silence_is_never_health() -> None:
    made = table("lamps", [(0, 0), (1, 1)])
    assert (made.quality == Quality.BAD).all()
    age(made, NOW, None)
    assert (made.quality == Quality.BAD).all()


def test_a_layer_without_live_values_does_not_age() -> None:
    made = table("shops", [(0, 0)])
    assert not len(age(made, NOW + 1e9, NOW))
    assert made.quality[0] == Quality.GOOD


def test_degrees_become_web_mercator_metres() -> None:
    x, y = all_to_mercator([0.0, 180.0, 5.0415], [0.0, 0.0, 47.3215])
    assert x.tolist() == pytest.approx([0.0, 20037508.342789, CENTER[0]])
    assert y.tolist() == pytest.approx([0.0, 0.0, CENTER[1]], abs=1e-6)


def test_a_state_is_judged_with_the_facts_of_the_registry() -> None:
    made, known = table("lamps", [(0, 0), (1, 1)]), {}
    silent = [StateMessage("lamps", f"lamps-{i}", Live(time=NOW, sequence=1)) for i in (0, 1)]
    apply_states(made, known, {"lamps-1": {"s": 3}}, silent)
    assert made.state.tolist() == [0, 3]
