"""Tables of objects: what is abnormal now, and the features of one layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import numpy as np
import sqlite_utils
from qtpy.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer

from desktop.hub import Hub
from desktop.panels.look import Look
from desktop.panels.marks import SPOKEN
from desktop.panels.names import commune_of, label_of, state_words
from desktop.panels.onsets import Onsets
from desktop.panels.parts import plain_tip
from desktop.panels.values import parse_time, value_text
from desktop.store import features
from desktop.work.picture import Changes, ObjectKey
from layers.definition import Field, LayerDefinition, Severity
from layers.model import Quality

Index = QModelIndex | QPersistentModelIndex
CELL = int(Qt.ItemDataRole.UserRole)
SOON_MS, BUSY_MS, BUSY_ROWS = 250, 1500, 5000
"""A table is written again this long after a change; less often when it is long."""
FACTS_SHOWN = 5
BY_NAME = 50_000
"""A longer table keeps the registry's order within a severity."""


class Cell(msgspec.Struct, frozen=True):
    """What a cell shows and how."""

    text: str
    kind: str = "plain"
    """``mark``, ``time``, ``strong``, ``dim`` or ``plain``."""
    severity: Severity = Severity.NORMAL
    quality: Quality = Quality.GOOD
    rank: Any = None
    """What the column sorts by when it is not the text."""
    tip: str = ""
    """What the pointer resting on it tells, when that is more than the text."""


class ObjectTable(QAbstractTableModel):
    """Rows are objects; cells are made when they are seen."""

    def __init__(self, hub: Hub, look: Look, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.hub, self.look = hub, look
        self.keys: list[ObjectKey] = []
        self._places: dict[ObjectKey, int] = {}
        self._later = QTimer(self, singleShot=True)
        self._later.timeout.connect(self.reload)
        hub.changed.connect(self._on_changes)

    def titles(self) -> Sequence[str]:
        """The columns' titles."""
        raise NotImplementedError

    def cell(self, key: ObjectKey, column: int) -> Cell:
        """What stands in a column for an object."""
        raise NotImplementedError

    def collect(self) -> list[ObjectKey]:
        """The objects to show, in order."""
        raise NotImplementedError

    def concerns(self, changes: Changes) -> bool:
        """Whether the table may read differently after these changes."""
        raise NotImplementedError

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.keys)

    def columnCount(self, parent: Index | None = None) -> int:
        return len(self.titles())

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.titles()[section].upper()
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self.keys):
            return None
        if role not in (CELL, Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        cell = self.cell(self.keys[index.row()], index.column())
        if role == CELL:
            return cell
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(cell.tip or cell.text)
        return f"{SPOKEN[cell.severity]} {cell.text}" if cell.kind == "mark" else cell.text

    def key_at(self, row: int) -> ObjectKey | None:
        """The object in a row."""
        return self.keys[row] if 0 <= row < len(self.keys) else None

    def row_of(self, key: ObjectKey) -> int:
        """The row of an object, or -1."""
        return self._places.get(key, -1)

    def reload(self) -> None:
        """Collect the objects again."""
        keys = self.collect()
        if keys == self.keys:
            self.redraw()
            return
        self.beginResetModel()
        self.keys = keys
        self._places = {key: row for row, key in enumerate(keys)}
        self.endResetModel()

    def redraw(self) -> None:
        """The same objects may read differently."""
        if self.keys:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.keys) - 1, self.columnCount() - 1))

    def _on_changes(self, changes: Changes) -> None:
        if self.concerns(changes) and not self._later.isActive():
            self._later.start(BUSY_MS if len(self.keys) > BUSY_ROWS else SOON_MS)


class AbnormalTable(ObjectTable):
    """Every abnormal object now: most urgent first, then newest."""

    def __init__(self, hub: Hub, onsets: Onsets, look: Look, parent: QObject | None = None) -> None:
        super().__init__(hub, look, parent)
        self._onsets = onsets
        onsets.learned.connect(lambda _: self.reload())
        self.reload()

    def titles(self) -> Sequence[str]:
        return (
            self.tr("Priority"),
            self.tr("Since"),
            self.tr("State"),
            self.tr("Object"),
            self.tr("Commune"),
            self.tr("Layer"),
        )

    def concerns(self, changes: Changes) -> bool:
        return bool(changes.replaced or changes.rows or changes.filtered)

    def collect(self) -> list[ObjectKey]:
        found = []
        for name, table in self.hub.picture.tables.items():
            for row in table.abnormal_rows().tolist():
                key = ObjectKey(name, table.id_of(row))
                found.append((-int(table.severity_of(row)), -(self._onsets.since(key) or 0.0), key))
        return [key for _, _, key in sorted(found)]

    def counts(self) -> dict[Severity, int]:
        """How many objects of each severity there are, from the layers' summaries."""
        totals = dict.fromkeys(sorted(Severity, reverse=True), 0)
        for table in self.hub.picture.tables.values():
            for severity, count in enumerate(table.summary().by_severity):
                totals[Severity(severity)] += count
        return totals

    def cell(self, key: ObjectKey, column: int) -> Cell:
        place = self.hub.picture.place(key)
        if place is None:
            return Cell("")
        table, row = place
        layer, severity = table.definition, table.severity_of(row)
        if column == 0:
            text = "" if severity.priority is None else str(severity.priority)
            return Cell(text, "mark", severity, Quality(int(table.quality[row])))
        if column == 1:
            return self._since(key)
        if column == 2:
            return Cell(self._words(layer, key, int(table.quality[row])), "strong")
        if column == 3:
            return Cell(table.label_of(row))
        if column == 4:
            return Cell(commune_of(self.hub.picture, key))
        return Cell(self.look.title(layer), "dim")

    def _since(self, key: ObjectKey) -> Cell:
        since, now = self._onsets.since(key), self.hub.clock()
        if since is None:
            return Cell("—", "time", tip=self.tr("Nobody has said since when."))
        words = self.look.words
        if since > now:
            tip = self.tr("Dated later than now: check the clock of whoever reported it.")
        else:
            tip = self.tr("For {0}").format(words.elapsed(now - since))
        return Cell(words.moment(since, now), "time", tip=tip)

    def _words(self, layer: LayerDefinition, key: ObjectKey, quality: int) -> str:
        words = state_words(self.hub.picture, self.look, key)
        live = self.hub.picture.live.get(key.layer, {}).get(key.id)
        told = self.look.fault_words(layer, live.faults) if live is not None else []
        if len(told) == 1 and told[0].startswith(words):
            words = told[0]
        if not layer.is_live or quality == Quality.GOOD:
            return words
        return (
            self.tr("{0} · uncertain").format(words)
            if quality == 1
            else self.tr("{0} · unknown").format(words)
        )


