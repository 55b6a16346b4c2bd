"""The gateway of the simulated equipment: orders over the real broker, with a clock of the test's own."""

from __future__ import annotations

import threading
import time
from collections import Counter
from itertools import groupby
from random import Random
from typing import Any

import msgspec
import pytest

from desktop.demo.field import Field
from desktop.demo.field_devices import Devices
from desktop.demo.field_lights import Cabinets, Lamps
from desktop.demo.gateway import LONGEST_OVERRIDE, Gateway
from desktop.demo.gateway_link import COMMANDS, GatewayLink
from desktop.link.feed import Delivery, InProcessBroker, Subscription
from desktop.link.topics import ROOT
from desktop.link.wire import Decoder, StateMessage
from desktop.link.wire_commands import (
    CommandRequest,
    Reply,
    command_topic,
    decode_reply,
    encode_command,
    reply_topic,
)
from layers import load_layers
from layers.model import Live
from tests.demo.test_field import EVENING, Feature, Register, equipment, network

LAYERS = load_layers()
SIGN_TEXT = LAYERS["message-signs"].actions[0].arguments[0].choices[0].value


def features() -> dict[str, list[Feature]]:
    """The small town, with what its junctions, cameras and one old lamp declare."""
    found = equipment()
    for number, (_, _, facts) in enumerate(found["junctions"]):
        facts["actions"] = "force-plan,automatic" if number == 5 else "force-plan,flashing,automatic"
    for number, (_, _, facts) in enumerate(found["cameras"]):
        facts["kind"] = "ptz" if number else "fixed"
    found["street-lights"][7][2]["technology"] = "sodium"
    found["buildings"][1][2]["armable"] = False
    return found


class Room:
    """A console that sends what it likes, the broker, the equipment and its gateway."""

    def __init__(self, failure_rate: float = 0.0, seed: int = 3) -> None:
        self.now = EVENING
        self.broker = InProcessBroker(lambda: self.now)
        self.field = Field(self.broker, Register(features()), network, seed=seed, clock=lambda: self.now)
        self.gateway = Gateway(
            LAYERS,
            self.field,
            self.broker.publish,
            clock=lambda: self.now,
            seed=seed,
            failure_rate=failure_rate,
        )
        self.replies: list[tuple[str, Reply]] = []
        self.states: dict[tuple[str, str], Live] = {}
        self.history: list[StateMessage] = []
        self._decoder = Decoder()
        self._orders = self.broker.subscribe([COMMANDS, "mark"], "gateway")
        self._heard = self.broker.subscribe([f"{ROOT}/reply/+", f"{ROOT}/state/+/+", "mark"], "console")
        self._made = 0
        self.field.step(self.now)
        self.run(0.1)
        for group in self.field.groups.values():
            group.silent.clear()

    def run(self, seconds: float, every: float = 0.1) -> None:
        end = self.now + seconds
        while self.now < end - 1e-6:
            self.now += every
            for order in self._taken(self._orders):
                self.gateway.handle(*order, self.now)
            self.field.step(self.now)
        for topic, payload, _ in self._taken(self._heard):
            if topic.startswith(f"{ROOT}/reply/"):
                self.replies.append((topic, decode_reply(payload)))
            elif isinstance(message := self._decoder.decode(topic, payload, self.now), StateMessage):
                self.states[message.layer, message.id] = message.live
                self.history.append(message)

    def _taken(self, listener: Subscription) -> list[Delivery]:
        self.broker.publish("mark", b"now")
        return [it for it in listener.take() or [] if isinstance(it, Delivery) and it.topic != "mark"]

    def request(self, action: str, **more: object) -> CommandRequest:
        self._made += 1
        plain = CommandRequest(
            command_id=f"c-{self._made:04d}",
            phase="operate",
            action=action,
            operator="Ana",
            console="desk-1",
            ttl_s=10.0,
            ts=self.now,
        )
        return msgspec.structs.replace(plain, **more)

    def send(self, layer: str, id: str, request: CommandRequest) -> str:
        self.broker.publish(command_topic(layer, id), encode_command(request))
        return request.command_id

    def order(self, layer: str, id: str, action: str, wait: float = 1.0, **more: object) -> list[Reply]:
        """Send one, wait, and give the replies to it."""
        sent = self.send(layer, id, self.request(action, **more))
        self.run(wait)
        return self.of(sent)

    def of(self, command_id: str) -> list[Reply]:
        return [reply for _, reply in self.replies if reply.command_id == command_id]

    def refusal(self, layer: str, id: str, action: str, **more: object) -> str:
        replies = self.order(layer, id, action, 1.0, **more)
        assert [reply.result for reply in replies] == ["refused"]
        return str(replies[0].cause)

    def select(self, layer: str, id: str, action: str, **more: object) -> str:
        (reply,) = self.order(layer, id, action, 1.0, phase="select", **more)
        assert reply.result == "selected"
        return reply.select_id

    def devices(self, layer: str) -> Devices:
        group = self.field.groups[layer]
        assert isinstance(group, Devices)
        return group

    def still(self, id: str) -> None:
        """Let a bollard stand up with nobody near."""
        index = self.field.place("bollards", id)
        assert index is not None
        self.devices("bollards").devices[index].memory["position"] = ("up", self.now)
        self.field.report("bollards", index, self.now)

    def values(self, layer: str, id: str) -> dict[str, Any]:
        return dict(self.states[layer, id].values)


