"""The window as a whole: its keyboard, its layout, its bars, its themes."""

from __future__ import annotations

from pathlib import Path

import pytest
from qtpy.QtCore import Qt
from qtpy.QtGui import QKeySequence
from qtpy.QtTest import QTest
from qtpy.QtWidgets import QApplication, QWidget

from desktop.link.wire import StateMessage
from desktop.panels.furniture import scale_length
from desktop.panels.layout import Layout
from desktop.panels.parts import Link
from desktop.panels.zones import FocusFrame
from desktop.store.features import upsert
from desktop.work.picture import ObjectKey
from desktop.work.sync_summary import Removal, RemovalHeld, SyncFailed, SyncProgress, SyncStarted, SyncSummary
from layers.model import Live, Quality
from tests.panels.room import Room, city

H, N = "\u00a0", "\u202f"


def focusable(window: QWidget) -> list[QWidget]:
    policy = Qt.FocusPolicy.TabFocus
    return [it for it in window.findChildren(QWidget) if it.isVisible() and it.focusPolicy() & policy]


def test_every_command_has_a_name_and_no_two_share_a_shortcut(room: Room) -> None:
    keys = [key.toString() for action in room.window.commands for key in action.shortcuts()]
    assert len(keys) == len(set(keys))
    assert all(action.text() for action in room.window.commands)
    with pytest.raises(ValueError, match="already taken"):
        room.window.commands.add("again", "Group", "Again", lambda: None, "Ctrl+K")


def test_tab_reaches_every_part(room: Room) -> None:
    window = room.window
    room.select(("street-lights", "SL-00"))
    window.canvas.setFocus()
    reached: set[QWidget] = set()
    for _ in range(200):
        now = QApplication.focusWidget()
        if now is None or now in reached:
            break
        reached.add(now)
        QTest.keyClick(now, Qt.Key.Key_Tab)
    parts = {
        window.topbar.menu_button,
        window.search,
        window.tree.view,
        window.canvas,
        window.inspector.close_button,
        window.bottom.tabs,
        window.bottom.current_view,
        window.furniture.chooser,
        window.status.coordinates,
        *window.inspector.findChildren(Link),
    }
    assert {it.accessibleName() for it in parts - reached} == set()


def test_everything_that_takes_the_keyboard_has_a_spoken_name(room: Room) -> None:
    room.select(("street-lights", "SL-00"))
    assert [type(it).__name__ for it in focusable(room.window) if not it.accessibleName()] == []


@pytest.mark.parametrize(
    ("key", "command"), [("F5", "sync"), ("Ctrl+T", "theme"), ("Ctrl+1", "layers"), ("Ctrl+3", "tables")]
)
def test_shortcuts_work_wherever_the_keyboard_is(room: Room, key: str, command: str) -> None:
    triggered: list[str] = []
    room.window.commands[command].triggered.connect(lambda *_: triggered.append(command))
    room.window.tree.view.setFocus()
    combination = QKeySequence.fromString(key)[0]  # type: ignore[index]
    QTest.keyClick(room.window.tree.view, combination.key(), combination.keyboardModifiers())
    assert triggered == [command]


def test_f5_asks_for_a_sync(room: Room) -> None:
    room.window.commands["sync"].trigger()
    assert room.synced == 1


def test_back_and_forward_follow_the_history(room: Room) -> None:
    back = room.window.commands["back"]
    room.window.open_object(ObjectKey("junctions", "JC-0"))
    near = room.canvas.view
    room.window.fit_territory()
    assert room.canvas.view.zoom < near.zoom and back.isEnabled()
    back.trigger()
    assert room.canvas.view.zoom == near.zoom
    assert room.window.commands["forward"].isEnabled()


def test_the_layout_comes_back(french: None, tmp_path: Path) -> None:
    first = Room(tmp_path)
    first.window.toggle_layers()
    first.display.set_visible("cameras", False)
    first.display.set_opacity("junctions", 0.5)
    first.display.set_conditions("street-lights", (("technology", "=", "led"),))
    first.window.status.set_system("CC47")
    first.window.toggle_theme()
    first.window.frame.stack.setSizes([500, 300])
    height = first.window.bottom.height()
    first.close()
    assert Layout(tmp_path / "layout.ini").text("theme", "") == "light"
    second = Room(tmp_path)
    assert second.window.tree.isHidden()
    assert not second.window.commands["layers"].isChecked()
    assert not second.display.of("cameras").visible
    assert second.display.of("junctions").opacity == 0.5
    assert second.window.status.system == "CC47"
    assert abs(second.window.bottom.height() - height) <= 2
    second.settle()
    summary = second.window.tree.model.summary("street-lights")
    assert summary is not None and summary.shown == 8
    second.close()


