"""A window on a small city in a real cache, for the tests of the panels."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import shapely
import sqlite_utils
from qtpy.QtCore import QCoreApplication
from qtpy.QtWidgets import QApplication

from desktop.hub import Hub
from desktop.inbox import Inbox
from desktop.link.wire import LinkMessage, SnapshotComplete, StateMessage
from desktop.map.canvas import Canvas
from desktop.map.display import Display
from desktop.map.ground import GroundSource
from desktop.map.selection import Selection
from desktop.map.theme import load_theme
from desktop.mercator import to_mercator
from desktop.panels.layout import Layout
from desktop.panels.look import SANS, Look
from desktop.panels.window import MainWindow
from desktop.store.cache import open_cache
from desktop.store.features import FeatureRow, upsert
from desktop.store.search_index import declare, index_some
from desktop.work.picture import ObjectKey, Picture
from layers import load_layers
from layers.model import Live, Quality

LAYERS = load_layers()
CENTER = to_mercator(5.0415, 47.3215)
COMMUNES = {"21231": "Dijon", "21617": "Talant"}
SQUARE = 3000.0
"""Metres; half the side of a commune."""
PATIENCE = 10.0
"""Seconds before a wait that does not end fails the test."""


def row(layer: str, identifier: str, dx: float = 0.0, dy: float = 0.0, **facts: object) -> FeatureRow:
    """A feature `dx`, `dy` metres from the centre of the city."""
    definition = LAYERS[layer]
    commune = str(facts.setdefault("commune", "21231"))
    properties = msgspec.json.encode(facts)
    geometry = facts.pop("geometry", None)
    label = facts.get(definition.label_field) if definition.label_field else ""
    return FeatureRow(
        layer,
        identifier,
        CENTER[0] + dx,
        CENTER[1] + dy,
        geometry if isinstance(geometry, bytes) else None,
        properties,
        '"7"',
        hashlib.blake2b(properties + identifier.encode(), digest_size=8).digest(),
        definition.state_of(facts, None),
        label if isinstance(label, str) else "",
        commune,
    )


def city() -> list[FeatureRow]:
    """Two communes, two cabinets and their lamps, junctions, an incident, an intervention and its crew."""
    rows = []
    for place, (code, name) in enumerate(COMMUNES.items()):
        x = CENTER[0] + place * 2 * SQUARE
        shape = shapely.box(x - SQUARE, CENTER[1] - SQUARE, x + SQUARE, CENTER[1] + SQUARE)
        it = row("communes", code, place * 2 * SQUARE, name=name, insee=code, commune=code)
        rows.append(msgspec.structs.replace(it, geometry=shape.wkb))
    rows += [row("lighting-cabinets", f"A-{i}", i * 900, 300, name=f"Armoire A-{i}") for i in (1, 2)]
    rows += [
        row(
            "street-lights",
            f"SL-{i:02d}",
            i * 25,
            100,
            cabinet=f"A-{1 + i % 2}",
            street="rue de la Liberté",
            technology="led" if i < 8 else "sodium",
            power_w=54,
            commune="21617" if i >= 10 else "21231",
        )
        for i in range(12)
    ]
    names = ("Carrefour Darcy", "<b>Place Wilson</b>", "Étoile & Cie")
    rows += [row("junctions", f"JC-{i}", i * 40, 0, name=name) for i, name in enumerate(names)]
    return rows + operations()


def operations() -> list[FeatureRow]:
    """An incident, the intervention on it, and its crew."""
    incident: dict[str, Any] = {"priority": 1, "status": "new", "opened": "2026-01-02T10:00:00+00:00"}
    sent: dict[str, Any] = {"incident": "I-1", "crew": "VOI-04", "status": "done"}
    return [
        row("incidents", "I-1", 200, name="Arbre tombé", **incident),
        row("interventions", "INT-1", 210, name="Dégager", **sent),
        row("crews", "VOI-04", 250, name="VOI 04", trade="roads"),
    ]


class Room:
    """A window, what it shows, and the means to send it news."""

    def __init__(
        self,
        folder: Path,
        locale: str = "fr",
        size: tuple[int, int] = (1600, 960),
        rows: Sequence[FeatureRow] | None = None,
    ) -> None:
        self.now = 1_800_000_000.0
        self.cache = open_cache(folder / "cache.db")
        self.cache.submit(lambda db: upsert(db, city() if rows is None else rows)).result()
        self.inbox = Inbox()
        self.hub = Hub(Picture(LAYERS), self.cache, self.inbox, lambda: self.now)
        self.display, self.selection = Display(LAYERS), Selection()
        self.look = Look(load_theme("dark"), locale)
        self.canvas = Canvas(
            self.hub,
            self.display,
            self.selection,
            self.look.theme,
            GroundSource(None, SANS),
            family=SANS,
            locale=locale,
            reduced_motion=True,
        )
        self.synced = 0
        self.agreed: list[str] = []
        self.window = self._open(folder)
        self.window.resize(*size)
        self.window.show()
        self.window.activateWindow()
        for name in LAYERS:
            self.hub.load(name)
        self.until(lambda: len(self.hub.picture.tables) == len(LAYERS) and self.canvas.complete)

    def _open(self, folder: Path) -> MainWindow:
        return MainWindow(
            self.hub,
            self.display,
            self.selection,
            self.canvas,
            self.look,
            Layout(folder / "layout.ini"),
            territory="Dijon Métropole",
            console="poste 3",
            demo=True,
            attribution="© test",
            sync_now=self._sync,
            agree_removal=self.agreed.append,
        )

    def _sync(self) -> None:
        self.synced += 1

    def until(self, done: Callable[[], object]) -> None:
        """Let the window live until something is true."""
        deadline = time.monotonic() + PATIENCE
        while not done():
            if time.monotonic() > deadline:
                raise AssertionError("what was waited for did not come")
            QCoreApplication.processEvents()
            time.sleep(0.002)

    def settle(self) -> None:
        """Let questions asked so far be answered and shown."""
        for _ in range(3):
            answered: list[int] = []
            self.hub.ask(lambda _: 1, answered.append)
            self.until(answered.__len__)

    def index(self) -> None:
        """Let everything be found by the search."""

        def work(db: sqlite_utils.Database) -> None:
            declare(db, LAYERS.values())
            while index_some(db):
                pass

        self.cache.submit(work).result()

    def send(self, *messages: object) -> None:
        """Bring messages in, as the feed would."""
        for message in messages:
            self.inbox.put(message)
        self.inbox.flush()

    def link(self, up: bool = True) -> None:
        """Bring the feed up, or cut it."""
        self.send(LinkMessage("feed", up, self.now), SnapshotComplete("feed"))

    def report(
        self,
        layer: str,
        identifier: str,
        *,
        faults: Iterable[str] = (),
        age: float = 2.0,
        quality: Quality = Quality.GOOD,
        **values: object,
    ) -> None:
        """Let an object report its state, `age` seconds ago."""
        live = Live(time=self.now - age, quality=quality, values=values, faults=tuple(faults))
        self.send(StateMessage(layer, identifier, live))

    def pass_time(self, seconds: float) -> None:
        """Let time pass, with one tick at the end."""
        self.now += seconds
        changes = self.hub.picture.grow_old(self.now)
        if changes:
            self.hub.announce(changes)
        self.hub.ticked.emit(self.now)

    def select(self, *keys: tuple[str, str]) -> None:
        """Select objects, and wait for what the cache says of them."""
        self.selection.set([ObjectKey(*key) for key in keys])
        self.settle()

    def close(self) -> None:
        """Close the window and stop every thread."""
        self.window.close()
        self.canvas.close_threads()
        self.cache.close()
        self.window.deleteLater()
        self.inbox.deleteLater()
        application = QApplication.instance()
        if application is not None:
            application.sendPostedEvents(None, 0)
            QCoreApplication.processEvents()
