"""Where Qt's messages and unforeseen errors go: to a file, and no more than a line to the terminal."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from qtpy.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

LARGEST = 1_000_000
KEPT = 2
LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}

_LOG = logging.getLogger("vigie")


class LogFile(RotatingFileHandler):
    """Two former files are kept. A full or read-only disk loses messages and nothing else."""

    def __init__(self, file: Path) -> None:
        super().__init__(file, maxBytes=LARGEST, backupCount=KEPT, encoding="utf-8", delay=True)
        self.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record, in a folder made for the first one."""
        try:
            Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True)
        except OSError:
            return
        super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:
        """Nothing can be said of a log that cannot be written."""


class Logbook:
    """Takes what Qt and Python would write in the terminal, for as long as the program runs.

    `tell` gets one line for each kind of unforeseen error, from any thread.
    """

    def __init__(self, folder: Path) -> None:
        self.file = folder / "vigie.log"
        self.tell: Callable[[str], None] = tell_terminal
        self._told: set[str] = set()
        _LOG.addHandler(LogFile(self.file))
        _LOG.setLevel(logging.INFO)
        _LOG.propagate = False
        qInstallMessageHandler(self._on_qt)
        sys.excepthook = self._on_error
        threading.excepthook = self._on_thread_error

    def _on_qt(self, kind: QtMsgType, _context: QMessageLogContext, message: str | None) -> None:
        _LOG.log(LEVELS.get(kind, logging.WARNING), "Qt: %s", message)
        if kind is QtMsgType.QtFatalMsg:
            tell_terminal(message or "")

    def _on_error(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        _LOG.critical("unforeseen", exc_info=(kind, error, trace))
        said = " ".join(str(error).split())[:200]
        line = f"unforeseen error: {kind.__name__}{': ' if said else ''}{said}; see {self.file}"
        if line in self._told:
            return
        self._told.add(line)
        self.tell(line)

    def _on_thread_error(self, about: threading.ExceptHookArgs) -> None:
        if about.exc_value is not None and about.exc_type is not SystemExit:
            self._on_error(about.exc_type, about.exc_value, about.exc_traceback)


def tell_terminal(text: str) -> None:
    """Write one line on the error stream."""
    sys.stderr.write(f"vigie: {' '.join(text.split())}\n")
