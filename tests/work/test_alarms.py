"""Alarms: their life, what groups them, what puts them aside, and what consoles tell each other."""

from __future__ import annotations

import msgspec
import pytest

from desktop.link.wire import LinkMessage
from desktop.link.wire_alarms import AlarmMessage, decode_alarm, encode_alarm
from desktop.work.alarm import AlarmFilter, AlarmShared, Life
from desktop.work.alarm_life import LONGEST_SHELVING
from desktop.work.command import Cause, Refused
from desktop.work.picture import ObjectKey
from layers.definition import AlarmRule, Severity, Text
from layers.model import Quality
from tests.work.alarming import CABINETS, FAILED, LAMP, LAMPS, MARTIN, VIEWER, Town


@pytest.fixture
def town() -> Town:
    return Town()


def messages(shares: tuple[AlarmShared, ...]) -> list[AlarmMessage]:
    """What another console receives: through the bytes of the wire."""
    out = []
    for share in shares:
        told = msgspec.convert(msgspec.to_builtins(share), AlarmMessage)
        out.append(decode_alarm(["vigie", "v1", "alarm", *share.key.split("/")], encode_alarm(told)))
    return out


def life(town: Town, key: str = FAILED) -> Life | None:
    alarm = town.alarms.get(key)
    return None if alarm is None else alarm.life


def test_an_alarm_lives_through_all_of_isa_18_2(town: Town) -> None:
    town.report(LAMPS, ["L0-0"], "lamp-failure")
    assert life(town) is Life.ACTIVE_UNACKNOWLEDGED
    assert town.last.raised == (FAILED,)
    assert town.alarms.unacknowledged() == {LAMP}
    town.note(town.alarms.acknowledge([FAILED], MARTIN, "crew sent", town.now))
    assert life(town) is Life.ACTIVE_ACKNOWLEDGED
    assert not town.alarms.unacknowledged()
    town.wait(1)
    town.report(LAMPS, ["L0-0"])
    assert life(town) is None
    assert [it.kind for it in town.events] == ["raised", "acknowledged", "closed"]


def test_what_clears_before_anybody_took_note_waits_for_it(town: Town) -> None:
    town.report(LAMPS, ["L0-0"], "lamp-failure")
    town.wait(1)
    town.report(LAMPS, ["L0-0"])
    assert life(town) is Life.CLEARED_UNACKNOWLEDGED
    assert not town.alarms.unacknowledged()
    town.wait(1)
    town.report(LAMPS, ["L0-0"], "lamp-failure")
    alarm = town.alarms.get(FAILED)
    assert alarm is not None and alarm.count == 2 and alarm.life is Life.ACTIVE_UNACKNOWLEDGED
    town.report(LAMPS, ["L0-0"])
    town.note(town.alarms.acknowledge([FAILED], MARTIN, "", town.now))
    assert life(town) is None


def test_silence_and_a_lost_link_clear_nothing_and_show_doubt(town: Town) -> None:
    town.report(LAMPS, ["L0-0"], "lamp-failure")
    town.take(town.picture.apply([LinkMessage("feed", False, town.now)], town.now))
    town.wait(100_000)
    alarm = town.alarms.get(FAILED)
    assert alarm is not None and alarm.life.active and alarm.uncertain


def test_a_report_that_is_not_good_does_not_clear(town: Town) -> None:
    town.report(LAMPS, ["L0-0"], "lamp-failure")
    town.wait(1)
    town.report(LAMPS, ["L0-0"], quality=Quality.BAD)
    assert life(town) is Life.ACTIVE_UNACKNOWLEDGED


def test_chattering_is_one_row_with_a_count_and_ends(town: Town) -> None:
    for _ in range(5):
        town.report(LAMPS, ["L0-0"], "lamp-failure")
        town.note(town.alarms.acknowledge([FAILED], MARTIN, "", town.now))
        town.wait(4)
        town.report(LAMPS, ["L0-0"])
        town.wait(4)
    alarm = town.alarms.get(FAILED)
    assert alarm is not None and alarm.chattering and alarm.count >= 3
    assert len(town.rows()) == 1
    town.wait(70)
    town.note(town.alarms.acknowledge([FAILED], MARTIN, "", town.now))
    assert life(town) is None
    assert {"chattering", "settled"} & {it.kind for it in town.events}


