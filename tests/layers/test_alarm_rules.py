"""When the layers raise an alarm, how urgent it is, and what explains it."""

from __future__ import annotations

from typing import Any

import pytest

from layers import load_layers
from layers.definition import AlarmRule, LayerDefinition, Severity
from layers.model import Live

LAYERS = load_layers()
LIVE_LAYERS = [layer for layer in LAYERS.values() if layer.is_live]
EVERY_LIVE_LAYER = pytest.mark.parametrize("layer", LIVE_LAYERS, ids=lambda layer: layer.id)
EVERY_FAULT = pytest.mark.parametrize(
    ("layer", "fault"),
    [
        pytest.param(layer, fault.value, id=f"{layer.id}-{fault.value}")
        for layer in LIVE_LAYERS
        for fault in layer.faults
    ],
)
GAUGE = {"threshold_yellow": 1.2, "threshold_orange": 1.8, "threshold_red": 2.5}
NO_ALARM = {("car-parks", "full"), ("car-parks", "closed"), ("bike-stations", "closed")} | {
    ("transit-vehicles", "late")
}
"""Everyday states that ask nothing of the operator."""


def raised(layer: LayerDefinition, values: dict[str, Any], *faults: str, **facts: object) -> list[str]:
    """Ids of the rules whose condition holds, delays aside."""
    live = Live(time=0.0, values=values, faults=faults)
    state = layer.states[layer.state_of(facts, live)].id
    return [rule.id for rule in layer.alarms if rule.fault in faults or (rule.state and rule.state == state)]


def rule_of(layer: str, id: str) -> AlarmRule:
    return next(rule for rule in LAYERS[layer].alarms if rule.id == id)


@EVERY_FAULT
def test_fault_alone_is_one_alarm_of_its_name(layer: LayerDefinition, fault: str) -> None:
    assert raised(layer, {}, fault) == [fault]


@EVERY_FAULT
def test_alarm_is_as_urgent_as_the_symbol_says(layer: LayerDefinition, fault: str) -> None:
    shown = layer.states[layer.state_of({}, Live(time=0.0, faults=(fault,)))]
    assert rule_of(layer.id, fault).severity is shown.severity


@EVERY_LIVE_LAYER
def test_state_alarms_are_as_urgent_as_the_state(layer: LayerDefinition) -> None:
    severities = {state.id: state.severity for state in layer.states}
    by_state = [rule for rule in layer.alarms if rule.state]
    assert [rule.id for rule in by_state if rule.severity is not severities[rule.state]] == []


@EVERY_LIVE_LAYER
def test_every_abnormal_state_is_told_by_an_alarm(layer: LayerDefinition) -> None:
    told = {rule.state for rule in layer.alarms}
    told |= {layer.states[layer.state_of({}, Live(time=0.0, faults=(it.value,)))].id for it in layer.faults}
    silent = {
        (layer.id, state.id)
        for state in layer.states
        if state.severity is not Severity.NORMAL and not state.badge and state.id not in told
    }
    assert silent <= NO_ALARM


@pytest.mark.parametrize(
    ("layer", "values"),
    [
        ("street-lights", {"on": True, "level": 40, "override": True}),
        ("street-lights", {"on": False, "level": 0}),
        ("lighting-cabinets", {"mode": "forced-off"}),
        ("lighting-cabinets", {"mode": "local"}),
        ("junctions", {"mode": "forced", "plan": 4}),
        ("junctions", {"mode": "local"}),
        ("bollards", {"position": "down", "occupied": True}),
        ("buildings", {"armed": False, "doors_open": 3}),
        ("car-parks", {"free": 0, "open": True}),
        ("transit-vehicles", {"delay_s": 900}),
        ("crews", {"status": "on-site"}),
    ],
)
def test_normal_modes_are_no_alarms(layer: str, values: dict[str, Any]) -> None:
    assert raised(LAYERS[layer], values) == []


