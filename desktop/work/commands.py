"""Commands of this console, and its part in those of others: events in, effects out (DESIGN §5).

No Qt, no clock, no link of its own: whoever calls carries the `Effects` out, in their order, and hands back
what came of it (`recorded`, `published`). An order leaves only once its intent is on the disk. Nothing is
queued while the link is down, with one exception: the end of an override that fell due meanwhile is sent as
soon as the link is back, since leaving it would be the greater danger.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from desktop.link.wire_commands import CommandMessage, LeaseMessage, Reply
from desktop.work.approvals import Approvals
from desktop.work.command import ApprovalRequest, Cause, Command, Lease, Refused, Stage, Target
from desktop.work.command_checks import check_link, check_person
from desktop.work.command_dispatch import Dispatch
from desktop.work.command_drafts import check_giver, draft
from desktop.work.command_effects import Divergence, Effects, Publish, Record
from desktop.work.command_entries import entry_of, person_entry
from desktop.work.command_flow import Flow
from desktop.work.command_machine import NOT_DONE, Order
from desktop.work.operators import Operator, Right
from desktop.work.picture import Changes, ObjectKey, Picture

__all__ = ["Commands", "Divergence", "Effects", "Publish", "Record"]

RETRIED = NOT_DONE - {Stage.CANCELLED} | {Stage.UNKNOWN, Stage.DIVERGED}


class Commands:
    """Every command of this console. `locale` is that of the interlocks' words."""

    def __init__(self, picture: Picture, console: str, locale: str = "en") -> None:
        self._picture, self._console = picture, console
        self._desk, self._approvals = Dispatch(picture, console), Approvals(console)
        self._flow = Flow(picture, self._desk, self._approvals, locale)
        self._now = 0.0

    def get(self, command_id: str) -> Command | None:
        """The command of that id, None for a stranger."""
        order = self._desk.orders.get(command_id)
        return None if order is None else order.command

    def all(self) -> list[Command]:
        """Every command in memory: those under way first, then the newest."""
        found = [order.command for order in self._desk.orders.values()]
        return sorted(found, key=lambda it: (it.final, -it.asked))

    def latest_for(self, key: ObjectKey) -> tuple[Command, Target] | None:
        """The last command to an object, and the object's part in it."""
        part = self._desk.latest.get(key)
        return None if part is None else (part.order.command, part.target)

    def lease_of(self, key: ObjectKey) -> Lease | None:
        """Who holds the object, this console included."""
        return self._desk.leases.get(key, self._now)

    def approvals(self) -> list[ApprovalRequest]:
        """What other consoles ask a second person for."""
        return self._approvals.all()

    def diverged(self) -> frozenset[tuple[ObjectKey, float]]:
        """Objects that did as they were told and no longer do, and since when (epoch seconds)."""
        return self._desk.diverged()

    def prepare(
        self,
        layer: str,
        action: str,
        keys: Iterable[ObjectKey],
        arguments: Mapping[str, Any],
        operator: Operator,
        reason: str,
        now: float,
        *,
        lasts_s: float | None = None,
        retry_of: str = "",
    ) -> Command:
        """A command that may be begun. Nothing is sent.

        Raises Refused when the person, the link or the arguments forbid it, or every object does; of several
        objects, those that cannot be asked now are refused from the start and the others remain.
        """
        self._now = now
        order = draft(
            self._picture,
            self._console,
            layer,
            action,
            keys,
            arguments,
            operator,
            reason,
            now,
            lasts_s,
            retry_of,
        )
        self._flow.check(order, order.parts, now)
        self._desk.add(order)
        return order.command

    def check_giver(self, command_id: str, operator: Operator) -> None:
        """Raise Refused unless it is who drafted a command, and still may, that goes on with it."""
        order = self._desk.orders.get(command_id)
        if order is not None:
            check_giver(order, operator)

    def begin(self, command_id: str, now: float) -> Effects:
        """Record the intent, then select the targets or, for the lowest risk, operate them.

        Raises Refused when the link was lost meanwhile, or nothing is left that may be asked.
        """
        self._now = now
        order = self._desk.orders.get(command_id)
        if order is None or order.begun:
            return self._desk.take(now)
        check_link(self._picture)
        self._flow.check(order, [part for part in order.parts if not part.stage.final], now)
        self._flow.start(order, now)
        return self._desk.take(now)

    def confirm(self, command_id: str, now: float) -> Effects:
        """The operator has seen the targets: operate them, or ask for the second person first.

        Raises Refused when the link is down; the selection holds on until its time is over.
        """
        self._now = now
        order = self._desk.orders.get(command_id)
        if order is None or order.confirmed or order.at(Stage.SELECTING) or not order.at(Stage.SELECTED):
            return self._desk.take(now)
        check_link(self._picture)
        self._flow.confirm(order, now)
        return self._desk.take(now)

    def cancel(self, command_id: str, now: float) -> Effects:
        """Give the command up. What was ordered is asked to stop; only the gateway's word ends it."""
        self._now = now
        order, desk = self._desk.orders.get(command_id), self._desk
        if order is None or order.final:
            return desk.take(now)
        if not order.begun:
            del desk.orders[command_id]
            desk.out.changed.add(command_id)
            return desk.take(now)
        if order.at(Stage.AWAITING_APPROVAL):
            self._flow.withdraw(order, now)
        desk.out.record(entry_of(order, "command-cancel", now, result="asked"))
        running = [part for part in order.parts if not part.stage.final]
        desk.give_up(running, now)
        unsent = [part for part in running if part.sent_at is None]
        desk.move(unsent, Stage.CANCELLED, now)
        return desk.take(now)

    def retry_failed(self, command_id: str, operator: Operator, now: float) -> Command:
        """A new command for the targets that did not do it, to be confirmed as any; raises Refused."""
        order = self._desk.orders.get(command_id)
        if order is None:
            raise Refused(Cause.UNKNOWN_OBJECT)
        old = order.command
        keys = [target.key for target in old.targets if target.stage in RETRIED]
        lasts = None if old.expires is None else old.expires - old.asked
        return self.prepare(
            old.layer,
            old.action,
            keys,
            old.arguments,
            operator,
            old.reason,
            now,
            lasts_s=lasts,
            retry_of=old.id,
        )

    def approve(self, command_id: str, operator: Operator, now: float) -> Effects:
        """Agree to a command of another console. Raises Refused: the right, the same person, too late."""
        self._now = now
        self._flow.answer(command_id, operator, "grant", now)
        return self._desk.take(now)

    def refuse_approval(self, command_id: str, operator: Operator, now: float) -> Effects:
        """Decline a command of another console. Raises Refused as `approve` does."""
        self._now = now
        self._flow.answer(command_id, operator, "refuse", now)
        return self._desk.take(now)

    def take_over(self, key: ObjectKey, operator: Operator, reason: str, now: float) -> Effects:
        """Take an object from the console that holds it.

        Raises Refused without the right or the link, ValueError without a reason.
        """
        self._now, desk = now, self._desk
        check_person(operator, Right.TAKE_OVER)
        if not reason.strip():
            raise ValueError("say why the object is taken over")
        check_link(self._picture)
        held = desk.leases.other(key, now)
        if held is None:
            return desk.take(now)

        def publish(ok: bool, then: float) -> None:
            if ok:
                for lease in desk.leases.take([key], operator.name, then, held.console, reason):
                    desk.publish_lease(lease)

        values = {"holder": held.operator, "console": held.console}
        entry = person_entry(
            operator,
            self._console,
            "take-over",
            now,
            target=f"{key.layer}/{key.id}",
            before=values,
            reason=reason,
            result="asked",
        )
        desk.out.record(entry, publish)
        return desk.take(now)

    def recorded(self, token: str, ok: bool, now: float) -> Effects:
        """What a `Record` with that token became; one that failed means that nothing is published."""
        self._now = now
        self._desk.out.recorded(token, ok, now)
        return self._desk.take(now)

    def published(self, token: str, ok: bool, now: float) -> Effects:
        """Whether the feed took a `Publish`; one that it did not take was never sent."""
        self._now = now
        order = self._desk.published(token, ok, now)
        if order is not None:
            self._flow.not_sent(order, now)
        return self._desk.take(now)

    def follow(self, changes: Changes, now: float) -> Effects:
        """Look at what changed in the picture."""
        self._now = now
        self._desk.follow(changes, now)
        return self._desk.take(now)

    def received(self, messages: Iterable[CommandMessage], now: float) -> Effects:
        """Replies of the gateway; approvals and leases of other consoles."""
        self._now = now
        for message in messages:
            if isinstance(message, Reply):
                order = self._desk.reply(message, now)
                if order is not None:
                    self._flow.go_on(order, now)
            elif isinstance(message, LeaseMessage):
                self._desk.heard_lease(message, now)
            else:
                self._flow.heard(message, now)
        return self._desk.take(now)

    def tick(self, now: float) -> Effects:
        """Let time pass: what was awaited in vain, overrides that are due."""
        self._now, desk = now, self._desk
        awaiting = [order for order in desk.orders.values() if order.at(Stage.AWAITING_APPROVAL)]
        desk.pass_time(now)
        for order in awaiting:
            if not order.at(Stage.AWAITING_APPROVAL):
                self._flow.withdraw(order, now)
        desk.out.changed.update(self._approvals.expired(now))
        self._flow.end_due(now)
        desk.prune(now)
        return desk.take(now)

    def restore(self, commands: Iterable[Command], now: float) -> Effects:
        """Commands of before a restart: those under way are unknown, overrides still end when due."""
        self._now = now
        for command in sorted(commands, key=lambda it: it.asked):
            layer = self._picture.layers.get(command.layer)
            action = None if layer is None else layer.action(command.action)
            if action is None or command.id in self._desk.orders:
                continue
            order = Order(command, action)
            self._desk.revive(order)
            lost = [part for part in order.parts if not part.stage.final]
            self._desk.move(lost, Stage.UNKNOWN, now, Cause.INTERRUPTED)
        return self._desk.take(now)
