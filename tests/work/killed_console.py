"""A console with a real work file that gives two orders and then waits to be killed: argument, its folder."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import sqlite_utils

from desktop.store.audit import AuditLog, append
from desktop.store.work_db import open_work
from desktop.work.command_history import keep
from desktop.work.commands import Effects
from tests.work.console import LIGHTS, Console


class FiledConsole(Console):
    """Records in the work file before anything follows."""

    def __init__(self, folder: Path) -> None:
        self.work = open_work(folder / "work.db")
        self.log = AuditLog(self.work, folder / "audit-anchors.jsonl")
        super().__init__()

    def do(self, effects: Effects) -> Effects:
        """As the application does: what is recorded is on the disk before anything is published."""

        def write(db: sqlite_utils.Database) -> None:
            for record in effects.records:
                append(db, record.entry)
                if record.command is not None:
                    keep(db, record.command)
            for command in effects.kept:
                keep(db, command)

        if effects.records or effects.kept:
            self.log.submit(write).result()
        return super().do(effects)


def main() -> None:
    """Darken a lamp for ten minutes, order another, and say both commands' ids."""
    desk = FiledConsole(Path(sys.argv[1]))
    done = desk.give("off", lasts_s=600)
    desk.answer("accepted")
    desk.now += 2
    desk.report(LIGHTS, "L0", on=False, level=0, override=True)
    under_way = desk.give("dim", ["L1"], level=40, lasts_s=300)
    sys.stdout.write(f"{done} {under_way} {desk.sent[-1][1].command_id}\n")
    sys.stdout.flush()
    time.sleep(60)


if __name__ == "__main__":
    main()
