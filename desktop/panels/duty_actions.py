"""The actions of a desk on duty: acknowledge, shelve, command, sign in; with their shortcuts."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from qtpy.QtCore import QObject
from qtpy.QtGui import QAction

from desktop.map.selection import Selection
from desktop.panels.command_offers import may_command
from desktop.panels.command_words import COLON
from desktop.panels.commands import Commands
from desktop.panels.duty import AUDIT, COMMANDS, Duty
from desktop.panels.look import Look
from desktop.work.operators import Right
from layers.definition import Action, LayerDefinition


class DutyActions(QObject):
    """Adds the actions to the window's; those of objects are on while such objects are selected."""

    def __init__(
        self,
        commands: Commands,
        duty: Duty,
        selection: Selection,
        layers: Mapping[str, LayerDefinition],
        look: Look,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._duty, self._selection = duty, selection
        self._orders: list[tuple[str, Action, QAction]] = []
        self._rights: list[tuple[Right, QAction]] = []
        self._add_alarms(commands, self.tr("Alarms"))
        self._add_commands(commands, self.tr("Commands"))
        self._add_orders(commands, self.tr("Commands"), layers, look)
        selection.changed.connect(self.refresh)
        duty.operations.operator_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Turn on what the person at the desk may do to what is selected; hide the rest."""
        operator = self._duty.operations.operator
        for right, action in self._rights:
            action.setEnabled(operator.may(right))
            action.setVisible(operator.may(right))
        keys = self._selection.keys
        chosen = {key.layer for key in keys}
        for layer, order, action in self._orders:
            on = chosen == {layer} and (len(keys) == 1 or order.several) and may_command(operator, layer)
            action.setEnabled(on)
            action.setVisible(on)

    def _add_alarms(self, commands: Commands, group: str) -> None:
        duty, right = self._duty, Right.ACKNOWLEDGE
        self._add(commands, "acknowledge", group, self.tr("Acknowledge"), duty.acknowledge, "A", right)
        every = self.tr("Acknowledge all that is listed…")
        self._add(commands, "acknowledge-all", group, every, duty.acknowledge_visible, "Shift+A", right)
        self._add(commands, "shelve", group, self.tr("Shelve…"), duty.shelve, "D", Right.SHELVE)
        commands.add("silence", group, self.tr("Silence for 15 min, or sound again"), duty.silence, "Ctrl+M")

    def _add_commands(self, commands: Commands, group: str) -> None:
        duty, text = self._duty, self.tr("Command what is selected…")
        self._add(commands, "order", group, text, duty.open_menu, "Ctrl+Return", Right.COMMAND)
        pages = (
            (COMMANDS, self.tr("Running and past commands"), "Ctrl+4"),
            (AUDIT, self.tr("Log"), "Ctrl+5"),
        )
        for name, text, keys in pages:
            commands.add(f"page:{name}", group, text, self._opener(name), keys)
        commands.add("sign-in", group, self.tr("Sign in or out…"), duty.open_who, "Ctrl+Shift+O")

    def _add_orders(
        self, commands: Commands, group: str, layers: Mapping[str, LayerDefinition], look: Look
    ) -> None:
        colon = COLON if look.words.french else ": "
        for layer in layers.values():
            for action in layer.actions:
                text = f"{look.title(layer)}{colon}{action.title.localized(look.locale)}…"
                made = commands.add(
                    f"order:{layer.id}:{action.id}", group, text, self._asker(layer.id, action.id)
                )
                self._orders.append((layer.id, action, made))

    def _add(
        self,
        commands: Commands,
        name: str,
        group: str,
        text: str,
        run: Callable[[], object],
        keys: str,
        right: Right,
    ) -> None:
        self._rights.append((right, commands.add(name, group, text, run, keys)))

    def _opener(self, page: str) -> Callable[[], object]:
        return lambda: self._duty.show_page(page)

    def _asker(self, layer: str, action: str) -> Callable[[], object]:
        return lambda: self._duty.ask(layer, action, self._selection.keys)
