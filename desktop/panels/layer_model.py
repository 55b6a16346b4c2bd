"""The layer tree as a Qt model: groups, their layers, and under each layer its legend."""

from __future__ import annotations

import enum
from collections.abc import Mapping

import msgspec
import numpy as np
from qtpy.QtCore import QAbstractItemModel, QCoreApplication, QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop.hub import Hub
from desktop.map.display import Display
from desktop.panels.look import Look
from desktop.panels.marks import SPOKEN
from desktop.work.assets import Summary
from desktop.work.picture import Changes
from desktop.work.sync_summary import SyncSummary
from layers.definition import Group, LayerDefinition, Severity
from layers.model import Quality

Index = QModelIndex | QPersistentModelIndex
NODE = int(Qt.ItemDataRole.UserRole)


class LegendEntry(msgspec.Struct, frozen=True):
    """One line of a layer's legend: a state, or a quality when `state` is negative."""

    state: int
    quality: Quality = Quality.GOOD


class Node(msgspec.Struct, eq=False):
    """A row of the tree."""

    kind: str
    """``group``, ``layer`` or ``entry``."""
    row: int
    parent: Node | None = None
    children: list[Node] = []
    group: Group | None = None
    layer: LayerDefinition | None = None
    entry: LegendEntry | None = None


class Column(enum.IntEnum):
    """The tree has one column; its delegate draws badge and count in it."""

    TITLE = 0


