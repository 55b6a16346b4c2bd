"""The way of one target through the stages, driven by replies, reports and time.

What is said is never more than what is known:

- confirmed: the order was sent and then the equipment reported, with good quality and measured after the
  sending, what was asked; and the gateway accepted the order or, its answer being lost, the report is a
  change to what was asked.
- refused, failed, cancelled: nothing was ever sent, or the gateway says that it was not carried out.
- unknown: anything else. A silence is never taken for a refusal, and nothing is ever sent again. News that
  settles it (a late answer, a report of the effect) still does, so that unknown is not the last word.

An answer about a copy of the request (retained, duplicate, malformed) says nothing of the request itself.
"""

from __future__ import annotations

from typing import Any

import msgspec

from desktop.link.wire_commands import Reply
from desktop.work.command import Cause, Command, Stage, Target
from desktop.work.live import supersedes
from desktop.work.overrides import ENDED
from layers.definition import Action
from layers.model import Live, Quality

SELECT_WITHIN = 2.0
"""Seconds within which the gateway answers a selection."""
HOLD = 30.0
"""Seconds for which a selection holds."""
OPERATE_WITHIN = 3.0
"""Seconds within which the gateway answers an order."""
APPROVE_WITHIN = 120.0
"""Seconds within which the second person answers."""

OF_A_COPY = frozenset({Cause.RETAINED, Cause.DUPLICATE, Cause.MALFORMED})
NOT_DONE = frozenset({Stage.REFUSED, Stage.CANCELLED, Stage.EXPIRED, Stage.FAILED})
_WAITING = frozenset({Stage.SELECTING, Stage.SELECTED, Stage.AWAITING_APPROVAL})
_OPEN = frozenset({Stage.SENT, Stage.ACCEPTED, Stage.UNKNOWN})


