"""The filters over the alarm list: desk, commune, layer, priority, state and text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from qtpy.QtCore import QTimer, Signal
from qtpy.QtGui import QAction, QActionGroup
from qtpy.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QPushButton, QSizePolicy, QWidget

from desktop.hub import Hub
from desktop.panels.look import Look
from desktop.panels.marks import SPOKEN
from desktop.panels.names import COMMUNES
from desktop.work.alarm import AlarmFilter, Life
from layers.definition import Severity

if TYPE_CHECKING:
    from desktop.work.desks import Desk

TYPING_MS = 150
UNACKNOWLEDGED = frozenset({Life.ACTIVE_UNACKNOWLEDGED, Life.CLEARED_UNACKNOWLEDGED})


class Chooser(QPushButton):
    """A button whose menu chooses one or several of some things; it says which are chosen."""

    chosen = Signal()

    def __init__(self, title: str, several: bool, parent: QWidget) -> None:
        super().__init__(title, parent)
        self.setObjectName("small")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._title, self._names = title, dict[str, str]()
        self._menu = QMenu(self)
        self._group = QActionGroup(self)
        policy = QActionGroup.ExclusionPolicy
        self._group.setExclusionPolicy(policy.None_ if several else policy.ExclusiveOptional)
        self._menu.triggered.connect(self._on_triggered)
        self.setMenu(self._menu)

    @property
    def values(self) -> frozenset[str]:
        """What is chosen; empty when nothing is, which does not restrict."""
        return frozenset(str(it.data()) for it in self._group.actions() if it.isChecked())

    def offer(self, names: Mapping[str, str]) -> None:
        """Offer these values under these names; what was chosen stays chosen."""
        if dict(names) == self._names:
            return
        kept, self._names = self.values, dict(names)
        self._menu.clear()
        for action in self._group.actions():
            self._group.removeAction(action)
        for value, name in names.items():
            action = QAction(name.replace("&", "&&"), self._menu, checkable=True)
            action.setData(value)
            action.setChecked(value in kept)
            self._group.addAction(action)
            self._menu.addAction(action)
        self._write()

    def choose(self, values: frozenset[str]) -> None:
        """Choose exactly these, without a signal."""
        for action in self._group.actions():
            action.setChecked(action.data() in values)
        self._write()

    def _on_triggered(self, action: QAction) -> None:
        self._write()
        self.chosen.emit()

    def _write(self) -> None:
        values = self.values
        if not values:
            text = self._title
        elif len(values) == 1:
            text = self.tr("{0}: {1}").format(self._title, self._names[next(iter(values))])
        else:
            text = self.tr("{0}: {1}").format(self._title, len(values))
        self.setText(text.replace("&", "&&"))
        self.setAccessibleName(text)


class AlarmFilters(QWidget):
    """Makes an `AlarmFilter` of what was chosen."""

    changed = Signal()
    desk_chosen = Signal(object)
    """A desk, or None for all."""

    def __init__(self, hub: Hub, look: Look, desks: Sequence[Desk], parent: QWidget) -> None:
        super().__init__(parent)
        self._hub, self._look, self._desks = hub, look, {desk.id: desk for desk in desks}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self.desk = Chooser(self.tr("Desk"), False, self)
        self.commune = Chooser(self.tr("Commune"), True, self)
        self.layer = Chooser(self.tr("Layer"), True, self)
        self.priority = Chooser(self.tr("Priority"), True, self)
        self.state = Chooser(self.tr("Status"), False, self)
        self.text = QLineEdit(self)
        self.text.setPlaceholderText(self.tr("Filter"))
        self.text.setAccessibleName(self.tr("Filter alarms by text"))
        self.text.setClearButtonEnabled(True)
        self.text.setMinimumWidth(80)
        self.text.setMaximumWidth(200)
        self._soon = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._soon.timeout.connect(self.changed)
        self.text.textChanged.connect(lambda _: self._soon.start())
        for each in (self.desk, self.commune, self.layer, self.priority, self.state):
            row.addWidget(each)
            each.chosen.connect(self._on_desk if each is self.desk else self.changed)
        row.addWidget(self.text, 3)
        row.addStretch(1)
        self._offer()
        hub.changed.connect(lambda changes: self._offer() if changes.replaced else None)

    def value(self) -> AlarmFilter:
        """What the list shall show: the desk's own alarms unless layers or priorities are chosen."""
        desk = AlarmFilter() if self.current_desk is None else self.current_desk.alarms
        state = next(iter(self.state.values), "")
        lives = {"unacknowledged": UNACKNOWLEDGED, "": frozenset[Life](), "hidden": frozenset[Life]()}
        return AlarmFilter(
            layers=self.layer.values or desk.layers,
            communes=self.commune.values,
            severities=frozenset(Severity(int(it)) for it in self.priority.values) or desk.severities,
            lives=lives[state] if state in lives else frozenset({Life(state)}),
            text=self.text.text().strip(),
            hidden=state == "hidden",
        )

    @property
    def current_desk(self) -> Desk | None:
        """The desk whose alarms are shown; None for all."""
        return self._desks.get(next(iter(self.desk.values), ""))

    def set_desk(self, desk: Desk | None) -> None:
        """Show the alarms of a desk, as its preset wants them."""
        self.clear_all(keep_desk=False)
        if desk is not None:
            self.desk.choose(frozenset({desk.id}))
        self.changed.emit()

    def clear_all(self, keep_desk: bool = True) -> None:
        """Take every filter away but the desk's."""
        for each in (self.commune, self.layer, self.priority, self.state):
            each.choose(frozenset())
        if not keep_desk:
            self.desk.choose(frozenset())
        self.text.clear()
        self._soon.stop()

    def _on_desk(self) -> None:
        self.desk_chosen.emit(self.current_desk)
        self.changed.emit()

    def _offer(self) -> None:
        locale, picture = self._look.locale, self._hub.picture
        self.desk.offer({key: desk.title.localized(locale) for key, desk in self._desks.items()})
        layers = {name: self._look.title(it) for name, it in picture.layers.items() if it.alarms}
        self.layer.offer(dict(sorted(layers.items(), key=lambda it: it[1].casefold())))
        loud = [it for it in sorted(Severity, reverse=True) if it.priority is not None]
        self.priority.offer({str(int(it)): f"{SPOKEN[it]} {it.priority}" for it in loud})
        table = picture.table(COMMUNES)
        if table is not None:
            named = {table.id_of(row): table.label_of(row) for row in range(len(table))}
            self.commune.offer(dict(sorted(named.items(), key=lambda it: it[1].casefold())))
        self.state.offer(
            {
                "unacknowledged": self.tr("unacknowledged"),
                str(Life.ACTIVE_ACKNOWLEDGED): self.tr("acknowledged"),
                str(Life.CLEARED_UNACKNOWLEDGED): self.tr("cleared, unacknowledged"),
                "hidden": self.tr("shelved or masked"),
            }
        )
