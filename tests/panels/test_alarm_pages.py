"""The history and the figures of alarms, the alarms in the inspector, and the tab over the list."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlite_utils
from qtpy.QtCore import QModelIndex
from qtpy.QtWidgets import QWidget

from desktop.panels.alarm_banner import AlarmBanner
from desktop.panels.alarm_history import PAGE, AlarmHistory
from desktop.panels.alarm_kpi import AlarmKpi
from desktop.panels.alarm_view import HISTORY, LIST
from desktop.panels.bottom import ABNORMAL, ALARMS, BottomPanel
from desktop.panels.card import Card
from desktop.panels.topbar import TopBar
from desktop.store.alarm_history import Happening, append, create_alarm_history
from desktop.work.alarm import Kpi, Life
from desktop.work.picture import ObjectKey
from tests.panels.room import Room
from tests.panels.seat import Seat

DARCY = ObjectKey("junctions", "JC-0")


@pytest.fixture
def seat(room: Room) -> Seat:
    return Seat(room)


@pytest.fixture
def banner(seat: Seat) -> Iterator[AlarmBanner]:
    made = AlarmBanner(seat, seat.room.hub, seat.room.look)  # type: ignore[arg-type]
    yield made
    made.close()
    made.deleteLater()


@pytest.fixture
def bottom(seat: Seat) -> Iterator[BottomPanel]:
    room = seat.room
    made = BottomPanel(room.hub, room.selection, room.window.onsets, room.look, None, seat)  # type: ignore[arg-type]
    made.resize(1400, 300)
    made.show()
    yield made
    made.close()
    made.deleteLater()


def test_the_inspector_says_what_since_when_and_what_to_do(seat: Seat, banner: AlarmBanner) -> None:
    banner.show_object(DARCY)
    assert banner.isHidden()
    seat.fault("junctions", "JC-0", "lamp-fault-red")
    assert not banner.isHidden()
    block = banner.blocks[0]
    assert block.title.whole == "Priorité\u00a02 · Feu en défaut, lampe rouge"
    assert block.guidance.whole.startswith("Appeler")
    assert block.standing.whole.endswith("Non acquittée.")
    block.acknowledge.click()
    assert "Acquittée · poste 3" in block.standing.whole and block.acknowledge.isHidden()
    seat.fault("junctions", "JC-0")
    assert banner.isHidden()


def test_an_alarm_is_shelved_and_put_back_from_the_inspector(seat: Seat, banner: AlarmBanner) -> None:
    seat.fault("junctions", "JC-0", "lamp-fault-red")
    banner.show_object(DARCY)
    block = banner.blocks[0]
    block.shelve.click()
    dialog = banner.acts.dialog
    assert dialog is not None
    dialog.choose(900)  # type: ignore[union-attr]
    dialog.line.setText("Essai")
    dialog.accept()
    assert not block.put_back.isHidden() and block.shelve.isHidden()
    assert "ifférée 15\u00a0min" in block.standing.whole
    block.put_back.click()
    assert block.put_back.isHidden()


def test_the_card_shows_the_alarm_instead_of_the_state(seat: Seat) -> None:
    room, holder = seat.room, QWidget()
    card = Card(DARCY, room.hub, room.window.onsets, room.look, lambda _: None, holder, seat)  # type: ignore[arg-type]
    assert card.alarms is not None and card.alarms.isHidden() and not card.banner.isHidden()
    seat.fault("junctions", "JC-0", "lamp-fault-red")
    assert not card.alarms.isHidden() and card.banner.isHidden()
    seat.room.pass_time(3600.0)
    card.refresh()
    assert not card.banner.isHidden(), "a state in doubt is still said"
    holder.deleteLater()


def test_the_first_tab_counts_alarms_and_the_abnormal_stays(seat: Seat, bottom: BottomPanel) -> None:
    assert bottom.tabs.tabText(0) == "Alarmes" and bottom.tabs.tabText(1) == "Anormaux"
    seat.fault("junctions", "JC-0", "lamp-fault-red")
    seat.room.until(lambda: bottom.tabs.tabToolTip(0) == "Alarmes ▲1")
    bottom.show_abnormal()
    assert bottom.tabs.currentIndex() == 1
    assert bottom.show_alarms() is bottom.alarms and bottom.tabs.currentIndex() == 0


def test_a_desk_opens_its_tabs_and_its_alarms(seat: Seat, bottom: BottomPanel) -> None:
    traffic = next(it for it in seat.desks if it.id == "traffic")
    seat.fault("junctions", "JC-0", "lamp-fault-red")
    seat.fault("street-lights", "SL-11", "lamp-failure")
    assert bottom.alarms is not None
    bottom.choose_desk(traffic)
    titles = [bottom.tabs.tabText(it) for it in range(bottom.tabs.count())]
    assert "Carrefours à feux" in titles and bottom.tabs.currentIndex() == 0
    assert [row.cause for row in bottom.alarms.table.rows] == [DARCY]
    bottom.choose_desk(None)
    assert len(bottom.alarms.table.rows) == 2
    assert {ALARMS, ABNORMAL} <= set(bottom._places)


def test_the_figures_are_by_desk(seat: Seat) -> None:
    kpi = AlarmKpi(seat, seat.room.hub, seat.room.look)  # type: ignore[arg-type]
    load = Kpi(
        last_10_min=65,
        by_layer={"street-lights": 60, "lighting-cabinets": 1, "junctions": 4},
        standing=65,
        stale=0,
        chattering=0,
        shelved=0,
        suppressed=0,
        most_frequent=(),
        flood=True,
    )
    assert kpi.by_desk(load) == [("Éclairage", 61), ("Circulation", 4)]
    seat.fault("junctions", "JC-0", "lamp-fault-red")
    kpi.refresh()
    assert kpi.tiles["rate"].text == "1" and not kpi.tiles["rate"].loud
    assert kpi.tiles["standing"].accessibleName() == "en cours: 1"
    kpi.deleteLater()


def event(kind: str, note: str = "", number: int = 1) -> Happening:
    life, key = str(Life.ACTIVE_UNACKNOWLEDGED), "junctions/JC-0/lamp-fault-red"
    return Happening(
        number=number,
        time=1_800_000_000.0,
        key=key,
        kind=kind,
        severity=3,
        life=life,
        operator="A. Martin",
        note=note,
    )


def test_the_history_is_exported_as_a_table_that_runs_nothing(seat: Seat, tmp_path: Path) -> None:
    history = AlarmHistory(seat, seat.room.hub, seat.room.look)  # type: ignore[arg-type]
    file = tmp_path / "alarmes.csv"
    text = history.as_csv([event("raised"), event("acknowledged", note="=HYPERLINK(1)")])
    file.write_text(text, encoding="utf-8", newline="")
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines, delimiter=";"))
    assert rows[0][:4] == ["Heure", "Événement", "Priorité", "Alarme"]
    assert rows[1][1:6] == ["apparue", "2", "Feu en défaut, lampe rouge", "Carrefour Darcy", "Dijon"]
    assert rows[1][0].startswith("2027-01-15T")
    assert rows[2][7] == "'=HYPERLINK(1)" and rows[2][8] == "junctions/JC-0/lamp-fault-red"
    history.deleteLater()


def test_the_history_is_read_page_by_page_and_filtered(seat: Seat) -> None:
    def fill(db: sqlite_utils.Database) -> None:
        create_alarm_history(db)
        append(db, [event("raised") for _ in range(PAGE + 5)])
        append(db, [event("acknowledged", note="Équipe en route")])

    seat.room.cache.submit(fill).result()
    history = AlarmHistory(seat, seat.room.hub, seat.room.look)  # type: ignore[arg-type]
    history.table.restart()
    seat.room.until(lambda: len(history.table.events) == PAGE)
    assert history.table.events[0].kind == "acknowledged" and history.table.canFetchMore(QModelIndex())
    history.table.fetchMore(QModelIndex())
    seat.room.until(lambda: len(history.table.events) == PAGE + 6)
    assert not history.table.canFetchMore(QModelIndex())
    history.kinds.choose(frozenset({"acknowledged"}))
    history.apply()
    seat.room.until(lambda: [it.note for it in history.table.events] == ["Équipe en route"])
    history.text.setText("personne")
    seat.room.until(lambda: "filtres" in history.message.whole)
    history.deleteLater()


def test_an_export_that_cannot_be_written_says_so(seat: Seat, tmp_path: Path) -> None:
    history = AlarmHistory(seat, seat.room.hub, seat.room.look)  # type: ignore[arg-type]
    history.export(tmp_path / "absent" / "alarmes.csv")
    seat.room.until(lambda: history.message.whole.startswith("L’historique ne peut être lu ou écrit"))
    history.deleteLater()


def test_pages_take_the_place_of_the_list(seat: Seat, bottom: BottomPanel) -> None:
    assert bottom.alarms is not None
    bottom.alarms.show_page(HISTORY)
    assert bottom.alarms.filters.isHidden() and not bottom.alarms.history.bar.isHidden()
    bottom.alarms.show_page(LIST)
    assert not bottom.alarms.filters.isHidden() and bottom.alarms.history.bar.isHidden()


def test_the_top_bar_has_the_desks_and_a_place_for_the_operator(seat: Seat) -> None:
    room, holder = seat.room, QWidget()
    search = room.window.search
    bar = TopBar(
        room.hub,
        room.look,
        room.window.menu,
        search,
        "Dijon",
        "poste 3",
        False,
        holder,
        seat,  # type: ignore[arg-type]
        room.display,
    )
    assert bar.desks is not None and len(bar.desks.desks) == len(seat.desks)
    badge = QWidget()
    bar.add_operator(badge)
    assert badge.parent() is bar
    search.setParent(room.window)
    holder.deleteLater()
