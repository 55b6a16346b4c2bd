"""The demo metropolis at work: its registry, reached as over HTTP, and its equipment, as on MQTT."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable

import httpx

from desktop.demo.city.model import load_network
from desktop.demo.field import Field
from desktop.demo.files import DemoFiles
from desktop.demo.gateway import Gateway
from desktop.demo.gateway_link import GatewayLink
from desktop.demo.registry import RegistryApp
from desktop.demo.registry_store import RegistryStore
from desktop.link.feed import InProcessBroker
from layers import load_layers


class Metropolis:
    """A generated city whose files are there, opened."""

    def __init__(self, files: DemoFiles, seed: int, clock: Callable[[], float] = time.time) -> None:
        self.files = files
        self.store = RegistryStore(files.registry, clock=clock)
        self.broker = InProcessBroker(clock)
        self._app = RegistryApp(self.store, compress=False, clock=clock)
        network = functools.partial(load_network, files.network)
        self.field = Field(self.broker, self.store, network, seed=seed, clock=clock)
        self.gateway = Gateway(load_layers(), self.field, self.broker.publish, clock=clock, seed=seed)
        self._link = GatewayLink(self.broker, self.gateway.handle)

    def transport(self) -> httpx.BaseTransport:
        """What leads an HTTP client to the registry."""
        return httpx.WSGITransport(app=self._app)

    def close(self) -> None:
        """Stop the equipment and close the registry."""
        self._link.close()
        self.field.stop()
        self.store.close()
