"""A picture of the window, taken once everything on it is there."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from qtpy.QtCore import QCoreApplication, QObject, QTimer
from qtpy.QtGui import QImageWriter
from qtpy.QtWidgets import QWidget

from desktop.hub import Hub
from desktop.map.canvas import Canvas
from desktop.work.sync_summary import SyncFailed, SyncSummary

PATIENCE_S = 180.0
"""Making the demo metropolis for the first time takes a while on a small machine."""
LOOK_MS = 40
STILL = 10
"""Looks in a row that must find everything drawn."""


def cannot_write(file: Path) -> str:
    """Why a picture cannot be written there, in one line that says what to do; empty when it can."""
    kinds = [bytes(kind.data()).decode() for kind in QImageWriter.supportedImageFormats()]
    if file.suffix[1:].lower() not in kinds:
        return f"{file}: not the name of a picture; end it in .png or .jpg"
    folder = file.absolute().parent
    if not folder.is_dir():
        return f"{file}: there is no folder {folder}; make it first"
    if not os.access(file if file.exists() else folder, os.W_OK):
        return f"{file}: cannot be written; choose another place, or give this user the right to write there"
    return ""


class Snapshot(QObject):
    """Waits for the first sync, the feed's snapshot and a complete frame; then writes and ends the run."""

    def __init__(self, window: QWidget, canvas: Canvas, hub: Hub, file: Path) -> None:
        super().__init__(window)
        self._window, self._canvas, self._hub, self._file = window, canvas, hub, file
        self.code = 1
        self._synced, self._still, self._unknown = False, 0, 0
        self._said: set[str] = set()
        self._deadline = time.monotonic() + PATIENCE_S
        hub.received.connect(self._on_received)
        hub.failed.connect(self._say)
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def _on_received(self, message: object) -> None:
        if isinstance(message, SyncSummary | SyncFailed):
            self._synced = True
        for line in troubles(message):
            self._say(line)

    def _say(self, line: str) -> None:
        if line not in self._said:
            self._said.add(line)
            say(line)

    def _look(self) -> None:
        feed = self._hub.picture.sources["feed"]
        unknown = sum(table.summary().unknown for table in self._hub.picture.tables.values())
        arriving, self._unknown = unknown < self._unknown, unknown
        caught_up = not feed.catching_up(self._hub.clock()) and not arriving
        settled = self._synced and caught_up and self._canvas.complete
        self._still = self._still + 1 if settled else 0
        if self._still >= STILL or time.monotonic() > self._deadline:
            if self._still < STILL:
                say("the picture is not complete: the registry did not answer in time")
            self._write()

    def _write(self) -> None:
        self._timer.stop()
        self._hub.ticked.emit(self._hub.clock())  # every age on it is of this second
        QCoreApplication.sendPostedEvents()  # a line that grew gets its room before the picture is taken
        picture = self._window.grab()
        if picture.save(str(self._file)):
            self.code = 0
        else:
            say(cannot_write(self._file) or f"{self._file}: cannot be written; is the disk full?")
        QCoreApplication.exit(0)  # unlike quit(), saves no layout


def troubles(message: object) -> list[str]:
    """What went wrong, a line each, that a window would have said in its notice."""
    if isinstance(message, SyncFailed):
        return [message.message]
    if isinstance(message, SyncSummary):
        return [*message.errors, *map(str, message.held)]
    return []


def say(line: str) -> None:
    """One line on the error stream."""
    sys.stderr.write(f"vigie: {line}\n")
