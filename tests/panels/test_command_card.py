"""Orders from the desk: written, confirmed, followed, asked again; and who may see them at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from qtpy.QtCore import QCoreApplication
from qtpy.QtWidgets import QComboBox, QPushButton, QSpinBox

from desktop.panels.command_dialog import CommandCard, Step
from desktop.panels.command_offers import Offer, offers
from desktop.panels.command_words import cause_words, stage_words
from desktop.panels.duty import Duty
from desktop.work.command import ApprovalRequest, Cause, Command, Lease, Refused, Stage
from desktop.work.picture import ObjectKey
from tests.panels.post import DutyRoom

H = "\u00a0"
LAMPS = [ObjectKey("street-lights", f"SL-{place:02d}") for place in range(12)]


@pytest.fixture
def room(french: None, tmp_path: Path) -> Iterator[DutyRoom]:
    made = DutyRoom(tmp_path)
    yield made
    made.close()


def offered(room: DutyRoom, layer: str, identifier: str) -> list[Offer]:
    picture = room.hub.picture
    return offers(room.window.duty.operations, picture, [ObjectKey(layer, identifier)], "fr")  # type: ignore[union-attr]


def duty_of(room: DutyRoom) -> Duty:
    assert room.window.duty is not None
    return room.window.duty


def card_of(room: DutyRoom) -> CommandCard:
    card = duty_of(room).card
    assert isinstance(card, CommandCard)
    return card


def command_of(room: DutyRoom) -> Command:
    command = card_of(room).command
    assert command is not None
    return command


def test_a_level_is_sent_within_its_limits_with_its_end_and_reason(room: DutyRoom) -> None:
    duty_of(room).ask("street-lights", "dim", LAMPS[:1])
    form = card_of(room).form
    assert form is not None
    level = form.editors["level"]
    assert isinstance(level, QSpinBox)
    level.setValue(400)
    form.reason.setText("Fête de quartier")
    card_of(room).act.click()
    command = command_of(room)
    assert (command.arguments, command.reason) == ({"level": 100}, "Fête de quartier")
    assert command.expires == room.now + 3600
    assert {target.stage for target in command.targets} == {Stage.SENT}


def test_a_refusal_is_said_on_the_card_and_nothing_is_sent(room: DutyRoom) -> None:
    duty_of(room).ask("street-lights", "on", LAMPS[:1])
    room.post.refusal = Refused(Cause.LINK_DOWN)
    card_of(room).act.click()
    assert card_of(room).trouble.whole.startswith("Le flux est coupé")
    assert card_of(room).step is Step.FORM
    assert not room.post.commands.kept


def test_selected_targets_are_confirmed_before_the_countdown_ends(room: DutyRoom) -> None:
    cabinet = ObjectKey("lighting-cabinets", "A-1")
    duty_of(room).ask("lighting-cabinets", "force-on", [cabinet])
    card = card_of(room)
    card.act.click()
    assert card.step is Step.SELECTING and card.act.isHidden()
    room.post.reach(command_of(room).id, Stage.SELECTED)
    assert card.step is Step.CONFIRM
    room.pass_time(12)
    assert f"18{H}s" in card.risk.whole
    card.act.click()
    assert {target.stage for target in command_of(room).targets} == {Stage.SENT}


def test_leaving_a_selection_gives_it_up(room: DutyRoom) -> None:
    duty_of(room).ask("lighting-cabinets", "force-on", [ObjectKey("lighting-cabinets", "A-1")])
    card_of(room).act.click()
    command = command_of(room).id
    room.post.reach(command, Stage.SELECTED)
    card_of(room).back.click()
    assert room.post.commands.kept[command].targets[0].stage is Stage.CANCELLED


def test_the_second_person_is_waited_for(room: DutyRoom) -> None:
    duty_of(room).ask("junctions", "flashing", [ObjectKey("junctions", "JC-1")])
    card_of(room).act.click()
    room.post.reach(command_of(room).id, Stage.SELECTED)
    card_of(room).act.click()
    room.pass_time(20)
    assert card_of(room).step is Step.APPROVAL
    assert f"100{H}s" in card_of(room).risk.whole


def test_a_group_is_shown_on_the_map_then_its_failures_are_asked_again(room: DutyRoom) -> None:
    duty_of(room).ask("street-lights", "off", LAMPS)
    assert list(room.selection.keys) == LAMPS
    card_of(room).act.click()
    first = command_of(room)
    room.post.reach(first.id, *[Stage.CONFIRMED] * 9, Stage.FAILED, cause=Cause.NO_REPLY)
    assert "9 des 12" in card_of(room).progress.sentence.whole
    assert card_of(room).progress.list.item(0).text().startswith("SL-09")
    card_of(room).act.click()
    again = command_of(room)
    assert again.id != first.id and card_of(room).step is Step.DRAFT
    assert [target.key for target in again.targets] == LAMPS[9:]
    assert list(room.selection.keys) == LAMPS[9:]


def test_the_table_lists_commands_and_asks_failures_again(room: DutyRoom) -> None:
    duty = duty_of(room)
    duty.ask("street-lights", "off", LAMPS)
    card_of(room).act.click()
    first = command_of(room).id
    card_of(room).leave()
    assert duty.commands.table.running == 1 or duty.commands.table.reload() is None
    assert duty.commands.table.running == 1
    room.post.reach(first, Stage.FAILED, Stage.CONFIRMED, cause=Cause.EQUIPMENT)
    duty.commands.choose(first)
    assert duty.commands.table.running == 0
    assert not duty.commands.detail.retry_button.isHidden()
    duty.commands.detail.retry_button.click()
    assert card_of(room).step is Step.DRAFT
    assert [target.key for target in command_of(room).targets] == LAMPS[:1]


def test_the_inspector_compares_what_was_asked_and_what_is_seen(room: DutyRoom) -> None:
    command = room.post.draft("street-lights", "dim", LAMPS[:1], {"level": 40})
    room.post.reach(command.id, Stage.SENT)
    room.now += 5
    room.post.reach(command.id, Stage.ACCEPTED)
    room.select(("street-lights", "SL-00"))
    section = room.window.inspector.command
    assert section is not None
    texts = [
        [said.value.whole for said in (requested, accepted, observed)]
        for field, _, requested, accepted, observed in section.rows
        if field is not None
    ]
    assert texts == [[f"40{H}%", f"40{H}%", f"100{H}%"]]
    assert section.note.whole.startswith("Accepté")


def test_a_viewer_has_no_command_button(room: DutyRoom) -> None:
    room.select(("street-lights", "SL-00"))
    section = room.window.inspector.command
    assert section is not None and section.buttons
    room.post.sign_in("zidi")
    assert not section.buttons
    room.select(("street-lights", "SL-01"))
    again = room.window.inspector.command
    assert again is not None and not again.findChildren(QPushButton, "primary")
    assert not room.window.commands["order:street-lights:dim"].isEnabled()


def test_an_action_that_cannot_be_given_stays_with_its_reason(room: DutyRoom) -> None:
    room.select(("street-lights", "SL-00"))
    room.link(up=False)
    section = room.window.inspector.command
    assert section is not None
    room.until(lambda: not section.buttons["dim"].isEnabled())
    assert "coupé" in section.buttons["dim"].toolTip()


def test_an_object_offers_what_it_declares(room: DutyRoom) -> None:
    room.report("junctions", "JC-9", mode="automatic", plan=4)
    room.report("junctions", "JC-1", mode="automatic", plan=4)
    room.select(("junctions", "JC-9"))
    section = room.window.inspector.command
    assert section is not None and list(section.buttons) == ["force-plan", "automatic"]
    section.buttons["force-plan"].click()
    room.until(lambda: duty_of(room).card is not None)
    form = card_of(room).form
    assert form is not None
    plan = form.editors["plan"]
    assert isinstance(plan, QComboBox)
    assert [plan.itemText(place) for place in range(plan.count())] == ["2", "4", "6"]
    room.select(("junctions", "JC-1"))
    other = room.window.inspector.command
    assert other is not None and not other.buttons


def test_an_interlock_says_why(room: DutyRoom) -> None:
    room.report("bollards", "B-1", position="up", occupied=True)
    room.until(lambda: all(it.obstacle for it in offered(room, "bollards", "B-1")))
    room.report("bollards", "B-1", position="up", occupied=False, age=0.0)
    room.until(lambda: not any(it.obstacle for it in offered(room, "bollards", "B-1")))
    room.pass_time(7200)
    assert all("incertain" in it.obstacle for it in offered(room, "bollards", "B-1"))


def test_a_cabinet_commands_its_lamps(room: DutyRoom) -> None:
    room.select(("lighting-cabinets", "A-1"))
    groups = [it for it in room.window.inspector.findChildren(QPushButton) if it.text() == "Éteindre…"]
    assert len(groups) == 1
    groups[0].click()
    room.until(lambda: duty_of(room).card is not None)
    assert len(room.selection) == 6


def test_an_object_in_other_hands_is_taken_with_a_reason(room: DutyRoom) -> None:
    key = LAMPS[0]
    lease = Lease(key=key, operator="P. Leroy", console="poste 1", until=room.now + 60)
    room.post.commands.leases[key] = lease
    room.select(("street-lights", "SL-00"))
    section = room.window.inspector.command
    assert section is not None and "P. Leroy" in section.lease.whole
    section.take_over.click()
    room.until(lambda: duty_of(room).card is not None)
    card = duty_of(room).card
    assert card is not None and not isinstance(card, CommandCard)
    assert not card.act.isEnabled()
    card.reason.setText("Relève")
    card.act.click()
    assert room.post.taken == [(key, "Relève")]


def test_a_second_person_agrees_or_is_told_why_not(room: DutyRoom) -> None:
    request = ApprovalRequest(
        command="c9",
        layer="junctions",
        action="flashing",
        targets=("JC-1",),
        count=1,
        operator="P. Leroy",
        console="poste 1",
        reason="Panne",
        expires=room.now + 100,
    )
    room.post.approval_asked.emit(request)
    card = duty_of(room).approvals["c9"]
    assert card.what.whole == "Mettre au jaune clignotant"
    room.post.refusal = Refused(Cause.SAME_PERSON)
    card.approve.click()
    assert "quelqu’un d’autre" in card.trouble.whole
    room.post.refusal = None
    card.approve.click()
    assert room.post.answers == [("c9", True)]
    assert not duty_of(room).approvals


def test_an_approval_nobody_answers_goes_by_itself(room: DutyRoom) -> None:
    request = ApprovalRequest(
        command="c9",
        layer="junctions",
        action="flashing",
        targets=("JC-1",),
        count=1,
        operator="P. Leroy",
        console="poste 1",
        reason="",
        expires=room.now + 100,
    )
    room.post.approval_asked.emit(request)
    room.pass_time(101)
    assert not duty_of(room).approvals


def test_deleted_cards_no_longer_listen(room: DutyRoom) -> None:
    duty_of(room).ask("street-lights", "off", LAMPS[:1])
    card_of(room).leave()
    QCoreApplication.sendPostedEvents(None, 0)
    QCoreApplication.processEvents()
    room.post.draft("street-lights", "on", LAMPS[:1], {})
    room.pass_time(1)


def test_every_stage_and_cause_has_words(french: None) -> None:
    assert all(stage_words(stage) for stage in Stage)
    said = [cause_words(cause) for cause in Cause]
    assert len(set(said)) == len(said)
    assert not any(words == cause.value for words, cause in zip(said, Cause, strict=True))