@pytest.fixture
def room() -> Room:
    return Room()


def lamp_of(room: Room, cabinet: str, skip: int = 0) -> str:
    """A led lamp in order under a cabinet."""
    lamps = room.field.groups["street-lights"]
    assert isinstance(lamps, Lamps)
    place = lamps.cabinets.places[cabinet]
    good = [i for i in lamps.members(place) if i not in lamps.faults and lamps.dimmable(i)]
    return str(lamps.ids[good[skip]])


def test_a_lamp_holds_what_was_asked_until_it_is_released(room: Room) -> None:
    lamp = lamp_of(room, "A-211")
    before = room.values("street-lights", lamp)
    load = room.values("lighting-cabinets", "A-211")["current_a"]
    replies = room.order("street-lights", lamp, "off", wait=10)
    assert [reply.result for reply in replies] == ["accepted", "done"]
    off = room.states["street-lights", lamp]
    assert off.values == {"on": False, "level": 0, "power_w": 0, "override": True}
    assert replies[1].seq == off.sequence > 0
    assert room.values("lighting-cabinets", "A-211")["current_a"] < load
    room.order("street-lights", lamp, "dim", args={"level": 40}, wait=10)
    assert room.values("street-lights", lamp) == {"on": True, "level": 40, "power_w": 18, "override": True}
    room.order("street-lights", lamp, "release", wait=10)
    assert room.values("street-lights", lamp) == before
    assert room.values("lighting-cabinets", "A-211")["current_a"] == load


def test_every_effect_is_the_one_its_layer_declares(room: Room) -> None:
    lamp = lamp_of(room, "A-212")
    orders: list[tuple[str, str, str, dict[str, Any]]] = [
        ("street-lights", lamp, "on", {}),
        ("lighting-cabinets", "A-213", "force-off", {}),
        ("lighting-cabinets", "A-213", "force-on", {}),
        ("lighting-cabinets", "A-213", "auto", {}),
        ("junctions", "JC-0002", "force-plan", {"plan": "4"}),
        ("junctions", "JC-0002", "flashing", {}),
        ("junctions", "JC-0002", "automatic", {}),
        ("bollards", "BO-01", "lower", {}),
        ("message-signs", "PMV-02", "display", {"text": SIGN_TEXT}),
        ("message-signs", "PMV-02", "clear", {}),
        ("buildings", "B-002", "check-doors", {}),
        ("buildings", "B-002", "disarm", {}),
        ("buildings", "B-002", "arm", {}),
        ("cameras", "C-003", "preset", {"preset": 5}),
    ]
    room.still("BO-01")
    for layer, id, action, args in orders:
        declared = LAYERS[layer].action(action)
        assert declared is not None
        room.devices("buildings").devices[2].faults = ()
        select_id = room.select(layer, id, action, args=args)
        replies = room.order(layer, id, action, args=args, select_id=select_id, wait=22)
        assert [reply.result for reply in replies] == ["accepted", "done"], (layer, action, replies)
        assert declared.effect(args, room.states[layer, id]), (layer, action, room.states[layer, id])


