"""Whatever is edited between syncs, and however the registry tells it, the cache ends as the registry is."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from desktop.demo.registry import RegistryApp, RegistryStore, load_city
from desktop.demo.registry_store import Content, DuplicateFeature, MissingFeature
from tests.work.registry_app import MemoryRegistry, feature, point
from tests.work.syncing import Bench

NAMES = st.sampled_from([f"C-{number}" for number in range(8)])
WORDS = st.sampled_from(["roads", "waste", "police"])
PLACES = st.floats(5.0, 5.1)


class Editing(RuleBasedStateMachine):
    """Edits a registry of crews and syncs it; subclasses say what the registry can do."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.crews: dict[str, dict[str, Any]] = {}
        self.in_step = True

    @initialize()
    def begin(self) -> None:
        """Open the registry and a cache beside it."""
        self.bench = Bench(Path(self.folder.name), self.open(), page_size=3)

    @rule(name=NAMES, trade=WORDS, place=PLACES)
    def put(self, name: str, trade: str, place: float) -> None:
        """Add a crew or replace it."""
        self.crews[name] = feature(name, point(place), trade=trade)
        self.write(name, self.crews[name])
        self.in_step = False

    @rule(name=NAMES)
    def drop(self, name: str) -> None:
        """Delete a crew, if there is one."""
        if self.crews.pop(name, None) is not None:
            self.delete(name)
            self.in_step = False

    @rule(whole=st.booleans())
    def sync(self, whole: bool) -> None:
        """Bring the cache in step."""
        summary = self.bench.sync(whole=whole, agree=True)
        assert summary.complete, summary.errors
        self.in_step = True

    @invariant()
    def cache_is_the_registry(self) -> None:
        """After a sync, each row is the feature as it was last written."""
        if not self.in_step:
            return
        rows = self.bench.rows("crews")
        assert {name: row.properties["trade"] for name, row in rows.items()} == {
            name: crew["properties"]["trade"] for name, crew in self.crews.items()
        }

    def teardown(self) -> None:
        """Close everything."""
        self.bench.close()
        self.close()
        self.folder.cleanup()

    def open(self) -> Any:  # noqa: ANN401
        """The registry's app."""
        raise NotImplementedError

    def write(self, name: str, crew: dict[str, Any]) -> None:
        """Add or replace a crew in the registry."""
        raise NotImplementedError

    def delete(self, name: str) -> None:
        """Delete a crew of the registry."""
        raise NotImplementedError

    def close(self) -> None:
        """Close the registry."""


class PlainEditing(Editing):
    """A registry that can only be read whole."""

    temporal = False

    def open(self) -> MemoryRegistry:
        self.registry = MemoryRegistry("crews", temporal=self.temporal)
        return self.registry

    def write(self, name: str, crew: dict[str, Any]) -> None:
        self.registry.put("crews", crew)

    def delete(self, name: str) -> None:
        self.registry.drop("crews", name)

    @rule(seconds=st.integers(0, 600))
    def wait(self, seconds: int) -> None:
        """Let the registry's clock run."""
        if hasattr(self, "registry"):
            self.registry.now += seconds


class WindowEditing(PlainEditing):
    """A registry that answers to time windows."""

    temporal = True


class NoCrews:
    """A city before its first crew."""

    features: ClassVar[Mapping[str, list[Any]]] = {"crews": []}


class FeedEditing(Editing):
    """A registry that keeps a change feed and soon forgets."""

    def open(self) -> RegistryApp:
        path = Path(self.folder.name) / "registry.db"
        load_city(path, NoCrews())
        self.store = RegistryStore(path, keep_tombstones=2)
        self.crews_there = self.store.collection("crews")
        return RegistryApp(self.store)

    def write(self, name: str, crew: dict[str, Any]) -> None:
        content = Content(crew["geometry"], crew["properties"])
        try:
            self.store.create(self.crews_there, name, content)
        except DuplicateFeature:
            self.store.change(self.crews_there, name, lambda _: content, lambda _: True)

    def delete(self, name: str) -> None:
        try:
            self.store.delete(self.crews_there, name, lambda _: True)
        except MissingFeature as error:
            raise AssertionError("the model and the registry differ") from error

    def close(self) -> None:
        self.store.close()


FEW = settings(max_examples=15, stateful_step_count=25, deadline=None)
TestPlainEditing = PlainEditing.TestCase
TestPlainEditing.settings = FEW
TestWindowEditing = WindowEditing.TestCase
TestWindowEditing.settings = FEW
TestFeedEditing = FeedEditing.TestCase
TestFeedEditing.settings = FEW
