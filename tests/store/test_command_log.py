"""Commands in the work file: what a restart finds again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from desktop.store.command_log import KeptCommand, create_commands, keep, prune
from desktop.store.database import Database
from desktop.work.command import Command, Stage, Target
from desktop.work.command_history import keep as keep_command
from desktop.work.command_history import overrides, page, unfinished
from desktop.work.overrides import ended
from desktop.work.picture import ObjectKey
from layers.definition import Risk


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(tmp_path / "work.db", [create_commands], synchronous="FULL")
    yield made
    made.close()


def command(id: str, stage: Stage, asked: float = 1.0, expires: float | None = None) -> Command:
    times = {Stage.SENT.value: asked} if stage is not Stage.REFUSED else {}
    target = Target(key=ObjectKey("street-lights", "L"), command_id=f"{id}-1", stage=stage, times=times)
    return Command(
        id=id,
        layer="street-lights",
        action="dim",
        arguments={"level": 40},
        targets=(target,),
        risk=Risk.CONFIRM,
        operator="Ana",
        role="operator",
        console="desk-1",
        asked=asked,
        expires=expires,
    )


def found(database: Database, ask: Callable[..., list[Command]]) -> list[str]:
    return [each.id for each in database.submit(ask).result()]


def test_what_is_kept_is_read_back_as_it_last_stood(database: Database) -> None:
    first, last = command("a", Stage.SENT), command("a", Stage.CONFIRMED, expires=50.0)
    for each in (first, last):
        database.submit(lambda db, each=each: keep_command(db, each)).result()
    assert database.submit(page).result() == [last]


def test_a_start_finds_what_was_under_way_and_what_must_be_ended(database: Database) -> None:
    over = command("over", Stage.CONFIRMED, expires=50.0)
    over = msgspec.structs.replace(over, targets=(ended(over.targets[0], 9.0),))
    every = [
        command("sent", Stage.SENT, 3.0, 50.0),
        command("selected", Stage.SELECTED, 2.0),
        command("dark", Stage.CONFIRMED, 4.0, 50.0),
        command("lost", Stage.UNKNOWN, 5.0, 50.0),
        command("refused", Stage.REFUSED, 6.0, 50.0),
        command("plan", Stage.CONFIRMED, 7.0),
        over,
    ]
    for each in every:
        database.submit(lambda db, each=each: keep_command(db, each)).result()
    assert found(database, unfinished) == ["selected", "sent"]
    assert found(database, overrides) == ["dark", "lost"]
    assert found(database, lambda db: page(db, before=6.0, limit=2)) == ["lost", "dark"]


def test_only_what_is_over_is_forgotten(database: Database) -> None:
    for each in (command("run", Stage.SENT), command("end", Stage.CONFIRMED, expires=50.0)):
        database.submit(lambda db, each=each: keep_command(db, each)).result()
    database.submit(lambda db: keep_command(db, command("over", Stage.FAILED))).result()
    assert database.submit(lambda db: prune(db, 2.0)).result() == 1
    assert sorted(found(database, page)) == ["end", "run"]


def test_a_body_of_a_later_version_is_left_alone(database: Database) -> None:
    strange = KeptCommand(id="x", asked=1.0, final=False, body=b'{"v": 9}')
    database.submit(lambda db: keep(db, strange)).result()
    assert found(database, unfinished) == []
