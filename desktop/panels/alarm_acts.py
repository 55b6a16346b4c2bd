"""What an operator does with alarms, with the questions that go before it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qtpy.QtCore import QObject, Signal
from qtpy.QtWidgets import QWidget

from desktop.hub import Hub
from desktop.panels.alarm_dialogs import AcknowledgeDialog, UntilDialog, shelve_dialog, works_dialog
from desktop.panels.alarm_words import AlarmWords, object_of
from desktop.panels.look import Look
from desktop.panels.names import label_of
from desktop.work.command import Refused
from desktop.work.operators import ABSENT

if TYPE_CHECKING:
    from desktop.operations import Operations

NAMED = 3
"""Alarms that a question names; beyond, it counts them."""


class AlarmActs(QObject):
    """Acknowledge, shelve, put back and mask. A refusal becomes one line in `told`."""

    told = Signal(str)

    def __init__(self, operations: Operations, hub: Hub, look: Look, parent: QObject) -> None:
        super().__init__(parent)
        self.operations, self._hub, self._look = operations, hub, look
        self._words = AlarmWords(look, hub.picture, operations.desks)
        self.dialog: AcknowledgeDialog | UntilDialog | None = None
        """The question that is open."""

    def waiting(self, keys: Sequence[str]) -> list[str]:
        """Those of the alarms that nobody has acknowledged."""
        alarms = ((key, self.operations.alarms.get(key)) for key in keys)
        return [key for key, it in alarms if it is not None and not it.life.acknowledged]

    def acknowledge(self, keys: Sequence[str], note: str = "") -> None:
        """Acknowledge what of these waits."""
        waiting = self.waiting(keys)
        if not waiting:
            self.told.emit(self.tr("Nothing chosen waits to be acknowledged."))
            return
        try:
            self.operations.acknowledge(waiting, note)
        except Refused:
            self.told.emit(self.why_not())

    def put_back(self, keys: Sequence[str]) -> None:
        """Take back into the list what of these is shelved or masked."""
        alarms = [it for key in keys if (it := self.operations.alarms.get(key)) is not None]
        shelved = [it.key for it in alarms if it.shelved is not None]
        masked = {it.object for it in alarms if it.suppressed}
        try:
            if shelved:
                self.operations.unshelve(shelved)
            if masked:
                self.operations.unsuppress(masked)
        except Refused:
            self.told.emit(self.why_not())

    def ask_acknowledge(self, keys: Sequence[str], parent: QWidget) -> None:
        """Ask for a note, then acknowledge what of these waits."""
        waiting = self.waiting(keys)
        if not waiting:
            self.told.emit(self.tr("Nothing chosen waits to be acknowledged."))
            return
        dialog = AcknowledgeDialog(self.subject(waiting), parent.window())
        self._open(dialog)
        dialog.accepted.connect(lambda: self.acknowledge(waiting, dialog.note))

    def ask_shelve(self, keys: Sequence[str], parent: QWidget) -> None:
        """Ask until when and why, then shelve these."""
        if not keys:
            self.told.emit(self.tr("Choose the alarms to shelve first."))
            return
        dialog = shelve_dialog(self.subject(keys), self._look, self._hub.clock, parent.window())
        self._open(dialog)
        dialog.accepted.connect(lambda: self._shelve(keys, dialog))

    def ask_mask(self, keys: Sequence[str], parent: QWidget) -> None:
        """Ask for which works, then mask every alarm of the objects of these alarms."""
        if not keys:
            self.told.emit(self.tr("Choose the alarms of the objects under works first."))
            return
        dialog = works_dialog(self.subject(keys), self._look, self._hub.clock, parent.window())
        self._open(dialog)
        dialog.accepted.connect(lambda: self._mask(keys, dialog))

    def subject(self, keys: Sequence[str]) -> str:
        """What a question is about: a few alarms by name, or how many."""
        if len(keys) > NAMED:
            return self.tr("{0} alarms").format(self._look.words.number(len(keys)))
        lines = []
        for key in keys:
            alarm = self.operations.alarms.get(key)
            title = key if alarm is None else self._words.title(alarm)
            lines.append(f"{title} · {label_of(self._hub.picture, object_of(key))}")
        return "\n".join(lines)

    def why_not(self) -> str:
        """Why the operator may not, in one line."""
        if self.operations.operator == ABSENT:
            return self.tr("Nobody is signed in at this desk: choose who you are first.")
        return self.tr("Your role does not allow this: ask an operator or a supervisor.")

    def _shelve(self, keys: Sequence[str], dialog: UntilDialog) -> None:
        try:
            self.operations.shelve(keys, dialog.until, dialog.reason)
        except Refused:
            self.told.emit(self.why_not())
        except ValueError as error:
            self.told.emit(str(error))

    def _mask(self, keys: Sequence[str], dialog: UntilDialog) -> None:
        try:
            self.operations.suppress({object_of(key) for key in keys}, dialog.reason, dialog.until)
        except Refused:
            self.told.emit(self.why_not())
        except ValueError as error:
            self.told.emit(str(error))

    def _open(self, dialog: AcknowledgeDialog | UntilDialog) -> None:
        self.dialog = dialog
        dialog.finished.connect(self._close)
        dialog.open()

    def _close(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None
