"""The live feed a console listens to, and the in-process broker that carries the demo's.

The broker keeps the parts of MQTT that Vigie relies on: topic filters, retained messages, and a link that can
be lost and comes back with the retained snapshot first.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import NamedTuple, Protocol

from desktop.link.wire import Decoder, LinkMessage, Message, SnapshotComplete, filters_of, is_transient

Deliver = Callable[[Message], None]
Clock = Callable[[], float]


class Feed(Protocol):
    """A source of live messages.

    After `start`, `deliver` is called from the feed's own thread: the link came up, everything retained,
    snapshot complete, then live messages; the same again after each loss of the link.
    """

    @property
    def decoder(self) -> Decoder:
        """What decodes this feed, with its count of bad payloads."""

    def start(self, deliver: Deliver, layers: Iterable[str]) -> None:
        """Listen to these layers. Once per feed."""

    def publish(self, topic: str, payload: bytes, retain: bool = False) -> bool:
        """Hand a payload to the broker; False when the link is down: nothing is kept for later."""

    def stop(self) -> None:
        """Stop listening; `deliver` is not called after it returns."""


class Delivery(NamedTuple):
    """A payload on its way to a listener."""

    topic: str
    payload: bytes
    retained: bool
    """Whether it was published to be kept: what asks for an action must not be."""


class _Node:
    def __init__(self) -> None:
        self.below: dict[str, _Node] = {}
        self.ends = False


class TopicTree:
    """A set of MQTT topic filters; ``+`` stands for one level, a last ``#`` for all that follow."""

    def __init__(self, filters: Iterable[str]) -> None:
        self._root = _Node()
        for each in filters:
            node = self._root
            for level in each.split("/"):
                node = node.below.setdefault(level, _Node())
            node.ends = True

    def matches(self, topic: str) -> bool:
        """Whether one of the filters takes the topic."""
        return _matches(self._root, topic.split("/"), 0)


def _matches(node: _Node, levels: list[str], depth: int) -> bool:
    # Wildcards never take the broker's own topics, which start with "$".
    wild = depth > 0 or not levels[0].startswith("$")
    if wild and "#" in node.below:
        return True
    if depth == len(levels):
        return node.ends
    for branch in (levels[depth], "+") if wild else (levels[depth],):
        below = node.below.get(branch)
        if below is not None and _matches(below, levels, depth + 1):
            return True
    return False


class Subscription:
    """What the broker holds ready for one listener, in order."""

    def __init__(self, tree: TopicTree) -> None:
        self.tree = tree
        self._ready = threading.Condition()
        self._items: deque[Delivery | Message] = deque()
        self._closed = False

    def put(self, items: Iterable[Delivery | Message]) -> None:
        """Add items at the end."""
        with self._ready:
            self._items.extend(items)
            self._ready.notify()

    def take(self) -> list[Delivery | Message] | None:
        """Wait for items and take all there are; None once closed."""
        with self._ready:
            self._ready.wait_for(lambda: self._items or self._closed)
            if self._closed:
                return None
            items = list(self._items)
            self._items.clear()
            return items

    def close(self) -> None:
        """Wake the listener for the last time."""
        with self._ready:
            self._closed = True
            self._ready.notify()


class InProcessBroker:
    """Carries messages between threads of this process."""

    def __init__(self, clock: Clock = time.time) -> None:
        self.clock = clock
        self._lock = threading.Lock()
        self._retained: dict[str, bytes] = {}
        self._listeners: dict[Subscription, str] = {}
        self._up = True

    @property
    def up(self) -> bool:
        """Whether consoles are linked to the broker."""
        return self._up

    def publish(self, topic: str, payload: bytes, retain: bool = False) -> None:
        """Hand a payload to whoever listens; an empty retained one forgets the topic.

        Equipment still reaches the broker while the consoles' link is cut. Raises ValueError for a topic
        with a wildcard.
        """
        if "+" in topic or "#" in topic or not topic:
            raise ValueError(f"cannot publish to {topic!r}")
        with self._lock:
            if retain and payload:
                self._retained[topic] = payload
            elif retain:
                self._retained.pop(topic, None)
            if not self._up:
                return
            for listener in self._listeners:
                if listener.tree.matches(topic):
                    listener.put([Delivery(topic, payload, retain)])

    def subscribe(self, filters: Iterable[str], name: str) -> Subscription:
        """Listen to topic filters; link events come under the source's `name`."""
        listener = Subscription(TopicTree(filters))
        with self._lock:
            self._listeners[listener] = name
            if self._up:
                self._welcome(listener, name)
            else:
                listener.put([LinkMessage(name, False, self.clock(), "cut")])
        return listener

    def unsubscribe(self, listener: Subscription) -> None:
        """Stop listening."""
        with self._lock:
            self._listeners.pop(listener, None)
        listener.close()

    def cut(self, detail: str = "cut") -> None:
        """Lose every console's link."""
        with self._lock:
            if self._up:
                self._up = False
                for listener, name in self._listeners.items():
                    listener.put([LinkMessage(name, False, self.clock(), detail)])

    def restore(self) -> None:
        """Bring the links back: each console gets the retained snapshot again before anything live."""
        with self._lock:
            if not self._up:
                self._up = True
                for listener, name in self._listeners.items():
                    self._welcome(listener, name)

    def _welcome(self, listener: Subscription, name: str) -> None:
        listener.put([LinkMessage(name, True, self.clock())])
        listener.put(
            [
                Delivery(topic, data, True)
                for topic, data in self._retained.items()
                if listener.tree.matches(topic)
            ]
        )
        listener.put([SnapshotComplete(name)])


class InProcessFeed:
    """A feed from an `InProcessBroker`, on its own thread as a network client's would be."""

    def __init__(self, broker: InProcessBroker, name: str = "feed", console: str = "") -> None:
        self.name, self.console = name, console
        self.decoder = Decoder()
        self._broker = broker
        self._subscription: Subscription | None = None
        self._thread: threading.Thread | None = None

    def start(self, deliver: Deliver, layers: Iterable[str]) -> None:
        """Listen to these layers; `deliver` is called from the feed's thread."""
        if self._subscription is not None:
            raise RuntimeError("the feed was already started")
        subscription = self._broker.subscribe(filters_of(layers, self.console), self.name)
        self._subscription = subscription
        self._thread = threading.Thread(
            target=self._run, args=(subscription, deliver), name=self.name, daemon=True
        )
        self._thread.start()

    def publish(self, topic: str, payload: bytes, retain: bool = False) -> bool:
        """Hand a payload to the broker; False, and nothing kept, while the link is down."""
        if not self._broker.up:
            return False
        self._broker.publish(topic, payload, retain)
        return True

    def stop(self) -> None:
        """Stop listening and wait for the thread, unless called from it."""
        if self._subscription is not None:
            self._broker.unsubscribe(self._subscription)
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()

    def _run(self, subscription: Subscription, deliver: Deliver) -> None:
        clock = self._broker.clock
        while (items := subscription.take()) is not None:
            for item in items:
                message = self._decoded(item, clock()) if isinstance(item, Delivery) else item
                if message is not None:
                    deliver(message)

    def _decoded(self, item: Delivery, now: float) -> Message | None:
        if item.retained and is_transient(item.topic):
            return None
        return self.decoder.decode(item.topic, item.payload, now)
