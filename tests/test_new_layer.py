"""Adding a layer is one file: everything the application shows of it comes from there."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from qtpy.QtCore import Qt
from qtpy.QtWidgets import QApplication, QWidget

from desktop.app import Application
from desktop.demo.registry import RegistryApp, serve
from desktop.demo.registry_load import load_city
from desktop.demo.registry_store import RegistryStore
from desktop.options import Options
from desktop.panels.parts import PlainLabel
from desktop.paths import Paths
from desktop.settings import RegistrySettings, Settings
from desktop.store import search
from desktop.work.picture import ObjectKey
from layers import load_layers

CHARGING = '''
"""Charging stations for electric vehicles."""

from layers.definition import Choice, Field, Group, LayerDefinition, Severity, State, Text


def _state_of(properties, live):
    return 1 if properties.get("status") == "down" else 0


LAYER = LayerDefinition(
    id="charging-stations",
    title=Text("Charging stations", "Bornes de recharge"),
    singular=Text("Charging station", "Borne de recharge"),
    group=Group.EQUIPMENT,
    order=990,
    icon='<path d="M13 3 6 14h5l-1 7 7-11h-5z"/>',
    fields=(
        Field(name="name", label=Text("Name", "Nom"), searchable=True),
        Field(name="power_kw", label=Text("Power", "Puissance"), type="number", unit="kW"),
        Field(
            name="status",
            label=Text("Status", "Statut"),
            type="choice",
            filterable=True,
            choices=(
                Choice("up", Text("in service", "en service")),
                Choice("down", Text("down", "en panne")),
            ),
        ),
        Field(name="commune", label=Text("Commune", "Commune"), type="reference", layer="communes"),
    ),
    states=(
        State(id="up", label=Text("In service", "En service")),
        State(id="down", label=Text("Out of order", "En panne"), severity=Severity.LOW),
    ),
    state_of=_state_of,
)
'''

STATIONS = [
    (
        f"CS-{number:02d}",
        {"type": "Point", "coordinates": [5.03 + number * 0.002, 47.32]},
        {"name": f"Borne Wilson {number}", "power_kw": 22.0, "status": "down" if number == 3 else "up"},
    )
    for number in range(1, 6)
]


class Town:
    """The registry's content: one layer."""

    def __init__(self) -> None:
        self.features = {"charging-stations": STATIONS}


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[str]:
    """The address of a real registry that has the new collection."""
    load_city(tmp_path / "registry.db", Town())
    store, stop, ready = RegistryStore(tmp_path / "registry.db"), threading.Event(), threading.Event()
    address: list[str] = []

    def tell(url: str) -> None:
        address.append(url)
        ready.set()

    server = threading.Thread(
        target=serve, args=(RegistryApp(store), "127.0.0.1", 0), kwargs={"stop": stop, "ready": tell}
    )
    server.start()
    assert ready.wait(10)
    yield address[0]
    stop.set()
    server.join()
    store.close()


@pytest.fixture
def application(
    qapp: QApplication, tmp_path: Path, registry: str, wait_until: Callable[..., None]
) -> Iterator[Application]:
    """Vigie as it opens with one more file in the folder of layers."""
    home = tmp_path / "home"
    paths = Paths(home / "config", home / "data", home / "cache", home / "log")
    paths.layers.mkdir(parents=True)
    (paths.layers / "charging_stations.py").write_text(CHARGING, encoding="utf-8")
    layers = load_layers(paths.layers)
    settings = Settings(registry=RegistrySettings(url=registry))
    made = Application(
        qapp, settings, paths, layers, Options(size=(1280, 800), view=(5.036, 47.32, 15.0), locale="fr")
    )
    made.start()
    wait_until(lambda: len(made.picture.tables.get("charging-stations", ())) == len(STATIONS), 20)
    wait_until(lambda: made.canvas.complete, 20)
    yield made
    made.stop()
    made.window.close()


def test_a_dropped_layer_file_is_all_it_takes(
    application: Application, wait_until: Callable[..., None]
) -> None:
    window, canvas = application.window, application.canvas
    layer = application.picture.layers["charging-stations"]
    assert layer.title.localized("fr") == "Bornes de recharge"

    model = window.tree.view.model()
    groups = [model.index(row, 0) for row in range(model.rowCount())]
    rows = [model.index(row, 0, group) for group in groups for row in range(model.rowCount(group))]
    titles = [str(row.data(Qt.ItemDataRole.DisplayRole)) for row in rows]
    assert "Bornes de recharge" in titles

    summary = application.picture.tables["charging-stations"].summary()
    assert (summary.count, summary.by_severity) == (5, (4, 0, 1, 0, 0))

    shown = {canvas.frame.names[number] for number in canvas.frame.symbols.layers.tolist()}
    assert "charging-stations" in shown
    assert not window.grab().toImage().isNull()

    def found() -> list[str]:
        asked = application.cache.submit_urgent(lambda db: search.search(db, "wilson 3"))
        return [hit.title for hit in asked.result()]

    wait_until(found)
    assert found()[0] == "Borne Wilson 3"

    application.selection.set([ObjectKey("charging-stations", "CS-03")])
    wait_until(lambda: "Puissance" in _words(window.inspector))
    said = _words(window.inspector)
    assert "Borne Wilson 3" in said
    assert any("En panne" in words for words in said)


def _words(widget: QWidget) -> list[str]:
    return [label.whole for label in widget.findChildren(PlainLabel)]
