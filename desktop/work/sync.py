"""Keeps the cache as the registry is: all of it the first time, then what changed, where the server can say.

For each collection the cheapest honest way is taken: its change feed; else a time window on the server's own
clock, checked against a listing of ids; else the whole collection, compared row by row with the cache, so
that what did not change is not touched.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial

import msgspec

from desktop.link.http import RegistryError, Unreachable
from desktop.link.registry import Capabilities, RegistryClient
from desktop.store import features
from desktop.store.database import Database, StoreError
from desktop.store.feature_queries import assign_communes
from desktop.work.mapping import Binding, LayerMapping
from desktop.work.sync_collection import Cancelled, CollectionReader, Position, needed_by
from desktop.work.sync_layer import BATCH, LayerRun
from desktop.work.sync_memory import SyncMemory
from desktop.work.sync_summary import LayerSummary, Method, Phase, Removal, SyncProgress, SyncSummary
from layers.definition import LayerDefinition

__all__ = ["LayerSummary", "Removal", "Sync", "SyncProgress", "SyncSummary"]

WHOLE_EVERY = 24 * 3600.0
"""Seconds after which a collection followed by time windows is read whole again: a window cannot see a
change that left the feature's time as it was."""
TOLD_EVERY = 0.1

Report = Callable[[SyncProgress], None]
Confirm = Callable[[Removal], bool]


class Sync:
    """One run over all collections, on the caller's thread.

    `spacing` spares servers that must be read whole: such a collection is not read again before `spacing`
    times as long as its last reading took; 0 always reads. With `whole`, everything is read whole,
    whatever the server can do.
    """

    def __init__(
        self,
        client: RegistryClient,
        cache: Database,
        layers: Mapping[str, LayerDefinition],
        mapping: LayerMapping,
        clock: Callable[[], float] = time.time,
        *,
        spacing: float = 0.0,
        whole: bool = False,
    ) -> None:
        self._client, self._cache, self._mapping, self._clock = client, cache, mapping, clock
        self._layers, self._spacing, self._whole = layers, spacing, whole
        self._memory = SyncMemory(cache, client.url)

    def run(self, report: Report, *, confirm: Confirm, cancel: threading.Event) -> SyncSummary:
        """Bring the cache in step. `confirm` is asked before many features of a layer are removed.

        Raises RegistryError when the registry cannot be read at all, and StoreError; the cache then holds the
        last picture. Trouble with one collection is a line in the summary, and that collection keeps its own.
        """
        started, received = self._clock(), self._client.received
        teller = Teller(report, self._client.url, self._clock)
        teller.asking()
        capabilities = self._client.probe()
        summary = SyncSummary(source=self._client.url, title=capabilities.title)
        self._leave_former_source(summary)
        plan = self._plan(capabilities, summary)
        runs = {
            binding.layer.id: LayerRun(binding.layer, self._cache)
            for name in plan
            for binding in self._mapping.bindings[name]
        }
        try:
            self._read(plan, runs, Asking(teller, confirm, cancel), summary)
        except Cancelled:
            summary.cancelled = True
            for run in runs.values():
                run.flush()
        except StoreError as error:
            # What is already in the cache must be told to the screens before the trouble is.
            if not any(run.touched for run in runs.values()):
                raise
            summary.errors.append(str(error))
        self._finish(runs, summary, teller)
        summary.bytes = self._client.received - received
        summary.finished = self._clock()
        summary.as_of = min([summary.finished, *self._read_before(plan)])
        summary.seconds = summary.finished - started
        self._memory.end(summary)
        return summary

    def _plan(self, capabilities: Capabilities, summary: SyncSummary) -> dict[str, Method | None]:
        """How each mapped collection is to be read; None for one that is left alone this time."""
        plan: dict[str, Method | None] = {}
        for name in self._mapping.bindings:
            if name in capabilities.collections:
                plan[name] = self._method(name, capabilities)
            elif self._mapping.named or self._memory.knows(name):
                summary.errors.append(
                    f"{self._client.url}: there is no collection {name!r} (any more); "
                    "what the cache holds of it is kept; correct the mapping or ask its keepers"
                )
        summary.ignored = sorted(capabilities.collections.keys() - self._mapping.bindings.keys())
        self._agree_within_layers(plan)
        return plan

    def _read_before(self, plan: dict[str, Method | None]) -> list[float]:
        """When the collections that are left alone this time were read."""
        spared = [name for name, method in plan.items() if method is None]
        known = [self._memory.read(name, self._mapping.bindings[name]) for name in spared]
        return [each.whole + each.seconds for each in known if each is not None]

    def _method(self, name: str, capabilities: Capabilities) -> Method | None:
        bindings = self._mapping.bindings[name]
        memory = self._memory.read(name, bindings)
        if self._whole or memory is None:
            return "whole"
        if capabilities.changes and memory.position.cursor and not any(one.id_fields for one in bindings):
            return "changes"
        age = self._clock() - memory.whole
        listable = "geometry" not in {field for one in bindings for field in needed_by(one)}
        windowed = (
            capabilities.collections[name].temporal
            and memory.position.time
            and listable
            and not memory.position.nameless
        )
        if windowed and age < WHOLE_EVERY:
            return "window"
        return "whole" if windowed or age >= self._spacing * memory.seconds else None

    def _agree_within_layers(self, plan: dict[str, Method | None]) -> None:
        """Read all collections of a layer by changes, or none: its ids must be known whole or not at all."""
        settled = False
        while not settled:
            settled = True
            for name, method in plan.items():
                if method != "changes":
                    continue
                layers = [one.layer.id for one in self._mapping.bindings[name]]
                beside = {other for layer in layers for other in self._mapping.collections_of(layer)}
                if any(plan.get(other, "changes") != "changes" for other in beside):
                    plan[name], settled = "whole", False

    def _read(
        self, plan: dict[str, Method | None], runs: dict[str, LayerRun], asking: Asking, summary: SyncSummary
    ) -> None:
        waiting = Counter(one.layer.id for name in plan for one in self._mapping.bindings[name])
        reached = True
        for name, method in plan.items():
            bindings = self._mapping.bindings[name]
            feeds = [(one, runs[one.layer.id]) for one in bindings]
            try:
                if reached and method is not None:
                    self._read_one(name, method, feeds, asking)
                else:
                    give_up(feeds)
            except RegistryError as error:
                summary.errors.append(str(error))
                reached = reached and not isinstance(error, Unreachable)
                give_up(feeds)
            for _, run in feeds:
                waiting[run.layer.id] -= 1
                if not waiting[run.layer.id]:
                    self._settle(run, asking, summary)

    def _read_one(
        self, name: str, method: Method, feeds: list[tuple[Binding, LayerRun]], asking: Asking
    ) -> None:
        bindings = [binding for binding, _ in feeds]
        memory = self._memory.read(name, bindings)
        started = self._clock()
        reader = CollectionReader(self._client, name, feeds, asking.teller.tell, asking.cancel)
        done, position = reader.read(method, memory.position if memory else Position())
        for _, run in feeds:
            run.summary.collections.append(name)
            run.summary.method.append(done)
            run.listing = run.listing and done != "changes"
        self._memory.note(name, bindings, position, done, started, self._clock() - started)

    def _settle(self, run: LayerRun, asking: Asking, summary: SyncSummary) -> None:
        """All of a layer's collections are read: remove what is gone, and let go of its ids."""
        if run.listing and not run.incomplete:
            asking.teller.tell(run, "removing", 0, None)
            run.compare()
        held = run.remove(asking.confirm)
        if held is not None:
            summary.held.append(held)
        collections = self._mapping.collections_of(run.layer.id)
        mixed = not run.listing and set(run.summary.method) != {"changes"}
        if mixed or (run.listing and run.incomplete and len(collections) > 1):
            # What is gone could not be told: it must be looked for again.
            self._memory.forget(collections)
        elif held is not None and not run.listing:
            # The feed tells a deletion once: go on from before it, to ask again.
            self._memory.put_back(collections)
        run.listed.clear()

    def _leave_former_source(self, summary: SyncSummary) -> None:
        """Empty the cache of what another registry had brought."""
        if not self._memory.load():
            return
        for layer in self._cache.submit(features.count).result():
            names = list(self._cache.submit(partial(features.ids, layer=layer)).result())
            for start in range(0, len(names), BATCH):
                some = names[start : start + BATCH]
                self._cache.submit(partial(features.remove, layer=layer, identifiers=some)).result()
            summary.changed_ids[layer] = "all"

    def _finish(self, runs: dict[str, LayerRun], summary: SyncSummary, teller: Teller) -> None:
        """Leave the cache ready for the map and the search, whatever way the reading ended."""
        touched = {name: run.touched for name, run in runs.items() if run.touched is not None}
        summary.layers = {name: run.summary for name, run in runs.items()}
        if touched:
            teller.finishing("placing")
            self._cache.submit(assign_communes).result()
        summary.changed_ids.update(
            {name: some for name, some in touched.items() if name not in summary.changed_ids}
        )


