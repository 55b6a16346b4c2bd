"""The work file: on the disk once committed, copied before it changes, never made anew."""

from __future__ import annotations

import contextlib
import sqlite3
from functools import partial
from pathlib import Path

import pytest

from desktop.store import work_db
from desktop.store.audit import append
from desktop.store.database import Database
from desktop.store.errors import StoreError, TooNew
from desktop.store.work_db import MIGRATIONS, backup_of, open_work
from desktop.work.audit import AuditFilter, Entry, page


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A work file with an entry, as the first version left it."""
    file = tmp_path / "data" / "work.db"
    database = Database(file, MIGRATIONS[:1], synchronous="FULL")
    database.submit(lambda db: append(db, Entry(time=1.0, what="try"))).result()
    database.close()
    return file


def version(path: Path) -> int:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def entries(database: Database) -> list[str]:
    found = database.submit(lambda db: page(db, AuditFilter())).result()
    return [each.entry.what for each in found if each.entry]


def test_what_is_committed_is_on_the_disk(tmp_path: Path) -> None:
    database = open_work(tmp_path / "work.db")
    full = database.submit(lambda db: db.conn.execute("PRAGMA synchronous").fetchone()[0]).result()
    log = database.submit(lambda db: db.conn.execute("PRAGMA journal_mode").fetchone()[0]).result()
    database.close()
    assert (full, log) == (2, "wal")


def test_a_file_is_copied_before_its_schema_changes(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def add(db: object) -> None:
        db.conn.execute("CREATE TABLE more (number INTEGER)")  # type: ignore[attr-defined]

    monkeypatch.setattr(work_db, "MIGRATIONS", (*MIGRATIONS[:1], add))
    database = open_work(path)
    assert entries(database) == ["try"]
    database.close()
    copy = backup_of(path, 1)
    assert (version(path), version(copy)) == (2, 1)
    database = Database(copy, MIGRATIONS[:1])
    assert entries(database) == ["try"]
    database.close()
    assert not list(path.parent.glob("*.partial"))


def test_a_schema_is_not_changed_where_no_copy_can_be_made(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work_db, "MIGRATIONS", (*MIGRATIONS[:1], lambda db: None))
    (backup_of(path, 1) / "in the way").mkdir(parents=True)
    with pytest.raises(StoreError, match="backup-v1"):
        open_work(path)
    assert version(path) == 1


def test_a_current_file_is_not_copied(path: Path) -> None:
    open_work(path).close()
    before = sorted(path.parent.iterdir())
    open_work(path).close()
    assert sorted(path.parent.iterdir()) == before


@pytest.mark.parametrize("copied", [False, True])
@pytest.mark.parametrize("how", ["no database", "cut"])
def test_a_damaged_file_is_left_alone_and_the_copy_is_named(path: Path, how: str, copied: bool) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:4096] if how == "cut" else b"\xff" * len(content))
    damaged = path.read_bytes()
    if copied:
        backup_of(path, 1).write_bytes(content)
    with pytest.raises(StoreError) as raised:
        open_work(path)
    line = str(raised.value)
    assert str(path) in line and "\n" not in line
    assert (str(backup_of(path, 1)) in line) == copied
    assert path.read_bytes() == damaged
    assert not list(path.parent.glob("*.damaged-*"))


def test_a_file_of_a_newer_version_is_left_alone(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(TooNew):
        open_work(path)
    assert version(path) == 99


def test_pages_of_entries_are_newest_first_and_filtered(tmp_path: Path) -> None:
    database = open_work(tmp_path / "work.db")
    for number in range(20):
        name = 'Zoé "Z" Petit' if number % 2 else "Camille Moreau"
        made = Entry(
            time=100.0 + number, what="dim", operator=name, target=f"street-lights/{number}", reason="Été"
        )
        database.submit(partial(append, entry=made)).result()

    def asked(wanted: AuditFilter, before: int | None = None, limit: int = 200) -> list[int]:
        return [each.seq for each in database.submit(lambda db: page(db, wanted, before, limit)).result()]

    try:
        assert asked(AuditFilter(), limit=3) == [20, 19, 18]
        assert asked(AuditFilter(), before=18, limit=2) == [17, 16]
        assert asked(AuditFilter(operator='Zoé "Z" Petit'), limit=2) == [20, 18]
        assert asked(AuditFilter(target="street-lights/4")) == [5]
        assert asked(AuditFilter(text="éTÉ", since=117.0, until=119.0)) == [19, 18]
        assert asked(AuditFilter(what="di")) == []
    finally:
        database.close()
