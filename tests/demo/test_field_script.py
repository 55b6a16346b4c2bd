"""Scripted events: what each does to the city, and scripts that cannot be followed."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.demo.field_script import Director, Script, ScriptError, load_script
from tests.demo.test_field import CABINETS, EVENING, LAMPS, Register, Town, equipment

EXAMPLES = sorted((Path(__file__).parents[2] / "resources" / "scripts").glob("*.toml"))


def directed(tmp_path: Path, text: str) -> tuple[Town, Director]:
    file = tmp_path / "script.toml"
    file.write_text(text, encoding="utf-8")
    town = Town(EVENING)
    director = Director(load_script(file), town.field, Register(equipment()), seed=1)
    town.field.obey(director.step)
    town.run(1)
    return town, director


def refusal(tmp_path: Path, text: str) -> str:
    with pytest.raises(ScriptError) as caught:
        directed(tmp_path, text)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_an_outage_darkens_a_cabinet_s_lamps_until_it_is_repaired(tmp_path: Path) -> None:
    town, _ = directed(tmp_path, '[[events]]\nat = 5\nkind = "outage"\ncabinet = "A-212"\nlasts = 60\n')
    before = town.count("street-lights")["no-supply"]
    town.run(10)
    assert town.count("street-lights")["no-supply"] == before + LAMPS // CABINETS
    assert town.states["lighting-cabinets", "A-212"].live.faults == ("tripped",)
    town.run(120)
    assert town.states["lighting-cabinets", "A-212"].live.faults == ()


def test_a_flood_raises_one_gauge_after_the_other(tmp_path: Path) -> None:
    town, _ = directed(tmp_path, '[[events]]\nat = 0\nkind = "flood"\ngauges = 2\n')
    assert town.values("river-gauges")["G-02"]["trend"] != "rising"
    town.run(1_200, every=30)
    assert town.values("river-gauges")["G-02"]["trend"] == "rising"


def test_a_crash_takes_a_junction_its_nearest_lamps_and_a_camera(tmp_path: Path) -> None:
    text = '[[events]]\nat = 2\nkind = "night-crash"\njunction = "JC-0004"\nlamps = 3\n'
    town, _ = directed(tmp_path, text)
    cameras = town.count("cameras")["no-video"]
    town.run(5)
    assert "controller-fault" in town.states["junctions", "JC-0004"].live.faults
    assert all(town.states["street-lights", f"SL-{i:06d}"].live.faults for i in (4, 85, 166))
    assert not town.states["street-lights", "SL-000247"].live.faults
    assert "no-video" in town.states["cameras", "C-004"].live.faults
    assert town.count("cameras")["no-video"] == cameras + 1


def test_a_storm_comes_from_so_many_cabinets_over_its_time(tmp_path: Path) -> None:
    text = '[[events]]\nat = 1\nkind = "storm"\nalarms = 200\ncabinets = 4\nseconds = 40\nlasts = 600\n'
    town, _ = directed(tmp_path, text)
    dark = {name for name in town.states if town.states[name].live.faults == ("no-supply",)}
    town.run(5)
    early = {name for name in town.states if town.states[name].live.faults == ("no-supply",)} - dark
    town.run(60)
    late = {name for name in town.states if town.states[name].live.faults == ("no-supply",)} - dark
    assert 0 < len(early) < len(late)
    assert len(late) >= 3 * LAMPS // CABINETS  # one of the four may have been dark at the start


def test_what_the_city_has_not_is_told_and_the_rest_goes_on(tmp_path: Path) -> None:
    text = (
        '[[events]]\nat = 0\nkind = "outage"\ncabinet = "nowhere"\n'
        '[[events]]\nat = 0\nkind = "fault"\nlayer = "cameras"\nid = "C-003"\nfault = "dirty"\n'
    )
    town, director = directed(tmp_path, text)
    assert director.missed == ["no lighting-cabinets 'nowhere' in this city"]
    town.run(2)
    assert "dirty" in town.states["cameras", "C-003"].live.faults


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_examples_can_be_followed(path: Path) -> None:
    assert load_script(path).events


def test_a_script_with_a_mistake_is_refused_in_one_line(tmp_path: Path) -> None:
    assert "outage" in refusal(tmp_path, '[[events]]\nat = 1\nkind = "earthquake"\n')
    assert "at" in refusal(tmp_path, '[[events]]\nkind = "outage"\n')
    assert "colour" in refusal(tmp_path, '[[events]]\nat = 1\nkind = "outage"\ncolour = 3\n')
    assert refusal(tmp_path, "[[events")
    with pytest.raises(ScriptError):
        load_script(tmp_path / "absent.toml")


def test_without_events_nothing_happens() -> None:
    town = Town(EVENING)
    director = Director(Script(), town.field, Register(equipment()))
    assert director.step(EVENING) is False and director.missed == []
