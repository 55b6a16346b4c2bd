"""The common operational picture: every layer's columns, live values and sources, as of now.

Its methods take messages and return what changed. The UI thread owns it.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
import numpy as np

from desktop.link.wire import LinkMessage, PositionMessage, SnapshotComplete, StateMessage
from desktop.work.assets import LayerTable, Rows
from desktop.work.live import Track, age, apply_positions, apply_states, supersedes
from layers.definition import LayerDefinition
from layers.model import Live

RATE_WINDOW = 10.0
"""Seconds over which a source's message rate is averaged."""
OPENING_WINDOW, OPENING_LEAST = 2.0, 100
"""Seconds over which a source is judged to be catching up, and messages under which it never is."""

EARLY_KEPT = 200_000
"""States kept, a layer, of objects that the registry has not told of yet."""


class ObjectKey(msgspec.Struct, frozen=True, order=True):
    """Which feature: the layer's id and the feature's."""

    layer: str
    id: str


class Changes(msgspec.Struct, frozen=True, kw_only=True):
    """What one batch changed. Rows index the layer's table."""

    replaced: frozenset[str] = frozenset()
    """Layers whose table is a new one."""
    rows: Mapping[str, Rows] = {}
    """Layers of which some rows changed state or quality."""
    moved: frozenset[str] = frozenset()
    """Layers of which some rows changed place."""
    filtered: frozenset[str] = frozenset()
    sources: bool = False

    def __bool__(self) -> bool:
        return bool(self.replaced or self.rows or self.moved or self.filtered or self.sources)

    def touches(self, layer: str) -> bool:
        """Whether anything of that layer changed."""
        return layer in self.replaced or layer in self.rows or layer in self.moved or layer in self.filtered


