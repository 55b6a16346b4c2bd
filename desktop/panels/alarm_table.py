"""The alarm list as a model: a row for each cause, what it explains folded under it."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import msgspec
from qtpy.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal

from desktop.hub import Hub
from desktop.panels.alarm_words import AlarmWords, object_of
from desktop.panels.look import Look
from desktop.panels.marks import SPOKEN
from desktop.panels.names import commune_of, label_of
from desktop.panels.parts import plain_tip
from desktop.panels.tables import BUSY_MS, BUSY_ROWS, CELL, SOON_MS, Cell
from desktop.work.alarm import Alarm, AlarmChanges, AlarmFilter, Row
from desktop.work.picture import ObjectKey
from layers.definition import Severity
from layers.model import Quality

if TYPE_CHECKING:
    from desktop.operations import Operations

Index = QModelIndex | QPersistentModelIndex
PRIORITY, TIME, TITLE, OBJECT, COMMUNE, DESK, STATE = range(7)


class AlarmCell(Cell, frozen=True):
    """A cell that may be loud, struck through or opened."""

    loud: bool = False
    """Nobody has acknowledged it."""
    struck: bool = False
    """Its condition is gone."""
    depth: int = 0
    opened: bool | None = None
    """Whether the row's children are shown; None when it has none."""


class Line(msgspec.Struct, frozen=True):
    """One line of the list: a row, or one of the children of an opened row."""

    key: str
    row: Row | None
    """None for a child."""
    parent: str = ""


