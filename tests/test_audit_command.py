"""`vigie audit` in a terminal."""

from __future__ import annotations

import csv
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from desktop.cli import main
from desktop.paths import Paths, default_paths
from desktop.store.audit import AuditLog
from desktop.store.audit_segments import retain
from desktop.store.work_db import open_work
from desktop.work.audit import Entry

NOVEMBER = 1_795_000_000.0
DAY = 86400.0


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    monkeypatch.setenv("VIGIE_HOME", str(tmp_path))
    return default_paths()


@pytest.fixture
def recorded(paths: Paths) -> Paths:
    """Twenty days of entries, the first month sealed and gone from the work file."""
    database = open_work(paths.work_db)
    log = AuditLog(database, paths.audit_anchors)
    for day in range(20):
        log.append(Entry(time=NOVEMBER + day * DAY, what="try", reason="=1+1", after={"n": day})).result()
    now = NOVEMBER + 80 * DAY
    database.submit(lambda db: retain(db, paths.audit_segments, now, keep_months=1)).result()
    log.append(Entry(time=now, what="last")).result()
    log.close()
    database.close()
    return paths


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["audit", *words])


def tamper(paths: Paths, statement: str) -> None:
    with closing(sqlite3.connect(paths.work_db)) as connection:
        connection.execute("DROP TRIGGER audit_no_update")
        connection.execute("DROP TRIGGER audit_no_delete")
        connection.execute(statement)
        connection.commit()


def test_an_untouched_log_is_told_in_a_line_and_names_its_anchors(recorded: Paths) -> None:
    result = run("verify")
    assert result.exit_code == 0, result.output
    (line,) = result.output.splitlines()
    assert str(recorded.audit_anchors) in line and line.endswith("as it was written")


def test_an_altered_log_is_told_with_the_entry(recorded: Paths) -> None:
    tamper(recorded, "UPDATE audit SET body = replace(body, 'last', 'lost')")
    result = run("verify")
    assert result.exit_code == 1
    assert any(": entry 23 (" in line for line in result.output.splitlines())
    told = json.loads(run("verify", "--json").stdout)
    assert told["fine"] is False and "changed" in {each["kind"] for each in told["findings"]}


def test_a_cut_tail_is_found_by_an_anchor_kept_elsewhere(recorded: Paths, tmp_path: Path) -> None:
    elsewhere = tmp_path / "share" / "anchors.jsonl"
    result = run("anchor", str(elsewhere))
    assert result.exit_code == 0 and json.loads(result.output)["seq"] == 23
    tamper(recorded, "DELETE FROM audit WHERE seq = 23")
    recorded.audit_anchors.unlink()
    assert "no anchors" in run("verify").output
    result = run("verify", "--anchor", str(elsewhere))
    assert result.exit_code == 1 and "its end was cut off" in result.output


def test_what_cannot_be_read_is_one_line(paths: Paths, tmp_path: Path) -> None:
    for words in (["verify"], ["anchor"], ["export", str(tmp_path / "out.csv")]):
        result = run(*words)
        assert result.exit_code == 2
        assert str(paths.work_db) in result.output and len(result.output.splitlines()) == 1


def test_a_named_anchors_file_must_be_there(recorded: Paths, tmp_path: Path) -> None:
    result = run("verify", "--anchor", str(tmp_path / "none.jsonl"))
    assert result.exit_code == 2 and "none.jsonl" in result.output


def test_everything_is_exported_segments_first(recorded: Paths, tmp_path: Path) -> None:
    table, lines = tmp_path / "out.csv", tmp_path / "out.jsonl"
    assert run("export", str(table)).exit_code == run("export", str(lines)).exit_code == 0
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["seq"]) for row in rows] == list(range(1, 24))
    assert rows[0]["reason"] == "'=1+1" and rows[0]["after"] == '{"n":0}'
    found = [json.loads(line) for line in lines.read_text(encoding="utf-8").splitlines()]
    assert [each["seq"] for each in found] == list(range(1, 24))
    assert found[-1]["hash"] == rows[-1]["hash"] and found[-1]["entry"]["what"] == "last"


def test_an_export_of_another_kind_is_refused(recorded: Paths, tmp_path: Path) -> None:
    result = run("export", str(tmp_path / "out.xlsx"))
    assert result.exit_code == 2 and ".csv or .jsonl" in result.output
    assert not (tmp_path / "out.xlsx").exists()