def test_a_bollard_moves_before_it_is_down(room: Room) -> None:
    room.still("BO-02")
    room.order("bollards", "BO-02", "lower", wait=7)
    seen = [m.live.values["position"] for m in room.history if m.id == "BO-02"]
    assert [key for key, _ in groupby(seen)][-3:] == ["up", "moving", "down"]


def test_lamps_follow_their_forced_cabinet(room: Room) -> None:
    select_id = room.select("lighting-cabinets", "A-215", "force-off")
    room.order("lighting-cabinets", "A-215", "force-off", select_id=select_id, wait=10)
    assert room.values("lighting-cabinets", "A-215")["mode"] == "forced-off"
    lamp = lamp_of(room, "A-215")
    assert not room.values("street-lights", lamp)["on"]
    assert room.refusal("street-lights", lamp, "on") == "interlock"


def test_delays_are_those_of_the_equipment(room: Room) -> None:
    lamp = lamp_of(room, "A-211")
    sent = room.now
    replies = room.order("street-lights", lamp, "off", wait=10)
    accepted, done = replies
    assert 0.1 <= accepted.ts - sent <= 1.0
    assert 1.0 <= done.ts - accepted.ts <= 8.2


@pytest.mark.parametrize("phase", ["select", "operate"])
@pytest.mark.parametrize(
    ("layer", "id", "action", "more", "cause"),
    [
        ("street-lights", "SL-999999", "off", {}, "unknown-object"),
        ("no-such-layer", "X-1", "off", {}, "unknown-object"),
        ("street-lights", "SL-000001", "explode", {}, "not-declared"),
        ("junctions", "JC-0005", "flashing", {}, "not-declared"),
        ("junctions", "JC-0006", "force-plan", {"args": {"plan": "3"}}, "not-declared"),
        ("buildings", "B-001", "arm", {}, "not-declared"),
        ("street-lights", "SL-000007", "dim", {"args": {"level": 30}}, "not-declared"),
        ("street-lights", "SL-000001", "dim", {"args": {"level": 101}}, "bad-argument"),
        ("street-lights", "SL-000001", "dim", {"args": {"level": "x"}}, "bad-argument"),
        ("street-lights", "SL-000001", "dim", {"args": {"level": True}}, "bad-argument"),
        ("street-lights", "SL-000001", "dim", {}, "bad-argument"),
        ("street-lights", "SL-000001", "off", {"args": {"level": 3}}, "bad-argument"),
        ("message-signs", "PMV-01", "display", {"args": {"text": "GRATUIT"}}, "bad-argument"),
        ("street-lights", "SL-000001", "off", {"ts": EVENING - 60}, "expired"),
        ("street-lights", "SL-000001", "off", {"ts": EVENING + 600}, "malformed"),
        ("street-lights", "SL-000004", "off", {}, "equipment"),
    ],
)
def test_an_order_that_must_not_be_carried_out(
    room: Room, phase: str, layer: str, id: str, action: str, more: dict[str, Any], cause: str
) -> None:
    before = room.states.get((layer, id))
    assert room.refusal(layer, id, action, phase=phase, **more) == cause
    room.run(10)
    assert not room.gateway.executed
    if before is not None:
        assert room.states[layer, id].values == before.values


def test_a_risky_order_needs_a_selection_of_that_very_order(room: Room) -> None:
    args = {"plan": "2"}
    assert room.refusal("junctions", "JC-0003", "force-plan", args=args) == "not-selected"
    select_id = room.select("junctions", "JC-0003", "force-plan", args=args)
    other = {"args": {"plan": "4"}, "select_id": select_id}
    assert room.refusal("junctions", "JC-0003", "force-plan", **other) == "not-selected"
    assert (
        room.refusal("junctions", "JC-0003", "force-plan", args=args, select_id="made-up") == "not-selected"
    )
    replies = room.order("junctions", "JC-0003", "force-plan", args=args, select_id=select_id, wait=22)
    assert [reply.result for reply in replies] == ["accepted", "done"]
    again = {"args": args, "select_id": select_id}
    assert room.refusal("junctions", "JC-0003", "force-plan", **again) == "not-selected"


