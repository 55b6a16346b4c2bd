"""Applies the filters the operator chose to the picture: which rows of each layer may be seen."""

from __future__ import annotations

from collections import Counter

import numpy as np
import sqlite_utils
from numpy.typing import NDArray
from qtpy.QtCore import QObject

from desktop.hub import Hub
from desktop.map.display import Condition, Display
from desktop.store import features
from desktop.work.picture import Changes

Matching = NDArray[np.int64]


class Filtering(QObject):
    """Asks the cache which features meet a layer's conditions and hides the others."""

    def __init__(self, hub: Hub, display: Display, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hub, self._display = hub, display
        self._round: Counter[str] = Counter()
        display.filter_changed.connect(self.apply)
        hub.changed.connect(self._on_changes)

    def apply(self, layer: str = "") -> None:
        """Filter a layer, or every layer, anew."""
        for name in (layer,) if layer else tuple(self._hub.picture.layers):
            self._apply(name)

    def _on_changes(self, changes: Changes) -> None:
        for name in changes.replaced:
            if self._conditions(name):
                self._apply(name)

    def _conditions(self, name: str) -> list[Condition]:
        # A tram line crosses communes and belongs to none: the commune's filter does not hide it.
        placed = self._hub.picture.layers[name].field("commune") is not None
        return [it for it in self._display.conditions(name) if placed or it[0] != "commune"]

    def _apply(self, name: str) -> None:
        table = self._hub.picture.table(name)
        if table is None:
            return
        self._round[name] += 1
        asked, conditions = self._round[name], self._conditions(name)
        if not conditions:
            if table.mask is not None:
                self._show(name, None)
            return

        def match(db: sqlite_utils.Database) -> Matching:
            return features.matching(db, name, conditions)

        def answer(rowids: Matching) -> None:
            if asked == self._round[name]:
                self._show(name, rowids)

        self._hub.ask(match, answer)

    def _show(self, name: str, rowids: Matching | None) -> None:
        table = self._hub.picture.table(name)
        if table is None:
            return
        table.mask = None if rowids is None else np.isin(table.columns.rowid, rowids)
        table.touch()
        self._hub.announce(Changes(filtered=frozenset({name})))