@pytest.mark.parametrize(
    ("layer", "values", "faults", "expected"),
    [
        ("junctions", {"mode": "off"}, (), ["dark"]),
        ("junctions", {"mode": "flashing"}, (), ["flashing"]),
        ("junctions", {"mode": "flashing"}, ("controller-fault",), ["controller-fault"]),
        ("junctions", {"mode": "flashing"}, ("lamp-fault-red",), ["lamp-fault-red"]),
        ("lighting-cabinets", {"door_open": True}, ("door-open",), ["door-open"]),
        ("cameras", {"recording": False}, (), ["not-recording"]),
        ("cameras", {"recording": False}, ("no-video",), ["no-video"]),
        ("buildings", {"armed": True, "doors_open": 1}, (), ["open-door"]),
        ("buildings", {"armed": True, "doors_open": 1}, ("intrusion",), ["intrusion"]),
        ("weather-stations", {"gust_kmh": 110}, (), ["gale"]),
        ("weather-stations", {"ground_c": -1, "humidity": 95}, (), ["ice-risk"]),
    ],
)
def test_one_trouble_is_one_alarm(
    layer: str, values: dict[str, Any], faults: tuple[str, ...], expected: list[str]
) -> None:
    assert raised(LAYERS[layer], values, *faults) == expected


@pytest.mark.parametrize(
    ("level", "expected"), [(1.19, []), (1.2, ["yellow"]), (1.8, ["orange"]), (2.5, ["red"])]
)
def test_river_is_in_one_alarm_that_of_its_highest_threshold(level: float, expected: list[str]) -> None:
    assert raised(LAYERS["river-gauges"], {"level_m": level}, **GAUGE) == expected


@pytest.mark.parametrize(
    ("layer", "rule", "priority"),
    [
        ("junctions", "dark", 1),
        ("junctions", "lamp-fault-red", 2),
        ("junctions", "lamp-fault", 3),
        ("junctions", "detector-fault", 4),
        ("buildings", "intrusion", 1),
        ("buildings", "power-loss", 2),
        ("crews", "emergency", 1),
        ("bollards", "blocked", 2),
        ("river-gauges", "orange", 2),
        ("street-lights", "lamp-failure", 3),
    ],
)
def test_priority_is_the_one_agreed_with_the_room(layer: str, rule: str, priority: int) -> None:
    assert rule_of(layer, rule).severity.priority == priority


def test_light_without_supply_is_explained_by_its_cabinet() -> None:
    rule = rule_of("street-lights", "no-supply")
    assert (rule.upstream, set(rule.upstream_alarms)) == ("cabinet", {"tripped", "supply-loss"})
    assert "cabinet" in LAYERS["street-lights"].needed_facts
    assert rule_of("street-lights", "lamp-failure").upstream == ""


def test_what_endangers_people_and_lamp_faults_are_told_at_once() -> None:
    urgent = [rule for layer in LIVE_LAYERS for rule in layer.alarms if rule.severity is Severity.HIGH]
    lamps = [rule_of("street-lights", id) for id in ("lamp-failure", "driver-failure", "no-supply")]
    assert len(urgent) >= 6
    assert [rule.id for rule in (*urgent, *lamps) if rule.on_delay > 0] == []


@pytest.mark.parametrize(
    ("layer", "rule"),
    [
        ("lighting-cabinets", "door-open"),
        ("lighting-cabinets", "comm-failure"),
        ("message-signs", "no-link"),
        ("junctions", "detector-fault"),
        ("river-gauges", "sensor"),
    ],
)
def test_what_often_passes_by_itself_waits(layer: str, rule: str) -> None:
    assert rule_of(layer, rule).on_delay >= 5.0


@pytest.mark.parametrize("rule", ["yellow", "orange", "red"])
def test_level_that_ripples_at_a_threshold_does_not_come_and_go(rule: str) -> None:
    assert rule_of("river-gauges", rule).off_delay == 60.0