def test_a_selection_holds_for_one_console_and_half_a_minute(room: Room) -> None:
    args = {"plan": "2"}
    first = room.select("junctions", "JC-0003", "force-plan", args=args)
    more: dict[str, Any] = {"args": args, "console": "desk-2"}
    assert room.refusal("junctions", "JC-0003", "force-plan", phase="select", **more) == "busy"
    assert room.refusal("junctions", "JC-0003", "force-plan", select_id=first, **more) == "busy"
    room.run(32)
    late = {"args": args, "select_id": first}
    assert room.refusal("junctions", "JC-0003", "force-plan", **late) == "select-expired"
    assert room.select("junctions", "JC-0003", "force-plan", **more)


def test_a_cancelled_selection_is_free_for_others(room: Room) -> None:
    sent = room.send("junctions", "JC-0003", room.request("automatic", phase="select"))
    room.run(1)
    (reply,) = room.order("junctions", "JC-0003", "automatic", phase="cancel", command_id=sent)[1:]
    assert reply.result == "cancelled"
    assert room.select("junctions", "JC-0003", "automatic", console="desk-2")


def test_an_order_is_cancelled_until_its_effect(room: Room) -> None:
    lamp = lamp_of(room, "A-211")
    sent = room.send("street-lights", lamp, room.request("off"))
    room.run(0.1)
    room.order("street-lights", lamp, "off", phase="cancel", command_id=sent, wait=10)
    assert "cancelled" in [reply.result for reply in room.of(sent)]
    assert room.values("street-lights", lamp)["on"]
    done = room.send("street-lights", lamp, room.request("off"))
    room.run(10)
    late = room.order("street-lights", lamp, "off", phase="cancel", command_id=done)
    assert [reply.result for reply in late] == ["accepted", "done", "refused"]


def test_a_cancel_that_overtakes_its_order_wins(room: Room) -> None:
    lamp = lamp_of(room, "A-211")
    order = room.request("off")
    room.send("street-lights", lamp, room.request("off", phase="cancel", command_id=order.command_id))
    room.send("street-lights", lamp, order)
    room.run(10)
    assert {reply.result for reply in room.of(order.command_id)} == {"cancelled"}
    assert room.values("street-lights", lamp)["on"]


def test_duplicates_are_carried_out_once_and_answered_again(room: Room) -> None:
    lamp = lamp_of(room, "A-211")
    order = room.request("off")
    for _ in range(3):
        room.send("street-lights", lamp, order)
    room.run(10)
    assert [reply.result for reply in room.of(order.command_id)] == ["accepted", "done"]
    for _ in range(2):
        room.send("street-lights", lamp, order)
    room.run(2)
    replies = room.of(order.command_id)
    assert [reply.result for reply in replies] == ["accepted", "done", "done", "done"]
    assert replies[1] == replies[3]
    assert room.gateway.executed == {order.command_id: 1}


def test_a_duplicate_is_known_an_hour_later(room: Room) -> None:
    lamp = lamp_of(room, "A-211")
    order = room.request("off", ttl_s=3600.0)
    room.send("street-lights", lamp, order)
    room.run(10)
    room.order("street-lights", lamp, "release", wait=10)
    room.now += 3_590
    room.send("street-lights", lamp, order)
    room.run(10)
    assert room.gateway.executed[order.command_id] == 1
    assert not room.values("street-lights", lamp)["override"]


def test_an_id_is_not_used_for_two_orders(room: Room) -> None:
    first, second = lamp_of(room, "A-211"), lamp_of(room, "A-211", 1)
    sent = room.send("street-lights", first, room.request("off"))
    room.run(10)
    room.send("street-lights", second, room.request("off", command_id=sent))
    room.run(10)
    assert room.of(sent)[-1].cause == "duplicate"
    assert room.values("street-lights", second)["on"]


def test_an_object_carries_out_one_order_at_a_time(room: Room) -> None:
    lamp = lamp_of(room, "A-211")
    room.send("street-lights", lamp, room.request("off"))
    room.run(0.1)
    assert room.refusal("street-lights", lamp, "on", console="desk-2") == "busy"


def test_a_changed_state_makes_an_order_out_of_date(room: Room) -> None:
    lamp = lamp_of(room, "A-211")
    index = room.field.place("street-lights", lamp)
    assert index is not None
    seen = room.states["street-lights", lamp].sequence
    room.field.report("street-lights", index, room.now)
    assert room.order("street-lights", lamp, "off", expected_seq=seen, wait=10)[-1].result == "done"
    assert room.refusal("street-lights", lamp, "on", expected_seq=seen) == "sequence"
    newest = room.states["street-lights", lamp].sequence
    assert room.order("street-lights", lamp, "on", expected_seq=newest, wait=10)[-1].result == "done"
    assert room.refusal("street-lights", lamp, "off", expected_seq=10**9) == "sequence"