class Asking(msgspec.Struct, frozen=True):
    """Whom a run tells, asks and heeds."""

    teller: Teller
    confirm: Confirm
    cancel: threading.Event


def give_up(feeds: list[tuple[Binding, LayerRun]]) -> None:
    """Keep what was read of a collection, and call nothing of its layers gone."""
    for _, run in feeds:
        run.flush()
        run.incomplete = True


class Teller:
    """Turns what is done into progress, ten times a second at most."""

    def __init__(self, report: Report, source: str, clock: Callable[[], float]) -> None:
        self._report, self._source, self._clock = report, source, clock
        self._layer, self._phase, self._since, self._told = "", "", clock(), 0.0

    def asking(self) -> None:
        """Say that the registry is being asked what it can do."""
        self._say("", "", 0, None, 0.0, "asking")

    def finishing(self, phase: Phase) -> None:
        """Say what is done to the whole cache."""
        self._say("", "", 0, None, 0.0, phase)

    def tell(self, run: LayerRun, phase: Phase, done: int, total: int | None) -> None:
        """Say how far a layer is."""
        now = self._clock()
        if (run.layer.id, phase) != (self._layer, self._phase):
            self._layer, self._phase, self._since, self._told = run.layer.id, phase, now, 0.0
        over = total is not None and done >= total
        if now - self._told < TOLD_EVERY and not over:
            return
        self._told = now
        elapsed = now - self._since
        rate = done / elapsed if elapsed > 0 else 0.0
        self._say(run.layer.id, run.layer.title.en, done, total, rate, phase)

    def _say(self, layer: str, title: str, done: int, total: int | None, rate: float, phase: Phase) -> None:
        left = (total - done) / rate if total is not None and rate > 0 else None
        self._report(
            SyncProgress(
                source=self._source, layer=layer, title=title, done=done, total=total, rate=rate,
                seconds_left=left, phase=phase,
            )
        )  # fmt: skip
