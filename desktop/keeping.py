"""The work file as the UI thread sees it: everything is written and read on the file's own thread."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

import msgspec
import sqlite_utils

from desktop.hub import Hub
from desktop.store import alarm_history, audit, command_log
from desktop.store.audit import AuditLog
from desktop.store.audit_segments import retain
from desktop.store.database import Database
from desktop.work import command_history
from desktop.work.alarm import Alarm, Event
from desktop.work.audit import Entry
from desktop.work.command import Command

T = TypeVar("T")
COMMANDS_KEPT = 400 * 86_400.0
"""Seconds for which past commands are listed; what they did stays in the audit log."""

_ENCODER, _ALARM = msgspec.json.Encoder(), msgspec.json.Decoder(Alarm)


class Kept(msgspec.Struct, frozen=True):
    """What a start has to know again."""

    commands: list[Command]
    alarms: list[Alarm]


class WorkFile:
    """Writes acts, alarms and commands; a failure that nobody waits for is one line for the operator."""

    def __init__(self, hub: Hub, database: Database, log: AuditLog) -> None:
        self._hub, self._database, self._log = hub, database, log

    def ask(
        self,
        question: Callable[[sqlite_utils.Database], T],
        then: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Run a question on the file's thread; `then` gets the answer on the UI thread."""
        self._follow_up(self._database.submit_urgent(question), then, failed)

    def read_back(self, then: Callable[[Kept], None]) -> None:
        """Read what was under way, what must still be ended, the latest commands, and the standing alarms."""

        def read(db: sqlite_utils.Database) -> Kept:
            found = [
                *command_history.page(db),
                *command_history.unfinished(db),
                *command_history.overrides(db),
            ]
            alarms = [_ALARM.decode(body) for body in alarm_history.standing(db)]
            return Kept(list({command.id: command for command in found}.values()), alarms)

        self._follow_up(self._database.submit(read), then)

    def record(
        self,
        entries: Iterable[Entry],
        command: Command | None = None,
        settled: Callable[[bool], None] | None = None,
    ) -> None:
        """Add to the audit log in one transaction, with the command; `settled` hears whether."""
        wanted = tuple(entries)

        def write(db: sqlite_utils.Database) -> None:
            for entry in wanted:
                audit.append(db, entry)
            if command is not None:
                command_history.keep(db, command)

        if settled is None:
            self._follow_up(self._log.submit(write), _nothing)
            return
        told = settled

        def failed(error: Exception) -> None:
            self._hub.failed.emit(str(error))
            told(False)

        self._follow_up(self._log.submit(write), lambda _: told(True), failed)

    def keep_commands(self, commands: Iterable[Command]) -> None:
        """Write commands down as they stand."""
        wanted = tuple(commands)

        def write(db: sqlite_utils.Database) -> None:
            for command in wanted:
                command_history.keep(db, command)

        self._follow_up(self._database.submit(write), _nothing)

    def keep_alarms(self, events: Iterable[Event], standing: Iterable[Alarm], gone: Iterable[str]) -> None:
        """Add lines to the alarm history, and write down what stands and what no longer does."""
        lines, keys = tuple(events), tuple(gone)
        bodies = [(alarm.key, _ENCODER.encode(alarm)) for alarm in standing]

        def write(db: sqlite_utils.Database) -> None:
            alarm_history.append(db, lines)
            alarm_history.keep(db, bodies, keys)

        self._follow_up(self._database.submit(write), _nothing)

    def tend(self, segments: Path, console: str, now: float) -> None:
        """Once a start: seal closed months of the audit log, forget what is old elsewhere, anchor the log."""

        def forget(db: sqlite_utils.Database) -> None:
            alarm_history.prune(db, now)
            command_log.prune(db, now - COMMANDS_KEPT)

        def told(_: object) -> None:
            if self._log.problem:
                self._hub.failed.emit(self._log.problem)

        self._follow_up(
            self._database.submit(lambda db: retain(db, segments, now, console=console)), _nothing
        )
        self._follow_up(self._database.submit(forget), _nothing)
        self._follow_up(self._log.anchor(), told)

    def close(self) -> None:
        """Anchor the audit log and close the file."""
        self._log.close()
        self._database.close()

    def _follow_up(
        self,
        future: Future[T],
        then: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        def answered(done: Future[T]) -> None:
            error = done.exception()
            if error is None:
                self._hub.later(then, done.result())
            elif failed is not None and isinstance(error, Exception):
                self._hub.later(failed, error)
            else:
                self._hub.later(self._hub.failed.emit, str(error))

        future.add_done_callback(answered)


def _nothing(_: object) -> None:
    """There is nothing to do once it is written."""
