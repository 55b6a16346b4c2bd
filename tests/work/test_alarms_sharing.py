"""Alarms between consoles and over restarts: works that end everywhere, clocks that differ, old reports."""

from __future__ import annotations

import msgspec
import pytest

from desktop.link.wire import LinkMessage, SnapshotComplete
from desktop.link.wire_alarms import AlarmMessage, decode_alarm, encode_alarm
from desktop.work.alarm import AlarmChanges, AlarmShared, Life, Shelving
from desktop.work.alarm_life import LONGEST_SHELVING
from layers.model import Quality
from tests.work.alarming import FAILED, LAMP, LAMPS, MARTIN, Town, table_of

DRIVER = "street-lights/L0-0/driver-failure"


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def other() -> Town:
    return Town(console="poste 2")


def tell(town: Town, *shares: AlarmShared) -> AlarmChanges:
    """Hand on what a console shared, through the bytes of the wire."""
    told = []
    for share in shares:
        message = msgspec.convert(msgspec.to_builtins(share), AlarmMessage)
        told.append(decode_alarm(["vigie", "v1", "alarm", *share.key.split("/")], encode_alarm(message)))
    return town.note(town.alarms.received(told, town.now))


def restarted(town: Town) -> Town:
    again = Town(console="poste 1")
    again.now = town.now
    again.note(again.alarms.restore(town.alarms.all(), again.now))
    return again


def life(town: Town, key: str = FAILED) -> Life | None:
    alarm = town.alarms.get(key)
    return None if alarm is None else alarm.life


def test_works_end_on_the_other_console_though_the_first_is_gone(town: Town, other: Town) -> None:
    for each in (town, other):
        each.report(LAMPS, ["L0-0"], "lamp-failure")
    tell(other, *town.alarms.suppress([LAMP], MARTIN, "relamping", town.now + 600, town.now).shares)
    assert not other.rows()
    other.wait(601)
    assert len(other.rows()) == 1
    assert other.last.raised == (FAILED,)


def test_works_told_by_another_console_mask_what_comes_later(town: Town, other: Town) -> None:
    for each in (town, other):
        each.report(LAMPS, ["L0-0"], "lamp-failure")
    tell(other, *town.alarms.suppress([LAMP], MARTIN, "relamping", town.now + 600, town.now).shares)
    other.report(LAMPS, ["L0-0"], "lamp-failure", "driver-failure")
    assert not other.rows()
    assert not other.last.raised


def test_works_that_end_early_end_on_both_consoles(town: Town, other: Town) -> None:
    for each in (town, other):
        each.report(LAMPS, ["L0-0"], "lamp-failure")
    tell(other, *town.alarms.suppress([LAMP], MARTIN, "relamping", town.now + 600, town.now).shares)
    tell(other, *town.alarms.unsuppress([LAMP], MARTIN, town.now + 1).shares)
    other.report(LAMPS, ["L0-0"], "lamp-failure", "driver-failure")
    assert {row.key for row in other.rows()} == {FAILED, DRIVER}


def test_works_survive_a_restart_and_still_end(town: Town) -> None:
    town.report(LAMPS, ["L0-0"], "lamp-failure")
    town.note(town.alarms.suppress([LAMP], MARTIN, "relamping", town.now + 600, town.now))
    again = restarted(town)
    again.report(LAMPS, ["L0-0"], "lamp-failure", "driver-failure")
    assert not again.rows()
    again.wait(601)
    assert {row.key for row in again.rows()} == {FAILED, DRIVER}


def test_acts_at_one_moment_and_on_a_clock_that_runs_behind_all_arrive(town: Town, other: Town) -> None:
    for each in (town, other):
        each.report(LAMPS, ["L0-0"], "lamp-failure")
    first = town.note(town.alarms.acknowledge([FAILED], MARTIN, "", town.now + 0.7)).shares
    tell(other, *first)
    second = other.alarms.shelve([FAILED], MARTIN, other.now + 600, "ordered", other.now).shares
    tell(town, *second)
    third = other.alarms.unshelve([FAILED], MARTIN, other.now).shares
    alarm = town.alarms.get(FAILED)
    assert alarm is not None and alarm.shelved is not None
    tell(town, *third)
    assert len(town.rows()) == 1


def test_two_acts_that_cross_each_other_end_in_the_same_on_both(town: Town, other: Town) -> None:
    for each in (town, other):
        each.report(LAMPS, ["L0-0"], "lamp-failure")
    noted = town.alarms.acknowledge([FAILED], MARTIN, "", town.now).shares
    aside = other.alarms.shelve([FAILED], MARTIN, other.now + 600, "ordered", other.now + 0.5).shares
    tell(other, *noted)
    tell(other, *tell(town, *aside).shares)
    for each in (town, other):
        alarm = each.alarms.get(FAILED)
        assert alarm is not None and alarm.acknowledged is not None and alarm.shelved is not None


def test_what_is_raised_by_a_report_that_is_not_good_is_marked_so(town: Town) -> None:
    town.report(LAMPS, ["L0-0"], "lamp-failure", quality=Quality.UNCERTAIN)
    alarm = town.alarms.get(FAILED)
    assert alarm is not None and alarm.uncertain
    town.report(LAMPS, ["L0-0"], "lamp-failure")
    alarm = town.alarms.get(FAILED)
    assert alarm is not None and not alarm.uncertain


