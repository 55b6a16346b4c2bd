"""Live state: ordering of messages, their effect on a layer's columns, and how values age."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from desktop.link.wire import PositionMessage, StateMessage
from desktop.mercator import all_to_mercator
from desktop.work.assets import LayerTable, Rows
from layers.model import Live, Position, Quality

UNKNOWN_AFTER = 4.0
"""A value this many times older than its layer's `stale_after` is unknown rather than uncertain."""
LINK_GRACE = 10.0
"""Seconds for which values are uncertain after the link to their source is lost, before they are unknown."""


def supersedes(new: Live | Position, old: Live | Position | None) -> bool:
    """Whether news of an object replaces what is known: an older sequence of the same boot never does.

    Equipment that does not number its messages (sequence 0) is followed by time.
    """
    if old is None:
        return True
    if new.boot == old.boot:
        return new.sequence > old.sequence or (new.sequence == old.sequence == 0 and new.time > old.time)
    return new.time >= old.time


def apply_states(
    table: LayerTable,
    known: dict[str, Live],
    facts: Mapping[str, Mapping[str, Any]],
    messages: Sequence[StateMessage],
) -> tuple[Rows, list[StateMessage]]:
    """Write state messages of one layer into its columns.

    Returns the rows that changed, each once, and the messages of objects that the layer does not have (yet).
    """
    state_of = table.definition.state_of
    nothing: Mapping[str, Any] = {}
    rows = table.rows_of([message.id for message in messages])
    changed: list[int] = []
    strangers: list[StateMessage] = []
    for message, row in zip(messages, rows.tolist(), strict=True):
        live = message.live
        if row < 0:
            strangers.append(message)
            continue
        table.heard[row] = True  # also when it says nothing new: what is known is still what holds
        if not supersedes(live, known.get(message.id)):
            continue
        known[message.id] = live
        table.state[row] = state_of(facts.get(message.id, nothing), live)
        table.reported[row] = live.quality
        table.time[row] = live.time
        changed.append(row)
    if changed:
        table.touch()
    return np.unique(np.array(changed, dtype=np.int64)), strangers


class Track:
    """Ordering of position messages of one layer: the last one accepted of each object."""

    def __init__(self) -> None:
        self._last: dict[str, Position] = {}

    def accepts(self, message: PositionMessage) -> bool:
        """Whether the position is newer than the last one accepted; remembers it when it is."""
        newer = supersedes(message.position, self._last.get(message.id))
        if newer:
            self._last[message.id] = message.position
        return newer


def apply_positions(table: LayerTable, track: Track, messages: Sequence[PositionMessage]) -> Rows:
    """Write positions of one moving layer into its columns; the rows that moved."""
    rows = table.rows_of([message.id for message in messages])
    table.heard[rows[rows >= 0]] = True
    kept = [
        (row, m.position)
        for m, row in zip(messages, rows.tolist(), strict=True)
        if row >= 0 and track.accepts(m)
    ]
    if not kept:
        return np.empty(0, dtype=np.int64)
    target = np.array([row for row, _ in kept], dtype=np.int64)
    x, y = all_to_mercator([p.longitude for _, p in kept], [p.latitude for _, p in kept])
    table.x[target], table.y[target] = x, y
    table.heading[target] = [np.nan if p.heading is None else p.heading for _, p in kept]
    table.time[target] = np.maximum(table.time[target], [p.time for _, p in kept])
    table.touch()
    return np.unique(target)


def age(table: LayerTable, now: float, doubt_since: float | None) -> Rows:
    """Recompute the quality drawn for a live layer at time `now`; the rows whose quality changed.

    `doubt_since` is when the link was lost, or came up without its snapshot being complete yet. Unknown (BAD)
    when never reported, when older than `UNKNOWN_AFTER` times `stale_after`, or in doubt for `LINK_GRACE`;
    uncertain past `stale_after`, as soon as there is doubt, or when the link is back and nothing was heard of
    the object since.
    """
    stale_after = table.definition.stale_after
    if stale_after is None or not len(table):
        return np.empty(0, dtype=np.int64)
    silence = now - table.time
    quality = table.reported.copy()
    np.maximum(
        quality,
        np.where(silence > stale_after, Quality.UNCERTAIN, Quality.GOOD),
        out=quality,
        casting="unsafe",
    )
    quality[(silence > UNKNOWN_AFTER * stale_after) | (table.time <= 0)] = Quality.BAD
    np.maximum(quality, Quality.UNCERTAIN, out=quality, where=~table.heard, casting="unsafe")
    if doubt_since is not None:
        lost = Quality.BAD if now - doubt_since >= LINK_GRACE else Quality.UNCERTAIN
        np.maximum(quality, np.uint8(lost), out=quality)
    changed = np.flatnonzero(quality != table.quality)
    if len(changed):
        table.quality = quality
        table.touch()
    return changed
