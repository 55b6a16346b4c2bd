"""What may be asked of the equipment, when it is refused, and what counts as done."""

from __future__ import annotations

from typing import Any

import pytest

from layers import load_layers
from layers.definition import Action, LayerDefinition, Risk
from layers.model import Live

LAYERS = load_layers()
WITH_ACTIONS = [layer for layer in LAYERS.values() if layer.actions]
EVERY_ACTION = pytest.mark.parametrize(
    ("layer", "action"),
    [
        pytest.param(layer, action, id=f"{layer.id}-{action.id}")
        for layer in WITH_ACTIONS
        for action in layer.actions
    ],
)


def action_of(layer: str, id: str) -> Action:
    action = LAYERS[layer].action(id)
    assert action is not None
    return action


def done(layer: str, action: str, values: dict[str, Any], **arguments: object) -> bool:
    return action_of(layer, action).effect(arguments, Live(time=0.0, values=values))


def refusal(layer: str, action: str, values: dict[str, Any] | None, *faults: str, **facts: object) -> str:
    """Why the interlock refuses, in English; empty when it does not."""
    interlock = action_of(layer, action).interlock
    live = None if values is None else Live(time=0.0, values=values, faults=faults)
    reason = interlock(facts, live) if interlock is not None else None
    return reason.en if reason is not None else ""


def test_layers_offer_the_commands_of_the_room() -> None:
    assert {layer.id: [action.id for action in layer.actions] for layer in WITH_ACTIONS} == {
        "street-lights": ["dim", "on", "off", "release"],
        "lighting-cabinets": ["force-on", "force-off", "auto"],
        "junctions": ["force-plan", "flashing", "automatic"],
        "cameras": ["preset"],
        "buildings": ["check-doors", "arm", "disarm"],
        "bollards": ["lower", "raise"],
        "message-signs": ["display", "clear"],
    }


@pytest.mark.parametrize(
    ("layer", "action", "arguments", "before", "after"),
    [
        ("street-lights", "dim", {"level": 40}, {"level": 100}, {"level": 40, "override": True}),
        ("street-lights", "dim", {"level": 40}, {"level": 43}, {"level": 41.5}),
        ("street-lights", "dim", {"level": 40}, {"level": 40, "override": False}, {"level": 40}),
        ("street-lights", "on", {}, {"on": False}, {"on": True, "override": True}),
        ("street-lights", "on", {}, {"on": True, "override": False}, {"on": True}),
        ("street-lights", "off", {}, {"on": True}, {"on": False, "override": True}),
        ("street-lights", "release", {}, {"override": True}, {"override": False}),
        ("lighting-cabinets", "force-on", {}, {"mode": "auto"}, {"mode": "forced-on"}),
        ("lighting-cabinets", "force-off", {}, {"mode": "forced-on"}, {"mode": "forced-off"}),
        ("lighting-cabinets", "auto", {}, {"mode": "forced-on"}, {"mode": "auto"}),
        (
            "junctions",
            "force-plan",
            {"plan": "4"},
            {"mode": "automatic", "plan": 4},
            {"mode": "forced", "plan": 4},
        ),
        (
            "junctions",
            "force-plan",
            {"plan": "4"},
            {"mode": "forced", "plan": 2},
            {"mode": "forced", "plan": 4.0},
        ),
        ("junctions", "flashing", {}, {"mode": "off"}, {"mode": "flashing"}),
        ("junctions", "automatic", {}, {"mode": "forced"}, {"mode": "automatic"}),
        ("bollards", "lower", {}, {"position": "moving"}, {"position": "down"}),
        ("bollards", "raise", {}, {"position": "moving"}, {"position": "up"}),
        (
            "message-signs",
            "display",
            {"text": "TRAVAUX"},
            {"text": "ACCIDENT"},
            {"text": "TRAVAUX", "lit": True},
        ),
        (
            "message-signs",
            "display",
            {"text": "TRAVAUX"},
            {"text": "TRAVAUX", "lit": False},
            {"text": "TRAVAUX"},
        ),
        ("message-signs", "clear", {}, {"text": "ACCIDENT", "lit": True}, {"text": "", "lit": False}),
        ("buildings", "check-doors", {}, {}, {"doors_open": 2}),
        ("buildings", "arm", {}, {"armed": False}, {"armed": True}),
        ("buildings", "disarm", {}, {"armed": True}, {"armed": False}),
        ("cameras", "preset", {"preset": 3}, {"preset": 2}, {"preset": 3}),
    ],
)
def test_effect_is_seen_only_once_the_equipment_reports_it(
    layer: str, action: str, arguments: dict[str, Any], before: dict[str, Any], after: dict[str, Any]
) -> None:
    assert not done(layer, action, before, **arguments)
    assert done(layer, action, after, **arguments)


@EVERY_ACTION
def test_silence_is_never_taken_for_the_effect(layer: LayerDefinition, action: Action) -> None:
    assert not action.effect({}, Live(time=0.0))


