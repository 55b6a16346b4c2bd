"""The desk end to end: consoles, their work files, the broker and the gateway, everything but the screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from qtpy.QtWidgets import QApplication

from desktop.demo.gateway_link import COMMANDS
from desktop.link.feed import Delivery
from desktop.link.wire_commands import CommandRequest, command_topic, encode_command
from desktop.store.audit_verify import verify
from desktop.work.command import Cause, Refused, Stage
from desktop.work.picture import ObjectKey
from tests.desk import (
    BOLLARDS,
    GARNIER,
    JUNCTIONS,
    LEFEVRE,
    LIGHTS,
    MOREAU,
    VIEWER,
    City,
    Console,
    shares,
)

JUNCTION = ObjectKey(JUNCTIONS, "JC-0002")
Open = Callable[..., Console]


@pytest.fixture
def city(qapp: QApplication) -> Iterator[City]:
    made = City()
    yield made
    made.close()


@pytest.fixture
def desk(city: City, tmp_path: Path) -> Open:
    """Open a console by name, somebody at its desk."""

    def make(name: str = "desk-1", who: str = MOREAU) -> Console:
        console = Console(city, tmp_path / name, name)
        if who:
            console.operations.sign_in(who)
        city.run(1.0)
        return console

    return make


def test_a_lamp_is_dimmed_and_every_step_is_in_the_log(city: City, desk: Open) -> None:
    console, lamp = desk(), city.lamp()
    command = console.give("dim", lamp, level=40)
    assert not city.asked(lamp)
    city.run(10)
    target = console.target(command)
    assert target.stage is Stage.CONFIRMED and target.observed["level"] == 40
    assert target.times[Stage.SENT] <= target.times[Stage.ACCEPTED] <= target.times[Stage.CONFIRMED]
    assert city.asked(lamp) == ["dim"] and city.values(lamp)["level"] == 40
    entries = console.log(command=command)
    assert [entry.what for entry in entries] == ["command-intent", "command-result"]
    intent, result = entries
    assert (intent.operator, intent.role, intent.console) == ("Camille Moreau", "operator", "desk-1")
    assert intent.target == f"{LIGHTS}/{lamp.id}" and intent.before["override"] is False
    assert (result.result, result.after["level"]) == ("confirmed", 40)
    verdict = verify(console.path)
    assert verdict.fine and verdict.entries == len(console.log())


def test_a_viewer_commands_nothing(city: City, desk: Open) -> None:
    console, lamp = desk(who=VIEWER), city.lamp()
    with pytest.raises(Refused) as refused:
        console.give("off", lamp)
    assert refused.value.cause is Cause.NO_RIGHT
    city.run(3)
    assert not city.orders
    last = console.log()[-1]
    assert (last.operator, last.role, last.result) == ("Accueil", "viewer", "refused: no-right")
    assert last.target == f"{LIGHTS}/{lamp.id}"
    assert [each.cause for each in console.refused] == [Cause.NO_RIGHT]


def test_who_takes_the_desk_does_not_take_the_orders_left_there(city: City, desk: Open) -> None:
    console, lamp = desk(), city.lamp()
    command = console.operations.draft(LIGHTS, "off", [lamp], {})
    console.operations.sign_in(VIEWER)
    for go_on in (console.operations.begin, console.operations.confirm):
        with pytest.raises(Refused) as refused:
            go_on(command.id)
        assert refused.value.cause is Cause.NO_RIGHT
        city.run(1)
        last = console.log()[-1]
        assert (last.operator, last.result) == ("Accueil", "refused: no-right")
    assert not city.orders


def test_an_operator_commands_the_layers_that_are_theirs(city: City, desk: Open) -> None:
    console = desk(who=GARNIER)
    with pytest.raises(Refused) as refused:
        console.give("automatic", JUNCTION)
    assert refused.value.cause is Cause.NO_RIGHT
    assert console.give("off", city.lamp())


def flashing_asked(city: City, first: Console) -> str:
    """The first console has selected a junction for flashing, confirmed it, and waits for the second."""
    command = first.give("flashing", JUNCTION, reason="travaux")
    city.run(2)
    assert first.target(command).stage is Stage.SELECTED
    first.operations.confirm(command)
    city.run(1)
    assert first.target(command).stage is Stage.AWAITING_APPROVAL
    return command


def test_flashing_takes_another_person_at_another_console(city: City, desk: Open) -> None:
    first, second = desk("desk-1"), desk("desk-2")
    command = flashing_asked(city, first)
    (asked,) = second.approvals
    assert (asked.command, asked.operator, asked.reason) == (command, "Camille Moreau", "travaux")
    assert not first.approvals
    with pytest.raises(Refused) as refused:
        second.operations.approve(command)
    assert refused.value.cause is Cause.SAME_PERSON
    city.run(2)
    assert first.target(command).stage is Stage.AWAITING_APPROVAL and not city.asked(JUNCTION)
    assert second.log()[-1].result == "refused: same-person"
    assert second.log()[-1].operator_id == MOREAU

    second.operations.sign_in(LEFEVRE)
    second.operations.approve(command)
    city.run(30)
    assert first.target(command).stage is Stage.CONFIRMED
    assert city.values(JUNCTION)["mode"] == "flashing"
    assert city.asked(JUNCTION) == ["flashing"]
    results = [entry for entry in first.log(command=command) if entry.what == "command-result"]
    assert [(it.result, it.approver) for it in results] == [("confirmed", "Nadia Lefèvre")]
    granted = [entry for entry in second.log(command=command) if entry.what == "approval-grant"]
    assert [it.operator for it in granted] == ["Nadia Lefèvre"]
    assert verify(first.path).fine and verify(second.path).fine


def test_the_second_person_says_no_or_nothing(city: City, desk: Open) -> None:
    first, second = desk("desk-1"), desk("desk-2", LEFEVRE)
    declined = flashing_asked(city, first)
    second.operations.decline(declined)
    city.run(2)
    assert first.target(declined).cause is Cause.SECOND_REFUSED
    silent = flashing_asked(city, first)
    city.run(125, every=1.0)
    assert first.target(silent).stage is Stage.EXPIRED
    assert first.target(silent).cause is Cause.SECOND_ABSENT
    with pytest.raises(Refused):
        second.operations.approve(silent)
    assert not city.asked(JUNCTION)


@pytest.mark.parametrize(
    ("id", "action", "args"),
    [
        ("JC-0005", "flashing", {}),
        ("JC-0006", "force-plan", {"plan": "3"}),
        ("JC-0002", "explode", {}),
    ],
)
def test_what_a_junction_does_not_declare_is_refused(
    city: City, desk: Open, id: str, action: str, args: dict[str, Any]
) -> None:
    console = desk()
    with pytest.raises(Refused) as refused:
        console.give(action, ObjectKey(JUNCTIONS, id), **args)
    assert refused.value.cause is Cause.NOT_DECLARED
    city.run(2)
    assert not city.orders
    assert console.log()[-1].result == "refused: not-declared"


def test_a_bollard_with_a_vehicle_on_its_loop_stays(city: City, desk: Open) -> None:
    console, bollard = desk(), ObjectKey(BOLLARDS, "BO-03")
    city.memory(bollard)["position"] = ("down", city.now - 600)
    while not city.values(bollard)["occupied"]:
        city.run(5, every=1.0)
    city.report(bollard)
    console.settle()
    with pytest.raises(Refused) as refused:
        console.give("raise", bollard)
    assert refused.value.cause is Cause.INTERLOCK and refused.value.detail
    assert not city.orders
    assert console.log()[-1].result == "refused: interlock"


def test_a_bollard_that_says_nothing_any_more_is_left_alone(city: City, desk: Open) -> None:
    console, bollard = desk(), ObjectKey(BOLLARDS, "BO-02")
    city.field.groups[BOLLARDS].silent.add(city.place(bollard))
    city.run(35, every=1.0)
    with pytest.raises(Refused) as refused:
        console.give("lower", bollard)
    assert refused.value.cause is Cause.STALE and not city.orders


def test_a_selection_that_nobody_confirms_expires(city: City, desk: Open) -> None:
    console = desk()
    command = console.give("force-plan", JUNCTION, plan="2")
    city.run(2)
    assert console.target(command).stage is Stage.SELECTED
    city.run(31, every=0.5)
    target = console.target(command)
    assert (target.stage, target.cause) == (Stage.EXPIRED, Cause.SELECT_EXPIRED)
    console.operations.confirm(command)
    city.run(3)
    assert not city.asked(JUNCTION) and not city.gateway.executed
    assert console.log(command=command)[-1].result == "expired: select-expired"


def test_a_retained_order_is_refused_and_taken_off_the_broker(city: City, desk: Open) -> None:
    console, lamp = desk(), city.lamp()
    before = city.values(lamp)
    order = CommandRequest(
        command_id="c-kept",
        phase="operate",
        action="off",
        operator="Camille Moreau",
        console="desk-1",
        ttl_s=60.0,
        ts=city.now,
    )
    city.broker.publish(command_topic(lamp.layer, lamp.id), encode_command(order), retain=True)
    city.run(10)
    assert city.gateway.results["refused/retained"] == 1 and not city.gateway.executed
    assert city.values(lamp) == before
    late = city.broker.subscribe([COMMANDS], "late")
    assert not [it for it in late.take() or [] if isinstance(it, Delivery)]
    city.broker.unsubscribe(late)
    assert not console.operations.commands.all()


def test_nothing_leaves_that_cannot_be_recorded(city: City, desk: Open) -> None:
    console, lamp = desk(), city.lamp()
    console.fill_disk()
    command = console.give("off", lamp, reason="x" * 20_000)
    city.run(5)
    target = console.target(command)
    assert (target.stage, target.cause) == (Stage.REFUSED, Cause.AUDIT)
    assert not city.orders and not city.gateway.executed
    assert console.troubles
    console.fill_disk(False)
    again = console.give("off", lamp)
    city.run(10)
    assert console.target(again).stage is Stage.CONFIRMED
    assert verify(console.path).fine


def test_an_override_ends_by_itself(city: City, desk: Open) -> None:
    console, lamp = desk(), city.lamp()
    before = city.values(lamp)
    command = console.give("dim", lamp, level=20, lasts_s=60.0)
    city.run(30, every=0.5)
    assert city.values(lamp)["override"] and city.asked(lamp) == ["dim"]
    city.run(50, every=0.5)
    assert city.asked(lamp) == ["dim", "release"]
    assert city.values(lamp) == before
    assert console.target(command).stage is Stage.CONFIRMED
    (end,) = [it for it in console.operations.commands.all() if it.automatic]
    assert end.retry_of == command and end.targets[0].stage is Stage.CONFIRMED


def test_an_override_ends_by_itself_after_a_restart(city: City, desk: Open) -> None:
    console, lamp = desk(), city.lamp()
    before = city.values(lamp)
    command = console.give("dim", lamp, level=20, lasts_s=60.0)
    city.run(15, every=0.5)
    console = console.reopened(lambda: city.run(120, every=1.0))
    assert city.values(lamp)["override"], "nobody was there to end it"
    city.run(15, every=0.5)
    assert city.asked(lamp) == ["dim", "release"] and city.values(lamp) == before
    assert console.target(command).stage is Stage.CONFIRMED
    assert [it.what for it in console.log() if it.what == "command-intent"] == ["command-intent"] * 2
    console = console.reopened()
    city.run(15, every=0.5)
    assert city.asked(lamp) == ["dim", "release"], "it is ended once"
    assert verify(console.path).fine


def test_a_console_that_ends_in_the_middle_does_not_know_afterwards(city: City, desk: Open) -> None:
    console, lamp = desk(), city.lamp()
    command = console.give("off", lamp, lasts_s=60.0)
    console.settle()
    console = console.reopened(lambda: city.run(10))
    target = console.target(command)
    assert (target.stage, target.cause) == (Stage.UNKNOWN, Cause.INTERRUPTED)
    city.run(80, every=0.5)
    assert not city.values(lamp)["override"]
    assert verify(console.path).fine


def fault_a_lamp(city: City, lamp: ObjectKey, fault: str = "lamp-failure") -> str:
    """Let a lamp fail; the key of its alarm."""
    city.lamps.fail(city.place(lamp), fault, city.now)
    city.report(lamp)
    city.run(3)
    return f"{lamp.layer}/{lamp.id}/{fault}"


def test_consoles_share_what_was_acknowledged(city: City, desk: Open) -> None:
    first, second = desk("desk-1"), desk("desk-2", LEFEVRE)
    key = fault_a_lamp(city, city.lamp())
    for console in (first, second):
        alarm = console.operations.alarms.get(key)
        assert alarm is not None and not alarm.life.acknowledged
        assert key in [each for news in console.alarm_news for each in news.raised]
    first.operations.acknowledge([key], "équipe prévenue")
    city.run(1)
    seen = second.operations.alarms.get(key)
    assert seen is not None and seen.life.acknowledged and seen.acknowledged is not None
    assert (seen.acknowledged.operator, seen.acknowledged.console) == ("Camille Moreau", "desk-1")
    assert seen.acknowledged.note == "équipe prévenue"
    assert (first.log()[-1].what, first.log()[-1].target) == ("acknowledge", key)
    third = desk("desk-3")
    joined = third.operations.alarms.get(key)
    assert joined is not None and joined.life.acknowledged


def test_a_viewer_acknowledges_nothing(city: City, desk: Open) -> None:
    console = desk(who=VIEWER)
    key = fault_a_lamp(city, city.lamp())
    with pytest.raises(Refused):
        console.operations.acknowledge([key])
    alarm = console.operations.alarms.get(key)
    assert alarm is not None and not alarm.life.acknowledged
    assert console.log()[-1].result == "refused: no-right"
    assert not [topic for topic in shares(city) if topic.endswith(key)]


def test_alarms_and_their_history_survive_a_restart(city: City, desk: Open) -> None:
    console, lamp, other = desk(), city.lamp(), city.lamp(1)
    taken, open_ = fault_a_lamp(city, lamp), fault_a_lamp(city, other)
    console.operations.acknowledge([taken])
    city.run(1)
    console = console.reopened()
    city.run(3)
    lives = {key: console.operations.alarms.get(key) for key in (taken, open_)}
    assert all(alarm is not None and alarm.life.active for alarm in lives.values())
    first, second = lives[taken], lives[open_]
    assert first is not None and second is not None
    assert first.life.acknowledged and not second.life.acknowledged
    assert not first.uncertain and not second.uncertain
    assert [it.kind for it in console.history(taken)] == ["raised", "acknowledged"]
    assert [it.kind for it in console.history(open_)] == ["raised"]


def diverged(city: City, console: Console, lamp: ObjectKey) -> str:
    """A lamp that was dimmed has changed by itself; the key of the alarm."""
    command = console.give("dim", lamp, level=30)
    city.run(10)
    assert console.target(command).stage is Stage.CONFIRMED
    city.lamps.overrides[city.place(lamp)] = 100
    city.report(lamp)
    city.run(2)
    assert console.target(command).stage is Stage.DIVERGED
    return f"{lamp.layer}/{lamp.id}/divergence"


def test_equipment_that_changes_by_itself_raises_an_alarm(city: City, desk: Open) -> None:
    console, lamp = desk(), city.lamp()
    key = diverged(city, console, lamp)
    alarm = console.operations.alarms.get(key)
    assert alarm is not None and alarm.life.active and alarm.object == lamp
    assert [it.kind for it in console.history(key)] == ["raised"]
    city.lamps.overrides[city.place(lamp)] = 30
    city.report(lamp)
    city.run(2)
    after = console.operations.alarms.get(key)
    assert after is not None and not after.life.active
    console.operations.acknowledge([key])
    city.run(1)
    assert console.operations.alarms.get(key) is None


def test_a_divergence_is_still_there_after_a_restart(city: City, desk: Open) -> None:
    console, lamp = desk(), city.lamp()
    key = diverged(city, console, lamp)
    console = console.reopened()
    city.run(3)
    alarm = console.operations.alarms.get(key)
    assert alarm is not None and alarm.life.active
    city.lamps.overrides[city.place(lamp)] = 30
    city.report(lamp)
    city.run(2)
    after = console.operations.alarms.get(key)
    assert after is not None and not after.life.active