def test_local_control_takes_no_orders(room: Room) -> None:
    room.devices("junctions").devices[4].memory["local"] = True
    select = {"phase": "select", "args": {"plan": "2"}}
    assert room.refusal("junctions", "JC-0004", "force-plan", **select) == "local-mode"
    cabinets = room.field.groups["lighting-cabinets"]
    assert isinstance(cabinets, Cabinets)
    cabinets.devices[2].memory["local"] = True
    assert room.refusal("lighting-cabinets", "A-212", "force-on", phase="select") == "local-mode"
    assert room.refusal("street-lights", lamp_of(room, "A-212"), "off") == "local-mode"


@pytest.mark.parametrize("action", ["lower", "raise"])
def test_an_occupied_bollard_does_not_move(room: Room, action: str) -> None:
    group = room.devices("bollards")
    group.devices[3].memory["position"] = ("down", room.now - 600)
    while not group.report(3, room.now)[0]["occupied"]:
        room.now += 10
    assert room.refusal("bollards", "BO-03", action) == "interlock"
    assert group.report(3, room.now)[0]["position"] == "down"


def test_a_fault_that_comes_meanwhile_makes_the_order_fail(room: Room) -> None:
    room.still("BO-04")
    sent = room.send("bollards", "BO-04", room.request("lower"))
    room.run(1.5)
    room.field.groups["bollards"].fail(4, "blocked", room.now)
    room.run(6)
    assert [(r.result, r.cause) for r in room.of(sent)] == [("accepted", ""), ("failed", "equipment")]
    assert room.values("bollards", "BO-04")["position"] != "down"


def test_silent_equipment_refuses(room: Room) -> None:
    lamp = lamp_of(room, "A-211")
    index = room.field.place("street-lights", lamp)
    assert index is not None
    room.field.groups["street-lights"].silent.add(index)
    assert room.refusal("street-lights", lamp, "off") == "equipment"


def test_an_override_ends_by_itself_at_the_latest(room: Room) -> None:
    lamp = lamp_of(room, "A-211")
    room.order("street-lights", lamp, "dim", args={"level": 20}, wait=10)
    room.now += LONGEST_OVERRIDE - 60
    room.run(2)
    assert room.values("street-lights", lamp)["override"]
    room.now += 60
    room.run(2)
    assert not room.values("street-lights", lamp)["override"]


def test_bad_payloads_are_answered_when_they_say_whose_they_are(room: Room) -> None:
    topic = command_topic("street-lights", "SL-000001")
    bad = [b"{", b"[]", b"null", b"\xff", b"[" * 5_000, b"x" * 1_000_000, b'{"console": 3}']
    for payload in bad:
        room.broker.publish(topic, payload)
    room.broker.publish(topic, b'{"console": "desk-1", "command_id": "c-bad", "phase": "operate"}')
    room.broker.publish(f"{ROOT}/command/street-lights/a b", encode_command(room.request("off")))
    room.run(2)
    assert [(r.result, r.cause) for r in room.of("c-bad")] == [("refused", "malformed")]
    assert room.gateway.results["refused/malformed"] == len(bad) + 2
    assert not room.gateway.executed


def test_replies_go_to_the_console_that_asked(room: Room) -> None:
    room.order("street-lights", lamp_of(room, "A-211"), "off", console="Bureau 3/é", wait=10)
    assert {topic for topic, _ in room.replies} == {reply_topic("Bureau 3/é")}


def test_a_group_ends_with_its_parts(room: Room) -> None:
    lamps = room.field.groups["street-lights"]
    assert isinstance(lamps, Lamps)
    for lamp in lamps.ids:
        room.send("street-lights", lamp, room.request("off"))
    room.run(12)
    ends = Counter(reply.result for _, reply in room.replies if reply.result != "accepted")
    broken = sum(bool(room.states["street-lights", id].faults) for id in lamps.ids)
    assert ends == {"done": len(lamps.ids) - broken, "refused": broken}
    off = [room.values("street-lights", id) for id in lamps.ids]
    assert all(not values["on"] for values in off)
    assert room.values("lighting-cabinets", "A-211")["current_a"] == 0