def test_a_delay_keeps_a_passing_condition_out(town: Town) -> None:
    rule = next(it for it in town.picture.layers[CABINETS].alarms if it.on_delay > 0)
    town.report(CABINETS, ["C0"], rule.fault)
    town.wait(rule.on_delay / 2)
    town.report(CABINETS, ["C0"])
    town.wait(rule.on_delay)
    assert len(town.alarms) == 0
    town.report(CABINETS, ["C0"], rule.fault)
    town.wait(rule.on_delay + 1)
    assert len(town.alarms) == 1


def test_shelving_ends_by_itself_and_alerts_again(town: Town) -> None:
    town.report(LAMPS, ["L0-0"], "lamp-failure")
    town.note(town.alarms.acknowledge([FAILED], MARTIN, "", town.now))
    town.note(town.alarms.shelve([FAILED], MARTIN, town.now + 600, "known, ordered", town.now))
    assert not town.rows()
    assert [it.key for it in town.alarms.rows(AlarmFilter(hidden=True))] == [FAILED]
    town.wait(601)
    assert town.last.raised == (FAILED,)
    assert life(town) is Life.ACTIVE_UNACKNOWLEDGED


@pytest.mark.parametrize(("after", "reason"), [(0.0, "why"), (LONGEST_SHELVING + 1, "why"), (60.0, " ")])
def test_shelving_wants_an_end_and_a_reason(town: Town, after: float, reason: str) -> None:
    town.report(LAMPS, ["L0-0"], "lamp-failure")
    with pytest.raises(ValueError, match="shelved"):
        town.alarms.shelve([FAILED], MARTIN, town.now + after, reason, town.now)
    assert len(town.rows()) == 1


def test_declared_works_mask_what_is_and_what_comes(town: Town) -> None:
    town.report(LAMPS, ["L0-0"], "lamp-failure")
    town.note(town.alarms.suppress([LAMP], MARTIN, "relamping", town.now + 3600, town.now))
    town.report(LAMPS, ["L0-0"], "lamp-failure", "driver-failure")
    assert not town.rows()
    assert not town.last.raised
    town.wait(3601)
    assert {key for row in town.rows() for key in (row.key, *row.children)} >= {FAILED}


def test_a_viewer_may_only_look(town: Town) -> None:
    town.report(LAMPS, ["L0-0"], "lamp-failure")
    with pytest.raises(Refused) as refused:
        town.alarms.acknowledge([FAILED], VIEWER, "", town.now)
    assert refused.value.cause is Cause.NO_RIGHT
    assert life(town) is Life.ACTIVE_UNACKNOWLEDGED


def test_five_hundred_alarms_of_twelve_cabinets_are_at_most_twenty_rows_and_none_is_lost() -> None:
    town = Town(cabinets=14, lamps=50)
    expected = set()
    for minute, number in enumerate(range(12)):
        lamps = town.of_cabinet(f"C{number}")[:41]
        town.report(LAMPS, lamps[:10], "no-supply")
        town.report(CABINETS, [f"C{number}"], "tripped")
        town.report(LAMPS, lamps[10:], "no-supply")
        expected |= {f"{LAMPS}/{it}/no-supply" for it in lamps} | {f"{CABINETS}/C{number}/tripped"}
        town.wait(5 if minute < 11 else 0)
    town.wait(20)
    rows = town.rows()
    reached = {key for row in rows for key in ((row.head.key,) if row.head else ()) + row.children}
    assert len(expected) == 504
    assert reached == expected
    assert len(rows) == 12 <= 20
    assert town.alarms.flood
    assert town.alarms.unacknowledged() == {row.cause for row in rows}


