"""What a sync says of itself: while it runs, when it asks, and when it is over."""

from __future__ import annotations

from typing import Literal

import msgspec

Phase = Literal["making", "asking", "reading", "comparing", "removing", "placing"]
Method = Literal["whole", "window", "changes"]
EXAMPLES = 5


class SyncProgress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a sync is. `total` is None when the registry does not say; `rate` is features per second."""

    source: str
    layer: str
    title: str
    done: int
    total: int | None
    rate: float
    seconds_left: float | None
    phase: Phase


class Removal(msgspec.Struct, frozen=True, kw_only=True):
    """Features of a layer that the registry no longer lists, more of them than is removed without asking."""

    layer: str
    count: int
    of: int
    examples: tuple[str, ...] = ()

    def __str__(self) -> str:
        return (
            f"{self.layer}: the registry no longer lists {self.count:,} of {self.of:,} features; "
            "they are kept until you agree to remove them"
        )


class LayerSummary(msgspec.Struct, kw_only=True):
    """What one layer got from a run."""

    collections: list[str] = []
    method: list[Method] = []
    received: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    set_aside: dict[str, int] = {}
    """Features that cannot be shown, counted by reason."""
    examples: dict[str, list[str]] = {}
    """The first ids set aside for each reason."""
    mended: dict[str, int] = {}
    """Features shown after a repair, counted by repair."""

    def put_aside(self, reason: str, feature: str) -> None:
        """Count a feature that cannot be used."""
        self.set_aside[reason] = self.set_aside.get(reason, 0) + 1
        known = self.examples.setdefault(reason, [])
        if feature and len(known) < EXAMPLES:
            known.append(feature)


Touched = tuple[list[str], list[str]] | Literal["all"]
"""(ids added or changed, ids removed), or "all" when there were too many to name."""


class SyncSummary(msgspec.Struct, kw_only=True):
    """What a run did. Errors are one line each; the collections they name keep their last picture."""

    source: str
    title: str = ""
    layers: dict[str, LayerSummary] = {}
    ignored: list[str] = []
    """Collections of the registry that feed no layer."""
    errors: list[str] = []
    held: list[Removal] = []
    """Removals that were not agreed to."""
    changed_ids: dict[str, Touched] = {}
    bytes: int = 0
    """Bytes of the answers as sent, compressed or not."""
    seconds: float = 0.0
    finished: float = 0.0
    """Epoch seconds."""
    as_of: float = 0.0
    """When the oldest of what the cache holds was read: before `finished` if a collection was spared."""
    cancelled: bool = False

    @property
    def complete(self) -> bool:
        """Whether the cache is now as the registry is."""
        return not (self.errors or self.held or self.cancelled)

    @property
    def read_at(self) -> float:
        """From when the picture is, epoch seconds."""
        return self.as_of or self.finished

    @property
    def received(self) -> int:
        """Features read over all layers."""
        return sum(layer.received for layer in self.layers.values())


class SyncStarted(msgspec.Struct, frozen=True):
    """A run began."""


class SyncFailed(msgspec.Struct, frozen=True):
    """A run could not be done; the last picture stays. One line, and when it happened."""

    message: str
    time: float


class RemovalHeld(msgspec.Struct, frozen=True):
    """The registry no longer lists many features; they are kept until someone agrees to remove them."""

    removal: Removal
