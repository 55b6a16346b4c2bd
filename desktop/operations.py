"""What the people at the desk do: alarms taken note of, commands given and approved, who has signed in.

Every act, and every refusal, is in the audit log.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from desktop.watch import Watch
from desktop.work.alarm import AlarmChanges
from desktop.work.command import Command, Refused
from desktop.work.commands import Effects
from desktop.work.operators import ABSENT, Operator
from desktop.work.picture import ObjectKey


class Operations(Watch):
    """The acts of the desk. Screens read `alarms` and `commands`, and call these."""

    @property
    def operators(self) -> tuple[Operator, ...]:
        """Who may sign in here."""
        return self._identity.operators

    @property
    def notice(self) -> str:
        """What the person at the desk should know about signing in, one line; mostly empty."""
        return self._identity.notice

    def sign_in(self, operator_id: str) -> None:
        """Take the desk; raises OperatorsError for somebody unknown."""
        self.operator = self._identity.sign_in(operator_id)
        self._note("sign-in")
        self.operator_changed.emit()

    def sign_out(self) -> None:
        """Leave the desk: what follows may look only."""
        self._note("sign-out")
        self.operator = ABSENT
        self.operator_changed.emit()

    def acknowledge(self, keys: Iterable[str], note: str = "") -> None:
        """Take note of alarms. Raises Refused without the right."""
        wanted = tuple(keys)
        self._act(
            "acknowledge", wanted, note, lambda now: self.alarms.acknowledge(wanted, self.operator, note, now)
        )

    def shelve(self, keys: Iterable[str], until: float, reason: str) -> None:
        """Put alarms aside until a time, epoch seconds. Raises Refused; ValueError: no fit time or reason."""
        wanted = tuple(keys)
        self._act(
            "shelve",
            wanted,
            reason,
            lambda now: self.alarms.shelve(wanted, self.operator, until, reason, now),
        )

    def unshelve(self, keys: Iterable[str]) -> None:
        """Take shelved alarms back."""
        wanted = tuple(keys)
        self._act("unshelve", wanted, "", lambda now: self.alarms.unshelve(wanted, self.operator, now))

    def suppress(self, objects: Iterable[ObjectKey], reason: str, until: float) -> None:
        """Keep the alarms of objects out of the list during declared works."""
        wanted = tuple(objects)
        self._act(
            "suppress",
            [f"{key.layer}/{key.id}" for key in wanted],
            reason,
            lambda now: self.alarms.suppress(wanted, self.operator, reason, until, now),
        )

    def unsuppress(self, objects: Iterable[ObjectKey]) -> None:
        """The works are over."""
        wanted = tuple(objects)
        self._act(
            "unsuppress",
            [f"{key.layer}/{key.id}" for key in wanted],
            "",
            lambda now: self.alarms.unsuppress(wanted, self.operator, now),
        )

    def draft(
        self,
        layer: str,
        action: str,
        keys: Iterable[ObjectKey],
        arguments: Mapping[str, Any],
        reason: str = "",
        lasts_s: float | None = None,
    ) -> Command:
        """A command checked and ready to begin; raises Refused, which is in the audit log."""
        wanted, now = tuple(keys), self.hub.clock()
        try:
            return self.commands.prepare(
                layer, action, wanted, arguments, self.operator, reason, now, lasts_s=lasts_s
            )
        except Refused as refusal:
            self._tell_refused(refusal, f"command-{action}", [f"{it.layer}/{it.id}" for it in wanted], reason)
            raise

    def begin(self, command: str) -> None:
        """Record the intent, then select or operate. Raises Refused, also for another than who drafted it."""
        self._go_on(command, self.commands.begin)

    def confirm(self, command: str) -> None:
        """Operate what was selected and shown, or ask for the second person. Raises Refused as `begin`."""
        self._go_on(command, self.commands.confirm)

    def cancel(self, command: str) -> None:
        """Give up what has not been operated yet."""
        self._carry_out(self.commands.cancel(command, self.hub.clock()))

    def retry_failed(self, command: str) -> Command:
        """A new command, to be confirmed as any other, for the targets that failed; raises Refused."""
        try:
            return self.commands.retry_failed(command, self.operator, self.hub.clock())
        except Refused as refusal:
            self._refuse(command, refusal)
            raise

    def approve(self, command: str) -> None:
        """Agree, as the second person, to a command of another console. Raises Refused."""
        self._answer(command, "approve", self.commands.approve)

    def decline(self, command: str) -> None:
        """Refuse a command of another console."""
        self._answer(command, "decline", self.commands.refuse_approval)

    def take_over(self, key: ObjectKey, reason: str) -> None:
        """Take an object from the console that commands it. Raises Refused; ValueError without a reason."""
        try:
            self._carry_out(self.commands.take_over(key, self.operator, reason, self.hub.clock()))
        except Refused as refusal:
            self._tell_refused(refusal, "take-over", [f"{key.layer}/{key.id}"], reason)
            raise

    def _act(
        self, what: str, targets: Iterable[str], reason: str, do: Callable[[float], AlarmChanges]
    ) -> None:
        wanted = list(targets)
        try:
            changes = do(self.hub.clock())
        except Refused as refusal:
            self._tell_refused(refusal, what, wanted, reason)
            raise
        self._note(what, wanted, reason=reason, result="done")
        self._tell(changes)

    def _go_on(self, command: str, do: Callable[[str, float], Effects]) -> None:
        try:
            self.commands.check_giver(command, self.operator)
            self._carry_out(do(command, self.hub.clock()))
        except Refused as refusal:
            self._refuse(command, refusal)
            raise

    def _refuse(self, command: str, refusal: Refused) -> None:
        known = self.commands.get(command)
        targets = [command] if known is None else [f"{it.key.layer}/{it.key.id}" for it in known.targets]
        what, reason = ("command", "") if known is None else (f"command-{known.action}", known.reason)
        self._tell_refused(refusal, what, targets, reason)

    def _answer(self, command: str, what: str, do: Callable[[str, Operator, float], Effects]) -> None:
        try:
            self._carry_out(do(command, self.operator, self.hub.clock()))
        except Refused as refusal:
            self._tell_refused(refusal, what, [command], "")
            raise

    def _tell_refused(self, refusal: Refused, what: str, targets: list[str], reason: str) -> None:
        self._note(what, targets, reason=reason, result=f"refused: {refusal.cause}")
        self.refused.emit(refusal)
