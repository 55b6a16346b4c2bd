"""Lines and areas: painted on the ground, hit by the pointer, outlined when chosen."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import numpy as np
import pytest
import shapely
from shapely import LineString, MultiPolygon, Point, Polygon, box

from desktop.map.vectors import VectorLayer
from desktop.work.assets import LayerTable
from desktop.work.picture import ObjectKey
from layers.definition import LineStyle
from layers.model import Quality
from tests.map.scene import Scene, key, near
from tests.map.town import HIGH, LAYERS, NORMAL, reporting, state, table

MakeScene = Callable[..., Scene]
ACROSS = LineString([(-400, 0), (400, 0)])


@pytest.fixture
def drawn(scene: Scene) -> Scene:
    """Two roads 100 m apart, a square with a smaller one in it, and a post, at zoom 16."""
    scene.put(
        table("roads", shapes=[ACROSS, LineString([(-400, 100), (400, 100)])]),
        table("zones", shapes=[box(-300, -300, 300, 300), box(-150, -200, -50, -100)]),
        table("posts", [(0, 0)]),
    )
    scene.look(16.0)
    return scene


def test_lines_are_painted_in_their_colour(drawn: Scene) -> None:
    assert near(drawn.around(100, 100), drawn.colour("tram"), 60) > 20
    assert near(drawn.around(100, 50), drawn.colour("tram"), 60) == 0


def test_areas_are_filled(drawn: Scene) -> None:
    inside, outside = drawn.around(200, -150, 5), drawn.around(330, -150, 5)
    assert not np.array_equal(inside, outside)
    assert near(outside, drawn.colour("land"), 0) == outside.shape[0] * outside.shape[1]


def test_the_nearest_line_is_hit_before_an_area(drawn: Scene) -> None:
    pixel = drawn.canvas.view.resolution
    assert drawn.canvas.object_at(*drawn.at(150, 2 * pixel)) == key("roads", 0)
    assert drawn.canvas.object_at(*drawn.at(150, 100 - 2 * pixel)) == key("roads", 1)
    assert drawn.canvas.object_at(*drawn.at(150, 50)) == key("zones", 0)


def test_the_smallest_area_is_hit(drawn: Scene) -> None:
    assert drawn.canvas.object_at(*drawn.at(-100, -150)) == key("zones", 1)
    assert drawn.canvas.object_at(*drawn.at(100, -150)) == key("zones", 0)
    assert drawn.canvas.object_at(*drawn.at(370, -150)) is None


def test_a_symbol_is_hit_before_a_line(drawn: Scene) -> None:
    assert drawn.canvas.object_at(*drawn.at(0, 0)) == key("posts", 0)


def test_between_two_lines_the_nearer_is_hit(scene: Scene) -> None:
    scene.put(table("roads", shapes=[ACROSS, LineString([(-400, 6), (400, 6)])]))
    scene.look(17.0)
    assert scene.canvas.object_at(*scene.at(20, 1)) == key("roads", 0)
    assert scene.canvas.object_at(*scene.at(20, 5)) == key("roads", 1)


def test_a_hole_is_not_part_of_an_area(scene: Scene) -> None:
    ring = Polygon(box(-200, -200, 200, 200).exterior, [box(-100, -100, 100, 100).exterior])
    scene.put(table("zones", shapes=[ring]))
    scene.look(16.0)
    assert scene.canvas.object_at(*scene.at(150, 0)) == key("zones", 0)
    assert scene.canvas.object_at(*scene.at(0, 0)) is None
    assert not np.array_equal(scene.around(150, 0, 4), scene.around(0, 0, 4))


def test_an_area_without_a_fill_is_hit_by_its_outline(scene: Scene) -> None:
    scene.put(table("communes", shapes=[box(-150, -150, 150, 150)]))
    scene.look(16.0)
    assert scene.canvas.object_at(*scene.at(0, 0)) is None
    assert scene.canvas.object_at(*scene.at(149, 20)) == key("communes", 0)


def test_what_is_hidden_or_filtered_is_neither_painted_nor_hit(drawn: Scene) -> None:
    drawn.hide("roads", np.array([True, False]))
    drawn.settle()
    assert drawn.canvas.object_at(*drawn.at(150, 100)) == key("zones", 0)
    assert near(drawn.around(100, 100), drawn.colour("tram"), 60) == 0
    assert near(drawn.around(100, 0), drawn.colour("tram"), 60) > 20
    drawn.display.set_visible("roads", False)
    drawn.display.set_visible("zones", False)
    drawn.settle()
    assert drawn.canvas.object_at(*drawn.at(150, 0)) is None
    assert near(drawn.around(100, 0), drawn.colour("tram"), 60) == 0


def test_what_is_too_far_to_be_drawn_is_not_hit(make_scene: MakeScene) -> None:
    near_only = msgspec.structs.replace(LAYERS["roads"], min_zoom=15.0)
    scene = make_scene({**LAYERS, "roads": near_only})
    scene.put(table("roads", shapes=[ACROSS], layer=near_only))
    scene.look(14.0)
    assert scene.canvas.object_at(*scene.at(100, 0)) is None
    assert near(scene.around(100, 0), scene.colour("tram"), 60) == 0
    scene.look(15.0)
    assert scene.canvas.object_at(*scene.at(100, 0)) == key("roads", 0)


def test_opacity_fades_a_layer(drawn: Scene) -> None:
    drawn.display.set_opacity("roads", 0.0)
    drawn.settle()
    assert near(drawn.around(100, 100), drawn.colour("tram"), 60) == 0


def test_a_selected_line_is_outlined(drawn: Scene) -> None:
    assert near(drawn.around(100, 100), drawn.colour("accent"), 60) == 0
    drawn.click(drawn.at(100, 100))
    assert drawn.selection.keys == (key("roads", 1),)
    assert near(drawn.around(100, 100), drawn.colour("accent"), 60) > 20
    assert near(drawn.around(100, 0), drawn.colour("accent"), 60) == 0


def test_an_abnormal_line_takes_the_colour_of_its_severity(scene: Scene) -> None:
    scene.put(reporting(table("routes", shapes=[ACROSS])))
    scene.look(16.0)
    assert near(scene.around(100, 0), scene.colour("p1")) == 0
    scene.tell(state("routes", "routes-0", HIGH, sequence=1))
    scene.settle()
    assert near(scene.around(100, 0), scene.colour("p1")) > 5


@pytest.mark.parametrize("dash", [(), (6.0, 4.0)])
def test_a_line_that_is_not_known_for_sure_looks_otherwise(
    make_scene: MakeScene, dash: tuple[float, ...]
) -> None:
    layer = msgspec.structs.replace(LAYERS["routes"], line=LineStyle(color="water", width=3.0, dash=dash))
    scene = make_scene({**LAYERS, "routes": layer})
    for code in (NORMAL, HIGH):
        seen = []
        for quality in Quality:
            scene.picture.tables.clear()  # nothing is carried over
            scene.put(reporting(table("routes", [], [code], shapes=[ACROSS], layer=layer), quality))
            scene.look(16.0)
            seen.append(scene.around(0, 0, 40))
        for one, other in ((0, 1), (0, 2), (1, 2)):
            assert not np.array_equal(seen[one], seen[other])


ODD: dict[str, shapely.Geometry | None] = {
    "nothing": None,
    "an empty line": LineString(),
    "a point": Point(20, 20),
    "a bow tie": Polygon([(-50, -50), (50, 50), (50, -50), (-50, 50)]),
    "a line of one place": LineString([(30, 30), (30, 30)]),
    "several parts": MultiPolygon([box(-90, 60, -60, 90), box(60, 60, 90, 90)]),
}


@pytest.mark.parametrize("name", ODD)
def test_odd_geometries_are_harmless(scene: Scene, name: str) -> None:
    scene.put(table("zones", shapes=[ODD[name], box(200, 0, 300, 100)]))
    scene.look(16.0)
    assert scene.canvas.object_at(*scene.at(250, 50)) == key("zones", 1)
    scene.canvas.fit_keys([key("zones", 0)])
    scene.selection.set([key("zones", 0)])
    scene.look(16.0)
    assert scene.canvas.object_at(*scene.at(250, 50)) == key("zones", 1)


def unreadable() -> LayerTable:
    made = table("roads", shapes=[ACROSS, ACROSS])
    assert made.columns.geometry is not None
    made.columns.geometry[0] = b"no geometry"
    return made


@pytest.mark.parametrize(
    "make", [lambda: table("roads", [(0, 0), (9, 9)]), unreadable, lambda: table("roads")]
)
def test_a_layer_that_is_not_what_it_says_does_not_stop_the_map(
    scene: Scene, make: Callable[[], LayerTable]
) -> None:
    scene.put(make(), table("zones", shapes=[box(-100, -100, 100, 100)]))
    scene.look(16.0)
    assert scene.canvas.complete
    assert scene.canvas.object_at(*scene.at(50, 50)) == key("zones", 0)


def test_a_newer_table_takes_the_place_of_an_older(scene: Scene) -> None:
    scene.put(table("roads", shapes=[ACROSS]))
    scene.put(table("roads", shapes=[LineString([(0, -400), (0, 400)])], ids=["up"]))
    scene.look(16.0)
    assert scene.canvas.object_at(*scene.at(100, 0)) is None
    assert scene.canvas.object_at(*scene.at(0, 100)) == ObjectKey("roads", "up")


def test_colours_follow_the_value_of_a_field() -> None:
    line = LineStyle(color="tram", by="kind", values=((1, "water", 5.0, (2.0, 2.0)), (2, "#123456", 1.0, ())))
    layer = msgspec.structs.replace(LAYERS["roads"], line=line)
    made = table("roads", shapes=[ACROSS] * 4, layer=layer)
    facts = {f"roads-{i}": {"kind": kind} for i, kind in enumerate((1, 2, 3, "#abcdef"))}
    found = VectorLayer(made, facts)
    assert [found.style(row)[0] for row in range(4)] == ["water", "#123456", "tram", "#abcdef"]
    assert found.style(0)[1:] == (5.0, (2.0, 2.0))


def test_changes_after_the_map_was_closed_are_harmless(make_scene: MakeScene) -> None:
    scene = make_scene()
    scene.look(14.0)
    scene.put(table("posts", [(0, 0)]), table("roads", shapes=[ACROSS]))
    scene.canvas.close_threads()
    scene.put(table("posts", [(0, 0)] * 2), table("roads", shapes=[ACROSS]))
    scene.hide("posts", np.array([True, False]))
    scene.wait(lambda: True)
    assert scene.canvas._indexer.pyramid is None or scene.canvas._indexer.pyramid._closed