def test_equipment_fails_by_chance() -> None:
    room = Room(failure_rate=0.5)
    lamps = room.field.groups["street-lights"]
    sent = [room.send("street-lights", str(id), room.request("off")) for id in lamps.ids]
    room.run(12)
    last = Counter(replies[-1].result for each in sent if (replies := room.of(each)))
    assert last["done"] > 100
    assert min(last["refused"], last["failed"], last["accepted"]) > 20
    assert len(room.gateway.executed) == last["done"]


def test_the_link_refuses_and_clears_what_was_retained() -> None:
    broker = InProcessBroker()
    field = Field(broker, Register(features()), network, seed=3)
    field.step(time.time())
    gateway = Gateway(LAYERS, field, broker.publish, failure_rate=0.0)
    listener = broker.subscribe([f"{ROOT}/reply/+"], "console")
    order = CommandRequest(
        command_id="c-1",
        phase="operate",
        action="release",
        operator="Ana",
        console="desk-1",
        ttl_s=60,
        ts=time.time() + 1,
    )
    topic = command_topic("street-lights", "SL-000001")
    broker.publish(topic, encode_command(order), retain=True)
    link = GatewayLink(broker, gateway.handle)
    field.start()
    replies: list[Reply] = []
    while not replies:
        taken = listener.take() or []
        replies += [decode_reply(item.payload) for item in taken if isinstance(item, Delivery)]
    field.stop()
    link.close()
    assert [(reply.result, reply.cause) for reply in replies] == [("refused", "retained")]
    later = broker.subscribe([COMMANDS], "late").take() or []
    assert not [item for item in later if isinstance(item, Delivery)]
    assert not gateway.executed
    assert not any(thread.name in ("gateway", "field") for thread in threading.enumerate())


def test_an_order_from_before_the_gateway_began_is_not_carried_out(room: Room) -> None:
    """A restarted gateway does not know whether its former self has carried it out."""
    lamp = lamp_of(room, "A-211")
    assert room.refusal("street-lights", lamp, "off", ts=EVENING - 2, ttl_s=600.0) == "expired"


def test_a_field_on_a_budget_still_carries_everything_out(room: Room) -> None:
    lamps = [lamp_of(room, "A-211", place) for place in range(40)]
    for lamp in lamps:
        room.gateway.handle(
            command_topic("street-lights", lamp), encode_command(room.request("off")), False, room.now
        )
    for _ in range(400):
        room.now += 0.05
        room.field.step(room.now, 0.0)
    room.run(0.1)
    assert not any(room.values("street-lights", lamp)["on"] for lamp in lamps)


def test_a_bad_network_makes_nothing_happen_twice(room: Room) -> None:
    """Selections and orders arrive doubled, late, in any order, or not at all; each acts once or never."""
    rng = Random(7)
    lamps = list(room.field.groups["street-lights"].ids)
    arriving: list[tuple[float, str, CommandRequest]] = []
    for number in range(500):
        lamp, console = rng.choice(lamps), rng.choice(("desk-1", "desk-2"))
        request = room.request(
            rng.choice(("on", "off", "release")), console=console, ts=room.now + number / 10
        )
        cancel = msgspec.structs.replace(request, phase="cancel")
        for each in (request, cancel) if number % 10 == 0 else (request,):
            arriving += [(each.ts + rng.uniform(0, 15), lamp, each) for _ in range(rng.randrange(4))]
    arriving.sort(key=lambda item: item[0])
    while arriving:
        while arriving and arriving[0][0] <= room.now:
            _, lamp, request = arriving.pop(0)
            room.send("street-lights", lamp, request)
        room.run(0.1)
    room.run(12)
    assert set(room.gateway.executed.values()) == {1}
    said = {reply.command_id for _, reply in room.replies if reply.result == "done"}
    assert said == set(room.gateway.executed)
    told: dict[str, set[str]] = {}
    for _, reply in room.replies:
        if reply.phase == "operate":
            told.setdefault(reply.command_id, set()).add(reply.result)
    for results in told.values():
        assert results in (
            {"accepted", "done"},
            {"refused"},
            {"cancelled"},
            {"accepted", "cancelled"},
            {"accepted", "failed"},
        )
    assert len(said) > 100
