"""The alarms under the map: filters and buttons over the list, the history, and the figures."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from qtpy.QtCore import Qt, QTimer, Signal
from qtpy.QtGui import QAction, QHideEvent, QShowEvent
from qtpy.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.hub import Hub
from desktop.map.selection import Selection
from desktop.panels.alarm_acts import AlarmActs
from desktop.panels.alarm_filters import AlarmFilters
from desktop.panels.alarm_history import AlarmHistory
from desktop.panels.alarm_kpi import AlarmKpi
from desktop.panels.alarm_list import AlarmList
from desktop.panels.alarm_table import AlarmTable
from desktop.panels.look import Look
from desktop.panels.marks import SPOKEN
from desktop.panels.parts import PlainLabel, bold
from desktop.work.alarm import AlarmFilter
from desktop.work.operators import Right
from layers.definition import Severity

if TYPE_CHECKING:
    from desktop.operations import Operations
    from desktop.work.desks import Desk

LIST, HISTORY, FIGURES = range(3)
TOLD_MS = 8000
EVERYTHING = AlarmFilter()


class FloodStrip(QFrame):
    """Says that there is a flood, and lets the operator leave or take the view of causes only."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self.setFixedHeight(30)
        self._look = look
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 8, 0)
        self.text = PlainLabel("", self)
        self.text.setFont(bold())
        row.addWidget(self.text, 1)
        self.switch = QPushButton("", self)
        self.switch.setObjectName("small")
        row.addWidget(self.switch)
        look.changed.connect(self._dress)
        self._dress()

    def _dress(self) -> None:
        self.text.setStyleSheet(f"color: {self._look.theme.p2.name()}")