class FeatureTable(ObjectTable):
    """The features of one layer with the facts worth comparing; worst first."""

    def __init__(self, layer: LayerDefinition, hub: Hub, look: Look, parent: QObject | None = None) -> None:
        super().__init__(hub, look, parent)
        self.layer = layer
        self._fields = shown_fields(layer)
        self._facts: Mapping[str, Mapping[str, Any]] = {}
        self._order: tuple[int, bool] | None = None
        self.reload()
        self._ask()

    def titles(self) -> Sequence[str]:
        facts = [field.label.localized(self.look.locale) for field in self._fields]
        return (self.tr("State"), self.tr("Name"), *facts, self.tr("Commune"))

    def concerns(self, changes: Changes) -> bool:
        if self.layer.id in changes.replaced:
            self._ask()
        return self.layer.id in {*changes.replaced, *changes.rows, *changes.filtered}

    def collect(self) -> list[ObjectKey]:
        table = self.hub.picture.table(self.layer.id)
        if table is None:
            return []
        rows = range(len(table)) if table.mask is None else table.mask.nonzero()[0].tolist()
        ranks = (-table.severities[table.state].astype(np.int16)).tolist()
        named = len(table) <= BY_NAME
        ordered = sorted(rows, key=lambda row: (ranks[row], table.label_of(row) if named else ""))
        keys = [ObjectKey(self.layer.id, table.id_of(row)) for row in ordered]
        if self._order is not None:
            column, descending = self._order
            keys.sort(key=lambda key: self._rank(key, column), reverse=descending)
        return keys

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._order = None if column < 0 else (column, order == Qt.SortOrder.DescendingOrder)
        self.reload()

    def cell(self, key: ObjectKey, column: int) -> Cell:
        if column == 1:
            return Cell(label_of(self.hub.picture, key), "strong")
        place = self.hub.picture.place(key)
        if place is None:
            return Cell("")
        table, row = place
        if column == 0:
            state, severity = int(table.state[row]), table.severity_of(row)
            words = self.look.state_words(self.layer, state)
            return Cell(words, "mark", severity, Quality(int(table.quality[row])), -int(severity))
        if column == len(self._fields) + 2:
            return Cell(commune_of(self.hub.picture, key))
        return self._fact(self._fields[column - 2], self._facts.get(key.id, {}))

    def _fact(self, field: Field, facts: Mapping[str, Any]) -> Cell:
        value = facts.get(field.name)
        if field.type == "reference" and isinstance(value, str):
            return Cell(label_of(self.hub.picture, ObjectKey(field.layer, value)))
        text = value_text(field, value, self.look.words)
        if field.type in ("date", "datetime"):
            return Cell(text, "time", rank=parse_time(value) or 0.0)
        return Cell(text, rank=value if isinstance(value, int | float) else None)

    def _rank(self, key: ObjectKey, column: int) -> tuple[bool, Any]:
        cell = self.cell(key, column)
        return (False, cell.rank) if cell.rank is not None else (True, cell.text.casefold())

    def _ask(self) -> None:
        names = tuple(field.name for field in self._fields)

        def read(db: sqlite_utils.Database) -> Mapping[str, Mapping[str, Any]]:
            return features.facts(db, self.layer.id, names)

        def learn(found: Mapping[str, Mapping[str, Any]]) -> None:
            self._facts = found
            self.reload()

        if names:
            self.hub.ask(read, learn)


def shown_fields(layer: LayerDefinition) -> tuple[Field, ...]:
    """The registry fields that are columns: the first few that are not the name or the place."""
    skipped = {"name", layer.label_field, "commune", "description"}
    return tuple(field for field in layer.fields if field.name not in skipped)[:FACTS_SHOWN]
