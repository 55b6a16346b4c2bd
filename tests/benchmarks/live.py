"""The live map under load: `python -m tests.benchmarks.live --seconds 60`.

mosquitto, a publisher in a process of its own, and the application's real window, offscreen, on the demo
metropolis. Message to pixel is from the time in a payload, written as it is published, to the end of the
first paint of the map after the picture held it. A stall is how much later than asked a timer of the UI
thread fires.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_API", "pyside6")

import msgspec
from qtpy.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer

from desktop.app import Application, make_qt
from desktop.demo.files import DemoFiles, generate_apart
from desktop.demo.registry_store import connect
from desktop.link.wire import (
    PositionMessage,
    StateMessage,
    encode_position,
    encode_state,
    position_topic,
    state_topic,
)
from desktop.options import Options
from desktop.paths import default_paths
from desktop.settings import DemoSettings, FeedSettings, Settings
from layers import load_layers
from layers.model import Live, Position
from tests.benchmarks.machine import machine, percentiles, rss_mb
from tests.broker import Broker

LIGHTS, MOBILES = "street-lights", ("transit-vehicles", "crews")
SLICE = 0.01
"""Seconds between two bursts of the publisher."""
TICK_MS = 5
WARM_UP = 5.0
ABNORMAL = 0.002
PATIENCE = 300.0


def frame(kind: int, body: bytes) -> bytes:
    """An MQTT packet: its kind and flags, its length, its body."""
    size, length = bytearray(), len(body)
    while True:
        length, low = divmod(length, 128)
        size.append(low | (128 if length else 0))
        if not length:
            return bytes([kind]) + bytes(size) + body


def publication(topic: str, payload: bytes, retain: bool) -> bytes:
    """A PUBLISH of QoS 0; written by hand, so that the publisher takes little of the machine."""
    name = topic.encode()
    return frame(0x30 | retain, len(name).to_bytes(2, "big") + name + payload)


class Publisher:
    """What stands for the city's equipment."""

    def __init__(self, port: int, registry: Path) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.sendall(frame(0x10, b"\0\4MQTT\4\2\0\0" + b"\0\4load"))
        assert self._socket.recv(4)[:2] == b"\x20\2"
        self._rng, self._sequence, self._boot = Random(3), 0, f"b{int(time.time())}"
        database = connect(registry)
        rows = database.execute(
            "SELECT c.id, f.id, f.geometry FROM features f JOIN collections c ON c.number = f.collection"
            " WHERE c.id IN (?, ?, ?)",
            (LIGHTS, *MOBILES),
        ).fetchall()
        database.close()
        self.lights = [id for layer, id, _ in rows if layer == LIGHTS]
        self.mobiles = [
            (layer, id, json.loads(place)["coordinates"]) for layer, id, place in rows if layer != LIGHTS
        ]

    def light(self, place: int) -> bytes:
        """A lamp reports."""
        self._sequence += 1
        level = self._rng.choice((100, 100, 100, 60))
        faults = ("lamp-failure",) if self._rng.random() < ABNORMAL else ()
        values = {"on": not faults, "level": 0 if faults else level, "power_w": level, "override": False}
        live = Live(time=time.time(), values=values, faults=faults, sequence=self._sequence, boot=self._boot)
        return publication(state_topic(LIGHTS, self.lights[place]), encode_state(live), True)

    def mobile(self, place: int) -> bytes:
        """A vehicle has moved."""
        self._sequence += 1
        layer, id, coordinates = self.mobiles[place]
        coordinates[0] += self._rng.uniform(-1e-4, 1e-4)
        coordinates[1] += self._rng.uniform(-7e-5, 7e-5)
        position = Position(
            time=time.time(), longitude=coordinates[0], latitude=coordinates[1],
            heading=self._rng.uniform(0, 360), speed=8.0, sequence=self._sequence, boot=self._boot,
        )  # fmt: skip
        return publication(position_topic(layer, id), encode_position(position), False)

    def run(self, rate: int, seconds: float) -> int:
        """Publish at a steady rate: every mobile once a second, lights in turn; how many there were."""
        order = self._rng.sample(range(len(self.lights)), len(self.lights))
        started, sent, moved, lit = time.monotonic(), 0, 0, 0
        while (passed := time.monotonic() - started) < seconds:
            burst = []
            while sent < passed * rate:
                if moved < passed * len(self.mobiles):
                    burst.append(self.mobile(moved % len(self.mobiles)))
                    moved += 1
                else:
                    burst.append(self.light(order[lit % len(order)]))
                    lit += 1
                sent += 1
            self._socket.sendall(b"".join(burst))
            time.sleep(max(0.0, SLICE - (time.monotonic() - started - passed)))
        return sent


