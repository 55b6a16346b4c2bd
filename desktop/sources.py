"""Where the picture comes from: the configured registry, or the demo metropolis with its live equipment."""

from __future__ import annotations

import contextlib
import subprocess
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from desktop.demo.files import DEMO_URL, DemoError, DemoFiles, generate_apart
from desktop.link.feed import Feed, InProcessFeed
from desktop.paths import Paths
from desktop.settings import RegistrySettings, Settings
from desktop.store.basemap import BasemapError, BasemapPackage
from desktop.store.database import Database
from desktop.store.search import Place, index_streets
from desktop.work.mapping import load_mapping
from desktop.work.sync_summary import SyncFailed, SyncProgress
from layers.definition import LayerDefinition

if TYPE_CHECKING:
    import httpx

    from desktop.demo.metropolis import Metropolis
    from desktop.work.sync import Sync
    from desktop.work.sync_loop import SyncLoop

SPACING = 20.0
"""A collection that can only be read whole rests so many times as long as its reading took, unless asked."""

Put = Callable[[object], None]


class BasemapReady(msgspec.Struct, frozen=True):
    """A basemap package can be drawn; its streets can be searched."""

    package: Path


class SourceTrouble(msgspec.Struct, frozen=True):
    """Something that feeds the picture cannot be used; one line."""

    message: str


def note_bad(file: Path, bad: Mapping[str, int], now: float) -> None:
    """Write down for `vigie doctor` how many payloads of each topic were bad, if the disk lets us."""
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(msgspec.json.encode({"time": now, "bad": bad}))


class Sources:
    """Starts and stops everything that feeds the picture. Reports go to `put`, from several threads.

    HTTP, the sync and the demo are loaded on its own thread, once the window stands.
    """

    def __init__(
        self,
        settings: Settings,
        paths: Paths,
        layers: Mapping[str, LayerDefinition],
        cache: Database,
        put: Put,
        clock: Callable[[], float],
    ) -> None:
        self._settings, self._paths, self._layers = settings, paths, layers
        self._cache, self._put, self._clock = cache, put, clock
        self._mapping = load_mapping(settings.registry.mapping, layers)
        self._metropolis: Metropolis | None = None
        self._feed: Feed | None = None
        self._loop: SyncLoop | None = None
        self._making: subprocess.Popen[bytes] | None = None
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._start, name="sources", daemon=True)

    @property
    def demo_files(self) -> DemoFiles:
        """Where the demo metropolis lies."""
        return DemoFiles(self._paths.demo)

    @property
    def url(self) -> str:
        """The registry's address, as the sync notes it."""
        return (self._settings.registry.url or DEMO_URL).rstrip("/")

    @property
    def basemap(self) -> Path | None:
        """The basemap package that can be drawn now, or None."""
        if self._settings.basemap is not None:
            return self._settings.basemap
        files, demo = self.demo_files, self._settings.demo
        there = self._settings.is_demo and files.holds(demo.seed, demo.assets)
        return files.basemap if there else None

    def start(self) -> None:
        """Begin, without waiting."""
        self._thread.start()

    def sync_now(self) -> None:
        """Ask the registry what has changed, at once."""
        if self._loop is not None:
            self._loop.run_now()

    def publish(self, topic: str, payload: bytes, retain: bool = False) -> bool:
        """Hand a payload to the live feed; False, and nothing kept for later, while its link is down."""
        feed = self._feed
        return feed is not None and feed.publish(topic, payload, retain)

    def agree(self, layer: str) -> None:
        """Agree to remove what the registry no longer lists of a layer."""
        if self._loop is not None:
            self._loop.agree(layer)

    def stop(self) -> None:
        """Stop every thread and close what was opened."""
        self._stopped.set()
        if self._making is not None:
            self._making.terminate()
        if self._thread.is_alive():
            self._thread.join()
        if self._feed is not None:
            self._feed.stop()
            note_bad(self._paths.feed_file, self._feed.decoder.bad, self._clock())
        if self._loop is not None:
            self._loop.stop()
        if self._metropolis is not None:
            self._metropolis.close()

    def _start(self) -> None:
        if self._settings.feed.url is not None:
            from desktop.link.mqtt import MqttFeed

            self._listen(MqttFeed(self._settings.feed, self._settings.console, clock=self._clock))
        if self._settings.is_demo:
            self._start_demo()
        else:
            self._follow(self._settings.registry, None)
        if self.basemap is not None and not self._stopped.is_set():
            self._index_streets(self.basemap)

    def _index_streets(self, package: Path) -> None:
        try:
            about = package.stat()
            opened = BasemapPackage(package)
            streets = [Place(it.name, it.commune, it.x, it.y, it.bounds) for it in opened.streets()]
            opened.close()
        except OSError as error:
            self._put(SourceTrouble(f"{package}: {error.strerror}; correct `basemap` in the settings"))
            return
        except BasemapError as error:
            self._put(SourceTrouble(str(error)))
            return
        version = f"{package}:{about.st_size}:{about.st_mtime_ns}"
        self._cache.submit(lambda db: index_streets(db, version, streets))

    def _start_demo(self) -> None:
        try:
            metropolis = self._open_metropolis()
        except (DemoError, OSError) as error:
            self._put(SyncFailed(str(error), self._clock()))
            return
        if self._stopped.is_set():
            metropolis.close()
            return
        self._metropolis = metropolis
        registry = msgspec.structs.replace(
            self._settings.registry, url=DEMO_URL, page_size=1000, interval_s=10.0
        )
        self._follow(registry, metropolis.transport())
        if self._feed is None:
            self._listen(InProcessFeed(metropolis.broker, console=self._settings.console))
            metropolis.field.start()

    def _listen(self, feed: Feed) -> None:
        self._feed = feed
        feed.start(self._put, [name for name, layer in self._layers.items() if layer.is_live])

    def _open_metropolis(self) -> Metropolis:
        from desktop.demo.metropolis import Metropolis

        files, demo = self.demo_files, self._settings.demo
        if not files.holds(demo.seed, demo.assets):
            generate_apart(files, demo.seed, demo.assets, self._report_making, started=self._note_making)
            self._put(BasemapReady(files.basemap))
        return Metropolis(files, demo.seed, self._clock)

    def _note_making(self, process: subprocess.Popen[bytes]) -> None:
        self._making = process
        if self._stopped.is_set():
            process.terminate()

    def _report_making(self, what: str, share: float) -> None:
        progress = SyncProgress(
            source="demo",
            layer="",
            title=what,
            done=round(100 * share),
            total=100,
            rate=0.0,
            seconds_left=None,
            phase="making",
        )
        self._put(progress)

    def _follow(self, registry: RegistrySettings, transport: httpx.BaseTransport | None) -> None:
        from desktop.link.registry import RegistryClient, RegistryError
        from desktop.work.sync import Sync
        from desktop.work.sync_loop import SyncLoop

        try:
            client = RegistryClient(registry, transport)
        except RegistryError as error:
            self._put(SyncFailed(str(error), self._clock()))
            return

        def make(asked: bool) -> Sync:
            spacing = 0.0 if asked else SPACING
            return Sync(client, self._cache, self._layers, self._mapping, self._clock, spacing=spacing)

        self._loop = SyncLoop(make, self._put, self._clock, registry.interval_s)
        self._loop.start()
