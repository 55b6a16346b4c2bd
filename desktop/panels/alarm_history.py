"""What happened to alarms: the history that work.db keeps, filtered, read page by page, exported as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import sqlite_utils
from qtpy.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal
from qtpy.QtGui import QShowEvent
from qtpy.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from desktop.hub import Hub
from desktop.panels.alarm_filters import Chooser
from desktop.panels.alarm_words import AlarmWords, kind_of, object_of
from desktop.panels.look import ROW, Look
from desktop.panels.marks import SPOKEN
from desktop.panels.names import commune_of, label_of
from desktop.panels.parts import PlainLabel, plain_tip
from desktop.panels.table_view import RowDelegate
from desktop.panels.tables import CELL, Cell
from desktop.panels.wording import DAY
from desktop.store.alarm_history import Happening, page
from desktop.work.alarm import AlarmChanges
from layers.definition import Severity

if TYPE_CHECKING:
    from desktop.operations import Operations

Index = QModelIndex | QPersistentModelIndex
PAGE = 200
"""Lines read at a time."""
MOST_EXPORTED = 200_000
"""Lines exported at most."""
LATER_MS = 1000
"""New lines are read this long after the alarms changed."""


Question = Callable[[sqlite_utils.Database], list[Happening]]


class HistoryTable(QAbstractTableModel):
    """Lines of the history, newest first; more are read when the end is reached."""

    read_failed = Signal(str)

    def __init__(self, operations: Operations, hub: Hub, look: Look, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._operations, self._hub, self._look = operations, hub, look
        self.words = AlarmWords(look, hub.picture, operations.desks)
        self.events: list[Happening] = []
        self.text, self.since, self.kinds = "", 0.0, frozenset[str]()
        self.ended = False
        self._round = 0
        self._asking = False

    def titles(self) -> Sequence[str]:
        """The columns' titles."""
        return (
            self.tr("Time"),
            self.tr("Event"),
            self.tr("Priority"),
            self.tr("Alarm"),
            self.tr("Object"),
            self.tr("Commune"),
            self.tr("By"),
            self.tr("Note"),
        )

    def kind_names(self) -> dict[str, str]:
        """The operator's words for each kind of event."""
        return {
            "raised": self.tr("raised"),
            "cleared": self.tr("cleared"),
            "acknowledged": self.tr("acknowledged"),
            "closed": self.tr("closed"),
            "shelved": self.tr("shelved"),
            "unshelved": self.tr("put back"),
            "suppressed": self.tr("masked"),
            "unsuppressed": self.tr("no longer masked"),
            "chattering": self.tr("chattering"),
            "settled": self.tr("settled"),
        }

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.events)

    def columnCount(self, parent: Index | None = None) -> int:
        return len(self.titles())

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.titles()[section].upper()
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self.events):
            return None
        cell = self.cell(self.events[index.row()], index.column())
        if role == CELL:
            return cell
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(cell.text)
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{SPOKEN[cell.severity]} {cell.text}".strip() if cell.kind == "mark" else cell.text
        return None

    def cell(self, event: Happening, column: int) -> Cell:
        """What stands in a column for an event."""
        key = object_of(event.key)
        if column == 0:
            return Cell(self._look.words.moment(event.time, self._hub.clock()), "time")
        if column == 1:
            return Cell(
                self.kind_names().get(event.kind, event.kind), "strong" if event.kind == "raised" else ""
            )
        if column == 2:
            severity = Severity(event.severity) if event.severity in list(Severity) else Severity.NORMAL
            return Cell("" if severity.priority is None else str(severity.priority), "mark", severity)
        if column == 3:
            return Cell(self.words.rule_title(*kind_of(event.key)))
        if column == 4:
            return Cell(label_of(self._hub.picture, key))
        if column == 5:
            return Cell(commune_of(self._hub.picture, key))
        if column == 6:
            return Cell(" · ".join(it for it in (event.operator, event.console) if it), "dim")
        return Cell(event.note)

    def restart(self) -> None:
        """Read from the newest line again."""
        self._round += 1
        self._asking, self.ended = False, False
        self._ask(None, fresh=True)

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and bool(self.events) and not self.ended and not self._asking

    def fetchMore(self, parent: Index) -> None:
        self._ask(self.events[-1].number, fresh=False)

    def question(self, before: int | None, limit: int) -> Question:
        """What is asked of work.db for one page: lines with numbers below `before`, newest first."""
        text, since, kinds = self.text, self.since, self.kinds
        return lambda db: page(db, text=text, since=since, kinds=kinds, before=before, limit=limit)

    def _ask(self, before: int | None, fresh: bool) -> None:
        asked, self._asking = self._round, True

        def answer(events: list[Happening]) -> None:
            if asked == self._round:
                self._take(events, fresh)

        self._operations.ask(self.question(before, PAGE), answer, self._on_failure)

    def _take(self, events: list[Happening], fresh: bool) -> None:
        self._asking = False
        self.ended = len(events) < PAGE
        if fresh:
            self.beginResetModel()
            self.events = list(events)
            self.endResetModel()
        elif events:
            first = len(self.events)
            self.beginInsertRows(QModelIndex(), first, first + len(events) - 1)
            self.events.extend(events)
            self.endInsertRows()

    def _on_failure(self, error: Exception) -> None:
        self._asking = False
        self.read_failed.emit(str(error))