@pytest.mark.parametrize("action", ["lower", "raise"])
def test_bollard_stays_put_under_a_vehicle_and_while_it_moves(action: str) -> None:
    assert "vehicle" in refusal("bollards", action, {"position": "up", "occupied": True})
    assert "moving" in refusal("bollards", action, {"position": "moving", "occupied": False})
    assert refusal("bollards", action, {"position": "up", "occupied": False}) == ""
    assert action_of("bollards", action).needs_fresh


@pytest.mark.parametrize("values", [None, {"position": "down"}, {"position": "down", "occupied": "no"}])
def test_bollard_does_not_rise_unless_the_loop_says_it_is_free(values: dict[str, Any] | None) -> None:
    assert refusal("bollards", "raise", values) != ""


@pytest.mark.parametrize("action", ["force-plan", "flashing", "automatic"])
def test_junction_that_cannot_obey_is_not_asked(action: str) -> None:
    assert "local control" in refusal("junctions", action, {"mode": "local"})
    assert "dark" in refusal("junctions", action, {"mode": "off"})
    assert "controller" in refusal("junctions", action, {"mode": "flashing"}, "controller-fault")
    assert refusal("junctions", action, {"mode": "flashing"}, "lamp-fault") == ""


@pytest.mark.parametrize("action", ["force-on", "force-off", "auto"])
def test_cabinet_under_local_control_takes_no_command(action: str) -> None:
    assert "local control" in refusal("lighting-cabinets", action, {"mode": "local"})
    assert refusal("lighting-cabinets", action, {"mode": "auto"}) == ""


def test_only_a_camera_that_turns_is_given_a_preset() -> None:
    assert refusal("cameras", "preset", {}, kind="ptz") == ""
    assert refusal("cameras", "preset", {}, "no-video", kind="ptz") != ""
    assert refusal("cameras", "preset", {}, kind="fixed") != ""
    assert refusal("cameras", "preset", {}) != ""
    assert "kind" in LAYERS["cameras"].needed_facts


def test_alarm_is_not_set_on_an_open_door() -> None:
    assert "door" in refusal("buildings", "arm", {"doors_open": 1})
    assert refusal("buildings", "arm", {"doors_open": 0}) == ""
    assert refusal("buildings", "disarm", {"doors_open": 1}) == ""


def test_sign_without_link_is_not_written_to() -> None:
    assert "link" in refusal("message-signs", "display", {}, "no-link")
    assert refusal("message-signs", "clear", {}, "pixel-failure") == ""


@pytest.mark.parametrize(
    ("layer", "action", "targets", "risk"),
    [
        ("street-lights", "dim", 1, Risk.CONFIRM),
        ("street-lights", "dim", 50, Risk.CONFIRM),
        ("street-lights", "dim", 51, Risk.SELECT),
        ("street-lights", "on", 4_000, Risk.SELECT),
        ("street-lights", "off", 500, Risk.SELECT),
        ("street-lights", "off", 501, Risk.TWO_PERSONS),
        ("lighting-cabinets", "force-off", 1, Risk.SELECT),
        ("lighting-cabinets", "force-off", 11, Risk.TWO_PERSONS),
        ("junctions", "force-plan", 1, Risk.SELECT),
        ("junctions", "flashing", 1, Risk.TWO_PERSONS),
        ("junctions", "automatic", 1, Risk.SELECT),
        ("buildings", "disarm", 1, Risk.SELECT),
        ("cameras", "preset", 1, Risk.CONFIRM),
    ],
)
def test_risk_grows_with_what_is_at_stake(layer: str, action: str, targets: int, risk: Risk) -> None:
    assert action_of(layer, action).risk_for(targets) is risk


def test_overrides_of_lighting_end_by_themselves() -> None:
    ends = {
        (layer.id, it.id): it.cancelled_by for layer in WITH_ACTIONS for it in layer.actions if it.expires
    }
    lights = {("street-lights", id): "release" for id in ("dim", "on", "off")}
    assert ends == lights | {("lighting-cabinets", id): "auto" for id in ("force-on", "force-off")}


def test_junction_and_alarm_commands_are_those_its_record_declares() -> None:
    declared = {action.id: action.declared_in for action in LAYERS["junctions"].actions}
    assert declared == {"force-plan": "actions", "flashing": "actions", "automatic": "actions"}
    assert [it.declared_in for it in action_of("junctions", "force-plan").arguments] == ["plans"]
    armable = [action.id for action in LAYERS["buildings"].actions if action.declared_in == "armable"]
    assert armable == ["arm", "disarm"]
    assert {"actions", "plans"} <= set(LAYERS["junctions"].needed_facts)


def test_approved_messages_fit_the_narrowest_sign() -> None:
    (template,) = action_of("message-signs", "display").arguments
    texts = [choice.value for choice in template.choices]
    assert len(texts) >= 8
    assert [it for it in texts if len(it) > 15 or it != it.strip().upper()] == []
