"""One start of the application for `tests.benchmarks.startup`: prints seconds, assets and MB, and leaves."""

from __future__ import annotations

import sys
import time

from qtpy.QtCore import QCoreApplication, QTimer

from desktop import app
from desktop.options import Options
from tests.benchmarks.machine import rss_mb


class Watched(app.Application):
    """Leaves as soon as every layer is loaded and the map has nothing left to draw."""

    def start(self) -> None:
        """Start, and look every 5 ms."""
        super().start()
        self._watch = QTimer(interval=5)
        self._watch.timeout.connect(self._leave_when_complete)
        self._watch.start()

    def _leave_when_complete(self) -> None:
        loaded = all(name in self.picture.tables for name in self.picture.layers)
        if loaded and self.canvas.complete:
            self._watch.stop()
            assets = sum(len(table) for table in self.picture.tables.values())
            print(time.time() - float(sys.argv[1]), assets, rss_mb(), flush=True)
            QTimer.singleShot(0, QCoreApplication.quit)


if __name__ == "__main__":
    app.Application = Watched  # type: ignore[misc]
    sys.exit(app.run(Options(size=(1920, 1080))))