class Source:
    """One place data comes from: the registry or a feed, its link and its last news."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.up = False
        self.complete = False
        """Whether the retained snapshot has been read since the link came up."""
        self.detail = ""
        self.lost_at: float | None = None
        self.doubt_since: float | None = None
        """When the link was lost or came up, until all that was retained has been read."""
        self.last_message = 0.0
        self._received: deque[tuple[float, int, int]] = deque()

    def received(self, count: int, now: float, opening: int = 0) -> None:
        """Note that `count` messages came at time `now`, `opening` of them to tell how things stood."""
        self.last_message = now
        self._received.append((now, count - opening, opening))

    def rate(self, now: float) -> float:
        """News a second over the last `RATE_WINDOW` seconds; what was retained is no news."""
        self._forget(now)
        return sum(news for _, news, _ in self._received) / RATE_WINDOW

    def catching_up(self, now: float) -> bool:
        """Whether what comes is, for the most part, how things stood rather than news."""
        self._forget(now)
        recent = [(news, opening) for at, news, opening in self._received if at > now - OPENING_WINDOW]
        news, opening = (sum(each) for each in zip(*recent, strict=True)) if recent else (0, 0)
        return self.up and (not self.complete or opening > max(news, OPENING_LEAST))

    def _forget(self, now: float) -> None:
        while self._received and self._received[0][0] < now - RATE_WINDOW:
            self._received.popleft()


class Picture:
    """All layers' tables and live values, and the sources they come from."""

    def __init__(self, layers: Mapping[str, LayerDefinition]) -> None:
        self.layers = layers
        self.tables: dict[str, LayerTable] = {}
        self.live: dict[str, dict[str, Live]] = {name: {} for name, layer in layers.items() if layer.is_live}
        self.facts: dict[str, Mapping[str, Mapping[str, Any]]] = {}
        self.sources: dict[str, Source] = {"registry": Source("registry"), "feed": Source("feed")}
        self._tracks: dict[str, Track] = defaultdict(Track)
        self._early: dict[str, dict[str, StateMessage]] = defaultdict(dict)

    def table(self, layer: str) -> LayerTable | None:
        """The layer's table, None while it is not loaded."""
        return self.tables.get(layer)

    def place(self, key: ObjectKey) -> tuple[LayerTable, int] | None:
        """Where an object stands: its table and row, or None when it is not there."""
        table = self.tables.get(key.layer)
        row = -1 if table is None else table.row_of(key.id)
        return None if table is None or row < 0 else (table, row)

    def replace(self, table: LayerTable, facts: Mapping[str, Mapping[str, Any]], now: float) -> Changes:
        """Put a freshly loaded table in place, keeping what the feed said meanwhile."""
        name = table.definition.id
        old, old_facts = self.tables.get(name), self.facts.get(name, {})
        if old is not None:
            self._set_aside(name, table.carry_live(old))
            table.carry_filter(old)
        self.tables[name], self.facts[name] = table, facts
        if old is not None:
            self._judge_again(table, old_facts)
        early = self._early.pop(name, None)
        if early:
            self._apply_states(name, list(early.values()))
        age(table, now, self.sources["feed"].doubt_since)
        return Changes(replaced=frozenset({name}))

    def apply(self, batch: Iterable[object], now: float) -> Changes:
        """Apply messages of the feed, of any kind and order."""
        states: dict[str, list[StateMessage]] = defaultdict(list)
        positions: dict[str, list[PositionMessage]] = defaultdict(list)
        sources, count, opening, feed = False, 0, 0, self.sources["feed"]
        for message in batch:
            if isinstance(message, StateMessage):
                states[message.layer].append(message)
                count += 1
                opening += not (feed.complete and self._knows(message))
            elif isinstance(message, PositionMessage):
                positions[message.layer].append(message)
                count += 1
            elif isinstance(message, LinkMessage | SnapshotComplete):
                sources = True
                self._link(message)
        if count:
            feed.received(count, now, opening)
        rows = {
            name: changed for name, some in states.items() if len(changed := self._apply_states(name, some))
        }
        moved = frozenset(name for name, some in positions.items() if self._apply_positions(name, some))
        # A link that is lost puts everything in doubt at once.
        for name in self.tables if sources else {*rows, *moved}:
            aged = age(self.tables[name], now, feed.doubt_since)
            if len(aged):
                rows[name] = np.union1d(rows[name], aged) if name in rows else aged
        return Changes(rows=rows, moved=moved, sources=sources)

    def grow_old(self, now: float) -> Changes:
        """Let a second pass: values become uncertain or unknown without anyone saying so."""
        doubt = self.sources["feed"].doubt_since
        rows = {
            name: changed for name, table in self.tables.items() if len(changed := age(table, now, doubt))
        }
        return Changes(rows=rows)

    def _knows(self, message: StateMessage) -> bool:
        name, it = message.layer, message.id
        return it in self.live.get(name, ()) or it in self._early.get(name, ())

    def _apply_states(self, name: str, messages: list[StateMessage]) -> Rows:
        table = self.tables.get(name)
        if name not in self.live:
            return np.empty(0, dtype=np.int64)
        if table is None:
            rows, strangers = np.empty(0, dtype=np.int64), messages
        else:
            rows, strangers = apply_states(table, self.live[name], self.facts.get(name, {}), messages)
        # A retained state is published once: it must wait for the registry's news of its object.
        self._keep_early(name, strangers)
        return rows

    def _keep_early(self, name: str, messages: Iterable[StateMessage]) -> None:
        early = self._early[name]
        for message in messages:
            kept = early.get(message.id)
            if supersedes(message.live, None if kept is None else kept.live):
                early[message.id] = message
        while len(early) > EARLY_KEPT:
            del early[next(iter(early))]

    def _set_aside(self, name: str, ids: Iterable[str]) -> None:
        """Objects left the registry: should they come back, so must what they last said."""
        live = self.live.get(name, {})
        self._keep_early(name, [StateMessage(name, it, live.pop(it)) for it in ids if it in live])

    def _judge_again(self, table: LayerTable, old_facts: Mapping[str, Mapping[str, Any]]) -> None:
        """A state depends on registry facts too: those that changed change it, without news from the feed."""
        layer = table.definition
        facts, live = self.facts[layer.id], self.live.get(layer.id, {})
        changed = [it for it, known in facts.items() if it in live and known != old_facts.get(it)]
        for identifier, row in zip(changed, table.rows_of(changed).tolist(), strict=True):
            if row >= 0:
                table.state[row] = layer.state_of(facts[identifier], live[identifier])
        table.touch()

    def _apply_positions(self, name: str, messages: list[PositionMessage]) -> bool:
        table = self.tables.get(name)
        if table is None or not table.definition.moving:
            return False
        return bool(len(apply_positions(table, self._tracks[name], messages)))

    def _link(self, message: LinkMessage | SnapshotComplete) -> None:
        source = self.sources.setdefault(message.source, Source(message.source))
        if isinstance(message, SnapshotComplete):
            if source.up:
                source.complete, source.doubt_since = True, None
            return
        if message.up and not source.up:
            for table in self.tables.values():
                table.heard[:] = False
        source.up, source.detail, source.complete = message.up, message.detail, False
        source.lost_at = None if message.up else (source.lost_at or message.time)
        source.doubt_since = source.doubt_since or message.time

    def resynchronising(self, layer: str) -> bool:
        """Whether the feed is up but what it retained of this live layer has not all been read."""
        feed = self.sources["feed"]
        return layer in self.live and feed.up and not feed.complete
