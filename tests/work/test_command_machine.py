"""Whatever the network does to messages, an order is carried out once or not at all, and nothing said of it
is a lie."""

from __future__ import annotations

import contextlib
from collections import Counter

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from desktop.link.wire import StateMessage
from desktop.link.wire_commands import CommandRequest, Reply
from desktop.work.command import Refused, Stage
from desktop.work.command_machine import NOT_DONE
from desktop.work.picture import ObjectKey
from tests.work.console import ANA, JUNCTION_FACTS, JUNCTIONS, LIGHTS, Console

KEYS = [ObjectKey(LIGHTS, "L0"), ObjectKey(LIGHTS, "L1"), ObjectKey(JUNCTIONS, "J0")]
ACTIONS = {LIGHTS: ["off", "on", "dim", "release"], JUNCTIONS: ["force-plan", "automatic"]}
WHICH = st.integers(0, 1_000)
FATE = st.sampled_from(["once", "once", "once", "once", "twice", "twice", "lost"])
SELDOM = st.integers(0, 15).map(lambda drawn: drawn == 11)


class Gateway:
    """Carries an order out by its id once at most; answers copies as it did the first."""

    def __init__(self) -> None:
        self.values = {
            KEYS[0]: {"on": True, "level": 100, "override": False},
            KEYS[1]: {"on": True, "level": 100, "override": False},
            KEYS[2]: {"mode": "automatic", "plan": 1},
        }
        self.executed: Counter[str] = Counter()
        self.answers: dict[tuple[str, str], Reply] = {}
        self.orders: dict[str, tuple[ObjectKey, CommandRequest]] = {}

    def take(self, key: ObjectKey, request: CommandRequest, refuses: bool, now: float) -> Reply:
        """Answer a request; an order that is accepted waits in `orders`."""
        known = self.answers.get((request.command_id, request.phase))
        if known is None:
            known = self._answer(key, request, refuses, now)
            self.answers[request.command_id, request.phase] = known
        return known

    def _answer(self, key: ObjectKey, request: CommandRequest, refuses: bool, now: float) -> Reply:
        id = request.command_id
        ordered, cancelled = self.answers.get((id, "operate")), (id, "cancel") in self.answers
        if request.phase == "cancel":
            under_way = ordered is not None and ordered.result == "accepted"
            if under_way and id not in self.orders:
                return reply(request, "refused", now, "busy")
            self.orders.pop(id, None)
            return reply(request, "cancelled", now)
        if now > request.ts + request.ttl_s:
            return reply(request, "refused", now, "expired")
        if cancelled and self.answers[id, "cancel"].result == "cancelled":
            return reply(request, "cancelled", now)
        if refuses:
            return reply(request, "refused", now, "local-mode")
        if request.phase == "select":
            return reply(request, "selected", now, select_id=f"s{id}")
        self.orders[id] = (key, request)
        return reply(request, "accepted", now)

    def execute(self, id: str) -> None:
        """The equipment does what was asked."""
        key, request = self.orders.pop(id)
        self.executed[id] += 1
        level = {"off": 0, "on": 100, "release": 100}.get(request.action, request.args.get("level"))
        if key.layer == LIGHTS:
            self.values[key] = {"on": level > 0, "level": level, "override": request.action != "release"}
        elif request.action == "automatic":
            self.values[key] = {"mode": "automatic", "plan": 1}
        else:
            self.values[key] = {"mode": "forced", "plan": int(request.args["plan"])}


def reply(request: CommandRequest, result: str, now: float, cause: str = "", select_id: str = "") -> Reply:
    return Reply(
        command_id=request.command_id,
        phase=request.phase,
        result=result,  # type: ignore[arg-type]
        cause=cause,
        select_id=select_id,
        ts=now,
    )


