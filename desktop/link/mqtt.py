"""The live feed of a real MQTT broker.

paho reads the network on a thread of its own and does nothing but queue; decoding and delivering happen on
the feed's thread, so that a slow listener does not silence the link. MQTT does not tell where the retained
messages end: the client sends itself a mark once subscribed, which brokers deliver after them.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from random import Random

import msgspec
from paho.mqtt import client as paho
from paho.mqtt.enums import MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.reasoncodes import ReasonCode

from desktop.link.feed import Clock, Deliver
from desktop.link.mqtt_client import TOO_OLD, BrokerError, connect, make_client
from desktop.link.topics import console_level, console_topic, probe_topic
from desktop.link.wire import Decoder, LinkMessage, SnapshotComplete, filters_of, is_transient
from desktop.settings import FeedSettings

LONGEST_WAIT = 10.0
FIRST_WAIT = 0.5
"""Seconds: the wait before trying again is drawn from 0 to a limit that doubles from this one."""
QUIET = 3.0
"""Seconds without a message after which the snapshot is held to be whole, where the mark does not come."""
MOST_WAITING = 400_000
"""Messages that may wait for a slow listener; beyond, the link is made anew and the snapshot read again."""
STOP_SECONDS = 8.0
QOS = {"state": 0, "position": 0}
"""By kind of topic, where not 1: what comes again and again needs no receipt."""


def reconnect_delay(attempt: int, rng: Random) -> float:
    """Seconds to wait before the attempt of that number, from 0: full jitter, so that consoles spread out."""
    return rng.uniform(0, min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(attempt, 10)))


class _Link:
    """One connection: what its network thread has queued, in order, and how it ended."""

    def __init__(self, client: paho.Client) -> None:
        self.client = client
        self.token = secrets.token_bytes(12)
        self.queue: deque[tuple[str, bytes, bool] | str] = deque()
        self.news = threading.Event()
        self.detail = ""
        self.refused = 0
        self.ended = False

    def put(self, item: tuple[str, bytes, bool] | str) -> None:
        """Add an item; `UP` and `WHOLE` are such items too, so that they keep their place."""
        self.queue.append(item)
        if not self.news.is_set():
            self.news.set()

    def end(self, detail: str) -> None:
        """The connection is over; the first reason given is kept."""
        self.detail = self.detail or detail
        self.ended = True
        self.news.set()


UP, WHOLE = "up", "whole"


class MqttFeed:
    """A console's feed from an MQTT broker. `console` is the name others see; it has a Last Will."""

    def __init__(
        self,
        settings: FeedSettings,
        console: str,
        *,
        name: str = "feed",
        clock: Clock = time.time,
        rng: Random | None = None,
        present: bool = True,
    ) -> None:
        self.name, self.decoder = name, Decoder()
        self.client_id = settings.client_id or f"vigie-{console_level(console)}"
        self._settings, self._console, self._clock = settings, console, clock
        self._rng = rng or Random()
        self._present = present
        self._version = MQTTProtocolVersion.MQTTv5
        self._filters: list[str] = []
        self._deliver: Deliver = lambda _: None
        self._link: _Link | None = None
        self._up = False
        self._said: str | None = None
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, deliver: Deliver, layers: Iterable[str]) -> None:
        """Listen to these layers; `deliver` is called from the feed's thread."""
        if self._thread is not None:
            raise RuntimeError("the feed was already started")
        self._filters = filters_of(layers, self._console)
        self._deliver = deliver
        self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)
        self._thread.start()

    def publish(self, topic: str, payload: bytes, retain: bool = False) -> bool:
        """Hand a payload to the broker; False, and nothing kept, while the link is down."""
        link = self._link
        if link is None or not self._up or link.ended:
            return False
        try:
            sent = link.client.publish(topic, payload, qos=1, retain=retain)
        except ValueError:
            return False
        return sent.rc == MQTTErrorCode.MQTT_ERR_SUCCESS

    def stop(self) -> None:
        """Stop listening, saying goodbye, and wait for the thread unless called from it."""
        self._stop.set()
        if (link := self._link) is not None:
            link.news.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(STOP_SECONDS)

    def _run(self) -> None:
        attempt = 0
        while not self._stop.is_set():
            came_up = self._serve()
            attempt = 0 if came_up else attempt + 1
            self._stop.wait(reconnect_delay(attempt, self._rng))

    def _serve(self) -> bool:
        """Live one connection to its end; whether the broker took it."""
        try:
            link = _Link(make_client(self._settings, self.client_id, self._version))
            self._prepare(link)
            self._link = link
            connect(link.client, self._settings)
        except BrokerError as error:
            self._down(str(error))
            return False
        came_up = self._follow(link)
        self._part(link, came_up)
        if link.refused in TOO_OLD and self._version == MQTTProtocolVersion.MQTTv5:
            self._version = MQTTProtocolVersion.MQTTv311
        if not self._stop.is_set():
            self._down(link.detail or "the connection was lost")
        return came_up

    def _follow(self, link: _Link) -> bool:
        """Deliver what comes until the connection ends; whether it ever came up."""
        came_up, whole, heard = False, False, time.monotonic()
        while not self._stop.is_set():
            link.news.wait(1.0)
            link.news.clear()
            if link.queue:
                heard = time.monotonic()
            elif came_up and not whole and time.monotonic() - heard > QUIET:
                link.put(WHOLE)
            while link.queue and not self._stop.is_set():
                item = link.queue.popleft()
                if not isinstance(item, str):
                    self._hand_over(*item)
                elif item == UP:
                    came_up, self._said = True, None
                    self._deliver(LinkMessage(self.name, True, self._clock()))
                elif not whole:
                    whole = True
                    self._deliver(SnapshotComplete(self.name))
                if link.ended:
                    # What was read before the loss is as good as what is now; the operator must know first.
                    link.queue.clear()
            if link.ended:
                break
        return came_up

    def _hand_over(self, topic: str, payload: bytes, retained: bool) -> None:
        # A request or an answer the broker kept would be acted upon out of its time.
        if retained and is_transient(topic):
            return
        message = self.decoder.decode(topic, payload, self._clock())
        if message is not None:
            self._deliver(message)

    def _down(self, detail: str) -> None:
        if self._said != detail:
            self._said = detail
            self._deliver(LinkMessage(self.name, False, self._clock(), detail))

    def _part(self, link: _Link, came_up: bool) -> None:
        """Close a connection; when it still stands, others are told that this console has left."""
        self._up, self._link = False, None
        client = link.client
        if came_up and not link.ended and self._present:
            goodbye = client.publish(console_topic(self._console), self._presence(False), 1, True)
            deadline = time.monotonic() + 1.0
            while not goodbye.is_published() and not link.ended and time.monotonic() < deadline:
                time.sleep(0.01)
        client.disconnect()
        client.loop_stop()

    def _presence(self, up: bool) -> bytes:
        return msgspec.json.encode({"up": up, "console": self._console})

    def _prepare(self, link: _Link) -> None:
        """Set what is done on paho's thread."""
        client, probe = link.client, probe_topic(self.client_id)
        if self._present:
            client.will_set(console_topic(self._console), self._presence(False), 1, True)

        def on_connect(
            client: paho.Client, _data: object, _flags: object, reason: ReasonCode, _properties: object
        ) -> None:
            if reason.is_failure:
                link.refused = reason.value
                link.end(f"the broker refuses this console ({reason})")
                return
            link.put(UP)
            self._up = True
            wanted = [(each, QOS.get(each.split("/")[2], 1)) for each in self._filters]
            client.subscribe([*wanted, (probe, 1)])
            if self._present:
                client.publish(console_topic(self._console), self._presence(True), 1, True)

        client.on_connect, client.on_disconnect = on_connect, _on_disconnect(link)
        client.on_subscribe, client.on_message = _on_subscribe(link, probe), _on_message(link, probe)


def _on_subscribe(link: _Link, probe: str) -> Callable[..., None]:
    def on_subscribe(
        client: paho.Client, _data: object, _id: int, reasons: list[ReasonCode], _properties: object
    ) -> None:
        if any(reason.is_failure for reason in reasons[:-1]):
            link.detail = "the broker does not let this console read every topic"
        client.publish(probe, link.token, 1)

    return on_subscribe


def _on_message(link: _Link, probe: str) -> Callable[..., None]:
    def on_message(_client: paho.Client, _data: object, message: paho.MQTTMessage) -> None:
        try:
            topic = message.topic
        except UnicodeDecodeError:
            return
        if topic == probe:
            if message.payload == link.token:
                link.put(WHOLE)
        elif len(link.queue) < MOST_WAITING:
            link.put((topic, bytes(message.payload), message.retain))
        else:
            link.end("too many messages wait; the snapshot is read again")

    return on_message


def _on_disconnect(link: _Link) -> Callable[..., None]:
    def on_disconnect(_c: object, _data: object, _flags: object, reason: ReasonCode, _p: object) -> None:
        said = str(reason)
        plain = said in ("Unspecified error", "Normal disconnection")
        link.end("the connection was lost" if plain else f"the connection was lost ({said})")

    return on_disconnect
