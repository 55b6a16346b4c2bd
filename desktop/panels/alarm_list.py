"""The alarm list as it is seen and used: dense rows, Enter flies, Right opens a cause, A acknowledges."""

from __future__ import annotations

from collections.abc import Callable

from qtpy.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, QPointF, QRectF, Qt, Signal
from qtpy.QtGui import QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from qtpy.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from desktop.map.selection import Selection
from desktop.panels.alarm_table import PRIORITY, STATE, TITLE, AlarmCell, AlarmTable
from desktop.panels.look import BASE, MONO, ROW, SMALL, Look, elided, font
from desktop.panels.marks import mark_path, paint_chevron
from desktop.panels.table_view import LEAST, PAD, RowDelegate
from desktop.panels.tables import CELL, Cell
from desktop.work.picture import ObjectKey
from layers.definition import Severity
from layers.model import Quality

Index = QModelIndex | QPersistentModelIndex
WIDTHS = (92, 104)
SHARES = (10, 6, 4, 4, 6)
INDENT = 20.0
CHEVRON = 22.0
MOST = 500
"""Objects that are made the selection of the map at most."""


class AlarmDelegate(RowDelegate):
    """Unacknowledged is bold, cleared is struck through, a child stands in from its cause."""

    def _paint_mark(self, painter: QPainter, cell: Cell, inner: QRectF) -> QRectF:
        hollow = isinstance(cell, AlarmCell) and cell.struck
        if not hollow and cell.quality is Quality.GOOD:
            return super()._paint_mark(painter, cell, inner)
        # Gone: an empty mark. Not sure: a dashed one.
        pen = QPen(self._look.theme.severity_color(cell.severity), 1.3)
        if cell.quality is not Quality.GOOD:
            pen.setDashPattern([2.0, 1.4])
        center = QPointF(inner.left() + 6, inner.center().y())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.strokePath(mark_path(cell.severity, center, 10.0), pen)
        painter.restore()
        return inner.adjusted(20, 0, 0, 0)

    def _write(self, painter: QPainter, cell: Cell, inner: QRectF) -> None:
        if not isinstance(cell, AlarmCell):
            return
        theme, color, face = self._look.theme, self._look.theme.text, font(BASE)
        if cell.loud:
            face = font(BASE, QFont.Weight.DemiBold)
        if cell.kind == "time":
            face = font(BASE - 1, family=MONO)
        elif cell.kind == "mark" and cell.severity is not Severity.NORMAL:
            face, color = font(BASE, QFont.Weight.DemiBold), theme.severity_color(cell.severity)
        elif cell.kind == "dim" or cell.struck:
            color = theme.dim
        face.setStrikeOut(cell.struck and cell.kind != "mark")
        if cell.depth and cell.kind != "mark":
            inner = inner.adjusted(INDENT, 0, 0, 0)
        metrics = QFontMetrics(face)
        room = inner.width() - (CHEVRON if cell.opened is not None else 0.0)
        text = elided(cell.text, room, metrics)
        painter.setFont(face)
        painter.setPen(color)
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter, text)
        if cell.opened is not None:
            at = QPointF(inner.left() + metrics.horizontalAdvance(text) + 13, inner.center().y() + 1)
            paint_chevron(painter, at, cell.opened, theme.text)


