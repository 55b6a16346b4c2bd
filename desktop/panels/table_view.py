"""How tables of objects look and are used: tall rows, marks in colour, Enter flies there."""

from __future__ import annotations

from collections.abc import Callable

from qtpy.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, QPointF, QRectF, Qt, Signal
from qtpy.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from qtpy.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from desktop.map.selection import Selection
from desktop.panels.look import BASE, MONO, TABLE, TABLE_ROW, Look, elided, font
from desktop.panels.marks import paint_mark, paint_quality
from desktop.panels.tables import CELL, Cell, ObjectTable
from desktop.work.picture import ObjectKey
from layers.definition import Severity
from layers.model import Quality

Index = QModelIndex | QPersistentModelIndex
PAD = 12
LEAST = 72


class RowDelegate(QStyledItemDelegate):
    """Paints one cell; the first of a selected row carries the accent bar."""

    def __init__(self, look: Look, view: QTableView) -> None:
        super().__init__(view)
        self._look, self._view = look, view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        cell, theme, rect = index.data(CELL), self._look.theme, QRectF(option.rect)
        if not isinstance(cell, Cell):
            return
        painter.save()
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected:
            painter.fillRect(rect, theme.raised)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, theme.blended("text", "panel", 0.04))
        painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), theme.line)
        if selected and index.column() == 0:
            painter.fillRect(QRectF(rect.left(), rect.top(), 2, rect.height() - 1), theme.accent)
        inner = rect.adjusted(PAD, 0, -4, -1)
        if cell.kind == "mark":
            inner = self._paint_mark(painter, cell, inner)
        self._write(painter, cell, inner)
        if self._view.hasFocus() and index.row() == self._view.currentIndex().row():
            self._paint_focus(painter, rect, index)
        painter.restore()

    def _paint_focus(self, painter: QPainter, rect: QRectF, index: Index) -> None:
        """The accent line around the keyboard's row, as far as it runs through this cell."""
        accent, last = self._look.theme.accent, index.model().columnCount() - 1
        painter.fillRect(QRectF(rect.left(), rect.top(), rect.width(), 1), accent)
        painter.fillRect(QRectF(rect.left(), rect.bottom() - 2, rect.width(), 1), accent)
        if index.column() == last:
            painter.fillRect(QRectF(rect.right() - 1, rect.top(), 1, rect.height() - 1), accent)
        elif index.column() == 0:
            painter.fillRect(QRectF(rect.left(), rect.top(), 2, rect.height() - 1), accent)

    def _paint_mark(self, painter: QPainter, cell: Cell, inner: QRectF) -> QRectF:
        theme = self._look.theme
        center, color = QPointF(inner.left() + 6, inner.center().y()), theme.severity_color(cell.severity)
        if cell.quality is not Quality.GOOD and cell.severity is Severity.NORMAL:
            paint_quality(painter, cell.quality, center, 4.0, theme.normal)
        else:
            size = 11.0 if cell.severity is not Severity.NORMAL else 7.0
            paint_mark(painter, cell.severity, center, size, color)
        return inner.adjusted(20, 0, 0, 0)

    def _write(self, painter: QPainter, cell: Cell, inner: QRectF) -> None:
        theme, color = self._look.theme, self._look.theme.text
        face = font(TABLE)
        if cell.kind == "strong":
            face = font(TABLE, QFont.Weight.DemiBold)
        elif cell.kind == "time":
            face = font(BASE - 1, family=MONO)
        elif cell.kind == "dim":
            color = theme.dim
        elif cell.kind == "mark" and cell.severity is not Severity.NORMAL:
            face, color = font(TABLE, QFont.Weight.DemiBold), theme.severity_color(cell.severity)
        painter.setFont(face)
        painter.setPen(color)
        painter.drawText(
            inner, Qt.AlignmentFlag.AlignVCenter, elided(cell.text, inner.width(), QFontMetrics(face))
        )


