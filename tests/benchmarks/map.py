"""The map's frames: `python -m tests.benchmarks.map --assets 1000000 --moving 5000`.

A real canvas on the demo metropolis (its basemap, its streets under the lamps), the assets multiplied to the
asked number and 5,000 moving objects reporting; a script of pans and zooms at city, quarter and street scale.
What is timed is the widget's whole paint, `repaint()`, as a screen would ask for it.
"""

from __future__ import annotations

import argparse
import gc
import json
import math
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_API", "pyside6")

import numpy as np
from qtpy.QtCore import QObject, Signal
from qtpy.QtWidgets import QApplication

from desktop.demo.files import DemoFiles, generate_apart
from desktop.demo.registry_store import connect
from desktop.link.wire import PositionMessage
from desktop.map.canvas import Canvas
from desktop.map.display import Display
from desktop.map.ground import GroundSource
from desktop.map.selection import Selection
from desktop.map.theme import load_theme
from desktop.map.viewport import Viewport
from desktop.mercator import to_mercator, to_wgs84
from desktop.panels.look import SANS, load_fonts
from desktop.paths import default_paths
from desktop.store.columns import Columns, StringColumn
from desktop.work.assets import LayerTable
from desktop.work.picture import Changes, Picture
from layers import load_layers
from layers.definition import LayerDefinition
from layers.model import Position
from tests.benchmarks.machine import machine, percentiles, rss_mb

SEED = 21
FRAME_S = 1 / 60
"""The script moves at the rate of a screen, and leaves the rest of each frame to the other threads."""
CENTRE = to_mercator(5.0415, 47.3215)


class BenchHub(QObject):
    """The part of the hub that a canvas listens to."""

    changed = Signal(object)
    ticked = Signal(float)
    failed = Signal(str)

    def __init__(self, picture: Picture) -> None:
        super().__init__()
        self.picture = picture
        self.clock = time.time


def places(files: DemoFiles) -> dict[str, np.ndarray]:
    """Longitude and latitude of the demo's points, shape (n, 2), by layer."""
    found: dict[str, list[tuple[float, float]]] = {}
    database = connect(files.registry)
    for collection, geometry in database.execute(
        "SELECT c.id, f.geometry FROM features f JOIN collections c ON c.number = f.collection"
    ):
        shape = json.loads(geometry) if geometry else None
        if shape and shape["type"] == "Point":
            found.setdefault(collection, []).append(tuple(shape["coordinates"][:2]))
    database.close()
    return {name: np.array(some) for name, some in found.items()}


def table(layer: LayerDefinition, lonlat: np.ndarray, count: int, rng: np.random.Generator) -> LayerTable:
    """`count` objects of a layer along the places it has, a few metres apart; 2 in 1,000 out of order."""
    chosen = lonlat[np.arange(count) % len(lonlat)]
    x = np.radians(chosen[:, 0]) * 6378137.0
    y = np.log(np.tan(np.pi / 4 + np.radians(chosen[:, 1]) / 2)) * 6378137.0
    if count > len(lonlat):
        x, y = x + rng.normal(0, 12, count), y + rng.normal(0, 12, count)
    state = np.zeros(count, dtype=np.uint8)
    bad = np.flatnonzero(rng.random(count) < 0.002)
    state[bad] = rng.integers(0, len(layer.states), len(bad))
    columns = Columns(
        rowid=np.arange(count, dtype=np.int64),
        x=x,
        y=y,
        state=state,
        ids=StringColumn.of(f"{layer.id}-{i}" for i in range(count)),
        labels=StringColumn.of("" for _ in range(count)),
    )
    made = LayerTable(layer, columns)
    if layer.is_live:
        made.time[:] = time.time()
        made.quality[:] = 0
    if layer.moving:
        made.heading[:] = rng.random(count) * 360
    return made


