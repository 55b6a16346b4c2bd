"""The inspector's commands: what was requested, accepted and observed, and what may be asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from qtpy.QtCore import Qt
from qtpy.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.hub import Hub
from desktop.panels.command_offers import Ask, Offer, may_command, offers
from desktop.panels.command_words import CommandWords
from desktop.panels.look import BASE, Look, font
from desktop.panels.names import state_words
from desktop.panels.parts import PlainLabel, plain_tip, rename, rule, text_label
from desktop.panels.values import value_text
from desktop.work.command import Command, Stage, Target
from desktop.work.overrides import holds
from desktop.work.picture import Changes, ObjectKey
from layers.definition import Field

if TYPE_CHECKING:
    from desktop.operations import Operations

Row = tuple[Field | None, PlainLabel, "Said", "Said", "Said"]
COLUMNS = 3
"""Buttons beside each other."""
THREE_UP, TWO_UP = 16, 22
"""Characters of the longest title with which three, or two, of them still fit."""

TROUBLED = (Stage.REFUSED, Stage.EXPIRED, Stage.FAILED, Stage.DIVERGED, Stage.UNKNOWN)
Press = Callable[[str], object]


def inset(widget: QWidget) -> QHBoxLayout:
    """A row that keeps a widget off the panel's edges."""
    row = QHBoxLayout()
    row.setContentsMargins(12, 0, 12, 0)
    row.addWidget(widget)
    return row


