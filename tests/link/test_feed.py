"""The in-process feed: retained snapshot first, then live, across losses of the link."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from desktop.link.feed import Delivery, InProcessBroker, InProcessFeed, TopicTree
from desktop.link.wire import (
    LinkMessage,
    Message,
    SnapshotComplete,
    StateMessage,
    encode_state,
    position_topic,
    state_topic,
)
from desktop.link.wire_commands import Reply, encode_reply, reply_topic
from layers.model import Live

NOW = 1_790_000_000.0
WAIT = 10.0


class Listener:
    """Collects what a feed delivers and waits for a given number of messages."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self._arrived = threading.Condition()

    def __call__(self, message: Message) -> None:
        with self._arrived:
            self.messages.append(message)
            self._arrived.notify_all()

    def wait(self, count: int) -> list[Message]:
        with self._arrived:
            assert self._arrived.wait_for(lambda: len(self.messages) >= count, WAIT)
            return list(self.messages)


@pytest.fixture
def broker() -> InProcessBroker:
    return InProcessBroker(clock=lambda: NOW)


@pytest.fixture
def feed(broker: InProcessBroker) -> Iterator[InProcessFeed]:
    feed = InProcessFeed(broker)
    yield feed
    feed.stop()


def say(broker: InProcessBroker, feature: str, sequence: int, layer: str = "street-lights") -> None:
    live = Live(time=NOW, sequence=sequence, boot="b")
    broker.publish(state_topic(layer, feature), encode_state(live), retain=True)


def heard(messages: list[Message]) -> list[tuple[str, int]]:
    return [(m.id, m.live.sequence) for m in messages if isinstance(m, StateMessage)]


def test_the_retained_snapshot_comes_before_anything_live(
    broker: InProcessBroker, feed: InProcessFeed
) -> None:
    say(broker, "SL-1", 1)
    say(broker, "SL-1", 2)
    say(broker, "SL-2", 3)
    listener = Listener()
    feed.start(listener, ["street-lights"])
    say(broker, "SL-1", 4)
    messages = listener.wait(5)
    assert messages[0] == LinkMessage("feed", True, NOW)
    assert heard(messages[1:3]) == [("SL-1", 2), ("SL-2", 3)]
    assert messages[3] == SnapshotComplete("feed")
    assert heard(messages[4:]) == [("SL-1", 4)]


def test_only_the_layers_asked_for_are_heard(broker: InProcessBroker, feed: InProcessFeed) -> None:
    listener = Listener()
    feed.start(listener, ["street-lights"])
    say(broker, "C-001", 1, layer="cameras")
    say(broker, "SL-1", 2)
    assert heard(listener.wait(3)) == [("SL-1", 2)]


def test_positions_are_not_retained(broker: InProcessBroker, feed: InProcessFeed) -> None:
    payload = b'{"ts": "2026-09-21T14:13:20Z", "lon": 5, "lat": 47}'
    broker.publish(position_topic("crews", "VOI-01"), payload)
    listener = Listener()
    feed.start(listener, ["crews"])
    broker.publish(position_topic("crews", "VOI-02"), payload)
    assert [getattr(m, "id", "") for m in listener.wait(3)] == ["", "", "VOI-02"]


def test_an_empty_retained_payload_forgets_the_topic(broker: InProcessBroker, feed: InProcessFeed) -> None:
    say(broker, "SL-1", 1)
    broker.publish(state_topic("street-lights", "SL-1"), b"", retain=True)
    listener = Listener()
    feed.start(listener, ["street-lights"])
    assert listener.wait(2) == [LinkMessage("feed", True, NOW), SnapshotComplete("feed")]


def test_a_lost_link_says_so_and_comes_back_with_what_was_missed(
    broker: InProcessBroker, feed: InProcessFeed
) -> None:
    listener = Listener()
    feed.start(listener, ["street-lights"])
    say(broker, "SL-1", 1)
    broker.cut("no route")
    say(broker, "SL-1", 2)
    say(broker, "SL-2", 3)
    assert not feed.publish("vigie/v1/command/street-lights/SL-1", b"{}")
    broker.restore()
    say(broker, "SL-1", 4)
    messages = listener.wait(9)
    assert messages[3] == LinkMessage("feed", False, NOW, "no route")
    assert messages[4] == LinkMessage("feed", True, NOW)
    assert heard(messages[5:7]) == [("SL-1", 2), ("SL-2", 3)]
    assert messages[7] == SnapshotComplete("feed")
    assert heard(messages[8:]) == [("SL-1", 4)]


