"""From one step of a command to the next: intent recorded, selections, the second person, the end."""

from __future__ import annotations

from collections.abc import Iterable

from desktop.link.wire_commands import ApprovalKind, ApprovalMessage, approval_topic, encode_approval
from desktop.work.approvals import Approvals, check_second, request_of
from desktop.work.command import Cause, Command, Refused, Stage
from desktop.work.command_checks import check_link, declared_action, obstacle
from desktop.work.command_dispatch import Dispatch
from desktop.work.command_drafts import TTL, end_of
from desktop.work.command_entries import entry_of, person_entry
from desktop.work.command_machine import APPROVE_WITHIN, Order, Part
from desktop.work.operators import Operator
from desktop.work.overrides import holds
from desktop.work.picture import Picture
from layers.definition import Action, Risk
from layers.model import Quality

OPERATE_SOON = 5.0
"""Seconds for which a selection that was just approved may wait for those selected anew."""
AUDIT_AGAIN = 60.0
"""Seconds after which the end of an override is tried again when it could not be recorded."""


class Flow:
    """Takes commands from one step to the next."""

    def __init__(self, picture: Picture, desk: Dispatch, approvals: Approvals, locale: str) -> None:
        self._picture, self._desk, self._approvals = picture, desk, approvals
        self._locale = locale
        self._ending: dict[str, float] = {}
        """Commands whose override is being ended, until when no other end is sent."""

    def check(self, order: Order, parts: Iterable[Part], now: float) -> None:
        """Refuse the parts that cannot be asked now; raises Refused when that leaves none."""
        found: list[tuple[Part, Cause, str]] = []
        for part in parts:
            why = self._obstacle(order, part, now)
            if why is not None:
                found.append((part, *why))
        if len(found) == sum(not part.stage.final for part in order.parts):
            _, cause, detail = found[0]
            raise Refused(cause, detail, tuple(part.target.key for part, *_ in found))
        for part, cause, detail in found:
            part.enter(Stage.REFUSED, now, cause, detail)

    def _obstacle(self, order: Order, part: Part, now: float) -> tuple[Cause, str] | None:
        key = part.target.key
        lease = self._desk.leases.other(key, now)
        if lease is not None:
            return Cause.LEASED, f"{lease.operator}, {lease.console}"
        last = self._desk.latest.get(key)
        if last is not None and last.order is not order and not last.stage.final:
            return Cause.BUSY, last.order.command.operator
        return obstacle(self._picture, key, order.action, order.command.arguments, self._locale)

    def start(self, order: Order, now: float) -> None:
        """Have the intent recorded; only then does anything leave."""
        parts = [part for part in order.parts if not part.stage.final]
        selects = self._selects(order)
        self._desk.start(order)
        self._desk.move(parts, Stage.SELECTING if selects else Stage.SENT, now)

        def leave(ok: bool, then: float) -> None:
            open_parts = [part for part in parts if not part.stage.final]
            if not ok:
                self._not_recorded(order, open_parts, then)
                return
            self._desk.lease(order, then)
            send = self._desk.select if selects else self._desk.operate
            send(open_parts, then)

        self._desk.out.record(entry_of(order, "command-intent", now, result="asked"), leave, order.command)

    def confirm(self, order: Order, now: float) -> None:
        """The operator confirmed what was selected."""
        order.confirmed = True
        self._desk.out.changed.add(order.id)
        try:
            self._check_selected(order, now)
        except Refused:
            return
        if order.command.risk is Risk.TWO_PERSONS and not order.command.automatic:
            self._ask_second(order, now)
        else:
            self.order(order, "command-confirmed", now)

    def _check_selected(self, order: Order, now: float) -> None:
        """Refuse what may no longer be asked, and have it dropped; raises Refused when none is left."""
        selected = order.at(Stage.SELECTED)
        try:
            self.check(order, selected, now)
        except Refused as refused:
            self._desk.move(selected, Stage.REFUSED, now, refused.cause, refused.detail)
            raise
        finally:
            self._desk.give_up([part for part in selected if part.stage is Stage.REFUSED], now)

    def order(self, order: Order, what: str, now: float) -> None:
        """Have it recorded that the order is given, then give it."""
        parts = order.at(Stage.SELECTED)
        self._desk.move(parts, Stage.SENT, now)

        def leave(ok: bool, then: float) -> None:
            still = [part for part in parts if part.stage is Stage.SENT]
            if ok:
                self._desk.operate(still, then)
            else:
                self._desk.give_up(still, then)
                self._not_recorded(order, still, then)

        self._desk.out.record(entry_of(order, what, now, result="ordered"), leave, order.command)

    def _not_recorded(self, order: Order, parts: list[Part], now: float) -> None:
        self._desk.move(parts, Stage.REFUSED, now, Cause.AUDIT)
        self.not_sent(order, now, AUDIT_AGAIN)

    def not_sent(self, order: Order, now: float, again: float = 0.0) -> None:
        """The end of an override that never left is still to be sent, in `again` seconds at the earliest."""
        if order.command.automatic:
            self._ending[order.command.retry_of] = now + again

    def go_on(self, order: Order, now: float) -> None:
        """After news: what needs nobody's confirmation any more is ordered."""
        if order.at(Stage.SELECTING) or not order.at(Stage.SELECTED):
            return
        if order.command.automatic and not order.confirmed:
            self.confirm(order, now)
        elif order.command.approver:
            self.order(order, "command-approved", now)

    def _ask_second(self, order: Order, now: float) -> None:
        parts = order.at(Stage.SELECTED)

        def ask(ok: bool, then: float) -> None:
            waiting = [part for part in parts if part.stage is Stage.AWAITING_APPROVAL]
            if not ok:
                self._desk.give_up(waiting, then)
                self._not_recorded(order, waiting, then)
                return
            for part in waiting:
                part.enter(Stage.AWAITING_APPROVAL, then, within=APPROVE_WITHIN)
            ids = [part.target.key.id for part in waiting]
            if ids:
                self._tell(request_of(order.command, order.operator_id, ids, then))

        for part in parts:
            part.enter(Stage.AWAITING_APPROVAL, now, within=APPROVE_WITHIN)
        self._desk.out.record(entry_of(order, "command-approval", now, result="asked"), ask, order.command)

    def withdraw(self, order: Order, now: float) -> None:
        """The second person is no longer needed."""
        self._tell(self._message(order.command, "withdraw", order.operator_id, order.command.operator, now))

    def heard(self, message: ApprovalMessage, now: float) -> None:
        """A console asks for a second person, or answers."""
        request = self._approvals.heard(message, now)
        self._desk.out.changed.add(message.command)
        if request is not None:
            self._desk.out.notes.append(request)
        order = self._desk.orders.get(message.command)
        if order is None or message.kind not in ("grant", "refuse"):
            return
        waiting = order.at(Stage.AWAITING_APPROVAL)
        if not waiting:
            return
        try:
            check_second(message, self._desk.console, order.operator_id)
        except Refused as refused:
            values = {"result": f"refused: {refused.cause}", "approver": message.operator}
            self._desk.out.record(entry_of(order, "command-approval", now, **values))
            return
        if message.kind == "refuse":
            self._desk.give_up(waiting, now)
            self._desk.move(waiting, Stage.REFUSED, now, Cause.SECOND_REFUSED, message.operator)
            return
        self._granted(order, waiting, message.operator, now)

    def _granted(self, order: Order, waiting: list[Part], approver: str, now: float) -> None:
        order.change(approver=approver)
        old = [part for part in waiting if self._desk.holding_too_long(part, now)]
        for part in waiting:
            if part not in old:
                part.enter(Stage.SELECTED, now, within=OPERATE_SOON)
        self._desk.select_anew(old, now)
        self.go_on(order, now)

    def answer(self, command: str, operator: Operator, kind: ApprovalKind, now: float) -> None:
        """Answer another console's request, once that is recorded. Raises Refused."""
        asked = self._approvals.answer(command, operator, now)
        check_link(self._picture)
        self._approvals.drop(command)
        self._desk.out.changed.add(command)
        answer = ApprovalMessage(
            kind=kind,
            command=command,
            layer=asked.layer,
            action=asked.action,
            operator_id=operator.id,
            operator=operator.name,
            console=self._desk.console,
            expires=asked.expires,
            ts=now,
        )
        ids = asked.targets
        entry = person_entry(
            operator,
            self._desk.console,
            f"approval-{kind}",
            now,
            target=f"{asked.layer}/{ids[0] if len(ids) == 1 else asked.count}",
            after={"action": asked.action, "arguments": asked.args, "targets": list(ids)},
            result="asked by " + asked.operator,
            reason=asked.reason,
            command=command,
        )
        self._desk.out.record(entry, lambda ok, then: self._tell(answer) if ok else None)

    def end_due(self, now: float) -> None:
        """Send the end of the overrides that are due, once each."""
        for order in self._desk.due(now):
            if self._ending.get(order.id, 0.0) <= now:
                self._ending[order.id] = float("inf")
                self._end(order, now)

    def _end(self, order: Order, now: float) -> None:
        command = order.command
        try:
            action = declared_action(self._picture, command.layer, order.action.cancelled_by)
        except Refused:
            return
        keys = []
        for part in order.parts:
            if holds(command, part.target):
                if self._over(order, action, part):
                    self._desk.end_override(part, now)
                else:
                    keys.append(part.target.key)
        if not keys:
            return
        started = end_of(order, action, keys, self._picture, self._desk.console, now)
        self._desk.add(started)
        self.start(started, now)

    def _over(self, order: Order, end: Action, part: Part) -> bool:
        """Whether the equipment, when nothing of the order could still happen, reported no override."""
        key = part.target.key
        live, place = self._desk.live(key), self._picture.place(key)
        if live is None or place is None or int(place[0].quality[place[1]]) != Quality.GOOD:
            return False
        settled = part.target.times[Stage.SENT] + TTL + order.action.effect_timeout
        return live.time > settled and bool(end.effect({}, live)) and not order.does(live)

    def _selects(self, order: Order) -> bool:
        """Whether the gateway must be asked to hold the objects first."""
        command = order.command
        return (order.action.risk if command.automatic else command.risk) >= Risk.SELECT

    def _message(
        self, command: Command, kind: ApprovalKind, operator_id: str, operator: str, now: float
    ) -> ApprovalMessage:
        return ApprovalMessage(
            kind=kind,
            command=command.id,
            operator_id=operator_id,
            operator=operator,
            console=self._desk.console,
            ts=now,
        )

    def _tell(self, message: ApprovalMessage) -> None:
        self._desk.out.publish(approval_topic(message.command), encode_approval(message))
