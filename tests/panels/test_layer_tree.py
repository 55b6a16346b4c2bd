"""The layer tree says what there is, what is wrong, and does what is asked of it, by mouse or keyboard."""

from __future__ import annotations

import pytest
from qtpy.QtCore import QPoint, Qt
from qtpy.QtGui import QColor
from qtpy.QtTest import QTest
from qtpy.QtWidgets import QComboBox, QLineEdit, QSlider

from desktop.work.sync_summary import LayerSummary, SyncSummary
from layers.definition import Severity
from tests.panels.room import Room

H = "\u00a0"


def spoken(room: Room, layer: str) -> str:
    text = room.window.tree.model.index_of(layer).data(Qt.ItemDataRole.AccessibleTextRole)
    assert isinstance(text, str)
    return text


def legend(room: Room, layer: str) -> dict[str, int]:
    model = room.window.tree.model
    node = model.node(model.index_of(layer))
    assert node is not None
    return {model.title(it): model.entry_count(layer, it.entry) for it in node.children if it.entry}


def go_to(room: Room, layer: str) -> None:
    room.window.focus_layers()
    room.window.tree.view.setCurrentIndex(room.window.tree.model.index_of(layer))


def test_every_layer_stands_under_its_group(room: Room) -> None:
    model = room.window.tree.model
    shown = {
        model.node(model.index(row, 0, group)).layer.id  # type: ignore[union-attr]
        for place in range(model.rowCount())
        for group in [model.index(place, 0)]
        for row in range(model.rowCount(group))
    }
    assert shown == set(room.hub.picture.layers)
    assert model.title(model.node(model.index(0, 0))) == "Équipements"  # type: ignore[arg-type]


def test_a_fault_shows_as_count_and_worst_state(room: Room) -> None:
    assert "■" not in spoken(room, "junctions")
    room.report("junctions", "JC-0", mode="automatic")
    room.report("junctions", "JC-1", mode="automatic", faults=["lamp-fault-red"])
    room.report("junctions", "JC-2", mode="off")
    text = spoken(room, "junctions")
    assert text.startswith("Carrefours à feux\n3 en tout")
    assert f"■ priorité{H}1{H}: 1" in text and f"▲ priorité{H}2{H}: 1" in text
    summary = room.window.tree.model.summary("junctions")
    assert summary is not None and summary.worst is Severity.HIGH


def test_the_badge_is_painted_in_the_colour_of_the_worst_state(room: Room) -> None:
    view, red = room.window.tree.view, QColor(room.look.theme.p1)
    rect = view.visualRect(room.window.tree.model.index_of("buildings"))

    def reddish() -> int:
        image = view.viewport().grab(rect).toImage()
        return sum(image.pixelColor(x, y) == red for x in range(image.width()) for y in range(image.height()))

    table = room.hub.picture.table("junctions")
    assert table is not None and reddish() == 0
    rect = view.visualRect(room.window.tree.model.index_of("junctions"))
    assert reddish() == 0
    room.report("junctions", "JC-2", mode="off")
    assert reddish() > 20


def test_silence_shows_as_unknown_then_known_then_uncertain(room: Room) -> None:
    assert f"inconnus{H}: 3" in spoken(room, "junctions")
    room.report("junctions", "JC-0", mode="automatic")
    assert f"inconnus{H}: 2" in spoken(room, "junctions")
    room.pass_time(40)
    assert f"incertains{H}: 1" in spoken(room, "junctions")


def test_the_legend_counts_each_state_and_doubt(room: Room) -> None:
    room.report("junctions", "JC-1", mode="automatic", faults=["lamp-fault-red"])
    counts = legend(room, "junctions")
    assert counts["Feu en défaut"] == 1
    assert counts["Automatique"] == 2
    assert counts[f"Inconnu{H}: aucune nouvelle"] == 2
    assert counts[f"Incertain{H}: rien de récent"] == 0


def test_space_hides_and_shows_the_layer(room: Room) -> None:
    go_to(room, "junctions")
    QTest.keyClick(room.window.tree.view, Qt.Key.Key_Space)
    assert not room.display.of("junctions").visible
    QTest.keyClick(room.window.tree.view, Qt.Key.Key_Space)
    assert room.display.of("junctions").visible


def test_arrows_move_and_open_the_legend(room: Room) -> None:
    go_to(room, "lighting-cabinets")
    view = room.window.tree.view
    QTest.keyClick(view, Qt.Key.Key_Down)
    layer = view.layer_at(view.currentIndex())
    assert layer is not None and layer.id == "junctions"
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert view.isExpanded(view.currentIndex())
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert not view.isExpanded(view.currentIndex())


def test_the_dot_is_clicked_to_hide_and_the_title_is_not(room: Room) -> None:
    view = room.window.tree.view
    rect = view.visualRect(room.window.tree.model.index_of("junctions"))
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(120, rect.center().y()))
    assert room.display.of("junctions").visible
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(22, rect.center().y()))
    assert not room.display.of("junctions").visible


@pytest.mark.qt_log_ignore("does not support grabbing", extend=True)
def test_opacity_and_filters_act_at_once(room: Room) -> None:
    go_to(room, "street-lights")
    options = room.window.tree.open_options("street-lights")
    slider = options.findChild(QSlider)
    assert slider is not None
    slider.setValue(40)
    assert room.display.of("street-lights").opacity == 0.4
    box = next(it for it in options.findChildren(QComboBox) if it.accessibleName() == "Technologie")
    box.setCurrentIndex(box.findData("sodium"))
    room.settle()
    assert "4 après filtrage" in spoken(room, "street-lights")
    line = next(it for it in options.findChildren(QLineEdit) if it.accessibleName() == "Puissance nominale")
    line.setText("100")
    line.editingFinished.emit()
    room.settle()
    assert "0 après filtrage" in spoken(room, "street-lights")
    room.window.remove_filters()
    room.settle()
    assert "après filtrage" not in spoken(room, "street-lights")
    options.close()


def test_the_menu_shows_only_one_layer_and_restores_the_usual_ones(room: Room) -> None:
    actions = {it.text(): it for it in room.window.tree.menu("cameras").actions()}
    actions["N’afficher que cette couche"].trigger()
    points = [it for it in room.hub.picture.layers.values() if it.geometry == "point"]
    assert [it.id for it in points if room.display.of(it.id).visible] == ["cameras"]
    actions["Afficher les couches habituelles"].trigger()
    assert all(room.display.of(it.id).visible == it.visible for it in points)


def test_a_commune_hides_the_others_but_not_lines_that_cross_it(room: Room) -> None:
    room.window.choose_commune("21617")
    room.settle()
    assert "2 après filtrage" in spoken(room, "street-lights")
    assert room.window.furniture.chooser.accessibleName().startswith("Talant")
    names = [it.text() for it in room.window.furniture.chooser.menu_of_communes().actions()]
    assert names == ["Tout le territoire", "", "Dijon", "Talant"]
    room.window.choose_commune(None)
    room.settle()
    assert "après filtrage" not in spoken(room, "street-lights")


def test_a_layer_the_registry_does_not_feed_shows_a_dash_and_says_why(room: Room) -> None:
    model = room.window.tree.model
    assert model.count_words("street-lights") == "12"
    assert model.count_words("cameras") == "—"
    assert "pas été lu" in spoken(room, "cameras")
    fed = {"street-lights": LayerSummary(), "cameras": LayerSummary()}
    room.hub.received.emit(SyncSummary(source="registry", layers=fed, finished=room.now))
    assert model.count_words("cameras") == "0"
    assert model.count_words("bollards") == "—"
    assert "ne fournit pas" in spoken(room, "bollards")
