"""One box finds assets, communes, coordinates and commands, without the mouse."""

from __future__ import annotations

from qtpy.QtCore import Qt
from qtpy.QtTest import QTest

from desktop.mercator import to_wgs84
from desktop.panels.search_box import OF_A_KIND, ROWS_SHOWN
from desktop.panels.search_results import Result
from desktop.store.search import Place, index_streets
from desktop.work.picture import ObjectKey
from layers.definition import Severity
from layers.model import Quality
from tests.panels.room import CENTER, Room


def find(room: Room, text: str) -> list[Result]:
    window = room.window
    room.index()
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    room.until(window.search.hasFocus)
    before = window.search.results.model.results
    QTest.keyClicks(window.search, text)
    room.until(lambda: window.search.results.model.results is not before)
    room.settle()
    return list(window.search.results.model.results)


def test_typing_finds_and_enter_goes_there(room: Room) -> None:
    results = find(room, "darcy")
    assert results[0].heading and results[1].title == "Carrefour Darcy"
    assert "Carrefour à feux" in results[1].subtitle
    assert room.window.search.results.chosen == results[1]
    QTest.keyClick(room.window.search, Qt.Key.Key_Return)
    assert room.selection.keys == (ObjectKey("junctions", "JC-0"),)
    assert not room.window.search.results.isVisible() and room.window.search.text() == ""
    assert room.canvas.view.zoom >= 16


def test_accents_and_case_do_not_matter(room: Room) -> None:
    assert any(it.title == "Étoile & Cie" for it in find(room, "ETOILE"))


def test_arrows_pass_over_the_headings(room: Room) -> None:
    results = find(room, "carrefour")
    seen = set()
    for _ in results:
        chosen = room.window.search.results.chosen
        assert chosen is not None and not chosen.heading
        seen.add(chosen.title)
        QTest.keyClick(room.window.search, Qt.Key.Key_Down)
    assert "Carrefour Darcy" in seen
    first = room.window.search.results.chosen
    QTest.keyClick(room.window.search, Qt.Key.Key_Down)
    QTest.keyClick(room.window.search, Qt.Key.Key_Up)
    assert room.window.search.results.chosen == first


def test_escape_closes_and_forgets(room: Room) -> None:
    find(room, "darcy")
    QTest.keyClick(room.window.search, Qt.Key.Key_Escape)
    assert not room.window.search.results.isVisible()
    assert room.window.search.text() == "" and not room.window.search.hasFocus()


def test_a_command_runs_and_shows_its_shortcut(room: Room) -> None:
    results = find(room, "theme")
    command = next(it for it in results if it.command == "theme")
    assert command.shortcut == "Ctrl+T"
    while room.window.search.results.chosen != command:
        QTest.keyClick(room.window.search, Qt.Key.Key_Down)
    QTest.keyClick(room.window.search, Qt.Key.Key_Return)
    assert room.look.theme.name == "light"
    assert room.canvas.theme.name == "light"


def test_coordinates_lead_to_the_place(room: Room) -> None:
    results = find(room, "47,33 5,06")
    assert results[1].place is not None
    QTest.keyClick(room.window.search, Qt.Key.Key_Return)
    view = room.canvas.view
    longitude, latitude = to_wgs84(view.x, view.y)
    assert (round(longitude, 4), round(latitude, 4)) == (5.06, 47.33)


def test_a_commune_is_fitted(room: Room) -> None:
    results = find(room, "talant")
    assert results[0].title == "Communes" and results[1].title == "Talant"
    QTest.keyClick(room.window.search, Qt.Key.Key_Return)
    assert room.selection.current == ObjectKey("communes", "21617")
    west, _, east, _ = room.canvas.view.bounds
    assert 6000 < east - west < 60_000


def test_nothing_found_says_so(room: Room) -> None:
    assert [it.title for it in find(room, "zzzqqqxx")] == ["Aucun objet, rue, commune ou commande de ce nom"]


def test_an_empty_box_lists_every_command(room: Room) -> None:
    QTest.keyClick(room.window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    room.until(room.window.search.results.isVisible)
    listed = {it.command for it in room.window.search.results.model.results if it.command}
    assert {"fit", "theme", "sync", "abnormal", "table:cameras"} - listed <= {"table:cameras"}


def test_a_street_is_not_pushed_out_of_sight_by_its_lamps(room: Room) -> None:
    x, y = CENTER
    street = Place("rue de la Liberté", "Dijon", x, y, (x - 300, y, x + 300, y + 100))
    room.cache.submit(lambda db: index_streets(db, "v1", [street])).result()
    results = find(room, "liberte")
    assert results.index(next(it for it in results if it.title == "rue de la Liberté")) < ROWS_SHOWN
    lamps = [it for it in results if it.key is not None and it.key.layer == "street-lights"]
    assert 0 < len(lamps) <= OF_A_KIND["asset"]


def test_an_object_is_found_with_its_symbol_as_it_is_now(room: Room) -> None:
    room.report("junctions", "JC-0", mode="automatic", faults=["lamp-fault-red"])
    found = next(it for it in find(room, "darcy") if it.key is not None)
    assert found.symbol is not None
    layer, state, quality = found.symbol
    assert (layer.id, layer.states[state].severity, quality) == ("junctions", Severity.MEDIUM, Quality.GOOD)
