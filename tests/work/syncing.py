"""A cache beside a registry, to sync and look at."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from pathlib import Path

import httpx
import sqlite_utils

from desktop.link.registry import RegistryClient
from desktop.settings import RegistrySettings
from desktop.store import features
from desktop.store.cache import open_cache
from desktop.store.features import StoredFeature
from desktop.work.mapping import load_mapping
from desktop.work.sync import Removal, Sync, SyncProgress, SyncSummary
from layers import load_layers
from layers.definition import LayerDefinition

LAYERS = load_layers()


class Bench:
    """Syncs an app, or the server at a URL, into a cache of its own."""

    def __init__(
        self,
        folder: Path,
        app: Callable[..., object] | None = None,
        url: str = "http://registry.test",
        *,
        mapping: Path | None = None,
        page_size: int = 1000,
        layers: Mapping[str, LayerDefinition] = LAYERS,
    ) -> None:
        settings = RegistrySettings(url=url, page_size=page_size, timeout_s=5.0)
        transport = httpx.WSGITransport(app) if app is not None else None  # type: ignore[arg-type]
        self.client = RegistryClient(settings, transport, pause=lambda _: None)
        self.cache = open_cache(folder / "cache.db", layers.values())
        self.layers, self.mapping = layers, load_mapping(mapping, layers)
        self.clock: Callable[[], float] = lambda: 1_800_000_000.0
        self.progress: list[SyncProgress] = []
        self.asked: list[Removal] = []

    def sync(
        self,
        *,
        agree: bool = False,
        whole: bool = False,
        spacing: float = 0.0,
        cancel: threading.Event | None = None,
    ) -> SyncSummary:
        """Run once."""

        def confirm(removal: Removal) -> bool:
            self.asked.append(removal)
            return agree

        run = Sync(
            self.client, self.cache, self.layers, self.mapping, self.clock, whole=whole, spacing=spacing
        )
        return run.run(self.progress.append, confirm=confirm, cancel=cancel or threading.Event())

    def rows(self, layer: str) -> dict[str, StoredFeature]:
        """What the cache holds of a layer, by id."""

        def read(db: sqlite_utils.Database) -> list[StoredFeature]:
            return features.read_many(db, layer, sorted(features.ids(db, layer)))

        return {one.id: one for one in self.cache.submit(read).result()}

    def close(self) -> None:
        """Close the cache and the connections."""
        self.client.close()
        self.cache.close()