def test_an_outage_of_two_thousand_lamps_is_one_row_per_cause_though_no_cabinet_speaks() -> None:
    town = Town(cabinets=33, lamps=61)
    town.report(LAMPS, list(town.lamps), "no-supply")
    town.wait(20)
    rows = town.rows()
    assert len(rows) == 33
    assert sum(len(row.children) for row in rows) == 2013
    assert all(row.head is None for row in rows)
    town.report(CABINETS, [f"C{it}" for it in range(33)], "supply-loss")
    town.wait(20)
    assert len(town.rows()) == 33
    assert all(row.head is not None for row in town.rows())


def test_a_cause_that_cleared_first_keeps_what_it_explained(town: Town) -> None:
    town.report(CABINETS, ["C0"], "tripped")
    town.report(LAMPS, town.of_cabinet("C0"), "no-supply")
    town.wait(20)
    town.report(CABINETS, ["C0"])
    town.wait(20)
    assert [len(row.children) for row in town.rows()] == [4]


def test_an_unrelated_alarm_of_the_cabinet_does_not_scatter_its_lamps(town: Town) -> None:
    town.report(CABINETS, ["C0"], "comm-failure")
    town.report(LAMPS, town.of_cabinet("C0"), "no-supply")
    town.wait(120)
    assert sorted(len(row.children) for row in town.rows()) == [0, 4]


def test_lamps_of_one_cabinet_that_left_their_command_are_one_row(town: Town) -> None:
    rule = AlarmRule(id="divergence", title=Text("x", "x"), severity=Severity.MEDIUM)
    for lamp in town.of_cabinet("C0"):
        town.note(town.alarms.set_condition(ObjectKey(LAMPS, lamp), rule, True, town.now))
    assert [(row.cause, len(row.children)) for row in town.rows()] == [(ObjectKey(CABINETS, "C0"), 4)]


def test_two_lamps_on_one_cabinet_are_two_rows(town: Town) -> None:
    town.report(LAMPS, ["L0-0", "L0-1"], "no-supply")
    town.wait(20)
    assert len(town.rows()) == 2


def test_an_acknowledgement_reaches_the_other_console_whatever_the_order(town: Town) -> None:
    other, late = Town(console="poste 2"), Town(console="poste 3")
    for each in (town, other):
        each.report(LAMPS, ["L0-0"], "lamp-failure")
    shares = town.note(town.alarms.acknowledge([FAILED], MARTIN, "seen", town.now)).shares
    other.note(other.alarms.received(messages(shares), other.now))
    alarm = other.alarms.get(FAILED)
    assert alarm is not None and alarm.acknowledged is not None
    assert (alarm.acknowledged.operator, alarm.acknowledged.console) == ("A. Martin", "poste 1")
    late.note(late.alarms.received(messages(shares), late.now))
    late.report(LAMPS, ["L0-0"], "lamp-failure")
    assert life(late) is Life.ACTIVE_ACKNOWLEDGED


def test_an_acknowledgement_of_an_earlier_life_says_nothing_of_a_new_one(town: Town) -> None:
    other = Town(console="poste 2")
    town.report(LAMPS, ["L0-0"], "lamp-failure")
    shares = town.alarms.acknowledge([FAILED], MARTIN, "", town.now).shares
    other.alarms.received(messages(shares), other.now)
    other.wait(30)
    other.report(LAMPS, ["L0-0"], "lamp-failure")
    assert life(other) is Life.ACTIVE_UNACKNOWLEDGED


def test_alarms_survive_a_restart_and_fresh_reports_tell_what_is_gone(town: Town) -> None:
    town.report(LAMPS, ["L0-0", "L0-1"], "lamp-failure")
    town.note(town.alarms.acknowledge([FAILED], MARTIN, "seen", town.now))
    again = Town()
    again.now = town.now + 3600
    again.note(again.alarms.restore(town.alarms.all(), again.now))
    alarm = again.alarms.get(FAILED)
    assert alarm is not None and alarm.uncertain and alarm.raised == town.now
    again.report(LAMPS, ["L0-0"], "lamp-failure")
    assert life(again) is Life.ACTIVE_ACKNOWLEDGED
    assert not again.last.raised
    again.report(LAMPS, ["L0-1"])
    assert life(again, "street-lights/L0-1/lamp-failure") is Life.CLEARED_UNACKNOWLEDGED
