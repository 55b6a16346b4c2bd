"""Commands written down and read again: what is kept of them in the work file."""

from __future__ import annotations

import msgspec
import sqlite_utils

from desktop.store import command_log
from desktop.store.command_log import KeptCommand
from desktop.work.command import Command
from desktop.work.overrides import pending

_ENCODE = msgspec.json.Encoder().encode
_DECODER = msgspec.json.Decoder(Command)


def keep(db: sqlite_utils.Database, command: Command) -> None:
    """Write a command down as it stands."""
    due = command.expires if pending(command) else None
    command_log.keep(
        db,
        KeptCommand(id=command.id, asked=command.asked, final=command.final, due=due, body=_ENCODE(command)),
    )


def unfinished(db: sqlite_utils.Database) -> list[Command]:
    """Commands that were under way, oldest first."""
    return _read(command_log.unfinished(db))


def overrides(db: sqlite_utils.Database) -> list[Command]:
    """Commands that are over but whose override must still be ended, oldest first."""
    return _read(command_log.overrides(db))


def page(db: sqlite_utils.Database, before: float | None = None, limit: int = 200) -> list[Command]:
    """The newest commands asked before that time (epoch seconds), newest first."""
    return _read(command_log.page(db, before, limit))


def _read(bodies: list[bytes]) -> list[Command]:
    """What can be read; a body of a later version is left alone."""
    found = []
    for body in bodies:
        try:
            found.append(_DECODER.decode(body))
        except msgspec.DecodeError:
            continue
    return found
