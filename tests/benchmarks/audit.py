"""How long verifying the audit log takes: `python -m tests.benchmarks.audit`.

Entries like those of commands are appended through the work file as the application does it, in batches;
then the log is verified from its file, and single entries are appended and waited for.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path

import sqlite_utils

from desktop.store.audit import AuditLog, append
from desktop.store.audit_verify import verify
from desktop.store.work_db import open_work
from desktop.work.audit import AuditFilter, Entry, page
from tests.benchmarks.machine import machine, percentiles, rss_mb

BATCH = 5000


def entry(number: int) -> Entry:
    """An entry as long as those of a command."""
    return Entry(
        time=1_760_000_000.0 + number,
        operator="Nadia Lefèvre" if number % 3 else "Camille Moreau",
        operator_id="n.lefevre",
        role="supervisor",
        console="poste-3",
        what="command-intent" if number % 2 else "command-result",
        target=f"street-lights/SL-{number % 34000:07d}",
        before={"level": 60, "on": True},
        after={"level": number % 100},
        result="" if number % 2 else "confirmed",
        reason="réglage de nuit",
        command=f"c-{number:08x}",
    )


def main() -> None:
    """Measure and print one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=200_000)
    count = parser.parse_args().records
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "work.db"
        database = open_work(path)
        log = AuditLog(database, Path(folder) / "audit-anchors.jsonl")
        started = time.perf_counter()
        for first in range(0, count, BATCH):

            def some(db: sqlite_utils.Database, first: int = first) -> None:
                for number in range(first, min(first + BATCH, count)):
                    append(db, entry(number))

            log.submit(some).result()
        filled = time.perf_counter() - started
        waits = []
        for number in range(200):
            started = time.perf_counter()
            log.append(entry(count + number)).result()
            waits.append(1000 * (time.perf_counter() - started))
        log.close()
        started = time.perf_counter()
        verdict = verify(path)
        verified = time.perf_counter() - started
        started = time.perf_counter()
        found = database.submit_urgent(lambda db: page(db, AuditFilter(operator="nobody"))).result()
        searched = time.perf_counter() - started
        database.close()
        size = path.stat().st_size
    figures = {
        "records": verdict.entries,
        "fine": verdict.fine and not found,
        "verify_s": round(verified, 2),
        "fill_s": round(filled, 2),
        "search_s": round(searched, 2),
        "append": percentiles(waits),
        "file_mb": round(size / 1e6, 1),
        "rss_mb": rss_mb(),
    }
    print(json.dumps({"benchmark": "audit", **figures, "machine": machine()}))


if __name__ == "__main__":
    main()
