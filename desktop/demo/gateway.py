"""The gateway: takes orders for the simulated equipment, answers, and has them carried out, each once.

Everything but `handle` runs on the field's thread.

An order is refused for its sequence when it says which report it was given on (`expected_seq` above 0) and
the object's watched values or faults have become others since that report, or when no such report was ever
made; a newer report of the same state does not matter. Cancelling drops a selection, or an order whose effect
has not begun; the cancel may come before its order. An object carries out one order at a time.
"""

from __future__ import annotations

import heapq
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from functools import partial
from random import Random

import msgspec

from desktop.demo.field import Field
from desktop.demo.field_devices import Devices, Due
from desktop.demo.field_lights import LIGHTS, Lamps
from desktop.demo.gateway_checks import check_arguments, check_declared, check_time
from desktop.demo.gateway_equipment import ACTS, Act, Refusal, release
from desktop.demo.gateway_memory import HELD, Memory, Object, Selection, Selections
from desktop.demo.gateway_replies import Replies
from desktop.link.topics import ROOT
from desktop.link.wire import MAX_PAYLOAD
from desktop.link.wire_commands import CommandRequest, Result, decode_command
from layers import SAFE_ID
from layers.definition import Action, LayerDefinition, Properties, Risk
from layers.model import Live

ACCEPT = (0.1, 0.8)
"""Seconds until an answer, at least and at most."""
LONGEST_OVERRIDE = 12 * 3_600.0
"""Seconds after which a light override ends by itself."""
SOON = 0.3
"""Seconds for which reports that follow from others are gathered."""
BITE = 64
"""Orders taken, and things done, at a stretch."""
FAILURE_RATE = 0.004


class Operation(msgspec.Struct):
    """An order that was taken and has not ended."""

    request: CommandRequest
    target: Object
    act: Act
    begun: bool = False
    cancelled: bool = False


class Following:
    """Lets others report a little later, once for all that happens meanwhile."""

    def __init__(self, field: Field, after: Callable[[float, Callable[[float], None]], None]) -> None:
        self._field, self._after = field, after
        self._soon: dict[Due, None] = {}

    def add(self, due: list[Due], now: float) -> None:
        """Have these report `SOON` seconds after the first that waits."""
        if due and not self._soon:
            self._after(now + SOON, self._flush)
        self._soon.update(dict.fromkeys(due))

    def _flush(self, now: float) -> None:
        self._field.queue(list(self._soon))
        self._soon.clear()


def find(layers: Mapping[str, LayerDefinition], field: Field, layer: str, id: str) -> Object:
    """Where an object is kept. Raises Refusal for one that does not exist."""
    index = field.place(layer, id) if layer in layers else None
    if index is None:
        raise Refusal("unknown-object", f"no {layer} {id}")
    return layer, index


def facts_of(field: Field, target: Object) -> Properties:
    """What the register says of an object; nothing for a light."""
    group = field.groups[target[0]]
    return group.devices[target[1]].facts if isinstance(group, Devices) else {}


