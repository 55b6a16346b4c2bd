"""The feed of a real MQTT broker: snapshot first, losses told, nothing sent late, errors in one line."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import paho.mqtt.publish
import pytest

from desktop.link.mqtt import LONGEST_WAIT, MqttFeed, reconnect_delay
from desktop.link.topics import console_topic
from desktop.link.wire import (
    LinkMessage,
    Message,
    SnapshotComplete,
    StateMessage,
    encode_state,
    state_topic,
)
from desktop.settings import FEED_PASSWORD, FeedSettings
from layers.model import Live
from tests.broker import Broker, free_port, running

pytestmark = pytest.mark.service
WAIT = 15.0


class Listener:
    """Collects what a feed delivers and waits until it holds what is asked."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self._arrived = threading.Condition()

    def __call__(self, message: Message) -> None:
        with self._arrived:
            self.messages.append(message)
            self._arrived.notify_all()

    def until(self, found: Callable[[list[Message]], bool], seconds: float = WAIT) -> list[Message]:
        with self._arrived:
            assert self._arrived.wait_for(lambda: found(self.messages), seconds), self.messages[-3:]
            return list(self.messages)

    def whole(self, times: int = 1) -> list[Message]:
        return self.until(lambda got: sum(isinstance(it, SnapshotComplete) for it in got) >= times)

    def down(self, seconds: float = WAIT) -> LinkMessage:
        last = self.until(
            lambda got: isinstance(got[-1], LinkMessage) and not got[-1].up if got else False, seconds
        )[-1]
        assert isinstance(last, LinkMessage)
        return last


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    yield from running(tmp_path)


@pytest.fixture
def listen() -> Iterator[Callable[..., tuple[MqttFeed, Listener]]]:
    feeds: list[MqttFeed] = []

    def start(settings: FeedSettings, console: str = "desk 1") -> tuple[MqttFeed, Listener]:
        feed, listener = MqttFeed(settings, console), Listener()
        feeds.append(feed)
        feed.start(listener, ["street-lights"])
        return feed, listener

    yield start
    for feed in feeds:
        feed.stop()


Listen = Callable[..., tuple[MqttFeed, Listener]]


def say(broker: Broker, feature: str, sequence: int, *, retain: bool = True) -> None:
    payload = encode_state(Live(time=time.time(), sequence=sequence, boot="b"))
    send(broker, state_topic("street-lights", feature), payload, retain)


def send(broker: Broker, topic: str, payload: bytes, retain: bool = False) -> None:
    paho.mqtt.publish.single(topic, payload, 1, retain, "127.0.0.1", broker.port)


def states(messages: list[Message]) -> list[tuple[str, int]]:
    return [(it.id, it.live.sequence) for it in messages if isinstance(it, StateMessage)]


def test_what_is_retained_comes_before_the_snapshot_is_told_complete(broker: Broker, listen: Listen) -> None:
    topics = [
        {"topic": state_topic("street-lights", f"L{number}"), "retain": True,
         "payload": encode_state(Live(time=time.time(), sequence=number, boot="b"))}
        for number in range(1, 3001)
    ]  # fmt: skip
    topics[-1]["qos"] = 1  # its receipt tells that the broker has all
    paho.mqtt.publish.multiple(topics, "127.0.0.1", broker.port)
    _, listener = listen(broker.settings())
    got = listener.whole()
    assert isinstance(got[0], LinkMessage) and got[0].up
    assert isinstance(got[-1], SnapshotComplete)
    assert sorted(number for _, number in states(got)) == list(range(1, 3001))
    say(broker, "L1", 4000)
    assert states(listener.until(lambda it: len(states(it)) > 3000))[-1] == ("L1", 4000)


def test_a_lost_broker_is_told_and_its_return_brings_the_snapshot_again(
    broker: Broker, listen: Listen
) -> None:
    feed, listener = listen(broker.settings())
    listener.whole()
    say(broker, "L1", 1)
    listener.until(lambda got: len(states(got)) == 1)
    broker.shut()
    down = listener.down()
    assert "\n" not in down.detail and down.detail
    assert not feed.publish("vigie/v1/command/street-lights/L1", b"{}")
    broker.start()
    got = listener.whole(2)
    after = got[got.index(down) :]
    kinds = [it for it in after if isinstance(it, LinkMessage) and it.up]
    assert len(kinds) == 1 and states(after) == [("L1", 1)]


