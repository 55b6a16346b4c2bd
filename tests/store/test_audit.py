"""The audit log: what is appended stays, and whatever is done to it is found."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.store import audit
from desktop.store.audit import AuditLog
from desktop.store.audit_chain import canonical, link
from desktop.store.audit_scan import Kind
from desktop.store.audit_segments import Segment, remove, retain, segments
from desktop.store.audit_verify import Verdict, verify
from desktop.store.database import Database
from desktop.store.errors import DiskFull, StoreError
from desktop.store.work_db import open_work
from desktop.work.audit import Entry
from tests.house.source import ROOT

NOVEMBER = 1_795_000_000.0
DAY = 86400.0
COUNT = 30


def entry(number: int, time: float = NOVEMBER) -> Entry:
    return Entry(
        time=time + number,
        operator="Nadia Lefèvre",
        what="command-intent",
        target=f"street-lights/SL-{number:05d}",
        after={"level": number},
    )


def record(path: Path, count: int = COUNT, anchored: bool = True) -> None:
    database = open_work(path)
    log = AuditLog(database, path.with_name("audit-anchors.jsonl"))
    for number in range(1, count + 1):
        log.append(entry(number)).result()
    if anchored:
        log.close()
    database.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "work.db"
    record(file)
    return file


@contextlib.contextmanager
def behind_its_back(path: Path) -> Iterator[sqlite3.Connection]:
    """The table without its guards, which are put back: as who knows what he does would go about it."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        guards = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _sql in guards:
            connection.execute(f"DROP TRIGGER {name}")
        yield connection
        for _name, sql in guards:
            connection.execute(sql)
        connection.commit()


def rows(connection: sqlite3.Connection) -> list[tuple[int, bytes, str]]:
    return connection.execute("SELECT seq, hash, body FROM audit ORDER BY seq").fetchall()


def rewrite(connection: sqlite3.Connection, content: list[tuple[bytes, str]]) -> None:
    """Put that content into the table, numbered from 1."""
    connection.execute("DELETE FROM audit")
    numbered = [(seq, *each) for seq, each in enumerate(content, 1)]
    connection.executemany("INSERT INTO audit VALUES (?, ?, ?)", numbered)


def found(path: Path) -> list[tuple[Kind, int]]:
    return [(finding.kind, finding.seq) for finding in verify(path).findings]


def test_an_untouched_log_is_fine(path: Path) -> None:
    verdict = verify(path)
    assert verdict.fine and not verdict.notes
    assert (verdict.entries, verdict.first, verdict.head.seq, verdict.anchors) == (COUNT, 1, COUNT, 1)


def test_a_hash_is_that_of_the_previous_one_and_the_canonical_json(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        previous = bytes(32)
        for _seq, digest, body in rows(connection):
            content = json.loads(body)
            assert body == json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            assert digest == hashlib.sha256(previous + body.encode()).digest()
            previous = digest


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET body = '{}' WHERE seq = 3",
        "DELETE FROM audit WHERE seq = 3",
        "INSERT OR REPLACE INTO audit VALUES (3, x'00', '{}')",
        "INSERT INTO audit VALUES (0, x'00', '{}')",
    ],
)
def test_the_table_refuses_all_but_appending(path: Path, statement: str) -> None:
    with (
        contextlib.closing(sqlite3.connect(path)) as connection,
        pytest.raises(sqlite3.IntegrityError, match="append-only"),
    ):
        connection.execute(statement)
    assert verify(path).fine