class ObjectView(QTableView):
    """A table of objects that follows the selection and makes it. `empty` says why there is nothing in it."""

    opened = Signal(object)
    """Enter, or a double click: fly to this object."""

    def __init__(
        self,
        model: ObjectTable,
        selection: Selection,
        look: Look,
        empty: Callable[[], str],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._table, self._selection, self._look, self.why_empty = model, selection, look, empty
        self._following, self._spreading, self._dragged = False, False, False
        self._fixed: list[int] = []
        self._scrolled = 0
        self._stood: ObjectKey | None = None
        self._shares: list[int] = []
        self.setModel(model)
        self.setItemDelegate(RowDelegate(look, self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().setVisible(False)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(TABLE_ROW)
        self.selectionModel().selectionChanged.connect(self._on_rows)
        selection.changed.connect(lambda: self.follow())
        model.modelAboutToBeReset.connect(self._keep_place)
        model.modelReset.connect(self._find_place)
        self._dress_header()
        self.clicked.connect(self._on_click)
        self.doubleClicked.connect(self._on_click)

    def _dress_header(self) -> None:
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setStretchLastSection(True)
        header.setFixedHeight(26)
        header.setMinimumSectionSize(48)
        header.sectionResized.connect(self._on_drag)

    def set_widths(self, fixed: list[int], shares: list[int]) -> None:
        """Widths in pixels of the first columns, and the shares of the rest among the others.

        They follow the width of the table until the operator drags a column.
        """
        self._fixed, self._shares = fixed, shares
        self._spread()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._spread()

    def follow(self, reveal: bool = True) -> None:
        """Show in the table what is selected elsewhere; `reveal` scrolls to it."""
        chosen = [row for key in self._selection.keys if (row := self._table.row_of(key)) >= 0]
        self._following = True
        model = self.selectionModel()
        model.clearSelection()
        rows = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        for row in chosen[:500]:
            model.select(self._table.index(row, 0), rows)
        if chosen:
            index = self._table.index(chosen[-1], 0)
            model.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
            if reveal:
                self.scrollTo(index)
        self._following = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = self._table.key_at(self.currentIndex().row())
        if key is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(key)
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._table.rowCount():
            return
        painter = QPainter(self.viewport())
        painter.setFont(font(BASE))
        painter.setPen(self._look.theme.dim)
        box = QRectF(self.viewport().rect()).adjusted(PAD, PAD, -PAD, -PAD)
        painter.drawText(
            box,
            int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap),
            self.why_empty(),
        )
        painter.end()

    def _on_rows(self) -> None:
        if self._following:
            return
        rows = sorted({index.row() for index in self.selectionModel().selectedRows()})
        keys: list[ObjectKey] = [key for row in rows if (key := self._table.key_at(row)) is not None]
        current = self._table.key_at(self.currentIndex().row())
        if current in keys:
            keys = [*(key for key in keys if key != current), current]
        self._selection.set(keys)

    def _spread(self) -> None:
        room = self.viewport().width() - sum(self._fixed)
        if self._dragged or not self._shares or room <= 0:
            return
        self._spreading = True
        widths = [*self._fixed, *(room * share // sum(self._shares) for share in self._shares)]
        for column, width in enumerate(widths[:-1]):
            self.setColumnWidth(column, max(LEAST, width))
        self._spreading = False

    def _on_drag(self, column: int, before: int, after: int) -> None:
        last = self._table.columnCount() - 1
        self._dragged |= not self._spreading and column != last and self.isVisible()

    def _keep_place(self) -> None:
        self._scrolled = self.verticalScrollBar().value()
        self._stood = self._table.key_at(self.currentIndex().row())

    def _find_place(self) -> None:
        # News arrive while the operator reads: neither the scroll nor the keyboard's row may jump.
        self.follow(reveal=False)
        row = -1 if self._stood is None else self._table.row_of(self._stood)
        if row >= 0:
            flag = QItemSelectionModel.SelectionFlag.NoUpdate
            self.selectionModel().setCurrentIndex(self._table.index(row, 0), flag)
        self.verticalScrollBar().setValue(self._scrolled)

    def _on_click(self, index: Index) -> None:
        key = self._table.key_at(index.row())
        if key is not None and len(self._selection) == 1:
            self.opened.emit(key)