class Said(QWidget):
    """A value, and under it when it was said."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 2)
        column.setSpacing(0)
        self.value = PlainLabel("", self, name="value", cut=False)
        self.when = PlainLabel("", self, name="small")
        column.addWidget(self.value)
        column.addWidget(self.when)
        column.addStretch(1)

    def say(self, value: str = "", when: str = "") -> None:
        """Write both; nothing said is a dash."""
        self.value.setText(value or "—")
        self.when.setText(when)
        self.when.setVisible(bool(when))
        rename(self.value, "value" if value else "dim")


class CommandSection(QWidget):
    """Follows one object: its last command beside what it reports, who holds it, and the actions."""

    def __init__(
        self, key: ObjectKey, operations: Operations, hub: Hub, look: Look, ask: Ask, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.key, self._operations, self._hub, self._look, self._ask = key, operations, hub, look, ask
        self._words = CommandWords(look, hub.picture)
        self._layer = hub.picture.layers[key.layer]
        self.rows: list[Row] = []
        self.buttons: dict[str, QPushButton] = {}
        self._offered: list[Offer] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 12)
        column.setSpacing(4)
        column.addWidget(rule(self))
        column.addSpacing(6)
        column.addLayout(inset(text_label(self.tr("Command"), self, "section")))
        self._table = QWidget(self)
        self._grid = QGridLayout(self._table)
        self._grid.setContentsMargins(12, 0, 12, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(2)
        column.addWidget(self._table)
        self.note = self._line(column)
        self.lease = self._line(column)
        self.take_over = QPushButton(self.tr("Take over…"), self)
        self.take_over.clicked.connect(lambda *_: self._ask(self.key.layer, "", [self.key]))
        holder = inset(self.take_over)
        holder.addStretch(1)
        column.addLayout(holder)
        self._buttons = ActionButtons(look, self._press, self)
        self.buttons = self._buttons.buttons
        column.addWidget(self._buttons)
        self._add_rows()
        operations.commands_changed.connect(self._on_commands)
        operations.operator_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Write it again as of now."""
        latest = self._operations.commands.latest_for(self.key)
        for row in self.rows:
            self._write_row(row, latest)
        self._write_note(latest)
        self._write_lease()
        found = offers(self._operations, self._hub.picture, [self.key], self._look.locale)
        self._buttons.show_offers(found)
        known = latest is not None or any(row[0] is not None for row in self.rows)
        self._table.setVisible(bool(self.rows) and known)
        self.setVisible(bool(found) or latest is not None)

    def _on_commands(self, changed: frozenset[str]) -> None:
        self.refresh()

    def _add_rows(self) -> None:
        for place, title in enumerate((self.tr("requested"), self.tr("accepted"), self.tr("observed"))):
            label = text_label(title, self._table, "small")
            self._grid.addWidget(label, 0, place + 1)
            self._grid.setColumnStretch(place + 1, 1)
        self._grid.setColumnMinimumWidth(0, 52)
        names = {argument.name for action in self._layer.actions for argument in action.arguments}
        fields = [field for field in self._layer.live if field.name in names]
        for field in [*fields, None]:
            title = self.tr("Order") if field is None else field.label.localized(self._look.locale)
            row = self._grid.rowCount()
            name = PlainLabel(title, self._table, name="value", cut=False)
            name.setFont(font(BASE))
            self._grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
            cells = [Said(self._table) for _ in range(COLUMNS)]
            for place, cell in enumerate(cells):
                self._grid.addWidget(cell, row, place + 1)
            self.rows.append((field, name, cells[0], cells[1], cells[2]))

    def _write_row(self, row: Row, latest: tuple[Command, Target] | None) -> None:
        field, _, requested, accepted, observed = row
        if field is None:
            self._write_order(row, latest)
            return
        words = self._look.words
        live = self._hub.picture.live.get(self.key.layer, {}).get(self.key.id)
        text = "" if live is None else value_text(field, live.values.get(field.name), words)
        age = "" if live is None or not text else words.age(self._hub.clock() - live.time)
        observed.say(text, age)
        asked = None if latest is None else latest[0].arguments.get(field.name)
        if latest is None or asked is None:
            requested.say()
            accepted.say()
            return
        command, target = latest
        shown = value_text(field, asked, words)
        requested.say(shown, words.clock(command.asked))
        at = target.times.get(Stage.ACCEPTED)
        if at is None:
            accepted.say(self.tr("no") if target.stage.final else "…")
        else:
            accepted.say(shown, words.clock(at))

    def _write_order(self, row: Row, latest: tuple[Command, Target] | None) -> None:
        """What has no value to compare: raised, lowered, put back to automatic."""
        _, name, requested, accepted, observed = row
        valued = {field.name for field, *_ in self.rows if field is not None}
        shown = latest is not None and not valued & set(latest[0].arguments)
        for widget in (name, requested, accepted, observed):
            widget.setVisible(shown)
        if latest is None or not shown:
            return
        command, target = latest
        words = self._look.words
        requested.say(
            self._words.order(command.layer, command.action, command.arguments), words.clock(command.asked)
        )
        at = target.times.get(Stage.ACCEPTED)
        if at is not None:
            accepted.say(self.tr("yes"), words.clock(at))
        else:
            accepted.say(self.tr("no") if target.stage.final else "…")
        seen = target.times.get(Stage.CONFIRMED)
        state = state_words(self._hub.picture, self._look, self.key)
        observed.say(state, "" if seen is None else words.clock(seen))

    def _write_note(self, latest: tuple[Command, Target] | None) -> None:
        if latest is None:
            self.note.hide()
            return
        command, target = latest
        now, words = self._hub.clock(), self._look.words
        parts = [] if target.stage is Stage.CONFIRMED else [self._words.standing(target)]
        parts.append(f"{command.operator} · {command.console}")
        if command.expires is not None and command.expires > now and holds(command, target):
            until = words.moment(command.expires, command.expires)
            left = words.elapsed(max(0.0, command.expires - now))
            parts.append(self.tr("until {0} ({1} left)").format(until, left))
        self.note.setText(" · ".join(parts))
        self.note.show()
        loud = target.stage in TROUBLED
        self.note.setStyleSheet(f"color: {self._look.theme.p2.name()}" if loud else "")
        rename(self.note, "value" if not target.stage.final or loud else "dim")

    def _write_lease(self) -> None:
        lease = self._operations.commands.lease_of(self.key)
        mine = lease is not None and lease.console == self._operations.console
        held = lease is not None and not mine and lease.until > self._hub.clock()
        self.lease.setVisible(held)
        may = may_command(self._operations.operator, self.key.layer)
        self.take_over.setVisible(held and may)
        if lease is not None and held:
            until = self._look.words.clock(lease.until)
            text = self.tr("In the hands of {0}, {1}, until {2}.")
            self.lease.setText(text.format(lease.operator, lease.console, until))

    def _line(self, column: QVBoxLayout) -> PlainLabel:
        line = PlainLabel("", self, name="dim", cut=False)
        column.addLayout(inset(line))
        line.hide()
        return line

    def _press(self, action: str) -> None:
        self._ask(self.key.layer, action, [self.key])