class LayerModel(QAbstractItemModel):
    """Reads counts from the picture, visibility from the display."""

    def __init__(self, hub: Hub, display: Display, look: Look, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.hub, self.display, self.look = hub, display, look
        self._groups = _tree(hub.picture.layers)
        self._nodes = {node.layer.id: node for group in self._groups for node in group.children if node.layer}
        self._fed: frozenset[str] | None = None
        hub.received.connect(self._on_received)
        hub.changed.connect(self._on_changes)
        display.changed.connect(self._on_display)
        look.changed.connect(self.refresh)

    def index(self, row: int, column: int, parent: Index | None = None) -> QModelIndex:
        rows = self._rows(parent)
        if column or not 0 <= row < len(rows):
            return QModelIndex()
        return self.createIndex(row, column, rows[row])

    def parent(self, index: Index) -> QModelIndex:  # type: ignore[override]
        node = self.node(index)
        above = None if node is None else node.parent
        return QModelIndex() if above is None else self.createIndex(above.row, 0, above)

    def rowCount(self, parent: Index | None = None) -> int:
        return len(self._rows(parent))

    def columnCount(self, parent: Index | None = None) -> int:
        return len(Column)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        node = self.node(index)
        if node is None:
            return None
        if role == NODE:
            return node
        if role == Qt.ItemDataRole.DisplayRole:
            return self.title(node)
        if role == Qt.ItemDataRole.CheckStateRole and node.layer is not None and node.kind == "layer":
            shown = self.display.of(node.layer.id).visible
            return Qt.CheckState.Checked if shown else Qt.CheckState.Unchecked
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.spoken(node)
        return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        node = self.node(index)
        if role != Qt.ItemDataRole.CheckStateRole or node is None or node.layer is None:
            return False
        self.display.set_visible(node.layer.id, Qt.CheckState(value) == Qt.CheckState.Checked)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        node = self.node(index)
        usable = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if node is None:
            return Qt.ItemFlag.NoItemFlags
        return usable | Qt.ItemFlag.ItemIsUserCheckable if node.kind == "layer" else usable

    def node(self, index: Index | None) -> Node | None:
        """The row behind an index."""
        if index is None or not index.isValid():
            return None
        found = index.internalPointer()
        return found if isinstance(found, Node) else None

    def index_of(self, layer: str) -> QModelIndex:
        """The index of a layer's row."""
        node = self._nodes[layer]
        return self.createIndex(node.row, 0, node)

    def summary(self, layer: str) -> Summary | None:
        """Counts of a layer, None while it is not loaded."""
        table = self.hub.picture.table(layer)
        return None if table is None else table.summary()

    def is_fed(self, layer: str) -> bool:
        """Whether the registry has the layer, as far as is known: what is there speaks for it."""
        summary = self.summary(layer)
        return summary is None or bool(summary.count) or (self._fed is not None and layer in self._fed)

    def count_words(self, layer: str) -> str:
        """How many objects are shown: a number, a dash where none can be, dots while that is not known."""
        summary = self.summary(layer)
        if summary is None:
            return "…"
        return self.look.words.number(summary.shown) if self.is_fed(layer) else "—"

    def entry_count(self, layer: str, entry: LegendEntry) -> int:
        """How many features the legend's line stands for."""
        table, summary = self.hub.picture.table(layer), self.summary(layer)
        if table is None or summary is None:
            return 0
        if entry.state < 0:
            return summary.uncertain if entry.quality is Quality.UNCERTAIN else summary.unknown
        matches = table.state == entry.state
        return int(np.count_nonzero(matches if table.mask is None else matches & table.mask))

    def title(self, node: Node) -> str:
        """What the row says."""
        if node.kind == "group":
            return _group_title(node.group or Group.EQUIPMENT)
        if node.layer is None:
            return ""
        if node.entry is None:
            return self.look.title(node.layer)
        if node.entry.state >= 0:
            return self.look.state_words(node.layer, node.entry.state)
        if node.entry.quality is Quality.UNCERTAIN:
            return self.tr("Uncertain: no recent news")
        return self.tr("Unknown: no news")

    def spoken(self, node: Node) -> str:
        """All that the row shows, in words."""
        summary = self.summary(node.layer.id) if node.layer is not None and node.kind == "layer" else None
        parts = [self.title(node)]
        if summary is None or node.layer is None:
            return parts[0]
        number = self.look.words.number
        if not self.is_fed(node.layer.id):
            return "\n".join([*parts, self._why_empty()])
        parts.append(self.tr("{0} in all").format(number(summary.count)))
        if summary.shown != summary.count:
            parts.append(self.tr("{0} shown by the filter").format(number(summary.shown)))
        for severity in sorted(Severity, reverse=True):
            count = summary.by_severity[severity]
            if severity is not Severity.NORMAL and count:
                text = self.tr("{0} priority {1}: {2}")
                parts.append(text.format(SPOKEN[severity], severity.priority, number(count)))
        if summary.uncertain:
            parts.append(self.tr("uncertain: {0}").format(number(summary.uncertain)))
        if summary.unknown:
            parts.append(self.tr("unknown: {0}").format(number(summary.unknown)))
        return "\n".join(parts)

    def refresh(self) -> None:
        """Every row may read differently."""
        for group in self._groups:
            self._announce(group)
            for node in group.children:
                self._announce(node)

    def _why_empty(self) -> str:
        if self._fed is None:
            return self.tr("Nothing yet: the registry has not been read since the start.")
        return self.tr("The registry has no such collection; should it be given one, it will fill by itself.")

    def _on_received(self, message: object) -> None:
        if isinstance(message, SyncSummary) and self._fed != message.layers.keys():
            self._fed = frozenset(message.layers)
            self.refresh()

    def _rows(self, parent: Index | None) -> list[Node]:
        node = self.node(parent)
        return self._groups if node is None else node.children

    def _announce(self, node: Node) -> None:
        here = self.createIndex(node.row, 0, node)
        self.dataChanged.emit(here, here)
        if node.children and node.kind == "layer":
            first, last = node.children[0], node.children[-1]
            self.dataChanged.emit(self.createIndex(0, 0, first), self.createIndex(last.row, 0, last))

    def _on_changes(self, changes: Changes) -> None:
        for name in {*changes.replaced, *changes.rows, *changes.filtered}:
            if name in self._nodes:
                self._announce(self._nodes[name])

    def _on_display(self, layer: str) -> None:
        if layer in self._nodes:
            self._announce(self._nodes[layer])
        else:
            self.refresh()


def _tree(layers: Mapping[str, LayerDefinition]) -> list[Node]:
    groups: list[Node] = []
    for group in Group:
        members = [layer for layer in layers.values() if layer.group is group]
        if not members:
            continue
        above = Node("group", len(groups), group=group)
        above.children = [_layer_node(layer, row, above) for row, layer in enumerate(members)]
        groups.append(above)
    return groups


def _layer_node(layer: LayerDefinition, row: int, above: Node) -> Node:
    node = Node("layer", row, parent=above, layer=layer)
    entries = [LegendEntry(state) for state in range(len(layer.states))]
    if layer.is_live:
        entries += [LegendEntry(-1, Quality.UNCERTAIN), LegendEntry(-1, Quality.BAD)]
    node.children = [
        Node("entry", place, parent=node, layer=layer, entry=entry) for place, entry in enumerate(entries)
    ]
    return node


def _group_title(group: Group) -> str:
    titles = {
        Group.EQUIPMENT: QCoreApplication.translate("LayerModel", "Equipment"),
        Group.TRANSPORT: QCoreApplication.translate("LayerModel", "Transport"),
        Group.OPERATIONS: QCoreApplication.translate("LayerModel", "Operations"),
        Group.TERRITORY: QCoreApplication.translate("LayerModel", "Territory"),
    }
    return titles[group]
