"""One box for everything that can be gone to or done: assets, streets, communes, coordinates, commands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import sqlite_utils
from qtpy.QtCore import QEvent, QModelIndex, QObject, QPoint, QRectF, Qt, QTimer, Signal
from qtpy.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from qtpy.QtWidgets import QAbstractItemView, QFrame, QLineEdit, QListView, QVBoxLayout, QWidget

from desktop.hub import Hub
from desktop.mercator import to_wgs84
from desktop.panels.commands import Commands
from desktop.panels.look import SMALL, Look, font
from desktop.panels.names import COMMUNES, commune_name
from desktop.panels.places import read_place
from desktop.panels.search_results import (
    RESULT_ROW,
    TITLE_ROW,
    Result,
    ResultDelegate,
    ResultModel,
    action_result,
    folded,
    matching_actions,
)
from desktop.store.search import Hit, search
from desktop.work.picture import ObjectKey
from layers.model import Quality

DEBOUNCE_MS = 60
FOUND, COMMANDS_SHOWN, ROWS_SHOWN = 40, 6, 14
OF_A_KIND = {"commune": 3, "street": 4, "address": 4, "asset": 8}
"""Results of each kind shown when there are several kinds: none may push another out of sight."""


class Results(QFrame):
    """The list under the box. It never takes the keyboard: the box does."""

    def __init__(self, look: Look, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("popover")
        self.model = ResultModel(self)
        self.view = QListView(self)
        self.view.setModel(self.model)
        self.view.setItemDelegate(ResultDelegate(self.model, look))
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setMouseTracking(True)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.entered.connect(self._hover)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 4, 1, 4)
        column.addWidget(self.view)
        self.hide()

    def show_results(self, results: Sequence[Result], at: QPoint, width: int) -> None:
        """Show the lines with their top left corner there (window pixels)."""
        self.model.show(results)
        shown = results[:ROWS_SHOWN]
        height = sum(TITLE_ROW if it.heading else RESULT_ROW for it in shown) + 10
        self.setGeometry(at.x(), at.y(), width, height)
        self.show()
        self.raise_()
        self.choose(1)

    def choose(self, step: int, restart: bool = True) -> None:
        """Choose the first line (`restart`), or the next one in a direction."""
        row = self.model.next_row(-1 if restart else self.view.currentIndex().row(), step)
        self.view.setCurrentIndex(self.model.index(row) if row >= 0 else QModelIndex())
        if row == 1:
            self.view.scrollToTop()

    @property
    def chosen(self) -> Result | None:
        """The line chosen now."""
        index = self.view.currentIndex()
        return self.model.results[index.row()] if index.isValid() else None

    def _hover(self, index: QModelIndex) -> None:
        if index.flags() & Qt.ItemFlag.ItemIsSelectable:
            self.view.setCurrentIndex(index)


class SearchBox(QLineEdit):
    """Ctrl+K, type, arrows, Enter; Escape closes."""

    chosen = Signal(object)
    """The `Result` to go to. Commands have already run."""

    def __init__(
        self,
        hub: Hub,
        commands: Commands,
        look: Look,
        center: Callable[[], tuple[float, float]],
        window: QWidget,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._hub, self._commands, self._look, self._window = hub, commands, look, window
        self._center = center
        self.setPlaceholderText(self.tr("Search equipment, address, commune…"))
        self.setAccessibleName(self.tr("Search and commands"))
        self.setObjectName("search")
        self.setMinimumWidth(200)
        self.setMaxLength(200)
        self.results = Results(look, window)
        self.results.view.clicked.connect(self._on_click)
        self._round = 0
        self._later = QTimer(self, interval=DEBOUNCE_MS, singleShot=True)
        self._later.timeout.connect(self.search_now)
        self.textEdited.connect(lambda _: self._later.start())
        window.installEventFilter(self)

    def open(self) -> None:
        """Take the keyboard and show the commands."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()
        self.search_now()

    def search_now(self) -> None:
        """Search what is typed."""
        self._later.stop()
        self._round += 1
        asked, text, near = self._round, self.text().strip(), self._center()
        if not text:
            self._show(self._command_lines("", 40))
            return

        def question(db: sqlite_utils.Database) -> list[Hit]:
            return search(db, text, limit=FOUND, near=near)

        def answer(hits: list[Hit]) -> None:
            if asked == self._round and self.hasFocus():
                self._show(self._lines(text, hits))

        self._hub.ask(question, answer, lambda _: answer([]))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self.results.isVisible():
            self.results.choose(1 if key == Qt.Key.Key_Down else -1, restart=False)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter()
        elif key == Qt.Key.Key_Escape:
            self.close_results()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() == Qt.FocusReason.MouseFocusReason:
            self.search_now()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._round += 1
        self._later.stop()
        self.results.hide()

    def close_results(self) -> None:
        """Close the list, empty the box and give the keyboard back to the window."""
        self.clear()
        self.results.hide()
        self.clearFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window and event.type() == QEvent.Type.Resize:
            self.results.hide()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.text() or self.width() < 260:
            return
        painter, theme = QPainter(self), self._look.theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(SMALL))
        words = self._commands["search"].shortcut().toString()
        width = painter.fontMetrics().horizontalAdvance(words) + 12
        box = QRectF(self.width() - width - 7.5, (self.height() - 20) / 2 + 0.5, width, 19)
        painter.setPen(QPen(theme.line, 1.0))
        painter.drawRoundedRect(box, 3, 3)
        painter.setPen(theme.dim)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
        painter.end()

    def _enter(self) -> None:
        if self._later.isActive() or not self.results.isVisible():
            self.search_now()
            return
        self._take(self.results.chosen)

    def _on_click(self, index: QModelIndex) -> None:
        self._take(self.results.model.results[index.row()])

    def _take(self, result: Result | None) -> None:
        if result is None or result.heading:
            return
        self.close_results()
        if result.command:
            self._commands[result.command].trigger()
        else:
            self.chosen.emit(result)

    def _show(self, results: Sequence[Result]) -> None:
        if not self.hasFocus() and not self._window.isActiveWindow():
            return
        at = self.mapTo(self._window, QPoint(0, self.height() + 4))
        shown = results or [
            Result(title=self.tr("No object, street, commune or command is called that"), heading=True)
        ]
        self.results.show_results(shown, at, self.width())

    def _lines(self, text: str, hits: Sequence[Hit]) -> list[Result]:
        place = read_place(text)
        lines: list[Result] = []
        if place is not None:
            words = self._look.words.degrees(*to_wgs84(*place))
            lines += [Result(title=self.tr("Coordinates"), heading=True), Result(title=words, place=place)]
        kinds = {
            "commune": self.tr("Communes"),
            "street": self.tr("Streets"),
            "address": self.tr("Addresses"),
            "asset": self.tr("Equipment and operations"),
        }
        ordered = sorted(kinds, key=lambda kind: _best(hits, kind))
        mixed = len({hit.kind for hit in hits}) > 1
        for kind in ordered:
            found = [self._hit(hit) for hit in hits if hit.kind == kind][: OF_A_KIND[kind] if mixed else None]
            if found:
                lines += [Result(title=kinds[kind], heading=True), *found]
        return lines + self._command_lines(text, COMMANDS_SHOWN)

    def _hit(self, hit: Hit) -> Result:
        layer = self._hub.picture.layers.get(hit.layer) if hit.kind in ("asset", "commune") else None
        kind = (
            layer.singular.localized(self._look.locale) if layer is not None and hit.kind == "asset" else ""
        )
        detail = " · ".join(it for it in (kind, self._subtitle(hit)) if it)
        key = ObjectKey(hit.layer, hit.id) if layer is not None else None
        place = None if key is None else self._hub.picture.place(key)
        symbol = None
        if place is not None:
            table, row = place
            symbol = (table.definition, int(table.state[row]), Quality(int(table.quality[row])))
        return Result(
            title=hit.title,
            subtitle=detail,
            key=key,
            place=(hit.x, hit.y),
            bounds=hit.bounds,
            matched=hit.matched,
            symbol=symbol,
        )

    def _subtitle(self, hit: Hit) -> str:
        parts = [it.strip() for it in hit.subtitle.split("·")]
        parts = [it for it in parts if folded(it) != folded(hit.title)]
        known = self._hub.picture.table(COMMUNES) is not None
        return " · ".join(commune_name(self._hub.picture, it) if known else it for it in parts if it)

    def _command_lines(self, text: str, limit: int) -> list[Result]:
        found: Iterable[Result] = map(action_result, matching_actions(self._commands, text)[:limit])
        lines = [it for it in found if it.command != "search"]
        return [Result(title=self.tr("Commands"), heading=True), *lines] if lines else []


def _best(hits: Sequence[Hit], kind: str) -> int:
    return next((place for place, hit in enumerate(hits) if hit.kind == kind), len(hits))
