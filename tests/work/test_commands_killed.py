"""A console that is killed in the middle of a command, and what the next one makes of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from desktop.store.audit_verify import verify
from desktop.work.command import Cause, Stage
from desktop.work.command_history import overrides, unfinished
from tests.work.console import LIGHTS
from tests.work.killed_console import FiledConsole

ROOT = Path(__file__).parents[2]


def test_after_a_kill_the_command_is_unknown_the_log_verifies_and_the_override_ends(tmp_path: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.work.killed_console", str(tmp_path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    done, lost, request = child.stdout.readline().split()
    child.kill()
    child.communicate()

    desk = FiledConsole(tmp_path)
    desk.now += 30
    desk.link(True)
    kept = desk.work.submit(lambda db: [*unfinished(db), *overrides(db)]).result()
    desk.do(desk.commands.restore(kept, desk.now))
    target = desk.target(lost)
    assert (target.stage, target.cause) == (Stage.UNKNOWN, Cause.INTERRUPTED)
    assert target.command_id == request
    assert desk.target(done).stage is Stage.CONFIRMED
    assert desk.sent == []
    assert desk.work.submit(unfinished).result() == []
    for id in ("L0", "L1"):
        desk.report(LIGHTS, id, on=False, level=0, override=True)
    desk.wait(300)
    assert [(key.id, it.action) for key, it in desk.sent] == [("L1", "release")]
    desk.wait(300)
    assert [(key.id, it.action) for key, it in desk.sent] == [("L1", "release"), ("L0", "release")]
    desk.log.close()
    desk.work.close()
    verdict = verify(tmp_path / "work.db")
    assert verdict.fine and verdict.entries >= 5