def picture(files: DemoFiles, assets: int, moving: int) -> Picture:
    """A picture with that many standing and moving objects."""
    made, rng = Picture(load_layers()), np.random.default_rng(SEED)
    known = places(files)
    standing = {name: len(some) for name, some in known.items() if not made.layers[name].moving}
    standing["street-lights"] += max(0, assets - sum(standing.values()))
    for name, count in standing.items():
        made.tables[name] = table(made.layers[name], known[name], count, rng)
    for name, share in (("transit-vehicles", 0.5), ("crews", 0.5)):
        made.tables[name] = table(made.layers[name], known["bus-stops"], int(moving * share), rng)
    return made


def script() -> Iterator[tuple[Viewport, bool]]:
    """Views frame by frame, and whether the map rests there: pans at six zooms, then continuous zooms."""
    view = Viewport(x=CENTRE[0], y=CENTRE[1], zoom=11.5, width=1920, height=1080)
    for zoom in (11.5, 12.75, 13.5, 14.5, 16.0, 17.5):
        view = view.zoomed(zoom, 960, 540)
        yield view, True
        for step in range(60):
            view = view.panned(14 * math.cos(step / 9), 10 * math.sin(step / 7))
            yield view, True
    for start, end in ((17.5, 11.0), (11.0, 16.5), (16.5, 12.0)):
        for share in np.linspace(0, 1, 60):
            yield view.zoomed(start + (end - start) * float(share), 900, 500), share == 1


def measure(canvas: Canvas, messages: Callable[[], None]) -> list[float]:
    """Milliseconds of each frame's whole paint."""
    application, spent = QApplication.instance(), []
    for view, rests in script():
        canvas.view = view
        if rests and not canvas.complete:
            application.processEvents()
        messages()
        start = time.perf_counter()
        canvas.repaint()
        spent.append((time.perf_counter() - start) * 1e3)
        while time.perf_counter() - start < FRAME_S:
            application.processEvents()
            time.sleep(0.0005)
    return spent


def main() -> None:
    """Print one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--assets", type=int, default=1_000_000)
    parser.add_argument("--moving", type=int, default=5000)
    parser.add_argument("--folder", type=Path, default=default_paths().cache / "benchmarks" / "demo")
    arguments = parser.parse_args()
    files = DemoFiles(arguments.folder)
    if not files.holds(SEED, 0):
        generate_apart(files, SEED, 0, lambda _what, _share: None)
    application = QApplication([])
    load_fonts()
    shown = picture(files, arguments.assets, arguments.moving)
    hub = BenchHub(shown)
    ground = GroundSource(files.basemap, SANS)
    canvas = Canvas(
        hub, Display(shown.layers), Selection(), load_theme("dark"), ground, family=SANS, locale="fr"
    )
    canvas.resize(1920, 1080)
    canvas.show()
    hub.changed.emit(Changes(replaced=frozenset(shown.tables)))
    deadline = time.monotonic() + 60
    while not canvas.complete and time.monotonic() < deadline:
        application.processEvents()
        time.sleep(0.005)
    gc.collect()
    gc.freeze()  # as the application does once it is open
    rng = np.random.default_rng(1)

    def messages() -> None:
        batch = [_moved(shown, name, rng) for name in ("crews", "transit-vehicles") for _ in range(15)]
        hub.changed.emit(shown.apply(batch, time.time()))

    spent = measure(canvas, messages)
    figures = {
        "benchmark": "map",
        "assets": arguments.assets,
        "moving": arguments.moving,
        "frames": len(spent),
    }
    print(json.dumps({**figures, **percentiles(spent), "rss_mb": rss_mb(), **machine()}))
    canvas.close_threads()
    canvas.deleteLater()


def _moved(shown: Picture, name: str, rng: np.random.Generator) -> PositionMessage:
    it = shown.tables[name]
    row = int(rng.integers(len(it)))
    longitude, latitude = to_wgs84(float(it.x[row]) + 5, float(it.y[row]) + 5)
    position = Position(
        time=time.time(), longitude=longitude, latitude=latitude, heading=float(rng.random() * 360)
    )
    return PositionMessage(name, it.id_of(row), position)


if __name__ == "__main__":
    main()
