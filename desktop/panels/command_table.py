"""The tab of running and past commands: each with its targets' progress, and the failed ones asked again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from qtpy.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal
from qtpy.QtGui import QFont, QPainter, QPaintEvent
from qtpy.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from desktop.hub import Hub
from desktop.panels.command_dialog import Step, failed_targets, step_of
from desktop.panels.command_offers import may_command
from desktop.panels.command_progress import Progress
from desktop.panels.command_words import CommandWords
from desktop.panels.look import BASE, TABLE_ROW, Look, font
from desktop.panels.parts import PlainLabel, bold, plain_tip
from desktop.panels.table_view import RowDelegate
from desktop.panels.tables import CELL, Cell
from desktop.work.command import Command, Stage
from layers.definition import Severity

if TYPE_CHECKING:
    from desktop.operations import Operations

Index = QModelIndex | QPersistentModelIndex
SOON_MS = 200
"""The table is written again this long after a change."""
SHOWN = 500
DETAIL_WIDTH = 400
WIDTHS = (104, 0, 0, 0, 220, 128)
"""Pixels of each column; 0 shares what is left."""
TROUBLE = {Stage.DIVERGED, Stage.FAILED, Stage.UNKNOWN, Stage.REFUSED, Stage.EXPIRED}


class CommandTable(QAbstractTableModel):
    """A row for each command, those that run first."""

    def __init__(self, operations: Operations, hub: Hub, look: Look, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._operations, self._hub, self._look = operations, hub, look
        self.words = CommandWords(look, hub.picture)
        self.commands: list[Command] = []
        self._later = QTimer(self, singleShot=True)
        self._later.timeout.connect(self.reload)
        operations.commands_changed.connect(self._on_changed)
        self.reload()

    def reload(self) -> None:
        """Write the table again."""
        found = [each for each in self._operations.commands.all() if step_of(each) is not Step.DRAFT]
        found = found[:SHOWN]
        if [each.id for each in found] == [each.id for each in self.commands]:
            self.commands = found
            if found:
                self.dataChanged.emit(self.index(0, 0), self.index(len(found) - 1, len(WIDTHS) - 1))
            return
        self.beginResetModel()
        self.commands = found
        self.endResetModel()

    @property
    def running(self) -> int:
        """How many commands are not at their end."""
        return sum(not each.final for each in self.commands)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.commands)

    def columnCount(self, parent: Index | None = None) -> int:
        return len(WIDTHS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        titles = (
            self.tr("Time"),
            self.tr("Order"),
            self.tr("Targets"),
            self.tr("Standing"),
            self.tr("Asked by"),
            self.tr("Holds until"),
        )
        return titles[section].upper()

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self.commands):
            return None
        if role not in (CELL, Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        cell = self._cell(self.commands[index.row()], index.column())
        if role == CELL:
            return cell
        return plain_tip(cell.text) if role == Qt.ItemDataRole.ToolTipRole else cell.text

    def _cell(self, command: Command, column: int) -> Cell:
        words = self._look.words
        now = self._hub.clock()
        running = not command.final
        if column == 0:
            return Cell(words.moment(command.asked, now), "time")
        if column == 1:
            order = self.words.order(command.layer, command.action, command.arguments)
            return Cell(order, "strong" if running else "plain")
        if column == 2:
            return Cell(self.words.targets_of(command))
        if column == 3:
            stages = set(command.counts())
            text = self.words.progress(command)
            if stages & TROUBLE:
                return Cell(text, "mark", Severity.MEDIUM)
            return Cell(text, "strong" if running else "dim")
        if column == 4:
            who = self.tr("application") if command.automatic else command.operator
            return Cell(f"{who} · {command.console}", "dim")
        until = command.expires
        return Cell("" if until is None else words.moment(until, max(now, until)), "time")

    def _on_changed(self, changed: frozenset[str]) -> None:
        if not self._later.isActive():
            self._later.start(SOON_MS)


class CommandList(QTableView):
    """The commands as rows; says why when there are none."""

    def __init__(self, table: CommandTable, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self.setModel(table)
        self.setItemDelegate(RowDelegate(look, self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setAccessibleName(self.tr("Commands"))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(TABLE_ROW)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for place, width in enumerate(WIDTHS):
            mode = QHeaderView.ResizeMode.Fixed if width else QHeaderView.ResizeMode.Stretch
            header.setSectionResizeMode(place, mode)
            if width:
                header.resizeSection(place, width)
        look.changed.connect(self.viewport().update)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.model().rowCount():
            return
        painter = QPainter(self.viewport())
        painter.setPen(self._look.theme.dim)
        painter.setFont(font(BASE, QFont.Weight.Normal))
        text = self.tr(
            "No command has been given. Select an object: its commands are in the inspector "
            "and in the map's context menu."
        )
        box = self.viewport().rect().adjusted(12, 12, -12, -12)
        painter.drawText(box, Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap, text)
        painter.end()


class CommandDetail(QFrame):
    """The chosen command: every target, and what may be done about it."""

    retry_wanted = Signal(object)
    cancel_wanted = Signal(object)
    show_wanted = Signal(object)

    def __init__(self, operations: Operations, hub: Hub, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._operations = operations
        self._words = CommandWords(look, hub.picture)
        self.command: Command | None = None
        self.setFixedWidth(DETAIL_WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 10, 16, 10)
        column.setSpacing(6)
        self.title = PlainLabel("", self)
        self.title.setFont(bold())
        self.targets = PlainLabel("", self, name="dim")
        self.reason = PlainLabel("", self, name="dim")
        self.progress = Progress(hub, look, self._words, self)
        for widget in (self.title, self.targets, self.reason):
            column.addWidget(widget)
        column.addWidget(self.progress)
        column.addStretch(1)
        self.show_button = self._button(self.tr("Show on the map"), self.show_wanted.emit)
        self.cancel_button = self._button(self.tr("Cancel it"), self.cancel_wanted.emit)
        self.retry_button = self._button(self.tr("Retry the failed ones…"), self.retry_wanted.emit)
        row = QHBoxLayout()
        row.setSpacing(6)
        for button in (self.show_button, self.cancel_button, self.retry_button):
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        self.show_command(None)

    def show_command(self, command: Command | None) -> None:
        """Show a command, or none."""
        self.command = command
        self.setVisible(command is not None)
        if command is None:
            return
        words = self._words
        self.title.setText(words.order(command.layer, command.action, command.arguments))
        self.targets.setText(words.targets_of(command))
        parts = [self.tr("Reason: {0}").format(command.reason)] if command.reason else []
        parts += [self.tr("With {0}").format(command.approver)] if command.approver else []
        self.reason.setText(" · ".join(parts))
        self.reason.setVisible(bool(parts))
        self.progress.show_command(command)
        may = may_command(self._operations.operator, command.layer)
        waits = step_of(command) in (Step.SELECTING, Step.CONFIRM, Step.APPROVAL)
        self.cancel_button.setVisible(may and waits)
        self.retry_button.setVisible(may and command.final and bool(failed_targets(command)))

    def _button(self, text: str, wanted: Callable[[object], object]) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName("small")
        button.clicked.connect(lambda *_: wanted(self.command))
        return button


class CommandView(QWidget):
    """Table and detail beside each other."""

    retry_wanted = Signal(object)
    show_wanted = Signal(object)
    follow_wanted = Signal(object)
    counted = Signal()

    def __init__(self, operations: Operations, hub: Hub, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._operations = operations
        self.table = CommandTable(operations, hub, look, self)
        self.list = CommandList(self.table, look, self)
        self.detail = CommandDetail(operations, hub, look, self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.list, 1)
        row.addWidget(self.detail)
        self.setFocusProxy(self.list)
        self._chosen = ""
        self.list.selectionModel().currentRowChanged.connect(lambda now, _: self._choose(now.row()))
        self.list.activated.connect(lambda index: self.follow_wanted.emit(self.table.commands[index.row()]))
        self.table.modelReset.connect(self._keep)
        self.table.dataChanged.connect(lambda *_: self._keep())
        self.detail.retry_wanted.connect(self.retry_wanted)
        self.detail.show_wanted.connect(self.show_wanted)
        self.detail.cancel_wanted.connect(lambda command: operations.cancel(command.id))
        operations.operator_changed.connect(self._keep)

    def choose(self, command: str) -> None:
        """Bring a command to the front."""
        self.table.reload()
        self._chosen = command
        self._keep()

    def _choose(self, place: int) -> None:
        if 0 <= place < len(self.table.commands):
            command = self.table.commands[place]
            self._chosen = command.id
            self.detail.show_command(command)

    def _keep(self) -> None:
        self.counted.emit()
        places = [i for i, each in enumerate(self.table.commands) if each.id == self._chosen]
        if not places:
            self.detail.show_command(None)
            return
        if self.list.currentIndex().row() != places[0]:
            self.list.selectRow(places[0])
        self.detail.show_command(self.table.commands[places[0]])
