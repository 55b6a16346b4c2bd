"""The log on screen: pages of the real work file, filters, export, the chain."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.panels.audit_view import AuditView
from desktop.store.work_db import open_work
from desktop.work.audit import Entry
from tests.panels.post import DutyRoom


@pytest.fixture
def room(french: None, tmp_path: Path) -> Iterator[DutyRoom]:
    work = open_work(tmp_path / "work.db")
    made = DutyRoom(tmp_path, work)
    yield made
    made.close()
    work.close()


def log_of(room: DutyRoom) -> AuditView:
    assert room.window.duty is not None
    room.window.duty.show_page("audit")
    return room.window.duty.log


def acts(room: DutyRoom) -> None:
    room.post.write(
        Entry(time=room.now - 90_000, operator="A. Martin", console="poste 3", what="sign-in"),
        Entry(
            time=room.now - 60,
            operator="P. Leroy",
            console="poste 1",
            what="shelve",
            target="street-lights/SL-03",
            before={"level": 100},
            after={"level": 50},
            reason="=1+1",
        ),
    )


def test_entries_are_read_newest_first_and_filtered(room: DutyRoom) -> None:
    acts(room)
    log = log_of(room)
    assert [it.seq for it in log.table.entries] == [2, 1]
    assert log.table.cell(log.table.entries[0], 3).text == "Alarme différée"
    assert log.table.cell(log.table.entries[0], 6).text == "level 100 → 50"
    log.text.setText("martin")
    log.apply()
    assert [it.seq for it in log.table.entries] == [1]
    log.text.setText("")
    room.select(("street-lights", "SL-03"))
    log.only_selected.setChecked(True)
    assert [it.seq for it in log.table.entries] == [2]


def test_an_export_holds_every_entry_and_no_formula(room: DutyRoom, tmp_path: Path) -> None:
    acts(room)
    file = tmp_path / "log.csv"
    log_of(room).export(file)
    rows = list(csv.reader(file.read_text(encoding="utf-8-sig").splitlines(), delimiter=";"))
    assert len(rows) == 3
    assert "'=1+1" in rows[1]


def test_the_chain_is_verified_and_an_edit_is_found(room: DutyRoom) -> None:
    acts(room)
    log = log_of(room)
    log.check()
    room.until(log.check_button.isEnabled)
    assert log.chain.whole.startswith("Chaîne intacte")
    assert room.work is not None

    def edit(db: object) -> None:
        connection = db.conn  # type: ignore[attr-defined]
        connection.execute("DROP TRIGGER audit_no_update")
        connection.execute("UPDATE audit SET body = replace(body, 'Leroy', 'Durand') WHERE seq = 2")

    room.work.submit(edit).result()
    log.check()
    room.until(log.check_button.isEnabled)
    assert log.chain.whole.startswith("Chaîne rompue")


def test_only_who_may_reads_the_log(room: DutyRoom) -> None:
    acts(room)
    log = log_of(room)
    room.post.sign_in("leroy")
    assert log.view.isHidden() and "superviseur" in log.message.whole
    room.post.sign_in("martin")
    assert not log.view.isHidden()
