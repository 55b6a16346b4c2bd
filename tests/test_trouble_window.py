"""The window while things go wrong: the picture stays, with its age, and one line says what to do."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest.mock import Mock

import pytest
from qtpy.QtCore import Qt
from qtpy.QtWidgets import QApplication, QLabel, QWidget

from desktop.app import Application
from desktop.options import Options
from desktop.panels.parts import PlainLabel
from desktop.paths import Paths
from desktop.settings import RegistrySettings, Settings
from desktop.store import sources as notes
from desktop.store.cache import close_cache, open_cache
from desktop.store.search import search
from desktop.store.sources import OVERALL, SourceState
from desktop.work.picture import ObjectKey
from desktop.work.sync_loop import SyncLoop
from desktop.work.sync_summary import SyncFailed, SyncStarted
from layers import load_layers
from tests.link.serving import Reply, features, member
from tests.troubled import GOOD, LAMPS, Troubled, held, lamp, place, served

LAYERS = load_layers()
LIGHTS, INCIDENTS = "street-lights", "incidents"
HOSTILE = '<img src="file:///etc/passwd"><b>Rue & "Foch"</b>'
TWO_HOURS = 7200.0

Wait = Callable[..., None]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home of its own."""
    return tmp_path / "home"


@pytest.fixture
def registry() -> Troubled:
    """Right until a test makes it wrong."""
    return Troubled(INCIDENTS)


@pytest.fixture
def url(registry: Troubled) -> Iterator[str]:
    """Its address."""
    with served(registry) as url:
        yield url


class Room:
    """Opens Vigie on a home and a registry, and closes it."""

    def __init__(self, qt: QApplication, home: Path, url: str) -> None:
        self._qt, self._home, self._url = qt, home, url
        self._open: Application | None = None

    def open(self) -> Application:
        """Open it as its user would, after closing the one before."""
        self.close()
        home = self._home
        paths = Paths(home / "config", home / "data", home / "cache", home / "log")
        registry = RegistrySettings(url=self._url, interval_s=3600.0, timeout_s=2.0)
        options = Options(size=(1200, 760), view=(5.0, 47.32, 16.0), locale="en")
        self._open = Application(self._qt, Settings(registry=registry), paths, LAYERS, options)
        self._open.start()
        return self._open

    def close(self) -> None:
        """Close what is open."""
        if self._open is not None:
            self._open.window.close()
            self._open.stop()
        self._open = None


@pytest.fixture
def room(qapp: QApplication, home: Path, url: str) -> Iterator[Room]:
    """Closed at the end."""
    room = Room(qapp, home, url)
    yield room
    room.close()


def words(widget: QWidget) -> list[str]:
    """Every text of a panel, as it is."""
    return [label.whole for label in widget.findChildren(PlainLabel)]


def notice(application: Application) -> str:
    """The line of the notice; empty when none is shown."""
    notices = application.window.notices
    return notices.text.whole if notices.isVisible() else ""


def shown(application: Application) -> int:
    """How many lamps the map has."""
    return len(application.picture.tables.get(LIGHTS, ()))


def filled(home: Path, url: str, ago: float = 0.0) -> None:
    """The cache as a good sync has left it, some time ago."""
    from desktop.cli import main

    with pytest.MonkeyPatch.context() as patch, pytest.raises(SystemExit) as end:
        patch.setenv("VIGIE_HOME", str(home))
        main(["sync", url])
    assert not end.value.code
    cache = open_cache(home / "cache" / "cache.db")
    finished = (notes.last_success, url)
    when = cache.submit(lambda db: finished[0](db, finished[1])).result() or 0.0
    note = SourceState(url, OVERALL, json.dumps({"finished": when - ago}))
    cache.submit(lambda db: notes.put(db, note)).result()
    close_cache(cache)


def test_a_registry_that_is_down_at_the_start_leaves_the_last_picture_with_its_age(
    home: Path, registry: Troubled, url: str, room: Room, wait_until: Wait
) -> None:
    filled(home, url, ago=TWO_HOURS)
    registry.all = lambda _: Reply(status=500, body=b"<b>down</b>")
    application = room.open()
    wait_until(lambda: notice(application), 20)
    wait_until(lambda: shown(application) == LAMPS)
    assert "the registry answers 500: <b>down</b>" in notice(application)
    assert application.window.status.registry.text == "Registry · unreachable · picture of 2\u00a0h ago"


def test_a_registry_that_goes_down_and_comes_back(
    home: Path, registry: Troubled, room: Room, wait_until: Wait
) -> None:
    application = room.open()
    status = application.window.status.registry
    wait_until(lambda: shown(application) == LAMPS, 20)
    wait_until(lambda: "in step" in status.text)
    registry.all = lambda _: Reply(body=b"<html>Log in</html>")
    application.sources.sync_now()
    wait_until(lambda: "a web page came instead of data" in notice(application), 20)
    assert "unreachable · picture of" in status.text
    assert shown(application) == held(home) == LAMPS
    registry.all, registry.items = None, lambda _: features(*GOOD, lamp(LAMPS))
    application.sources.sync_now()
    wait_until(lambda: shown(application) == LAMPS + 1, 20)
    wait_until(lambda: "in step" in status.text)
    assert notice(application) == ""


