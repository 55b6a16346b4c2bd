"""The live city end to end: `vigie field` on a real broker, a console's picture, and a broker that dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from qtpy.QtWidgets import QApplication

from desktop.demo.files import DemoFiles, generate_apart
from desktop.demo.registry_store import RegistryStore
from desktop.hub import Hub
from desktop.inbox import Inbox
from desktop.keeping import WorkFile
from desktop.link.mqtt import MqttFeed
from desktop.link.topics import console_level
from desktop.link.wire import LinkMessage, Message, StateMessage
from desktop.map.blinking import Blinking
from desktop.map.canvas import Canvas
from desktop.map.display import Display
from desktop.map.ground import GroundSource
from desktop.map.selection import Selection
from desktop.map.theme import load_theme
from desktop.operations import Operations
from desktop.panels.look import SANS
from desktop.store import alarm_history
from desktop.store.alarm_history import Happening
from desktop.store.audit import AuditLog
from desktop.store.audit_verify import ANCHORS
from desktop.store.cache import close_cache, open_cache
from desktop.store.columns import Columns, StringColumn
from desktop.store.work_db import open_work
from desktop.work.alarm import Alarm, AlarmFilter, Life, Row
from desktop.work.assets import LayerTable
from desktop.work.desks import shipped_desks
from desktop.work.live import LINK_GRACE
from desktop.work.operators import LocalIdentity
from desktop.work.picture import ObjectKey, Picture
from layers import load_layers
from layers.model import Quality
from tests.broker import Broker, running

pytestmark = pytest.mark.service
LIGHTS = "street-lights"
SEED, ASSETS = 21, 2_000
FAULT_AT = 8.0
PATIENCE = 60.0
Wait = Callable[..., None]


class Clock:
    """The real time, that a test can push forward."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    generate_apart(DemoFiles(folder / "data" / "demo"), SEED, ASSETS, lambda _what, _share: None)
    return folder


@pytest.fixture(scope="module")
def lamps(home: Path) -> list[str]:
    store = RegistryStore(DemoFiles(home / "data" / "demo").registry)
    ids = [id for id, _, _ in store.each(LIGHTS)]
    store.close()
    return ids


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    (tmp_path / "broker").mkdir()
    yield from running(tmp_path / "broker", saves=2)