class ActionButtons(QWidget):
    """A button for each action; one that cannot be given now stays, off, with the reason said."""

    def __init__(self, look: Look, press: Press, parent: QWidget) -> None:
        super().__init__(parent)
        self._look, self._press = look, press
        self.buttons: dict[str, QPushButton] = {}
        self._shown: list[str] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 4, 12, 0)
        column.setSpacing(4)
        self._grid = QGridLayout()
        self._grid.setSpacing(6)
        column.addLayout(self._grid)
        self.reason = PlainLabel("", self, name="small", cut=False)
        column.addWidget(self.reason)

    def show_offers(self, found: Sequence[Offer]) -> None:
        """Show these actions; those of before are kept where they are the same."""
        names = [offer.action.id for offer in found]
        if names != self._shown:
            self._build(found)
            self._shown = names
        for offer in found:
            button = self.buttons[offer.action.id]
            button.setEnabled(not offer.obstacle)
            button.setToolTip(
                plain_tip(offer.obstacle or offer.action.consequence.localized(self._look.locale))
            )
        reasons = list(dict.fromkeys(offer.obstacle for offer in found if offer.obstacle))
        if len(reasons) == 1 and not all(offer.obstacle for offer in found):
            titles = [each.action.title.localized(self._look.locale) for each in found if each.obstacle]
            colon = "\u00a0: " if self._look.words.french else ": "
            reasons = [f"{', '.join(titles)}{colon}{reasons[0]}"]
        self.reason.setText("\n".join(reasons))
        self.reason.setVisible(bool(reasons))
        self.setVisible(bool(found))

    def _build(self, found: Sequence[Offer]) -> None:
        for button in self.buttons.values():
            self._grid.removeWidget(button)
            button.deleteLater()
        self.buttons.clear()
        titles = [offer.action.title.localized(self._look.locale) for offer in found]
        longest = max((len(title) for title in titles), default=0)
        across = 1 if longest > TWO_UP else 2 if longest > THREE_UP else COLUMNS
        for place, (offer, title) in enumerate(zip(found, titles, strict=True)):
            button = QPushButton(f"{title}…", self)
            button.setFont(font(BASE))
            button.clicked.connect(lambda *_, it=offer.action.id: self._press(it))
            if not place:
                button.setObjectName("primary")
            self._grid.addWidget(button, place // across, place % across)
            self.buttons[offer.action.id] = button


class GroupSection(QWidget):
    """The actions that may be given to several objects of one layer at once."""

    def __init__(
        self,
        title: str,
        keys: Sequence[ObjectKey],
        operations: Operations,
        hub: Hub,
        look: Look,
        ask: Ask,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.keys, self._operations, self._hub, self._look = list(keys), operations, hub, look
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 12)
        column.setSpacing(4)
        column.addWidget(rule(self))
        column.addSpacing(6)
        column.addLayout(inset(text_label(title, self, "section")))
        layer = self.keys[0].layer
        self._buttons = ActionButtons(look, lambda action: ask(layer, action, self.keys), self)
        self.buttons = self._buttons.buttons
        column.addWidget(self._buttons)
        operations.operator_changed.connect(self.refresh)
        hub.changed.connect(self._on_changes)
        self.refresh()

    def _on_changes(self, changes: Changes) -> None:
        if changes.sources:
            self.refresh()

    def refresh(self) -> None:
        """Follow the operator and the link."""
        found = offers(self._operations, self._hub.picture, self.keys, self._look.locale)
        self._buttons.show_offers(found)
        self.setVisible(bool(found))
