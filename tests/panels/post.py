"""A desk whose commands go wherever the test takes them, over a `Room`."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import sqlite_utils
from qtpy.QtCore import QObject, Signal

from desktop.hub import Hub
from desktop.panels.layout import Layout
from desktop.panels.window import MainWindow
from desktop.store import audit
from desktop.store.database import Database
from desktop.work.alarm import Alarm, AlarmChanges, AlarmFilter, Row
from desktop.work.audit import Entry
from desktop.work.command import ApprovalRequest, Cause, Command, Lease, Refused, Stage, Target
from desktop.work.desks import shipped_desks
from desktop.work.operators import ABSENT, Operator, OperatorsError, Role
from desktop.work.picture import ObjectKey
from layers.definition import Risk
from tests.panels.room import LAYERS, Room, city, row

T = TypeVar("T")
MARTIN = Operator(id="martin", name="A. Martin", role=Role.SUPERVISOR)
LEROY = Operator(id="leroy", name="P. Leroy", role=Role.OPERATOR)
ZIDI = Operator(id="zidi", name="N. Zidi", role=Role.VIEWER)
TEAM = (MARTIN, LEROY, ZIDI)


class NoAlarms:
    """No object is in alarm."""

    flood = False

    def rows(self, wanted: AlarmFilter) -> list[Row]:
        """No row."""
        return []

    def of(self, key: ObjectKey) -> list[Alarm]:
        """No alarm."""
        return []

    def get(self, key: str) -> Alarm | None:
        """No alarm."""
        return None


class Book:
    """The commands, as `Commands` offers them to panels."""

    def __init__(self) -> None:
        self.kept: dict[str, Command] = {}
        self.leases: dict[ObjectKey, Lease] = {}

    def approvals(self) -> list[ApprovalRequest]:
        """Nobody asks."""
        return []

    def get(self, id: str) -> Command | None:
        """The command of that id."""
        return self.kept.get(id)

    def all(self) -> list[Command]:
        """Running first, newest first."""
        return sorted(self.kept.values(), key=lambda it: (it.final, -it.asked))

    def latest_for(self, key: ObjectKey) -> tuple[Command, Target] | None:
        """The newest command to an object."""
        found = [(it, t) for it in self.kept.values() for t in it.targets if t.key == key]
        return max(found, key=lambda it: it[0].asked, default=None)

    def lease_of(self, key: ObjectKey) -> Lease | None:
        """Who holds an object."""
        return self.leases.get(key)


class Post(QObject):
    """What panels use of `Operations`; `reach` takes targets to a stage."""

    alarms_changed = Signal(object)
    commands_changed = Signal(object)
    operator_changed = Signal()
    approval_asked = Signal(object)
    refused = Signal(object)
    sound_wanted = Signal(int)
    console = "poste 3"
    notice = ""

    def __init__(self, hub: Hub, clock: Callable[[], float], work: Database | None = None) -> None:
        super().__init__()
        self.hub, self._clock, self._work = hub, clock, work
        self.desks, self.operators = shipped_desks(LAYERS), TEAM
        self.operator, self.alarms, self.commands = MARTIN, NoAlarms(), Book()
        self.refusal: Refused | None = None
        self.answers: list[tuple[str, bool]] = []
        self.taken: list[tuple[ObjectKey, str]] = []
        self._numbers = itertools.count(1)

    def draft(
        self,
        layer: str,
        action: str,
        keys: Iterable[ObjectKey],
        arguments: Mapping[str, Any],
        reason: str = "",
        lasts_s: float | None = None,
    ) -> Command:
        """As Operations; `refusal` is raised instead when there is one."""
        if self.refusal is not None:
            raise self.refusal
        definition = LAYERS[layer].action(action)
        assert definition is not None
        targets = tuple(Target(key=key, command_id=f"t{next(self._numbers)}") for key in keys)
        command = Command(
            id=f"c{next(self._numbers)}",
            layer=layer,
            action=action,
            arguments=arguments,
            targets=targets,
            risk=definition.risk_for(len(targets)),
            operator=self.operator.name,
            role=str(self.operator.role),
            console=self.console,
            reason=reason,
            asked=self._clock(),
            expires=None if lasts_s is None else self._clock() + lasts_s,
        )
        self._keep(command)
        return command

    def reach(self, id: str, *stages: Stage, cause: Cause | None = None) -> None:
        """Take the targets to stages, one after the other, the last one for the rest."""
        command, now = self.commands.kept[id], self._clock()
        found = []
        for place, target in enumerate(command.targets):
            stage = stages[min(place, len(stages) - 1)]
            why = cause if stage.final and stage is not Stage.CONFIRMED else None
            times = {**target.times, stage: now}
            found.append(msgspec.structs.replace(target, stage=stage, cause=why, times=times))
        self._keep(msgspec.structs.replace(command, targets=tuple(found)))

    def begin(self, id: str) -> None:
        """As Operations."""
        risk = self.commands.kept[id].risk
        self.reach(id, Stage.SENT if risk is Risk.CONFIRM else Stage.SELECTING)

    def confirm(self, id: str) -> None:
        """As Operations."""
        risk = self.commands.kept[id].risk
        self.reach(id, Stage.AWAITING_APPROVAL if risk is Risk.TWO_PERSONS else Stage.SENT)

    def cancel(self, id: str) -> None:
        """As Operations."""
        self.reach(id, Stage.CANCELLED)

    def retry_failed(self, id: str) -> Command:
        """As Operations."""
        command = self.commands.kept[id]
        keys = [target.key for target in command.targets if target.stage is Stage.FAILED]
        return self.draft(command.layer, command.action, keys, command.arguments)

    def approve(self, id: str) -> None:
        """As Operations."""
        if self.refusal is not None:
            raise self.refusal
        self.answers.append((id, True))

    def decline(self, id: str) -> None:
        """As Operations."""
        self.answers.append((id, False))

    def take_over(self, key: ObjectKey, reason: str) -> None:
        """As Operations."""
        self.taken.append((key, reason))

    def sign_in(self, operator_id: str) -> None:
        """As Operations."""
        found = next((it for it in TEAM if it.id == operator_id), None)
        if found is None:
            raise OperatorsError(f"operators.toml: nobody is called {operator_id!r}")
        self.operator = found
        self.operator_changed.emit()

    def sign_out(self) -> None:
        """As Operations."""
        self.operator = ABSENT
        self.operator_changed.emit()

    def ask(
        self,
        question: Callable[[sqlite_utils.Database], T],
        then: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Ask the work file at once."""
        if self._work is None:
            return
        then(self._work.submit(question).result())

    def write(self, *entries: Entry) -> None:
        """Put entries in the real log."""
        assert self._work is not None
        for entry in entries:
            self._work.submit(lambda db, it=entry: audit.append(db, it)).result()

    def tell_alarms(self) -> None:
        """Say that alarms changed."""
        self.alarms_changed.emit(AlarmChanges())

    def _keep(self, command: Command) -> None:
        self.commands.kept[command.id] = command
        self.commands_changed.emit(frozenset({command.id}))


class DutyRoom(Room):
    """A room whose window has a post."""

    work: Database | None = None

    def __init__(self, folder: Path, work: Database | None = None) -> None:
        self.work = work
        declared = {"actions": "force-plan,automatic", "plans": "2, 4, 6"}
        rows = [*city(), row("junctions", "JC-9", 160, 0, name="Carrefour Foch", **declared)]
        rows.append(row("bollards", "B-1", 0, 60, name="Borne Godrans"))
        super().__init__(folder, rows=rows)
        self.link()
        for place in range(12):
            self.report("street-lights", f"SL-{place:02d}", on=True, level=100, override=False)
        for place in (1, 2):
            self.report("lighting-cabinets", f"A-{place}", powered=True, mode="auto")
        self.settle()

    def _open(self, folder: Path) -> MainWindow:
        self.post = Post(self.hub, lambda: self.now, self.work)
        return MainWindow(
            self.hub,
            self.display,
            self.selection,
            self.canvas,
            self.look,
            Layout(folder / "layout.ini"),
            territory="Dijon Métropole",
            console="poste 3",
            demo=True,
            attribution="© test",
            operations=self.post,  # type: ignore[arg-type]
        )
