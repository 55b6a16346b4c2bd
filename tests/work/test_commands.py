"""Commands: what is sent when, what is said of it, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from desktop.link.wire import StateMessage
from desktop.link.wire_commands import ApprovalMessage, LeaseMessage
from desktop.work.command import ApprovalRequest, Cause, Refused, Stage
from desktop.work.command_entries import refusal_entry
from desktop.work.commands import Divergence
from desktop.work.operators import ABSENT, Operator, Role
from desktop.work.picture import ObjectKey
from layers.definition import Risk
from layers.model import Quality
from tests.work.console import ANA, BOLLARDS, BRUNO, JUNCTIONS, LIGHTS, NOW, Console

LAMP = ObjectKey(LIGHTS, "L0")
DARK = {"on": False, "level": 0, "override": True}
LIT = {"on": True, "level": 100, "override": False}


@pytest.fixture
def desk() -> Console:
    return Console()


def refusal(desk: Console, *args: Any, **more: Any) -> Cause:  # noqa: ANN401
    with pytest.raises(Refused) as caught:
        desk.give(*args, **more)
    assert desk.sent == []
    return caught.value.cause


def test_a_command_is_confirmed_by_what_the_equipment_reports(desk: Console) -> None:
    id = desk.give("off")
    assert desk.phases() == ["operate"]
    assert desk.target(id).stage is Stage.SENT
    desk.answer("accepted")
    assert desk.target(id).stage is Stage.ACCEPTED
    desk.now += 4
    desk.report(LIGHTS, "L0", **DARK)
    target = desk.target(id)
    assert (target.stage, target.observed["on"], target.before["on"]) == (Stage.CONFIRMED, False, True)
    assert target.times[Stage.SENT] <= target.times[Stage.ACCEPTED] < target.times[Stage.CONFIRMED]
    assert [entry.what for entry in desk.entries] == ["command-intent", "command-result"]
    assert [entry.result for entry in desk.entries] == ["asked", "confirmed"]


def test_nothing_leaves_before_its_intent_is_recorded(desk: Console) -> None:
    command = desk.commands.prepare(LIGHTS, "off", [LAMP], {}, ANA, "", NOW)
    effects = desk.commands.begin(command.id, NOW)
    assert not effects.publishes
    (record,) = effects.records
    assert record.command is not None and record.command.targets[0].stage is Stage.SENT
    effects = desk.commands.recorded(record.token, False, NOW)
    assert not effects.publishes
    assert desk.target(command.id).cause is Cause.AUDIT
    assert not desk.commands.recorded(record.token, True, NOW).publishes


def test_the_request_says_on_which_report_it_was_given(desk: Console) -> None:
    desk.report(LIGHTS, "L0", **LIT)
    desk.give("dim", level=40)
    key, request = desk.sent[0]
    assert (key, request.action, request.args) == (LAMP, "dim", {"level": 40})
    assert request.expected_seq == desk.sequence
    assert request.ttl_s > 0


@pytest.mark.parametrize("late", [{}, {"age": 1.0}, {"quality": Quality.UNCERTAIN}])
def test_only_a_good_report_of_after_the_sending_counts(desk: Console, late: dict[str, Any]) -> None:
    before = StateMessage(LIGHTS, "L0", desk.live(**DARK))
    if late:
        desk.now += 0.5
    id = desk.give("off")
    desk.answer("accepted")
    if late:
        desk.report(LIGHTS, "L0", **late, **DARK)
    else:
        desk.now += 1
        desk.report(LIGHTS, "L0", **LIT)
        desk.hear(before)
    assert desk.target(id).stage is Stage.ACCEPTED


def test_no_answer_is_unknown_and_never_asked_again(desk: Console) -> None:
    id = desk.give("off")
    desk.wait(300)
    assert (desk.target(id).stage, desk.target(id).cause) == (Stage.UNKNOWN, Cause.NO_REPLY)
    assert desk.phases() == ["operate"]


def test_an_unknown_order_takes_no_credit_for_what_a_later_one_did(desk: Console) -> None:
    first = desk.give("off")
    desk.wait(4)
    assert desk.target(first).stage is Stage.UNKNOWN
    desk.give("off")
    desk.report(LIGHTS, "L0", **DARK)
    assert desk.target(first).stage is Stage.UNKNOWN


def test_no_effect_is_unknown_until_it_is_reported_after_all(desk: Console) -> None:
    id = desk.give("off")
    desk.answer("accepted")
    desk.wait(61)
    assert (desk.target(id).stage, desk.target(id).cause) == (Stage.UNKNOWN, Cause.NO_EFFECT)
    desk.report(LIGHTS, "L0", **DARK)
    assert desk.target(id).stage is Stage.CONFIRMED
    assert [entry.result for entry in desk.entries] == ["asked", "unknown: no-effect", "confirmed"]


def test_a_lost_answer_is_made_up_for_by_a_change_to_what_was_asked(desk: Console) -> None:
    id = desk.give("off")
    desk.wait(4)
    desk.report(LIGHTS, "L0", **DARK)
    assert desk.target(id).stage is Stage.CONFIRMED


def test_a_lost_answer_is_not_made_up_for_by_what_was_so_already(desk: Console) -> None:
    desk.report(LIGHTS, "L0", **DARK)
    id = desk.give("off")
    desk.wait(4)
    desk.report(LIGHTS, "L0", **DARK)
    assert desk.target(id).stage is Stage.UNKNOWN
    desk.answer("refused", cause="local-mode", detail="door open")
    assert (desk.target(id).stage, desk.target(id).detail) == (Stage.REFUSED, "door open")


@pytest.mark.parametrize("cause", ["retained", "duplicate", "malformed"])
def test_the_refusal_of_a_copy_says_nothing_of_the_order(desk: Console, cause: str) -> None:
    id = desk.give("off")
    desk.answer("refused", cause=cause)
    assert desk.target(id).stage is Stage.SENT
    desk.wait(4)
    assert (desk.target(id).stage, desk.target(id).cause) == (Stage.UNKNOWN, Cause(cause))


@pytest.mark.parametrize("result", ["refused", "failed", "cancelled"])
def test_an_end_said_by_the_gateway_is_final(desk: Console, result: str) -> None:
    id = desk.give("off")
    desk.answer(result, cause="equipment")
    assert desk.target(id).stage is Stage(result)
    desk.wait(100)
    assert desk.target(id).stage is Stage(result)


def test_a_link_that_is_cut_sends_nothing_then_or_later(desk: Console) -> None:
    desk.up = False
    id = desk.give("off")
    assert (desk.target(id).stage, desk.target(id).cause) == (Stage.FAILED, Cause.LINK_DOWN)
    desk.link(True)
    desk.wait(10)
    assert desk.sent == []


def test_who_may_not_and_what_may_not(desk: Console) -> None:
    viewer = Operator(id="v", name="V", role=Role.VIEWER)
    other = Operator(id="o", name="O", role=Role.OPERATOR, layers=("bollards",))
    assert refusal(desk, operator=ABSENT) is Cause.NOT_SIGNED_IN
    assert refusal(desk, operator=viewer) is Cause.NO_RIGHT
    assert refusal(desk, operator=other) is Cause.NO_RIGHT
    assert refusal(desk, "explode") is Cause.NOT_DECLARED
    assert refusal(desk, ids=["nowhere"]) is Cause.UNKNOWN_OBJECT
    assert refusal(desk, ids=[]) is Cause.UNKNOWN_OBJECT
    assert refusal(desk, "force-plan", ["J0"], JUNCTIONS, plan="9") is Cause.NOT_DECLARED
    for level in (101, -1, "half", True, float("nan"), 12.5):
        assert refusal(desk, "dim", level=level) is Cause.BAD_ARGUMENT
    for lasts in (0, -5, 43_201, float("inf"), float("nan")):
        assert refusal(desk, lasts_s=lasts) is Cause.BAD_ARGUMENT
    assert refusal(desk, more=1) is Cause.BAD_ARGUMENT


def test_an_action_the_record_does_not_declare(desk: Console) -> None:
    desk.load(JUNCTIONS, ["J0"], {"actions": "automatic"}, mode="automatic")
    assert refusal(desk, "flashing", ["J0"], JUNCTIONS) is Cause.NOT_DECLARED


def test_a_link_that_is_down_or_reading_again_and_a_stale_state(desk: Console) -> None:
    desk.report(LIGHTS, "L0", quality=Quality.UNCERTAIN, **LIT)
    assert refusal(desk) is Cause.STALE
    desk.picture.sources["feed"].complete = False
    assert refusal(desk) is Cause.RESYNCHRONISING
    desk.link(False)
    assert refusal(desk) is Cause.LINK_DOWN


def test_a_bollard_under_a_vehicle(desk: Console) -> None:
    desk.report(BOLLARDS, "B0", position="down", occupied=True)
    with pytest.raises(Refused) as caught:
        desk.give("raise", ["B0"], BOLLARDS)
    assert caught.value.cause is Cause.INTERLOCK and caught.value.detail
    keys = [ObjectKey(BOLLARDS, "B0")]
    entry = refusal_entry(caught.value, ANA, "desk-1", BOLLARDS, "raise", keys, "", NOW)
    assert (entry.result, entry.target, entry.operator_id) == ("refused: interlock", "bollards/B0", "ana")


def test_an_object_obeys_one_order_at_a_time(desk: Console) -> None:
    desk.give("off")
    desk.sent.clear()
    assert refusal(desk, "on") is Cause.BUSY


def selected(desk: Console, id: str) -> None:
    for _, request in [each for each in desk.sent if each[1].phase == "select"]:
        desk.answer("selected", request, select_id=f"s-{request.command_id}")
    assert desk.target(id).stage is Stage.SELECTED


def test_a_plan_is_selected_then_confirmed(desk: Console) -> None:
    id = desk.give("force-plan", ["J0"], JUNCTIONS, plan="2")
    assert desk.command(id).risk is Risk.SELECT
    selected(desk, id)
    desk.do(desk.commands.confirm(id, desk.now))
    assert desk.phases() == ["select", "operate"]
    assert desk.sent[1][1].select_id == f"s-{desk.target(id).command_id}"
    desk.do(desk.commands.confirm(id, desk.now))
    assert len(desk.sent) == 2


def test_a_selection_ends_after_30_s(desk: Console) -> None:
    id = desk.give("automatic", ["J0"], JUNCTIONS)
    selected(desk, id)
    desk.wait(31)
    assert (desk.target(id).stage, desk.target(id).cause) == (Stage.EXPIRED, Cause.SELECT_EXPIRED)
    desk.do(desk.commands.confirm(id, desk.now))
    assert desk.phases() == ["select", "cancel"]


def test_a_selection_without_answer_has_failed(desk: Console) -> None:
    id = desk.give("automatic", ["J0"], JUNCTIONS)
    desk.wait(3)
    assert (desk.target(id).stage, desk.target(id).cause) == (Stage.FAILED, Cause.NO_REPLY)


def test_what_changed_since_the_selection_is_checked_again(desk: Console) -> None:
    id = desk.give("automatic", ["J0"], JUNCTIONS)
    selected(desk, id)
    desk.report(JUNCTIONS, "J0", quality=Quality.BAD, mode="automatic")
    desk.do(desk.commands.confirm(id, desk.now))
    assert (desk.target(id).stage, desk.target(id).cause) == (Stage.REFUSED, Cause.STALE)
    assert desk.phases() == ["select", "cancel"]


def test_cancelling(desk: Console) -> None:
    early = desk.give("automatic", ["J0"], JUNCTIONS)
    desk.do(desk.commands.cancel(early, desk.now))
    assert desk.target(early).stage is Stage.CANCELLED
    late = desk.give("off")
    order = desk.sent[-1][1]
    desk.answer("accepted")
    desk.do(desk.commands.cancel(late, desk.now))
    assert desk.target(late).stage is Stage.ACCEPTED
    desk.answer("refused", cause="busy")
    assert desk.target(late).stage is Stage.ACCEPTED
    desk.answer("cancelled", order)
    assert desk.target(late).stage is Stage.CANCELLED


def test_a_draft_is_dropped_without_a_trace(desk: Console) -> None:
    command = desk.commands.prepare(LIGHTS, "off", [LAMP], {}, ANA, "", NOW)
    desk.do(desk.commands.cancel(command.id, NOW))
    assert desk.commands.get(command.id) is None
    assert desk.entries == []


def flashing() -> tuple[Console, Console, str]:
    """Two consoles, the first of which waits for a second person."""
    desk, second = Console(), Console("desk-2")
    id = desk.give("flashing", ["J0"], JUNCTIONS)
    assert desk.command(id).risk is Risk.TWO_PERSONS
    selected(desk, id)
    desk.do(desk.commands.confirm(id, desk.now))
    assert desk.target(id).stage is Stage.AWAITING_APPROVAL
    second.receive(desk.approvals[-1])
    return desk, second, id


def test_a_second_person_agrees_at_another_console() -> None:
    desk, second, id = flashing()
    (request,) = second.commands.approvals()
    assert second.notes == [request] and isinstance(request, ApprovalRequest)
    assert (request.operator, request.targets, request.count) == ("Ana", ("J0",), 1)
    second.do(second.commands.approve(id, BRUNO, second.now))
    assert second.commands.approvals() == []
    assert second.entries[-1].what == "approval-grant"
    desk.receive(second.approvals[-1])
    assert desk.phases() == ["select", "operate"]
    assert desk.command(id).approver == "Bruno"
    assert [entry.approver for entry in desk.entries if entry.what == "command-approved"] == ["Bruno"]


def test_a_selection_is_made_anew_when_the_second_person_takes_long() -> None:
    desk, second, id = flashing()
    desk.wait(60)
    second.do(second.commands.approve(id, BRUNO, second.now))
    desk.receive(second.approvals[-1])
    assert desk.phases() == ["select", "select"]
    assert desk.sent[0][1].command_id != desk.sent[1][1].command_id
    desk.answer("selected", select_id="anew")
    assert desk.phases() == ["select", "select", "operate"]
    assert desk.sent[-1][1].select_id == "anew"


def test_the_same_person_is_no_second_one() -> None:
    desk, second, id = flashing()
    with pytest.raises(Refused) as caught:
        second.commands.approve(id, ANA, second.now)
    assert caught.value.cause is Cause.SAME_PERSON
    viewer = Operator(id="v", name="V", role=Role.VIEWER)
    with pytest.raises(Refused) as caught:
        second.commands.approve(id, viewer, second.now)
    assert caught.value.cause is Cause.NO_RIGHT
    for who, console in (("ana", "desk-2"), ("bruno", "desk-1"), ("", "desk-2")):
        desk.receive(
            ApprovalMessage(
                kind="grant", command=id, operator_id=who, operator="X", console=console, ts=desk.now
            )
        )
        assert desk.entries[-1].result == "refused: same-person"
    assert desk.phases() == ["select"]


def test_a_second_person_declines_or_does_not_come() -> None:
    desk, second, id = flashing()
    second.do(second.commands.refuse_approval(id, BRUNO, second.now))
    desk.receive(second.approvals[-1])
    assert desk.target(id).cause is Cause.SECOND_REFUSED
    desk, second, id = flashing()
    desk.wait(121)
    second.wait(121)
    assert (desk.target(id).stage, desk.target(id).cause) == (Stage.EXPIRED, Cause.SECOND_ABSENT)
    assert desk.approvals[-1].kind == "withdraw"
    assert second.commands.approvals() == []
    assert "operate" not in desk.phases()


def test_a_group_fails_in_part_and_the_failed_ones_are_asked_again(desk: Console) -> None:
    id = desk.give("off", ["L0", "L1", "L2"])
    requests = [request for _, request in desk.sent]
    desk.answer("accepted", requests[0])
    desk.answer("refused", requests[1], cause="local-mode")
    desk.now += 1
    desk.report(LIGHTS, "L0", **DARK)
    desk.wait(4)
    stages = [target.stage for target in desk.command(id).targets]
    assert stages == [Stage.CONFIRMED, Stage.REFUSED, Stage.UNKNOWN]
    again = desk.commands.retry_failed(id, ANA, desk.now)
    assert [target.key.id for target in again.targets] == ["L1", "L2"]
    assert (again.retry_of, again.targets[0].stage) == (id, Stage.DRAFT)
    assert len(desk.sent) == 3
    assert desk.entries[-1].after["refused: local-mode"] == ["L1"]


def test_objects_that_cannot_be_asked_do_not_hold_the_others_back(desk: Console) -> None:
    desk.report(LIGHTS, "L1", quality=Quality.BAD, **LIT)
    id = desk.give("off", ["L0", "L1"])
    assert [key.id for key, _ in desk.sent] == ["L0"]
    assert desk.target(id, 1).cause is Cause.STALE


def test_many_lights_need_more_than_one_confirmation() -> None:
    desk = Console(lights=501)
    every = [f"L{i}" for i in range(501)]
    for count, risk in ((50, Risk.CONFIRM), (51, Risk.SELECT), (501, Risk.TWO_PERSONS)):
        keys = [ObjectKey(LIGHTS, id) for id in every[:count]]
        assert desk.commands.prepare(LIGHTS, "off", keys, {}, ANA, "", NOW).risk is risk


def test_a_lease_keeps_other_consoles_away_until_it_is_taken_over(desk: Console) -> None:
    desk.give("off")
    (lease,) = desk.leases
    other = Console("desk-2")
    other.receive(lease)
    with pytest.raises(Refused) as caught:
        other.give("on", operator=BRUNO)
    assert caught.value.cause is Cause.LEASED and "Ana" in caught.value.detail
    with pytest.raises(ValueError, match="why"):
        other.commands.take_over(LAMP, BRUNO, " ", NOW)
    other.do(other.commands.take_over(LAMP, BRUNO, "accident", NOW))
    assert (other.leases[0].taken_from, other.leases[0].reason) == ("desk-1", "accident")
    other.give("on", operator=BRUNO)
    desk.wait(5)
    desk.receive(other.leases[0])
    held = desk.commands.lease_of(LAMP)
    assert held is not None and held.console == "desk-2"
    assert refusal_of(desk) is Cause.LEASED


def refusal_of(desk: Console) -> Cause:
    with pytest.raises(Refused) as caught:
        desk.give("on")
    return caught.value.cause


def test_a_lease_ends_by_itself(desk: Console) -> None:
    desk.give("off")
    desk.answer("refused", cause="busy")
    desk.wait(61)
    assert desk.commands.lease_of(LAMP) is None
    assert desk.leases[-1].released
    other = Console("desk-2")
    other.receive(LeaseMessage(layer=LIGHTS, id="L0", operator="A", console="desk-1", until=NOW + 60))
    other.wait(61)
    assert other.give("off")
    assert not [lease for lease in other.leases if lease.released]


def test_a_selection_is_given_up_when_another_console_takes_the_object(desk: Console) -> None:
    id = desk.give("automatic", ["J0"], JUNCTIONS)
    selected(desk, id)
    lease = LeaseMessage(layer=JUNCTIONS, id="J0", operator="B", console="desk-2", until=NOW + 60)
    desk.receive(lease)
    assert (desk.target(id).stage, desk.target(id).cause) == (Stage.REFUSED, Cause.LEASED)
    assert desk.phases() == ["select", "cancel"]


def darkened(desk: Console, lasts_s: float = 600.0) -> str:
    id = desk.give("off", lasts_s=lasts_s)
    desk.answer("accepted")
    desk.now += 2
    desk.report(LIGHTS, "L0", **DARK)
    assert desk.target(id).stage is Stage.CONFIRMED
    return id


def test_what_no_longer_is_as_confirmed_has_diverged(desk: Console) -> None:
    id = darkened(desk)
    desk.now += 5
    desk.report(LIGHTS, "L0", **LIT)
    assert desk.target(id).stage is Stage.DIVERGED
    assert desk.notes == [Divergence(key=LAMP, command=id, since=desk.now)]
    assert desk.commands.diverged() == {(LAMP, desk.now)}
    desk.now += 5
    desk.report(LIGHTS, "L0", **DARK)
    assert desk.commands.diverged() == frozenset()


def test_an_override_is_ended_by_the_application_when_it_is_due(desk: Console) -> None:
    id = darkened(desk)
    desk.wait(610)
    assert [request.action for _, request in desk.sent] == ["off", "release"]
    end = desk.commands.latest_for(LAMP)
    assert end is not None and end[0].automatic and end[0].operator == "Ana"
    desk.answer("accepted")
    desk.now += 2
    desk.report(LIGHTS, "L0", **LIT)
    assert desk.target(end[0].id).stage is Stage.CONFIRMED
    assert desk.target(id).stage is Stage.CONFIRMED
    desk.wait(5_000)
    assert len(desk.sent) == 2
    assert [entry.what for entry in desk.entries].count("command-intent") == 2


def test_an_override_that_falls_due_without_a_link_is_ended_when_it_is_back(desk: Console) -> None:
    darkened(desk)
    desk.link(False)
    desk.wait(700)
    assert len(desk.sent) == 1
    desk.link(True)
    desk.wait(1)
    assert desk.sent[-1][1].action == "release"


@pytest.mark.parametrize("action", ["on", "release"])
def test_a_later_order_takes_the_place_of_an_override(desk: Console, action: str) -> None:
    darkened(desk)
    desk.give(action)
    desk.answer("accepted")
    desk.now += 2
    desk.report(LIGHTS, "L0", on=True, level=100, override=action == "on")
    desk.wait(700)
    assert [request.action for _, request in desk.sent] == ["off", action]
    assert desk.commands.diverged() == frozenset()


def test_a_later_order_that_is_refused_leaves_the_override(desk: Console) -> None:
    darkened(desk)
    desk.give("on")
    desk.answer("refused", cause="local-mode")
    desk.wait(700)
    assert [request.action for _, request in desk.sent] == ["off", "on", "release"]


def test_the_end_of_an_override_that_cannot_be_recorded_is_tried_again(desk: Console) -> None:
    darkened(desk)
    desk.audit = False
    desk.wait(650)
    assert len(desk.sent) == 1
    desk.audit = True
    desk.wait(61)
    assert desk.sent[-1][1].action == "release"


def test_a_restart_leaves_what_was_under_way_unknown_and_ends_overrides(desk: Console) -> None:
    done = darkened(desk)
    lost = desk.give("dim", ["L1"], level=40, lasts_s=300)
    kept = list(desk.kept.values())
    after = Console()
    after.now = desk.now + 10
    after.link(True)
    after.do(after.commands.restore(kept, after.now))
    assert (after.target(lost).stage, after.target(lost).cause) == (Stage.UNKNOWN, Cause.INTERRUPTED)
    assert after.target(done).stage is Stage.CONFIRMED
    assert after.entries[-1].result == "unknown: interrupted"
    assert after.sent == []
    for id in ("L0", "L1"):
        after.report(LIGHTS, id, **DARK)
    after.wait(1_000)
    assert {(key.id, request.action) for key, request in after.sent} == {("L0", "release"), ("L1", "release")}


def test_an_end_the_feed_did_not_take_is_sent_once_the_link_is_back(desk: Console) -> None:
    darkened(desk)
    desk.up = False
    desk.wait(601)
    assert len(desk.sent) == 1
    desk.up = True
    desk.wait(1)
    assert [request.action for _, request in desk.sent] == ["off", "release"]


def test_an_end_that_is_refused_is_not_sent_again_but_told(desk: Console) -> None:
    darkened(desk)
    desk.wait(600)
    desk.answer("refused", cause="local-mode")
    assert [key for key, _ in desk.commands.diverged()] == [LAMP]
    desk.wait(1_000)
    assert len(desk.sent) == 2
    desk.report(LIGHTS, "L0", **LIT)
    assert desk.commands.diverged() == frozenset()
