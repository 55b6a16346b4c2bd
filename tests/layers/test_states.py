"""What each layer's news means to the operator."""

from __future__ import annotations

from typing import Any

import pytest

from layers import load_layers
from layers.definition import Severity
from layers.model import Live

LAYERS = load_layers()
GAUGE = {"threshold_yellow": 1.2, "threshold_orange": 1.8, "threshold_red": 2.5}


def state(layer: str, values: dict[str, Any] | None = None, *faults: str, **facts: object) -> str:
    definition = LAYERS[layer]
    live = Live(time=0.0, values=values or {}, faults=faults)
    return definition.states[definition.state_of(facts, live)].id


@pytest.mark.parametrize(
    ("layer", "values", "faults", "expected"),
    [
        ("street-lights", {"on": True, "level": 100}, (), "on"),
        ("street-lights", {"on": False, "level": 0}, (), "off"),
        ("street-lights", {"on": True, "level": 40}, (), "dimmed"),
        ("street-lights", {"on": True, "level": 40, "override": True}, (), "override"),
        ("street-lights", {"on": True}, ("day-burning",), "day-burning"),
        ("street-lights", {"on": False}, ("driver-failure",), "fault"),
        ("street-lights", {"on": False}, ("lamp-failure", "no-supply"), "no-supply"),
        ("lighting-cabinets", {"mode": "auto", "door_open": False}, (), "in-service"),
        ("lighting-cabinets", {"mode": "forced-off"}, (), "forced"),
        ("lighting-cabinets", {"mode": "local"}, (), "local"),
        ("lighting-cabinets", {"mode": "local", "door_open": True}, (), "door-open"),
        ("lighting-cabinets", {}, ("tripped", "door-open"), "tripped"),
        ("lighting-cabinets", {}, ("tripped", "supply-loss"), "supply-loss"),
        ("lighting-cabinets", {}, ("comm-failure",), "comm-failure"),
        ("junctions", {"mode": "automatic", "plan": 4}, (), "automatic"),
        ("junctions", {"mode": "forced"}, (), "forced"),
        ("junctions", {"mode": "local"}, (), "local"),
        ("junctions", {"mode": "forced"}, ("detector-fault",), "detector-fault"),
        ("junctions", {"mode": "automatic"}, ("lamp-fault", "detector-fault"), "lamp-fault"),
        ("junctions", {"mode": "flashing"}, ("lamp-fault",), "flashing"),
        ("junctions", {"mode": "flashing"}, ("lamp-fault-red",), "red-lamp-fault"),
        ("junctions", {"mode": "automatic"}, ("controller-fault",), "controller-fault"),
        ("junctions", {"mode": "off"}, ("lamp-fault-red",), "dark"),
        ("cameras", {"recording": True}, (), "recording"),
        ("cameras", {"recording": False}, (), "not-recording"),
        ("cameras", {"recording": False}, ("dirty",), "degraded"),
        ("cameras", {}, ("dirty", "no-video"), "no-video"),
        ("cameras", {}, ("no-video", "tamper"), "tamper"),
        ("buildings", {"armed": False, "doors_open": 3}, (), "normal"),
        ("buildings", {"armed": True, "doors_open": 1}, (), "open-door"),
        ("buildings", {"armed": True, "doors_open": 1}, ("technical",), "technical"),
        ("buildings", {}, ("power-loss", "technical"), "power-loss"),
        ("buildings", {}, ("power-loss", "intrusion"), "intrusion"),
        ("buildings", {}, ("fire", "intrusion"), "fire"),
        ("bollards", {"position": "up"}, (), "up"),
        ("bollards", {"position": "down"}, (), "down"),
        ("bollards", {"position": "moving"}, (), "moving"),
        ("bollards", {"position": "down"}, ("motor",), "motor"),
        ("bollards", {"position": "down"}, ("motor", "blocked"), "blocked"),
        ("message-signs", {"text": "  ", "lit": True}, (), "blank"),
        ("message-signs", {"text": "ROCADE FLUIDE", "lit": True}, (), "displaying"),
        ("message-signs", {"text": "ROCADE FLUIDE", "lit": False}, (), "blank"),
        ("message-signs", {"text": "ROCADE FLUIDE"}, ("pixel-failure",), "pixel-failure"),
        ("message-signs", {}, ("no-link", "pixel-failure"), "failed"),
        ("weather-stations", {"ground_c": -1.0, "humidity": 60}, (), "normal"),
        ("weather-stations", {"ground_c": 0.0, "humidity": 90}, (), "ice-risk"),
        ("weather-stations", {"ground_c": -4.0, "humidity": 95, "gust_kmh": 100}, (), "gale"),
        ("weather-stations", {"gust_kmh": 99.9}, ("sensor",), "sensor"),
        ("bike-stations", {"bikes": 4, "docks": 9}, (), "available"),
        ("bike-stations", {"bikes": 0, "docks": 13}, (), "empty"),
        ("bike-stations", {"bikes": 13, "docks": 0}, (), "full"),
        ("bike-stations", {"bikes": 0, "open": False}, (), "closed"),
        ("transit-vehicles", {"delay_s": 299}, (), "on-time"),
        ("transit-vehicles", {"delay_s": 300}, (), "late"),
        ("transit-vehicles", {"delay_s": 900}, ("breakdown",), "breakdown"),
        ("transit-vehicles", {}, ("breakdown", "emergency"), "emergency"),
        ("crews", {"status": "off-duty"}, (), "off-duty"),
        ("crews", {"status": "break"}, (), "off-duty"),
        ("crews", {"status": "available"}, (), "available"),
        ("crews", {"status": "en-route"}, (), "en-route"),
        ("crews", {"status": "on-site"}, (), "on-site"),
        ("crews", {"status": "break"}, ("emergency",), "emergency"),
    ],
)
def test_news_is_read_as_the_operator_would(
    layer: str, values: dict[str, Any], faults: tuple[str, ...], expected: str
) -> None:
    assert state(layer, values, *faults) == expected


