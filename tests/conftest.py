"""What every test stands on: an offscreen Qt, a home of its own, and a stop for what would pass unseen."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

os.environ.update(QT_API="pyside6", QT_QPA_PLATFORM="offscreen")

from qtpy.QtCore import QCoreApplication, QEvent, QTimer
from qtpy.QtWidgets import QApplication
from shiboken6 import isValid

from desktop.panels.look import load_fonts

ENDING_S = 5.0
"""How long threads may take to end once their owner has stopped."""


def pytest_configure(config: pytest.Config) -> None:
    """Keep the tests from the files and choices of whoever runs them."""
    home = Path(tempfile.mkdtemp(prefix="vigie-tests-"))
    config.add_cleanup(partial(shutil.rmtree, home, ignore_errors=True))
    for name in [name for name in os.environ if name.startswith(("VIGIE_", "XDG_", "LC_"))]:
        del os.environ[name]
    os.environ.update(HOME=str(home), VIGIE_HOME=str(home / "vigie"), LANG="C.UTF-8")


@pytest.fixture(autouse=True)
def _leaves_nothing_behind() -> Iterator[None]:
    threads, timers = set(threading.enumerate()), _running_timers()
    yield
    left = [f"thread {each.name}" for each in _outlasting(threads)]
    left += [f"timer {each!r} of {each.parent()!r}" for each in _left_running(timers)]
    if left:
        pytest.fail("The test leaves behind: " + "; ".join(left))


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> QApplication:
    """The one application of the session, with the faces it is drawn in."""
    load_fonts()
    return qapp


@pytest.fixture
def wait_until(qtbot: QtBot) -> Callable[..., None]:
    """``wait_until(predicate, timeout=10.0)`` runs the event loop until the predicate holds, or fails."""

    def wait(predicate: Callable[[], object], timeout: float = 10.0) -> None:
        qtbot.waitUntil(lambda: bool(predicate()), timeout=round(timeout * 1000))

    return wait


def _outlasting(before: set[threading.Thread]) -> list[threading.Thread]:
    """Threads started since and given time to end; Qt's own, passing through Python, are no fault."""
    deadline = time.monotonic() + ENDING_S
    started = [
        each
        for each in threading.enumerate()
        if each not in before and not isinstance(each, threading._DummyThread)
    ]
    for each in started:
        each.join(max(0.0, deadline - time.monotonic()))
    return [each for each in started if each.is_alive()]


def _left_running(before: set[QTimer]) -> list[QTimer]:
    """Timers that a test started and did not stop; widgets merely waiting to be collected are no fault."""
    if _running_timers() <= before:
        return []
    gc.collect()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return list(_running_timers() - before)


def _running_timers() -> set[QTimer]:
    if QCoreApplication.instance() is None:
        return set()
    timers = [each for each in gc.get_objects() if issubclass(type(each), QTimer)]
    return {each for each in timers if isValid(each) and each.isActive()}
