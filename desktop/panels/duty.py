"""What a desk does besides looking: alarms, commands, the second person, the log, and who is here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qtpy.QtCore import QObject, Qt
from qtpy.QtWidgets import QMenu

from desktop.hub import Hub
from desktop.map.canvas import Canvas
from desktop.map.selection import Selection
from desktop.panels import map_menus
from desktop.panels.approval import ApprovalCard
from desktop.panels.audit_view import AuditView
from desktop.panels.bottom import BottomPanel
from desktop.panels.command_dialog import CommandCard, TakeOverCard
from desktop.panels.command_offers import offers
from desktop.panels.command_table import CommandView
from desktop.panels.command_words import cause_words
from desktop.panels.inspector import Inspector
from desktop.panels.look import Look
from desktop.panels.names import label_of
from desktop.panels.notices import NoticeStrip
from desktop.panels.operator_menu import OperatorMenu
from desktop.panels.side_card import ASIDE, WIDTH
from desktop.panels.sounds import SoundButton, Sounds
from desktop.panels.topbar import TopBar
from desktop.work.command import ApprovalRequest, Command, Refused
from desktop.work.picture import ObjectKey
from layers.definition import Severity

if TYPE_CHECKING:
    from desktop.operations import Operations

COMMANDS, AUDIT = "commands", "audit"
"""Names of the tabs, as desks call them."""
LEAST_BESIDE = 160
"""Pixels of map beside a card in which targets can be made out."""


class Duty(QObject):
    """Wires `operations` into the window's parts, and opens the cards over the map."""

    def __init__(
        self,
        operations: Operations,
        hub: Hub,
        selection: Selection,
        canvas: Canvas,
        look: Look,
        bottom: BottomPanel,
        notices: NoticeStrip,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.operations, self._hub, self._selection = operations, hub, selection
        self._canvas, self._look, self._bottom, self._notices = canvas, look, bottom, notices
        self.card: CommandCard | TakeOverCard | None = None
        self.approvals: dict[str, ApprovalCard] = {}
        self.who: OperatorMenu | None = None
        self.sounds = Sounds(operations, look, self)
        self.commands = CommandView(operations, hub, look, bottom)
        self.log = AuditView(operations, hub, selection, look, bottom)
        self._place = bottom.add_page(self.commands, self.tr("Commands"), COMMANDS)
        bottom.add_page(self.log, self.tr("Log"), AUDIT)
        self.commands.retry_wanted.connect(self.retry)
        self.commands.show_wanted.connect(self.show_targets)
        self.commands.follow_wanted.connect(self.follow)
        self.commands.counted.connect(self._count)
        if bottom.alarms is not None:
            bottom.alarms.add_button(SoundButton(self.sounds, bottom.alarms))
        operations.approval_asked.connect(self.ask_approval)
        operations.operator_changed.connect(self._ask_waiting)
        operations.refused.connect(self._on_refused)
        self._count()

    def dress(self, topbar: TopBar, inspector: Inspector, console: str) -> None:
        """Put who is here in the top bar, and listen to the bar and to the inspector."""
        self.who = OperatorMenu(self.operations, console, topbar)
        self.who.failed.connect(self._notices.say)
        topbar.console.hide()
        topbar.add_operator(self.who)
        if topbar.desks is not None:
            topbar.desks.chosen.connect(self._bottom.choose_desk)
        # The inspector's buttons are made anew when the selection changes: they must be done by then.
        inspector.command_wanted.connect(self.ask, Qt.ConnectionType.QueuedConnection)

    def ask(self, layer: str, action: str, keys: Sequence[ObjectKey]) -> None:
        """Open the card for an order, its targets shown on the map; no action: take the object over."""
        if not keys:
            return
        if not action:
            self._ask_take_over(keys[0])
            return
        self._show(list(keys))
        card = self._new_card()
        card.order(layer, action, keys)

    def follow(self, command: Command) -> None:
        """Open the card of a command that exists."""
        self._new_card().follow(command)

    def retry(self, command: Command) -> None:
        """Ask again for the targets that failed: a new command, to be confirmed as any other."""
        try:
            again = self.operations.retry_failed(command.id)
        except Refused as refused:
            self._notices.say(cause_words(refused.cause, refused.detail))
            return
        self.show_targets(again)
        self.follow(again)

    def show_targets(self, command: Command) -> None:
        """Select a command's targets and show them on the map."""
        self._show([target.key for target in command.targets], always=True)

    def ask_approval(self, request: ApprovalRequest) -> None:
        """Another desk asks for a second person."""
        if request.command in self.approvals:
            return
        keys = [ObjectKey(request.layer, each) for each in request.targets]
        card = ApprovalCard(request, self.operations, self._hub, self._canvas, self._look)
        self.approvals[request.command] = card
        card.closed.connect(lambda: self.approvals.pop(request.command, None))
        card.show_button.clicked.connect(lambda *_: self._show(keys, always=True))
        self.operations.sound_wanted.emit(int(Severity.MEDIUM))

    def _ask_waiting(self) -> None:
        """What was asked before somebody sat down is asked of whoever does."""
        for request in self.operations.commands.approvals():
            self.ask_approval(request)

    def acknowledge(self) -> None:
        """Acknowledge the alarms of what is selected, or the lines chosen in the list."""
        alarms = self._bottom.alarms
        if alarms is None:
            return
        keys = self._alarm_keys()
        if alarms.list.hasFocus() or not keys:
            alarms.acknowledge_selected()
        else:
            alarms.acts.acknowledge(keys)

    def acknowledge_visible(self) -> None:
        """Acknowledge every alarm in the list."""
        if self._bottom.alarms is not None:
            self._bottom.show_alarms()
            self._bottom.alarms.acknowledge_visible()

    def shelve(self) -> None:
        """Shelve the alarms of what is selected, or the lines chosen in the list."""
        alarms = self._bottom.alarms
        if alarms is None:
            return
        keys = self._alarm_keys()
        if alarms.list.hasFocus() or not keys:
            alarms.shelve_selected()
        else:
            alarms.acts.ask_shelve(keys, alarms)

    def silence(self) -> None:
        """No sound for a quarter of an hour, or sound again."""
        if self.sounds.left > 0:
            self.sounds.unsilence()
        else:
            self.sounds.silence(15 * 60)

    def add_commands(self, menu: QMenu, key: ObjectKey) -> None:
        """Put an object's commands in its menu."""
        found = offers(self.operations, self._hub.picture, [key], self._look.locale)
        map_menus.add_commands(menu, found, lambda action: self.ask(key.layer, action, [key]), self._look)

    def open_menu(self) -> None:
        """The commands of what is selected, as a menu over the map."""
        keys = self._selection.keys
        if not keys or any(key.layer != keys[0].layer for key in keys):
            return
        found = offers(self.operations, self._hub.picture, keys, self._look.locale)
        if found:
            menu = QMenu(self._canvas)
            map_menus.add_commands(menu, found, lambda it: self.ask(keys[0].layer, it, keys), self._look)
            map_menus.open_at(menu, self._canvas.mapToGlobal(self._canvas.rect().center()))

    def open_who(self) -> None:
        """The menu of who may sign in."""
        if self.who is not None:
            self.who.open()

    def show_page(self, name: str) -> None:
        """Bring one of the tabs to the front."""
        self._bottom.show()
        self._bottom.show_page(name)

    def _new_card(self) -> CommandCard:
        if self.card is not None:
            self.card.leave()
        card = CommandCard(self.operations, self._hub, self._canvas, self._look)
        self._keep(card)
        card.retried.connect(self._on_retried)
        return card

    def _on_retried(self, command: Command) -> None:
        self.show_targets(command)
        self.follow(command)

    def _keep(self, card: CommandCard | TakeOverCard) -> None:
        self.card = card

        def forget() -> None:
            if self.card is card:
                self.card = None

        card.closed.connect(forget)

    def _ask_take_over(self, key: ObjectKey) -> None:
        lease = self.operations.commands.lease_of(key)
        if lease is None:
            return
        if self.card is not None:
            self.card.leave()
        holder = f"{lease.operator}, {lease.console}"
        name = label_of(self._hub.picture, key)
        self._keep(TakeOverCard(key, holder, self.operations.take_over, self._canvas, self._look, name))

    def _show(self, keys: list[ObjectKey], *, always: bool = False) -> None:
        if len(keys) > 1 or always or keys[0] not in self._selection:
            self._selection.set(keys)
        if len(keys) > 1 or always or not self._in_view(keys[0]):
            self._fit_beside_card(keys)

    def _in_view(self, key: ObjectKey) -> bool:
        place = self._hub.picture.place(key)
        if place is None:
            return True
        west, south, east, north = self._canvas.view.bounds
        x, y = float(place[0].x[place[1]]), float(place[0].y[place[1]])
        return west < x < east and south < y < north

    def _fit_beside_card(self, keys: list[ObjectKey]) -> None:
        """Show them where the card will not lie, if there is room."""
        covered = self._canvas.covered
        beside = covered + WIDTH + ASIDE
        if self._canvas.width() - beside >= LEAST_BESIDE:
            self._canvas.covered = beside
        self._canvas.fit_keys(keys)
        self._canvas.covered = covered

    def _alarm_keys(self) -> list[str]:
        return [alarm.key for key in self._selection.keys for alarm in self.operations.alarms.of(key)]

    def _count(self) -> None:
        running = self.commands.table.running
        counts = [(Severity.NORMAL, self._look.words.number(running))] if running else []
        self._bottom.tabs.set_counts(self._place, counts)

    def _on_refused(self, refused: Refused) -> None:
        if self.card is None or not self.card.isVisible():
            self._notices.say(cause_words(refused.cause, refused.detail))
