"""The alarm history of the work file: kept over a restart, filtered, paged, pruned."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.store import alarm_history
from desktop.store.alarm_history import KEPT_DAYS
from desktop.store.database import Database
from desktop.store.work_db import open_work
from desktop.work.alarm import Event

NOW = 1_800_000_000.0


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Database]:
    opened = open_work(tmp_path / "work.db")
    yield opened
    opened.close()


def event(number: int, kind: str = "raised", **more: str) -> Event:
    return Event(time=NOW + number, key=f"lamps/L{number}/failed", kind=kind, severity=2, life="", **more)


def test_pages_follow_each_other_newest_first(file: Database) -> None:
    file.submit(lambda db: alarm_history.append(db, [event(it) for it in range(5)])).result()
    first = file.submit(lambda db: alarm_history.page(db, limit=3)).result()
    rest = file.submit(lambda db: alarm_history.page(db, before=first[-1].number, limit=3)).result()
    assert [it.key for it in (*first, *rest)] == [f"lamps/L{it}/failed" for it in (4, 3, 2, 1, 0)]


def test_lines_are_found_by_kind_time_and_words_and_words_are_no_query(file: Database) -> None:
    lines = [event(0), event(1, "acknowledged", operator="Nadia", note="50 % \" ' OR 1=1"), event(2)]
    file.submit(lambda db: alarm_history.append(db, lines)).result()

    def keys(**wanted: object) -> list[str]:
        found = file.submit(lambda db: list(alarm_history.every(db, **wanted))).result()  # type: ignore[arg-type]
        return [it.key.split("/")[1] for it in found]

    assert keys(kinds=["acknowledged"]) == ["L1"]
    assert keys(since=NOW + 1) == ["L1", "L2"]
    assert keys(text="nadia") == ["L1"]
    assert keys(text="' OR 1=1") == ["L1"]
    assert keys(text="%") == ["L1"]


def test_what_stands_is_known_after_a_restart(tmp_path: Path) -> None:
    opened = open_work(tmp_path / "work.db")
    opened.submit(lambda db: alarm_history.keep(db, [("a", b"1"), ("b", b"2")], [])).result()
    opened.submit(lambda db: alarm_history.keep(db, [("a", b"3")], ["b"])).result()
    opened.close()
    again = open_work(tmp_path / "work.db")
    assert again.submit(alarm_history.standing).result() == [b"3"]
    again.close()


def test_old_lines_are_forgotten_but_never_those_of_what_stands(file: Database) -> None:
    file.submit(lambda db: alarm_history.append(db, [event(0), event(1)])).result()
    file.submit(lambda db: alarm_history.keep(db, [("lamps/L1/failed", b"{}")], [])).result()
    late = NOW + (KEPT_DAYS + 1) * 86_400
    assert file.submit(lambda db: alarm_history.prune(db, late)).result() == 1
    assert [it.key for it in file.submit(lambda db: alarm_history.page(db)).result()] == ["lamps/L1/failed"]
