"""The log of acts as rows, newest first, read page by page; and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlite_utils
from qtpy.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from desktop.hub import Hub
from desktop.panels.look import Look
from desktop.panels.names import label_of
from desktop.panels.parts import plain_tip
from desktop.panels.tables import CELL, Cell
from desktop.panels.wording import one_line
from desktop.work import audit
from desktop.work.audit import AuditFilter, Recorded
from desktop.work.picture import ObjectKey
from layers.definition import Severity

if TYPE_CHECKING:
    from desktop.operations import Operations

Index = QModelIndex | QPersistentModelIndex
PAGE = 200
"""Entries read at a time."""
NUMBER, TIME, PERSON, WHAT, TARGET, RESULT, CHANGE, REASON = range(8)
RISKY = "=+-@\t\r"
"""A cell that begins with one of these is a formula to a spreadsheet."""
translate = QCoreApplication.translate


class AuditTable(QAbstractTableModel):
    """Entries that pass `wanted`; more are read when the end is reached."""

    read_failed = Signal(str)

    def __init__(self, operations: Operations, hub: Hub, look: Look, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._operations, self._hub, self._look = operations, hub, look
        self.wanted = AuditFilter()
        self.entries: list[Recorded] = []
        self.ended = False
        self._round, self._asking = 0, False

    def titles(self) -> Sequence[str]:
        """The columns' titles."""
        return (
            self.tr("No."),
            self.tr("Time"),
            self.tr("Who"),
            self.tr("What"),
            self.tr("Target"),
            self.tr("Result"),
            self.tr("Before → after"),
            self.tr("Reason"),
        )

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.entries)

    def columnCount(self, parent: Index | None = None) -> int:
        return REASON + 1

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.titles()[section].upper()
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self.entries):
            return None
        if role not in (CELL, Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        cell = self.cell(self.entries[index.row()], index.column())
        if role == CELL:
            return cell
        return plain_tip(cell.text) if role == Qt.ItemDataRole.ToolTipRole else cell.text

    def cell(self, recorded: Recorded, column: int) -> Cell:
        """What stands in a column for an entry."""
        entry = recorded.entry
        if column == NUMBER:
            return Cell(self._look.words.number(recorded.seq), "dim")
        if entry is None:
            text = self.tr("Unreadable: {0}").format(one_line(recorded.text))
            return Cell(text, "mark", Severity.MEDIUM) if column == WHAT else Cell("")
        if column == TIME:
            return Cell(self._look.words.moment(entry.time, self._hub.clock()), "time")
        if column == PERSON:
            who = entry.operator or self.tr("application")
            also = f" + {entry.approver}" if entry.approver else ""
            return Cell(f"{who}{also} · {entry.console}" if entry.console else f"{who}{also}")
        if column == WHAT:
            return Cell(what_words(entry.what), "strong")
        if column == TARGET:
            several = len(entry.after.get("targets", ())) if isinstance(entry.after, dict) else 0
            return Cell(self._target(entry.target, several))
        if column == RESULT:
            return Cell(entry.result, "plain" if entry.result.startswith("refused") else "dim")
        if column == CHANGE:
            return Cell(change_text(entry.before, entry.after), "dim")
        return Cell(one_line(entry.reason))

    def restart(self) -> None:
        """Read from the newest entry again."""
        self._round += 1
        self._asking, self.ended = False, False
        self._ask(None)

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and bool(self.entries) and not self.ended and not self._asking

    def fetchMore(self, parent: Index) -> None:
        self._ask(self.entries[-1].seq)

    def question(self, before: int | None, limit: int) -> Callable[[sqlite_utils.Database], list[Recorded]]:
        """What is asked of work.db for one page."""
        wanted = self.wanted
        return lambda db: audit.page(db, wanted, before, limit)

    def as_csv(self, entries: Iterable[Recorded]) -> str:
        """Entries as CSV with a heading, semicolons in French as spreadsheets there expect."""
        out = io.StringIO()
        writer = csv.writer(out, delimiter=";" if self._look.words.french else ",")
        writer.writerow([*self.titles(), self.tr("Entry")])
        for each in entries:
            cells = [self.cell(each, column).text for column in range(PERSON, REASON + 1)]
            moment = ""
            if each.entry is not None:
                moment = datetime.fromtimestamp(each.entry.time).astimezone().isoformat(timespec="seconds")
            writer.writerow([each.seq, moment, *(harmless(it) for it in cells), harmless(each.text)])
        return out.getvalue()

    def _target(self, target: str, several: int) -> str:
        layer, _, identifier = target.partition("/")
        definition = self._hub.picture.layers.get(layer)
        if definition is None or not identifier:
            return target
        if several > 1:
            return f"{self._look.title(definition)} · {self._look.words.number(several)}"
        kind = definition.singular.localized(self._look.locale)
        return f"{kind} · {label_of(self._hub.picture, ObjectKey(layer, identifier))}"

    def _ask(self, before: int | None) -> None:
        asked, self._asking = self._round, True

        def answer(found: list[Recorded]) -> None:
            if asked == self._round:
                self._take(found, before is None)

        self._operations.ask(self.question(before, PAGE), answer, self._on_failure)

    def _take(self, found: list[Recorded], fresh: bool) -> None:
        self._asking = False
        self.ended = len(found) < PAGE
        if fresh:
            self.beginResetModel()
            self.entries = list(found)
            self.endResetModel()
        elif found:
            first = len(self.entries)
            self.beginInsertRows(QModelIndex(), first, first + len(found) - 1)
            self.entries.extend(found)
            self.endInsertRows()

    def _on_failure(self, error: Exception) -> None:
        self._asking = False
        self.read_failed.emit(str(error))


def change_text(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """What the act changed: « level 100 → 50 »."""
    names = dict.fromkeys([*after, *before])
    parts = []
    for name in names:
        if name in before and name in after:
            parts.append(f"{name} {before[name]} → {after[name]}")
        elif name in after:
            parts.append(f"{name} {after[name]}")
    return one_line(", ".join(parts))


def what_words(what: str) -> str:
    """The operator's words for a kind of act; a kind that is not known is shown as it stands."""
    return kinds().get(what, what.replace("-", " "))


def kinds() -> dict[str, str]:
    """The kinds of acts, in the operator's words."""
    return {
        "sign-in": translate("AuditTable", "Sign-in"),
        "sign-out": translate("AuditTable", "Sign-out"),
        "command-intent": translate("AuditTable", "Command asked"),
        "command-result": translate("AuditTable", "Command ended"),
        "command-refused": translate("AuditTable", "Command refused"),
        "command-approval": translate("AuditTable", "Second person asked"),
        "command-cancel": translate("AuditTable", "Command cancelled"),
        "approval-grant": translate("AuditTable", "Second person agreed"),
        "approval-refuse": translate("AuditTable", "Second person declined"),
        "take-over": translate("AuditTable", "Taken over"),
        "acknowledge": translate("AuditTable", "Alarm acknowledged"),
        "shelve": translate("AuditTable", "Alarm shelved"),
        "unshelve": translate("AuditTable", "Alarm put back"),
        "suppress": translate("AuditTable", "Alarms masked"),
        "unsuppress": translate("AuditTable", "Alarms no longer masked"),
    }


def harmless(text: str) -> str:
    """A CSV cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] and text[0] in RISKY else text