class AlarmView(QWidget):
    """Everything about alarms in one tab."""

    opened = Signal(object)
    """The key of an object to fly to."""
    counted = Signal()
    """`counts` may have changed."""
    desk_chosen = Signal(object)

    def __init__(
        self,
        operations: Operations,
        hub: Hub,
        selection: Selection,
        look: Look,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._operations, self._hub, self._look = operations, hub, look
        self._calm_view = False
        self.acts = AlarmActs(operations, hub, look, self)
        self.acts.told.connect(self.tell)
        self.filters = AlarmFilters(hub, look, operations.desks, self)
        self.table = AlarmTable(operations, hub, look, self)
        self.list = AlarmList(self.table, selection, look, self._why_empty, self)
        self.list.setAccessibleName(self.tr("Alarms"))
        self.history = AlarmHistory(operations, hub, look, self)
        self.kpi = AlarmKpi(operations, hub, look, self)
        self.flood = FloodStrip(look, self)
        self.message = PlainLabel("", self, name="dim")
        self.message.setContentsMargins(12, 4, 12, 4)
        self.message.hide()
        self.pages = QStackedWidget(self)
        for page in (self.list, self.history, self.kpi):
            self.pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar())
        column.addWidget(self.flood)
        column.addWidget(self.message)
        column.addWidget(self.pages, 1)
        self.setFocusProxy(self.list)
        self._connect()
        self.show_page(LIST)
        self._refresh()

    def _connect(self) -> None:
        self.filters.changed.connect(self._apply)
        self.filters.desk_chosen.connect(self.desk_chosen)
        self.list.opened.connect(self.opened)
        self.history.opened.connect(self.opened)
        self.list.acknowledge_wanted.connect(self.acknowledge_selected)
        self.list.all_wanted.connect(self.acknowledge_visible)
        self.list.shelve_wanted.connect(self.shelve_selected)
        self.list.note_wanted.connect(self.note_selected)
        self.list.chosen.connect(self._show_buttons)
        self.table.reloaded.connect(self._refresh)
        self.flood.switch.clicked.connect(self._switch_flood)
        self._operations.operator_changed.connect(self._show_buttons)
        self._hub.ticked.connect(lambda _: self.table.redraw() if self.list.isVisible() else None)

    @property
    def counts(self) -> dict[Severity, int]:
        """How many alarms of each severity are in the list without any filter, worst first."""
        totals = dict.fromkeys(sorted(Severity, reverse=True), 0)
        alarms = self._operations.alarms
        everything = self.table.filter == EVERYTHING
        for row in self.table.rows if everything else alarms.rows(EVERYTHING):
            heads = [row.head] if row.head is not None else []
            for alarm in [*heads, *(alarms.get(key) for key in row.children)]:
                if alarm is not None:
                    totals[alarm.severity] += 1
        return totals

    def set_desk(self, desk: Desk | None) -> None:
        """Show the alarms of a desk; None shows all."""
        self.filters.set_desk(desk)

    def acknowledge_selected(self) -> None:
        """Acknowledge the chosen lines, with what folded causes explain."""
        self.acts.acknowledge(self.list.chosen_keys())

    def note_selected(self) -> None:
        """Acknowledge the chosen lines with a note."""
        self.acts.ask_acknowledge(self.list.chosen_keys(), self)

    def acknowledge_visible(self) -> None:
        """Acknowledge every alarm in the list, after a question that counts them."""
        self.acts.ask_acknowledge(self.table.all_keys(), self)

    def shelve_selected(self) -> None:
        """Shelve the chosen lines."""
        self.acts.ask_shelve(self.list.chosen_keys(), self)

    def show_page(self, page: int) -> None:
        """Show the list, the history or the figures."""
        self.pages.setCurrentIndex(page)
        for place, button in enumerate(self._switches):
            button.setChecked(place == page)
        for widget in (self.filters, self.acknowledge, self.all, self.shelve, self.more):
            widget.setVisible(page == LIST)
        self.history.bar.setVisible(page == HISTORY)
        self._gap.setVisible(page == FIGURES)
        self._show_flood()

    def tell(self, text: str) -> None:
        """Say one line over the list for a moment."""
        self.message.setText(text)
        self.message.setVisible(bool(text))
        self._told.start(TOLD_MS)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.list.follow()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.tell("")

    def _bar(self) -> QWidget:
        bar = QFrame(self)
        bar.setFixedHeight(38)
        row = QHBoxLayout(bar)
        row.setContentsMargins(12, 0, 8, 0)
        row.setSpacing(6)
        self._told = _timer(self, lambda: self.message.hide())
        row.addWidget(self.filters, 1)
        self._gap = QWidget(bar)
        self._gap.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        row.addWidget(self._gap, 1)
        row.addWidget(self.history.bar, 1)
        self.acknowledge = self._button(self.tr("Acknowledge"), "A", self.acknowledge_selected)
        self.all = self._button(self.tr("Acknowledge all shown…"), "Shift+A", self.acknowledge_visible)
        self.shelve = self._button(self.tr("Shelve…"), "D", self.shelve_selected)
        self.more = self._button("…", "", lambda: None)
        self.more.setMenu(self._menu())
        self.more.setAccessibleName(self.tr("More"))
        for button in (self.acknowledge, self.all, self.shelve, self.more):
            row.addWidget(button)
        row.addSpacing(10)
        self._switches: list[QPushButton] = []
        for place, title in enumerate((self.tr("List"), self.tr("History"), self.tr("Figures"))):
            button = self._button(title, "", partial(self.show_page, place))
            button.setCheckable(True)
            self._switches.append(button)
            row.addWidget(button)
        self._end = row
        return bar

    def add_button(self, widget: QWidget) -> None:
        """Put a widget, such as the one that silences the sound, at the right of the bar."""
        self._end.addWidget(widget)

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        self._lines: list[tuple[QAction, Right]] = []
        for text, right, act in (
            (self.tr("Acknowledge with a note… (N)"), Right.ACKNOWLEDGE, self.note_selected),
            (self.tr("Put back in the list"), Right.SHELVE, self._put_back),
            (self.tr("Mask during works…"), Right.SUPPRESS, self._mask),
        ):
            action = QAction(text, menu)
            action.triggered.connect(act)
            menu.addAction(action)
            self._lines.append((action, right))
        return menu

    def _button(self, text: str, keys: str, act: Callable[[], object]) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName("small")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setToolTip(f"{text} ({keys})" if keys else text)
        button.clicked.connect(lambda *_: act())
        return button

    def _put_back(self) -> None:
        self.acts.put_back(self.list.chosen_keys())

    def _mask(self) -> None:
        self.acts.ask_mask(self.list.chosen_keys(), self)

    def _apply(self) -> None:
        self.table.set_filter(self.filters.value())
        self._refresh()

    def _switch_flood(self) -> None:
        self._calm_view = not self._calm_view
        self._refresh()

    def _refresh(self) -> None:
        flood = self._operations.alarms.flood
        self._calm_view &= flood
        self.table.set_flooded(flood and not self._calm_view)
        self._show_flood()
        self._show_buttons()
        self.counted.emit()

    def _show_flood(self) -> None:
        flood = self._operations.alarms.flood
        self.flood.setVisible(flood and self.pages.currentIndex() == LIST)
        if not flood:
            return
        number, kpi = self._look.words.number, self._operations.alarms.kpi(self._hub.clock())
        causes = len(self.table.rows)
        if causes == 1:
            text = self.tr("Flood: {0} alarms in 10 min, 1 cause").format(number(kpi.last_10_min))
        else:
            text = self.tr("Flood: {0} alarms in 10 min, {1} causes")
            text = text.format(number(kpi.last_10_min), number(causes))
        self.flood.text.setText(f"{SPOKEN[Severity.MEDIUM]} {text}")
        self.flood.switch.setText(
            self.tr("Usual order") if self.table.flooded else self.tr("Causes that explain most first")
        )

    def _show_buttons(self) -> None:
        operator = self._operations.operator
        chosen = bool(self.list.chosen_places())
        hint = "" if operator.may(Right.ACKNOWLEDGE) else self.acts.why_not()
        for button, keys, needed in (
            (self.acknowledge, "A", chosen),
            (self.all, "Shift+A", bool(self.table.lines)),
            (self.shelve, "D", chosen),
        ):
            right = Right.SHELVE if button is self.shelve else Right.ACKNOWLEDGE
            button.setEnabled(needed and operator.may(right))
            button.setToolTip(hint or f"{button.text()} ({keys})")
        for action, right in self._lines:
            action.setEnabled(chosen and operator.may(right))

    def _why_empty(self) -> str:
        total = len(self._operations.alarms.rows(EVERYTHING))
        if self.table.filter.hidden:
            return self.tr("Nothing is shelved or masked. What is put aside waits here until its time.")
        if self.table.filter != EVERYTHING and total:
            text = self.tr("No alarm passes these filters; {0} rows are hidden by them.")
            return text.format(self._look.words.number(total))
        if not self._hub.picture.sources["feed"].up:
            return self.tr("No alarm is known, but the live feed is cut: silence proves nothing.")
        return self.tr(
            "No alarm. One comes here as soon as an object reports a fault or crosses a threshold."
        )


def _timer(parent: QWidget, act: Callable[[], object]) -> QTimer:
    timer = QTimer(parent, singleShot=True)
    timer.timeout.connect(act)
    return timer
