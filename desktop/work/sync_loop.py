"""Keeps the cache in step with the registry, at start, at intervals and when asked, on its own thread."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from desktop.link.registry import RegistryError
from desktop.store.errors import StoreError
from desktop.work.sync import Sync
from desktop.work.sync_summary import (
    Removal,
    RemovalHeld,
    SyncFailed,
    SyncProgress,
    SyncStarted,
    SyncSummary,
)

LEAVING_S = 3.0
"""How long closing waits for an answer that is on its way."""
LOG = logging.getLogger("vigie")


Report = SyncProgress | SyncSummary | SyncStarted | SyncFailed | RemovalHeld


class SyncLoop:
    """Runs a sync now and then; `put` gets its reports, from this thread.

    `make` is told whether someone asked for this run: then nothing is spared.
    """

    def __init__(
        self,
        make: Callable[[bool], Sync],
        put: Callable[[object], None],
        clock: Callable[[], float],
        interval: float,
    ) -> None:
        self._make, self._put, self._clock, self._interval = make, put, clock, interval
        self._cancel = threading.Event()
        self._wake = threading.Condition()
        self._asked = False
        self._agreed: set[str] = set()
        self._thread = threading.Thread(target=self._work, name="sync", daemon=True)

    def start(self) -> None:
        """Begin with a run at once."""
        self._thread.start()

    def run_now(self) -> None:
        """Run again as soon as the present run is over."""
        with self._wake:
            self._asked = True
            self._wake.notify()

    def agree(self, layer: str) -> None:
        """Let the next run remove what the registry no longer lists of a layer, however many, and run it."""
        self._agreed.add(layer)
        self.run_now()

    def stop(self) -> None:
        """Cancel the present run and end the thread; one that waits for a silent registry is left behind."""
        self._cancel.set()
        with self._wake:
            self._wake.notify()
        if self._thread.is_alive():
            self._thread.join(LEAVING_S)

    def _work(self) -> None:
        while not self._cancel.is_set():
            with self._wake:
                asked, self._asked = self._asked, False
            self._run(asked)
            with self._wake:
                self._wake.wait_for(lambda: self._asked or self._cancel.is_set(), timeout=self._interval)

    def _run(self, asked: bool) -> None:
        self._put(SyncStarted())
        try:
            summary = self._make(asked).run(self._put, confirm=self._confirm, cancel=self._cancel)
        except (RegistryError, StoreError) as error:
            self._put(SyncFailed(str(error), self._clock()))
        except Exception as error:  # whatever it is, it must not be the last run
            LOG.exception("unforeseen, in a sync")
            what = f"unforeseen error: {type(error).__name__}: {' '.join(str(error).split())}"
            self._put(SyncFailed(what, self._clock()))
        else:
            self._put(summary)

    def _confirm(self, removal: Removal) -> bool:
        if removal.layer in self._agreed:
            self._agreed.discard(removal.layer)
            return True
        self._put(RemovalHeld(removal))
        return False