class AlarmHistory(QWidget):
    """The history with its filters; Enter or a click flies to the object."""

    opened = Signal(object)
    """The key of an object to fly to."""

    def __init__(self, operations: Operations, hub: Hub, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._operations, self._hub, self._look = operations, hub, look
        self.table = HistoryTable(operations, hub, look, self)
        self.view = QTableView(self)
        self._dress_view()
        self.message = PlainLabel("", self, name="dim")
        self.message.setContentsMargins(12, 6, 12, 6)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.bar = self._bar()
        column.addWidget(self.bar)
        column.addWidget(self.message)
        column.addWidget(self.view, 1)
        self._later = QTimer(self, singleShot=True, interval=LATER_MS)
        self._later.timeout.connect(self.table.restart)
        self.table.modelReset.connect(self._say)
        self.table.read_failed.connect(self._failed)
        operations.alarms_changed.connect(self._on_alarms)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.table.restart()

    def export(self, file: Path, then: Callable[[int], object] | None = None) -> None:
        """Write every line that passes the filters as CSV; `then` is called with how many there were."""

        def write(events: list[Happening]) -> None:
            try:
                file.write_text(self.as_csv(events), encoding="utf-8-sig", newline="")
            except OSError as error:
                self._failed(str(error))
                return
            text = self.tr("{0} lines written to {1}")
            self._tell(text.format(self._look.words.number(len(events)), file.name))
            if then is not None:
                then(len(events))

        self._operations.ask(
            self.table.question(None, MOST_EXPORTED), write, lambda it: self._failed(str(it))
        )

    def as_csv(self, events: Iterable[Happening]) -> str:
        """Events as CSV with a heading, semicolons in French as spreadsheets there expect."""
        out = io.StringIO()
        writer = csv.writer(out, delimiter=";" if self._look.words.french else ",")
        writer.writerow([*self.table.titles(), self.tr("Key")])
        for event in events:
            cells = [self.table.cell(event, column).text for column in range(1, self.table.columnCount())]
            moment = datetime.fromtimestamp(event.time).astimezone().isoformat(timespec="seconds")
            writer.writerow([moment, *(_harmless(it) for it in cells), event.key])
        return out.getvalue()

    def _bar(self) -> QWidget:
        bar = QWidget(self)
        row = QHBoxLayout(bar)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self.period = Chooser(self.tr("Period"), False, self)
        days = {"1": self.tr("24 hours"), "7": self.tr("7 days"), "30": self.tr("30 days")}
        self.period.offer(days)
        self.kinds = Chooser(self.tr("Event"), True, self)
        self.kinds.offer(self.table.kind_names())
        self.text = QLineEdit(self)
        self.text.setPlaceholderText(self.tr("Filter by object, rule or person"))
        self.text.setAccessibleName(self.text.placeholderText())
        self.text.setClearButtonEnabled(True)
        self.text.setMaximumWidth(280)
        self._typed = QTimer(self, singleShot=True, interval=150)
        self._typed.timeout.connect(self.apply)
        self.text.textChanged.connect(lambda _: self._typed.start())
        self.save = QPushButton(self.tr("Export…"), self)
        self.save.setObjectName("small")
        self.save.clicked.connect(lambda _: self._ask_file())
        for chooser in (self.period, self.kinds):
            chooser.chosen.connect(self.apply)
            row.addWidget(chooser)
        row.addWidget(self.text, 3)
        row.addStretch(1)
        row.addWidget(self.save)
        return bar

    def apply(self) -> None:
        """Read again with the filters as they are."""
        days = next(iter(self.period.values), "")
        self.table.since = self._hub.clock() - int(days) * DAY if days else 0.0
        self.table.kinds, self.table.text = self.kinds.values, self.text.text().strip()
        self.table.restart()

    def _dress_view(self) -> None:
        view = self.view
        view.setModel(self.table)
        view.setItemDelegate(RowDelegate(self._look, view))
        view.setAccessibleName(self.tr("History of alarms"))
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setFrameShape(QFrame.Shape.NoFrame)
        view.setShowGrid(False)
        view.setMouseTracking(True)
        view.setTabKeyNavigation(False)
        view.setWordWrap(False)
        view.verticalHeader().setVisible(False)
        view.verticalHeader().setMinimumSectionSize(ROW)
        view.verticalHeader().setDefaultSectionSize(ROW)
        header = view.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setFixedHeight(ROW)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        for column, width in ((0, 130), (1, 130), (2, 92)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            view.setColumnWidth(column, width)
        view.activated.connect(self._fly)
        view.clicked.connect(self._fly)

    def _fly(self, index: Index) -> None:
        if 0 <= index.row() < len(self.table.events):
            self.opened.emit(object_of(self.table.events[index.row()].key))

    def _ask_file(self) -> None:
        name = f"vigie-{self.tr('alarms')}-{datetime.fromtimestamp(self._hub.clock()):%Y-%m-%d}.csv"
        chosen, _ = QFileDialog.getSaveFileName(self, self.tr("Export the history"), name, "CSV (*.csv)")
        if chosen:
            self.export(Path(chosen))

    def _on_alarms(self, changes: AlarmChanges) -> None:
        # Who has read further down is not thrown back to the top.
        top = self.view.verticalScrollBar().value() == 0
        if changes.events and self.isVisible() and top and not self._later.isActive():
            self._later.start()

    def _say(self) -> None:
        if self.table.events:
            self._tell("")
        elif self.table.text or self.table.kinds or self.table.since:
            self._tell(self.tr("Nothing in the history passes these filters."))
        else:
            self._tell(self.tr("The history is empty: it fills with the first alarm."))

    def _failed(self, why: str) -> None:
        self._tell(self.tr("The history cannot be read or written: {0}").format(why))

    def _tell(self, text: str) -> None:
        self.message.setText(text)
        self.message.setVisible(bool(text))


def _harmless(text: str) -> str:
    """Text that a spreadsheet does not take for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
