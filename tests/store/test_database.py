"""One thread, one file: order, urgency, transactions, migrations, closing."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlite_utils

from desktop.store.database import Database
from desktop.store.errors import StoreError, TooNew


def make_note(db: sqlite_utils.Database) -> None:
    db.conn.execute("CREATE TABLE note (text TEXT NOT NULL)")


def add_author(db: sqlite_utils.Database) -> None:
    db.conn.execute("ALTER TABLE note ADD COLUMN author TEXT")


def write(text: str) -> object:
    return lambda db: db.conn.execute("INSERT INTO note(text) VALUES (?)", (text,)) and None


def notes(db: sqlite_utils.Database) -> list[str]:
    return [text for (text,) in db.conn.execute("SELECT text FROM note ORDER BY rowid")]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "note.db", [make_note])
    yield opened
    opened.close()


def test_work_runs_in_order_on_one_thread(database: Database) -> None:
    seen: list[int] = []
    threads = set()

    def work(number: int) -> int:
        seen.append(number)
        threads.add(threading.current_thread())
        return number * 2

    futures = [database.submit(lambda db, n=n: work(n)) for n in range(200)]
    assert [future.result() for future in futures] == [2 * n for n in range(200)]
    assert seen == list(range(200))
    assert len(threads) == 1 and threading.current_thread() not in threads


def test_urgent_work_passes_what_waits(database: Database) -> None:
    gate, order = threading.Event(), []
    database.submit(lambda db: gate.wait(10))
    waiting = [database.submit(lambda db, n=n: order.append(n)) for n in range(3)]
    urgent = database.submit_urgent(lambda db: order.append("urgent"))
    gate.set()
    urgent.result()
    for future in waiting:
        future.result()
    assert order == ["urgent", 0, 1, 2]


def test_work_that_fails_leaves_nothing_behind(database: Database) -> None:
    def half(db: sqlite_utils.Database) -> None:
        db.conn.execute("INSERT INTO note(text) VALUES ('half')")
        raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        database.submit(half).result()
    database.submit(write("whole")).result()
    assert database.submit(notes).result() == ["whole"]


def test_a_urgent_write_survives_another_process_writing_meanwhile(database: Database) -> None:
    tries = []

    def read_then_write(db: sqlite_utils.Database) -> None:
        tries.append(len(notes(db)))
        if len(tries) == 1:
            other = sqlite3.connect(database.path)
            other.execute("INSERT INTO note(text) VALUES ('theirs')")
            other.commit()
            other.close()
        db.conn.execute("INSERT INTO note(text) VALUES ('ours')")

    database.submit_urgent(read_then_write).result()
    assert tries == [0, 1]
    assert database.submit(notes).result() == ["theirs", "ours"]


def test_closing_does_what_was_submitted_then_refuses(database: Database) -> None:
    futures = [database.submit(write(str(n))) for n in range(50)]
    database.close()
    database.close()
    assert all(future.done() and future.exception() is None for future in futures)
    with pytest.raises(StoreError, match="closed"):
        database.submit(notes).result()
    again = Database(database.path, [make_note])
    try:
        assert len(again.submit(notes).result()) == 50
    finally:
        again.close()


def test_cancelled_work_is_not_run(database: Database) -> None:
    gate = threading.Event()
    database.submit(lambda db: gate.wait(10))
    cancelled = database.submit(write("never"))
    assert cancelled.cancel()
    gate.set()
    assert database.submit(notes).result() == []


def test_migrations_run_once_each_and_keep_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "note.db"
    first = Database(path, [make_note])
    first.submit(write("old")).result()
    first.close()
    for _ in range(2):
        later = Database(path, [make_note, add_author])
        try:
            rows = later.submit(
                lambda db: db.conn.execute("SELECT text, author FROM note").fetchall()
            ).result()
            assert rows == [("old", None)]
        finally:
            later.close()
    with pytest.raises(TooNew, match="newer Vigie") as caught:
        Database(path, [make_note])
    assert "\n" not in str(caught.value) and str(path) in str(caught.value)


def test_a_migration_that_fails_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "note.db"
    Database(path, [make_note]).close()

    def breaks(db: sqlite_utils.Database) -> None:
        db.conn.execute("CREATE TABLE half (x)")
        raise RuntimeError("broken step")

    with pytest.raises(RuntimeError, match="broken step"):
        Database(path, [make_note, breaks])
    repaired = Database(path, [make_note, add_author])
    try:
        tables = repaired.submit(lambda db: db.table_names()).result()
        assert tables == ["note"]
    finally:
        repaired.close()


def test_committed_work_survives_a_killed_process(tmp_path: Path) -> None:
    path = tmp_path / "note.db"
    program = f"""
import os, signal
from pathlib import Path
from desktop.store.database import Database
from tests.store.test_database import make_note, write
database = Database(Path({str(path)!r}), [make_note], synchronous="FULL")
for n in range(100):
    database.submit(write(str(n))).result()
    print(n, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    told = run.stdout.split()
    assert len(told) == 100, run.stderr
    after = Database(path, [make_note])
    try:
        assert after.submit(notes).result() == told
    finally:
        after.close()


def test_idle_work_runs_until_it_is_done_and_again_after_other_work(tmp_path: Path) -> None:
    left, calm = [3], threading.Event()

    def slice_of_work(db: sqlite_utils.Database) -> bool:
        left[0] = max(0, left[0] - 1)
        if not left[0]:
            calm.set()
        return left[0] > 0

    database = Database(tmp_path / "note.db", [make_note], idle=slice_of_work)
    try:
        assert calm.wait(10)
        calm.clear()
        left[0] = 2
        database.submit(notes).result()
        assert calm.wait(10)
    finally:
        database.close()


def test_idle_work_gets_its_turn_though_other_work_never_pauses(tmp_path: Path) -> None:
    ran = threading.Event()
    database = Database(tmp_path / "note.db", [make_note], idle=lambda db: bool(ran.set()))
    try:
        for _ in range(4000):
            database.submit(notes).result()
            if ran.wait(0.005):
                break
        assert ran.is_set()
    finally:
        database.close()


def test_idle_work_that_fails_does_not_stop_the_thread(tmp_path: Path) -> None:
    tried = threading.Event()

    def broken(db: sqlite_utils.Database) -> bool:
        tried.set()
        raise RuntimeError("broken")

    database = Database(tmp_path / "note.db", [make_note], idle=broken)
    try:
        assert tried.wait(10)
        assert database.submit(notes).result() == []
    finally:
        database.close()
