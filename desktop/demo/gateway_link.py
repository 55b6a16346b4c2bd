"""Leads orders from the in-process broker to the gateway, on a thread of its own as a client's would be."""

from __future__ import annotations

import threading
from collections.abc import Callable

from desktop.link.feed import Delivery, InProcessBroker
from desktop.link.topics import ROOT

COMMANDS = f"{ROOT}/command/+/+"


class GatewayLink:
    """Listens from now on; `handle(topic, payload, retained, now)` is called from the link's thread."""

    def __init__(self, broker: InProcessBroker, handle: Callable[[str, bytes, bool, float], None]) -> None:
        self._broker, self._handle = broker, handle
        self._subscription = broker.subscribe([COMMANDS], "gateway")
        self._thread = threading.Thread(target=self._run, name="gateway", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening and wait for the thread."""
        self._broker.unsubscribe(self._subscription)
        self._thread.join()

    def _run(self) -> None:
        while (items := self._subscription.take()) is not None:
            for item in items:
                if isinstance(item, Delivery):
                    self._handle(item.topic, item.payload, item.retained, self._broker.clock())
