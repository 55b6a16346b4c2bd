"""Syncing: `python -m tests.benchmarks.sync --assets 1000000`.

The client's side alone: pages are made beforehand and handed over in memory, so that what is timed is
reading, checking and writing, not somebody else's server. Meanwhile a Qt event loop ticks every 5 ms in the
main thread of the same process, as the window would; the longest time a tick came late is the stall. Then 100
changes of a feed are brought into the full cache.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import threading
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_API", "pyside6")

import httpx
from qtpy.QtCore import QCoreApplication, Qt, QTimer

from desktop.link.registry import RegistryClient
from desktop.settings import RegistrySettings
from desktop.store.cache import close_cache, open_cache
from desktop.work.mapping import load_mapping
from desktop.work.sync import Sync, SyncSummary
from layers import load_layers
from tests.benchmarks.machine import machine, rss_mb

URL = "http://registry.test"
PAGE = 1000
TICK_MS = 5
CHANGES = 100
IDLE_S = 3.0
"""How long the loop ticks alone first: what this machine's other programs cost."""
COLLECTION = f"{URL}/collections/street-lights/items"
STREETS = ("Rue de la Liberté", "Avenue Jean-Jaurès", "Boulevard de Strasbourg", "Rue d’Auxonne")


def lamp(number: int, power: int = 60) -> str:
    """A street light as the demo's registry sends it."""
    return (
        f'{{"type":"Feature","id":"SL-{number:07d}","version":"{number}","geometry":{{"type":"Point","coordinates":'
        f"[{4.9 + number % 1000 * 0.0003:.7f},{47.22 + number // 1000 % 1000 * 0.00017:.7f}]}},"
        f'"properties":{{"street":"{STREETS[number % 4]}","cabinet":"A-{number // 50 % 700:03d}",'
        f'"circuit":"A-2/1","power_w":{power},"technology":"led","height_m":7.5,"installed":"2014-05-06","commune":"21231",'
        f'"updated":"2026-01-31T12:00:00.000Z"}}}}'
    )


class Canned(httpx.BaseTransport):
    """Answers from bodies made beforehand."""

    def __init__(self, assets: int) -> None:
        self.pages = [self._page(start, assets) for start in range(0, assets, PAGE)]
        self.changes = b""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer at once."""
        path, params = request.url.path, request.url.params
        if path == "/":
            body = b'{"title":"Bench","links":[{"rel":"changes","href":"/changes"}]}'
        elif path == "/collections":
            body = b'{"collections":[{"id":"street-lights"}]}'
        elif path == "/changes":
            body = self.changes if "since" in params else b'{"cursor":1,"more":false,"changes":[]}'
        elif path.endswith("/items"):
            body = self.pages[int(params.get("page", 0))]
        else:
            return httpx.Response(404)
        return httpx.Response(200, content=body, headers={"Content-Type": "application/geo+json"})

    def change(self, assets: int) -> None:
        """Let some lamps, spread over all, have changed."""
        step = max(1, assets // CHANGES)
        entries = [
            f'{{"collection":"street-lights","id":"SL-{number:07d}","op":"upsert","version":"x",'
            f'"feature":{lamp(number, 75)}}}'
            for number in range(0, assets, step)
        ]
        self.changes = f'{{"cursor":2,"more":false,"changes":[{",".join(entries[:CHANGES])}]}}'.encode()

    @staticmethod
    def _page(start: int, assets: int) -> bytes:
        members = ",".join(lamp(number) for number in range(start, min(start + PAGE, assets)))
        links = f'[{{"rel":"next","href":"?page={start // PAGE + 1}"}}]' if start + PAGE < assets else "[]"
        head = f'{{"type":"FeatureCollection","links":{links},"numberMatched":{assets},"features":['
        return f"{head}{members}]}}".encode()


class Ticker:
    """An event loop whose ticks tell how long the main thread was kept from its work."""

    def __init__(self) -> None:
        self._app = QCoreApplication.instance() or QCoreApplication([])
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._last = 0.0
        self.late: list[float] = []

    def run_beside(self, work: threading.Thread) -> None:
        """Tick until the thread is over."""
        done = QTimer()
        done.setInterval(20)
        done.timeout.connect(lambda: work.is_alive() or self._app.quit())
        self._last = time.perf_counter()
        work.start()
        self._timer.start()
        done.start()
        self._app.exec()
        self._timer.stop()
        work.join()

    def _tick(self) -> None:
        now = time.perf_counter()
        self.late.append((now - self._last) * 1000 - TICK_MS)
        self._last = now


def measure(assets: int, folder: Path) -> dict[str, object]:
    """The figures, from one full sync and the best of five small ones."""
    canned = Canned(assets)
    layers = load_layers()
    before = rss_mb()
    cache = open_cache(folder / "cache.db", layers.values())
    client = RegistryClient(RegistrySettings(url=URL, page_size=PAGE), canned)

    def sync() -> tuple[SyncSummary, float]:
        start = time.perf_counter()
        run = Sync(client, cache, layers, load_mapping(None, layers))
        summary = run.run(lambda _: None, confirm=lambda _: False, cancel=threading.Event())
        return summary, time.perf_counter() - start

    idle = Ticker()
    idle.run_beside(threading.Thread(target=lambda: time.sleep(IDLE_S)))
    results: list[tuple[SyncSummary, float]] = []
    ticker = Ticker()
    ticker.run_beside(threading.Thread(target=lambda: results.append(sync())))
    (first, seconds), peak = results[0], rss_mb()
    assert first.layers["street-lights"].added == assets, first
    canned.change(assets)
    summary, delta = sync()
    changed = summary.layers["street-lights"].changed
    client.close()
    close_cache(cache)
    return {
        "features_per_s": round(assets / seconds),
        "delta_ms": round(delta * 1000, 1),
        "stall_max_ms": round(max(ticker.late), 1),
        "stall_p99_ms": round(sorted(ticker.late)[int(len(ticker.late) * 0.99)], 1),
        "idle_max_ms": round(max(idle.late), 1),
        "rss_mb": round(peak - before, 1),
        "rss_process_mb": peak,
        "changed": changed,
        "delta_bytes": summary.bytes,
    }


def main() -> None:
    """Print one JSON object on one line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--assets", type=int, default=1_000_000)
    assets = parser.parse_args().assets
    with tempfile.TemporaryDirectory() as folder:
        found = measure(assets, Path(folder))
    print(json.dumps({"assets": assets, **found, "machine": machine()}))


if __name__ == "__main__":
    main()