class Part:
    """One target of an order, with what is awaited for it."""

    def __init__(self, order: Order, target: Target) -> None:
        self.order, self.target = order, target
        self.deadline: float | None = None
        self.sent_at: float | None = None
        self.asked = self.accepted = self.done = self.had = False
        """Whether the gateway was asked anything, accepted it, said that it was carried out; whether the
        object was so before."""
        self.diverging: float | None = None
        """Since when the equipment has been otherwise than confirmed."""
        self._before: Live | None = None
        self._seen: Live | None = None
        self._said: tuple[Cause, str] | None = None

    @property
    def stage(self) -> Stage:
        """Where it stands."""
        return self.target.stage

    @property
    def waiting(self) -> bool:
        """Whether it can still be given up without asking the gateway about an order."""
        return self.stage in _WAITING

    def enter(
        self,
        stage: Stage,
        now: float,
        cause: Cause | None = None,
        detail: str = "",
        within: float | None = None,
        **more: Any,  # noqa: ANN401 - fields of Target
    ) -> None:
        """Move to a stage, there for at most `within` seconds."""
        times = {**self.target.times, stage.value: now}
        self.target = msgspec.structs.replace(
            self.target, stage=stage, cause=cause, detail=detail, times=times, **more
        )
        self.deadline = None if within is None else now + within
        self.order.stale = True

    def send(self, live: Live | None, now: float) -> None:
        """The order leaves now; `live` is what the equipment last reported."""
        self.sent_at, self._before = now, live
        self.had = live is not None and self.order.does(live)
        self.enter(Stage.SENT, now, within=OPERATE_WITHIN, expected_seq=0 if live is None else live.sequence)

    def revive(self) -> None:
        """Follow the equipment again, as before the restart."""
        times = self.target.times
        self.sent_at = times.get(Stage.SENT)
        if self.stage is Stage.DIVERGED and ENDED not in times:
            self.diverging = times.get(Stage.DIVERGED)

    def reply(self, reply: Reply, now: float) -> None:
        """The gateway answered one of this target's requests."""
        if reply.phase == "select":
            self._on_selection(reply, now)
        elif reply.result == "cancelled":
            if not self.done and (self.stage in _OPEN or self.waiting or self.stage is Stage.CONFIRMED):
                self.enter(Stage.CANCELLED, now)
        elif reply.phase == "operate" and self.sent_at is not None:
            self._on_operation(reply, now)

    def _on_selection(self, reply: Reply, now: float) -> None:
        if self.stage is not Stage.SELECTING:
            return
        if reply.result == "selected":
            self.enter(Stage.SELECTED, now, within=HOLD, select_id=reply.select_id)
        else:
            self.enter(Stage.REFUSED, now, cause_of(reply), reply.detail)

    def _on_operation(self, reply: Reply, now: float) -> None:
        cause = cause_of(reply)
        if reply.result in ("accepted", "done"):
            self._accept(reply, now)
        elif reply.result == "refused" and cause in OF_A_COPY:
            self._said = (cause, reply.detail)
        elif reply.result == "refused":
            if not self.accepted and (self.stage in _OPEN or self.stage in (Stage.CONFIRMED, Stage.DIVERGED)):
                self.enter(Stage.REFUSED, now, cause, reply.detail)
        elif (
            reply.result == "failed"
            and not self.done
            and (self.stage in _OPEN or self.stage is Stage.CONFIRMED)
        ):
            self.enter(Stage.FAILED, now, cause, reply.detail)

    def _accept(self, reply: Reply, now: float) -> None:
        self.accepted, self.done = True, self.done or reply.result == "done"
        if self.stage is Stage.SENT:
            self.enter(Stage.ACCEPTED, now, within=self.order.action.effect_timeout)
        elif Stage.ACCEPTED.value not in self.target.times:
            times = {**self.target.times, Stage.ACCEPTED.value: now}
            self.target = msgspec.structs.replace(self.target, times=times)
            self.order.stale = True
            if self.stage in (Stage.REFUSED, Stage.FAILED, Stage.CANCELLED) and reply.result == "done":
                self.enter(Stage.UNKNOWN, now, Cause.DUPLICATE)
        if self._seen is not None and self.stage in (Stage.ACCEPTED, Stage.UNKNOWN):
            self._confirm(self._seen, now)

    def report(self, live: Live, now: float, holding: bool, last: bool = True) -> bool:
        """The equipment reported; `holding`: what was confirmed must last. Whether it just diverged.

        `last`: nothing was ordered of the object since, so that what it does can be this order's doing.
        """
        if self.sent_at is None or live.quality is not Quality.GOOD or not self._is_newer(live):
            return False
        if self.stage is Stage.UNKNOWN and (not last or ENDED in self.target.times):
            return False
        if self.order.does(live):
            self._seen, self.diverging = live, None
            settled = self.stage is Stage.UNKNOWN and (self.accepted or not self.had)
            if self.stage is Stage.ACCEPTED or settled:
                self._confirm(live, now)
            return False
        self._seen = None
        if self.stage is not Stage.CONFIRMED or not holding:
            return False
        self.diverging = now
        self.enter(Stage.DIVERGED, now, observed=dict(live.values))
        return True

    def _is_newer(self, live: Live) -> bool:
        """Whether it was measured after the order left, by the equipment's clock too."""
        return live.time >= (self.sent_at or 0.0) and supersedes(live, self._before)

    def _confirm(self, live: Live, now: float) -> None:
        self.enter(Stage.CONFIRMED, now, observed=dict(live.values))

    def pass_time(self, now: float) -> None:
        """What was awaited in vain until now."""
        if self.deadline is None or now < self.deadline:
            return
        stage, cause, detail = {
            Stage.SELECTING: (Stage.FAILED, Cause.NO_REPLY, ""),
            Stage.SELECTED: (Stage.EXPIRED, Cause.SELECT_EXPIRED, ""),
            Stage.AWAITING_APPROVAL: (Stage.EXPIRED, Cause.SECOND_ABSENT, ""),
            Stage.SENT: (Stage.UNKNOWN, *(self._said or (Cause.NO_REPLY, ""))),
            Stage.ACCEPTED: (Stage.UNKNOWN, Cause.NO_EFFECT, ""),
        }.get(self.stage, (None, None, ""))
        self.deadline = None
        if stage is not None:
            self.enter(stage, now, cause, detail)


class Order:
    """A command under way: its parts, and the command as a value."""

    def __init__(self, command: Command, action: Action, operator_id: str = "") -> None:
        self._command, self.action, self.operator_id = command, action, operator_id
        self.parts = [Part(self, target) for target in command.targets]
        self.stale = False
        self.begun = self.confirmed = False
        """Whether it was begun; whether its operator confirmed it."""
        self.told: dict[str, Stage] = {}
        """What the audit log has of the result, by the target's command id."""

    @property
    def id(self) -> str:
        """The command's."""
        return self._command.id

    @property
    def command(self) -> Command:
        """The command as it stands."""
        if self.stale:
            self.change()
        return self._command

    def change(self, **more: Any) -> None:  # noqa: ANN401 - fields of Command
        """Change the command's own fields."""
        targets = tuple(part.target for part in self.parts)
        self._command = msgspec.structs.replace(self._command, targets=targets, **more)
        self.stale = False

    def does(self, live: Live) -> bool:
        """Whether the equipment reports what was asked."""
        return bool(self.action.effect(self._command.arguments, live))

    def at(self, *stages: Stage) -> list[Part]:
        """The parts at these stages."""
        return [part for part in self.parts if part.stage in stages]

    @property
    def final(self) -> bool:
        """Whether nothing more is awaited."""
        return all(part.stage.final for part in self.parts)


def cause_of(reply: Reply) -> Cause:
    """The gateway's cause; what this version does not know is the equipment's."""
    try:
        return Cause(reply.cause)
    except ValueError:
        return Cause.EQUIPMENT
