"""The simulated equipment on a real broker, for training rooms and tests: `vigie field`."""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Callable
from random import Random

import msgspec
from paho.mqtt import client as paho
from paho.mqtt.enums import MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from desktop.demo.city.model import load_network
from desktop.demo.field import Field
from desktop.demo.field_script import Director, Script
from desktop.demo.files import DemoFiles
from desktop.demo.gateway import Gateway
from desktop.demo.registry_store import RegistryStore
from desktop.link.mqtt import reconnect_delay
from desktop.link.mqtt_client import TOO_OLD, BrokerError, connect, make_client
from desktop.link.topics import ROOT
from desktop.settings import FeedSettings
from layers import load_layers

CLIENT_ID = "vigie-field"
COMMANDS = f"{ROOT}/command/+/+"
MOST_UNSENT = 2_000
"""Payloads that may wait for the network before the equipment does."""
CONNECT_WAIT = 10.0
PATIENCE = 30
"""Seconds of keepalive of the field, at least."""
RECEIPT = ("reply", "approval", "alarm", "lease")
"""Kinds of topics whose payloads the broker is to confirm; states and positions come again."""


class Outlet:
    """Publishes on the connection there is; what comes while there is none is lost, as in the field."""

    def __init__(self) -> None:
        self._client: paho.Client | None = None
        self._room = threading.Semaphore(MOST_UNSENT)

    def use(self, client: paho.Client | None) -> None:
        """Publish on this connection from now on, or nowhere."""
        room = self._room = threading.Semaphore(MOST_UNSENT)
        if client is not None:
            client.on_publish = lambda *_: room.release()
        self._client = client

    def publish(self, topic: str, payload: bytes, retain: bool = False) -> bool:
        """Hand over a payload, waiting while the network is slow."""
        client, room = self._client, self._room
        if client is None or not room.acquire(timeout=1.0):
            return False
        qos = 1 if topic.startswith(tuple(f"{ROOT}/{kind}/" for kind in RECEIPT)) else 0
        return client.publish(topic, payload, qos, retain).rc == MQTTErrorCode.MQTT_ERR_SUCCESS


class FieldService:
    """Runs a generated city's equipment against a broker until it is stopped.

    `say` is given one line for each change of the link.
    """

    def __init__(
        self,
        files: DemoFiles,
        settings: FeedSettings,
        script: Script,
        *,
        seed: int = 1,
        say: Callable[[str], None] = lambda _: None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        # Behind all that it publishes at once, its own signs of life take a while.
        patient = msgspec.structs.replace(settings, keepalive_s=max(settings.keepalive_s, PATIENCE))
        self._settings, self._say, self._clock = patient, say, clock
        self._outlet = Outlet()
        self._store = RegistryStore(files.registry, clock=clock)
        network = functools.partial(load_network, files.network)
        self.field = Field(self._outlet, self._store, network, seed=seed, clock=clock)
        self.gateway = Gateway(load_layers(), self.field, self._outlet.publish, clock=clock, seed=seed)
        self._director = Director(script, self.field, self._store, seed)
        self.field.obey(self._act)
        self._rng = Random()
        self._again = threading.Event()
        self._stop = threading.Event()
        self._version = MQTTProtocolVersion.MQTTv5

    def run(self) -> None:
        """Connect, publish, and connect again after each loss, until `stop`."""
        attempt, started = 0, False
        try:
            while not self._stop.is_set():
                ended = _Ended()
                try:
                    client = self._connected(ended)
                except BrokerError as error:
                    self._say(str(error))
                    attempt += 1
                    self._stop.wait(reconnect_delay(attempt, self._rng))
                    continue
                attempt = 0
                if started:
                    self._again.set()
                else:
                    self.field.start()
                started = True
                self._say(f"Publishing to {self._settings.url}")
                self._last(client, ended)
        finally:
            self._close()

    def stop(self) -> None:
        """Let `run` return; callable from any thread."""
        self._stop.set()

    def _act(self, now: float) -> bool:
        if self._again.is_set():
            # The broker may have forgotten what it retained.
            self._again.clear()
            groups = self.field.groups.items()
            self.field.queue((layer, index) for layer, group in groups for index in range(len(group.ids)))
        self._director.step(now)
        while self._director.missed:
            self._say(self._director.missed.pop())
        return self.gateway.step(now)

    def _connected(self, ended: _Ended) -> paho.Client:
        """A connection that the broker has taken. Raises BrokerError."""
        client = make_client(self._settings, CLIENT_ID, self._version, clean=True)
        client.on_connect, client.on_disconnect = ended.on_connect, ended.on_disconnect
        client.on_message = self._receive
        try:
            connect(client, self._settings, clean=True)
            if not ended.answered.wait(CONNECT_WAIT):
                raise BrokerError(f"{self._settings.url}: does not answer as a broker")
            if ended.refusal is not None:
                if ended.refusal.value in TOO_OLD:
                    self._version = MQTTProtocolVersion.MQTTv311
                raise BrokerError(f"{self._settings.url}: the broker refuses the field ({ended.refusal})")
        except BrokerError:
            client.disconnect()
            client.loop_stop()
            raise
        if self._version == MQTTProtocolVersion.MQTTv5:
            # So that an order published to be kept is known for what it is, even while it is new.
            client.subscribe(COMMANDS, options=SubscribeOptions(qos=1, retainAsPublished=True))
        else:
            client.subscribe(COMMANDS, qos=1)
        self._outlet.use(client)
        return client

    def _last(self, client: paho.Client, ended: _Ended) -> None:
        while not ended.over.wait(0.2) and not self._stop.is_set():
            pass
        self._outlet.use(None)
        client.disconnect()
        client.loop_stop()
        if not self._stop.is_set():
            self._say(f"{self._settings.url}: the connection was lost; trying again")

    def _receive(self, _client: paho.Client, _data: object, message: paho.MQTTMessage) -> None:
        try:
            topic = message.topic
        except UnicodeDecodeError:
            return
        self.gateway.handle(topic, bytes(message.payload), message.retain, self._clock())

    def _close(self) -> None:
        self._outlet.use(None)
        self.field.stop()
        self._store.close()


class _Ended:
    """What paho's thread says of one connection."""

    def __init__(self) -> None:
        self.answered, self.over = threading.Event(), threading.Event()
        self.refusal: ReasonCode | None = None

    def on_connect(self, _c: object, _d: object, _f: object, reason: ReasonCode, _p: object) -> None:
        self.refusal = reason if reason.is_failure else None
        self.answered.set()

    def on_disconnect(self, *_: object) -> None:
        self.over.set()
        self.answered.set()
