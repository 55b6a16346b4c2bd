"""A cache in step with its registry, with whatever that registry can do."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.link.registry import RegistryError, Unreachable
from tests.work.registry_app import MemoryRegistry, feature, point
from tests.work.syncing import Bench


@pytest.fixture
def registry() -> MemoryRegistry:
    registry = MemoryRegistry("street-lights", "crews")
    registry.now -= 86400
    for number in range(120):
        registry.put(
            "street-lights", feature(f"SL-{number:03d}", point(5 + number / 1000), street="Rue Monge")
        )
    registry.now += 86400
    return registry


@pytest.fixture
def bench(registry: MemoryRegistry, tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path, registry)
    yield bench
    bench.close()


def test_first_sync_brings_every_feature(bench: Bench) -> None:
    summary = bench.sync()
    lights = summary.layers["street-lights"]
    assert (lights.received, lights.added, summary.complete) == (120, 120, True)
    light = bench.rows("street-lights")["SL-020"]
    assert (light.properties, light.commune) == ({"street": "Rue Monge"}, "")
    assert (light.x, light.y) == pytest.approx((558823.84, 5994463.53), abs=0.1)
    assert summary.changed_ids["street-lights"][0] == [f"SL-{number:03d}" for number in range(120)]


def test_second_sync_touches_nothing_that_did_not_change(bench: Bench) -> None:
    bench.sync()
    summary = bench.sync()
    assert summary.layers["street-lights"].unchanged == 120
    assert summary.changed_ids == {}


@pytest.mark.parametrize("temporal", [False, True])
def test_one_changed_one_added_one_removed(tmp_path: Path, registry: MemoryRegistry, temporal: bool) -> None:
    registry.temporal = temporal
    bench = Bench(tmp_path, registry)
    try:
        bench.sync()
        registry.now += 3600
        registry.put("street-lights", feature("SL-007", point(5.1), street="Rue Vannerie"))
        registry.put("street-lights", feature("SL-new"))
        registry.drop("street-lights", "SL-009")
        first, registry.sent = registry.sent, 0
        summary = bench.sync()
        lights = summary.layers["street-lights"]
        assert (lights.added, lights.changed, lights.removed) == (1, 1, 1)
        assert bench.rows("street-lights").keys() == registry.collections["street-lights"].keys()
        assert bench.rows("street-lights")["SL-007"].properties == {"street": "Rue Vannerie"}
        assert set(summary.changed_ids["street-lights"][0]) == {"SL-007", "SL-new"}
        assert summary.changed_ids["street-lights"][1] == ["SL-009"]
        assert lights.method == (["window"] if temporal else ["whole"])
        if temporal:
            assert registry.sent < first
    finally:
        bench.close()


def test_window_that_hides_something_new_is_not_believed(tmp_path: Path, registry: MemoryRegistry) -> None:
    registry.temporal = True
    bench = Bench(tmp_path, registry)
    try:
        bench.sync()
        registry.now += 3600
        registry.put("street-lights", feature("SL-new"))
        registry.edited["street-lights", "SL-new"] = 0.0
        assert bench.sync().layers["street-lights"].method == ["whole"]
        assert "SL-new" in bench.rows("street-lights")
    finally:
        bench.close()


def test_features_without_geometry_stay_known_to_the_window(tmp_path: Path) -> None:
    registry = MemoryRegistry("crews", temporal=True)
    registry.put("crews", feature("A"))
    registry.put("crews", {**feature("B"), "geometry": None})
    bench = Bench(tmp_path, registry)
    try:
        assert bench.sync().layers["crews"].set_aside == {"no geometry": 1}
        registry.now += 3600
        assert bench.sync().layers["crews"].method == ["window"]
        assert bench.sync().layers["crews"].method == ["window"]
    finally:
        bench.close()


def test_removing_many_asks_and_keeps_them_when_refused(bench: Bench, registry: MemoryRegistry) -> None:
    bench.sync()
    for number in range(51):
        registry.drop("street-lights", f"SL-{number:03d}")
    summary = bench.sync()
    assert [(one.layer, one.count, one.of) for one in bench.asked] == [("street-lights", 51, 120)]
    assert str(summary.held[0]) == (
        "street-lights: the registry no longer lists 51 of 120 features; "
        "they are kept until you agree to remove them"
    )
    assert len(bench.rows("street-lights")) == 120
    assert not summary.complete
    assert bench.sync(agree=True).layers["street-lights"].removed == 51
    assert len(bench.rows("street-lights")) == 69


def test_removing_fifty_does_not_ask(bench: Bench, registry: MemoryRegistry) -> None:
    bench.sync()
    for number in range(50):
        registry.drop("street-lights", f"SL-{number:03d}")
    assert bench.sync().layers["street-lights"].removed == 50
    assert bench.asked == []


def test_a_layer_found_empty_asks_however_small_it_was(bench: Bench, registry: MemoryRegistry) -> None:
    for number in range(12):
        registry.put("crews", feature(f"C-{number}"))
    bench.sync()
    registry.collections["crews"].clear()
    assert [one.layer for one in bench.sync().held] == ["crews"]
    assert len(bench.rows("crews")) == 12


def test_a_registry_that_is_down_leaves_the_picture(bench: Bench, registry: MemoryRegistry) -> None:
    bench.sync()
    registry.broken = ""
    with pytest.raises(Unreachable) as caught:
        bench.sync()
    assert str(caught.value) == (
        "http://registry.test/: the registry is out of service (503); it will be tried again"
    )
    assert len(bench.rows("street-lights")) == 120


def test_one_failing_collection_spoils_no_other(bench: Bench, registry: MemoryRegistry) -> None:
    registry.put("crews", feature("C-1"))
    bench.sync()
    registry.put("crews", feature("C-2"))
    registry.collections["street-lights"].clear()
    registry.broken = "/collections/street-lights"
    summary = bench.sync()
    assert summary.errors == [
        "http://registry.test/collections/street-lights/items?limit=1000: "
        "the registry answers 500: out of order"
    ]
    assert (len(bench.rows("street-lights")), len(bench.rows("crews"))) == (120, 2)


def test_another_registry_replaces_what_the_first_brought(tmp_path: Path, registry: MemoryRegistry) -> None:
    first = Bench(tmp_path, registry)
    first.sync()
    first.close()
    other = MemoryRegistry("crews")
    other.put("crews", feature("C-1"))
    second = Bench(tmp_path, other, "http://other.test")
    try:
        summary = second.sync()
        assert summary.changed_ids["street-lights"] == "all"
        assert (len(second.rows("street-lights")), len(second.rows("crews"))) == (0, 1)
        assert second.asked == []
    finally:
        second.close()


def test_a_cancelled_run_removes_nothing(bench: Bench, registry: MemoryRegistry) -> None:
    bench.sync()
    registry.drop("street-lights", "SL-000")
    stop = threading.Event()
    stop.set()
    assert bench.sync(cancel=stop).cancelled
    assert len(bench.rows("street-lights")) == 120


def test_progress_says_how_many_of_how_many(registry: MemoryRegistry, tmp_path: Path) -> None:
    bench = Bench(tmp_path, registry, page_size=50)
    try:
        bench.sync()
    finally:
        bench.close()
    told = [
        (one.done, one.total)
        for one in bench.progress
        if (one.layer, one.phase) == ("street-lights", "reading")
    ]
    assert told[-1] == (120, 120)


def test_a_server_without_delta_is_spared_when_asked(bench: Bench, registry: MemoryRegistry) -> None:
    ticks = iter(range(1_800_000_000, 1_900_000_000))
    bench.clock = lambda: float(next(ticks))
    bench.sync()
    registry.asked.clear()
    summary = bench.sync(spacing=1000.0)
    assert [one for one in registry.asked if "items" in one] == []
    assert summary.complete
    assert len(bench.rows("street-lights")) == 120


def test_mapped_collection_that_is_missing_is_said(tmp_path: Path, registry: MemoryRegistry) -> None:
    mapping = tmp_path / "mapping.toml"
    mapping.write_text('[layers.crews]\ncollection = "equipes"\n')
    bench = Bench(tmp_path, registry, mapping=mapping)
    try:
        summary = bench.sync()
    finally:
        bench.close()
    assert summary.errors == [
        "http://registry.test: there is no collection 'equipes' (any more); "
        "what the cache holds of it is kept; correct the mapping or ask its keepers"
    ]
    assert summary.ignored == ["crews", "street-lights"]


def test_no_url_is_said_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(
        RegistryError, match=r"^registry.url: no registry is configured; set it in vigie.toml$"
    ):
        Bench(tmp_path, None, "")