def test_what_comes_back_from_the_broker_is_no_news(town: Town) -> None:
    town.now += 0.123_456_789
    town.report(LAMPS, ["L0-0"], "lamp-failure")
    until = town.now + 600.000_000_4
    shares = town.note(town.alarms.shelve([FAILED], MARTIN, until, "ordered", town.now)).shares
    assert not tell(town, *shares)


def test_no_other_console_can_shelve_for_longer_than_is_allowed(town: Town) -> None:
    town.report(LAMPS, ["L0-0"], "lamp-failure")
    aside = Shelving("x", "elsewhere", town.now, town.now + 10 * LONGEST_SHELVING, "for ever")
    tell(town, AlarmShared(key=FAILED, time=town.now, raised=town.now, shelved=aside))
    assert not town.rows()
    town.wait(LONGEST_SHELVING + 1)
    assert len(town.rows()) == 1


def test_a_console_that_came_later_speaks_of_the_same_life(town: Town) -> None:
    town.report(LAMPS, ["L0-0"], "lamp-failure")
    late = Town(console="poste 2")
    late.picture.apply([LinkMessage("feed", False, late.now), LinkMessage("feed", True, late.now)], late.now)
    for each in (town, late):
        each.wait(300)
        each.report(LAMPS, ["L0-0"], "lamp-failure")  # reported again, with a newer time
    late.take(late.picture.apply([SnapshotComplete("feed")], late.now))
    tell(town, *late.alarms.acknowledge([FAILED], MARTIN, "from the late one", late.now).shares)
    assert life(town) is Life.ACTIVE_ACKNOWLEDGED
    later = Town(console="poste 3")
    later.now = town.now
    later.picture.apply(
        [LinkMessage("feed", False, later.now), LinkMessage("feed", True, later.now)], later.now
    )
    later.report(LAMPS, ["L0-0"], "lamp-failure")
    later.take(later.picture.apply([SnapshotComplete("feed")], later.now))
    tell(later, *town.alarms.shelve([FAILED], MARTIN, town.now + 600, "known", town.now + 1).shares)
    alarm, first = later.alarms.get(FAILED), town.alarms.get(FAILED)
    assert alarm is not None and first is not None
    assert alarm.shelved is not None and alarm.raised == first.raised


def test_taking_note_of_it_before_it_came_again_says_nothing_of_now(town: Town, other: Town) -> None:
    for each in (town, other):
        each.report(LAMPS, ["L0-0"], "lamp-failure")
    shares = town.alarms.acknowledge([FAILED], MARTIN, "", town.now).shares
    other.wait(5)
    other.report(LAMPS, ["L0-0"])
    other.wait(5)
    other.report(LAMPS, ["L0-0"], "lamp-failure")
    tell(other, *shares)
    assert life(other) is Life.ACTIVE_UNACKNOWLEDGED


def test_an_old_good_report_read_again_clears_nothing(town: Town) -> None:
    town.report(LAMPS, ["L0-0"], "lamp-failure")
    again = restarted(town)
    again.wait(40 * 86_400)
    again.report(LAMPS, ["L0-0"], at=town.now + 1)
    alarm = again.alarms.get(FAILED)
    assert alarm is not None and alarm.life.active and alarm.uncertain
    again.report(LAMPS, ["L0-0"])
    assert life(again) is Life.CLEARED_UNACKNOWLEDGED


def test_doubt_about_what_cleared_before_a_restart_ends_with_the_first_good_report(town: Town) -> None:
    town.report(LAMPS, ["L0-0"], "lamp-failure")
    town.wait(1)
    town.report(LAMPS, ["L0-0"])
    again = restarted(town)
    again.wait(300)
    again.report(LAMPS, ["L0-0"])
    alarm = again.alarms.get(FAILED)
    assert alarm is not None and not alarm.uncertain


def test_an_alarm_of_an_object_that_left_the_registry_stands_in_doubt(town: Town) -> None:
    town.report(LAMPS, ["L0-0"], "lamp-failure")
    rest = [it for it in town.lamps if it != "L0-0"]
    town.take(town.picture.replace(table_of(LAMPS, rest), {}, town.now))
    alarm = town.alarms.get(FAILED)
    assert alarm is not None and alarm.life.active and alarm.uncertain


def test_an_alarm_of_a_rule_that_is_no_more_is_closed_at_the_start(town: Town) -> None:
    town.report(LAMPS, ["L0-0"], "lamp-failure")
    alarm = town.alarms.get(FAILED)
    assert alarm is not None
    old = msgspec.structs.replace(alarm, key="street-lights/L0-0/gone", rule="gone")
    again = Town()
    changes = again.alarms.restore([old], again.now)
    assert changes.keys == {old.key}
    assert [it.kind for it in changes.events] == ["closed"]
    assert again.alarms.get(old.key) is None


def test_works_that_another_console_ends_end_for_every_alarm_of_the_object(town: Town, other: Town) -> None:
    for each in (town, other):
        each.report(LAMPS, ["L0-0"], "lamp-failure", "driver-failure")
    town.note(town.alarms.suppress([LAMP], MARTIN, "relamping", town.now + 600, town.now))
    again = restarted(town)
    aside = other.alarms.shelve([FAILED], MARTIN, other.now + 60, "ordered", other.now + 1).shares
    tell(again, *aside)
    again.wait(100_000)
    assert {row.key for row in again.rows()} == {FAILED, DRIVER}
