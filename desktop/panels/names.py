"""Names of objects and communes: from the picture, and from the cache for what the picture does not hold."""

from __future__ import annotations

from collections import defaultdict

import sqlite_utils
from qtpy.QtCore import QObject, QTimer, Signal

from desktop.hub import Hub
from desktop.store import features
from desktop.work.picture import Changes, ObjectKey, Picture

COMMUNES = "communes"
BATCH = 400
"""Objects asked for at once: what a screen can show."""


def commune_name(picture: Picture, code: str) -> str:
    """The commune's name for an INSEE code; the code when the commune is not known."""
    table = picture.table(COMMUNES)
    row = -1 if table is None or not code else table.row_of(code)
    return code if table is None or row < 0 else table.label_of(row)


def label_of(picture: Picture, key: ObjectKey) -> str:
    """An object's name; its id when it has none or is not in the picture."""
    place = picture.place(key)
    return key.id if place is None else place[0].label_of(place[1])


class Communes(QObject):
    """Which commune each object stands in, asked of the cache for the objects that are looked at."""

    learned = Signal()

    def __init__(self, hub: Hub, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hub = hub
        self._known: dict[ObjectKey, str] = {}
        self._wanted: dict[ObjectKey, None] = {}
        self._soon = QTimer(self, interval=0, singleShot=True)
        self._soon.timeout.connect(self._ask)
        hub.changed.connect(self._on_changes)

    def name(self, key: ObjectKey) -> str:
        """The commune's name; empty until it is known (`learned` tells), or when there is none."""
        if key.layer == COMMUNES:
            return ""
        code = self._known.get(key)
        if code is None:
            self._wanted[key] = None
            if not self._soon.isActive():
                self._soon.start()
            return ""
        return commune_name(self._hub.picture, code)

    def learn(self, key: ObjectKey, code: str) -> None:
        """Note what was read with the object itself."""
        self._known[key] = code

    def _ask(self) -> None:
        wanted: dict[str, list[str]] = defaultdict(list)
        for key in list(self._wanted)[-BATCH:]:
            wanted[key.layer].append(key.id)
        self._wanted.clear()

        def read(db: sqlite_utils.Database) -> dict[ObjectKey, str]:
            found = {ObjectKey(layer, it): "" for layer, ids in wanted.items() for it in ids}
            for layer, ids in wanted.items():
                found |= {ObjectKey(layer, it.id): it.commune for it in features.read_many(db, layer, ids)}
            return found

        self._hub.ask(read, self._learn)

    def _learn(self, found: dict[ObjectKey, str]) -> None:
        self._known |= found
        self.learned.emit()

    def _on_changes(self, changes: Changes) -> None:
        if changes.replaced:
            self._known = {key: it for key, it in self._known.items() if key.layer not in changes.replaced}
            if COMMUNES in changes.replaced:
                self.learned.emit()
