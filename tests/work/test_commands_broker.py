"""A thousand commands over a real broker, on a network that loses, repeats, delays and reorders messages."""

from __future__ import annotations

import heapq
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
from paho.mqtt import client as paho
from paho.mqtt.enums import MQTTProtocolVersion

from desktop.demo.field import Field
from desktop.demo.field_lights import Lamps
from desktop.demo.gateway import Gateway
from desktop.link.mqtt import MqttFeed
from desktop.link.mqtt_client import connect, make_client
from desktop.link.topics import ROOT
from desktop.link.wire import Message
from desktop.link.wire_commands import ApprovalMessage, LeaseMessage, Reply
from desktop.work.command import Stage
from desktop.work.command_machine import NOT_DONE
from desktop.work.commands import Publish
from tests.broker import Broker, running
from tests.demo.test_field import EVENING, Register, equipment, network
from tests.work.console import LIGHTS, Console, table_of

pytestmark = pytest.mark.service
SPEED = 6.0
"""How much faster than real the test's clock runs."""
GROUP, COMMANDS = 50, 1_000
LOST, TWICE, LATE, LATEST = 0.05, 0.08, 0.15, 2.5


class Clock:
    """A fast clock that starts in the evening."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def __call__(self) -> float:
        return EVENING + SPEED * (time.monotonic() - self._began)


class Lossy:
    """Passes messages on: now, twice, later than those after them, or never."""

    def __init__(self, clock: Clock, rng: Random) -> None:
        self._clock, self._rng = clock, rng
        self._late: list[tuple[float, int, Callable[[], object]]] = []
        self.fates: Counter[str] = Counter()

    def send(self, call: Callable[[], object]) -> None:
        """Let a message meet its fate."""
        drawn = self._rng.random()
        if drawn < LOST:
            self.fates["lost"] += 1
            return
        for copy in range(2 if drawn < LOST + TWICE else 1):
            if self._rng.random() < LATE or copy:
                self.fates["late"] += 1
                due = self._clock() + self._rng.uniform(0, LATEST)
                heapq.heappush(self._late, (due, self.fates["late"], call))
            else:
                call()

    def step(self, now: float) -> None:
        """Pass on what is late enough."""
        while self._late and self._late[0][0] <= now:
            heapq.heappop(self._late)[2]()


class Site:
    """The simulated equipment and its gateway, on the broker."""

    def __init__(self, broker: Broker, clock: Clock, rng: Random) -> None:
        self._network, self._clock = Lossy(clock, rng), clock
        self._client = make_client(broker.settings(), "site", MQTTProtocolVersion.MQTTv5, clean=True)
        self._client.on_message = self._receive
        connect(self._client, broker.settings(), clean=True)
        deadline = time.monotonic() + 10
        while not self._client.is_connected():
            assert time.monotonic() < deadline
            time.sleep(0.01)
        self._client.subscribe(f"{ROOT}/command/+/+", qos=1)
        features = {name: some for name, some in equipment().items() if name in (LIGHTS, "lighting-cabinets")}
        self.field = Field(self, Register(features), network, seed=3, clock=clock)  # type: ignore[arg-type]
        self.gateway = Gateway(
            Console().picture.layers, self.field, self.publish, clock=clock, seed=3, failure_rate=0.05
        )
        self._opening = True
        self.step()
        for group in self.field.groups.values():
            group.silent.clear()
        self.step()
        self._opening = False

    @property
    def lamps(self) -> list[str]:
        """Those that work."""
        group = self.field.groups[LIGHTS]
        assert isinstance(group, Lamps)
        cabinets = group.cabinets
        sound = [
            index
            for index in range(len(group.ids))
            if index not in group.faults
            and (place := group.cabinet(index)) is not None
            and not cabinets.dead(place)
            and not cabinets.local(place)
        ]
        return [group.ids[index] for index in sound]

    def publish(self, topic: str, payload: bytes, retain: bool = False) -> None:
        """Replies and reports take the same bad network; what stood at the start does not."""
        send = lambda: self._client.publish(topic, payload, 1, retain)  # noqa: E731
        if self._opening:
            send()
        else:
            self._network.send(send)

    def step(self) -> None:
        """Let the equipment live until now."""
        now = self._clock()
        self._network.step(now)
        self.field.step(now)

    def close(self) -> None:
        """Leave the broker."""
        self._client.disconnect()
        self._client.loop_stop()

    def _receive(self, _client: paho.Client, _data: object, message: paho.MQTTMessage) -> None:
        self.gateway.handle(message.topic, bytes(message.payload), message.retain, self._clock())


class Desk(Console):
    """A console on the broker."""

    def __init__(self, broker: Broker, clock: Clock, rng: Random, lamps: list[str]) -> None:
        super().__init__()
        self.clock, self.network = clock, Lossy(clock, rng)
        self.inbox: deque[Message] = deque()
        self.now = clock()
        self.picture.replace(table_of(LIGHTS, lamps), {id: {} for id in lamps}, self.now)
        self.link(False)
        self.up = True
        self.feed = MqttFeed(broker.settings(), "desk-1", clock=clock)
        self.feed.start(self.inbox.append, [LIGHTS])

    def take(self, publish: Publish) -> None:
        """Orders take the bad network."""
        super().take(publish)
        send = lambda: self.feed.publish(publish.topic, publish.payload, publish.retain)  # noqa: E731
        if publish.topic.startswith(f"{ROOT}/command/"):
            self.network.send(send)
        else:
            send()

    def step(self) -> None:
        """Take what has come, and let time pass."""
        self.now = self.clock()
        self.network.step(self.now)
        waiting = [self.inbox.popleft() for _ in range(len(self.inbox))]
        kinds = (Reply, ApprovalMessage, LeaseMessage)
        news = [it for it in waiting if isinstance(it, kinds)]
        changes = self.picture.apply([it for it in waiting if not isinstance(it, kinds)], self.now)
        self.do(self.commands.follow(changes, self.now))
        self.do(self.commands.received(news, self.now))
        self.do(self.commands.tick(self.now))


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    yield from running(tmp_path)


def test_a_thousand_commands_on_a_bad_network(broker: Broker) -> None:
    clock, rng = Clock(), Random(11)
    site = Site(broker, clock, rng)
    lamps = site.lamps
    desk = Desk(broker, clock, rng, lamps)
    groups = [lamps[at : at + GROUP] for at in range(0, len(lamps) - GROUP + 1, GROUP)]
    given: list[str] = []
    last = dict.fromkeys(range(len(groups)), "")
    try:
        feed, asked = desk.picture.sources["feed"], 0
        deadline = time.monotonic() + 150
        while time.monotonic() < deadline:
            site.step()
            desk.step()
            free = [it for it in last if not last[it] or desk.command(last[it]).final]
            if asked >= COMMANDS and len(free) == len(groups):
                break
            ready = feed.up and feed.complete and len(desk.picture.live[LIGHTS]) == len(lamps)
            for place in free if ready and asked < COMMANDS else ():
                level = 20 + 15 * (len(given) // len(groups) % 5)
                last[place] = desk.give("dim", groups[place], level=level)
                given.append(last[place])
                asked += GROUP
            time.sleep(0.01)
        settled = clock() + 20
        while clock() < settled:
            site.step()
            desk.step()
            time.sleep(0.01)
    finally:
        desk.feed.stop()
        site.close()
    targets = [target for id in given for target in desk.command(id).targets]
    stages = Counter(target.stage for target in targets)
    told = f"{dict(stages)}, orders {dict(desk.network.fates)}, gateway {dict(site.gateway.results)}"
    assert len(targets) >= COMMANDS and all(target.stage.final for target in targets), told
    executed = site.gateway.executed
    assert set(executed.values()) == {1}, told
    assert not [it for it in targets if it.stage in NOT_DONE and executed[it.command_id]], told
    done = (Stage.CONFIRMED, Stage.DIVERGED)
    assert not [it for it in targets if it.stage in done and not executed[it.command_id]], told
    assert stages[Stage.CONFIRMED] > COMMANDS / 2, told