def test_a_silent_broker_is_lost_within_two_seconds_of_the_keepalive(broker: Broker, listen: Listen) -> None:
    feed, listener = listen(broker.settings(keepalive_s=2))
    listener.whole()
    broker.pause(True)
    listener.down()
    assert not feed.publish("vigie/v1/command/street-lights/L1", b"{}")
    broker.pause(False)
    listener.whole(2)


def test_what_could_not_be_sent_is_not_sent_later(broker: Broker, listen: Listen) -> None:
    feed, listener = listen(broker.settings())
    listener.whole()
    broker.shut()
    listener.down()
    topic = state_topic("street-lights", "L9")
    assert not feed.publish(topic, encode_state(Live(time=time.time(), sequence=1)), retain=True)
    broker.start()
    got = listener.whole(2)
    assert states(got) == []


def test_the_last_will_tells_that_a_console_is_gone(broker: Broker, listen: Listen) -> None:
    feed, listener = listen(broker.settings(), console="poste n°1")
    listener.whole()
    assert presence(broker, "poste n°1") == b'{"up":true,"console":"poste n\xc2\xb01"}'
    feed.stop()
    assert b'"up":false' in presence(broker, "poste n°1")


def presence(broker: Broker, console: str) -> bytes:
    import paho.mqtt.subscribe

    message = paho.mqtt.subscribe.simple(console_topic(console), hostname="127.0.0.1", port=broker.port)
    return bytes(message.payload)


def test_bad_payloads_are_counted_and_the_rest_goes_on(broker: Broker, listen: Listen) -> None:
    feed, listener = listen(broker.settings())
    listener.whole()
    for payload in (b"{", b"[1]", b'{"ts": 3}', b"x" * 1_000_000):
        send(broker, state_topic("street-lights", "L1"), payload)
    say(broker, "L2", 7)
    assert states(listener.until(lambda got: bool(states(got)))) == [("L2", 7)]
    assert feed.decoder.bad == {"state/street-lights": 4}


def test_an_address_where_nobody_answers_is_one_line_and_tried_again(listen: Listen, tmp_path: Path) -> None:
    port = free_port()
    _, listener = listen(FeedSettings(url=f"mqtt://127.0.0.1:{port}"))
    assert listener.down().detail == f"127.0.0.1:{port}: Connection refused"


def test_a_wrong_password_is_told_and_never_shown(
    tmp_path: Path, listen: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "users").write_text("", encoding="utf-8")
    monkeypatch.setenv(FEED_PASSWORD, "s3cret")
    for broker in running(tmp_path, users=f"allow_anonymous false\npassword_file {tmp_path / 'users'}"):
        _, listener = listen(broker.settings(username="desk"))
        detail = listener.down().detail
        assert "refuses" in detail and "s3cret" not in detail and "\n" not in detail


@pytest.fixture
def certificates(tmp_path: Path) -> Path:
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
            "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1",
            "-keyout", str(tmp_path / "key.pem"), "-out", str(tmp_path / "cert.pem")]  # fmt: skip
    try:
        subprocess.run(make, check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("openssl is not installed")
    return tmp_path


def test_tls_is_checked_and_works_with_the_right_authority(certificates: Path, listen: Listen) -> None:
    lines = f"certfile {certificates / 'cert.pem'}\nkeyfile {certificates / 'key.pem'}"
    for broker in running(certificates, lines):
        url = f"mqtts://127.0.0.1:{broker.port}"
        _, stranger = listen(broker.settings(url=url, client_id="stranger"))
        assert "certificate is refused" in stranger.down().detail
        _, friend = listen(broker.settings(url=url, ca=certificates / "cert.pem", client_id="friend"))
        friend.whole()


def test_a_websocket_carries_the_feed(tmp_path: Path, listen: Listen) -> None:
    for broker in running(tmp_path, "protocol websockets", address="", may_fail="yes"):
        _, listener = listen(broker.settings(url=f"ws://127.0.0.1:{broker.port}/mqtt"))
        listener.whole()


def test_reconnection_waits_are_spread_and_limited() -> None:
    rng = Random(1)
    waits = [reconnect_delay(attempt, rng) for attempt in range(200)]
    assert all(0 <= wait <= LONGEST_WAIT for wait in waits)
    assert min(waits[20:]) < 2 and max(waits[20:]) > 8
    assert reconnect_delay(0, rng) <= 0.5
