"""A picture of the window, taken once everything on it is there."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from qtpy.QtCore import QCoreApplication, QObject, QTimer
from qtpy.QtWidgets import QWidget

from desktop.hub import Hub
from desktop.map.canvas import Canvas
from desktop.work.sync_loop import SyncFailed
from desktop.work.sync_summary import SyncSummary

PATIENCE_S = 180.0
"""Making the demo metropolis for the first time takes a while on a small machine."""
LOOK_MS = 40
STILL = 10
"""Looks in a row that must find everything drawn."""


class Snapshot(QObject):
    """Waits for the first sync, the feed's snapshot and a complete frame; then writes and ends the run."""

    def __init__(self, window: QWidget, canvas: Canvas, hub: Hub, file: Path) -> None:
        super().__init__(window)
        self._window, self._canvas, self._hub, self._file = window, canvas, hub, file
        self.code = 1
        self._synced, self._still, self._unknown = False, 0, 0
        self._deadline = time.monotonic() + PATIENCE_S
        hub.received.connect(self._on_received)
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def _on_received(self, message: object) -> None:
        if isinstance(message, SyncSummary | SyncFailed):
            self._synced = True

    def _look(self) -> None:
        feed = self._hub.picture.sources["feed"]
        unknown = sum(table.summary().unknown for table in self._hub.picture.tables.values())
        arriving, self._unknown = unknown < self._unknown, unknown
        settled = self._synced and (feed.complete or not feed.up) and not arriving and self._canvas.complete
        self._still = self._still + 1 if settled else 0
        if self._still >= STILL or time.monotonic() > self._deadline:
            if self._still < STILL:
                sys.stderr.write("vigie: the picture is not complete: the registry did not answer in time\n")
            self._write()

    def _write(self) -> None:
        self._timer.stop()
        picture = self._window.grab()
        if picture.save(str(self._file)):
            self.code = 0
        else:
            sys.stderr.write(
                f"vigie: {self._file}: cannot be written; use a .png or .jpg in an existing folder\n"
            )
        QCoreApplication.exit(0)  # unlike quit(), saves no layout
