"""Going places: wheel, keys, drags, pinches, flights and the way back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from qtpy.QtCore import QEvent, QPoint, QPointF, Qt
from qtpy.QtGui import QNativeGestureEvent, QPointingDevice
from qtpy.QtTest import QTest
from qtpy.QtWidgets import QApplication
from shapely import box

from desktop.map.canvas import HOME
from desktop.map.motion import between
from desktop.map.tiles import covering
from desktop.map.viewport import MAX_ZOOM, MIN_ZOOM, QUARTER, Viewport, resting
from desktop.mercator import to_mercator
from desktop.work.picture import ObjectKey
from tests.map.scene import Scene, key
from tests.map.town import CENTER, table

MakeScene = Callable[..., Scene]
Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def still(scene: Scene) -> Scene:
    """A map that moves at once, at zoom 14."""
    scene.look(14.0)
    return scene


@pytest.fixture
def lively(make_scene: MakeScene) -> Scene:
    """A map that flies, at zoom 14."""
    made = make_scene(reduced_motion=False)
    made.look(14.0)
    return made


@pytest.mark.parametrize("notches", [1, -1, 3, -5])
def test_the_wheel_keeps_the_place_under_the_pointer(still: Scene, notches: int) -> None:
    for at in ((320, 240), (10, 400), (600, 33)):
        still.look(14.0)
        place = still.canvas.view.to_map(*at)
        for _ in range(abs(notches)):
            still.wheel(at, 120 if notches > 0 else -120)
        assert still.canvas.view.zoom == 14.0 + notches / 2
        assert still.canvas.view.to_screen(*place) == pytest.approx(at, abs=1e-3)


def test_the_wheel_in_flight_keeps_the_place_too(lively: Scene) -> None:
    at = (100, 100)
    place = lively.canvas.view.to_map(*at)
    for _ in range(3):
        lively.wheel(at, 120)
        QApplication.processEvents()
    lively.settle()
    assert lively.canvas.view.zoom == 15.5
    assert lively.canvas.view.to_screen(*place) == pytest.approx(at, abs=0.5)


def test_a_fine_wheel_adds_up_to_notches(still: Scene) -> None:
    for _ in range(16):
        still.wheel((320, 240), 15)
    assert still.canvas.view.zoom == 15.0


def test_the_wheel_stops_at_the_limits(still: Scene) -> None:
    for sign, limit in ((1, MAX_ZOOM), (-1, MIN_ZOOM)):
        for _ in range(40):
            still.wheel((10, 10), 120 * sign)
        assert still.canvas.view.zoom == limit


def test_a_mouse_wheel_that_gives_pixels_zooms_all_the_same(still: Scene) -> None:
    still.wheel((320, 240), 120, QPoint(0, 120))
    assert still.canvas.view.zoom == 14.5


def test_two_fingers_on_a_touchpad_pan_and_with_ctrl_zoom(still: Scene) -> None:
    place = still.canvas.view.to_map(320, 240)
    still.wheel((320, 240), 60, QPoint(12, 30), Qt.ScrollPhase.ScrollUpdate)
    assert still.canvas.view.to_screen(*place) == pytest.approx((332, 270))
    assert still.canvas.view.zoom == 14.0
    still.wheel(
        (320, 240), 120, QPoint(0, 30), Qt.ScrollPhase.ScrollUpdate, Qt.KeyboardModifier.ControlModifier
    )
    assert still.canvas.view.zoom == 14.5


@pytest.mark.parametrize(
    ("pressed", "east", "north"),
    [(Key.Key_Left, -1, 0), (Key.Key_Right, 1, 0), (Key.Key_Up, 0, 1), (Key.Key_Down, 0, -1)],
)
def test_arrows_look_that_way(still: Scene, pressed: Qt.Key, east: int, north: int) -> None:
    QTest.keyClick(still.canvas, pressed)
    view = still.canvas.view
    moved = ((view.x - CENTER[0]) / view.resolution, (view.y - CENTER[1]) / view.resolution)
    assert moved == pytest.approx((160 * east, 160 * north))


def test_arrows_in_flight_add_up(lively: Scene) -> None:
    for _ in range(3):
        QTest.keyClick(lively.canvas, Key.Key_Right)
    lively.settle()
    assert (lively.canvas.view.x - CENTER[0]) / lively.canvas.view.resolution == pytest.approx(480)


def test_arrows_with_a_modifier_are_left_to_the_window(still: Scene) -> None:
    before = still.canvas.view
    QTest.keyClick(still.canvas, Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert still.canvas.view == before


def test_plus_and_minus_zoom_about_the_centre(still: Scene) -> None:
    QTest.keyClick(still.canvas, Key.Key_Plus)
    QTest.keyClick(still.canvas, Key.Key_Plus)
    QTest.keyClick(still.canvas, Key.Key_Minus)
    assert still.canvas.view.zoom == 14.5
    assert (still.canvas.view.x, still.canvas.view.y) == pytest.approx(CENTER)


def test_home_shows_the_whole_territory(still: Scene) -> None:
    QTest.keyClick(still.canvas, Key.Key_Home)
    west, south, east, north = still.canvas.view.bounds
    assert west < HOME[0] and south < HOME[1] and east > HOME[2] and north > HOME[3]
    known: list[int] = []
    still.canvas.territory_known.connect(lambda: known.append(1))
    still.put(table("communes", shapes=[box(-500, -300, 0, 300), box(0, -300, 500, 300)]))
    still.wait(lambda: known)
    QTest.keyClick(still.canvas, Key.Key_Home)
    assert still.canvas.view.zoom > 13
    assert (still.canvas.view.x, still.canvas.view.y) == pytest.approx(CENTER)
    still.put(table("communes", shapes=[box(-500, -300, 500, 300)]))
    still.settle()
    assert known == [1]


@pytest.mark.parametrize("button", [LEFT, Qt.MouseButton.MiddleButton])
def test_a_drag_takes_the_ground_along(still: Scene, button: Qt.MouseButton) -> None:
    place = still.canvas.view.to_map(300, 200)
    still.drag((300, 200), (310, 210), (360, 170), button=button)
    assert still.canvas.view.to_screen(*place) == pytest.approx((360, 170))


def test_a_drag_selects_nothing_and_a_shaky_click_does(still: Scene) -> None:
    still.put(table("posts", [(0, 0)]))
    still.settle()
    still.drag((320, 240), (340, 250), (320, 240))
    assert still.selection.keys == ()
    still.drag((320, 240), (321, 241))
    assert still.selection.keys == (key("posts", 0),)


def test_a_drag_let_go_outside_the_map_ends(still: Scene) -> None:
    still.mouse(QEvent.Type.MouseButtonPress, (300, 200), LEFT, LEFT)
    still.mouse(QEvent.Type.MouseMove, (340, 200), held=LEFT)
    before = still.canvas.view
    still.mouse(QEvent.Type.MouseMove, (400, 220))
    assert still.canvas.view == before


def pinch(scene: Scene, at: tuple[float, float], value: float) -> None:
    where = QPointF(*at)
    device = QPointingDevice.primaryPointingDevice()
    event = QNativeGestureEvent(
        Qt.NativeGestureType.ZoomNativeGesture, device, 2, where, where, where, value, QPointF()
    )
    QApplication.sendEvent(scene.canvas, event)


def test_a_pinch_scales_about_the_fingers_and_comes_to_rest(still: Scene) -> None:
    at = (100.0, 300.0)
    place = still.canvas.view.to_map(*at)
    for _ in range(4):
        pinch(still, at, 0.07)
    assert 14.3 < still.canvas.view.zoom < 14.5
    assert still.canvas.view.to_screen(*place) == pytest.approx(at, abs=1e-3)
    still.wait(lambda: still.canvas.view.zoom == resting(still.canvas.view.zoom))
    assert still.canvas.view.zoom in (14.25, 14.5)


def test_a_flight_ends_on_a_resting_zoom_at_its_place(lively: Scene) -> None:
    goal = to_mercator(5.1, 47.35)
    lively.canvas.fly_to(*goal, 16.37)
    assert lively.canvas.view.zoom == 14.0
    passed: list[float] = []
    lively.canvas.view_changed.connect(lambda view: passed.append(view.zoom))
    lively.settle()
    assert lively.canvas.view.zoom == 16.25 == resting(16.25)
    assert (lively.canvas.view.x, lively.canvas.view.y) == goal
    assert passed == sorted(passed)
    assert len(passed) > 2


def test_with_reduced_motion_everything_is_there_at_once(still: Scene) -> None:
    moves: list[Viewport] = []
    still.canvas.view_changed.connect(moves.append)
    still.canvas.fly_to(*CENTER, 17.0)
    QTest.keyClick(still.canvas, Key.Key_Right)
    still.wheel((320, 240), -120)
    assert [view.zoom for view in moves] == [17.0, 17.0, 16.5]
    assert not still.canvas.motion.under_way


def test_a_drag_catches_a_flying_map(lively: Scene) -> None:
    lively.canvas.fly_to(CENTER[0] + 3000, CENTER[1], 16.0)
    lively.wait(lambda: lively.canvas.view.zoom != 14.0)
    lively.drag((300, 200), (330, 200))
    caught = lively.canvas.view
    lively.settle()
    assert lively.canvas.view.zoom == resting(caught.zoom)
    assert abs(lively.canvas.view.x - caught.x) < 200 * caught.resolution


@pytest.mark.parametrize("zoom", [MIN_ZOOM, 12.0, MAX_ZOOM])
def test_a_flight_from_afar_asks_for_few_tiles(make_scene: MakeScene, zoom: float) -> None:
    scene = make_scene(reduced_motion=False)
    scene.look(MIN_ZOOM)
    asked: list[int] = []
    want = scene.canvas._tiles.want
    scene.canvas._tiles.want = lambda addresses: asked.append(len(addresses)) or want(addresses)  # type: ignore[method-assign, func-returns-value]
    scene.canvas.fly_to(CENTER[0] + 2000, CENTER[1], zoom)
    scene.settle()
    assert asked
    assert max(asked) <= 4 * len(covering(scene.canvas.view, round(MIN_ZOOM * QUARTER), 1.0)) + 12


def test_half_way_there_both_ends_are_respected() -> None:
    start = Viewport(x=0, y=0, zoom=10, width=100, height=100)
    end = Viewport(x=1000, y=-500, zoom=14, width=100, height=100)
    assert between(start, end, 0.0) == start
    last = between(start, end, 1.0)
    assert (last.x, last.y, last.zoom) == pytest.approx((1000, -500, 14))
    level = between(start, Viewport(x=100, y=0, zoom=10, width=100, height=100), 0.5)
    assert (level.x, level.zoom) == (50, 10)


def test_back_and_forward_go_through_the_places_of_rest(still: Scene) -> None:
    for east, zoom in ((1000, 15.0), (2000, 16.0), (3000, 12.0)):
        still.canvas.fly_to(CENTER[0] + east, CENTER[1], zoom)
    still.canvas.back()
    still.canvas.back()
    assert still.canvas.view.zoom == 15.0
    assert still.canvas.history.can_go_back and still.canvas.history.can_go_forward
    still.canvas.forward()
    assert (still.canvas.view.zoom, still.canvas.view.x) == (16.0, CENTER[0] + 2000)
    still.canvas.fly_to(*CENTER, 18.0)
    assert not still.canvas.history.can_go_forward
    still.canvas.forward()
    assert still.canvas.view.zoom == 18.0
    still.canvas.back()
    assert still.canvas.view.zoom == 16.0


def test_back_at_the_beginning_stays(make_scene: MakeScene) -> None:
    scene = make_scene()
    scene.look(14.0)
    for _ in range(5):
        scene.canvas.back()
    assert scene.canvas.view.zoom == 14.0
    assert not scene.canvas.history.can_go_back


def test_small_moves_are_not_remembered(still: Scene) -> None:
    seen: list[int] = []
    still.canvas.history_changed.connect(lambda: seen.append(1))
    still.drag((300, 200), (310, 205))
    assert not seen
    still.drag((300, 200), (100, 205))
    assert seen == [1]


def test_objects_are_flown_to_together(still: Scene) -> None:
    still.put(table("posts", [(-400, 0), (900, 300)]), table("roads", shapes=[box(0, 0, 10, 800).exterior]))
    still.settle()
    still.canvas.fit_keys([key("posts", 0), key("posts", 1), key("roads", 0), ObjectKey("posts", "gone")])
    view = still.canvas.view
    for east, north in ((-400, 0), (900, 300), (10, 800)):
        x, y = view.to_screen(CENTER[0] + east, CENTER[1] + north)
        assert 0 < x < view.width and 0 < y < view.height
    still.canvas.fit_keys([ObjectKey("posts", "gone")])
    assert still.canvas.view == view


def test_a_resized_map_keeps_its_centre_and_zoom(still: Scene) -> None:
    still.canvas.zoom_by(1.0)
    still.canvas.resize(900, 300)
    QApplication.processEvents()
    view = still.canvas.view
    assert (view.width, view.height, view.zoom) == (900, 300, 15.0)
    assert (view.x, view.y) == pytest.approx(CENTER)


def test_a_map_that_was_only_dragged_keeps_its_view_when_resized(make_scene: MakeScene) -> None:
    scene = make_scene()
    scene.wheel((320, 240), 120)
    before = scene.canvas.view
    scene.canvas.resize(500, 500)
    QApplication.processEvents()
    assert (scene.canvas.view.x, scene.canvas.view.zoom) == (before.x, before.zoom)


def test_what_is_fitted_stands_beside_a_panel_that_lies_over_the_map(still: Scene) -> None:
    canvas = still.canvas
    canvas.covered = canvas.width() // 2
    west, north = canvas.fitted((0.0, 0.0, 1000.0, 1000.0)).to_screen(0.0, 1000.0)
    east, _ = canvas.fitted((0.0, 0.0, 1000.0, 1000.0)).to_screen(1000.0, 0.0)
    assert west >= 0 and north >= 0
    assert east <= canvas.width() - canvas.covered
