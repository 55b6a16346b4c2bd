"""The card on which an order is written, confirmed and followed to its end; the map stays in sight."""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from qtpy.QtCore import Signal
from qtpy.QtWidgets import QFrame, QLineEdit, QPushButton

from desktop.hub import Hub
from desktop.map.canvas import Canvas
from desktop.panels.command_form import CommandForm
from desktop.panels.command_progress import Progress
from desktop.panels.command_words import CommandWords, cause_words, risk_words
from desktop.panels.look import Look
from desktop.panels.side_card import SideCard
from desktop.work.command import Cause, Command, Refused, Stage
from desktop.work.command_machine import APPROVE_WITHIN, HOLD
from desktop.work.picture import ObjectKey
from layers.definition import Action, Risk

if TYPE_CHECKING:
    from desktop.operations import Operations


class Step(enum.Enum):
    """What the card asks or tells."""

    FORM = "form"
    DRAFT = "draft"
    SELECTING = "selecting"
    CONFIRM = "confirm"
    APPROVAL = "approval"
    RUNNING = "running"
    DONE = "done"


def step_of(command: Command) -> Step:
    """Which step a command is at: the least advanced of its targets that are not at an end."""
    waiting = {target.stage for target in command.targets if not target.stage.final}
    for stage, step in (
        (Stage.DRAFT, Step.DRAFT),
        (Stage.SELECTING, Step.SELECTING),
        (Stage.SELECTED, Step.CONFIRM),
        (Stage.AWAITING_APPROVAL, Step.APPROVAL),
    ):
        if stage in waiting:
            return step
    return Step.RUNNING if waiting else Step.DONE


def deadline_of(command: Command) -> float | None:
    """When the confirmation or the second person comes too late (epoch seconds), while one is awaited."""
    step = step_of(command)
    if step not in (Step.CONFIRM, Step.APPROVAL):
        return None
    stage, within = (
        (Stage.SELECTED, HOLD) if step is Step.CONFIRM else (Stage.AWAITING_APPROVAL, APPROVE_WITHIN)
    )
    times = [
        target.times[stage] for target in command.targets if target.stage is stage and stage in target.times
    ]
    return min(times) + within if times else None