class Network(RuleBasedStateMachine):
    """A console, a gateway, and between them a network that loses, repeats, delays and reorders."""

    def __init__(self) -> None:
        super().__init__()
        self.desk, self.gateway = Console(), Gateway()
        self.desk.load(JUNCTIONS, ["J0"], JUNCTION_FACTS, **self.gateway.values[KEYS[2]])
        self.up: list[tuple[ObjectKey, CommandRequest]] = []
        self.down: list[Reply | StateMessage] = []
        self.heard: list[StateMessage] = []
        self.operated: dict[str, tuple[ObjectKey, float]] = {}
        self.published: Counter[tuple[str, str]] = Counter()

    def collect(self) -> None:
        """What the console sent goes to the network."""
        for key, request in self.desk.sent:
            self.published[request.command_id, request.phase] += 1
            if request.phase == "operate":
                self.operated[request.command_id] = (key, request.ts - 1e-5)  # as the wire rounds it
            intents = [entry for entry in self.desk.entries if entry.what == "command-intent"]
            assert any(entry.after["action"] == request.action for entry in intents)
        self.up += self.desk.sent
        self.desk.sent.clear()

    def tell(self, message: StateMessage) -> None:
        """A report reaches the console."""
        self.heard.append(message)
        self.desk.hear(message)

    @rule(key=st.sampled_from(KEYS), which=WHICH, level=st.sampled_from([0, 40, 100]))
    def give(self, key: ObjectKey, which: int, level: int) -> None:
        if self.desk.up:
            self.desk.link(True)
            self.tell(StateMessage(key.layer, key.id, self.desk.live(**self.gateway.values[key])))
        action = ACTIONS[key.layer][which % len(ACTIONS[key.layer])]
        arguments = {"dim": {"level": level}, "force-plan": {"plan": "2"}}.get(action, {})
        try:
            self.desk.give(action, [key.id], key.layer, ANA, **arguments)  # type: ignore[arg-type]
        except Refused:
            return
        self.collect()

    @rule(which=WHICH, cancels=SELDOM)
    def decide(self, which: int, cancels: bool) -> None:
        running = [command.id for command in self.desk.commands.all() if not command.final]
        if not running:
            return
        act = self.desk.commands.cancel if cancels else self.desk.commands.confirm
        with contextlib.suppress(Refused):
            self.desk.do(act(running[which % len(running)], self.desk.now))
        self.collect()

    @rule(steps=st.integers(1, 6))
    def flow(self, steps: int) -> None:
        """For a while nothing is lost, though the order of messages is not kept."""
        for _ in range(steps):
            self.desk.now += 0.05
            if self.up:
                self.carry_up(which=0, fate="once", refuses=False)
            if self.gateway.orders:
                self.carry_out(which=0, fails=False)
            if self.down:
                self.carry_down(which=-1, fate="once")

    @precondition(lambda self: self.up)
    @rule(which=WHICH, fate=FATE, refuses=SELDOM)
    def carry_up(self, which: int, fate: str, refuses: bool) -> None:
        key, request = self.up[which % len(self.up)]
        if fate != "twice":
            self.up.remove((key, request))
        if fate != "lost":
            self.down.append(self.gateway.take(key, request, refuses, self.desk.now))

    @precondition(lambda self: self.down)
    @rule(which=WHICH, fate=FATE)
    def carry_down(self, which: int, fate: str) -> None:
        message = self.down[which % len(self.down)]
        if fate != "twice":
            self.down.remove(message)
        if fate == "lost":
            return
        if isinstance(message, StateMessage):
            self.tell(message)
        else:
            self.desk.receive(message)
        self.collect()

    @precondition(lambda self: self.gateway.orders)
    @rule(which=WHICH, fails=SELDOM)
    def carry_out(self, which: int, fails: bool) -> None:
        id = sorted(self.gateway.orders)[which % len(self.gateway.orders)]
        if fails:
            _, request = self.gateway.orders.pop(id)
            self.down.append(reply(request, "failed", self.desk.now, "equipment"))
            return
        key, _ = self.gateway.orders[id]
        self.gateway.execute(id)
        self.report(key)

    def report(self, key: ObjectKey) -> None:
        """The equipment reports, to the network."""
        live = self.desk.live(**self.gateway.values[key])
        self.down.append(StateMessage(key.layer, key.id, live))

    @rule(key=st.sampled_from(KEYS[:2]), level=st.sampled_from([0, 40, 100]))
    def act_on_site(self, key: ObjectKey, level: int) -> None:
        self.gateway.values[key] = {"on": level > 0, "level": level, "override": True}
        self.report(key)

    @rule(key=st.sampled_from(KEYS))
    def report_again(self, key: ObjectKey) -> None:
        self.report(key)

    @rule(seconds=st.sampled_from([0.1, 0.5, 1.0, 4.0, 40.0, 200.0]))
    def wait(self, seconds: float) -> None:
        self.desk.wait(seconds)
        self.collect()

    @rule(seldom=SELDOM)
    def cut(self, seldom: bool) -> None:
        if seldom:
            self.desk.link(False)

    @precondition(lambda self: not self.desk.up)
    @rule()
    def bring_back(self) -> None:
        self.desk.link(True)

    @rule(seldom=SELDOM)
    def restart(self, seldom: bool) -> None:
        """The console is killed; what was on the disk is all that is left."""
        if not seldom:
            return
        old = self.desk
        self.desk = Console()
        self.desk.now, self.desk.sequence = old.now, old.sequence
        self.desk.picture, self.desk.entries, self.desk.kept = old.picture, old.entries, old.kept
        commands = type(old.commands)(old.picture, "desk-1")
        self.desk.commands, self.desk.up = commands, old.up
        self.desk.do(commands.restore(list(old.kept.values()), old.now))
        assert all(command.final for command in commands.all())
        self.collect()

    @invariant()
    def each_order_is_carried_out_once_at_most(self) -> None:
        assert all(count == 1 for count in self.gateway.executed.values())

    @invariant()
    def nothing_is_sent_again(self) -> None:
        asked = [count for (_, phase), count in self.published.items() if phase != "cancel"]
        assert all(count == 1 for count in asked)

    @invariant()
    def what_is_said_is_so(self) -> None:
        for command in self.desk.commands.all():
            action = self.desk.picture.layers[command.layer].action(command.action)
            assert action is not None
            for target in command.targets:
                if target.stage in NOT_DONE:
                    assert not self.gateway.executed[target.command_id], target
                if target.stage is Stage.CONFIRMED:
                    key, at = self.operated[target.command_id]
                    reports = [it.live for it in self.heard if (it.layer, it.id) == (key.layer, key.id)]
                    assert any(
                        live.time >= at and action.effect(command.arguments, live) for live in reports
                    ), target


Network.TestCase.settings = settings(
    max_examples=100,
    stateful_step_count=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestNetwork = Network.TestCase
