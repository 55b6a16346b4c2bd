"""Keeps the point index in step with the picture: built off the UI thread, updated on it."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor

from qtpy.QtCore import QObject, QTimer, Signal

from desktop.map.points import PointIndex, build
from desktop.map.pyramid import Pyramid
from desktop.work.picture import Changes, Picture

GATHER_MS = 30
"""Tables that arrive within this time are indexed together."""


class PointIndexer(QObject):
    """The current index and its cluster pyramid; a new pair replaces them when tables are replaced."""

    rebuilt = Signal()
    refreshed = Signal()
    """Clusters were recounted in the background."""
    _built = Signal(object)

    def __init__(self, picture: Picture, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._picture = picture
        self.index: PointIndex | None = None
        self.pyramid: Pyramid | None = None
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="index")
        self._building: Future[None] | None = None
        self._stale = self._closed = False
        self._soon = QTimer(self, interval=GATHER_MS, singleShot=True)
        self._soon.timeout.connect(self._build)
        self._built.connect(self._swap)

    @property
    def settled(self) -> bool:
        """Whether the index shows every table of the picture."""
        return self._building is None and not self._soon.isActive()

    def take(self, changes: Changes) -> None:
        """Follow a batch of changes."""
        if self._closed:
            return
        if any(self._standing(name) for name in changes.replaced):
            self._soon.start()
        if self.index is None:
            return
        for name, rows in changes.rows.items():
            if self._standing(name) and name not in changes.replaced:
                self.index.refresh(self._picture.tables[name], rows)
        for name in changes.filtered:
            if self._standing(name):
                self.index.refresh(self._picture.tables[name], None)

    def close(self) -> None:
        """Stop the threads; tables are followed no longer."""
        self._closed = True
        self._soon.stop()
        self._pool.shutdown(wait=True, cancel_futures=True)
        if self.pyramid is not None:
            self.pyramid.close()

    def _standing(self, name: str) -> bool:
        layer = self._picture.layers[name]
        return layer.geometry == "point" and not layer.moving and name in self._picture.tables

    def _build(self) -> None:
        if self._building is not None:
            self._stale = True
            return
        tables = dict(self._picture.tables)
        self._building = self._pool.submit(lambda: self._built.emit(build(tables)))

    def _swap(self, index: PointIndex) -> None:
        if self._closed:
            return
        self._building = None
        if self.pyramid is not None:
            self.pyramid.close()
        self.index = index
        for name in index.names:  # what changed while it was being built
            index.refresh(self._picture.tables[name], None)
        self.pyramid = Pyramid(index, self.refreshed.emit)
        if self._stale:
            self._stale = False
            self._build()
        self.rebuilt.emit()
