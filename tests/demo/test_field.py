"""The simulated equipment, driven by a clock of the test's own."""

from __future__ import annotations

import math
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import msgspec
import numpy as np
import pytest
import shapely

from desktop.demo.city.model import RoadGraph, Route
from desktop.demo.field import Field
from desktop.demo.field_day import local_hour, sun_elevation
from desktop.demo.field_fleet import POSITION_EVERY
from desktop.demo.field_vehicles import FASTEST
from desktop.link.feed import InProcessBroker, InProcessFeed
from desktop.link.wire import Decoder, Message, PositionMessage, SnapshotComplete, StateMessage
from desktop.mercator import ground_scale, to_mercator, to_wgs84
from layers import load_layers
from layers.definition import LayerDefinition
from layers.model import Quality

LAYERS = load_layers()
X, Y = to_mercator(5.02, 47.30)
SIDE, STREETS = 300.0, 9
"""Web Mercator metres between the parallel streets of the test's town, and how many there are each way."""
LAMPS, CABINETS = 400, 8


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


EVENING = at("2026-11-24T18:00:00")
NOON = at("2026-06-21T10:00:00")


def point(x: float, y: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": list(to_wgs84(X + x, Y + y))}


Feature = tuple[str, dict[str, Any], dict[str, Any]]


def equipment() -> dict[str, list[Feature]]:
    """A small town: every simulated layer, lamps under cabinets, a bus line and some crews."""
    spot = [point(SIDE * (i % STREETS), SIDE * (i // STREETS % STREETS)) for i in range(81)]
    bounds = {"threshold_yellow": 1.6, "threshold_orange": 2.1, "threshold_red": 2.7}
    return {
        "junctions": [
            (f"JC-{i:04d}", spot[i], {"name": f"Carrefour {i}", "plans": "1,2,4"}) for i in range(30)
        ],
        "cameras": [(f"C-{i:03d}", spot[i], {}) for i in range(12)],
        "buildings": [
            (f"B-{i:03d}", spot[i], {"name": f"École {i}", "kind": "school", "armable": True})
            for i in range(9)
        ]
        + [("B-012", spot[40], {"name": "Musée des Beaux-Arts", "kind": "museum", "armable": True})],
        "bollards": [(f"BO-{i:02d}", spot[i], {}) for i in range(6)],
        "message-signs": [(f"PMV-{i:02d}", spot[i], {"width_chars": 15, "lines": 1}) for i in range(10)],
        "car-parks": [(f"P-{i:02d}", spot[i], {"capacity": 300}) for i in range(5)],
        "river-gauges": [
            ("G-01", spot[0], {"name": "Ouche à Plombières", **bounds}),
            ("G-02", spot[1], {"name": "Ouche à Dijon", **bounds}),
        ],
        "weather-stations": [(f"W-{i:02d}", spot[i], {"altitude_m": 300}) for i in range(4)],
        "bike-stations": [(f"V-{i:02d}", spot[i], {"capacity": 20}) for i in range(5)],
        "transit-vehicles": [
            (f"BUS-{i:03d}", spot[i], {"line": "L3", "kind": "bus", "name": f"L3 · {i}"}) for i in range(12)
        ],
        "crews": [(f"VOI-{i:02d}", spot[3 * i], {"trade": "roads"}) for i in range(20)],
        "interventions": [
            ("INT-1", spot[50], {"crew": "VOI-01", "status": "on-site"}),
            ("INT-2", spot[60], {"crew": "VOI-02", "status": "en-route"}),
            ("INT-3", spot[70], {"crew": "VOI-03", "status": "done"}),
        ],
        "lighting-cabinets": [(f"A-{210 + i}", spot[i], {"name": f"Armoire {i}"}) for i in range(CABINETS)],
        "street-lights": [
            (
                f"SL-{i:06d}",
                spot[i % 81],
                {"cabinet": f"A-{210 + i % CABINETS}", "power_w": 45, "technology": "led"},
            )
            for i in range(LAMPS)
        ],
    }


class Register:
    """The registry's features, in memory."""

    def __init__(self, features: dict[str, list[Feature]]) -> None:
        self.features = features

    def each(self, name: str) -> Iterator[tuple[str, bytes, bytes]]:
        for id, geometry, properties in self.features.get(name, []):
            yield id, msgspec.json.encode(geometry), msgspec.json.encode(properties)


def network() -> tuple[RoadGraph, tuple[Route, ...]]:
    """A grid of streets, and one line along its diagonal steps."""
    count = STREETS
    nodes = np.array([(X + SIDE * i, Y + SIDE * j) for j in range(count) for i in range(count)])
    edges = [(n, n + 1) for n in range(count * count) if n % count < count - 1]
    edges += [(n, n + count) for n in range(count * (count - 1))]
    start, end = (np.array(ends, dtype=np.int32) for ends in zip(*edges, strict=True))
    points = np.stack((nodes[start], nodes[end]), axis=1).reshape(-1, 2)
    length = np.full(len(edges), SIDE * ground_scale(Y), dtype=np.float32)
    offsets = np.arange(0, 2 * len(edges) + 1, 2, dtype=np.int32)
    graph = RoadGraph(nodes, start, end, length, np.full(len(edges), 4, dtype=np.int8), offsets, points)
    course = np.array([(X, Y), (X + 4 * SIDE, Y), (X + 4 * SIDE, Y + 4 * SIDE), (X + 8 * SIDE, Y + 4 * SIDE)])
    stops = tuple((350.0 * i, f"Arrêt {i}") for i in range(11))
    return graph, (Route("L3", "bus", "Darcy", "Quetigny", course, stops),)


class Town:
    """A field in a small town, with everything it published."""

    def __init__(self, now: float, seed: int = 3, features: dict[str, list[Feature]] | None = None) -> None:
        self.now = now
        self.features = equipment() if features is None else features
        self.raw: list[tuple[str, bytes, bool]] = []
        self.messages: list[Message] = []
        self.states: dict[tuple[str, str], StateMessage] = {}
        self.positions: dict[tuple[str, str], list[PositionMessage]] = {}
        self._decoder = Decoder()
        self.field = Field(self, Register(self.features), network, seed=seed, clock=lambda: self.now)
        self.field.step(now)

    def publish(self, topic: str, payload: bytes, retain: bool = False) -> None:
        self.raw.append((topic, payload, retain))
        message = self._decoder.decode(topic, payload, self.now)
        assert message is not None, (topic, payload)
        self.messages.append(message)
        if isinstance(message, StateMessage):
            assert retain
            self.states[message.layer, message.id] = message
        elif isinstance(message, PositionMessage):
            assert not retain
            self.positions.setdefault((message.layer, message.id), []).append(message)

    def run(self, seconds: float, every: float = 1.0) -> None:
        end = self.now + seconds
        while self.now < end:
            self.now += every
            self.field.step(self.now)

    def values(self, layer: str) -> dict[str, dict[str, Any]]:
        return {id: it.live.values for (name, id), it in self.states.items() if name == layer}

    def state(self, layer: str, id: str) -> str:
        definition: LayerDefinition = LAYERS[layer]
        facts = next(facts for name, _, facts in self.features[layer] if name == id)
        return definition.states[definition.state_of(facts, self.states[layer, id].live)].id

    def count(self, layer: str) -> Counter[str]:
        return Counter(self.state(name, id) for name, id in self.states if name == layer)

    def silent(self) -> set[tuple[str, str]]:
        return {(name, each.ids[i]) for name, each in self.field.groups.items() for i in each.silent}


@pytest.fixture
def town() -> Town:
    return Town(EVENING)


def test_everything_reports_at_once_and_only_declared_values(town: Town) -> None:
    for layer, features in town.features.items():
        if layer == "interventions":
            continue
        assert {id for name, id in town.states if name == layer} == {id for id, _, _ in features}
        definition = LAYERS[layer]
        choices = {
            field.name: {choice.value for choice in field.choices}
            for field in definition.live
            if field.choices
        }
        faults = {choice.value for choice in definition.faults}
        for (name, _), message in town.states.items():
            if name == layer:
                assert message.live.values.keys() <= {field.name for field in definition.live}
                assert set(message.live.faults) <= faults
                for field, allowed in choices.items():
                    assert message.live.values[field] in allowed


def test_the_opening_scene_is_the_planned_one(town: Town) -> None:
    assert town.state("lighting-cabinets", "A-214") == "tripped"
    assert town.state("buildings", "B-012") == "intrusion"
    assert town.state("river-gauges", "G-01") == "orange"
    assert town.states["river-gauges", "G-01"].live.values["trend"] == "rising"
    assert town.count("junctions") == {"red-lamp-fault": 1, "automatic": 29}
    assert town.state("river-gauges", "G-02") == "normal"


def test_lamps_of_a_tripped_cabinet_report_no_supply(town: Town) -> None:
    for id, _, facts in town.features["street-lights"]:
        expected = facts["cabinet"] == "A-214"
        assert ("no-supply" in town.states["street-lights", id].live.faults) is expected
    assert town.values("lighting-cabinets")["A-214"] == {
        "powered": False,
        "mode": "auto",
        "current_a": 0.0,
        "door_open": False,
    }


def test_lamps_come_back_with_their_cabinet(town: Town) -> None:
    town.run(3 * 3600, every=20)
    recovered = [
        m for m in town.messages if isinstance(m, StateMessage) and m.id == "A-214" and not m.live.faults
    ]
    assert recovered
    first = town.messages.index(recovered[0])
    after = [
        m
        for m in town.messages[first : first + 100]
        if isinstance(m, StateMessage)
        and m.layer == "street-lights"
        and m.live.time == recovered[0].live.time
    ]
    assert len(after) >= LAMPS // CABINETS - 4
    assert all("no-supply" not in message.live.faults for message in after)


def test_lights_are_on_at_night_and_off_by_day() -> None:
    night, day = Town(EVENING), Town(NOON)
    lit = Counter(values["on"] for values in night.values("street-lights").values())
    dark = LAMPS // CABINETS + 4
    assert lit[True] >= LAMPS - dark
    assert not any(values["on"] for values in day.values("street-lights").values())
    assert all(
        values["current_a"] > 0 for id, values in night.values("lighting-cabinets").items() if id != "A-214"
    )
    assert all(values["current_a"] == 0 for values in day.values("lighting-cabinets").values())


def test_lights_follow_dusk_cabinet_by_cabinet() -> None:
    town = Town(at("2026-11-24T15:45:00"))
    shares = []
    for _ in range(60):
        town.run(60, every=5)
        values = town.values("lighting-cabinets").values()
        shares.append(sum(each["powered"] for each in values))
        for id, _, facts in town.features["street-lights"][:80]:
            lamp = town.states["street-lights", id].live
            cabinet = town.states["lighting-cabinets", facts["cabinet"]].live
            if not lamp.faults and ("street-lights", id) not in town.silent():
                assert lamp.values["on"] == cabinet.values["powered"]
    assert shares[0] == 0
    assert shares[-1] >= CABINETS - 2
    assert len(set(shares)) >= 4


def test_lights_are_dimmed_late_at_night() -> None:
    town = Town(at("2026-11-25T01:00:00"))
    levels = Counter(values["level"] for values in town.values("street-lights").values())
    assert levels.keys() == {0, 60}


@pytest.mark.parametrize(
    ("moment", "degrees"),
    [
        # Computed with the NOAA solar calculator's equations (Meeus), without refraction.
        ("2026-06-21T11:41:30", 66.1),
        ("2026-12-21T11:38:00", 19.2),
    ],
)
def test_the_sun_is_as_high_as_astronomers_say(moment: str, degrees: float) -> None:
    # At culmination the height is 90° - latitude + declination.
    assert sun_elevation(at(moment)) == pytest.approx(degrees, abs=0.15)


def test_civil_twilight_ends_when_it_should() -> None:
    # Dijon, 24 November: sunset about 16:57 local time, civil dusk about half an hour later.
    assert sun_elevation(at("2026-11-24T15:45:00")) > -1
    assert -7 < sun_elevation(at("2026-11-24T16:29:00")) < -5


def test_local_time_follows_summer_time() -> None:
    assert local_hour(at("2026-01-15T12:00:00")) == 13
    assert local_hour(at("2026-07-15T12:00:00")) == 14
    assert local_hour(at("2026-03-29T00:59:00")) == pytest.approx(1 + 59 / 60)
    assert local_hour(at("2026-03-29T01:00:00")) == 3
    assert local_hour(at("2026-10-25T00:59:00")) == pytest.approx(2 + 59 / 60)
    assert local_hour(at("2026-10-25T01:00:00")) == 2


def test_the_same_seed_and_clock_give_the_same_city() -> None:
    first, second, other = Town(EVENING), Town(EVENING), Town(EVENING, seed=4)
    for town in (first, second, other):
        town.run(300, every=2)
    assert first.raw == second.raw
    assert first.raw != other.raw


def test_vehicles_stay_on_their_roads_and_never_outrun_themselves() -> None:
    town = Town(NOON)
    graph, routes = network()
    town.run(1800, every=0.5)
    streets = shapely.MultiLineString([graph.line(i) for i in range(len(graph.start))])
    lines = {"crews": streets, "transit-vehicles": shapely.LineString(routes[0].points)}
    scale = ground_scale(Y)
    for (layer, _), seen in town.positions.items():
        places = [to_mercator(m.position.longitude, m.position.latitude) for m in seen]
        assert max(lines[layer].distance(shapely.Point(place)) for place in places) < 0.5
        for before, after, a, b in zip(seen, seen[1:], places, places[1:], strict=False):
            moved = scale * math.dist(a, b)
            assert moved <= FASTEST * (after.position.time - before.position.time) + 0.5


def test_buses_run_their_line_and_stand_at_stops() -> None:
    town = Town(NOON)
    town.run(2400, every=0.5)
    called = set()
    for (layer, _), seen in town.positions.items():
        if layer == "transit-vehicles":
            speeds = [m.position.speed for m in seen]
            assert 0 in speeds and max(speed or 0 for speed in speeds) > 4
            xs = [m.position.longitude for m in seen]
            assert max(xs) - min(xs) > 0.012
    for message in town.messages:
        if isinstance(message, StateMessage) and message.layer == "transit-vehicles":
            called.add(message.live.values["next_stop"])
    assert len(called) >= 10


def test_a_moving_vehicle_points_where_it_goes() -> None:
    town = Town(NOON)
    town.run(600, every=0.5)
    seen = town.positions["transit-vehicles", "BUS-003"]
    checked = 0
    for before, after in pairwise(seen):
        (ax, ay), (bx, by) = (to_mercator(m.position.longitude, m.position.latitude) for m in (before, after))
        straight = abs(bx - ax) < 0.01 or abs(by - ay) < 0.01
        if (
            math.dist((ax, ay), (bx, by)) > 5
            and straight
            and before.position.heading == after.position.heading
        ):
            course = math.degrees(math.atan2(bx - ax, by - ay)) % 360
            assert after.position.heading == pytest.approx(course, abs=1)
            checked += 1
    assert checked > 5


def test_crews_do_the_registrys_work_and_patrol() -> None:
    town = Town(NOON)
    statuses = town.values("crews")
    assert statuses["VOI-01"]["status"] == "on-site"
    assert statuses["VOI-02"]["status"] == "en-route"
    town.run(1800, every=1)
    assert {"available", "on-site"} <= {values["status"] for values in town.values("crews").values()}
    work = to_mercator(*town.features["interventions"][1][1]["coordinates"])
    places = [
        to_mercator(m.position.longitude, m.position.latitude) for m in town.positions["crews", "VOI-02"]
    ]
    assert min(math.dist(place, work) for place in places) < 1


def test_positions_come_every_few_seconds_spread_in_time(town: Town) -> None:
    town.run(120, every=0.25)
    for seen in town.positions.values():
        gaps = np.diff([m.position.time for m in seen])
        assert len(seen) >= 11
        assert gaps.min() >= POSITION_EVERY[0] - 0.5
        assert gaps.max() <= POSITION_EVERY[1] + 0.5
    per_second = Counter(int(m.position.time) for seen in town.positions.values() for m in seen)
    assert max(per_second.values()) <= 3 * len(town.positions) / POSITION_EVERY[0]


def test_nothing_grows_stale_but_what_fell_silent(town: Town) -> None:
    oldest: dict[str, float] = {}
    silent = town.silent()
    for _ in range(60):
        town.run(70, every=1)
        for (layer, id), message in town.states.items():
            if (layer, id) not in silent:
                oldest[layer] = max(oldest.get(layer, 0), town.now - message.live.time)
    for layer, age in oldest.items():
        stale_after = LAYERS[layer].stale_after
        assert stale_after is not None
        assert age <= stale_after * 0.6, layer


def test_a_few_objects_are_silent_from_the_start(town: Town) -> None:
    silent = town.silent()
    assert Counter(layer for layer, _ in silent) == {"street-lights": 4, "cameras": 2, "weather-stations": 1}
    town.run(300)
    for key in silent:
        stale_after = LAYERS[key[0]].stale_after
        assert stale_after is not None
        assert EVENING - town.states[key].live.time > stale_after


def test_heartbeats_of_lamps_are_spread_evenly(town: Town) -> None:
    before = len(town.messages)
    per_minute = []
    for _ in range(20):
        town.run(60)
        new = town.messages[before:]
        before = len(town.messages)
        per_minute.append(sum(isinstance(m, StateMessage) and m.layer == "street-lights" for m in new))
    mean = LAMPS / 20
    assert all(mean * 0.5 <= count <= mean + LAMPS / CABINETS * 2 for count in per_minute)


def test_sequence_numbers_rise_for_each_object(town: Town) -> None:
    town.run(600, every=5)
    last: dict[tuple[str, str, str], int] = {}
    boots = set()
    for message in town.messages:
        item = message.live if isinstance(message, StateMessage) else None
        if isinstance(message, PositionMessage):
            key, sequence, boot = (
                ("position", message.layer, message.id),
                message.position.sequence,
                message.position.boot,
            )
        elif isinstance(message, StateMessage) and item is not None:
            key, sequence, boot = ("state", message.layer, message.id), item.sequence, item.boot
        assert sequence > last.get(key, 0)
        last[key] = sequence
        boots.add(boot)
    assert len(boots) == 1


def test_faults_come_and_go_by_chance(town: Town) -> None:
    town.run(4 * 3600, every=10)
    came: Counter[str] = Counter()
    went: Counter[str] = Counter()
    known: dict[tuple[str, str], tuple[str, ...]] = {}
    for message in town.messages:
        if isinstance(message, StateMessage):
            before = known.get((message.layer, message.id), ())
            came.update(fault for fault in message.live.faults if fault not in before)
            went.update(fault for fault in before if fault not in message.live.faults)
            known[message.layer, message.id] = message.live.faults
    assert len(came) >= 8
    assert came["lamp-failure"] > 50
    assert went["lamp-failure"] > 30
    assert sum(bool(faults) for faults in known.values()) < len(known) / 2


def test_a_broken_down_bus_stands_still() -> None:
    town = Town(NOON)
    town.run(30, every=0.5)
    town.field.groups["transit-vehicles"].fail(0, "breakdown", town.now)
    town.positions.clear()
    town.run(120, every=0.5)
    seen = town.positions["transit-vehicles", "BUS-000"]
    assert len({(m.position.longitude, m.position.latitude) for m in seen}) == 1
    assert town.state("transit-vehicles", "BUS-000") == "breakdown"
    town.field.groups["transit-vehicles"].repair(0, "breakdown", town.now)
    town.run(700, every=0.5)
    seen = town.positions["transit-vehicles", "BUS-000"]
    assert len({(m.position.longitude, m.position.latitude) for m in seen}) > 5


def test_the_flood_rises_to_a_crest_and_subsides(town: Town) -> None:
    levels = []
    for _ in range(36):
        levels.append(float(town.values("river-gauges")["G-01"]["level_m"]))
        town.run(1200, every=60)
    crest = levels.index(max(levels))
    assert 0 < crest < 10
    assert 2.1 <= levels[0] < max(levels) < 2.7
    assert levels[-1] < 1.6


def test_signs_show_what_fits_them(town: Town) -> None:
    town.run(3600, every=20)
    texts = set()
    for message in town.messages:
        if isinstance(message, StateMessage) and message.layer == "message-signs":
            texts.add(message.live.values["text"])
            assert message.live.values["lit"] is (message.live.values["text"] != "")
    assert len(texts) > 5
    assert "" in texts
    assert all(len(text) <= 15 for text in texts)


def test_a_town_without_most_layers_still_lives() -> None:
    features = {"cameras": equipment()["cameras"], "crews": equipment()["crews"]}
    town = Town(NOON, features=features)
    town.run(600, every=5)
    assert {layer for layer, _ in town.states} == {"cameras", "crews"}


def test_a_budget_splits_the_work_and_loses_nothing() -> None:
    seen: list[str] = []

    class Collector:
        def publish(self, topic: str, payload: bytes, retain: bool = False) -> None:
            seen.append(topic)

    field = Field(Collector(), Register(equipment()), network, seed=3)
    assert field.step(EVENING, 0.0)
    first = len(seen)
    assert first < LAMPS
    steps = 1
    while field.step(EVENING, 0.0):
        steps += 1
    assert steps > 5
    assert len(set(seen)) == sum(len(group.ids) for group in field.groups.values())


def test_after_the_machine_slept_everything_reports_once(town: Town) -> None:
    before = len(town.messages)
    town.now += 3 * 86_400
    town.field.step(town.now)
    reports = Counter(
        (m.layer, m.id)
        for m in town.messages[before:]
        if isinstance(m, StateMessage) and m.layer == "cameras"
    )
    assert len(reports) == 10
    assert max(reports.values()) <= 30
    positions = Counter((m.layer, m.id) for m in town.messages[before:] if isinstance(m, PositionMessage))
    assert max(positions.values()) <= 3


def test_a_clock_set_back_does_no_harm(town: Town) -> None:
    town.run(60)
    town.now -= 30
    town.field.step(town.now)
    town.run(120)
    assert town.states["junctions", "JC-0001"].live.quality == Quality.GOOD
    assert town.now - town.states["junctions", "JC-0001"].live.time < 30


def test_it_publishes_to_a_console_from_its_own_thread() -> None:
    broker = InProcessBroker()
    field = Field(broker, Register(equipment()), network, seed=3)
    feed = InProcessFeed(broker)
    seen: set[tuple[str, str]] = set()
    complete, all_there = threading.Event(), threading.Event()
    wanted = sum(len(features) for name, features in equipment().items() if name != "interventions")

    def deliver(message: Message) -> None:
        if isinstance(message, SnapshotComplete):
            complete.set()
        if isinstance(message, StateMessage):
            seen.add((message.layer, message.id))
            if len(seen) == wanted:
                all_there.set()

    feed.start(deliver, [name for name, layer in LAYERS.items() if layer.is_live])
    field.start()
    assert complete.wait(20)
    assert all_there.wait(20)
    field.stop()
    feed.stop()
    assert not any(thread.name in ("field", "feed") for thread in threading.enumerate())
