"""Consoles over a small city with its equipment and gateway, all real, with a clock of the test's own.

Nothing waits: `City.run` lets time pass in small steps, and each console follows what has come.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlite_utils

from desktop.demo.field import Field
from desktop.demo.field_devices import Devices
from desktop.demo.field_lights import Lamps
from desktop.demo.gateway import Gateway
from desktop.demo.gateway_link import COMMANDS
from desktop.hub import Hub
from desktop.inbox import Inbox
from desktop.keeping import WorkFile
from desktop.link.feed import Delivery, InProcessBroker, InProcessFeed
from desktop.link.topics import ROOT
from desktop.link.wire import ChangedHint, Message, changed_topic, encode_changed
from desktop.link.wire_commands import CommandRequest, decode_command
from desktop.operations import Operations
from desktop.store import alarm_history
from desktop.store.alarm_history import Happening
from desktop.store.audit import AuditLog
from desktop.store.audit_verify import ANCHORS
from desktop.store.cache import open_cache
from desktop.store.features import FeatureRow, upsert
from desktop.store.work_db import open_work
from desktop.work import audit
from desktop.work.alarm import AlarmChanges
from desktop.work.audit import AuditFilter, Entry
from desktop.work.command import ApprovalRequest, Command, Refused, Target
from desktop.work.desks import shipped_desks
from desktop.work.operators import LocalIdentity
from desktop.work.picture import ObjectKey, Picture
from layers import load_layers
from tests.demo.test_field import EVENING, Register, network
from tests.demo.test_gateway import features
from tests.panels.room import row

LAYERS = load_layers()
LIGHTS, JUNCTIONS, BOLLARDS = "street-lights", "junctions", "bollards"
STEP = 0.25
"""Seconds between two looks at what has come."""
MOREAU, GARNIER, LEFEVRE, VIEWER = "demo-moreau", "demo-garnier", "demo-lefevre", "demo-accueil"
PATIENCE = 10.0


def registered() -> list[FeatureRow]:
    """The small town as the cache has it."""
    return [row(layer, id, **facts) for layer, some in features().items() for id, _, facts in some]


class City:
    """The equipment, its gateway, the broker, and the consoles that are open."""

    def __init__(self) -> None:
        self.now = EVENING
        self.broker = InProcessBroker(lambda: self.now)
        self.field = Field(self.broker, Register(features()), network, seed=3, clock=lambda: self.now)
        self.gateway = Gateway(
            LAYERS, self.field, self.broker.publish, clock=lambda: self.now, seed=3, failure_rate=0.0
        )
        self.consoles: list[Console] = []
        self.orders: list[tuple[str, CommandRequest]] = []
        """What reached the gateway, with its topic."""
        self._orders = self.broker.subscribe([COMMANDS, "mark"], "gateway")
        self._second = 0.0
        self.field.step(self.now)
        for group in self.field.groups.values():
            group.silent.clear()
        self.run(1.0)

    def run(self, seconds: float, every: float = STEP) -> None:
        """Let time pass."""
        end = self.now + seconds
        while self.now < end - 1e-6:
            self.now = min(end, self.now + every)
            self._obey()
            self.field.step(self.now)
            ticks = self.now - self._second >= 1.0
            if ticks:
                self._second = self.now
            for console in self.consoles:
                console.settle()
                if ticks:
                    console.tick()

    def _obey(self) -> None:
        if not self.broker.up:
            return
        self.broker.publish("mark", b"now")
        for item in self._orders.take() or []:
            if isinstance(item, Delivery) and item.topic != "mark":
                if item.payload and not item.retained:
                    with contextlib.suppress(ValueError):
                        self.orders.append((item.topic, decode_command(item.payload)))
                self.gateway.handle(*item, self.now)

    def lamp(self, skip: int = 0) -> ObjectKey:
        """A led lamp in order."""
        lamps = self.lamps
        place = lamps.cabinets.places["A-211"]
        good = [i for i in lamps.members(place) if i not in lamps.faults and lamps.dimmable(i)]
        return ObjectKey(LIGHTS, str(lamps.ids[good[skip]]))

    @property
    def lamps(self) -> Lamps:
        """The lamps of the field."""
        found = self.field.groups[LIGHTS]
        assert isinstance(found, Lamps)
        return found

    def place(self, key: ObjectKey) -> int:
        """Where an object stands in the field."""
        found = self.field.place(key.layer, key.id)
        assert found is not None
        return found

    def memory(self, key: ObjectKey) -> dict[str, Any]:
        """What a device remembers."""
        group = self.field.groups[key.layer]
        assert isinstance(group, Devices)
        return group.devices[self.place(key)].memory

    def report(self, key: ObjectKey) -> None:
        """Let an object report now."""
        self.field.report(key.layer, self.place(key), self.now)

    def values(self, key: ObjectKey) -> dict[str, Any]:
        """What an object would report."""
        values, _ = self.field.groups[key.layer].report(self.place(key), self.now)
        return dict(values)

    def asked(self, key: ObjectKey, phase: str = "operate") -> list[str]:
        """What the gateway was asked of an object: the actions."""
        topic = f"{ROOT}/command/{key.layer}/{key.id}"
        return [order.action for where, order in self.orders if where == topic and order.phase == phase]

    def close(self) -> None:
        """Close the consoles and stop."""
        for console in list(self.consoles):
            console.close()
        self.broker.unsubscribe(self._orders)
        self.field.stop()


class Console:
    """A console with its own files in `folder`: everything between the broker and the panels."""

    def __init__(self, city: City, folder: Path, name: str) -> None:
        folder.mkdir(exist_ok=True)
        self.city, self.folder, self.name = city, folder, name
        self.cache = open_cache(folder / "cache.db")
        self.cache.submit(lambda db: upsert(db, registered())).result()
        self.inbox = Inbox()
        self.hub = Hub(Picture(LAYERS), self.cache, self.inbox, lambda: city.now)
        self.path = folder / "work.db"
        self.work = open_work(self.path)
        self.file = WorkFile(self.hub, self.work, AuditLog(self.work, folder / ANCHORS, console=name))
        self.feed = InProcessFeed(city.broker, console=name)
        self.operations = Operations(
            self.hub,
            self.file,
            LocalIdentity(folder / "operators.toml", LAYERS, demo=True),
            shipped_desks(LAYERS),
            console=name,
            publish=self.feed.publish,
        )
        self.troubles: list[str] = []
        self.refused: list[Refused] = []
        self.approvals: list[ApprovalRequest] = []
        self.alarm_news: list[AlarmChanges] = []
        self.hub.failed.connect(self.troubles.append)
        self.operations.refused.connect(self.refused.append)
        self.operations.approval_asked.connect(self.approvals.append)
        self.operations.alarms_changed.connect(self.alarm_news.append)
        self._mark, self._seen, self._told = 0, 0, threading.Condition()
        for layer in LAYERS:
            self.hub.load(layer)
        self._follow()
        self.feed.start(self._deliver, LAYERS)
        city.consoles.append(self)
        self.settle()

    def _deliver(self, message: Message) -> None:
        if isinstance(message, ChangedHint) and message.id == f"mark-{self.name}":
            with self._told:
                self._seen = int(message.version)
                self._told.notify()
            return
        self.inbox.put(message)

    def settle(self) -> None:
        """Follow all that has been published, read and written so far."""
        if self.city.broker.up:
            self._mark += 1
            mark = encode_changed(f"mark-{self.name}", str(self._mark))
            self.city.broker.publish(changed_topic(LIGHTS), mark)
            with self._told:
                assert self._told.wait_for(lambda: self._seen == self._mark, PATIENCE)
        self._follow()

    def _follow(self) -> None:
        for _ in range(3):  # an act, what it has written, and what follows from that
            self.cache.submit(lambda _: None).result()
            self.work.submit(lambda _: None).result()
            self.inbox.flush()

    def tick(self) -> None:
        """A second has passed."""
        changes = self.hub.picture.grow_old(self.city.now)
        if changes:
            self.hub.announce(changes)
        self.hub.ticked.emit(self.city.now)

    def give(
        self,
        action: str,
        *keys: ObjectKey,
        reason: str = "essai",
        lasts_s: float | None = None,
        **args: object,
    ) -> str:
        """Draft and begin a command; its id."""
        drafted = self.operations.draft(keys[0].layer, action, keys, args, reason, lasts_s)
        self.operations.begin(drafted.id)
        return drafted.id

    def command(self, id: str) -> Command:
        """A command as it stands."""
        found = self.operations.commands.get(id)
        assert found is not None
        return found

    def target(self, id: str) -> Target:
        """Its only target."""
        (found,) = self.command(id).targets
        return found

    def log(self, *, command: str = "") -> list[Entry]:
        """Entries of the audit log, oldest first."""
        self.settle()
        found = self.work.submit(
            lambda db: audit.page(db, AuditFilter(command=command), limit=1_000)
        ).result()
        return [each.entry for each in reversed(found) if each.entry is not None]

    def history(self, text: str) -> list[Happening]:
        """Lines of the alarm history, oldest first."""
        self.settle()
        return self.work.submit(lambda db: alarm_history.page(db, text=text)).result()[::-1]

    def fill_disk(self, full: bool = True) -> None:
        """Let the work file grow no more, or again."""

        def limit(db: sqlite_utils.Database) -> None:
            pages = db.conn.execute("PRAGMA page_count").fetchone()[0] if full else 10**6
            db.conn.execute(f"PRAGMA max_page_count = {pages}")

        self.work.submit(limit).result()

    def close(self) -> None:
        """End as the application does, and leave the files."""
        self.city.consoles.remove(self)
        self.feed.stop()
        self.hub.close()
        self.inbox.close()
        self.cache.close()
        self.file.close()
        self.inbox.deleteLater()

    def reopened(self, while_closed: Callable[[], None] = lambda: None) -> Console:
        """The same console after a restart."""
        self.close()
        while_closed()
        return Console(self.city, self.folder, self.name)


def shares(city: City) -> dict[str, bytes]:
    """What a console that joins now would find retained of alarms."""
    listener = city.broker.subscribe([f"{ROOT}/alarm/#"], "late")
    found = {it.topic: it.payload for it in listener.take() or [] if isinstance(it, Delivery)}
    city.broker.unsubscribe(listener)
    return found