@pytest.fixture
def field(broker: Broker, home: Path, lamps: list[str], tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    script = tmp_path / "script.toml"
    what = f"at = {FAULT_AT}\nkind = 'fault'\nlayer = '{LIGHTS}'\nfault = 'lamp-failure'\n"
    events = [f"[[events]]\n{what}id = '{lamp}'\n" for lamp in lamps[:5]]
    script.write_text("".join(events), encoding="utf-8")
    environment = {**os.environ, "VIGIE_HOME": str(home), "VIGIE_DEMO_SEED": str(SEED)}
    command = ["field", "--broker", broker.url, "--script", str(script)]
    process = subprocess.Popen(
        [sys.executable, "-m", "desktop", *command],
        env={**environment, "VIGIE_DEMO_ASSETS": str(ASSETS)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    yield process
    process.kill()
    process.communicate()


class Console:
    """A console: its picture, its alarms in a work file, and the map on which they blink."""

    def __init__(self, broker: Broker, folder: Path, lamps: list[str]) -> None:
        self.clock = Clock()
        self.cache = open_cache(folder / "cache.db")
        self.inbox = Inbox()
        self.picture = Picture(load_layers())
        self.hub = Hub(self.picture, self.cache, self.inbox, self.clock)
        self.hub.changed.connect(lambda _: self._look())
        self.heard: list[StateMessage] = []
        self.since_up: set[str] = set()
        self.ups = 0
        self.lies: list[str] = []
        self._up_before = False
        self.picture.replace(lamp_table(lamps), {}, self.clock())
        self.feed = MqttFeed(broker.settings(keepalive_s=5), "desk", clock=self.clock)
        self.work = open_work(folder / "work.db")
        self.file = WorkFile(
            self.hub, self.work, AuditLog(self.work, folder / ANCHORS, console=console_level("desk"))
        )
        self.operations = Operations(
            self.hub,
            self.file,
            LocalIdentity(folder / "operators.toml", demo=True),
            shipped_desks(load_layers()),
            console="desk",
            publish=self.feed.publish,
        )
        self.canvas = Canvas(
            self.hub,
            Display(load_layers()),
            Selection(),
            load_theme("dark"),
            GroundSource(None, SANS),
            family=SANS,
            locale="en",
        )
        self.operations.alarms_changed.connect(self._blink)
        self.canvas.resize(400, 300)
        self.canvas.show()
        self.feed.start(self._hear, [LIGHTS])

    @property
    def blinking(self) -> Blinking:
        return self.canvas.blinking

    def _blink(self, _changes: object) -> None:
        self.blinking.set_keys(self.operations.alarms.unacknowledged())

    def alarms(self, lamps: list[str]) -> list[Alarm]:
        keys = [f"{LIGHTS}/{lamp}/lamp-failure" for lamp in lamps]
        return [alarm for key in keys if (alarm := self.operations.alarms.get(key)) is not None]

    def rows(self, lamp: str) -> list[Row]:
        key = f"{LIGHTS}/{lamp}/lamp-failure"
        return [row for row in self.operations.alarms.rows(AlarmFilter()) if key in (row.key, *row.children)]

    def history(self, lamp: str) -> list[Happening]:
        text = f"{LIGHTS}/{lamp}/lamp-failure"
        self.work.submit(lambda _: None).result()
        return self.work.submit(lambda db: alarm_history.page(db, text=text)).result()

    @property
    def table(self) -> LayerTable:
        return self.picture.tables[LIGHTS]

    @property
    def complete(self) -> bool:
        source = self.picture.sources["feed"]
        return source.up and source.complete

    def _hear(self, message: Message) -> None:
        if isinstance(message, StateMessage):
            self.heard.append(message)
            self.since_up.add(message.id)
        elif isinstance(message, LinkMessage) and message.up:
            self.since_up.clear()
            self.ups += 1
        self.inbox.put(message)

    def _look(self) -> None:
        """No value is shown as live that this link has not brought."""
        source = self.picture.sources["feed"]
        good = np.flatnonzero(self.table.quality == Quality.GOOD)
        if not source.up:
            self.lies += [self.table.id_of(int(row)) for row in good]
        elif not source.complete:
            self.lies += [id for row in good if (id := self.table.id_of(int(row))) not in self.since_up]

    def close(self) -> None:
        self.feed.stop()
        self.hub.close()
        self.inbox.close()
        self.canvas.close_threads()
        close_cache(self.cache)
        self.file.close()
        self.canvas.close()
        self.canvas.deleteLater()
        self.inbox.deleteLater()


def lamp_table(lamps: list[str]) -> LayerTable:
    count = len(lamps)
    columns = Columns(
        rowid=np.arange(count, dtype=np.int64),
        x=np.zeros(count),
        y=np.zeros(count),
        state=np.zeros(count, dtype=np.uint8),
        ids=StringColumn.of(lamps),
        labels=StringColumn.of("" for _ in lamps),
    )
    return LayerTable(load_layers()[LIGHTS], columns)


@pytest.fixture
def console(broker: Broker, tmp_path: Path, lamps: list[str], qapp: QApplication) -> Iterator[Console]:
    made = Console(broker, tmp_path, lamps)
    yield made
    made.close()


def test_a_lamp_fails_the_broker_dies_and_comes_back(
    broker: Broker, field: subprocess.Popen[str], console: Console, lamps: list[str], wait_until: Wait
) -> None:
    fault = [state.id for state in load_layers()[LIGHTS].states].index("fault")
    failed = lamps[:5]
    rows = [console.table.row_of(lamp) for lamp in failed]

    wait_until(lambda: all(console.table.state[row] == fault for row in rows), PATIENCE)
    wait_until(lambda: len(console.alarms(failed)) == len(failed), PATIENCE)
    assert all(alarm.life is Life.ACTIVE_UNACKNOWLEDGED for alarm in console.alarms(failed))
    assert [len(console.rows(lamp)) for lamp in failed] == [1] * len(failed)
    blinking = {ObjectKey(LIGHTS, lamp) for lamp in failed}
    assert blinking <= set(console.blinking.keys)
    assert all(console.table.quality[row] == Quality.GOOD for row in rows)
    wait_until(lambda: np.count_nonzero(console.table.quality == Quality.GOOD) > len(lamps) * 0.9, PATIENCE)

    broker.kill()
    wait_until(lambda: not console.picture.sources["feed"].up, PATIENCE)
    assert (console.table.quality >= Quality.UNCERTAIN).all()
    assert len(console.alarms(failed)) == len(failed)
    assert all(alarm.uncertain and alarm.life.active for alarm in console.alarms(failed))
    console.clock.ahead += LINK_GRACE
    wait_until(lambda: (console.table.quality == Quality.BAD).all(), PATIENCE)
    assert all(alarm.uncertain and alarm.life.active for alarm in console.alarms(failed))
    assert blinking <= set(console.blinking.keys)
    assert not console.feed.publish("vigie/v1/command/street-lights/x", b"{}")

    console.clock.ahead = 0.0
    before, ups = len(console.heard), console.ups
    broker.start()
    wait_until(lambda: console.complete, PATIENCE)
    wait_until(lambda: np.count_nonzero(console.table.quality == Quality.GOOD) > len(lamps) * 0.9, PATIENCE)
    assert all(console.table.state[row] == fault for row in rows)
    assert len(console.table) == len(lamps)
    again = [(it.id, it.live.boot, it.live.sequence) for it in console.heard[before:]]
    snapshots = console.ups - ups  # a broker on a busy machine may be lost again: each link brings one
    assert len(again) - len(set(again)) <= snapshots * len(lamps), "more than the snapshot came twice"
    wait_until(lambda: not any(alarm.uncertain for alarm in console.alarms(failed)), PATIENCE)
    assert all(alarm.life is Life.ACTIVE_UNACKNOWLEDGED for alarm in console.alarms(failed))
    assert [len(console.rows(lamp)) for lamp in failed] == [1] * len(failed)
    assert [[it.kind for it in console.history(lamp)] for lamp in failed] == [["raised"]] * len(failed)
    assert blinking <= set(console.blinking.keys)
    assert console.lies == []


def test_the_field_ends_when_it_is_asked_to(broker: Broker, field: subprocess.Popen[str]) -> None:
    assert field.stdout is not None
    assert field.stdout.readline() == f"Publishing to {broker.url}\n"
    field.send_signal(signal.SIGTERM)
    rest, _ = field.communicate(timeout=PATIENCE)
    assert field.returncode == 0 and "Traceback" not in rest