def test_a_feed_started_while_the_link_is_down_waits_for_it(
    broker: InProcessBroker, feed: InProcessFeed
) -> None:
    broker.cut()
    listener = Listener()
    feed.start(listener, ["street-lights"])
    assert listener.wait(1) == [LinkMessage("feed", False, NOW, "cut")]
    broker.restore()
    assert listener.wait(3)[1:] == [LinkMessage("feed", True, NOW), SnapshotComplete("feed")]


def test_bad_payloads_are_counted_and_the_next_one_still_arrives(
    broker: InProcessBroker, feed: InProcessFeed
) -> None:
    listener = Listener()
    feed.start(listener, ["street-lights"])
    broker.publish(state_topic("street-lights", "SL-1"), b"{nonsense")
    say(broker, "SL-2", 1)
    assert heard(listener.wait(3)) == [("SL-2", 1)]
    assert feed.decoder.bad == {"state/street-lights": 1}


def test_several_publishers_lose_nothing_and_keep_their_own_order(
    broker: InProcessBroker, feed: InProcessFeed
) -> None:
    listener = Listener()
    feed.start(listener, ["street-lights"])

    def publish(name: str) -> None:
        for sequence in range(200):
            say(broker, name, sequence)

    threads = [threading.Thread(target=publish, args=(f"SL-{i}",)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    all_heard = heard(listener.wait(2 + 800))
    for i in range(4):
        assert [sequence for name, sequence in all_heard if name == f"SL-{i}"] == list(range(200))


def test_nothing_is_delivered_after_stop(broker: InProcessBroker, feed: InProcessFeed) -> None:
    listener = Listener()
    feed.start(listener, ["street-lights"])
    listener.wait(2)
    feed.stop()
    say(broker, "SL-1", 1)
    assert len(listener.messages) == 2


def test_publishing_to_a_filter_is_refused(broker: InProcessBroker) -> None:
    for topic in ("vigie/v1/state/+/x", "vigie/#", ""):
        with pytest.raises(ValueError):
            broker.publish(topic, b"x")


@pytest.mark.parametrize(
    ("filter", "topic", "taken"),
    [
        ("a/b", "a/b", True),
        ("a/b", "a/b/c", False),
        ("a/+", "a/b", True),
        ("a/+", "a", False),
        ("a/+", "a/b/c", False),
        ("+/b", "a/b", True),
        ("a/#", "a/b/c", True),
        ("a/#", "a", True),
        ("#", "a/b", True),
        ("#", "$SYS/load", False),
        ("+/load", "$SYS/load", False),
        ("$SYS/#", "$SYS/load", True),
        ("a/+/c", "a//c", True),
    ],
)
def test_topic_filters_follow_mqtt(filter: str, topic: str, taken: bool) -> None:
    assert TopicTree(["z/z", filter]).matches(topic) is taken


def test_replies_are_handed_on_and_retained_ones_are_not(broker: InProcessBroker) -> None:
    feed, listener = InProcessFeed(broker, console="desk 1"), Listener()
    reply = Reply(command_id="c1", phase="operate", result="accepted", ts=NOW)
    broker.publish(reply_topic("desk 1"), encode_reply(reply), retain=True)
    feed.start(listener, ["street-lights"])
    listener.wait(2)
    late = Reply(command_id="c2", phase="operate", result="accepted", ts=NOW)
    broker.publish(reply_topic("desk 1"), encode_reply(late))
    assert [it for it in listener.wait(3) if isinstance(it, Reply)] == [late]
    feed.stop()


def test_a_listener_is_told_what_was_published_to_be_kept(broker: InProcessBroker) -> None:
    listener = broker.subscribe(["vigie/v1/command/+/+"], "gateway")
    broker.publish("vigie/v1/command/bollards/B", b"{}", retain=True)
    broker.publish("vigie/v1/command/bollards/B", b"{}")
    items = listener.take()
    assert items is not None
    assert [it.retained for it in items if isinstance(it, Delivery)] == [True, False]
    broker.unsubscribe(listener)