@pytest.mark.parametrize("damage", [b"", b"\x00\xff\x00 not ini", b"[General]\nlayers=%%%\nversion=9\n"])
def test_a_damaged_layout_is_as_good_as_none(french: None, tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "layout.ini").write_bytes(damage)
    room = Room(tmp_path)
    assert not room.window.tree.isHidden() and room.display.of("cameras").visible
    room.close()


def test_the_usual_layout_can_be_had_back(room: Room) -> None:
    room.window.toggle_layers()
    room.window.toggle_bottom()
    room.window.commands["reset-layout"].trigger()
    assert not room.window.tree.isHidden() and not room.window.bottom.isHidden()


def test_on_a_small_screen_the_inspector_folds_over_the_map(french: None, tmp_path: Path) -> None:
    room = Room(tmp_path, size=(1280, 800))
    window = room.window
    assert not window.inspector.isVisible()
    width = room.canvas.width()
    room.select(("junctions", "JC-0"))
    assert window.inspector.isVisible()
    assert room.canvas.width() == width
    assert window.furniture.buttons.geometry().right() < width - window.inspector.width()
    window.inspector.close_button.click()
    assert not window.inspector.isVisible()
    window.resize(1700, 900)
    room.until(lambda: window.inspector.isVisible() and window.frame.sides.count() == 3)
    room.close()


def test_changing_theme_repaints_everything(room: Room) -> None:
    def middle() -> float:
        image = room.window.grab().toImage()
        points = [(20, 50), (1500, 400), (400, 950), (800, 940)]
        return sum(image.pixelColor(x, y).lightnessF() for x, y in points) / len(points)

    assert middle() < 0.2
    room.window.toggle_theme()
    assert middle() > 0.9


def test_notices_take_one_line_and_go(room: Room) -> None:
    notices = room.window.notices
    assert not notices.isVisible()
    room.hub.failed.emit("cache.db: the disk is full")
    assert notices.isVisible() and notices.text.whole == "cache.db: le disque est plein"
    notices.clear()
    assert not notices.isVisible()


def test_sync_progress_says_what_how_many_how_fast_and_how_long(room: Room) -> None:
    status = room.window.status.registry
    room.hub.received.emit(SyncStarted())
    progress = SyncProgress(
        source="registry",
        layer="street-lights",
        title="",
        done=12_000,
        total=34_000,
        rate=8_000.0,
        seconds_left=2.75,
        phase="reading",
    )
    room.hub.received.emit(progress)
    assert status.text == f"Éclairage public · lecture · 12{N}000 sur 34{N}000 · 8{N}000/s · reste 2{H}s"
    assert status.share == pytest.approx(12 / 34)
    room.hub.received.emit(SyncSummary(source="registry", finished=room.now))
    room.pass_time(12)
    assert status.text == f"Registre · synchronisé il y a 12{H}s"
    assert status.quality.name == "GOOD"
    room.pass_time(3600)
    assert status.quality == Quality.UNCERTAIN


def test_a_registry_that_is_down_leaves_the_picture_and_its_age(room: Room) -> None:
    room.hub.received.emit(SyncSummary(source="registry", finished=room.now))
    room.hub.received.emit(SyncFailed("connection refused", room.now))
    assert "connection refused" in room.window.notices.text.whole
    status = room.window.status.registry
    assert status.quality is Quality.BAD and "injoignable" in status.text and "il y a" in status.text
    room.hub.received.emit(SyncSummary(source="registry", finished=room.now))
    assert not room.window.notices.isVisible()


def test_removals_are_asked_for(room: Room) -> None:
    room.hub.received.emit(RemovalHeld(Removal(layer="cameras", count=200, of=269)))
    assert f"ne liste plus 200 des 269{H}objets" in room.window.notices.text.whole
    room.window.notices.button.click()
    assert room.agreed == ["cameras"]


def test_the_feed_tells_rate_silence_and_loss(room: Room) -> None:
    for _ in range(2):
        room.report("junctions", "JC-0", mode="automatic")
    room.pass_time(1)
    label = room.window.status.source("feed")
    assert label.text == f"Flux · 0,1{H}msg/s · il y a 1{H}s" and label.quality.name == "GOOD"
    room.pass_time(60)
    assert label.quality.name == "UNCERTAIN"
    room.link(up=False)
    room.pass_time(3)
    assert label.text.startswith("Flux · coupé depuis ") and label.quality == Quality.BAD


def test_coordinates_follow_the_pointer_in_the_chosen_system(room: Room) -> None:
    status = room.window.status
    room.canvas.cursor_moved.emit((561_234.0, 5_994_321.0))
    assert f"{H}N" in status.coordinates.text()
    status.coordinates.click()
    assert status.coordinates.text().startswith("CC47")
    status.coordinates.click()
    assert status.coordinates.text().startswith("L93")
    status.copy_place()
    assert QApplication.clipboard().text() == status.coordinates.text()


