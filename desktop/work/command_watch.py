"""Which commanded objects are watched, and which of them a batch of news touches."""

from __future__ import annotations

from collections.abc import Iterable

from desktop.work.command_machine import Part
from desktop.work.picture import Changes, Picture


class Watch:
    """Parts of commands by the object they are about."""

    def __init__(self) -> None:
        self._watched: dict[str, dict[str, list[Part]]] = {}

    def add(self, part: Part) -> None:
        """Watch the part's object for it."""
        key = part.target.key
        parts = self._watched.setdefault(key.layer, {}).setdefault(key.id, [])
        if part not in parts:
            parts.append(part)

    def drop(self, part: Part) -> None:
        """Watch it no more."""
        key = part.target.key
        watched = self._watched.get(key.layer, {})
        parts = [each for each in watched.get(key.id, ()) if each is not part]
        if parts:
            watched[key.id] = parts
        else:
            watched.pop(key.id, None)

    def touched(self, layer: str, changes: Changes, picture: Picture) -> list[Part]:
        """The parts of which the object may have reported."""
        watched = self._watched.get(layer)
        if not watched:
            return []
        return [part for id in self._ids(layer, changes, picture) for part in watched.get(id, ())]

    def _ids(self, layer: str, changes: Changes, picture: Picture) -> Iterable[str]:
        rows, table, watched = changes.rows.get(layer), picture.table(layer), self._watched[layer]
        if rows is None or table is None or layer in changes.replaced or len(rows) > len(watched):
            return watched
        return [table.id_of(row) for row in rows.tolist()]