def test_one_changed_byte_of_an_entry_is_found(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(path.read_bytes())
    place = content.index(b"SL-00017") + 7
    content[place] ^= 1
    path.write_bytes(content)
    (finding,) = verify(path).findings
    assert (finding.kind, finding.seq) == (Kind.CHANGED, 17)
    assert finding.line.startswith("entry 17 (2026-11-18T") and "changed" in finding.line


def test_a_changed_hash_is_told_from_a_changed_entry(path: Path) -> None:
    with behind_its_back(path) as connection:
        connection.execute("UPDATE audit SET hash = zeroblob(32) WHERE seq = 9")
    assert found(path) == [(Kind.HASH, 9)]


def test_deleted_entries_are_found(path: Path) -> None:
    with behind_its_back(path) as connection:
        connection.execute("DELETE FROM audit WHERE seq IN (1, 12, 13)")
    verdict = verify(path)
    assert [(it.kind, it.seq) for it in verdict.findings] == [(Kind.MISSING, 1), (Kind.MISSING, 12)]
    assert "entries 12 to 13 are missing" in verdict.findings[1].line


def test_a_deleted_entry_is_found_though_the_others_were_renumbered(path: Path) -> None:
    with behind_its_back(path) as connection:
        content = [(digest, body) for seq, digest, body in rows(connection) if seq != 12]
        rewrite(connection, content)
    assert found(path) == [(Kind.CUT, COUNT), (Kind.CHANGED, 12)]


def test_two_swapped_entries_are_found_in_each_other_s_place(path: Path) -> None:
    for first, second in ((5, 6), (10, 20)):
        with behind_its_back(path) as connection:
            content = [(digest, body) for _seq, digest, body in rows(connection)]
            kept = list(content)
            content[first - 1], content[second - 1] = content[second - 1], content[first - 1]
            rewrite(connection, content)
        findings = verify(path).findings
        assert [(it.kind, it.seq) for it in findings] == [(Kind.MOVED, first), (Kind.MOVED, second)]
        assert f"written as entry {second}" in findings[0].line
        with behind_its_back(path) as connection:
            rewrite(connection, kept)
        assert verify(path).fine


@pytest.mark.parametrize("chained", [False, True])
@pytest.mark.parametrize("place", [1, 2, 15])
def test_an_inserted_entry_is_found(path: Path, place: int, chained: bool) -> None:
    with behind_its_back(path) as connection:
        content = [(digest, body) for _seq, digest, body in rows(connection)]
        before = content[place - 2][0] if place > 1 else bytes(32)
        body = canonical(entry(99))
        content.insert(place - 1, (link(before, body) if chained else os.urandom(32), body.decode()))
        rewrite(connection, content)
    assert (Kind.INSERTED, place) in found(path)
    assert {kind for kind, _seq in found(path)} == {Kind.INSERTED, Kind.REWRITTEN}


def test_an_entry_put_before_the_first_is_found(path: Path) -> None:
    with behind_its_back(path) as connection:
        connection.execute("INSERT INTO audit VALUES (0, zeroblob(32), '{}')")
    assert found(path) == [(Kind.INSERTED, 0)]


def test_a_cut_tail_is_found_by_the_anchor(path: Path) -> None:
    with behind_its_back(path) as connection:
        connection.execute("DELETE FROM audit WHERE seq > 25")
    (finding,) = verify(path).findings
    assert (finding.kind, finding.seq) == (Kind.CUT, 26)
    assert "ends at 25, and reached 30" in finding.line


def test_an_emptied_log_is_found(path: Path) -> None:
    with behind_its_back(path) as connection:
        connection.execute("DELETE FROM audit")
    assert found(path) == [(Kind.CUT, 1)]


def test_a_log_forged_from_the_first_entry_on_is_found_by_the_anchor(path: Path) -> None:
    with behind_its_back(path) as connection:
        content, previous = [], bytes(32)
        for number in range(1, COUNT + 1):
            body = canonical(entry(number + (number == 3)))
            previous = link(previous, body)
            content.append((previous, body.decode()))
        rewrite(connection, content)
    assert found(path) == [(Kind.REWRITTEN, COUNT)]


def test_removed_guards_are_found(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TRIGGER audit_no_update")
    assert [kind for kind, _seq in found(path)] == [Kind.UNGUARDED]


def test_without_anchors_a_cut_cannot_be_told_and_that_is_said(tmp_path: Path) -> None:
    record(tmp_path / "work.db", anchored=False)
    verdict = verify(tmp_path / "work.db")
    assert verdict.fine
    assert "cannot be told" in verdict.notes[0]


def test_anchors_are_written_as_the_log_grows_and_their_removal_is_found(tmp_path: Path) -> None:
    path, anchors = tmp_path / "work.db", tmp_path / "audit-anchors.jsonl"
    record(path, audit.ANCHOR_EVERY + 3, anchored=False)
    (line,) = anchors.read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["count"] >= audit.ANCHOR_EVERY
    assert verify(path).fine
    anchors.unlink()
    assert [kind for kind, _seq in found(path)] == [Kind.ANCHORS]


def test_an_anchor_torn_by_a_power_failure_hides_no_other(path: Path) -> None:
    anchors = path.with_name("audit-anchors.jsonl")
    anchors.write_bytes(anchors.read_bytes()[:-20])
    record(path, 5)
    assert [kind for kind, _seq in found(path)] == [Kind.ANCHORS]
    with behind_its_back(path) as connection:
        connection.execute("DELETE FROM audit WHERE seq > 33")
    assert Kind.CUT in {kind for kind, _seq in found(path)}


def test_anchors_go_to_a_share_too(tmp_path: Path) -> None:
    database, share = open_work(tmp_path / "work.db"), tmp_path / "share"
    log = AuditLog(database, tmp_path / "audit-anchors.jsonl", (share,), "poste-3")
    log.append(entry(1)).result()
    log.close()
    database.close()
    assert verify(tmp_path / "work.db", share / "audit-anchors-poste-3.jsonl").anchors == 1
    assert not log.problem


def test_a_share_that_is_gone_stops_nothing_and_is_told(tmp_path: Path) -> None:
    (tmp_path / "share").write_text("no folder")
    database = open_work(tmp_path / "work.db")
    log = AuditLog(database, tmp_path / "audit-anchors.jsonl", (tmp_path / "share",))
    assert log.append(entry(1)).result().seq == 1
    log.close()
    database.close()
    assert "share" in log.problem and "\n" not in log.problem


def test_a_log_is_verified_while_it_is_written_to(path: Path) -> None:
    database = open_work(path)
    log = AuditLog(database, path.with_name("audit-anchors.jsonl"))
    try:
        for number in range(300):
            future = log.append(entry(number))
            if number % 60 == 0:
                assert verify(path).fine
        future.result()
        assert verify(path).entries == COUNT + 300
    finally:
        database.close()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="the administrator writes anywhere")
def test_a_copy_on_read_only_media_is_verified(path: Path) -> None:
    path.parent.chmod(0o555)
    try:
        assert verify(path).fine
        assert sorted(each.name for each in path.parent.iterdir()) == ["audit-anchors.jsonl", "work.db"]
    finally:
        path.parent.chmod(0o755)


@pytest.mark.parametrize("content", [None, b"", b"not a database, but long enough for a header" * 40])
def test_what_is_no_log_is_told_in_one_line(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "work.db"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(StoreError) as raised:
        verify(path)
    assert str(path) in str(raised.value) and "\n" not in str(raised.value)


def test_an_entry_is_on_the_disk_when_its_future_has_a_result(tmp_path: Path) -> None:
    script = """
        import sys, os, signal
        from pathlib import Path
        from desktop.store.audit import AuditLog
        from desktop.store.work_db import open_work
        from desktop.work.audit import Entry
        path = Path(sys.argv[1])
        log = AuditLog(open_work(path), path.with_name("audit-anchors.jsonl"))
        for number in range(150):
            log.append(Entry(time=1.0 + number, what="try")).result()
            print(number + 1, flush=True)
        log.append(Entry(time=9.0, what="perhaps"))
        os.kill(os.getpid(), signal.SIGKILL)
    """
    path = tmp_path / "work.db"
    command = [sys.executable, "-c", textwrap.dedent(script), str(path)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    told = int(ended.stdout.splitlines()[-1])
    verdict = verify(path)
    assert verdict.fine
    assert told == 150 and verdict.entries in (150, 151)
    record(path, 2)
    assert verify(path).fine


def test_what_fails_is_not_recorded_and_the_chain_goes_on(path: Path) -> None:
    database = open_work(path)
    log = AuditLog(database, path.with_name("audit-anchors.jsonl"))

    def failing(db: object) -> None:
        audit.append(db, entry(50))  # type: ignore[arg-type]
        raise RuntimeError("what belongs with it could not be written")

    with pytest.raises(RuntimeError):
        log.submit(failing).result()
    assert log.append(entry(51)).result().seq == COUNT + 1
    log.close()
    database.close()
    assert verify(path).fine


@pytest.mark.parametrize(
    ("pragma", "error"), [("query_only = 1", StoreError), ("max_page_count = 1", DiskFull)]
)
def test_what_cannot_be_recorded_is_refused(path: Path, pragma: str, error: type[StoreError]) -> None:
    database = open_work(path)
    log = AuditLog(database, path.with_name("audit-anchors.jsonl"))
    database.submit(lambda db: db.conn.execute(f"PRAGMA {pragma}")).result()
    with pytest.raises(error):
        log.append(Entry(time=NOVEMBER, what="try", reason="long" * 10_000)).result()
    log.close()
    database.close()
    verdict = verify(path)
    assert verdict.fine and verdict.entries == COUNT


def test_the_head_is_anchored_once(path: Path) -> None:
    database = open_work(path)
    log = AuditLog(database, path.with_name("audit-anchors.jsonl"))
    log.append(entry(50)).result()
    log.anchor().result()
    log.close()
    database.close()
    assert verify(path).anchors == 2


Tamper = Callable[[list[tuple[bytes, str]]], list[tuple[bytes, str]]]


@st.composite
def tamperings(draw: st.DrawFn) -> Tamper:
    """One thing done to the content of the table, that leaves it other than it was."""
    at = draw(st.integers(0, COUNT - 1))
    what = draw(st.sampled_from(["byte", "hash", "delete", "swap", "insert", "cut", "rotate", "double"]))
    other = draw(st.integers(0, COUNT - 1).filter(lambda it: it != at))
    bit = draw(st.integers(0, 255))

    def tamper(content: list[tuple[bytes, str]]) -> list[tuple[bytes, str]]:
        digest, body = content[at]
        if what == "byte":
            place = bit % len(body)
            content[at] = (digest, body[:place] + chr(ord(body[place]) ^ 1) + body[place + 1 :])
        elif what == "hash":
            changed = bytearray(digest)
            changed[bit // 8] ^= 1 << bit % 8
            content[at] = (bytes(changed), body)
        elif what == "delete":
            del content[at]
        elif what == "swap":
            content[at], content[other] = content[other], content[at]
        elif what == "insert":
            content.insert(at, (link(digest, body.encode()), body))
        elif what == "cut":
            del content[at:]
        elif what == "rotate":
            content.insert(other, content.pop(at))
        else:
            content.insert(other, content[at])
        return content

    return tamper


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tamper=tamperings())
def test_whatever_is_done_is_found(path: Path, tamper: Tamper) -> None:
    with behind_its_back(path) as connection:
        whole = [(digest, body) for _seq, digest, body in rows(connection)]
        rewrite(connection, tamper(list(whole)))
    findings = verify(path).findings
    with behind_its_back(path) as connection:
        rewrite(connection, whole)
    assert findings
    assert all(1 <= finding.seq <= COUNT + 1 and "\n" not in finding.line for finding in findings)
    assert verify(path).fine


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 10**9), mask=st.integers(1, 255))
def test_a_byte_changed_anywhere_in_the_file_never_stops_verifying(path: Path, place: int, mask: int) -> None:
    whole = path.read_bytes()
    content = bytearray(whole)
    content[place % len(content)] ^= mask
    path.write_bytes(content)
    try:
        with contextlib.suppress(StoreError):
            verdict = verify(path)
            if verdict.fine:
                assert stored(path, content) == stored(path, whole)
    finally:
        path.write_bytes(whole)


def stored(path: Path, content: bytes | bytearray) -> list[tuple[int, bytes, str]]:
    path.write_bytes(content)
    with contextlib.closing(sqlite3.connect(f"{path.as_uri()}?immutable=1", uri=True)) as connection:
        return rows(connection)


class Months:
    """A log over some months, a day an entry, with what seals them."""

    def __init__(self, folder: Path, days: int) -> None:
        self.path, self.folder = folder / "work.db", folder / "audit"
        self.database = open_work(self.path)
        self.log = AuditLog(self.database, folder / "audit-anchors.jsonl")
        self.now = NOVEMBER + days * DAY
        for day in range(days):
            self.log.append(entry(day, NOVEMBER + day * DAY)).result()
        self.log.anchor().result()

    def retain(self, months: int = 2) -> tuple[Segment, ...]:
        return self.database.submit(lambda db: retain(db, self.folder, self.now, keep_months=months)).result()

    def verdict(self) -> Verdict:
        return verify(self.path)


@pytest.fixture
def months(tmp_path: Path) -> Iterator[Months]:
    made = Months(tmp_path, 120)
    yield made
    made.database.close()


def test_closed_months_are_sealed_once_and_the_older_ones_leave_the_work_file(months: Months) -> None:
    names = [each.name for each in months.retain()]
    assert names == [f"{each}.jsonl.gz" for each in ("2026-11", "2026-12", "2027-01", "2027-02")]
    verdict = months.verdict()
    assert verdict.fine and verdict.segments == 4
    assert verdict.first == 1 + sum(it.count for it in segments_of(months)[:2])
    assert not months.retain()
    months.log.append(entry(500)).result()
    assert months.verdict().fine


def segments_of(months: Months) -> tuple[Segment, ...]:
    return months.database.submit(segments).result()


def test_months_sealed_one_after_the_other_stay_verifiable(months: Months) -> None:
    months.retain()
    for _month in range(3):
        months.now += 31 * DAY
        for number in range(5):
            months.log.append(entry(number, months.now)).result()
        months.retain(1)
        assert months.verdict().fine
    assert len(segments_of(months)) == 7 and months.verdict().first > 100


def test_a_segment_holds_the_entries_as_they_were(months: Months) -> None:
    months.retain()
    lines = gzip.decompress((months.folder / "2026-11.jsonl.gz").read_bytes()).splitlines()
    first = json.loads(lines[0])
    assert first["seq"] == 1
    assert msgspec.convert(first["entry"], Entry) == entry(0, NOVEMBER)


def test_a_missing_segment_is_found(months: Months) -> None:
    months.retain()
    (months.folder / "2026-12.jsonl.gz").unlink()
    (finding,) = months.verdict().findings
    assert finding.kind is Kind.SEGMENT and "2026-12" in finding.line


def test_an_altered_segment_is_found_with_the_entry(months: Months) -> None:
    months.retain()
    file = months.folder / "2026-11.jsonl.gz"
    content = gzip.decompress(file.read_bytes()).replace(b"SL-00003", b"SL-00004")
    file.write_bytes(gzip.compress(content))
    assert [(it.kind, it.seq) for it in months.verdict().findings] == [(Kind.SEGMENT, 1), (Kind.CHANGED, 4)]


def test_a_segment_cut_short_is_found(months: Months) -> None:
    months.retain()
    file = months.folder / "2026-11.jsonl.gz"
    file.write_bytes(file.read_bytes()[:-300])
    kinds = [it.kind for it in months.verdict().findings]
    assert kinds == [Kind.SEGMENT, Kind.UNREADABLE]


def test_a_segment_whose_time_is_over_may_go_when_that_is_recorded(months: Months) -> None:
    months.retain()
    months.database.submit(lambda db: remove(db, "2026-11.jsonl.gz", months.now)).result()
    (months.folder / "2026-11.jsonl.gz").unlink()
    verdict = months.verdict()
    assert verdict.fine and "2026-11" in verdict.notes[0]
    with pytest.raises(StoreError, match="still in the work file"):
        months.database.submit(lambda db: remove(db, "2027-02.jsonl.gz", months.now)).result()


def test_entries_stay_in_the_work_file_while_their_segment_is_not_whole(months: Months) -> None:
    months.retain(12)
    (months.folder / "2026-12.jsonl.gz").write_bytes(b"")
    months.retain(1)
    assert months.verdict().first == 1 + segments_of(months)[0].count


def test_a_log_that_does_not_hold_is_not_sealed(months: Months) -> None:
    with behind_its_back(months.path) as connection:
        connection.execute("UPDATE audit SET body = replace(body, 'SL-00003', 'SL-00004')")
    with pytest.raises(StoreError, match="entry 4 does not hold"):
        months.retain()
    assert not segments_of(months) and months.verdict().first == 1


def test_deleting_the_oldest_entries_without_a_seal_is_found(months: Months) -> None:
    months.retain()
    first = months.verdict().first
    with behind_its_back(months.path) as connection:
        connection.execute("DELETE FROM audit WHERE seq < ?", (first + 3,))
    assert [(it.kind, it.seq) for it in months.verdict().findings] == [(Kind.MISSING, first)]


def test_a_clock_that_jumps_does_not_break_sealing(tmp_path: Path) -> None:
    made: Database = open_work(tmp_path / "work.db")
    log = AuditLog(made, tmp_path / "audit-anchors.jsonl")
    for time in (NOVEMBER + 900 * DAY, NOVEMBER, 0.0, NOVEMBER + 40 * DAY, NOVEMBER, NOVEMBER + 41 * DAY):
        log.append(Entry(time=time, what="try")).result()
    now = NOVEMBER + 41 * DAY
    sealed = made.submit(lambda db: retain(db, tmp_path / "audit", now, keep_months=1)).result()
    log.close()
    made.close()
    assert [(each.first, each.last) for each in sealed] == [(1, 1), (2, 3)]
    assert verify(tmp_path / "work.db").fine
