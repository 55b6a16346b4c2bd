"""What the cache remembers of earlier runs, so that the next one reads only what is new."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from functools import partial

import msgspec
import sqlite_utils

from desktop.store import sources
from desktop.store.database import Database
from desktop.store.sources import OVERALL, SourceState
from desktop.work.mapping import Binding
from desktop.work.sync_collection import Position
from desktop.work.sync_summary import Method, SyncSummary


class Remembered(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a collection since it was last read."""

    position: Position
    whole: float
    """When it was last read whole, epoch seconds."""
    seconds: float
    """How long that took."""
    seed: str
    """Of the mapping it was read with."""


class Overall(msgspec.Struct, frozen=True):
    """When the cache was last found in step with the registry, epoch seconds; 0 for never."""

    finished: float = 0.0


class SyncMemory:
    """Reads and writes the cache's notes about one registry."""

    def __init__(self, cache: Database, source: str) -> None:
        self._cache, self._source = cache, source
        self._known: dict[str, Remembered] = {}
        self._former: dict[str, Remembered] = {}

    def load(self) -> bool:
        """Fetch the notes; whether the cache holds features of another registry, whose notes are dropped."""
        source = self._source

        def fetch(db: sqlite_utils.Database) -> tuple[bool, dict[str, str]]:
            notes = sources.states(db)
            others = {note.source for note in notes} - {source}
            for other in others:
                sources.remove(db, other)
            if not any(note.source == source for note in notes):
                # From now on the cache is this registry's, even if the run ends before its first collection.
                sources.put(db, SourceState(source, OVERALL, msgspec.json.encode(Overall()).decode()))
            return bool(others), {note.collection: note.state for note in notes if note.source == source}

        foreign, states = self._cache.submit(fetch).result()
        self._known = {}
        for name, text in states.items():
            if name == OVERALL:
                continue
            try:
                self._known[name] = msgspec.json.decode(text, type=Remembered)
            except msgspec.MsgspecError:
                continue
        return foreign

    def knows(self, collection: str) -> bool:
        """Whether the collection was read before."""
        return collection in self._known

    def read(self, collection: str, bindings: Sequence[Binding]) -> Remembered | None:
        """What is known of a collection; None when it was never read, or by another mapping."""
        known = self._known.get(collection)
        return known if known is not None and known.seed == _seed(bindings) else None

    def note(
        self,
        collection: str,
        bindings: Sequence[Binding],
        position: Position,
        method: Method,
        started: float,
        seconds: float,
    ) -> None:
        """Remember that a collection was read."""
        before = self._known.get(collection)
        if before is not None:
            self._former[collection] = before
        whole = method == "whole" or before is None
        self._known[collection] = Remembered(
            position=position,
            whole=started if whole or before is None else before.whole,
            seconds=seconds if whole or before is None else before.seconds,
            seed=_seed(bindings),
        )
        self._write(collection, msgspec.json.encode(self._known[collection]).decode())

    def forget(self, collections: Iterable[str]) -> None:
        """Read these collections whole next time."""
        for name in collections:
            self._known.pop(name, None)

            def drop(db: sqlite_utils.Database, name: str = name) -> None:
                sources.remove(db, self._source, name)

            self._cache.submit(drop).result()

    def put_back(self, collections: Iterable[str]) -> None:
        """Forget that these collections were read in this run."""
        for name in collections:
            if name in self._former:
                self._known[name] = self._former[name]
                self._write(name, msgspec.json.encode(self._known[name]).decode())

    def end(self, summary: SyncSummary) -> None:
        """Remember when the run ended, if it left the cache in step."""
        if summary.complete:
            self._write(OVERALL, msgspec.json.encode(Overall(summary.read_at)).decode())

    def _write(self, collection: str, text: str) -> None:
        note = SourceState(self._source, collection, text)
        self._cache.submit(partial(sources.put, state=note)).result()


def _seed(bindings: Sequence[Binding]) -> str:
    return hashlib.blake2b(b"".join(one.seed for one in bindings), digest_size=8).hexdigest()
