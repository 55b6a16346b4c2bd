"""What comes of news and of time: alarms and commands followed, kept, published and shown.

Lives on the UI thread beside the hub. `work.db` is written on its own thread; a command leaves only once its
intent is on the disk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

import msgspec
import sqlite_utils
from qtpy.QtCore import QObject, Signal

from desktop.hub import Hub
from desktop.keeping import Kept, WorkFile
from desktop.link.wire_alarms import AlarmMessage, alarm_topic, encode_alarm
from desktop.link.wire_commands import ApprovalMessage, LeaseMessage, Reply
from desktop.work.alarm import AlarmChanges
from desktop.work.alarms import Alarms
from desktop.work.audit import Entry
from desktop.work.command import ApprovalRequest
from desktop.work.commands import Commands, Effects, Record
from desktop.work.desks import Desk
from desktop.work.operators import ABSENT, Identity
from desktop.work.picture import Changes, ObjectKey
from layers.definition import AlarmRule, Severity, Text

T = TypeVar("T")
Publish = Callable[[str, bytes, bool], bool]


DIVERGENCE = AlarmRule(
    id="divergence",
    title=Text("No longer as commanded", "N’est plus conforme à la commande"),
    guidance=Text(
        "The equipment did what was asked, then changed by itself: check it, then ask again.",
        "L’équipement a obéi, puis changé de lui-même : vérifier, puis renouveler la commande.",
    ),
    severity=Severity.MEDIUM,
)


class Watch(QObject):
    """Carries out what alarms and commands ask for, in that order: record, keep, publish, tell."""

    alarms_changed = Signal(object)
    """An `AlarmChanges`."""
    commands_changed = Signal(object)
    """Ids of the commands that changed, a frozenset."""
    operator_changed = Signal()
    approval_asked = Signal(object)
    """An `ApprovalRequest` for whoever is at this desk."""
    refused = Signal(object)
    """A `Refused` act, already in the audit log."""
    sound_wanted = Signal(int)
    """The severity of what has just been raised, the worst of a batch."""

    def __init__(
        self,
        hub: Hub,
        file: WorkFile,
        identity: Identity,
        desks: tuple[Desk, ...],
        *,
        console: str,
        publish: Publish,
        locale: str = "en",
    ) -> None:
        super().__init__(hub)
        self.hub, self.console, self.desks = hub, console, desks
        self.alarms, self.commands = Alarms(hub.picture, console), Commands(hub.picture, console, locale)
        self.operator = ABSENT
        self._file, self._identity, self._publish = file, identity, publish
        self._restored = False
        self._diverged: frozenset[ObjectKey] = frozenset()
        hub.changed.connect(self._on_changes)
        hub.controlled.connect(self._on_controlled)
        hub.ticked.connect(self._on_tick)
        file.read_back(self._take_up)

    def ask(
        self,
        question: Callable[[sqlite_utils.Database], T],
        then: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Run a question on the thread of `work.db`; `then` gets the answer on the UI thread."""
        self._file.ask(question, then, failed)

    def _take_up(self, kept: Kept) -> None:
        """Begin where the application was left: all that has come meanwhile is looked at again."""
        now = self.hub.clock()
        self._restored = True
        self._tell(self.alarms.restore(kept.alarms, now, (DIVERGENCE,)))
        standing = [it for it in self.alarms.all() if it.rule == DIVERGENCE.id and it.life.active]
        self._diverged = frozenset(it.object for it in standing)
        self._carry_out(self.commands.restore(kept.commands, now))
        self._show_divergences()
        self._on_changes(Changes(replaced=frozenset(self.hub.picture.tables)))

    def _note(self, what: str, targets: Iterable[str] = ("",), reason: str = "", result: str = "") -> None:
        """Write an act of the desk into the audit log, one entry a target, in one transaction."""
        now, who = self.hub.clock(), self.operator
        entries = [
            Entry(
                time=now,
                operator=who.name,
                operator_id=who.id,
                role=str(who.role),
                console=self.console,
                what=what,
                target=target,
                reason=reason,
                result=result,
            )
            for target in targets
        ]
        self._file.record(entries)

    def _on_changes(self, changes: Changes) -> None:
        if not self._restored:
            return
        now = self.hub.clock()
        self._tell(self.alarms.follow(changes, now))
        self._carry_out(self.commands.follow(changes, now))

    def _on_controlled(self, messages: list[object]) -> None:
        now = self.hub.clock()
        alarms = [it for it in messages if isinstance(it, AlarmMessage)]
        if alarms:
            self._tell(self.alarms.received(alarms, now))
        others = [it for it in messages if isinstance(it, Reply | ApprovalMessage | LeaseMessage)]
        if others:
            self._carry_out(self.commands.received(others, now))

    def _on_tick(self, now: float) -> None:
        if self._restored:
            self._tell(self.alarms.tick(now))
            self._carry_out(self.commands.tick(now))

    def _tell(self, changes: AlarmChanges) -> None:
        """Keep, share and show what changed of alarms."""
        if not changes:
            return
        known = {key: self.alarms.get(key) for key in changes.keys}
        standing = [alarm for alarm in known.values() if alarm is not None]
        self._file.keep_alarms(changes.events, standing, [key for key in known if known[key] is None])
        for share in changes.shares:
            told = msgspec.convert(msgspec.to_builtins(share), AlarmMessage)
            self._publish(alarm_topic(share.key), encode_alarm(told), True)
        for key in changes.closed:
            self._publish(alarm_topic(key), b"", True)
        self.alarms_changed.emit(changes)
        if changes.raised:
            severities = [alarm.severity for key in changes.raised if (alarm := self.alarms.get(key))]
            if severities:
                self.sound_wanted.emit(int(max(severities)))

    def _carry_out(self, effects: Effects) -> None:
        """Record, keep, publish, tell: in that order, and publish only what the machine asks for."""
        if not effects:
            return
        for record in effects.records:
            self._record(record)
        if effects.kept:
            self._file.keep_commands(effects.kept)
        for publish in effects.publishes:
            if not self._publish(publish.topic, publish.payload, publish.retain) and publish.token:
                self._carry_out(self.commands.published(publish.token, False, self.hub.clock()))
        for note in effects.notes:
            if isinstance(note, ApprovalRequest):
                self.approval_asked.emit(note)
        self._show_divergences()
        if effects.changed:
            self.commands_changed.emit(effects.changed)

    def _record(self, record: Record) -> None:
        token = record.token

        def settled(ok: bool) -> None:
            self._carry_out(self.commands.recorded(token, ok, self.hub.clock()))

        self._file.record([record.entry], record.command, settled if token else None)

    def _show_divergences(self) -> None:
        now, known = self.hub.clock(), frozenset(key for key, _ in self.commands.diverged())
        for key in known ^ self._diverged:
            self._tell(self.alarms.set_condition(key, DIVERGENCE, key in known, now))
        self._diverged = known