@pytest.mark.parametrize("resolution", [0.05, 0.6, 3.0, 77.0, 900.0])
def test_the_scale_bar_is_a_round_length_that_fits(resolution: float) -> None:
    metres, pixels = scale_length(resolution)
    assert 48 <= pixels <= 120
    assert f"{metres:e}"[0] in "125" and set(f"{metres:e}"[1:8]) <= {".", "0"}
    assert metres == pytest.approx(pixels * resolution)


def test_another_language_is_asked_for_once_and_remembered(room: Room) -> None:
    asked: list[str] = []
    room.window.locale_requested.connect(asked.append)
    room.window.commands["french"].trigger()
    assert asked == []
    room.window.commands["english"].trigger()
    assert asked == ["en"]


def test_f6_goes_round_the_parts_of_the_window(room: Room) -> None:
    window = room.window
    room.select(("street-lights", "SL-00"))
    window.tree.view.setFocus()
    parts = [window.tree, window.canvas, window.inspector, window.bottom, window.topbar]

    def here() -> QWidget | None:
        focus = QApplication.focusWidget()
        return next(
            (it for it in parts if focus is not None and (it is focus or it.isAncestorOf(focus))), None
        )

    gone = []
    for _ in parts:
        gone.append(here())
        window.commands["next-zone"].trigger()
    assert gone == parts and here() is window.tree
    window.commands["previous-zone"].trigger()
    assert here() is window.topbar
    window.toggle_layers()
    window.commands["next-zone"].trigger()
    assert here() is window.canvas


def test_the_map_shows_that_it_has_the_keyboard_but_not_to_the_mouse(room: Room) -> None:
    frame = room.canvas.findChild(FocusFrame)
    assert frame is not None and not frame.isVisible()
    room.window.focus_layers()
    room.window.focus_map()
    assert frame.isVisible()
    QTest.mouseClick(room.canvas, Qt.MouseButton.LeftButton, pos=room.canvas.rect().center())
    assert not frame.isVisible()


def test_a_registry_that_works_again_settles_only_what_it_caused(room: Room) -> None:
    notices = room.window.notices
    room.hub.failed.emit("cache.db: the disk is full")
    room.hub.received.emit(SyncSummary(source="registry", finished=room.now))
    assert notices.isVisible()


def test_a_feed_that_is_catching_up_says_so_instead_of_a_rate(room: Room) -> None:
    states = [StateMessage("street-lights", f"SL-{i:03d}", Live(time=room.now)) for i in range(300)]
    room.send(*states)
    room.pass_time(1)
    label = room.window.status.source("feed")
    assert label.text == "Flux · resynchronisation"
    room.pass_time(4)
    assert f"0,0{H}msg/s" in label.text


def test_an_empty_map_says_why_and_what_will_fill_it(french: None, tmp_path: Path) -> None:
    room = Room(tmp_path, rows=[])
    opening, received = room.window.opening, room.hub.received
    assert not opening.isVisible()
    making = SyncProgress(
        source="demo", layer="", title="", done=40, total=100, rate=0.0, seconds_left=None, phase="making"
    )
    received.emit(making)
    assert opening.isVisible() and "démonstration" in opening.title.text() and opening.bar.share == 0.4
    assert f"40{H}%" in opening.progress.whole
    received.emit(SyncFailed("refused", room.now))
    assert "ne répond pas" in opening.text.whole and not opening.bar.isVisible()
    abnormal = room.window.bottom.show_abnormal()
    assert abnormal.why_empty().startswith("Rien n’a encore été lu")
    room.cache.submit(lambda db: upsert(db, city())).result()
    room.hub.load("junctions")
    room.until(lambda: not opening.isVisible())
    room.close()


def test_a_calm_table_never_takes_silence_for_health(room: Room) -> None:
    view = room.window.bottom.show_abnormal()
    room.display.set_conditions("incidents", (("status", "=", "closed"),))
    room.until(lambda: view.model().rowCount() == 0)
    assert "ne répondent pas" in view.why_empty()
    room.link(up=False)
    assert "flux est coupé" in view.why_empty()


def test_an_object_flown_to_stands_in_the_part_of_the_map_that_is_not_covered(
    french: None, tmp_path: Path
) -> None:
    room = Room(tmp_path, size=(1280, 800))
    room.window.open_object(ObjectKey("junctions", "JC-0"))
    table, row = room.hub.picture.place(ObjectKey("junctions", "JC-0")) or (None, 0)
    assert table is not None
    x, _ = room.canvas.view.to_screen(float(table.x[row]), float(table.y[row]))
    assert x == pytest.approx((room.canvas.width() - room.window.inspector.width()) / 2, abs=2)
    room.close()
