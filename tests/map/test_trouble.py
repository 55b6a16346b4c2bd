"""Decluttering never hides trouble, and what is not known for sure never looks like what is."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.map.points import DENSE
from layers.definition import Severity
from layers.model import Quality
from tests.map.scene import Scene, near
from tests.map.town import HIGH, INFO, LOW, MEDIUM, NORMAL, reporting, state, table

MakeScene = Callable[..., Scene]
ZOOMS = [8.0, 11.0, 12.9, 13.0, 14.0, 15.5, 17.5, 21.0]
TOKENS = {LOW: "p3", MEDIUM: "p2", HIGH: "p1", INFO: "p4"}


def scattered(count: int, reach: float = 400.0, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).uniform(-reach, reach, (count, 2))


@pytest.fixture
def crowd(scene: Scene) -> Scene:
    """6,000 lamps in order about one that is not, a dense layer."""
    where = np.vstack([[(0.0, 0.0)], scattered(DENSE + 1000)])
    scene.put(reporting(table("lamps", where, np.r_[[HIGH], np.zeros(len(where) - 1)])))
    return scene


def test_an_abnormal_object_breaks_out_at_every_zoom(crowd: Scene) -> None:
    for zoom in ZOOMS:
        crowd.look(zoom)
        assert crowd.drawn("lamps")["lamps-0"] == 1
        assert near(crowd.around(0, 0), crowd.colour("p1")) > 150, zoom


@pytest.mark.parametrize("name", ["lamps", "shops", "posts", "cars"])
def test_trouble_is_painted_in_its_colour_in_every_layer(scene: Scene, name: str) -> None:
    codes = [LOW, MEDIUM, HIGH]
    apart = 250.0
    made = table(name, [(apart * place, 0) for place in (-1, 0, 1)], codes)
    scene.put(reporting(made) if made.definition.is_live else made)
    for zoom in (12.5, 14.0, 16.0):
        scene.look(zoom)
        for place, code in zip((-1, 0, 1), codes, strict=True):
            seen = scene.around(apart * place, 0)
            assert near(seen, scene.colour(TOKENS[code])) > 12, (zoom, code)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    places=st.lists(st.tuples(st.floats(-300, 300), st.floats(-200, 200)), min_size=1, max_size=60),
    data=st.data(),
    zoom=st.sampled_from(ZOOMS[:-1]),
)
def test_every_abnormal_object_in_view_is_represented(
    scene: Scene, places: list[tuple[float, float]], data: st.DataObject, zoom: float
) -> None:
    codes = data.draw(st.lists(st.integers(0, 4), min_size=len(places), max_size=len(places)))
    scene.put(table("shops", places, codes), table("posts", places, codes))
    scene.look(zoom)
    frame = scene.canvas.frame
    assert frame is not None
    x, y = frame.symbols.places.T
    assert ((x > -30) & (y > -30) & (x < 670) & (y < 510)).all()
    view = scene.canvas.view
    half = (view.width / 2 * view.resolution, view.height / 2 * view.resolution)
    for name in ("shops", "posts"):
        mine = frame.symbols.take(frame.symbols.layers == frame.names.index(name))
        for severity in Severity:
            shown = int(mine.repeats[mine.severity == severity].sum())
            inside = sum(
                code == severity and abs(east) < half[0] and abs(north) < half[1]
                for (east, north), code in zip(places, codes, strict=True)
            )
            if severity > Severity.NORMAL:
                assert shown >= inside
                assert shown <= codes.count(severity)


def test_plates_that_stand_for_several_say_how_many(scene: Scene) -> None:
    scene.put(reporting(table("lamps", scattered(60, 20.0), [LOW] * 60)))
    scene.look(12.0)
    drawn = scene.drawn("lamps")
    assert sum(drawn.values()) == 60
    assert len(drawn) < 10


def test_trouble_of_two_severities_is_never_one_plate(scene: Scene) -> None:
    scene.put(reporting(table("lamps", [(0, 0), (1, 1)], [LOW, HIGH])))
    scene.look(12.0)
    assert set(scene.drawn("lamps")) == {"lamps-0", "lamps-1"}


def test_trouble_that_starts_is_seen_at_the_next_frame(crowd: Scene) -> None:
    crowd.look(12.0)
    assert "lamps-7" not in crowd.drawn("lamps")
    crowd.tell(state("lamps", "lamps-7", MEDIUM, sequence=1))
    crowd.canvas.repaint()
    assert "lamps-7" in crowd.drawn("lamps")


def test_the_worse_is_painted_over_the_lesser(scene: Scene) -> None:
    scene.put(table("posts", [(0, 0)] * 3, [LOW, HIGH, NORMAL]))
    scene.look(16.0)
    assert near(scene.around(0, 0, 8), scene.colour("p1")) > 100


def test_an_abnormal_object_just_over_the_edge_is_not_cut_off(scene: Scene) -> None:
    where = scattered(DENSE + 200, 600.0)
    scene.put(reporting(table("lamps", where)))
    for zoom in (17.5, 18.25, 19.0):
        scene.look(zoom, east=13.0, north=-7.0)
        x, y = np.array([scene.at(*each) for each in where]).T
        edge = (x > -9) & (y > -9) & (x < 649) & (y < 489)
        expected = {f"lamps-{row}" for row in np.flatnonzero(edge)}
        dense = scene.drawn("lamps")
        assert expected <= set(dense), zoom


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_doubt_changes_what_is_painted(make_scene: MakeScene, theme: str, ratio: float) -> None:
    scene = make_scene(theme=theme, ratio=ratio)
    for code in (NORMAL, LOW, HIGH):
        for zoom in (11.0, 14.0, 16.5):
            seen = []
            for quality in Quality:
                scene.picture.tables.clear()  # nothing is carried over
                scene.put(reporting(table("lamps", [(0, 0)], [code]), quality))
                scene.look(zoom)
                seen.append(scene.around(0, 0).astype(int))
            for one, other in ((0, 1), (0, 2), (1, 2)):
                differing = (np.abs(seen[one] - seen[other]).max(axis=2) > 30).sum()
                assert differing >= 4 * ratio, (code, zoom, one, other)


@pytest.mark.parametrize("code", [NORMAL, MEDIUM])
def test_doubt_changes_clusters_too(make_scene: MakeScene, code: int) -> None:
    scene = make_scene()
    made = reporting(table("lamps", scattered(30, 10.0), [code] + [NORMAL] * 29))
    scene.put(made)
    seen = []
    for quality in Quality:
        reporting(made, quality)
        scene.hide("lamps", None)
        scene.look(11.0)
        scene.recount()
        assert scene.counted() == 30
        seen.append(scene.around(0, 0, 24))
    assert not np.array_equal(seen[0], seen[1])
    assert not np.array_equal(seen[0], seen[2])
    assert not np.array_equal(seen[1], seen[2])


def test_a_live_layer_that_never_spoke_is_not_painted_as_in_order(make_scene: MakeScene) -> None:
    silent, heard = make_scene(), make_scene()
    silent.put(table("lamps", [(0, 0)]))
    heard.put(reporting(table("lamps", [(0, 0)])))
    for zoom in (11.0, 14.0, 17.0):
        for each in (silent, heard):
            each.look(zoom)
        assert not np.array_equal(silent.around(0, 0), heard.around(0, 0))
