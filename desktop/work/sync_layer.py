"""One layer's part of a run: rows go to the cache in short transactions; what is gone is found at the end."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection
from concurrent.futures import Future
from functools import partial

import sqlite_utils

from desktop.link.pages import BadFeature
from desktop.store import features as table
from desktop.store.database import Database
from desktop.store.features import FeatureRow, UpsertCount
from desktop.work.names import Names
from desktop.work.sync_rows import Batch
from desktop.work.sync_summary import EXAMPLES, LayerSummary, Removal, Touched
from layers.definition import LayerDefinition

BATCH = 2000
"""Rows in a transaction: some 20 ms, so that reads for the screen come in between."""
IN_FLIGHT = 2
MANY = 10
SHARE, LEAST = 0.02, 50
NAMED = 20_000


class LayerRun:
    """Collects what a run brings for one layer."""

    def __init__(self, layer: LayerDefinition, cache: Database) -> None:
        self.layer = layer
        self.summary = LayerSummary()
        self.listed = Names()
        """Every id that the registry was seen to hold for this layer."""
        self.listing = True
        """Whether ids were listed rather than changes told: what the list lacks is gone."""
        self.incomplete = False
        """Whether some of its collections could not be read to the end: nothing may then be called gone."""
        self.gone: dict[str, None] = {}
        """Ids the registry said were deleted, or that moved out of the layer."""
        self._cache = cache
        self._distinct = 0
        """Rows taken that are known to be each of another feature."""
        self._rows: list[FeatureRow] = []
        self._flying: deque[Future[UpsertCount]] = deque()
        self._touched: list[str] = []
        self._removed: list[str] = []

    def take(self, batch: Batch, *, distinct: bool = False) -> None:
        """Add a page. A feature seen again after it was deleted is there again."""
        self.summary.received += len(batch.rows) + len(batch.set_aside)
        for one in batch.set_aside:
            self.summary.put_aside(one.reason, one.id)
        for repair, count in batch.mended.items():
            self.summary.mended[repair] = self.summary.mended.get(repair, 0) + count
        if self.gone:
            for name in batch.listed:
                self.gone.pop(name, None)
        self._distinct += len(batch.rows) if distinct else 0
        self._rows += batch.rows
        while len(self._rows) >= BATCH:
            self._send(self._rows[:BATCH])
            del self._rows[:BATCH]

    def refuse(self, bad: Collection[BadFeature], prefix: str, *, count: bool) -> None:
        """Note features that could not even be read; those with an id are known to exist."""
        for one in bad:
            if one.id:
                self.listed.add(prefix + one.id)
            if count:
                self.summary.received += 1
                self.summary.put_aside(one.reason, one.id)

    def flush(self) -> None:
        """Wait until every row taken is in the cache. Raises StoreError."""
        if self._rows:
            self._send(self._rows)
            self._rows = []
        while self._flying:
            self._land()

    def compare(self) -> None:
        """Find what the cache has and the registry lacks."""
        listed, layer = self.listed, self.layer.id
        if self._distinct == self._cache.submit(table.count).result().get(layer, 0):
            return  # each row of the cache was read in this run

        def missing(db: sqlite_utils.Database) -> list[str]:
            return [name for name in table.ids(db, layer) if name not in listed]

        for name in self._cache.submit(missing).result():
            self.gone.setdefault(name)

    def unknown(self, names: Collection[str]) -> int:
        """How many of these ids the cache does not have."""
        layer = self.layer.id
        return self._cache.submit(lambda db: len(set(names) - table.ids(db, layer))).result()

    def _present(self) -> list[str]:
        layer, wanted = self.layer.id, self.gone

        def present(db: sqlite_utils.Database) -> list[str]:
            if len(wanted) > NAMED:
                return [name for name in table.ids(db, layer) if name in wanted]
            return [one.id for one in table.read_many(db, layer, list(wanted))]

        return self._cache.submit(present).result()

    def remove(self, confirm: Callable[[Removal], bool]) -> Removal | None:
        """Remove what is gone, asking first when it is much; the removal when it was not agreed to."""
        if not self.gone:
            return None
        layer, names = self.layer.id, self._present()
        if not names:
            return None
        present = self._cache.submit(lambda db: table.count(db).get(layer, 0)).result()
        emptied = len(names) >= present >= MANY
        if emptied or len(names) > max(LEAST, SHARE * present):
            removal = Removal(layer=layer, count=len(names), of=present, examples=tuple(names[:EXAMPLES]))
            if not confirm(removal):
                return removal
        for start in range(0, len(names), BATCH):
            some = names[start : start + BATCH]
            self.summary.removed += self._cache.submit(
                partial(table.remove, layer=layer, identifiers=some)
            ).result()
        self._removed = names if self.summary.removed else []
        return None

    @property
    def touched(self) -> Touched | None:
        """Which ids the run added, changed or removed; None when it left the layer as it was."""
        summary = self.summary
        if not (summary.added or summary.changed or summary.removed):
            return None
        if len(self._touched) + len(self._removed) > NAMED:
            return "all"
        return self._touched, self._removed

    def _send(self, rows: list[FeatureRow]) -> None:
        while len(self._flying) >= IN_FLIGHT:
            self._land()
        self._flying.append(self._cache.submit(lambda db: table.upsert(db, rows)))

    def _land(self) -> None:
        count = self._flying.popleft().result()
        self.summary.added += count.added
        self.summary.changed += count.changed
        self.summary.unchanged += count.unchanged
        if len(self._touched) <= NAMED:
            self._touched += count.ids
