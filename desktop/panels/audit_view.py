"""The tab of the log: who did what to which object, filtered, exported, and whether its chain holds."""

from __future__ import annotations

import threading
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import sqlite_utils
from qtpy.QtCore import Qt, QTimer, Signal
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
from desktop.map.selection import Selection
from desktop.panels.alarm_filters import Chooser
from desktop.panels.audit_table import NUMBER, RESULT, TIME, WHAT, AuditTable, kinds
from desktop.panels.look import ROW, Look
from desktop.panels.parts import PlainLabel
from desktop.panels.table_view import RowDelegate
from desktop.panels.wording import DAY, HOUR
from desktop.store.audit_verify import Verdict, verify
from desktop.store.errors import StoreError
from desktop.work.audit import AuditFilter, Recorded
from desktop.work.operators import Right

if TYPE_CHECKING:
    from desktop.operations import Operations

MOST_EXPORTED = 200_000
TYPING_MS, LATER_MS = 200, 1000
WIDTHS = {NUMBER: 84, TIME: 130, WHAT: 170, RESULT: 170}


class AuditView(QWidget):
    """Filters, the entries, the chain's state."""

    _verified = Signal(object)
    """From the thread that reads the whole chain."""

    def __init__(
        self,
        operations: Operations,
        hub: Hub,
        selection: Selection,
        look: Look,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._operations, self._hub, self._selection, self._look = operations, hub, selection, look
        self.table = AuditTable(operations, hub, look, self)
        self.view = QTableView(self)
        self._dress_view()
        self.message = PlainLabel("", self, name="dim")
        self.message.setContentsMargins(12, 6, 12, 6)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar())
        column.addWidget(self.message)
        column.addWidget(self.view, 1)
        column.addStretch(0)
        self.setFocusProxy(self.view)
        self._later = QTimer(self, singleShot=True, interval=LATER_MS)
        self._later.timeout.connect(self.apply)
        self.table.modelReset.connect(self._say)
        self.table.read_failed.connect(self._tell)
        self._verified.connect(self._on_verdict)
        operations.operator_changed.connect(self._on_operator)
        operations.commands_changed.connect(lambda _: self._news())
        operations.alarms_changed.connect(lambda _: self._news())
        self._on_operator()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.apply()

    @property
    def readable(self) -> bool:
        """Whether the person at the desk may read the log."""
        return self._operations.operator.may(Right.READ_AUDIT)

    def apply(self) -> None:
        """Read again with the filters as they are."""
        if not self.readable or not self.isVisible():
            return
        hours = next(iter(self.period.values), "")
        key = self._selection.current if self.only_selected.isChecked() else None
        self.table.wanted = AuditFilter(
            operator=next(iter(self.person.values), ""),
            what=next(iter(self.what.values), ""),
            target="" if key is None else f"{key.layer}/{key.id}",
            text=self.text.text().strip(),
            since=self._hub.clock() - int(hours) * HOUR if hours else None,
        )
        self.table.restart()

    def export(self, file: Path) -> None:
        """Write every entry that passes the filters as CSV."""

        def write(found: list[Recorded]) -> None:
            try:
                file.write_text(self.table.as_csv(found), encoding="utf-8-sig", newline="")
            except OSError as error:
                self._tell(str(error))
                return
            number = self._look.words.number(len(found))
            self._tell(self.tr("{0} entries written to {1}").format(number, file.name))

        failed = self.table.read_failed.emit
        self._operations.ask(self.table.question(None, MOST_EXPORTED), write, lambda it: failed(str(it)))

    def check(self) -> None:
        """Verify the chain, its segments and its anchors; read aside, so that nobody waits."""
        self.chain.setText(self.tr("Verifying…"))
        self.check_button.setEnabled(False)
        self._operations.ask(_file_of, self._check_file, lambda it: self._verified.emit(str(it)))

    def _check_file(self, path: Path) -> None:
        def read() -> None:
            try:
                self._verified.emit(verify(path))
            except StoreError as error:
                self._verified.emit(str(error))

        threading.Thread(target=read, daemon=True).start()

    def _on_verdict(self, verdict: Verdict | str) -> None:
        self.check_button.setEnabled(True)
        fine = isinstance(verdict, Verdict) and verdict.fine
        if isinstance(verdict, str):
            text = verdict
        elif fine:
            number = self._look.words.number(verdict.entries)
            at = self._look.words.clock(self._hub.clock())
            text = self.tr("Chain whole: {0} entries verified at {1}").format(number, at)
        else:
            text = self.tr("Chain broken: {0}").format(str(verdict.findings[0]))
        self.chain.setText(text)
        self.chain.setStyleSheet("" if fine else f"color: {self._look.theme.p1.name()}")

    def _bar(self) -> QWidget:
        bar = QWidget(self)
        row = QHBoxLayout(bar)
        row.setContentsMargins(12, 6, 12, 6)
        row.setSpacing(6)
        self._make_filters()
        for chooser in (self.period, self.person, self.what):
            chooser.chosen.connect(self.apply)
            row.addWidget(chooser)
        row.addWidget(self.only_selected)
        row.addWidget(self.text, 2)
        row.addStretch(1)
        self.chain = PlainLabel("", self, name="dim")
        row.addWidget(self.chain, 2)
        self.check_button = self._button(self.tr("Verify the chain"))
        self.check_button.clicked.connect(lambda _: self.check())
        self.save = self._button(self.tr("Export…"))
        self.save.clicked.connect(lambda _: self._ask_file())
        row.addWidget(self.check_button)
        row.addWidget(self.save)
        self.bar = bar
        return bar

    def _make_filters(self) -> None:
        self.period = Chooser(self.tr("Period"), False, self)
        hours = DAY // HOUR
        self.period.offer(
            {
                "8": self.tr("8 hours"),
                str(hours): self.tr("24 hours"),
                str(7 * hours): self.tr("7 days"),
                str(30 * hours): self.tr("30 days"),
            }
        )
        self.person = Chooser(self.tr("Person"), False, self)
        self.person.offer({each.name: each.name for each in self._operations.operators})
        self.what = Chooser(self.tr("Act"), False, self)
        self.what.offer(kinds())
        self.only_selected = self._button(self.tr("Selected object"))
        self.only_selected.setCheckable(True)
        self.only_selected.toggled.connect(lambda _: self.apply())
        self._selection.changed.connect(lambda: self.apply() if self.only_selected.isChecked() else None)
        self.text = QLineEdit(self)
        self.text.setPlaceholderText(self.tr("Filter by any word"))
        self.text.setAccessibleName(self.text.placeholderText())
        self.text.setClearButtonEnabled(True)
        self.text.setMaximumWidth(240)
        typed = QTimer(self, singleShot=True, interval=TYPING_MS)
        typed.timeout.connect(self.apply)
        self.text.textChanged.connect(lambda _: typed.start())

    def _button(self, text: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName("small")
        return button

    def _dress_view(self) -> None:
        view = self.view
        view.setModel(self.table)
        view.setItemDelegate(RowDelegate(self._look, view))
        view.setAccessibleName(self.tr("Log"))
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setFrameShape(QFrame.Shape.NoFrame)
        view.setShowGrid(False)
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
        for column, width in WIDTHS.items():
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            view.setColumnWidth(column, width)

    def _ask_file(self) -> None:
        name = f"vigie-{self.tr('log')}-{datetime.fromtimestamp(self._hub.clock()):%Y-%m-%d}.csv"
        chosen, _ = QFileDialog.getSaveFileName(self, self.tr("Export the log"), name, "CSV (*.csv)")
        if chosen:
            self.export(Path(chosen))

    def _on_operator(self) -> None:
        for widget in (self.bar, self.view):
            widget.setVisible(self.readable)
        if self.readable:
            self.person.offer({each.name: each.name for each in self._operations.operators})
            self._tell("")
            self.apply()
        else:
            self._tell(self.tr("The log is read by supervisors: sign in as one."))

    def _news(self) -> None:
        # Who has read further down is not thrown back to the top.
        top = self.view.verticalScrollBar().value() == 0
        if self.isVisible() and top and not self._later.isActive():
            self._later.start()

    def _say(self) -> None:
        if self.table.entries:
            self._tell("")
        elif self.table.wanted == AuditFilter():
            self._tell(self.tr("Nothing has been recorded yet: every act of an operator will stand here."))
        else:
            self._tell(self.tr("Nothing in the log passes these filters."))

    def _tell(self, text: str) -> None:
        self.message.setText(text)
        self.message.setVisible(bool(text))


def _file_of(db: sqlite_utils.Database) -> Path:
    """The file of the database that answers."""
    return Path(next(file for _, name, file in db.conn.execute("PRAGMA database_list") if name == "main"))
