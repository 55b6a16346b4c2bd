"""From a batch of the inbox to one `changed` signal that every screen listens to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import sqlite_utils
from qtpy.QtCore import QObject, QTimer, Signal

from desktop.inbox import Inbox
from desktop.link.wire import LinkMessage, PositionMessage, SnapshotComplete, StateMessage
from desktop.link.wire_alarms import AlarmMessage
from desktop.link.wire_commands import ApprovalMessage, LeaseMessage, Reply
from desktop.store import features
from desktop.store.database import Database
from desktop.work.assets import LayerTable
from desktop.work.picture import Changes, Picture

T = TypeVar("T")
Facts = Mapping[str, Mapping[str, Any]]
FEED = (StateMessage, PositionMessage, LinkMessage, SnapshotComplete)
CONTROL = (AlarmMessage, Reply, ApprovalMessage, LeaseMessage)


class _Answer:
    """The result of a question, on its way from the cache's thread back to the UI thread."""

    def __init__(self, then: Callable[[Any], None], value: object) -> None:
        self.then, self.value = then, value


class Hub(QObject):
    """Owns the picture on the UI thread and asks the cache questions off it."""

    changed = Signal(object)
    """One `Changes` per batch."""
    ticked = Signal(float)
    """Once a second, the time: ages and the clock are written again."""
    received = Signal(object)
    """Any message that is not of the feed, such as the progress of a sync."""
    controlled = Signal(list)
    """What came of alarms and commands in one batch: replies, approvals, leases, shared alarms."""
    failed = Signal(str)
    """One line for the operator."""

    def __init__(self, picture: Picture, cache: Database, inbox: Inbox, clock: Callable[[], float]) -> None:
        super().__init__(inbox)
        self.picture, self.cache, self.clock = picture, cache, clock
        self._inbox = inbox
        self._revisions: dict[str, int] = {}
        """Of each layer when it was read."""
        inbox.batch.connect(self._on_batch)
        self._second = QTimer(self, interval=1000)
        self._second.timeout.connect(self._on_second)
        self._second.start()

    def ask(
        self,
        question: Callable[[sqlite_utils.Database], T],
        then: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Run a question on the cache's thread; `then` gets the answer on the UI thread."""
        future = self.cache.submit_urgent(question)

        def answered(done: Any) -> None:  # noqa: ANN401 - a Future of T, seen from its callback
            error = done.exception()
            if error is None:
                self._inbox.put(_Answer(then, done.result()))
            elif failed is not None:
                self._inbox.put(_Answer(failed, error))
            else:
                self._inbox.put(_Answer(self.failed.emit, str(error)))

        future.add_done_callback(answered)

    def later(self, then: Callable[[T], None], value: T) -> None:
        """Call `then` with the value on the UI thread; callable from any thread."""
        self._inbox.put(_Answer(then, value))

    def load(self, layer: str) -> None:
        """Read a layer's columns from the cache and put them in the picture."""
        definition = self.picture.layers[layer]
        fields = definition.needed_facts

        def read(db: sqlite_utils.Database) -> tuple[LayerTable, Facts, int]:
            table = LayerTable(definition, features.columns(db, layer))
            table.prepare()
            revision = features.revisions(db).get(layer, 0)
            return table, features.facts(db, layer, fields) if fields else {}, revision

        self.ask(read, lambda loaded: self._loaded(*loaded))

    def catch_up(self) -> None:
        """Read the layers that another process on the same cache has changed since they were read."""

        def compare(revisions: dict[str, int]) -> None:
            for layer in self.picture.layers:
                if revisions.get(layer, 0) != self._revisions.get(layer, 0):
                    self.load(layer)

        self.ask(features.revisions, compare)

    def close(self) -> None:
        """Let time pass no longer."""
        self._second.stop()

    def announce(self, changes: Changes) -> None:
        """Tell every screen of a change made on the UI thread (a filter, for instance)."""
        self.changed.emit(changes)

    def _loaded(self, table: LayerTable, facts: Facts, revision: int) -> None:
        self._revisions[table.definition.id] = revision
        self.changed.emit(self.picture.replace(table, facts, self.clock()))

    def _on_batch(self, batch: list[object]) -> None:
        news: list[object] = []
        control: list[object] = []
        trouble: list[Exception] = []
        for message in batch:
            if isinstance(message, FEED):
                news.append(message)
                continue
            if isinstance(message, CONTROL):
                control.append(message)
                continue
            try:
                if isinstance(message, _Answer):
                    message.then(message.value)
                else:
                    self.received.emit(message)
            except Exception as error:  # the rest of the batch must not be lost with it
                trouble.append(error)
        changes = self.picture.apply(news, self.clock())
        if changes:
            self.changed.emit(changes)
        if control:
            self.controlled.emit(control)
        if trouble:
            raise ExceptionGroup("messages that could not be followed", trouble)

    def _on_second(self) -> None:
        now = self.clock()
        changes = self.picture.grow_old(now)
        if changes:
            self.changed.emit(changes)
        self.ticked.emit(now)
