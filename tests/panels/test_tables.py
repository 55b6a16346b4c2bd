"""The tables list what is abnormal, worst first, and hold still while the operator reads."""

from __future__ import annotations

from qtpy.QtCore import QPoint, Qt
from qtpy.QtTest import QTest

from desktop.panels.table_view import ObjectView
from desktop.panels.tables import CELL, Cell
from desktop.work.picture import ObjectKey
from layers.definition import Severity
from tests.panels.room import Room


def cells(view: ObjectView, row: int) -> list[str]:
    model = view.model()
    found = [model.index(row, column).data(CELL) for column in range(model.columnCount())]
    return [cell.text for cell in found if isinstance(cell, Cell)]


def column(view: ObjectView, place: int) -> list[str]:
    return [cells(view, row)[place] for row in range(view.model().rowCount())]


def trouble(room: Room) -> ObjectView:
    room.report("street-lights", "SL-03", faults=["lamp-failure"], age=60, on=True)
    room.report("street-lights", "SL-11", faults=["lamp-failure"], age=30, on=True)
    room.report("junctions", "JC-0", faults=["lamp-fault-red"], age=20, mode="automatic")
    view = room.window.bottom.show_abnormal()
    room.until(lambda: view.model().rowCount() == 4)
    return view


def test_the_most_urgent_come_first_then_the_newest(room: Room) -> None:
    view = trouble(room)
    assert column(view, 3) == ["Arbre tombé", "Carrefour Darcy", "SL-11", "SL-03"]
    assert column(view, 0) == ["1", "2", "3", "3"]
    assert cells(view, 1)[2:] == [
        "Feu en défaut, lampe rouge",
        "Carrefour Darcy",
        "Dijon",
        "Carrefours à feux",
    ]
    assert cells(view, 2)[4] == "Talant"


def test_since_is_the_report_or_the_opening_of_the_incident(room: Room) -> None:
    view = trouble(room)
    assert column(view, 1)[1] == room.look.words.clock(room.now - 20)
    room.until(lambda: column(view, 1)[0].startswith("2026-01-02"))


def test_an_incident_says_how_far_it_is_rather_than_its_priority_twice(room: Room) -> None:
    view = trouble(room)
    assert cells(view, 0)[0] == "1" and cells(view, 0)[2] == "Nouveau"
    room.select(("incidents", "I-1"))
    card = room.window.inspector.card
    assert card is not None and card.banner.title.whole == "Priorité\u00a01 · Nouveau"


def test_a_time_to_come_is_not_shown_as_past(room: Room) -> None:
    room.now = 1_767_340_000.0  # before the incident's opening, the same day
    view = trouble(room)
    room.until(lambda: column(view, 1)[0].startswith("futur "))
    tip = str(view.model().index(0, 1).data(Qt.ItemDataRole.ToolTipRole))
    assert "horloge" in tip


def test_the_tab_counts_by_priority(room: Room) -> None:
    trouble(room)
    tip = room.window.bottom.tabs.tabToolTip(0)
    assert tip == "Anormaux ■1 ▲1 ◆2"
    counts = room.window.bottom.abnormal.counts()
    assert counts[Severity.LOW] == 2


def test_what_is_mended_leaves(room: Room) -> None:
    view = trouble(room)
    room.report("junctions", "JC-0", age=0, mode="automatic")
    room.until(lambda: view.model().rowCount() == 3)


def test_doubt_is_written_beside_the_state(room: Room) -> None:
    view = trouble(room)
    room.pass_time(40)
    room.until(lambda: column(view, 2)[1] == "Feu en défaut, lampe rouge · incertain")


def test_arrows_select_and_enter_flies(room: Room) -> None:
    view = trouble(room)
    view.setCurrentIndex(view.model().index(0, 0))
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert room.selection.current == ObjectKey("junctions", "JC-0")
    far = room.canvas.view
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert room.canvas.view.zoom > far.zoom


def test_a_click_selects_and_flies(room: Room) -> None:
    view = trouble(room)
    at = view.visualRect(view.model().index(1, 3)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert room.selection.keys == (ObjectKey("junctions", "JC-0"),)
    assert room.canvas.view.zoom >= 16


def test_what_is_selected_on_the_map_is_marked_in_the_table(room: Room) -> None:
    view = trouble(room)
    room.select(("street-lights", "SL-03"))
    assert [index.row() for index in view.selectionModel().selectedRows()] == [3]


def test_news_do_not_move_the_scroll_nor_the_selection(room: Room) -> None:
    for number in range(12):
        room.report("street-lights", f"SL-{number:02d}", faults=["lamp-failure"], age=100 - number, on=True)
    view = room.window.bottom.show_abnormal()
    room.until(lambda: view.model().rowCount() == 13)
    room.select(("street-lights", "SL-11"))
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
    place = view.verticalScrollBar().value()
    assert place > 0
    room.report("junctions", "JC-0", faults=["lamp-fault-red"], mode="automatic")
    room.until(lambda: view.model().rowCount() == 14)
    assert view.verticalScrollBar().value() == place
    assert room.selection.keys == (ObjectKey("street-lights", "SL-11"),)


def test_operations_have_their_tables_and_any_layer_can(room: Room) -> None:
    tabs = room.window.bottom.tabs
    assert [tabs.tabText(place) for place in range(tabs.count())] == [
        "Anormaux",
        "Incidents",
        "Interventions",
        "Équipes",
    ]
    room.window.tree.table_wanted.emit("street-lights")
    room.settle()
    view = room.window.bottom.current_view
    assert view.model().rowCount() == 12
    assert "rue de la Liberté" in cells(view, 0)


def test_a_reference_is_shown_by_name(room: Room) -> None:
    view = room.window.bottom.show_layer("interventions")
    room.settle()
    room.until(lambda: "Arbre tombé" in cells(view, 0))
    assert "VOI 04" in cells(view, 0)


def test_an_empty_table_says_why(room: Room) -> None:
    room.display.set_conditions("incidents", (("status", "=", "closed"),))
    room.settle()
    view = room.window.bottom.show_layer("incidents")
    room.until(lambda: view.model().rowCount() == 0)
    blank = view.viewport().grab().toImage()
    colors = {blank.pixelColor(x, 20).name() for x in range(12, 300)}
    assert len(colors) > 3


def test_a_click_on_a_title_sorts_by_it_and_another_turns_it_round(room: Room) -> None:
    view = room.window.bottom.show_layer("junctions")
    room.settle()
    header = view.horizontalHeader()
    at = QPoint(header.sectionViewportPosition(1) + 30, 12)
    orders = []
    for _ in range(2):
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
        orders.append(column(view, 1))
    assert orders[0] == ["<b>Place Wilson</b>", "Carrefour Darcy", "Étoile & Cie"]
    assert orders[1] == orders[0][::-1]
