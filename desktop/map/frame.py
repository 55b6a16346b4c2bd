"""What one paint put on screen, kept so that the pointer hits what the eye sees."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import numpy as np
from numpy.typing import NDArray

from desktop.map.clusters import Clusters
from desktop.work.assets import LayerTable
from desktop.work.picture import ObjectKey

Float = NDArray[np.float64]
Int = NDArray[np.int64]

PLATE_PX, DOT_PX = 10.0, 4.0
"""Logical pixels from its centre that a symbol covers."""
REACH = 14.0
"""Logical pixels within which a symbol is hit when the pointer is on none."""


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


class Gathered(msgspec.Struct, frozen=True, kw_only=True):
    """The clusters in view; empty where no layer is clustered."""

    clusters: Clusters | None
    places: Float
    """Device pixels of those drawn."""
    rows: Int
    """Which of `clusters` were drawn."""
    clustered: NDArray[np.bool_]
    """Which layers of the index are clustered."""


class Frame(msgspec.Struct, kw_only=True):
    """Everything drawn, in painting order."""

    names: list[str]
    tables: Mapping[str, LayerTable]
    """What it was drawn from: a table that has just replaced one of these has other rows."""
    symbols: Symbols
    gathered: Gathered

    def hit(self, px: float, py: float, ratio: float) -> ObjectKey | None:
        """The object drawn under a device pixel, the worse one first, else one near it and no cluster."""
        places = self.symbols.places
        if not len(places):
            return None
        distance = np.hypot(places[:, 0] - px, places[:, 1] - py)
        plates = self.symbols.sprites & 1 == 1
        size, cluster = np.where(plates, PLATE_PX, DOT_PX), self.hit_cluster(px, py, ratio)
        if cluster is not None:
            size[~plates & (self.symbols.severity == 0)] = 0.0  # it lies under the cluster
        under = np.flatnonzero(distance < size * ratio)
        if len(under):
            best = under[np.lexsort((distance[under], -self.symbols.severity[under].astype(np.int64)))[0]]
        else:
            best = np.argmin(distance)
            if distance[best] >= REACH * ratio or cluster is not None:
                return None
        name = self.names[int(self.symbols.layers[best])]
        return ObjectKey(name, self.tables[name].id_of(int(self.symbols.rows[best])))

    def hit_cluster(self, px: float, py: float, ratio: float) -> int | None:
        """The cluster (a row of `clusters`) under a device pixel."""
        places = self.gathered.places
        if not len(places):
            return None
        distance = np.hypot(places[:, 0] - px, places[:, 1] - py)
        nearest = int(np.argmin(distance))
        return int(self.gathered.rows[nearest]) if distance[nearest] < 22.0 * ratio else None
