"""`vigie audit`: verifying, exporting and anchoring the log of who did what."""

from __future__ import annotations

import csv
import sqlite3
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TextIO

import msgspec

from desktop.paths import default_paths
from desktop.store.audit_anchors import Anchor, write_anchor
from desktop.store.audit_scan import Link, stamp
from desktop.store.audit_segments import newest_seal, read_segment
from desktop.store.audit_verify import entries, open_log, verify
from desktop.store.errors import StoreError, store_error
from desktop.work.audit import Entry

FINE, TAMPERED, UNREADABLE = 0, 1, 2
"""Exit codes."""
COLUMNS = ("seq", "when", *Entry.__struct_fields__, "hash")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would run rather than show."""


def verify_log(file: Path | None, anchor: Path | None, as_json: bool) -> int:
    """Say what is wrong with the audit log, a line each; 0 when nothing is, 1 when something, 2 unread."""

    def work(path: Path) -> int:
        verdict = verify(path, anchor, default_paths().audit_segments if file is None else None)
        if as_json:
            _print(msgspec.json.encode({**msgspec.to_builtins(verdict), "fine": verdict.fine}).decode())
            return FINE if verdict.fine else TAMPERED
        for note in verdict.notes:
            _print(f"note: {note}")
        for finding in verdict.findings:
            _print(f"{path}: {finding.line}")
        compared = f"{verdict.anchors} anchors of {verdict.anchor_file}"
        how = "as it was written" if verdict.fine else f"NOT as it was written: {len(verdict.findings)} found"
        _print(
            f"{path}: {verdict.entries} entries from {verdict.first}, {verdict.segments} segments,"
            f" compared with {compared}: {how}"
        )
        return FINE if verdict.fine else TAMPERED

    return _settled("verify", file, work)


def export_log(file: Path | None, target: Path) -> int:
    """Write every entry, those of sealed segments first, as CSV or as lines of JSON by the file's name."""

    def work(path: Path) -> int:
        suffix = target.suffix.lower()
        if suffix not in (".csv", ".jsonl"):
            raise StoreError(f"{target}: call it .csv or .jsonl, to say what to write")
        with closing(open_log(path)) as connection:
            links = _everything(connection, default_paths().audit_segments if file is None else None)
            with target.open("w", encoding="utf-8", newline="") as out:
                count = _as_table(links, out) if suffix == ".csv" else _as_lines(links, out)
        _print(f"{count} entries in {target}")
        return FINE

    return _settled("export", file, work)


def anchor_log(file: Path | None, target: Path | None) -> int:
    """Write the head down in a file that is only added to, and print it: to keep where nobody here writes."""

    def work(path: Path) -> int:
        with closing(open_log(path)) as connection:
            query = "SELECT seq, CAST(hash AS BLOB) FROM audit ORDER BY seq DESC LIMIT 1"
            row = connection.execute(query).fetchone()
        if row is None:
            raise StoreError(f"{path}: nothing has been recorded yet, so that there is nothing to anchor")
        anchor = Anchor(seq=row[0], hash=bytes(row[1]).hex(), count=row[0], time=time.time())
        write_anchor(default_paths().audit_anchors if target is None else target, anchor)
        _print(msgspec.json.encode(anchor).decode())
        return FINE

    return _settled("anchor", file, work)


def _settled(command: str, file: Path | None, work: Callable[[Path], int]) -> int:
    path = default_paths().work_db if file is None else file
    try:
        return work(path)
    except StoreError as error:
        line = str(error)
    except sqlite3.Error as error:
        line = str(store_error(error, path) or error)
    except (EOFError, ValueError, zlib.error) as error:
        line = f"a sealed segment cannot be read ({' '.join(str(error).split())}); run vigie audit verify"
    except OSError as error:
        line = f"{error.filename}: {error.strerror}" if error.filename else str(error)
    sys.stderr.write(f"vigie audit {command}: {line}\n")
    return UNREADABLE


def _everything(connection: sqlite3.Connection, folder: Path | None) -> Iterator[Link]:
    """The entries of segments that are there and have left the work file, then those of the work file."""
    first = int(connection.execute("SELECT coalesce(min(seq), 1) FROM audit").fetchone()[0])
    if folder is not None and first > 1:
        query = "SELECT seq, hash, CAST(body AS BLOB) FROM audit ORDER BY seq DESC"
        for segment in newest_seal(iter(connection.execute(query))):
            if segment.last < first and not segment.removed:
                yield from read_segment(folder / segment.name)
    yield from entries(connection)


def _as_lines(links: Iterator[Link], out: TextIO) -> int:
    count = 0
    for seq, digest, body in links:
        out.write(f'{{"seq":{seq},"hash":"{digest.hex()}","entry":{body.decode(errors="replace")}}}\n')
        count += 1
    return count


def _as_table(links: Iterator[Link], out: TextIO) -> int:
    writer, count = csv.writer(out), 0
    writer.writerow(COLUMNS)
    for seq, digest, body in links:
        try:
            entry = msgspec.to_builtins(msgspec.json.decode(body, type=Entry))
        except (msgspec.DecodeError, UnicodeDecodeError):
            entry = {"what": body.decode(errors="replace")}
        when = stamp(entry["time"]) if "time" in entry else ""
        cells = [_cell(entry.get(name, "")) for name in Entry.__struct_fields__]
        writer.writerow([seq, when, *cells, digest.hex()])
        count += 1
    return count


def _cell(value: object) -> str:
    if isinstance(value, dict):
        return msgspec.json.encode(value, order="sorted").decode() if value else ""
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(FORMULA) else text


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
