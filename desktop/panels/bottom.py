"""The panel under the map: what is abnormal, and the operations as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qtpy.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from qtpy.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from qtpy.QtWidgets import QStackedWidget, QTabBar, QVBoxLayout, QWidget

from desktop.hub import Hub
from desktop.map.selection import Selection
from desktop.panels.alarm_view import HISTORY, LIST, AlarmView
from desktop.panels.look import BASE, Look, font
from desktop.panels.marks import SPOKEN, paint_mark
from desktop.panels.onsets import Onsets
from desktop.panels.table_view import ObjectView
from desktop.panels.tables import AbnormalTable, FeatureTable
from desktop.work.picture import Changes
from layers.definition import Group, LayerDefinition, Severity

if TYPE_CHECKING:
    from desktop.operations import Operations
    from desktop.work.desks import Desk

TAB_HEIGHT = 36
ALARMS, ABNORMAL = "alarms", ""
"""Names of the tabs that are no layer's."""
LOUD = (Severity.HIGH, Severity.MEDIUM, Severity.LOW)


class Tabs(QTabBar):
    """Tabs with a count, and for the first one the marks of what is abnormal."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._counts: dict[int, list[tuple[Severity, str]]] = {}
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(True)
        self.setMouseTracking(True)
        self.setFixedHeight(TAB_HEIGHT)

    def set_counts(self, place: int, counts: list[tuple[Severity, str]]) -> None:
        """Write counts after a tab's title, each with its severity's mark."""
        if self._counts.get(place) != counts:
            self._counts[place] = counts
            spoken = " ".join(f"{SPOKEN[severity]}{text}" for severity, text in counts)
            self.setTabToolTip(place, f"{self.tabText(place)} {spoken}".strip())
            self.updateGeometry()
            self.setTabText(place, self.tabText(place))
            self.update()

    def tabSizeHint(self, index: int) -> QSize:
        width = QFontMetrics(font(BASE)).horizontalAdvance(self.tabText(index)) + 24
        for severity, text in self._counts.get(index, ()):
            width += self._count_width(severity, text)
        return QSize(width, TAB_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._look.theme
        for index in range(self.count()):
            rect, current = QRectF(self.tabRect(index)), index == self.currentIndex()
            over = self.tabRect(index).contains(self.mapFromGlobal(self.cursor().pos())) and self.underMouse()
            if current:
                painter.fillRect(rect.adjusted(0, 4, 0, -2), theme.raised)
                painter.fillRect(QRectF(rect.left(), rect.bottom() - 2, rect.width(), 2), theme.accent)
            painter.setFont(font(BASE))
            painter.setPen(theme.text if current or over else theme.dim)
            box = rect.adjusted(12, 2, 0, 0)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, self.tabText(index))
            left = box.left() + QFontMetrics(painter.font()).horizontalAdvance(self.tabText(index))
            for severity, text in self._counts.get(index, ()):
                self._paint_count(painter, severity, text, left, box)
                left += self._count_width(severity, text)
            if current and self.hasFocus():
                painter.setPen(QPen(theme.accent, 1.0))
                painter.drawRoundedRect(rect.adjusted(0.5, 4.5, -0.5, -0.5), 3, 3)
        painter.end()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def _count_width(self, severity: Severity, text: str) -> int:
        mark = 0 if severity is Severity.NORMAL else 13
        return QFontMetrics(font(BASE, QFont.Weight.DemiBold)).horizontalAdvance(text) + 7 + mark

    def _paint_count(
        self, painter: QPainter, severity: Severity, text: str, left: float, box: QRectF
    ) -> None:
        theme = self._look.theme
        color = theme.dim if severity is Severity.NORMAL else theme.severity_color(severity)
        at = left + 7
        if severity is not Severity.NORMAL:
            paint_mark(painter, severity, QPointF(at + 5, box.center().y() + 0.5), 9.0, color)
            at += 13
            painter.setFont(font(BASE, QFont.Weight.DemiBold))
        painter.setPen(color)
        painter.drawText(QRectF(at, box.top(), 100, box.height()), Qt.AlignmentFlag.AlignVCenter, text)
        painter.setFont(font(BASE))


class BottomPanel(QWidget):
    """Tabs over a stack of tables. Tables of other layers are opened from the tree."""

    opened = Signal(object)

    def __init__(
        self,
        hub: Hub,
        selection: Selection,
        onsets: Onsets,
        look: Look,
        parent: QWidget | None = None,
        operations: Operations | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._hub, self._selection, self._look = hub, selection, look
        self._places: dict[str, int] = {}
        self.tabs = Tabs(look, self)
        self.tabs.setAccessibleName(self.tr("Tables"))
        self._stack = QStackedWidget(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tabs)
        column.addWidget(self._stack, 1)
        self.alarms: AlarmView | None = None
        if operations is not None:
            self.alarms = AlarmView(operations, hub, selection, look, self)
            self._add(self.alarms, self.tr("Alarms"), ALARMS)
            self.alarms.counted.connect(self._count_alarms)
        self.abnormal = AbnormalTable(hub, onsets, look, self)
        self._add_abnormal()
        for layer in hub.picture.layers.values():
            if layer.group is Group.OPERATIONS:
                self._add_layer(layer)
        self.tabs.currentChanged.connect(self._stack.setCurrentIndex)
        self.tabs.tabCloseRequested.connect(self._close)
        self.abnormal.modelReset.connect(self._count)
        hub.changed.connect(self._on_changes)
        self._count()
        self._count_alarms()

    def show_layer(self, layer: str) -> ObjectView:
        """Show the table of a layer, opening its tab when it has none."""
        if layer not in self._places:
            self._add_layer(self._hub.picture.layers[layer])
            self._count()
        self.tabs.setCurrentIndex(self._places[layer])
        return self._show_table()

    def show_abnormal(self) -> ObjectView:
        """Show the table of what is abnormal."""
        self.tabs.setCurrentIndex(self._places[ABNORMAL])
        return self._show_table()

    def show_alarms(self) -> AlarmView | None:
        """Show the alarms, where there are any to show."""
        if self.alarms is not None:
            self.tabs.setCurrentIndex(self._places[ALARMS])
            self.alarms.show_page(LIST)
            self.alarms.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return self.alarms

    def choose_desk(self, desk: Desk | None) -> None:
        """Show a desk's alarms and open its tabs, the first of them in front; None shows all alarms."""
        if self.alarms is not None:
            self.alarms.set_desk(desk)
        wanted = () if desk is None else desk.panels
        for name in wanted:
            if name in self._hub.picture.layers and name not in self._places:
                self._add_layer(self._hub.picture.layers[name])
        if wanted:
            self.show_page({"abnormal": ABNORMAL, "history": ALARMS}.get(wanted[0], wanted[0]))
        if self.alarms is not None:
            self.alarms.show_page(HISTORY if wanted[:1] == ("history",) else LIST)
        self._count()

    def add_page(self, widget: QWidget, title: str, name: str) -> int:
        """Put any widget in a tab of its own, known by a name that is no layer's; the tab's place."""
        self._stack.addWidget(widget)
        self._places[name] = self.tabs.addTab(title)
        return self._places[name]

    def show_page(self, name: str) -> None:
        """Bring a tab to the front."""
        if name in self._places:
            self.tabs.setCurrentIndex(self._places[name])

    @property
    def current_view(self) -> QWidget:
        """What is in front."""
        view = self._stack.currentWidget()
        if view is None:
            raise TypeError("the stack holds the alarms or the abnormal at least")
        return view

    def _show_table(self) -> ObjectView:
        view = self.current_view
        if not isinstance(view, ObjectView):
            raise TypeError("not a table of objects")
        view.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return view

    def _add_abnormal(self) -> None:
        view = ObjectView(self.abnormal, self._selection, self._look, self._why_calm, self)
        view.setAccessibleName(self.tr("Abnormal objects"))
        view.set_widths([112, 144], [5, 6, 3, 3])
        self._add(view, self.tr("Abnormal"), ABNORMAL)

    def _add_layer(self, layer: LayerDefinition) -> None:
        table = FeatureTable(layer, self._hub, self._look, self)
        view = ObjectView(table, self._selection, self._look, lambda: self._why_empty(layer.id), self)
        view.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        view.setSortingEnabled(True)
        view.setAccessibleName(self._look.title(layer))
        facts = len(table.titles()) - 2
        view.set_widths([], [5, 7, *([4] * facts)])
        self._add(view, self._look.title(layer), layer.id)

    def _why_calm(self) -> str:
        """Why no row is abnormal. Silence is not health: it is said."""
        tables = self._hub.picture.tables.values()
        if not any(len(table) for table in tables):
            return self.tr("Nothing has been read from the registry yet: nothing can be said.")
        unknown = sum(table.summary().unknown for table in tables if table.definition.is_live)
        if not self._hub.picture.sources["feed"].up:
            text = self.tr("Nothing abnormal is known, but the live feed is cut: {0} objects are unknown.")
            return text.format(self._look.words.number(unknown))
        if unknown:
            text = self.tr("Every object that reports is in a normal state; {0} do not report.")
            return text.format(self._look.words.number(unknown))
        return self.tr("Nothing is abnormal: every object that reports is in a normal state.")

    def _why_empty(self, layer: str) -> str:
        table = self._hub.picture.table(layer)
        if table is not None and len(table):
            return self.tr("The filters hide every object of this layer (Ctrl+Shift+F removes them).")
        return self.tr("No object of this layer is in the registry.")

    def _add(self, view: ObjectView | AlarmView, title: str, layer: str) -> None:
        view.opened.connect(self.opened)
        self.add_page(view, title, layer)

    def _close(self, place: int) -> None:
        layer = next(name for name, each in self._places.items() if each == place)
        definition = self._hub.picture.layers.get(layer)
        if definition is not None and definition.group is not Group.OPERATIONS:
            widget = self._stack.widget(place)
            if widget is not None:
                self._stack.removeWidget(widget)
                widget.deleteLater()
            self.tabs.removeTab(place)
            del self._places[layer]
            self._places = {name: it - (it > place) for name, it in self._places.items()}

    def _on_changes(self, changes: Changes) -> None:
        if changes.replaced or changes.rows or changes.filtered:
            self._count()

    def _count(self) -> None:
        number = self._look.words.number
        totals = self.abnormal.counts()
        counts = [(it, number(totals[it])) for it in LOUD if totals[it]]
        self.tabs.set_counts(self._places[ABNORMAL], counts)
        for name, place in self._places.items():
            table = self._hub.picture.table(name) if name in self._hub.picture.layers else None
            if table is not None and len(table):
                self.tabs.set_counts(place, [(Severity.NORMAL, number(table.summary().shown))])

    def _count_alarms(self) -> None:
        if self.alarms is not None:
            number, totals = self._look.words.number, self.alarms.counts
            counts = [(it, number(totals[it])) for it in (*LOUD, Severity.INFO) if totals[it]]
            self.tabs.set_counts(self._places[ALARMS], counts)

    def sizeHint(self) -> QSize:
        return QSize(800, 250)
