"""What is selected, shared by the map, the tree, the tables and the inspector."""

from __future__ import annotations

from collections.abc import Iterable

from qtpy.QtCore import QObject, Signal

from desktop.work.picture import ObjectKey


class Selection(QObject):
    """An ordered set of objects; the last one is what the inspector shows."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._keys: dict[ObjectKey, None] = {}

    def __len__(self) -> int:
        return len(self._keys)

    def __contains__(self, key: object) -> bool:
        return key in self._keys

    @property
    def keys(self) -> tuple[ObjectKey, ...]:
        """Everything selected, oldest first."""
        return tuple(self._keys)

    @property
    def current(self) -> ObjectKey | None:
        """The object selected last."""
        return next(reversed(self._keys), None)

    def set(self, keys: Iterable[ObjectKey]) -> None:
        """Select exactly these."""
        new = dict.fromkeys(keys)
        if list(new) != list(self._keys):
            self._keys = new
            self.changed.emit()

    def toggle(self, key: ObjectKey) -> None:
        """Add an object to the selection, or take it out."""
        if key in self._keys:
            del self._keys[key]
        else:
            self._keys[key] = None
        self.changed.emit()

    def clear(self) -> None:
        """Select nothing."""
        self.set(())
