"""Following the demo registry's change feed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

import pytest

from desktop.demo.registry import RegistryApp, RegistryStore, load_city
from desktop.demo.registry_store import Collection, Content
from tests.work.registry_app import point
from tests.work.syncing import Bench


class Crews:
    """A city of crews."""

    features: ClassVar[Mapping[str, list[Any]]] = {
        "crews": [
            (f"C-{number:03d}", point(5 + number / 1000), {"name": f"VOI {number}"}) for number in range(200)
        ]
    }


@pytest.fixture
def store(tmp_path: Path) -> Iterator[RegistryStore]:
    load_city(tmp_path / "registry.db", Crews())
    store = RegistryStore(tmp_path / "registry.db", keep_tombstones=100)
    yield store
    store.close()


@pytest.fixture
def bench(store: RegistryStore, tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path, RegistryApp(store, compress=False))
    yield bench
    bench.close()


def crews_of(store: RegistryStore) -> Collection:
    return store.collection("crews")


def test_changes_bring_only_what_changed(bench: Bench, store: RegistryStore) -> None:
    first = bench.sync()
    store.change(crews_of(store), "C-007", lambda now: Content(now.geometry, {"name": "New"}), lambda _: True)
    store.delete(crews_of(store), "C-008", lambda _: True)
    store.create(crews_of(store), "C-900", Content(point(), {"name": "Added"}))
    summary = bench.sync()
    layer = summary.layers["crews"]
    assert (layer.method, layer.added, layer.changed, layer.removed) == (["changes"], 1, 1, 1)
    assert summary.changed_ids == {"crews": (["C-900", "C-007"], ["C-008"])}
    assert summary.bytes < first.bytes / 5
    row = bench.rows("crews")["C-007"]
    assert row.label == "New"
    assert row.version == str(store.read(crews_of(store), "C-007").version)


def test_a_mass_deletion_told_by_the_feed_is_asked_about_until_agreed_to(
    bench: Bench, store: RegistryStore
) -> None:
    bench.sync()
    for number in range(60):
        store.delete(crews_of(store), f"C-{number:03d}", lambda _: True)
    for _ in range(2):
        assert [(one.count, one.of) for one in bench.sync().held] == [(60, 200)]
        assert len(bench.rows("crews")) == 200
    summary = bench.sync(agree=True)
    assert (summary.layers["crews"].method, summary.layers["crews"].removed) == (["changes"], 60)
    assert bench.sync().layers["crews"].received == 0
    assert len(bench.rows("crews")) == 140


def test_a_feed_that_forgot_is_replaced_by_a_whole_reading(bench: Bench, store: RegistryStore) -> None:
    bench.sync()
    for number in range(101):
        store.delete(crews_of(store), f"C-{number:03d}", lambda _: True)
    store.delete(crews_of(store), "C-150", lambda _: True)
    summary = bench.sync(agree=True)
    assert summary.layers["crews"].method == ["whole"]
    assert len(bench.rows("crews")) == 98
