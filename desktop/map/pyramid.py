"""Clusters by level, computed off the UI thread and kept until the points they count change."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from desktop.map.clusters import Clusters, gather
from desktop.map.points import PointIndex

Key = tuple[int, bytes]
KEPT = 160
REST_S = 0.2
"""Seconds between two recounts: live states change all the time."""
BREATH_S = 0.02


class Pyramid:
    """Serves the clusters of a level at once, a little stale if need be; refreshes them in the background.

    Only a cluster's numbers can be stale, by a few tenths of a second: abnormal objects break out of clusters
    and are drawn from live columns.
    """

    def __init__(self, index: PointIndex, refreshed: Callable[[], None]) -> None:
        self._index = index
        self._refreshed = refreshed
        self._known: dict[Key, tuple[int, Clusters]] = {}
        self._wanted: dict[Key, tuple[int, NDArray[np.bool_]]] = {}
        self._wake = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="clusters", daemon=True)
        self._thread.start()

    def clusters(self, level: int, clustered: NDArray[np.bool_]) -> Clusters:
        """The clusters of one level of some layers; computed now only if this was never asked before."""
        key = (level, clustered.tobytes())
        known = self._known.get(key)
        if known is None:
            known = (self._index.version, gather(self._index, level, clustered))
            self._keep(key, known)
        elif known[0] != self._index.version:
            self.prepare(level, clustered)
        return known[1]

    def prepare(self, level: int, clustered: NDArray[np.bool_]) -> None:
        """Have a level computed in the background."""
        with self._wake:
            self._wanted[(level, clustered.tobytes())] = (level, clustered.copy())
            self._wake.notify()

    def close(self) -> None:
        """Stop the background thread."""
        with self._wake:
            self._closed = True
            self._wake.notify()
        self._thread.join()

    def _work(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._wanted or self._closed)
                if self._closed:
                    return
                key = next(iter(self._wanted))
                level, clustered = self._wanted.pop(key)
                again = key in self._known
            version = self._index.version
            self._keep(key, (version, gather(self._index, level, clustered)))
            if again:
                self._refreshed()
            with self._wake:
                self._wake.wait_for(lambda: self._closed, timeout=REST_S if again else BREATH_S)

    def _keep(self, key: Key, value: tuple[int, Clusters]) -> None:
        with self._wake:
            self._known.pop(key, None)
            self._known[key] = value
            while len(self._known) > KEPT:
                self._known.pop(next(iter(self._known)))
