"""A desk with real alarms over a `Room`, for the tests of the panels that show them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

import sqlite_utils
from qtpy.QtCore import QObject, Signal

from desktop.panels.alarm_view import AlarmView
from desktop.work.alarm import AlarmChanges, Event
from desktop.work.alarms import Alarms
from desktop.work.command import Cause, Refused
from desktop.work.desks import shipped_desks
from desktop.work.operators import ABSENT, Operator, Role
from desktop.work.picture import Changes, ObjectKey
from tests.panels.room import LAYERS, Room

T = TypeVar("T")
MARTIN = Operator(id="martin", name="A. Martin", role=Role.SUPERVISOR)
CABINET = ObjectKey("lighting-cabinets", "A-1")


class Seat(QObject):
    """The alarms of a room as `Operations` offers them, without any other console."""

    alarms_changed = Signal(object)
    operator_changed = Signal()
    sound_wanted = Signal(int)

    def __init__(self, room: Room) -> None:
        super().__init__(room.window)
        self.room, self.operator = room, MARTIN
        self.desks = shipped_desks(LAYERS)
        self.alarms = Alarms(room.hub.picture, "poste 3")
        self.history: list[Event] = []
        room.hub.changed.connect(self._follow)

    def acknowledge(self, keys: Iterable[str], note: str = "") -> None:
        """As Operations."""
        self._tell(self.alarms.acknowledge(tuple(keys), self._who(), note, self.room.now))

    def shelve(self, keys: Iterable[str], until: float, reason: str) -> None:
        """As Operations."""
        self._tell(self.alarms.shelve(tuple(keys), self._who(), until, reason, self.room.now))

    def unshelve(self, keys: Iterable[str]) -> None:
        """As Operations."""
        self._tell(self.alarms.unshelve(tuple(keys), self._who(), self.room.now))

    def suppress(self, objects: Iterable[ObjectKey], reason: str, until: float) -> None:
        """As Operations."""
        self._tell(self.alarms.suppress(tuple(objects), self._who(), reason, until, self.room.now))

    def ask(
        self,
        question: Callable[[sqlite_utils.Database], T],
        then: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Ask the room's cache, whose thread stands for that of work.db."""
        self.room.hub.ask(question, then, failed)

    def sign_out(self) -> None:
        """Leave the desk."""
        self.operator = ABSENT
        self.operator_changed.emit()

    def wait(self, seconds: float) -> None:
        """Let time pass for the alarms too."""
        self.room.pass_time(seconds)
        self._tell(self.alarms.tick(self.room.now))

    def fault(self, layer: str, identifier: str, *faults: str, age: float = 1.0) -> None:
        """Let an object report faults, or that it has none, and its alarm be due."""
        self.room.report(layer, identifier, faults=faults, age=age)
        self.wait(20.0)

    def blackout(self, view: AlarmView) -> None:
        """A cabinet trips and its six lamps go dark."""
        self.room.report("lighting-cabinets", "A-1", faults=["tripped"], age=1.0)
        for place in range(0, 12, 2):
            self.room.report("street-lights", f"SL-{place:02d}", faults=["no-supply"], age=1.0)
        self.wait(20.0)
        self.wait(20.0)
        self.room.until(lambda: any(len(row.children) == 6 for row in view.table.rows))

    def _who(self) -> Operator:
        if self.operator == ABSENT:
            raise Refused(Cause.NOT_SIGNED_IN)
        return self.operator

    def _follow(self, changes: Changes) -> None:
        self._tell(self.alarms.follow(changes, self.room.now))

    def _tell(self, changes: AlarmChanges) -> None:
        if changes:
            self.history.extend(changes.events)
            self.alarms_changed.emit(changes)