class AlarmTable(QAbstractTableModel):
    """Lines follow the alarms at most every 250 ms; cells are made when they are seen."""

    reloaded = Signal()

    def __init__(self, operations: Operations, hub: Hub, look: Look, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.operations, self.hub, self.look = operations, hub, look
        self.words = AlarmWords(look, hub.picture, operations.desks)
        self.filter = AlarmFilter()
        self.flooded = False
        """Whether the list shows causes only, those that explain most first."""
        self.rows: list[Row] = []
        self.lines: list[Line] = []
        self._open: set[str] = set()
        self._places: dict[str, int] = {}
        self._explained: dict[str, tuple[tuple[str, ...], str]] = {}
        self._order: tuple[int, bool] | None = None
        self._later = QTimer(self, singleShot=True)
        self._later.timeout.connect(self.reload)
        operations.alarms_changed.connect(self._on_alarms)
        self.reload()

    def titles(self) -> Sequence[str]:
        """The columns' titles."""
        return (
            self.tr("Priority"),
            self.tr("Time"),
            self.tr("Alarm"),
            self.tr("Object"),
            self.tr("Commune"),
            self.tr("Desk"),
            self.tr("Status"),
        )

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index | None = None) -> int:
        return STATE + 1

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.titles()[section].upper()
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self.lines):
            return None
        line = self.lines[index.row()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self._tip(line, index.column()))
        if role not in (CELL, Qt.ItemDataRole.DisplayRole):
            return None
        cell = self.cell(line, index.column())
        if role == CELL:
            return cell
        return f"{SPOKEN[cell.severity]} {cell.text}".strip() if cell.kind == "mark" else cell.text

    def line_at(self, place: int) -> Line | None:
        """The line in a place of the list."""
        return self.lines[place] if 0 <= place < len(self.lines) else None

    def place_of(self, key: str) -> int:
        """The place of a line, or -1."""
        return self._places.get(key, -1)

    def object_at(self, place: int) -> ObjectKey | None:
        """The object flown to from a line."""
        line = self.line_at(place)
        if line is None:
            return None
        return line.row.cause if line.row is not None else object_of(line.key)

    def keys_of(self, places: Iterable[int]) -> list[str]:
        """Keys of the alarms in these lines, those that a folded row explains among them."""
        found: dict[str, None] = {}
        for place in places:
            line = self.line_at(place)
            if line is None:
                continue
            if line.row is None or line.row.head is not None:
                found[line.key] = None
            if line.row is not None:
                found.update(dict.fromkeys(line.row.children))
        return list(found)

    def all_keys(self) -> list[str]:
        """Keys of every alarm the filter lets through, folded or not."""
        return self.keys_of(place for place, line in enumerate(self.lines) if line.row is not None)

    def fold(self, place: int, opened: bool) -> bool:
        """Show or fold the children of a row; whether that changed anything."""
        line = self.line_at(place)
        if line is None or line.row is None or not line.row.children or opened == (line.key in self._open):
            return False
        (self._open.add if opened else self._open.discard)(line.key)
        self._lay_out()
        return True

    def is_open(self, place: int) -> bool:
        """Whether the children of a row are shown."""
        line = self.line_at(place)
        return line is not None and line.key in self._open

    def set_filter(self, chosen: AlarmFilter) -> None:
        """Show only the alarms of a filter."""
        if chosen != self.filter:
            self.filter = chosen
            self.reload()

    def set_flooded(self, flooded: bool) -> None:
        """Show causes only, all folded."""
        if flooded != self.flooded:
            self.flooded = flooded
            if flooded:
                self._open.clear()
            self.reload()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._order = None if column < 0 else (column, order == Qt.SortOrder.DescendingOrder)
        self.reload()

    def reload(self) -> None:
        """Read the alarms again."""
        # Words are looked for in what the operator reads, names of objects and communes among it.
        rows = self.operations.alarms.rows(msgspec.structs.replace(self.filter, text=""))
        if self.filter.text:
            wanted = self.filter.text.casefold()
            rows = [row for row in rows if self._speaks_of(row, wanted)]
        if self.flooded:
            rows = sorted(rows, key=lambda it: (-int(it.severity), -len(it.children), -it.raised))
        if self._order is not None:
            column, descending = self._order
            rows = sorted(rows, key=lambda it: self._rank(it, column), reverse=descending)
        self.rows = rows
        self._lay_out()
        self.reloaded.emit()

    def redraw(self) -> None:
        """The same lines may read differently: ages and times left run on."""
        if self.lines:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.lines) - 1, STATE))

    def cell(self, line: Line, column: int) -> AlarmCell:
        """What stands in a column of a line."""
        alarm = line.row.head if line.row is not None else self.operations.alarms.get(line.key)
        if line.row is not None:
            return self._of_row(line, line.row, alarm, column)
        if alarm is None:
            return AlarmCell("")
        return self._of_alarm(alarm, column)

    def _of_row(self, line: Line, row: Row, head: Alarm | None, column: int) -> AlarmCell:
        loud = row.unacknowledged > 0 and not self.filter.hidden
        struck = head is not None and not head.life.active and not row.children
        if column == PRIORITY:
            return self._mark(row.severity, head is not None and head.uncertain, struck)
        if column == TIME:
            return AlarmCell(self.look.words.moment(row.raised, self.hub.clock()), "time", rank=row.raised)
        if column == TITLE:
            text = self.words.row_title(row, self._explains(row))
            opened = line.key in self._open if row.children else None
            return AlarmCell(text, loud=loud, struck=struck, opened=opened)
        if column == STATE:
            text = self.words.row_state(row, self.hub.clock())
            return AlarmCell(text, rank=(-row.unacknowledged, text))
        return self._place(row.cause, column)

    def _of_alarm(self, alarm: Alarm, column: int) -> AlarmCell:
        if column == PRIORITY:
            return self._mark(alarm.severity, alarm.uncertain, not alarm.life.active)
        if column == TIME:
            return AlarmCell(self.look.words.moment(alarm.raised, self.hub.clock()), "time")
        if column == TITLE:
            loud = not alarm.life.acknowledged and not alarm.hidden
            return AlarmCell(self.words.title(alarm), loud=loud, struck=not alarm.life.active, depth=1)
        if column == STATE:
            return AlarmCell(self.words.state(alarm, self.hub.clock()))
        return self._place(alarm.object, column)

    def _mark(self, severity: Severity, uncertain: bool, struck: bool) -> AlarmCell:
        text = "" if severity.priority is None else str(severity.priority)
        quality = Quality.UNCERTAIN if uncertain else Quality.GOOD
        return AlarmCell(text, "mark", severity, quality, -int(severity), struck=struck)

    def _place(self, key: ObjectKey, column: int) -> AlarmCell:
        if column == OBJECT:
            return AlarmCell(label_of(self.hub.picture, key))
        if column == COMMUNE:
            return AlarmCell(commune_of(self.hub.picture, key))
        return AlarmCell(self.words.desk(key.layer), "dim")

    def _speaks_of(self, row: Row, wanted: str) -> bool:
        picture = self.hub.picture
        objects = [row.cause, *(object_of(key) for key in row.children)]
        told = [self.words.row_title(row, self._explains(row)), self.words.desk(row.cause.layer)]
        told += [text for it in objects for text in (it.id, label_of(picture, it), commune_of(picture, it))]
        return any(wanted in text.casefold() for text in told)

    def _explains(self, row: Row) -> str:
        known = self._explained.get(row.key)
        if known is None or known[0] != row.children:
            known = (row.children, self.words.explained(row.children))
            self._explained[row.key] = known
        return known[1]

    def _tip(self, line: Line, column: int) -> str:
        alarm = line.row.head if line.row is not None else self.operations.alarms.get(line.key)
        if column in (TITLE, STATE) and alarm is not None:
            return self.words.tip(alarm, self.hub.clock())
        return self.cell(line, column).text

    def _rank(self, row: Row, column: int) -> Any:  # noqa: ANN401 - whatever the column sorts by
        cell = self.cell(Line(row.key, row), column)
        return cell.rank if cell.rank is not None else cell.text.casefold()

    def _lay_out(self) -> None:
        lines: list[Line] = []
        for row in self.rows:
            lines.append(Line(row.key, row))
            if row.key in self._open:
                lines.extend(Line(key, None, row.key) for key in row.children)
        same = len(lines) == len(self.lines) and all(
            new.key == old.key and new.parent == old.parent
            for new, old in zip(lines, self.lines, strict=True)
        )
        if same:
            self.lines = lines
            self.redraw()
            return
        self.beginResetModel()
        self.lines = lines
        self._places = {line.key: place for place, line in enumerate(lines)}
        self.endResetModel()
        present = {row.key for row in self.rows}
        self._open &= present
        for key in list(itertools.filterfalse(present.__contains__, self._explained)):
            del self._explained[key]

    def _on_alarms(self, changes: AlarmChanges) -> None:
        if changes.keys and not self._later.isActive():
            self._later.start(BUSY_MS if len(self.rows) > BUSY_ROWS else SOON_MS)
