"""What one paint put on screen, kept so that the pointer hits what the eye sees."""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray

from desktop.map.clusters import Clusters
from desktop.work.picture import ObjectKey, Picture

Float = NDArray[np.float64]
Int = NDArray[np.int64]

REACH = 14.0
"""Logical pixels within which a symbol is hit."""


class Symbols(msgspec.Struct, frozen=True, kw_only=True):
    """Symbols of one pass, arrays of length n. Places are device pixels."""

    places: Float
    sprites: NDArray[np.int32]
    layers: Int
    """Place of the layer in `Frame.names`."""
    rows: Int
    severity: NDArray[np.uint8]
    repeats: Int
    """How many like it this one stands for."""

    def take(self, chosen: Int | NDArray[np.bool_] | slice) -> Symbols:
        """The chosen ones, in that order."""
        return Symbols(**{name: getattr(self, name)[chosen] for name in self.__struct_fields__})

    @staticmethod
    def joined(parts: list[Symbols]) -> Symbols:
        """Several passes as one, in painting order."""
        names = Symbols.__struct_fields__
        return Symbols(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})


class Frame(msgspec.Struct, kw_only=True):
    """Everything drawn, in painting order."""

    names: list[str]
    symbols: Symbols
    clusters: Clusters | None
    cluster_places: Float
    cluster_rows: Int
    """Which clusters were drawn."""
    clustered: NDArray[np.bool_]

    def hit(self, px: float, py: float, ratio: float, picture: Picture) -> ObjectKey | None:
        """The object drawn nearest to a device pixel, the worse one first; None when none is near."""
        places = self.symbols.places
        if not len(places):
            return None
        distance = np.abs(places[:, 0] - px) + np.abs(places[:, 1] - py)
        near = np.flatnonzero(distance < REACH * ratio)
        if not len(near):
            return None
        best = near[np.lexsort((distance[near], -self.symbols.severity[near].astype(np.int64)))[0]]
        name, row = self.names[int(self.symbols.layers[best])], int(self.symbols.rows[best])
        table = picture.tables.get(name)
        return None if table is None or row >= len(table) else ObjectKey(name, table.id_of(row))

    def hit_cluster(self, px: float, py: float, ratio: float) -> int | None:
        """The cluster (a row of `clusters`) under a device pixel."""
        if self.clusters is None or not len(self.cluster_places):
            return None
        distance = np.hypot(self.cluster_places[:, 0] - px, self.cluster_places[:, 1] - py)
        nearest = int(np.argmin(distance))
        return int(self.cluster_rows[nearest]) if distance[nearest] < 22.0 * ratio else None
