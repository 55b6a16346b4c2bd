"""Questions about features: conditions, relations, neighbours, communes, bounds."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import Any

import pytest
import shapely
import sqlite_utils

from desktop.store import features
from desktop.store.database import Database
from tests.store.content import row


@pytest.fixture
def city(cache: Database) -> Database:
    """Two communes side by side, 200 lamps on a line through both, cabinets, a zone and a route."""
    rows = [
        row(
            "communes", "21231", 500, 500, label="Dijon", commune="21231", shape=shapely.box(0, 0, 1000, 1000)
        ),
        row(
            "communes",
            "21166",
            1500,
            500,
            label="Chenôve",
            commune="21166",
            shape=shapely.box(1000, 0, 2000, 1000),
        ),
        row("flood-zones", "FZ-1", 600, 600, hazard="high", shape=shapely.box(550, 550, 650, 650)),
        row("snow-routes", "SR-1", 500, 800, priority=1, shape=shapely.LineString([(0, 800), (1000, 800)])),
    ]
    rows += [
        row(
            "street-lights", f"SL-{n:03d}", 10.0 * n + 5, 100.0, commune="21231" if n < 100 else "21166",
            power_w=(45, 70, "70", None)[n % 4], technology="led" if n % 5 else "sodium",
            cabinet=f"A-{n // 50}", street="Rue de l'Hôpital" if n % 2 else "Avenue Jean-Jaurès",
            dimmable=n % 3 == 0,
        )
        for n in range(200)
    ]  # fmt: skip
    cache.submit(lambda db: features.upsert(db, rows)).result()
    return cache


def matched(city: Database, *conditions: tuple[str, str, Any], layer: str = "street-lights") -> list[str]:
    def ask(db: sqlite_utils.Database) -> list[str]:
        return [it.id for it in features.by_rowid(db, features.matching(db, layer, conditions))]

    return city.submit(ask).result()


def lamps(test: Callable[[int], bool]) -> list[str]:
    return [f"SL-{n:03d}" for n in range(200) if test(n)]


def test_no_condition_matches_a_whole_layer(city: Database) -> None:
    assert matched(city) == lamps(lambda n: True)
    assert matched(city, layer="nowhere") == []


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (("commune", "=", "21166"), lambda n: n >= 100),
        (("commune", "!=", "21166"), lambda n: n < 100),
        (("commune", "in", ["21166", "99999"]), lambda n: n >= 100),
        (("technology", "=", "led"), lambda n: n % 5 != 0),
        (("technology", "!=", "led"), lambda n: n % 5 == 0),
        (("technology", "in", ["led", "sodium"]), lambda n: True),
        (("technology", "in", []), lambda n: False),
        (("power_w", ">=", 45), lambda n: n % 4 in (0, 1)),
        (("power_w", "<", 70), lambda n: n % 4 == 0),
        (("power_w", "=", 70), lambda n: n % 4 == 1),
        (("power_w", "=", None), lambda n: n % 4 == 3),
        (("power_w", "in", [45, 70]), lambda n: n % 4 in (0, 1)),
        (("dimmable", "=", True), lambda n: n % 3 == 0),
        (("dimmable", "=", False), lambda n: n % 3 != 0),
        (("street", "contains", "HOPITAL"), lambda n: n % 2 == 1),
        (("street", "contains", "jaurès"), lambda n: n % 2 == 0),
        (("street", "contains", "%"), lambda n: False),
        (("cabinet", ">", "A-2"), lambda n: n >= 150),
        (("absent", "=", "x"), lambda n: False),
        (("absent", "!=", "x"), lambda n: True),
        (("technology' OR '1'='1", "=", "led"), lambda n: False),
        (("technology", "=", "led' OR '1'='1"), lambda n: False),
    ],
    ids=lambda part: "expected" if callable(part) else "".join(map(str, part)),
)
def test_a_condition_matches_what_it_says(
    city: Database, condition: tuple[str, str, Any], expected: Callable[[int], bool]
) -> None:
    assert matched(city, condition) == lamps(expected)


def test_every_condition_must_hold(city: Database) -> None:
    found = matched(city, ("commune", "=", "21231"), ("technology", "=", "sodium"), ("power_w", "=", 45))
    assert found == lamps(lambda n: n < 100 and n % 5 == 0 and n % 4 == 0)


@pytest.mark.parametrize("operator", ["", "LIKE", "= 1 OR 1", "~"])
def test_an_unknown_operator_is_refused(city: Database, operator: str) -> None:
    with pytest.raises(ValueError, match="unknown operator"):
        matched(city, ("technology", operator, "led"))


def test_facts_are_the_fields_asked_for(city: Database) -> None:
    found = city.submit(lambda db: features.facts(db, "street-lights", ("power_w", "absent"))).result()
    assert len(found) == 200
    assert (found["SL-000"], found["SL-003"]) == ({"power_w": 45}, {"power_w": None})


def test_related_features_are_those_that_name_another(city: Database) -> None:
    def of_cabinet(name: str) -> list[str]:
        found = city.submit_urgent(lambda db: features.related(db, "street-lights", "cabinet", name)).result()
        return [it.id for it in found]

    assert of_cabinet("A-1") == lamps(lambda n: 50 <= n < 100)
    moved = [
        row("street-lights", "SL-060", 1, 1, cabinet="A-9"),
        row("street-lights", "SL-900", cabinet="A-1"),
    ]
    city.submit(lambda db: features.upsert(db, moved)).result()
    city.submit(lambda db: features.remove(db, "street-lights", ["SL-061"])).result()
    assert of_cabinet("A-1") == [*lamps(lambda n: 50 <= n < 100 and n not in (60, 61)), "SL-900"]
    assert of_cabinet("A-9") == ["SL-060"]
    assert of_cabinet("nothing") == []
    assert city.submit(lambda db: features.related(db, "nowhere", "cabinet", "A-1")).result() == []
    with pytest.raises(ValueError, match="reference field"):
        city.submit(lambda db: features.related(db, "street-lights", "a') --", "A-1")).result()


def test_the_nearest_come_first_and_none_beyond_the_radius(city: Database) -> None:
    found = city.submit(lambda db: features.near(db, 507, 100, 30, 100, ["street-lights"])).result()
    expected = sorted(range(200), key=lambda n: abs(10 * n + 5 - 507))
    assert [it.id for it in found] == [f"SL-{n:03d}" for n in expected if abs(10 * n + 5 - 507) <= 30]
    few = city.submit(lambda db: features.near(db, 507, 100, 30, 2, ["street-lights"])).result()
    assert [it.id for it in few] == [it.id for it in found[:2]]


def test_near_a_shape_is_near_its_edge(city: Database) -> None:
    def around(x: float, y: float, radius: float) -> list[str]:
        layers = ["flood-zones", "snow-routes"]
        return [it.id for it in city.submit(lambda db: features.near(db, x, y, radius, 9, layers)).result()]

    assert around(600, 600, 1) == ["FZ-1"]  # inside
    assert around(600, 700, 49) == []
    assert around(600, 700, 51) == ["FZ-1"]
    assert around(10, 805, 10) == ["SR-1"]  # far from its middle, close to its line
    assert around(600, 740, 200) == ["SR-1", "FZ-1"]


def test_near_finds_the_same_as_looking_at_everything(cache: Database) -> None:
    chance = random.Random(4)
    places = {f"C-{n}": (chance.uniform(-3000, 3000), chance.uniform(-3000, 3000)) for n in range(800)}
    rows = [row("cameras", name, *place) for name, place in places.items()]
    cache.submit(lambda db: features.upsert(db, rows)).result()
    for _ in range(20):
        x, y, radius = chance.uniform(-3000, 3000), chance.uniform(-3000, 3000), chance.uniform(1, 1500)
        found = cache.submit(lambda db, at=(x, y, radius): features.near(db, *at, 1000)).result()
        away = {name: math.dist(place, (x, y)) for name, place in places.items()}
        assert [it.id for it in found] == sorted((n for n in away if away[n] <= radius), key=away.__getitem__)


def test_features_without_a_commune_get_the_one_they_stand_in(city: Database) -> None:
    rows = [
        row("cameras", "C-1", 10, 10), row("cameras", "C-2", 1990, 990), row("cameras", "C-3", 5000, 10),
        row("cameras", "C-4", 20, 20, commune="99999"),
    ]  # fmt: skip
    city.submit(lambda db: features.upsert(db, rows)).result()
    assert city.submit(features.assign_communes).result() == 4  # two cameras, the zone and the route
    found = city.submit(lambda db: features.read_many(db, "cameras", ["C-1", "C-2", "C-3", "C-4"])).result()
    assert [it.commune for it in found] == ["21231", "21166", "", "99999"]
    assert city.submit(features.assign_communes).result() == 0
    changed = [row("cameras", "C-1", 1500, 10)]
    city.submit(lambda db: features.upsert(db, changed)).result()
    city.submit(features.assign_communes).result()
    assert city.submit(lambda db: features.read(db, "cameras", "C-1")).result().commune == "21166"


def test_without_communes_nothing_is_assigned(cache: Database) -> None:
    cache.submit(lambda db: features.upsert(db, [row("cameras", "C-1", 10, 10)])).result()
    assert cache.submit(features.assign_communes).result() == 0


def test_bounds_are_those_of_points_and_of_whole_shapes(city: Database) -> None:
    def bounds(layer: str, commune: str | None = None) -> object:
        return city.submit(lambda db: features.bounds_of(db, layer, commune)).result()

    assert bounds("street-lights") == (5, 100, 1995, 100)
    assert bounds("street-lights", "21166") == (1005, 100, 1995, 100)
    assert bounds("communes", "21166") == (1000, 0, 2000, 1000)
    assert bounds("street-lights", "99999") is None
    assert bounds("nowhere") is None
