"""A set of a million names that never stops the program to grow, or to be looked through for garbage."""

from __future__ import annotations

from collections.abc import Iterable

SHARDS = 256


class Names:
    """Names in many small dictionaries.

    One big set would hold the interpreter for 150 ms each time it doubles, and as long at each full garbage
    collection; dictionaries of plain text are not looked through.
    """

    def __init__(self) -> None:
        self._shards: tuple[dict[str, None], ...] = tuple({} for _ in range(SHARDS))

    def add(self, name: str) -> bool:
        """Add a name; whether it is new."""
        shard = self._shards[hash(name) & 255]
        if name in shard:
            return False
        shard[name] = None
        return True

    def update(self, names: Iterable[str]) -> None:
        """Add several names."""
        shards = self._shards
        for name in names:
            shards[hash(name) & 255][name] = None

    def discard(self, names: Iterable[str]) -> None:
        """Take several names out, those that are in."""
        for name in names:
            self._shards[hash(name) & 255].pop(name, None)

    def clear(self) -> None:
        """Take all names out."""
        for shard in self._shards:
            shard.clear()

    def __contains__(self, name: str) -> bool:
        return name in self._shards[hash(name) & 255]

    def __len__(self) -> int:
        return sum(map(len, self._shards))
