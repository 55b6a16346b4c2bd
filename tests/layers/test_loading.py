"""Loading the catalog: a dropped file is a layer, a bad one is named in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from layers import CatalogError, load_layers
from layers.definition import Group

DROPPED = """
from layers.definition import Field, Group, LayerDefinition, State, Text

LAYER = LayerDefinition(
    id="{id}",
    title=Text("Charging stations", "Bornes de recharge"),
    singular=Text("Charging station", "Borne de recharge"),
    group=Group.EQUIPMENT,
    order=65,
    fields=(Field(name="name", label=Text("Name", "Nom")),),
    states=({states}),
    state_of=lambda properties, live: 0,
)
"""
STATE = 'State(id="ready", label=Text("Ready", "Prête")),'


def drop(folder: Path, name: str, id: str = "charging-stations", states: str = STATE) -> Path:
    file = folder / name
    file.write_text(DROPPED.format(id=id, states=states), encoding="utf-8")
    return file


def refusal(folder: Path) -> str:
    with pytest.raises(CatalogError) as caught:
        load_layers(folder)
    return str(caught.value)


def test_shipped_layers_come_in_the_order_of_the_tree() -> None:
    layers = list(load_layers().values())
    groups = list(Group)
    assert layers == sorted(layers, key=lambda layer: (groups.index(layer.group), layer.order))
    assert [layer.id for layer in layers][:3] == ["street-lights", "lighting-cabinets", "junctions"]
    assert len(layers) >= 20


def test_dropped_file_adds_a_layer_in_its_place(tmp_path: Path) -> None:
    drop(tmp_path, "charging_stations.py")
    ids = list(load_layers(tmp_path))
    assert ids[ids.index("charging-stations") - 1] == "bollards"
    assert ids[ids.index("charging-stations") + 1] == "message-signs"
    assert "charging-stations" not in load_layers()


def test_id_already_used_is_refused_naming_both_files(tmp_path: Path) -> None:
    file = drop(tmp_path, "more_junctions.py", id="junctions")
    message = refusal(tmp_path)
    assert message.startswith(f"{file}: ")
    assert "'junctions'" in message
    assert "catalog/junctions.py" in message


@pytest.mark.parametrize(
    "content",
    [
        "TITLE = 'no layer'",
        "LAYER = 'not a definition'",
        "this is not Python",
        "import a_module_that_does_not_exist",
        "raise ValueError('first line\\nsecond line')",
        "LAYER = __import__('layers.definition').definition.LayerDefinition(id='x')",
    ],
)
def test_file_without_a_usable_layer_is_refused_in_one_line_naming_it(tmp_path: Path, content: str) -> None:
    file = tmp_path / "broken.py"
    file.write_text(content, encoding="utf-8")
    message = refusal(tmp_path)
    assert message.startswith(f"{file}: ")
    assert "\n" not in message
    assert len(message) > len(f"{file}: ") + 10


@pytest.mark.parametrize("id", ["charging/stations", "charging stations", "+", "bornes-d’accès", ""])
def test_id_that_cannot_stand_in_a_topic_is_refused(tmp_path: Path, id: str) -> None:
    file = drop(tmp_path, "charging_stations.py", id=id)
    assert refusal(tmp_path).startswith(f"{file}: layer id ")


def test_layer_without_states_is_refused(tmp_path: Path) -> None:
    file = drop(tmp_path, "charging_stations.py", states="")
    assert refusal(tmp_path) == f"{file}: layer 'charging-stations' declares no state"


def test_files_beginning_with_an_underscore_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "_notes.py").write_text("raise RuntimeError", encoding="utf-8")
    assert list(load_layers(tmp_path)) == list(load_layers())
