"""Since when each abnormal object has been in its state, as far as this console knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sqlite_utils
from qtpy.QtCore import QObject, Signal

from desktop.hub import Hub
from desktop.panels.values import parse_time
from desktop.store import features
from desktop.work.assets import LayerTable
from desktop.work.picture import Changes, ObjectKey


class Onsets(QObject):
    """Remembers when a state began.

    For a live layer that is the time of the first report in which this console saw it; for a layer of
    registry facts, its first field of type datetime (an incident's opening).
    """

    learned = Signal(str)
    """A layer's registry times have come."""

    def __init__(self, hub: Hub, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hub = hub
        self._began: dict[str, dict[str, tuple[int, float]]] = {}
        self._asked: set[str] = set()
        hub.changed.connect(self._on_changes)
        for table in hub.picture.tables.values():
            self._note(table, self._rows(table))

    def since(self, key: ObjectKey) -> float | None:
        """Epoch seconds at which the object's present state began, or None when it is not known."""
        known = self._began.get(key.layer, {}).get(key.id)
        return None if known is None or known[1] <= 0 else known[1]

    def _on_changes(self, changes: Changes) -> None:
        for name in changes.replaced:
            table = self._hub.picture.table(name)
            if table is not None:
                self._note(table, self._rows(table))
                self._ask(table)
        for name, rows in changes.rows.items():
            table = self._hub.picture.table(name)
            if table is not None and name not in changes.replaced:
                self._note(table, rows.tolist())

    def _rows(self, table: LayerTable) -> list[int]:
        known = table.rows_of(list(self._began.get(table.definition.id, {})))
        return sorted({*known[known >= 0].tolist(), *table.abnormal_rows().tolist()})

    def _note(self, table: LayerTable, rows: Iterable[int]) -> None:
        kept = self._began.setdefault(table.definition.id, {})
        live = table.definition.is_live
        for row in rows:
            feature, state = table.id_of(row), int(table.state[row])
            if not table.severities[state]:
                kept.pop(feature, None)
                continue
            known = kept.get(feature)
            if known is None or (live and known[0] != state):
                kept[feature] = (state, float(table.time[row]) if live else 0.0)

    def _ask(self, table: LayerTable) -> None:
        definition = table.definition
        field = next((it.name for it in definition.fields if it.type == "datetime"), "")
        if definition.is_live or not field:
            return

        def read(db: sqlite_utils.Database) -> Mapping[str, Mapping[str, Any]]:
            return features.facts(db, definition.id, (field,))

        def learn(found: Mapping[str, Mapping[str, Any]]) -> None:
            kept = self._began.setdefault(definition.id, {})
            for feature, (state, _) in list(kept.items()):
                kept[feature] = (state, parse_time(found.get(feature, {}).get(field)) or 0.0)
            self.learned.emit(definition.id)

        self._hub.ask(read, learn)
