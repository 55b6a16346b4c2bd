"""The alarm list: one row for each cause, everything by keyboard, and it holds still while news arrive."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from qtpy.QtCore import QPoint, Qt
from qtpy.QtTest import QTest

from desktop.panels.alarm_table import COMMUNE, DESK, OBJECT, PRIORITY, STATE, TITLE, AlarmCell
from desktop.panels.alarm_view import AlarmView
from desktop.panels.tables import CELL
from desktop.work.alarm import Life
from desktop.work.picture import ObjectKey
from layers.definition import Severity
from tests.panels.room import Room
from tests.panels.seat import CABINET, Seat

DARCY = "junctions/JC-0/lamp-fault-red"


@pytest.fixture
def seat(room: Room) -> Seat:
    return Seat(room)


@pytest.fixture
def view(seat: Seat) -> Iterator[AlarmView]:
    made = AlarmView(seat, seat.room.hub, seat.room.selection, seat.room.look)  # type: ignore[arg-type]
    made.resize(1400, 400)
    made.show()
    yield made
    made.close()
    made.deleteLater()


def cell(view: AlarmView, place: int, column: int) -> AlarmCell:
    found = view.table.index(place, column).data(CELL)
    assert isinstance(found, AlarmCell)
    return found


def texts(view: AlarmView, column: int) -> list[str]:
    return [cell(view, place, column).text for place in range(view.table.rowCount())]


def press(view: AlarmView, key: Qt.Key, shift: bool = False) -> None:
    modifier = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
    QTest.keyClick(view.list, key, modifier)


def several(seat: Seat, view: AlarmView) -> None:
    seat.fault("street-lights", "SL-11", "lamp-failure")
    seat.fault("junctions", "JC-0", "lamp-fault-red")
    seat.room.until(lambda: view.table.rowCount() == 2)


def test_a_fault_is_a_row_with_everything_an_operator_needs(seat: Seat, view: AlarmView) -> None:
    several(seat, view)
    assert [cell(view, 0, it).text for it in (PRIORITY, TITLE, OBJECT, COMMUNE, DESK, STATE)] == [
        "2",
        "Feu en défaut, lampe rouge",
        "Carrefour Darcy",
        "Dijon",
        "Circulation",
        "non acquittée",
    ]
    assert cell(view, 0, TITLE).loud
    assert texts(view, DESK)[1] == "Éclairage" and texts(view, COMMUNE)[1] == "Talant"
    assert view.counts[Severity.MEDIUM] == 1 and view.counts[Severity.LOW] == 1


def test_what_a_cabinet_explains_is_one_row_that_opens(seat: Seat, view: AlarmView) -> None:
    seat.blackout(view)
    assert texts(view, TITLE) == [
        "Armoire déclenchée · 6\u00a0×\u00a0Point lumineux sans alimentation",
    ]
    assert cell(view, 0, TITLE).opened is False
    view.list.choose_place(0)
    press(view, Qt.Key.Key_Right)
    assert view.table.rowCount() == 7 and cell(view, 0, TITLE).opened is True
    assert sorted(texts(view, OBJECT)[1:]) == ["SL-00", "SL-02", "SL-04", "SL-06", "SL-08", "SL-10"]
    press(view, Qt.Key.Key_Right)
    assert view.list.currentIndex().row() == 1
    press(view, Qt.Key.Key_Left)
    press(view, Qt.Key.Key_Left)
    assert view.list.currentIndex().row() == 0 and view.table.rowCount() == 1
    press(view, Qt.Key.Key_Space)
    assert view.table.rowCount() == 7


def test_the_arrow_opens_and_the_rest_of_the_row_flies(seat: Seat, view: AlarmView) -> None:
    seat.blackout(view)
    flown: list[ObjectKey] = []
    view.opened.connect(flown.append)
    index = view.table.index(0, TITLE)
    box = view.list.visualRect(index)
    width = next(x for x in range(box.left(), box.right()) if view.list._on_chevron(index, float(x)))
    QTest.mouseClick(view.list.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(width + 8, box.center().y()))
    assert view.table.rowCount() == 7 and flown == []
    place = QPoint(box.left() + 30, box.center().y())
    QTest.mouseClick(view.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert flown == [CABINET] and seat.room.selection.keys == (CABINET,)


def test_enter_flies(seat: Seat, view: AlarmView) -> None:
    several(seat, view)
    flown: list[ObjectKey] = []
    view.opened.connect(flown.append)
    view.list.choose_place(0)
    press(view, Qt.Key.Key_Down)
    press(view, Qt.Key.Key_Return)
    assert flown == [ObjectKey("street-lights", "SL-11")]


def test_a_acknowledges_what_is_chosen_with_all_it_explains(seat: Seat, view: AlarmView) -> None:
    seat.blackout(view)
    view.list.choose_place(0)
    press(view, Qt.Key.Key_A)
    seat.room.until(lambda: cell(view, 0, STATE).text == "acquittée · poste 3")
    assert not cell(view, 0, TITLE).loud
    keys = view.table.all_keys()
    assert len(keys) == 7
    assert all(it is not None and it.life is Life.ACTIVE_ACKNOWLEDGED for it in map(seat.alarms.get, keys))


def test_shift_a_asks_first_and_counts(seat: Seat, view: AlarmView) -> None:
    seat.blackout(view)
    press(view, Qt.Key.Key_A, shift=True)
    dialog = view.acts.dialog
    assert dialog is not None and dialog.subject.whole == "7 alarmes"
    assert view.table.rows[0].unacknowledged == 7
    dialog.line.setText("Équipe en route")
    dialog.accept()
    seat.room.until(lambda: view.table.rows[0].unacknowledged == 0)
    taken = seat.alarms.get("lighting-cabinets/A-1/tripped")
    assert taken is not None and taken.acknowledged is not None
    assert taken.acknowledged.note == "Équipe en route"


def test_what_is_gone_but_unseen_is_struck_through(seat: Seat, view: AlarmView) -> None:
    several(seat, view)
    seat.fault("junctions", "JC-0")
    seat.room.until(lambda: "disparue, non acquittée" in texts(view, STATE))
    place = texts(view, OBJECT).index("Carrefour Darcy")
    assert cell(view, place, TITLE).struck and cell(view, place, TITLE).loud
    view.list.choose_place(place)
    press(view, Qt.Key.Key_A)
    seat.room.until(lambda: view.table.rowCount() == 1)


def test_shelving_needs_an_end_and_a_reason_then_waits_apart(seat: Seat, view: AlarmView) -> None:
    several(seat, view)
    view.list.choose(DARCY)
    press(view, Qt.Key.Key_D)
    dialog = view.acts.dialog
    assert dialog is not None and not dialog.go.isEnabled()
    dialog.choose(3600)  # type: ignore[union-attr]
    assert not dialog.go.isEnabled()
    dialog.line.setText("  ")
    assert not dialog.go.isEnabled()
    dialog.line.setText("Pièce commandée")
    assert dialog.go.isEnabled()
    dialog.accept()
    seat.room.until(lambda: texts(view, OBJECT) == ["SL-11"])
    view.filters.state.choose(frozenset({"hidden"}))
    view.filters.changed.emit()
    assert texts(view, OBJECT) == ["Carrefour Darcy"]
    assert cell(view, 0, STATE).text == "différée 1\u00a0h"


def test_filters_by_priority_commune_layer_desk_state_and_text(seat: Seat, view: AlarmView) -> None:
    several(seat, view)
    filters = view.filters
    for chooser, value, left in (
        (filters.priority, str(int(Severity.MEDIUM)), ["Carrefour Darcy"]),
        (filters.commune, "21617", ["SL-11"]),
        (filters.layer, "street-lights", ["SL-11"]),
        (filters.desk, "traffic", ["Carrefour Darcy"]),
        (filters.state, "active-acknowledged", []),
    ):
        filters.clear_all(keep_desk=False)
        chooser.choose(frozenset({value}))
        filters.changed.emit()
        assert texts(view, OBJECT) == left, value
    filters.clear_all(keep_desk=False)
    filters.text.setText("darcy")
    seat.room.until(lambda: texts(view, OBJECT) == ["Carrefour Darcy"])


def test_an_empty_list_says_why(seat: Seat, view: AlarmView) -> None:
    assert view._why_empty().startswith("Aucune alarme. Il en vient une")
    several(seat, view)
    view.filters.commune.choose(frozenset({"21231"}))
    view.filters.layer.choose(frozenset({"cameras"}))
    view.filters.changed.emit()
    assert view.table.rowCount() == 0
    assert view._why_empty() == "Aucune alarme ne passe ces filtres\u202f; ils cachent 2 lignes."
    view.filters.state.choose(frozenset({"hidden"}))
    view.filters.changed.emit()
    assert view._why_empty().startswith("Rien n’est différé")
    view.filters.clear_all()
    view.filters.changed.emit()
    seat.room.link(up=False)
    assert "coupé" in view._why_empty()


def test_news_leave_the_chosen_lines_and_the_scroll_alone(seat: Seat, view: AlarmView) -> None:
    for place in range(12):
        seat.room.report("street-lights", f"SL-{place:02d}", faults=["lamp-failure"], age=60 - place)
    seat.wait(20.0)
    seat.room.until(lambda: view.table.rowCount() == 12)
    view.resize(1400, 200)
    view.list.choose_place(6)
    view.list.scrollToBottom()
    line, scroll = view.table.lines[6].key, view.list.verticalScrollBar().value()
    assert scroll > 0
    seat.fault("junctions", "JC-0", "lamp-fault-red")
    seat.room.until(lambda: view.table.rowCount() == 13)
    assert [view.table.lines[it].key for it in view.list.chosen_places()] == [line]
    assert view.table.place_of(line) == 7
    assert view.list.verticalScrollBar().value() == scroll


def test_a_choice_on_the_map_is_shown_in_the_list(seat: Seat, view: AlarmView) -> None:
    several(seat, view)
    seat.room.select(("street-lights", "SL-11"))
    assert [texts(view, OBJECT)[it] for it in view.list.chosen_places()] == ["SL-11"]


def test_a_flood_shows_causes_first_and_says_how_many(seat: Seat, view: AlarmView) -> None:
    for place in range(12):
        seat.room.report("street-lights", f"SL-{place:02d}", faults=["lamp-failure"], age=1.0)
    seat.fault("junctions", "JC-0", "lamp-fault-red")
    seat.blackout(view)
    seat.room.until(lambda: view.table.flooded)
    assert view.flood.isVisible()
    assert view.flood.text.whole.startswith("▲ Avalanche\u00a0: ")
    sizes = [(-int(row.severity), -len(row.children)) for row in view.table.rows]
    assert sizes == sorted(sizes)
    view.flood.switch.click()
    assert not view.table.flooded and view.flood.isVisible()


def test_nobody_at_the_desk_can_look_but_not_act(seat: Seat, view: AlarmView) -> None:
    several(seat, view)
    view.list.choose_place(0)
    assert view.acknowledge.isEnabled()
    seat.sign_out()
    assert not view.acknowledge.isEnabled() and "identifié" in view.acknowledge.toolTip()
    press(view, Qt.Key.Key_A)
    assert view.message.isVisible() and "identifié" in view.message.whole
    assert all(row.unacknowledged for row in view.table.rows)


def test_columns_sort_and_sort_back(seat: Seat, view: AlarmView) -> None:
    several(seat, view)
    before = texts(view, OBJECT)
    view.list.sortByColumn(OBJECT, Qt.SortOrder.DescendingOrder)
    assert texts(view, OBJECT) == ["SL-11", "Carrefour Darcy"]
    view.list.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
    assert texts(view, OBJECT) == before
