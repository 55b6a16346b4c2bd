"""Commands under way: what is sent for them, what comes back, and what is recorded of them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from desktop.link.wire_commands import (
    LeaseMessage,
    Phase,
    Reply,
    command_topic,
    encode_command,
    encode_lease,
    lease_topic,
)
from desktop.work.command import Cause, Lease, Refused, Stage
from desktop.work.command_checks import check_link
from desktop.work.command_drafts import request_for
from desktop.work.command_effects import Divergence, Effects, Outbox
from desktop.work.command_entries import result_entry
from desktop.work.command_machine import HOLD, NOT_DONE, SELECT_WITHIN, Order, Part
from desktop.work.command_watch import Watch
from desktop.work.leases import Leases, message_of
from desktop.work.overrides import ended, holds, pending
from desktop.work.picture import Changes, ObjectKey, Picture
from layers.model import Live

KEPT = 1_000
"""Commands that are over and still in memory."""
DRAFT_LIFE = 3_600.0
"""Seconds after which a command that was never begun is forgotten."""


class Dispatch:
    """Every command of this console, by id and by object."""

    def __init__(self, picture: Picture, console: str) -> None:
        self.picture, self.console = picture, console
        self.orders: dict[str, Order] = {}
        self.latest: dict[ObjectKey, Part] = {}
        self.out, self.leases = Outbox(), Leases(console)
        self._parts: dict[str, Part] = {}
        self._watch = Watch()
        self._running: dict[str, Order] = {}
        self._overriding: dict[str, Order] = {}

    def get(self, command_id: str) -> Order:
        """The order of that id; raises KeyError for a stranger."""
        return self.orders[command_id]

    def add(self, order: Order) -> None:
        """Know a command from now on."""
        self.orders[order.id] = order
        self.out.changed.add(order.id)

    def start(self, order: Order) -> None:
        """The command is under way."""
        order.begun = True
        self._running[order.id] = order
        self.out.changed.add(order.id)
        for part in order.parts:
            self._parts[part.target.command_id] = part
            if not part.stage.final:
                self.latest[part.target.key] = part

    def revive(self, order: Order) -> None:
        """A command of before the restart, already over."""
        self.add(order)
        order.begun = True
        order.told = {part.target.command_id: part.stage for part in order.parts}
        for part in order.parts:
            self.latest[part.target.key] = part
            if part.stage in (Stage.CONFIRMED, Stage.DIVERGED):
                part.revive()
                self._watch.add(part)
        if pending(order.command):
            self._overriding[order.id] = order

    def published(self, token: str, ok: bool, now: float) -> Order | None:
        """What the feed did not take was never sent; the order, when that is so."""
        command_id, _, phase = token.partition(":")
        part = self._parts.get(command_id)
        expected = Stage.SELECTING if phase == "select" else Stage.SENT
        if ok or part is None or part.stage is not expected:
            return None
        self.move([part], Stage.FAILED, now, Cause.LINK_DOWN)
        return part.order

    def move(
        self, parts: Iterable[Part], stage: Stage, now: float, cause: Cause | None = None, detail: str = ""
    ) -> None:
        """Take parts to a stage."""
        for part in parts:
            part.enter(stage, now, cause, detail)
            self.out.changed.add(part.order.id)

    def select(self, parts: Iterable[Part], now: float) -> None:
        """Ask the gateway to hold these objects for the order."""
        for part in parts:
            part.enter(Stage.SELECTING, now, within=SELECT_WITHIN)
            self._request(part, "select", now)

    def select_anew(self, parts: Iterable[Part], now: float) -> None:
        """Select again what was held for too long: under new ids, nothing having been ordered."""
        for part in parts:
            del self._parts[part.target.command_id]
            part.enter(Stage.SELECTING, now, within=SELECT_WITHIN, command_id=uuid.uuid4().hex, select_id="")
            self._parts[part.target.command_id] = part
            self._request(part, "select", now)

    def operate(self, parts: Iterable[Part], now: float) -> None:
        """Give the order; from here on only news tells what became of it."""
        for part in parts:
            key = part.target.key
            part.send(self.live(key), now)
            self._watch.add(part)
            self._request(part, "operate", now)

    def give_up(self, parts: Iterable[Part], now: float) -> None:
        """Have the gateway let go of what it holds or has been asked."""
        for part in parts:
            if part.asked:
                self._request(part, "cancel", now)

    def live(self, key: ObjectKey) -> Live | None:
        """What the object last reported."""
        return self.picture.live.get(key.layer, {}).get(key.id)

    def holding_too_long(self, part: Part, now: float) -> bool:
        """Whether the gateway may drop the selection before an order comes."""
        return now > part.target.times.get(Stage.SELECTED, 0.0) + HOLD - SELECT_WITHIN

    def lease(self, order: Order, now: float) -> None:
        """Hold the objects that are still to be commanded."""
        keys = [part.target.key for part in order.parts if not part.stage.final]
        for lease in self.leases.take(keys, order.command.operator, now):
            self.publish_lease(lease)

    def publish_lease(self, lease: Lease) -> None:
        """Tell the other consoles."""
        topic = lease_topic(lease.key.layer, lease.key.id)
        self.out.publish(topic, encode_lease(message_of(lease)), retain=True)

    def heard_lease(self, message: LeaseMessage, now: float) -> None:
        """A console holds an object, maybe one that was to be commanded from here."""
        if not self.leases.heard(message, now):
            return
        part = self.latest.get(ObjectKey(message.layer, message.id))
        if part is not None and part.waiting:
            self.give_up([part], now)
            self.move([part], Stage.REFUSED, now, Cause.LEASED, f"{message.operator}, {message.console}")

    def reply(self, reply: Reply, now: float) -> Order | None:
        """The gateway answered; the order it concerns."""
        part = self._parts.get(reply.command_id)
        if part is None:
            return None
        stage = part.stage
        part.reply(reply, now)
        if part.accepted or part.stage is not stage:
            self.out.changed.add(part.order.id)
        if part.accepted:
            self._supersede(part, now)
        return part.order

    def follow(self, changes: Changes, now: float) -> None:
        """Look at what the commanded objects report."""
        for layer in {*changes.rows, *changes.replaced}:
            for part in self._watch.touched(layer, changes, self.picture):
                live = self.live(part.target.key)
                if live is not None:
                    self._look(part, live, now)

    def pass_time(self, now: float) -> None:
        """What was awaited in vain; leases that are over or must go on."""
        for order in list(self._running.values()):
            for part in order.parts:
                stage = part.stage
                part.pass_time(now)
                if part.stage is not stage:
                    self.out.changed.add(order.id)
                    if stage in (Stage.SELECTING, Stage.SELECTED, Stage.AWAITING_APPROVAL):
                        self.give_up([part], now)
            self.lease(order, now)
        for key in self.leases.expired(now):
            empty = LeaseMessage(layer=key.layer, id=key.id)
            self.out.publish(lease_topic(key.layer, key.id), encode_lease(empty), retain=True)

    def due(self, now: float) -> list[Order]:
        """Commands whose override must be ended now; none while the link is down."""
        found = [order for order in self._overriding.values() if (order.command.expires or now + 1) <= now]
        try:
            check_link(self.picture)
        except Refused:
            return []
        return found

    def end_override(self, part: Part, now: float) -> None:
        """The target is under no override of its command any more."""
        part.target, part.diverging = ended(part.target, now), None
        part.order.stale = True
        self.out.changed.add(part.order.id)

    def diverged(self) -> frozenset[tuple[ObjectKey, float]]:
        """Objects that are otherwise than confirmed, and since when."""
        return frozenset(
            (key, part.diverging) for key, part in self.latest.items() if part.diverging is not None
        )

    def diverge(self, part: Part, now: float) -> None:
        """Tell that an object is not as it was told to be."""
        part.diverging = now
        self.out.notes.append(Divergence(key=part.target.key, command=part.order.id, since=now))

    def take(self, now: float) -> Effects:
        """All that is to be done; results of what has just ended among it."""
        kept = []
        for id in sorted(self.out.changed & self.orders.keys()):
            order = self.orders[id]
            if order.begun and order.final:
                kept.append(order.command)
                self._finish(order, now)
        return self.out.take(tuple(kept))

    def prune(self, now: float) -> None:
        """Forget the oldest commands that are over, and drafts that nobody began."""
        for order in [each for each in self.orders.values() if not each.begun]:
            if order.command.asked < now - DRAFT_LIFE:
                del self.orders[order.id]
        over = [id for id in self.orders if id not in self._running and id not in self._overriding]
        for id in over[: max(0, len(over) - KEPT)]:
            for part in self.orders.pop(id).parts:
                self._parts.pop(part.target.command_id, None)
                self._watch.drop(part)

    def _finish(self, order: Order, now: float) -> None:
        self._running.pop(order.id, None)
        if pending(order.command):
            self._overriding[order.id] = order
        else:
            self._overriding.pop(order.id, None)
        told = {part.target.command_id: part.stage for part in order.parts}
        if told != order.told:
            self.out.record(result_entry(order, now), command=order.command)
            order.told = told
            if order.command.automatic:
                for part in order.parts:
                    if part.stage is not Stage.CONFIRMED and part.diverging is None:
                        self.diverge(part, now)

    def _look(self, part: Part, live: Live, now: float) -> None:
        stage, diverging = part.stage, part.diverging
        last = self.latest.get(part.target.key)
        mine = last is part or last is None or last.stage in NOT_DONE
        if part.report(live, now, mine and self._holding(part, now), last in (part, None)):
            self.diverge(part, now)
        if part.stage is not stage or part.diverging != diverging:
            self.out.changed.add(part.order.id)

    def _holding(self, part: Part, now: float) -> bool:
        command = part.order.command
        if self.leases.other(part.target.key, now) is not None:
            return False
        if command.expires is not None:
            return now < command.expires and holds(command, part.target)
        return self.leases.mine(part.target.key, now)

    def _supersede(self, part: Part, now: float) -> None:
        """A new override, or the end of one, took the place of those that the object was under."""
        for order in list(self._overriding.values()):
            action = part.order.action
            if order is part.order or not (action.expires or action.id == order.action.cancelled_by):
                continue
            for old in order.parts:
                if old.target.key == part.target.key and holds(order.command, old.target):
                    self.end_override(old, now)

    def _request(self, part: Part, phase: Phase, now: float) -> None:
        target, part.asked = part.target, True
        request = request_for(part, phase, self.live(target.key), self.console, now)
        token = "" if phase == "cancel" else f"{target.command_id}:{phase}"
        self.out.publish(command_topic(target.key.layer, target.key.id), encode_command(request), token=token)
