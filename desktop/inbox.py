"""The one door from other threads to the UI thread."""

from __future__ import annotations

import threading
from itertools import islice

from qtpy.QtCore import QObject, Qt, QTimer, Signal

from desktop.link.wire import PositionMessage, SnapshotComplete, StateMessage
from desktop.work.live import supersedes
from layers.model import Live, Position

INTERVAL_MS = 50
"""The UI thread is woken at most this often: 20 times a second."""


MOST = 4000
"""States and positions in one batch: about 10 ms of work. The rest follows in the next one."""


class Inbox(QObject):
    """Collects messages of any thread and hands them to the UI thread in batches.

    States and positions are conflated: of several for one object within a batch, the newest stays, whatever
    the order in which they came. A snapshot is told complete only with the last of its states.
    """

    batch = Signal(list)
    _woken = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._latest: dict[tuple[type, str, str], StateMessage | PositionMessage] = {}
        self._others: list[object] = []
        self._pending = False
        self._timer = QTimer(self, interval=INTERVAL_MS, singleShot=True)
        self._timer.timeout.connect(self._hand_over)
        self._woken.connect(self._schedule, Qt.ConnectionType.QueuedConnection)

    def put(self, message: object) -> None:
        """Leave a message; callable from any thread, returns at once."""
        with self._lock:
            if isinstance(message, StateMessage | PositionMessage):
                self._conflate(message)
            else:
                self._others.append(message)
            if self._pending:
                return
            self._pending = True
        self._woken.emit()

    def flush(self) -> None:
        """Hand over all that is waiting now, on the UI thread (screenshots, tests)."""
        self._hand_over()
        while self._latest:
            self._hand_over()

    def _conflate(self, message: StateMessage | PositionMessage) -> None:
        key = (type(message), message.layer, message.id)
        kept = self._latest.get(key)
        if kept is None or supersedes(_news(message), _news(kept)):
            self._latest[key] = message

    def close(self) -> None:
        """Hand over nothing more; what comes later is dropped."""
        with self._lock:
            self._pending = True
        self._woken.disconnect()
        self._timer.stop()

    def _schedule(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    def _hand_over(self) -> None:
        with self._lock:
            states = [self._latest.pop(key) for key in list(islice(self._latest, MOST))]
            ends: list[object] = [
                message for message in self._others if isinstance(message, SnapshotComplete)
            ]
            batch = [message for message in self._others if not isinstance(message, SnapshotComplete)]
            self._pending = bool(self._latest)
            self._others = ends if self._pending else []
            batch += states if self._pending else [*states, *ends]
            if self._pending:
                self._timer.start()
        if batch:
            self.batch.emit(batch)


def _news(message: StateMessage | PositionMessage) -> Live | Position:
    return message.live if isinstance(message, StateMessage) else message.position
