"""The inspector tells what an object is, how it is, since when, and what it belongs to; in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from qtpy.QtCore import Qt
from qtpy.QtTest import QTest
from qtpy.QtWidgets import QApplication, QGridLayout, QLabel, QWidget

from desktop.panels.contents import Contents
from desktop.panels.parts import Link, PlainLabel
from desktop.panels.sections import AgeLabel
from desktop.work.picture import ObjectKey
from layers.model import Quality
from tests.panels.room import Room, row

H = "\u00a0"


@pytest.fixture
def english(application: QApplication, tmp_path: Path) -> Iterator[Room]:
    made = Room(tmp_path, locale="en")
    made.link()
    yield made
    made.close()


def texts(widget: QWidget) -> list[str]:
    return [it.whole for it in widget.findChildren(PlainLabel)]


def rows(widget: QWidget) -> dict[str, str]:
    found = {}
    for grid in widget.findChildren(QGridLayout):
        for place in range(grid.rowCount()):
            cells = [it.widget() for column in (0, 1) if (it := grid.itemAtPosition(place, column))]
            if len(cells) == 2 and all(isinstance(it, PlainLabel) for it in cells):
                found[cells[0].whole] = cells[1].whole  # type: ignore[union-attr]
    return found


def links(room: Room) -> dict[str, Link]:
    return {it.whole: it for it in room.window.inspector.findChildren(Link)}


def ages(room: Room) -> list[AgeLabel]:
    return [it for it in room.window.inspector.findChildren(AgeLabel) if it.text]


def test_nothing_selected_says_how_to_select(room: Room) -> None:
    said = " ".join(it.text() for it in room.window.inspector.findChildren(QLabel))
    assert "Rien n’est sélectionné" in said and "Ctrl+K" in said


def test_a_name_holding_markup_is_shown_as_it_is(room: Room) -> None:
    room.select(("junctions", "JC-1"))
    card = room.window.inspector.card
    assert card is not None
    assert card.title.whole == "<b>Place Wilson</b>"
    assert card.title.textFormat() == Qt.TextFormat.PlainText
    for label in room.window.inspector.findChildren(QLabel):
        assert label.textFormat() == Qt.TextFormat.PlainText or not label.text(), label.text()
        assert "<b>Place" not in label.toolTip()


def test_a_fault_is_told_with_priority_words_and_since_when(room: Room) -> None:
    room.report("junctions", "JC-0", faults=["lamp-fault-red"], age=2, mode="automatic", line="3")
    room.select(("junctions", "JC-0"))
    room.pass_time(10)
    card = room.window.inspector.card
    assert card is not None
    assert card.banner.title.whole == f"Priorité{H}2 · Feu en défaut"
    assert "Feu en défaut, lampe rouge." in card.banner.words.whole
    assert f"Depuis 12{H}s (" in card.banner.words.whole


def test_the_onset_stays_while_the_fault_is_repeated(room: Room) -> None:
    room.report("junctions", "JC-0", faults=["lamp-fault-red"], age=0, mode="automatic")
    began = room.window.onsets.since(ObjectKey("junctions", "JC-0"))
    room.pass_time(20)
    room.report("junctions", "JC-0", faults=["lamp-fault-red"], age=0, mode="automatic")
    assert room.window.onsets.since(ObjectKey("junctions", "JC-0")) == began
    room.report("junctions", "JC-0", age=-1, mode="automatic")
    assert room.window.onsets.since(ObjectKey("junctions", "JC-0")) is None


def test_live_values_carry_their_age_then_doubt(room: Room) -> None:
    room.report("junctions", "JC-0", age=2, mode="automatic", cycle_s=92)
    room.select(("junctions", "JC-0"))
    assert "automatique" in texts(room.window.inspector) and f"92{H}s" in texts(room.window.inspector)
    assert {it.text for it in ages(room)} == {f"il y a 2{H}s"}
    room.pass_time(60)
    assert {it.quality for it in ages(room)} == {Quality.UNCERTAIN}
    assert {it.text for it in ages(room)} == {f"il y a 1{H}min"}


def test_a_cut_link_makes_values_unknown_and_says_so(room: Room) -> None:
    room.report("junctions", "JC-0", age=1, mode="automatic")
    room.select(("junctions", "JC-0"))
    room.link(up=False)
    room.pass_time(12)
    card = room.window.inspector.card
    assert card is not None
    assert card.banner.title.whole == f"Inconnu · dernier état{H}: Automatique"
    assert "Le flux est coupé" in card.banner.words.whole
    assert f"inconnu · dernier{H}: automatique" in texts(card)
    assert {it.quality for it in ages(room)} == {Quality.BAD}


def test_an_object_that_never_reported_is_unknown(room: Room) -> None:
    room.select(("junctions", "JC-2"))
    card = room.window.inspector.card
    assert card is not None and card.banner.title.whole == "Inconnu"


def test_english_words(english: Room) -> None:
    english.report("junctions", "JC-0", age=2, faults=["lamp-fault-red"], mode="automatic")
    english.select(("junctions", "JC-0"))
    card = english.window.inspector.card
    assert card is not None
    assert card.banner.title.whole == "Priority 2 · Signal failed"
    assert {it.text for it in ages(english)} == {f"2{H}s ago"}


def test_a_lamp_leads_to_its_cabinet_and_back(room: Room) -> None:
    room.select(("street-lights", "SL-00"))
    assert "rue de la Liberté" in texts(room.window.inspector)
    link = links(room)["Armoire A-1"]
    link.setFocus()
    QTest.keyClick(link, Qt.Key.Key_Space)
    assert room.selection.current == ObjectKey("lighting-cabinets", "A-1")
    room.settle()
    assert "SL-04" in links(room)
    QTest.mouseClick(links(room)["Sélectionner les 6"], Qt.MouseButton.LeftButton)
    assert len(room.selection) == 6


def test_an_incident_leads_to_its_intervention_and_that_to_its_crew(room: Room) -> None:
    room.select(("incidents", "I-1"))
    links(room)["Dégager"].click()
    room.settle()
    assert room.selection.current == ObjectKey("interventions", "INT-1")
    assert "VOI 04 · VOI-04" in links(room) and "Arbre tombé · I-1" in links(room)


def test_neighbours_are_named_with_their_distance(room: Room) -> None:
    room.select(("junctions", "JC-0"))
    near = [text for text in links(room) if text.startswith("<b>Place Wilson</b>")]
    assert len(near) == 1 and near[0].endswith(f"{H}m")
    metres = int(near[0].rsplit(" ", 1)[1].removesuffix(f"{H}m"))
    assert 26 <= metres <= 28  # 40 Mercator metres at 47.3 degrees north


def test_several_objects_are_counted_by_layer_and_state(room: Room) -> None:
    room.report("junctions", "JC-1", faults=["lamp-fault-red"], mode="automatic")
    room.select(("junctions", "JC-0"), ("junctions", "JC-1"), ("street-lights", "SL-00"))
    several = room.window.inspector.several
    assert several is not None
    assert f"3{H}objets sélectionnés" in texts(several)
    assert rows(several) == {"Allumé": "1", "Feu en défaut": "1", "Automatique": "1"}
    room.report("junctions", "JC-0", faults=["lamp-fault-red"], mode="automatic")
    assert rows(several)["Feu en défaut"] == "2"


def test_an_object_no_longer_there_says_so(room: Room) -> None:
    room.select(("junctions", "JC-999"))
    card = room.window.inspector.card
    assert card is not None and card.banner.title.whole == "N’est plus au registre"


def test_a_late_answer_does_not_fill_another_card(room: Room) -> None:
    room.selection.set([ObjectKey("street-lights", "SL-00")])
    room.selection.set([ObjectKey("junctions", "JC-0")])
    room.settle()
    assert "rue de la Liberté" not in texts(room.window.inspector)


def test_a_long_name_is_read_whole_and_an_endless_one_is_cut(french: None, tmp_path: Path) -> None:
    name = "Accident de la circulation, boulevard du Maréchal-de-Lattre-de-Tassigny"
    rows = [row("junctions", "JC-8", name=name), row("junctions", "JC-9", name="x" * 900)]
    room = Room(tmp_path, rows=rows)
    room.select(("junctions", "JC-8"))
    card = room.window.inspector.card
    assert card is not None and card.title.text() == name
    room.until(lambda: card.title.height() > 1.5 * card.title.fontMetrics().height())
    room.select(("junctions", "JC-9"))
    cut = room.window.inspector.card
    assert cut is not None and cut.title.text().endswith("…")
    assert cut.width() <= room.window.inspector.width()
    room.close()


def test_a_commune_tells_what_stands_in_it_as_it_is_now(room: Room) -> None:
    room.select(("communes", "21617"))
    section = room.window.inspector.findChild(Contents)
    assert section is not None

    def said() -> list[str]:
        return [it.whole for it in section.findChildren(PlainLabel)]

    assert said() == ["2", "Éclairage public"]
    room.report("street-lights", "SL-11", faults=["lamp-failure"], on=True)
    room.pass_time(1)
    assert said() == ["2 · ◆ 1", "Éclairage public"]