class Watch(QObject):
    """Times what the application's UI thread does, from the outside."""

    def __init__(self, application: Application) -> None:
        super().__init__()
        self._canvas = application.canvas
        self._waiting: list[float] = []
        self.measuring = False
        self.latencies: list[float] = []
        self.shown = self.paints = 0
        self.stall = 0.0
        application.inbox.batch.connect(self._on_batch)
        self._canvas.installEventFilter(self)
        self._timer = QTimer(self, interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_tick)
        self._last = time.perf_counter()
        self._timer.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the map paint, and see when it has."""
        if event.type() != QEvent.Type.Paint or watched is not self._canvas:
            return False
        waiting, self._waiting = self._waiting, []
        self._canvas.event(event)
        now = time.time()
        if self.measuring:
            self.paints += 1
            self.latencies += [(now - then) * 1e3 for then in waiting]
        return True

    def close(self) -> None:
        """Look no longer."""
        self._timer.stop()
        self._canvas.removeEventFilter(self)

    def _on_batch(self, batch: Sequence[object]) -> None:
        # Connected after the hub: the picture holds the batch by now.
        times = [
            message.live.time if isinstance(message, StateMessage) else message.position.time
            for message in batch
            if isinstance(message, StateMessage | PositionMessage)
        ]
        self._waiting += times
        if self.measuring:
            self.shown += len(times)

    def _on_tick(self) -> None:
        now = time.perf_counter()
        if self.measuring:
            self.stall = max(self.stall, (now - self._last) * 1e3 - TICK_MS)
        self._last = now


def wait(predicate: Callable[[], object], seconds: float = PATIENCE) -> bool:
    """Run the event loop until the predicate holds; whether it did in time."""
    loop, deadline = QEventLoop(), time.monotonic() + seconds
    poll = QTimer(interval=50)
    poll.timeout.connect(lambda: loop.quit() if predicate() or time.monotonic() > deadline else None)
    poll.start()
    loop.exec()
    poll.stop()
    return bool(predicate())


def measure(arguments: argparse.Namespace, broker: Broker, files: DemoFiles) -> dict[str, object]:
    """The figures of one run."""
    settings = Settings(
        feed=FeedSettings(url=broker.url), demo=DemoSettings(seed=arguments.seed, assets=arguments.assets)
    )
    qt = make_qt(Options(), settings)
    application = Application(qt, settings, default_paths(), load_layers(), Options(size=(1920, 1080)))
    application.start()
    tables, source = application.picture.tables, application.picture.sources["feed"]
    ready = wait(lambda: source.complete and LIGHTS in tables and len(tables[LIGHTS]) > 1000)
    assert ready, f"the city does not open: {source.detail or 'no lights'}"
    wait(lambda: application.canvas.complete, 60)
    watch = Watch(application)
    command = [sys.executable, "-m", "tests.benchmarks.live", "--publish", str(broker.port)]
    command += ["--rate", str(arguments.rate), "--seconds", str(arguments.seconds + WARM_UP + 2)]
    publisher = subprocess.Popen([*command, "--registry", str(files.registry)], stdout=subprocess.PIPE)
    heard = source.last_message
    wait(lambda: source.last_message > heard, 60)
    wait(lambda: False, WARM_UP)
    watch.measuring, before, started = True, os.times(), time.monotonic()
    wait(lambda: False, arguments.seconds)
    watch.measuring, after, elapsed = False, os.times(), time.monotonic() - started
    memory = rss_mb()
    sent, _ = publisher.communicate()
    figures = {
        "benchmark": "live",
        "lights": len(tables[LIGHTS]),
        "mobiles": sum(len(tables[name]) for name in MOBILES if name in tables),
        "seconds": round(elapsed, 1),
        "sent_per_s": round(int(sent) / (arguments.seconds + WARM_UP + 2)),
        "shown_per_s": round(watch.shown / elapsed),
        "paints_per_s": round(watch.paints / elapsed, 1),
        **percentiles(watch.latencies),
        "stall_max_ms": round(watch.stall, 1),
        "cpu": round((after.user + after.system - before.user - before.system) / elapsed, 2),
        "rss_mb": memory,
    }
    watch.close()
    application.stop()
    return figures


def main() -> None:
    """Print one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--rate", type=int, default=5000)
    parser.add_argument("--assets", type=int, default=40_000)
    parser.add_argument("--seed", type=int, default=21)
    parser.add_argument("--folder", type=Path, default=default_paths().cache / "benchmarks" / "live")
    parser.add_argument("--publish", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--registry", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.publish is not None:
        print(Publisher(arguments.publish, arguments.registry).run(arguments.rate, arguments.seconds))
        return
    os.environ["VIGIE_HOME"] = str(arguments.folder)
    files = DemoFiles(default_paths().demo)
    if not files.holds(arguments.seed, arguments.assets):
        generate_apart(files, arguments.seed, arguments.assets, lambda _what, _share: None)
    with tempfile.TemporaryDirectory() as folder:
        broker = Broker(Path(folder))
        broker.start()
        try:
            figures = measure(arguments, broker, files)
        finally:
            broker.kill()
    about = machine()
    print(msgspec.json.encode({**figures, "processor": about.pop("cpu"), **about}).decode())


if __name__ == "__main__":
    main()