class CommandCard(SideCard):
    """One order, from the fields to its end. `order` begins one, `follow` takes up one that exists."""

    retried = Signal(object)
    """A new command for the targets that failed, to be confirmed."""

    def __init__(self, operations: Operations, hub: Hub, canvas: Canvas, look: Look) -> None:
        super().__init__("", canvas, look)
        self._operations, self._hub = operations, hub
        self.words = CommandWords(look, hub.picture)
        self.command: Command | None = None
        self._layer, self._action, self._keys = "", "", list[ObjectKey]()
        self.form: CommandForm | None = None
        self.targets = self.add_line(name="value")
        self.consequence = self.add_line(name="dim")
        self.slot = QFrame(self)
        self.body.addWidget(self.slot)
        self.progress = Progress(hub, look, self.words, self)
        self.body.addWidget(self.progress)
        self.risk = self.add_line(name="small")
        self.trouble = self.add_line(name="value")
        self.back = self.button(self.tr("Cancel"))
        self.act = self.button("", acts=True)
        self.add_buttons(self.back, self.act)
        self.back.clicked.connect(lambda *_: self._go_back())
        self.act.clicked.connect(lambda *_: self._do())
        operations.commands_changed.connect(self._on_commands)
        hub.ticked.connect(self._on_tick)

    def order(self, layer: str, action: str, keys: Sequence[ObjectKey]) -> None:
        """Ask for the values of an order to these objects."""
        self._layer, self._action, self._keys = layer, action, list(keys)
        definition = self._hub.picture.layers[layer].action(action)
        if definition is None:
            raise ValueError(f"layer {layer!r} has no action {action!r}")
        self.form = CommandForm(definition, keys, self._hub.picture, self._look, self)
        self.body.replaceWidget(self.slot, self.form)
        self.slot.hide()
        self._open(definition.title.localized(self._look.locale))
        self.form.first.setFocus()

    def follow(self, command: Command) -> None:
        """Show a command that exists: a new one to confirm, or one that runs or ran."""
        self.command = command
        self._layer, self._action = command.layer, command.action
        self._keys = [target.key for target in command.targets]
        self.slot.hide()
        self._open(self.words.order(command.layer, command.action, command.arguments))
        self.act.setFocus()

    @property
    def step(self) -> Step:
        """What the card asks or tells now."""
        return Step.FORM if self.command is None else step_of(self.command)

    def refresh(self) -> None:
        """Write it again as of now."""
        command, step = self.command, self.step
        definition = self._definition
        if self.form is not None:
            self.form.setVisible(step is Step.FORM)
        asking = step in (Step.FORM, Step.DRAFT, Step.CONFIRM)
        self.consequence.setVisible(asking and bool(self.consequence.whole))
        risk = self._risk(definition)
        self.risk.setText(risk_words(risk) if step in (Step.FORM, Step.DRAFT) else self._waiting())
        self.risk.setVisible(bool(self.risk.whole))
        self.progress.setVisible(command is not None and step is not Step.DRAFT)
        if command is not None:
            self.title.setText(self.words.order(command.layer, command.action, command.arguments))
            self.progress.show_command(command)
        self._write_buttons(step, risk)
        if self.isVisible():
            self.place()

    def _open(self, title: str) -> None:
        self.title.setText(title)
        definition = self._definition
        said = "" if definition is None else definition.consequence.localized(self._look.locale)
        self.consequence.setText(said)
        self.targets.setText(self.words.targets(self._layer, [key.id for key in self._keys]))
        self.trouble.hide()
        self.show()
        self.refresh()
        self.place()

    @property
    def _definition(self) -> Action | None:
        return self._hub.picture.layers[self._layer].action(self._action) if self._layer else None

    def _risk(self, definition: Action | None) -> Risk:
        if self.command is not None:
            return self.command.risk
        return Risk.CONFIRM if definition is None else definition.risk_for(len(self._keys))

    def _waiting(self) -> str:
        command = self.command
        if command is None:
            return ""
        deadline = deadline_of(command)
        if deadline is None:
            return ""
        left = max(0, round(deadline - self._hub.clock()))
        if self.step is Step.CONFIRM:
            return self.tr("Confirm within {0} s.").format(left)
        return self.tr("Waiting for a second person at another desk: {0} s left.").format(left)

    def _write_buttons(self, step: Step, risk: Risk) -> None:
        several = len(self._keys) > 1
        verb = self.tr("Send") if risk is Risk.CONFIRM else self.tr("Select the targets")
        confirm = self.tr("Confirm") if risk is not Risk.TWO_PERSONS else self.tr("Ask the second person")
        failed = self.command is not None and bool(failed_targets(self.command))
        text = {
            Step.FORM: verb,
            Step.DRAFT: verb,
            Step.CONFIRM: confirm,
            Step.DONE: self.tr("Retry the failed ones…") if several else self.tr("Ask again…"),
        }.get(step, "")
        self.act.setText(text)
        self.act.setVisible(bool(text) and (step is not Step.DONE or failed))
        closing = step in (Step.RUNNING, Step.DONE)
        self.back.setText(self.tr("Close") if closing else self.tr("Cancel"))

    def _do(self) -> None:
        step, operations = self.step, self._operations
        self.trouble.hide()
        try:
            if step is Step.FORM and self.form is not None:
                self.command = operations.draft(
                    self._layer,
                    self._action,
                    self._keys,
                    self.form.arguments,
                    self.form.reason.text().strip(),
                    self.form.lasts_s,
                )
                operations.begin(self.command.id)
            elif self.command is not None:
                self._advance(step, self.command)
        except Refused as refused:
            self._refuse(refused)
        except ValueError as error:  # a duration or a reason that will not do
            self._say(str(error))
        self._reread()

    def _advance(self, step: Step, command: Command) -> None:
        if step is Step.DRAFT:
            self._operations.begin(command.id)
        elif step is Step.CONFIRM:
            self._operations.confirm(command.id)
        elif step is Step.DONE:
            self.retried.emit(self._operations.retry_failed(command.id))

    def _go_back(self) -> None:
        command, step = self.command, self.step
        if command is not None and step in (Step.DRAFT, Step.SELECTING, Step.CONFIRM, Step.APPROVAL):
            self._operations.cancel(command.id)
        self.leave()

    def _refuse(self, refused: Refused) -> None:
        words = cause_words(refused.cause, refused.detail)
        if len(self._keys) > 1 and refused.keys:
            named = [self.words.targets(key.layer, [key.id]) for key in refused.keys[:5]]
            more = ", …" if len(refused.keys) > len(named) else ""
            words = f"{words}{self.words.colon}{', '.join(named)}{more}"
        if refused.cause is Cause.LEASED:
            words = f"{words}. {self.tr('Take it over from the inspector, with a reason.')}"
        self._say(words)

    def _say(self, words: str) -> None:
        self.trouble.setText(words)
        self.trouble.setStyleSheet(f"color: {self._look.theme.p2.name()}")
        self.trouble.show()

    def _on_commands(self, changed: frozenset[str]) -> None:
        if self.command is not None and self.command.id in changed:
            self._reread()

    def _on_tick(self, now: float) -> None:
        self.refresh()

    def _reread(self) -> None:
        if self.command is not None:
            self.command = self._operations.commands.get(self.command.id) or self.command
        self.refresh()


def failed_targets(command: Command) -> list[ObjectKey]:
    """The targets that can be asked again: at an end, and not the one that was wanted."""
    given_up = (Stage.CONFIRMED, Stage.CANCELLED)
    return [t.key for t in command.targets if t.stage.final and t.stage not in given_up]


class TakeOverCard(SideCard):
    """Takes an object from another desk, with the reason that its operator will read."""

    def __init__(
        self,
        key: ObjectKey,
        holder: str,
        take: Callable[[ObjectKey, str], object],
        canvas: Canvas,
        look: Look,
        name: str,
    ) -> None:
        super().__init__("", canvas, look)
        self._key, self._take = key, take
        self.title.setText(self.tr("Take over {0}").format(name))
        self.add_line(
            self.tr("It is in the hands of {0}. They are told who took it, and why.").format(holder)
        )
        self.reason = QLineEdit(self)
        self.reason.setMaxLength(200)
        self.reason.setPlaceholderText(self.tr("Reason (required)"))
        self.reason.setAccessibleName(self.tr("Reason"))
        self.body.addWidget(self.reason)
        self.trouble = self.add_line()
        self.trouble.hide()
        cancel = self.button(self.tr("Cancel"))
        cancel.clicked.connect(lambda *_: self.leave())
        self.act: QPushButton = self.button(self.tr("Take over"), acts=True)
        self.act.setEnabled(False)
        self.act.clicked.connect(lambda *_: self._do())
        self.reason.textChanged.connect(lambda text: self.act.setEnabled(bool(text.strip())))
        self.reason.returnPressed.connect(self.act.click)
        self.add_buttons(cancel, self.act)
        self.show()
        self.place()
        self.reason.setFocus()

    def _do(self) -> None:
        try:
            self._take(self._key, self.reason.text().strip())
        except Refused as refused:
            self.trouble.setText(cause_words(refused.cause, refused.detail))
            self.trouble.show()
            self.place()
            return
        self.leave()
