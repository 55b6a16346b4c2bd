"""The desks of the room."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.work.desks import DeskError, load_desks, shipped_desks
from layers import load_layers
from layers.definition import Severity, Text

LAYERS = load_layers()
DESK = """
order = 5
layers = ["bollards", "cameras"]
panels = ["alarms", "bollards"]
title = { en = "Old town", fr = "Centre ancien" }
[alarms]
layers = ["bollards"]
priorities = [1, 2]
"""


def test_the_desks_shipped_are_those_of_the_room() -> None:
    desks = shipped_desks(LAYERS)
    assert [desk.title.fr for desk in desks] == [
        "Police municipale",
        "Sécurité",
        "CSU",
        "Circulation",
        "Allo Mairie",
        "Éclairage",
    ]
    assert all(desk.alarms.layers <= set(desk.layers) for desk in desks)


def test_every_layer_with_alarms_is_some_desk_s() -> None:
    alarming = {layer.id for layer in LAYERS.values() if layer.alarms}
    shown = {name for desk in shipped_desks(LAYERS) for name in desk.layers}
    assert alarming - shown <= {"river-gauges", "weather-stations", "bike-stations", "crews"}


def test_a_desk_of_the_user_is_added(tmp_path: Path) -> None:
    (tmp_path / "old-town.toml").write_text(DESK, encoding="utf-8")
    first, *others = shipped_desks(LAYERS, tmp_path, tmp_path / "none")
    assert len(others) == 6
    assert (first.id, first.title) == ("old-town", Text("Old town", "Centre ancien"))
    assert first.alarms.severities == {Severity.HIGH, Severity.MEDIUM}
    assert first.alarms.layers == {"bollards"} and first.panels == ("alarms", "bollards")


def test_a_desk_of_the_user_replaces_one_of_the_same_name(tmp_path: Path) -> None:
    (tmp_path / "traffic.toml").write_text(DESK, encoding="utf-8")
    desks = shipped_desks(LAYERS, tmp_path)
    assert len(desks) == 6 and desks[0].title.en == "Old town"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"cameras"', '"camera"', "layers: no layer is called 'camera'"),
        ('"alarms", ', '"alarm", ', "panels: no panel or layer is called 'alarm'"),
        ('layers = ["bollards"]\n', 'layers = ["x"]\n', "alarms.layers: no layer is called 'x'"),
        ("order = 5", "rank = 5", "known here: title, order, layers, panels, alarms"),
        ("priorities", "severities", "known here: layers, priorities"),
        ("[1, 2]", "[0]", "alarms.priorities"),
        (', fr = "Centre ancien"', "", "title: write both en and fr"),
        ('fr = "Centre ancien"', 'fr = " "', "title: write both en and fr"),
        ("order = 5", "order", "not valid TOML"),
    ],
)
def test_what_is_wrong_is_one_line_with_file_and_key(tmp_path: Path, old: str, new: str, told: str) -> None:
    file = tmp_path / "old-town.toml"
    assert old in DESK
    file.write_text(DESK.replace(old, new), encoding="utf-8")
    with pytest.raises(DeskError) as raised:
        load_desks(tmp_path, LAYERS)
    line = str(raised.value)
    assert line.startswith(f"{file}: ") and told in line and "\n" not in line


def test_a_name_that_cannot_be_an_id_is_refused(tmp_path: Path) -> None:
    (tmp_path / "old town.toml").write_text(DESK, encoding="utf-8")
    with pytest.raises(DeskError, match="rename it"):
        load_desks(tmp_path, LAYERS)