class AlarmList(QTableView):
    """Lines of an `AlarmTable`. Several may be chosen; the map's selection follows."""

    opened = Signal(object)
    """Enter or a click: fly to this object."""
    acknowledge_wanted = Signal()
    shelve_wanted = Signal()
    note_wanted = Signal()
    all_wanted = Signal()
    chosen = Signal()
    """Other lines are chosen."""

    def __init__(
        self, model: AlarmTable, selection: Selection, look: Look, empty: Callable[[], str], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.table, self._selection, self._look, self._empty = model, selection, look, empty
        self._following, self._spreading, self._dragged = False, False, False
        self._kept: tuple[list[str], str, int] = ([], "", 0)
        self.setModel(model)
        self.setItemDelegate(AlarmDelegate(look, self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().setVisible(False)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(ROW)
        self.verticalHeader().setDefaultSectionSize(ROW)
        self._dress_header()
        self.selectionModel().selectionChanged.connect(self._on_rows)
        selection.changed.connect(self.follow)
        model.modelAboutToBeReset.connect(self._keep_place)
        model.modelReset.connect(self._find_place)
        self.doubleClicked.connect(lambda index: self._fly(index.row()))

    def chosen_places(self) -> list[int]:
        """Places of the chosen lines, in the order of the list."""
        return sorted(index.row() for index in self.selectionModel().selectedRows())

    def chosen_keys(self) -> list[str]:
        """Keys of the alarms in the chosen lines, with what folded causes explain."""
        return self.table.keys_of(self.chosen_places())

    def choose(self, key: str) -> bool:
        """Choose the line of an alarm and scroll to it; whether it is in the list."""
        return self.choose_place(self.table.place_of(key))

    def choose_place(self, place: int) -> bool:
        """Choose the line of a place alone, whatever keys are held; whether there is such a place."""
        index = self.table.index(place, 0)
        if index.isValid():
            flag = QItemSelectionModel.SelectionFlag
            self.selectionModel().setCurrentIndex(index, flag.ClearAndSelect | flag.Rows)
            self.scrollTo(index)
        return index.isValid()

    def follow(self) -> None:
        """Show which lines are of the objects selected elsewhere, unless they already stand chosen."""
        wanted = set(self._selection.keys)
        if not self.isVisible() or wanted == self._objects(self.chosen_places()):
            return
        places = [i for i, line in enumerate(self.table.lines) if self.table.object_at(i) in wanted]
        self._choose(places, places[0] if places else -1)
        if places:
            self.scrollTo(self.table.index(places[0], 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._pressed(event):
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if event.button() != Qt.MouseButton.LeftButton or not index.isValid() or not plain:
            return
        if self._on_chevron(index, event.position().x()):
            self.table.fold(index.row(), not self.table.is_open(index.row()))
        else:
            self._fly(index.row())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._spread()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.table.rowCount():
            return
        painter = QPainter(self.viewport())
        painter.setFont(font(BASE))
        painter.setPen(self._look.theme.dim)
        box = QRectF(self.viewport().rect()).adjusted(PAD, PAD, -PAD, -PAD)
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        painter.drawText(box, int(flags), self._empty())
        painter.end()

    def _pressed(self, event: QKeyEvent) -> bool:
        place, key = self.currentIndex().row(), event.key()
        shift = event.modifiers() == Qt.KeyboardModifier.ShiftModifier
        if event.modifiers() not in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier):
            return False
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._fly(place)
        elif key == Qt.Key.Key_A:
            (self.all_wanted if shift else self.acknowledge_wanted).emit()
        elif key == Qt.Key.Key_D and not shift:
            self.shelve_wanted.emit()
        elif key == Qt.Key.Key_N and not shift:
            self.note_wanted.emit()
        elif key == Qt.Key.Key_Right:
            self._go_in(place)
        elif key == Qt.Key.Key_Left:
            self._go_out(place)
        elif key == Qt.Key.Key_Space:
            self.table.fold(place, not self.table.is_open(place))
        else:
            return False
        return True

    def _go_in(self, place: int) -> None:
        if not self.table.fold(place, True) and self.table.is_open(place):
            self.choose_place(place + 1)

    def _go_out(self, place: int) -> None:
        line = self.table.line_at(place)
        if line is not None and line.parent:
            self.choose_place(self.table.place_of(line.parent))
        else:
            self.table.fold(place, False)

    def _fly(self, place: int) -> None:
        key = self.table.object_at(place)
        if key is not None:
            self.opened.emit(key)

    def _on_chevron(self, index: Index, x: float) -> bool:
        cell = index.data(CELL)
        if index.column() != TITLE or not isinstance(cell, AlarmCell) or cell.opened is None:
            return False
        face = font(BASE, QFont.Weight.DemiBold if cell.loud else QFont.Weight.Normal)
        left, width = self.columnViewportPosition(TITLE), self.columnWidth(TITLE)
        end = min(QFontMetrics(face).horizontalAdvance(cell.text), width - PAD - 4 - CHEVRON)
        return left + PAD + end < x < left + PAD + end + CHEVRON + 8

    def _objects(self, places: list[int]) -> set[ObjectKey]:
        return {key for place in places if (key := self.table.object_at(place)) is not None}

    def _on_rows(self) -> None:
        if self._following:
            return
        places, current = self.chosen_places(), self.currentIndex().row()
        if current in places:
            places = [*(place for place in places if place != current), current]
        keys = [key for place in places[-MOST:] if (key := self.table.object_at(place)) is not None]
        self._following = True
        self._selection.set(dict.fromkeys(keys))
        self._following = False
        self.chosen.emit()

    def _choose(self, places: list[int], current: int) -> None:
        self._following = True
        model = self.selectionModel()
        model.clearSelection()
        rows = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        for place in places[:MOST]:
            model.select(self.table.index(place, 0), rows)
        if current >= 0:
            still = QItemSelectionModel.SelectionFlag.NoUpdate
            model.setCurrentIndex(self.table.index(current, 0), still)
        self._following = False
        self.chosen.emit()

    def _keep_place(self) -> None:
        lines = self.table.lines
        current = self.table.line_at(self.currentIndex().row())
        keys = [lines[place].key for place in self.chosen_places() if place < len(lines)]
        scroll = self.verticalScrollBar().value()
        self._kept = (keys, "" if current is None else current.key, scroll)

    def _find_place(self) -> None:
        # News arrive while the operator reads: neither the scroll nor the chosen lines may jump.
        keys, current, scroll = self._kept
        places = [place for key in keys if (place := self.table.place_of(key)) >= 0]
        self._choose(places, self.table.place_of(current))
        self.verticalScrollBar().setValue(scroll)

    def _dress_header(self) -> None:
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setStretchLastSection(True)
        header.setFixedHeight(ROW)
        header.setMinimumSectionSize(48)
        header.setFont(font(SMALL))
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.setSortIndicatorClearable(True)
        header.sectionResized.connect(self._on_drag)
        self.setSortingEnabled(True)

    def _spread(self) -> None:
        room = self.viewport().width() - sum(WIDTHS)
        if self._dragged or room <= 0:
            return
        self._spreading = True
        widths = [*WIDTHS, *(room * share // sum(SHARES) for share in SHARES)]
        for column, width in enumerate(widths[PRIORITY:STATE]):
            self.setColumnWidth(column, max(LEAST, width))
        self._spreading = False

    def _on_drag(self, column: int, before: int, after: int) -> None:
        self._dragged |= not self._spreading and column != STATE and self.isVisible()