@pytest.mark.parametrize(
    ("free", "expected"), [(120, "open"), (40, "open"), (39, "nearly-full"), (0, "full"), (-3, "full")]
)
def test_car_park_fills_against_its_own_capacity(free: int, expected: str) -> None:
    assert state("car-parks", {"free": free, "open": True}, capacity=400) == expected


def test_car_park_of_unknown_capacity_is_full_only_without_places() -> None:
    assert state("car-parks", {"free": 1}) == "open"
    assert state("car-parks", {"free": 0}) == "full"


def test_car_park_closed_or_with_a_stuck_barrier_says_so_first() -> None:
    assert state("car-parks", {"free": 0, "open": False}, capacity=400) == "closed"
    assert state("car-parks", {"free": 0, "open": False}, "barrier", capacity=400) == "barrier"


@pytest.mark.parametrize(
    ("level", "expected"),
    [(1.19, "normal"), (1.2, "yellow"), (1.8, "orange"), (2.14, "orange"), (2.5, "red"), ("2.6", "normal")],
)
def test_river_is_judged_by_the_thresholds_of_its_gauge(level: object, expected: str) -> None:
    assert state("river-gauges", {"level_m": level}, **GAUGE) == expected


def test_failed_sensor_never_hides_a_flood() -> None:
    assert state("river-gauges", {"level_m": 2.6}, "sensor", **GAUGE) == "red"
    assert state("river-gauges", {"level_m": 0.4}, "sensor", **GAUGE) == "sensor"


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"status": "new", "priority": 1}, "p1"),
        ({"status": "assigned", "priority": 2}, "p2"),
        ({"status": "in-progress", "priority": 3}, "p3"),
        ({"status": "new", "priority": 4}, "p4"),
        ({"status": "closed", "priority": 1}, "closed"),
        ({"status": "new"}, "p4"),
        ({"status": "new", "priority": 9}, "p4"),
        ({"priority": 2}, "p2"),
    ],
)
def test_incident_that_is_not_closed_is_shown_by_its_priority(facts: dict[str, Any], expected: str) -> None:
    assert state("incidents", **facts) == expected


def test_incident_states_carry_the_priority_they_name() -> None:
    priorities = {it.id: it.severity.priority for it in LAYERS["incidents"].states}
    assert priorities == {"closed": None, "p4": 4, "p3": 3, "p2": 2, "p1": 1}


@pytest.mark.parametrize("status", ["done", "planned", "en-route", "on-site"])
def test_intervention_follows_its_status(status: str) -> None:
    assert state("interventions", status=status) == status


@pytest.mark.parametrize("layer", ["street-lights", "junctions", "crews", "river-gauges"])
def test_without_news_a_live_layer_is_plain(layer: str) -> None:
    assert LAYERS[layer].state_of({"status": "on-site", **GAUGE}, None) == 0


def test_crews_on_duty_are_told_apart_without_being_abnormal() -> None:
    on_duty = [it for it in LAYERS["crews"].states if it.id in ("available", "en-route", "on-site")]
    assert {(it.severity, it.tone) for it in on_duty} == {(Severity.NORMAL, "info")}


def test_overrides_carry_a_clock_and_local_control_a_hand() -> None:
    badges = {(layer.id, it.id): it.badge for layer in LAYERS.values() for it in layer.states if it.badge}
    assert badges == {
        ("street-lights", "override"): "clock",
        ("lighting-cabinets", "forced"): "clock",
        ("lighting-cabinets", "local"): "hand",
        ("junctions", "forced"): "clock",
        ("junctions", "local"): "hand",
    }