class Gateway:
    """The equipment's side of the command protocol, for all layers with actions.

    `publish(topic, payload, retain)` hands replies over. `failure_rate` is the share of orders that fail by
    chance: a third each are refused, accepted then reported as failed, accepted then never heard of again.
    """

    def __init__(
        self,
        layers: Mapping[str, LayerDefinition],
        field: Field,
        publish: Callable[[str, bytes, bool], object],
        clock: Callable[[], float] = time.time,
        seed: int = 1,
        failure_rate: float = FAILURE_RATE,
    ) -> None:
        self._layers, self._field, self._publish = layers, field, publish
        self._began = clock()
        self._rng = Random(f"{seed}/gateway")
        self._failure_rate = failure_rate
        self._incoming: deque[tuple[str, bytes, bool, float]] = deque()
        self._plan: list[tuple[float, int, Callable[[float], None]]] = []
        self._planned = 0
        self._memory, self._selections = Memory(), Selections()
        self._replies = Replies(publish, self._memory)
        self._operations: dict[Object, Operation] = {}
        self._overriding: dict[int, str] = {}
        self._following = Following(field, self._after)
        self.executed: Counter[str] = Counter()
        """Effects by command id."""
        self.results = self._replies.results
        field.obey(self.step)

    def handle(self, topic: str, payload: bytes, retained: bool, now: float) -> None:
        """Take a message as it came at `now`, from any thread; it is dealt with by the next step."""
        if payload:
            self._incoming.append((topic, payload, retained, now))

    def step(self, now: float) -> bool:
        """Deal with some messages, send replies and make effects that are due; whether there is more."""
        for _ in range(min(BITE, len(self._incoming))):
            self._receive(*self._incoming.popleft())
        for _ in range(BITE):
            if not self._plan or self._plan[0][0] > now:
                return bool(self._incoming)
            heapq.heappop(self._plan)[2](now)
        return True

    def _after(self, when: float, do: Callable[[float], None]) -> None:
        self._planned += 1
        heapq.heappush(self._plan, (when, self._planned, do))

    def _between(self, bounds: tuple[float, float]) -> float:
        return self._rng.uniform(*bounds)

    def _receive(self, topic: str, payload: bytes, retained: bool, now: float) -> None:
        levels = topic.split("/")
        if not topic.startswith(f"{ROOT}/command/") or len(levels) != 5:
            return
        if retained:
            self._publish(topic, b"", True)
        if len(payload) > MAX_PAYLOAD or not all(SAFE_ID.fullmatch(level) for level in levels[3:]):
            self._replies.count("refused", "malformed")
            return
        try:
            request = decode_command(payload)
        except (ValueError, RecursionError):
            wrong = partial(self._replies.malformed, payload, "retained" if retained else "malformed")
            self._after(now + self._between(ACCEPT), wrong)
            return
        if retained:
            self._answer(request, now, "refused", "retained", "a retained order is never carried out", False)
            return
        self._admit(request, levels[3], levels[4], now)

    def _admit(self, request: CommandRequest, layer: str, id: str, now: float) -> None:
        """Tell a duplicate, and another order under the same id, from a new order."""
        content = (layer, id, request.action, request.args, request.select_id, request.console)
        known = self._memory.get(request.command_id, request.phase)
        if known is not None:
            if known.content != content:
                self._answer(request, now, "refused", "duplicate", "this id was another order's", False)
            elif known.reply is not None:
                self._after(now + self._between(ACCEPT), partial(self._replies.repeat, request))
            return
        self._memory.learn(request.command_id, request.phase, content, now)
        try:
            check_time(request, self._began, now)
            target = find(self._layers, self._field, layer, id)
            if request.phase == "cancel":
                self._cancel(request, target, now)
            elif self._memory.get(request.command_id, "cancel") is not None:
                self._answer(request, now, "cancelled")
            else:
                self._take(request, target, now)
        except Refusal as refusal:
            self._answer(request, now, "refused", refusal.cause, refusal.detail)

    def _take(self, request: CommandRequest, target: Object, now: float) -> None:
        """Check a new selection or order, and hold or reserve its object. Raises Refusal."""
        act, action = self._check(request, target, now)
        if request.phase == "select":
            seq = self._field.since(*target)
            select_id = f"{self._rng.getrandbits(64):016x}"
            until = now + ACCEPT[1] + HELD
            self._selections.put(
                target,
                Selection(
                    select_id, request.command_id, request.console, request.action, request.args, until
                ),
            )
            self._after(
                now + self._between(ACCEPT),
                lambda then: self._replies.say(request, "selected", then, select_id=select_id, seq=seq),
            )
            return
        if request.select_id or action.risk >= Risk.SELECT:
            self._selections.check(
                target, request.select_id, request.console, request.action, request.args, now
            )
        self._selections.use(target)
        operation = Operation(request, target, act)
        self._operations[target] = operation
        self._after(now + self._between(ACCEPT), partial(self._accept, operation))

    def _check(self, request: CommandRequest, target: Object, now: float) -> tuple[Act, Action]:
        """Whether the object can carry the order out now. Raises Refusal."""
        layer, index = target
        group, action = self._field.groups[layer], self._layers[layer].action(request.action)
        act = ACTS.get((layer, request.action))
        if action is None or act is None:
            raise Refusal("not-declared", f"no action {request.action}")
        facts = facts_of(self._field, target)
        check_declared(action, facts)
        check_arguments(action, request.args, facts)
        self._selections.free_for(target, request.console, now)
        if target in self._operations:
            raise Refusal("busy", "carrying out another order")
        if index in group.silent:
            raise Refusal("equipment", "no link")
        act.check(group, index, request.args, now)
        if action.interlock is not None:
            values, faults = group.report(index, now)
            reason = action.interlock(facts, Live(time=now, values=values, faults=faults))
            if reason is not None:
                raise Refusal("interlock", reason.en)
        since, last = self._field.since(layer, index), self._field.sequence
        if request.expected_seq > 0 and not since <= request.expected_seq <= last:
            raise Refusal("sequence", "its state is another by now")
        return act, action

    def _cancel(self, request: CommandRequest, target: Object, now: float) -> None:
        operation = self._operations.get(target)
        ordered = self._memory.get(request.command_id, "operate")
        if operation is not None and operation.request.command_id == request.command_id:
            if operation.request.console != request.console or operation.begun:
                raise Refusal("busy", "under way")
            operation.cancelled = True
            del self._operations[target]
            self._answer(operation.request, now, "cancelled")
        elif ordered is not None and (ordered.reply is None or ordered.reply.result in ("accepted", "done")):
            raise Refusal("busy", "carried out")
        else:
            self._selections.drop(target, request.command_id)
        self._answer(request, now, "cancelled")

    def _accept(self, operation: Operation, now: float) -> None:
        if operation.cancelled:
            return
        luck = self._rng.random() / self._failure_rate if self._failure_rate > 0 else 1.0
        if luck < 1 / 3:
            self._end(operation, now, "refused", "equipment", "does not answer")
            return
        act, (layer, index) = operation.act, operation.target
        self._replies.say(operation.request, "accepted", now, seq=self._field.since(layer, index))
        takes = self._between(act.takes)
        if luck < 1:
            ends = self._fail if luck < 2 / 3 else self._forget
            self._after(now + takes, partial(ends, operation))
            return
        if act.begin is not None:
            operation.begun = True
            self._following.add(act.begin(self._field.groups[layer], index, operation.request.args, now), now)
            self._field.report(layer, index, now)
        self._after(now + takes, partial(self._effect, operation))

    def _fail(self, operation: Operation, now: float) -> None:
        if not operation.cancelled:
            self._end(operation, now, "failed", "equipment", "gave up")

    def _forget(self, operation: Operation, now: float) -> None:
        if not operation.cancelled:
            del self._operations[operation.target]

    def _effect(self, operation: Operation, now: float) -> None:
        """The equipment does what was asked and reports it, unless it no longer can."""
        if operation.cancelled:
            return
        request, act, (layer, index) = operation.request, operation.act, operation.target
        group = self._field.groups[layer]
        try:
            act.check(group, index, request.args, now)
        except Refusal as refusal:
            self._end(operation, now, "failed", refusal.cause, refusal.detail)
            return
        self.executed[request.command_id] += 1
        self._following.add(act.change(group, index, request.args, now), now)
        if isinstance(group, Lamps):
            self._overriding[index] = request.command_id
            if index in group.overrides:
                self._after(now + LONGEST_OVERRIDE, partial(self._release, index, request.command_id))
        self._end(operation, now, "done", seq=self._field.report(layer, index, now))

    def _release(self, index: int, command_id: str, now: float) -> None:
        if self._overriding.get(index) == command_id:
            del self._overriding[index]
            self._following.add(release(self._field.groups[LIGHTS], index, {}, now), now)
            self._field.report(LIGHTS, index, now)

    def _end(
        self,
        operation: Operation,
        now: float,
        result: Result,
        cause: str = "",
        detail: str = "",
        seq: int = 0,
    ) -> None:
        del self._operations[operation.target]
        self._replies.say(operation.request, result, now, cause, detail, seq=seq)

    def _answer(
        self,
        request: CommandRequest,
        now: float,
        result: Result,
        cause: str = "",
        detail: str = "",
        remember: bool = True,
    ) -> None:
        """Reply after the usual delay; `remember` for what a duplicate is to be told again."""
        say = self._replies.say if remember else self._replies.once
        self._after(
            now + self._between(ACCEPT), lambda then: say(request, result, then, cause=cause, detail=detail)
        )
