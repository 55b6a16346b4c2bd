"""The pointer finds what the eye sees: hover, click, Ctrl-click, double click, and the tip."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from qtpy.QtCore import QPoint, Qt
from qtpy.QtGui import QContextMenuEvent
from qtpy.QtTest import QTest
from qtpy.QtWidgets import QApplication

from desktop.map.points import DENSE
from desktop.work.picture import ObjectKey
from tests.map.scene import Scene, key, near
from tests.map.town import HIGH, LOW, MEDIUM, NORMAL, NOW, position, reporting, table

MakeScene = Callable[..., Scene]
CTRL = Qt.KeyboardModifier.ControlModifier


def heard(signal: Any) -> list[Any]:  # noqa: ANN401 - a bound Qt signal
    found: list[Any] = []
    signal.connect(lambda *values: found.append(values[0] if len(values) == 1 else values))
    return found


@pytest.fixture
def posts(scene: Scene) -> Scene:
    """Three posts 40 m apart at zoom 16, the middle one out of order."""
    scene.put(table("posts", [(-40, 0), (0, 0), (40, 0)], [NORMAL, HIGH, NORMAL]))
    scene.look(16.0)
    return scene


def test_hovering_tells_the_object_and_leaving_it_none(posts: Scene) -> None:
    told = heard(posts.canvas.hovered)
    posts.move(posts.at(0, 0))
    posts.move(posts.at(40, 0))
    posts.move(posts.at(0, 150))
    assert told == [key("posts", 1), key("posts", 2), None]


def test_the_pointer_leaving_the_map_leaves_the_object(posts: Scene) -> None:
    told = heard(posts.canvas.hovered)
    where = heard(posts.canvas.cursor_moved)
    posts.move(posts.at(0, 0))
    posts.leave()
    assert told == [key("posts", 1), None]
    assert where[-1] is None


def test_the_hand_shows_what_can_be_clicked(posts: Scene) -> None:
    posts.move(posts.at(0, 0))
    assert posts.canvas.cursor().shape() == Qt.CursorShape.PointingHandCursor
    posts.move(posts.at(0, 150))
    assert posts.canvas.cursor().shape() == Qt.CursorShape.ArrowCursor


def test_a_click_selects_what_is_under_it_and_a_click_beside_selects_nothing(posts: Scene) -> None:
    posts.click(posts.at(-40, 0))
    assert posts.selection.keys == (key("posts", 0),)
    posts.click(posts.at(40, 0))
    assert posts.selection.keys == (key("posts", 2),)
    posts.click(posts.at(0, 150))
    assert posts.selection.keys == ()


def test_ctrl_click_adds_and_takes_out_and_beside_it_changes_nothing(posts: Scene) -> None:
    for row in (0, 2, 1):
        posts.click(posts.at(40 * row - 40, 0), CTRL)
    assert posts.selection.keys == (key("posts", 0), key("posts", 2), key("posts", 1))
    posts.click(posts.at(40, 0), CTRL)
    posts.click(posts.at(0, 150), CTRL)
    assert posts.selection.keys == (key("posts", 0), key("posts", 1))


def test_a_double_click_activates_and_does_not_move_the_map(posts: Scene) -> None:
    activated = heard(posts.canvas.activated)
    before = posts.canvas.view
    posts.double_click(posts.at(40, 0))
    assert activated == [key("posts", 2)]
    assert posts.canvas.view == before


def test_a_double_click_on_nothing_zooms_in_there(posts: Scene) -> None:
    place = posts.canvas.view.to_map(100, 80)
    posts.double_click((100, 80))
    assert posts.canvas.view.zoom == 17.0
    assert posts.canvas.view.to_screen(*place) == pytest.approx((100, 80), abs=1e-3)


@pytest.mark.parametrize("name", ["lamps", "shops", "posts", "cars"])
@pytest.mark.parametrize("zoom", [14.0, 17.0])
def test_symbols_of_every_layer_are_hit_where_they_are_drawn(scene: Scene, name: str, zoom: float) -> None:
    where = (
        [(-200.0, -100.0), (0.0, 150.0), (200.0, 0.0)]
        if zoom < 15
        else [(-60.0, -20.0), (0.0, 40.0), (70.0, 0.0)]
    )
    made = table(name, where, [NORMAL, LOW, NORMAL])
    scene.put(reporting(made) if made.definition.is_live else made)
    scene.look(zoom)
    for row, each in enumerate(where):
        assert scene.canvas.object_at(*scene.at(*each)) == key(name, row)


def test_every_drawn_symbol_of_a_crowd_can_be_selected(scene: Scene) -> None:
    rng = np.random.default_rng(5)
    where = rng.uniform(-100, 100, (30, 2))
    where = np.array([it for i, it in enumerate(where) if (np.hypot(*(where[:i] - it).T) > 14).all()])
    scene.put(table("posts", where, rng.integers(0, 5, len(where))))
    scene.look(17.0)
    for row, each in enumerate(where):
        scene.click(scene.at(*each))
        assert scene.selection.keys == (key("posts", row),)


def test_a_quiet_symbol_beside_a_loud_one_is_hit_at_its_own_centre(posts: Scene) -> None:
    apart = 12 * posts.canvas.view.resolution
    posts.put(table("posts", [(0, 0), (apart, 0)], [NORMAL, HIGH]))
    posts.settle()
    assert posts.canvas.object_at(*posts.at(0, 0)) == key("posts", 0)
    assert posts.canvas.object_at(*posts.at(apart, 0)) == key("posts", 1)


def test_of_symbols_on_one_spot_the_worst_is_hit(scene: Scene) -> None:
    scene.put(table("posts", [(0, 0)] * 4, [NORMAL, LOW, HIGH, MEDIUM]))
    scene.look(16.0)
    assert scene.canvas.object_at(*scene.at(0, 0)) == key("posts", 2)


def test_a_moving_object_is_hit_where_it_went(scene: Scene) -> None:
    scene.put(reporting(table("cars", [(0, 0)])))
    scene.look(16.0)
    scene.tell(position("cars", "cars-0", 100, 50, time=NOW + 1))
    scene.canvas.repaint()
    assert scene.canvas.object_at(*scene.at(0, 0)) is None
    assert scene.canvas.object_at(*scene.at(100, 50)) == key("cars", 0)


def test_what_a_filter_hides_is_not_hit(posts: Scene) -> None:
    posts.hide("posts", np.array([True, False, True]))
    posts.canvas.repaint()
    assert posts.canvas.object_at(*posts.at(0, 0)) is None
    assert posts.canvas.object_at(*posts.at(40, 0)) == key("posts", 2)


def test_a_hidden_layer_is_neither_drawn_nor_hit(posts: Scene) -> None:
    assert near(posts.around(0, 0), posts.colour("p1")) > 100
    posts.display.set_visible("posts", False)
    posts.settle()
    assert posts.canvas.object_at(*posts.at(0, 0)) is None
    assert near(posts.around(0, 0), posts.colour("p1")) == 0


def test_a_table_that_has_just_come_does_not_mislead_the_pointer(posts: Scene) -> None:
    posts.put(table("posts", [(0, 0), (40, 0)], [HIGH, NORMAL], ids=["posts-1", "posts-2"]))
    assert posts.canvas.object_at(*posts.at(0, 0)) == key("posts", 1)
    posts.canvas.repaint()
    assert posts.canvas.object_at(*posts.at(40, 0)) == key("posts", 2)
    posts.settle()
    assert posts.canvas.object_at(*posts.at(40, 0)) == key("posts", 2)
    assert posts.canvas.object_at(*posts.at(-40, 0)) is None


@pytest.fixture
def clustered(scene: Scene) -> Scene:
    """Thirty lamps on one spot at zoom 11."""
    scene.put(reporting(table("lamps", np.random.default_rng(1).uniform(-3, 3, (30, 2)))))
    scene.look(11.0)
    assert scene.counted() == 30
    return scene


def test_a_click_on_a_small_cluster_lists_its_members(clustered: Scene) -> None:
    opened = heard(clustered.canvas.cluster_opened)
    clustered.click(clustered.at(0, 0))
    members, where = opened[0]
    assert sorted(members, key=lambda it: it.id) == sorted(
        (key("lamps", i) for i in range(30)), key=lambda it: it.id
    )
    assert where == clustered.canvas.mapToGlobal(QPoint(*map(round, clustered.at(0, 0))))
    assert clustered.canvas.view.zoom == 11.0


def test_a_cluster_lists_the_worst_first(scene: Scene) -> None:
    scene.put(reporting(table("lamps", [(100.0 * i, 0) for i in range(4)], [NORMAL, LOW, NORMAL, LOW])))
    scene.look(9.0)
    found = scene.canvas.cluster_at(*scene.at(150, 0))
    assert [it.id for it in found] == ["lamps-1", "lamps-3", "lamps-0", "lamps-2"]


@pytest.mark.parametrize("tall", [False, True])
def test_a_click_on_a_spread_out_cluster_zooms_onto_it(scene: Scene, tall: bool) -> None:
    along = np.linspace(-300, 300, 10)
    scene.put(reporting(table("lamps", [(0, it) if tall else (it, 0) for it in along])))
    scene.look(10.0)
    opened = heard(scene.canvas.cluster_opened)
    spot = next(iter(scene.canvas.frame.gathered.places.tolist()))  # type: ignore[union-attr]
    scene.click(tuple(spot))
    assert scene.canvas.view.zoom == 12.0
    assert not opened


def test_a_click_on_a_big_cluster_zooms_onto_it(scene: Scene) -> None:
    scene.put(reporting(table("lamps", np.random.default_rng(1).uniform(-3, 3, (80, 2)))))
    scene.look(11.0)
    scene.click(scene.at(0, 0))
    assert scene.canvas.view.zoom == 13.0
    assert scene.selection.keys == ()


def test_a_symbol_on_a_cluster_is_hit_before_it(scene: Scene) -> None:
    where = np.vstack([[(0, 0)], np.random.default_rng(1).uniform(-3, 3, (30, 2))])
    scene.put(reporting(table("lamps", where, [HIGH] + [NORMAL] * 30)))
    scene.look(11.0)
    assert scene.canvas.object_at(*scene.at(0, 0)) == key("lamps", 0)
    beside = (scene.at(0, 0)[0] + 12, scene.at(0, 0)[1])
    assert scene.canvas.object_at(*beside) is None
    assert len(scene.canvas.cluster_at(*beside)) == 31


def test_a_dot_in_order_under_a_cluster_is_not_hit(scene: Scene) -> None:
    lamps = np.random.default_rng(1).uniform(-3, 3, (30, 2))
    scene.put(reporting(table("lamps", lamps)), table("posts", [(0, 0), (2000, 0)], [NORMAL, NORMAL]))
    scene.look(11.0)
    assert scene.canvas.object_at(*scene.at(2000, 0)) == key("posts", 1)
    assert scene.canvas.object_at(*scene.at(0, 0)) is None
    assert len(scene.canvas.cluster_at(*scene.at(0, 0))) == 30


def test_the_right_button_asks_for_a_menu_and_selects_nothing(posts: Scene) -> None:
    asked = heard(posts.canvas.context_requested)
    for spot in ((0, 0), (0, 150)):
        where = QPoint(*map(round, posts.at(*spot)))
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, where, posts.canvas.mapToGlobal(where))
        QApplication.sendEvent(posts.canvas, event)
    posts.click(posts.at(0, 0), button=Qt.MouseButton.RightButton)
    assert [it[0] for it in asked] == [key("posts", 1), None]
    assert posts.selection.keys == ()


def test_return_activates_the_selected_object_and_escape_lets_it_go(posts: Scene) -> None:
    activated = heard(posts.canvas.activated)
    posts.click(posts.at(40, 0))
    QTest.keyClick(posts.canvas, Qt.Key.Key_Return)
    assert activated == [key("posts", 2)]
    QTest.keyClick(posts.canvas, Qt.Key.Key_Escape)
    assert posts.selection.keys == ()


def test_a_selected_object_is_ringed_also_inside_a_cluster(clustered: Scene) -> None:
    assert near(clustered.around(0, 0, 30), clustered.colour("accent")) == 0
    clustered.selection.set([key("lamps", 3)])
    assert near(clustered.around(0, 0, 30), clustered.colour("accent")) > 60


def tip(scene: Scene, at: tuple[float, float]) -> np.ndarray:
    """The pixels that the tip at a place changes."""
    scene.leave()
    before = scene.pixels()
    scene.move(at)
    return (scene.pixels() != before).any(axis=2)


def test_the_tip_shows_names_as_they_are_written(make_scene: MakeScene) -> None:
    wide = {}
    for name in ("Mairie", "<b>Mairie</b>", "Mairie &amp; co", "Mairie & co"):
        scene = make_scene()
        scene.put(table("posts", [(0, 0)], labels=[name * 2]))
        scene.look(16.0, east=140)
        columns = np.flatnonzero(tip(scene, scene.at(0, 0)).any(axis=0))
        wide[name] = columns.max() - columns.min()
    assert wide["<b>Mairie</b>"] > wide["Mairie"] + 20
    assert wide["Mairie &amp; co"] > wide["Mairie & co"] + 10


def test_the_tip_stays_inside_the_map(scene: Scene) -> None:
    scene.put(table("posts", [(0, 0)], labels=["A rather long name for one small post in a street"]))
    scene.look(16.0)
    view = scene.canvas.view
    for px, py in ((5, 5), (635, 5), (5, 475), (635, 475)):
        scene.canvas.show_view(view.panned(px - 320, py - 240))
        scene.settle()
        changed = tip(scene, (px, py))
        rows, columns = (np.flatnonzero(changed.any(axis=axis)) for axis in (1, 0))
        assert columns.max() - columns.min() > 150
        assert rows.max() - rows.min() > 30


def test_the_tip_says_when_nothing_is_known(make_scene: MakeScene) -> None:
    heard_of, silent = make_scene(), make_scene()
    heard_of.put(reporting(table("lamps", [(0, 0)])))
    silent.put(table("lamps", [(0, 0)]))
    tall = []
    for each in (heard_of, silent):
        each.look(16.0)
        changed = tip(each, each.at(0, 0))
        tall.append(np.flatnonzero(changed.any(axis=1)).max())
    assert tall[1] > tall[0] + 10


def test_the_tip_goes_when_the_map_moves_its_object_away(posts: Scene) -> None:
    told = heard(posts.canvas.hovered)
    posts.move(posts.at(0, 0))
    QTest.keyClick(posts.canvas, Qt.Key.Key_Left)
    posts.settle()
    posts.wait(lambda: told == [key("posts", 1), None])


def test_a_drag_takes_the_tip_away(posts: Scene) -> None:
    told = heard(posts.canvas.hovered)
    posts.move(posts.at(0, 0))
    posts.drag(posts.at(0, 0), (200, 200), (100, 100))
    assert told == [key("posts", 1), None]


def test_a_vehicle_that_drives_away_takes_its_tip_along(scene: Scene) -> None:
    scene.put(reporting(table("cars", [(0, 0)])))
    scene.look(16.0)
    told = heard(scene.canvas.hovered)
    scene.move(scene.at(0, 0))
    scene.tell(position("cars", "cars-0", 200, 50, time=NOW + 1))
    scene.hub.ticked.emit(NOW + 1)
    scene.wait(lambda: told == [key("cars", 0), None])


def test_a_crowded_dense_layer_is_hit_too(scene: Scene) -> None:
    where = np.random.default_rng(1).uniform(-3000, 3000, (DENSE + 10, 2))
    scene.put(reporting(table("lamps", where)))
    scene.look(14.5)
    shown = scene.drawn("lamps")
    assert 50 < len(shown) < DENSE
    for name in list(shown)[:20]:
        row = int(name.removeprefix("lamps-"))
        found = scene.canvas.object_at(*scene.at(*where[row]))
        assert found == ObjectKey("lamps", name)


def test_a_selected_object_is_a_plate_in_its_ring_even_where_others_are_dots(scene: Scene) -> None:
    scene.put(table("posts", [(0.0, 0.0)]))
    scene.look(11.0)
    before = near(scene.around(0.0, 0.0, 10), scene.colour("normal"))
    scene.canvas.selection.set([key("posts", 0)])
    assert near(scene.around(0.0, 0.0, 10), scene.colour("normal")) > before + 20
