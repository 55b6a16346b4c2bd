"""Lets background painters step aside while a frame is painted: both need the interpreter."""

from __future__ import annotations

import threading
from types import TracebackType

LONGEST_S = 0.05
"""A painter goes on after this in any case."""


class Gate:
    """Shut (as a context) by the UI thread for the time of a frame; `wait` returns when it is open."""

    def __init__(self) -> None:
        self._open = threading.Event()
        self._open.set()

    def __enter__(self) -> Gate:
        self._open.clear()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.set()

    def wait(self) -> None:
        """Called by a painter between its steps; costs nothing while the gate is open."""
        if not self._open.is_set():
            self._open.wait(LONGEST_S)
