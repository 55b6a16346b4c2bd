"""Style files: the shipped ones are complete, and a wrong one is refused with its file and key."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from desktop.map.style import MapStyle, StyleError, interpolate, load_style, mix
from desktop.store.basemap import LINES, POLYGONS


@pytest.fixture(params=["dark", "light"])
def style(request: pytest.FixtureRequest) -> MapStyle:
    return load_style(request.param)


def test_the_shipped_styles_draw_every_class(style: MapStyle) -> None:
    assert sorted(name for group in style.order for name in group) == sorted(POLYGONS + LINES)
    assert set(style.shown(18)) == set(POLYGONS + LINES)


def test_the_shipped_styles_use_the_colours_of_the_look() -> None:
    dark, light = load_style("dark"), load_style("light")
    assert (dark.land, light.land) == ("#1a1f25", "#eef0f2")
    assert (dark.areas["water"].fill, light.areas["water"].fill) == ("#1d3242", "#bcd7e8")
    assert (dark.areas["green"].fill, light.areas["green"].fill) == ("#1d2a25", "#dcead9")


def test_roads_only_grow_with_zoom(style: MapStyle) -> None:
    for line in style.lines.values():
        widths = [style.at(line.width, level / 4) for level in range(20, 84)]
        assert widths == sorted(widths)


def test_a_main_road_is_never_thinner_than_a_lesser_one(style: MapStyle) -> None:
    order = ("motorway", "trunk", "primary", "secondary", "tertiary", "residential", "service")
    for level in range(60, 84):
        widths = [style.at(style.lines[name].width, level / 4) for name in order]
        assert widths == sorted(widths, reverse=True)


def test_stops_are_kept_outside_and_grow_between() -> None:
    stops = ((10.0, 1.0), (12.0, 5.0))
    assert [interpolate(stops, zoom, 2.0) for zoom in (8, 10, 12, 15)] == [1.0, 1.0, 5.0, 5.0]
    assert interpolate(stops, 11, 1.0) == 3.0
    assert interpolate(stops, 11, 2.0) == pytest.approx(1 + 4 / 3)


def test_a_colour_at_half_opacity_is_halfway_to_the_land() -> None:
    assert mix("#000000", "#ff8040", 0.5) == "#804020"
    assert mix("#000000", "#ff8040", 1.0) == "#ff8040"


@pytest.mark.parametrize(
    ("before", "after", "named"),
    [
        ("dash = [8, 8]", 'dash = [8, "thin"]', "line.rail.dash[1]"),
        ('casing = "rail"', 'casing = "rial"', "line.rail.casing"),
        ("dash = [6, 4]", "dsh = [6, 4]", "line.boundary"),
        ("[line.tram]", "[line.metro]", "line.metro"),
        ('["tram"]', '["metro"]', "order"),
        ("growth = 1.5", 'growth = "fast"', "growth"),
        ("growth = 1.5", "groth = 1.5", "top level"),
        ('name = "dark"', "name = dark", "line 3"),
        ("size = [[9, 11], [12, 12.5], [15, 15]]", "size = [[12, 11], [9, 15]]", "label 'town'.size"),
        ('classes = ["tertiary"]', 'classes = ["third"]', "label 'tertiary street'.classes"),
    ],
)
def test_a_mistake_is_told_in_one_line_with_file_and_key(
    tmp_path: Path, before: str, after: str, named: str
) -> None:
    text = (files("resources") / "styles" / "dark.toml").read_text(encoding="utf-8")
    assert before in text
    path = tmp_path / "mine.toml"
    path.write_text(text.replace(before, after), encoding="utf-8")
    with pytest.raises(StyleError) as caught:
        load_style(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert named in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_absent_or_binary_style_is_told_in_one_line(tmp_path: Path) -> None:
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path / "absent.toml", binary):
        with pytest.raises(StyleError, match="cannot be read"):
            load_style(path)