def test_many_that_are_gone_are_removed_only_when_agreed_to(
    home: Path, registry: Troubled, room: Room, wait_until: Wait
) -> None:
    application = room.open()
    wait_until(lambda: shown(application) == LAMPS, 20)
    wait_until(lambda: "in step" in application.window.status.registry.text)
    registry.items = lambda _: features()
    application.sources.sync_now()
    wait_until(lambda: notice(application), 20)
    assert notice(application) == (
        "Street lighting: the registry no longer lists 300 of 300 objects. They are kept."
    )
    assert shown(application) == held(home) == LAMPS
    assert application.window.notices.button.isVisible()
    application.window.notices.button.click()
    wait_until(lambda: shown(application) == 0, 20)
    wait_until(lambda: "in step" in application.window.status.registry.text)
    assert held(home) == 0
    assert notice(application) == ""


def test_a_cache_that_is_spoilt_at_work_costs_a_line_and_is_made_anew_at_the_next_start(
    home: Path, room: Room, wait_until: Wait
) -> None:
    application = room.open()
    wait_until(lambda: shown(application) == LAMPS, 20)
    wait_until(lambda: "in step" in application.window.status.registry.text)
    file = home / "cache" / "cache.db"
    room.close()
    whole = file.read_bytes()
    spoilt = bytearray(whole)
    for start in range(4096, len(whole), 8192):
        spoilt[start : start + 4096] = b"\xa5" * 4096
    file.write_bytes(spoilt)
    again = room.open()
    wait_until(lambda: "damaged" in notice(again), 20)
    assert str(file) in notice(again)
    last = room.open()
    wait_until(lambda: shown(last) == LAMPS, 20)
    assert len(list(file.parent.glob("cache.db.damaged-*"))) == 1
    assert held(home) == LAMPS


def test_what_another_process_brought_into_the_shared_cache_is_seen(
    home: Path, registry: Troubled, url: str, room: Room, wait_until: Wait
) -> None:
    application = room.open()
    wait_until(lambda: shown(application) == LAMPS, 20)
    wait_until(lambda: "in step" in application.window.status.registry.text)
    registry.items = lambda _: features(*GOOD, lamp(LAMPS))
    filled(home, url)
    assert shown(application) == LAMPS
    application.sources.sync_now()  # which finds nothing left to bring
    wait_until(lambda: shown(application) == LAMPS + 1, 20)


def test_markup_in_names_is_shown_as_it_is(registry: Troubled, room: Room, wait_until: Wait) -> None:
    named = json.dumps({"name": HOSTILE, "street": HOSTILE, "address": HOSTILE})
    registry.items = lambda _: features(*GOOD, lamp(LAMPS, properties=named))
    registry.others = lambda _: features(member("I1", place(7), named))
    application = room.open()
    window = application.window
    wait_until(lambda: shown(application) == LAMPS + 1, 20)
    wait_until(lambda: len(application.picture.tables[INCIDENTS]) == 1)
    key = ObjectKey(LIGHTS, f"L{LAMPS}")

    application.selection.set([key])
    wait_until(lambda: HOSTILE in words(window.inspector))

    view = window.bottom.show_layer(INCIDENTS)
    model = view.model()
    wait_until(lambda: HOSTILE in cells(model, Qt.ItemDataRole.DisplayRole))
    assert all("<img" not in tip for tip in cells(model, Qt.ItemDataRole.ToolTipRole))

    wait_until(lambda: application.cache.submit_urgent(lambda db: len(search(db, "foch")) == 2).result())
    window.activateWindow()
    window.search.open()
    wait_until(window.search.hasFocus)
    window.search.setText("foch")
    window.search.search_now()
    wait_until(lambda: HOSTILE in [one.title for one in window.search.results.model.results])

    application.hub.failed.emit(f"http://registry: {HOSTILE}")
    assert notice(application) == f"http://registry: {HOSTILE}"
    rich = [label for label in window.findChildren(QLabel) if label.textFormat() != Qt.TextFormat.PlainText]
    assert [label.text() for label in rich if "<img" in label.text()] == []
    assert not window.grab().toImage().isNull()


def cells(model: object, role: Qt.ItemDataRole) -> list[str]:
    """All texts of a table."""
    rows, columns = model.rowCount(), model.columnCount()  # type: ignore[attr-defined]
    return [
        str(model.index(row, column).data(role))  # type: ignore[attr-defined]
        for row in range(rows)
        for column in range(columns)
    ]


def test_a_sync_that_fails_in_an_unforeseen_way_is_not_the_last(caplog: pytest.LogCaptureFixture) -> None:
    failed, twice = threading.Event(), threading.Event()
    reports: list[object] = []

    def put(report: object) -> None:
        reports.append(report)
        if isinstance(report, SyncFailed):
            (twice if failed.is_set() else failed).set()

    loop = SyncLoop(Mock(side_effect=ZeroDivisionError("by\nzero")), put, lambda: 12.0, 3600.0)
    loop.start()
    assert failed.wait(10)
    loop.run_now()
    assert twice.wait(10)
    loop.stop()
    assert reports[:2] == [SyncStarted(), SyncFailed("unforeseen error: ZeroDivisionError: by zero", 12.0)]
    assert "Traceback" in caplog.text
