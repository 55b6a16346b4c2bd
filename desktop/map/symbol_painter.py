"""Draws every point of the map: clusters, dots, plates, moving objects."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import numpy as np
from numpy.typing import NDArray
from qtpy.QtGui import QPainter

from desktop.map.atlas import Atlas
from desktop.map.badges import Badges
from desktop.map.clusters import Clusters, level_for
from desktop.map.display import Display
from desktop.map.fragments import FragmentBuffer
from desktop.map.frame import Frame, Gathered, Symbols
from desktop.map.modes import Mode, mode_at
from desktop.map.points import PointIndex
from desktop.map.pyramid import Pyramid
from desktop.map.viewport import MAX_ZOOM, MIN_ZOOM, Viewport
from desktop.work.assets import LayerTable
from desktop.work.picture import Picture
from layers.definition import LayerDefinition, Severity
from layers.model import Quality

Float = NDArray[np.float64]
Int = NDArray[np.int64]

CROWDED_PLATES, CROWDED_DOTS = 4000, 12_000
"""Points in view above which a dense layer turns from plates to dots; and dots painted at most."""
THIN_PX = 26.0
"""Crowded abnormal objects of one layer closer than this share one plate, with their number."""
STEPS = 16
"""Zooms a level looked at in preparing: fine enough to meet every pair of cluster level and modes."""
CLOSE_ZOOM = 15.5
CALM_PX = 44.0
"""Of objects in order closer than this (half of it from `CLOSE_ZOOM`) one keeps its plate."""
EDGE_PX = 24.0
SEVERITIES, QUALITIES = tuple(Severity), tuple(Quality)


NOTHING = Gathered(
    clusters=None,
    places=np.empty((0, 2)),
    rows=np.empty(0, dtype=np.int64),
    clustered=np.empty(0, dtype=bool),
)


class Projection(msgspec.Struct, frozen=True, kw_only=True):
    """Metres to device pixels."""

    x: float
    y: float
    scale: float
    left: float
    top: float

    @staticmethod
    def of(view: Viewport, ratio: float) -> Projection:
        """The projection of a view on a device."""
        scale = ratio / view.resolution
        return Projection(
            x=view.x, y=view.y, scale=scale, left=view.width * ratio / 2, top=view.height * ratio / 2
        )

    def places(self, x: Float, y: Float) -> Float:
        """Device pixels, shape (n, 2)."""
        out = np.empty((len(x), 2))
        out[:, 0] = (x - self.x) * self.scale + self.left
        out[:, 1] = (self.y - y) * self.scale + self.top
        return out

    def ground(self, places: Float) -> tuple[Float, Float]:
        """Metres of device pixels."""
        return self.x + (places[:, 0] - self.left) / self.scale, self.y - (
            places[:, 1] - self.top
        ) / self.scale


class SymbolPainter:
    """Paints the points of a picture, for one theme and device pixel ratio."""

    def __init__(
        self,
        picture: Picture,
        display: Display,
        layers: Mapping[str, LayerDefinition],
        atlas: Atlas,
        badges: Badges,
    ) -> None:
        self._picture, self._display = picture, display
        self._layers, self._atlas, self._badges = layers, atlas, badges
        self._buffer = FragmentBuffer()
        self._order = {name: place for place, name in enumerate(layers)}
        self._names = list(layers)

    def paint(
        self,
        painter: QPainter,
        view: Viewport,
        ratio: float,
        index: PointIndex | None,
        pyramid: Pyramid | None,
    ) -> Frame:
        """Paint one frame; the painter must be scaled to device pixels."""
        self._badges.begin_frame()
        projection = Projection.of(view, ratio)
        parts: list[Symbols] = []
        gathered = NOTHING
        if index is not None and pyramid is not None and len(index):
            modes = self._modes(index, view)
            gathered = self._gathered(modes == Mode.CLUSTER, pyramid, projection, view, ratio)
            parts.append(self._standing(index, modes, gathered.clusters, view, projection, ratio))
        parts += self._moving(view, projection, ratio)
        symbols = self._demoted(Symbols.joined(parts) if parts else _none(), view, projection)
        symbols, calm = self._ordered(symbols)
        self._paint_symbols(painter, symbols.take(slice(0, calm)))
        self._paint_clusters(painter, gathered)
        above = symbols.take(slice(calm, None))
        self._paint_symbols(painter, above)
        self._paint_headings(painter, above)
        standing = index.tables if index is not None else []
        return Frame(
            names=self._names,
            tables={**self._picture.tables, **{table.definition.id: table for table in standing}},
            symbols=symbols,
            gathered=gathered,
        )

    def paint_chosen(self, painter: QPainter, symbols: Symbols) -> None:
        """Paint selected symbols again, as plates above all others: the ring must hold what it names."""
        self._paint_symbols(painter, msgspec.structs.replace(symbols, sprites=symbols.sprites | 1))

    def prepare(self, index: PointIndex, pyramid: Pyramid) -> None:
        """Have the clusters of every zoom counted in the background, before they are looked at."""
        for step in range(int(MIN_ZOOM * STEPS), int(MAX_ZOOM * STEPS) + 1):
            zoom = step / STEPS
            clustered = self.modes_at(index.names, zoom) == Mode.CLUSTER
            if clustered.any():
                pyramid.prepare(level_for(zoom), clustered)

    def modes_at(self, names: list[str], zoom: float) -> NDArray[np.uint8]:
        """The mode of each named layer at a zoom, before crowding is looked at."""
        modes = [mode_at(self._layers[name], zoom, self._display.of(name).visible) for name in names]
        return np.array(modes, dtype=np.uint8)

    def _modes(self, index: PointIndex, view: Viewport) -> NDArray[np.uint8]:
        modes = self.modes_at(index.names, view.zoom)
        dense = index.dense
        if (modes[dense] == Mode.PLATE).any() and index.count_within(view.bounds) > CROWDED_PLATES:
            modes[dense & (modes == Mode.PLATE)] = Mode.DOT
        return modes

    def _standing(
        self,
        index: PointIndex,
        modes: NDArray[np.uint8],
        clusters: Clusters | None,
        view: Viewport,
        projection: Projection,
        ratio: float,
    ) -> Symbols:
        positions = self._candidates(index, modes, view)
        mode = modes[index.layer[positions]]
        worthy = (mode > Mode.CLUSTER) | ((mode == Mode.CLUSTER) & (index.severity[positions] > 0))
        positions = positions[worthy & index.shown[positions]]
        if clusters is not None:
            alone = clusters.single[clusters.count == 1]
            positions = np.concatenate([positions, alone[(index.severity[alone] == 0) & index.shown[alone]]])
        places = projection.places(index.x[positions], index.y[positions])
        inside = _inside(places, view, ratio)
        return self._symbols(index, modes, positions[inside], places[inside], view, ratio)

    @staticmethod
    def _candidates(index: PointIndex, modes: NDArray[np.uint8], view: Viewport) -> Int:
        """Positions worth looking at: never a whole dense layer."""
        closest = modes[index.dense].max(initial=Mode.HIDDEN)
        if closest == Mode.PLATE:
            edge = EDGE_PX * view.resolution
            west, south, east, north = view.bounds
            return index.within((west - edge, south - edge, east + edge, north + edge))
        abnormal = index.abnormal[index.dense[index.layer[index.abnormal]]]
        if closest != Mode.DOT:
            return np.concatenate([index.sparse, abnormal])
        dots = index.spread_out(view.zoom, view.bounds, CROWDED_DOTS)
        doubtful = index.doubtful[index.dense[index.layer[index.doubtful]]]
        if len(doubtful) > CROWDED_PLATES:  # so many that the dots show them
            doubtful = doubtful[:0]
        return np.concatenate([dots[index.severity[dots] == 0], index.sparse, doubtful, abnormal])

    def _symbols(
        self,
        index: PointIndex,
        modes: NDArray[np.uint8],
        positions: Int,
        places: Float,
        view: Viewport,
        ratio: float,
    ) -> Symbols:
        number, severity = index.layer[positions], index.severity[positions]
        base = np.array([self._atlas.base[name] for name in index.names], dtype=np.int32)
        dots = self._dots(index.names, view.zoom)
        sprites = base[number] + (index.state[positions].astype(np.int32) * 3 + index.quality[positions]) * 2
        small = (severity < Severity.LOW) & dots[number]
        small |= (severity == Severity.LOW) & (modes[number] == Mode.CLUSTER)
        sprites += (~small).astype(np.int32)
        order = np.array([self._order[name] for name in index.names], dtype=np.int64)
        symbols = Symbols(
            places=places,
            sprites=sprites,
            layers=order[number],
            rows=index.row[positions].astype(np.int64),
            severity=severity,
            repeats=np.ones(len(positions), dtype=np.int64),
        )
        x, y = index.x[positions], index.y[positions]
        return _thinned(symbols, (severity >= Severity.LOW) & (modes[number] < Mode.PLATE), x, y, view)

    def _dots(self, names: list[str], zoom: float) -> NDArray[np.bool_]:
        return np.array([zoom < self._layers[name].dot_below for name in names], dtype=bool)

    def _moving(self, view: Viewport, projection: Projection, ratio: float) -> list[Symbols]:
        parts = []
        for name, table in self._picture.tables.items():
            if table.definition.moving and len(table):
                mode = mode_at(table.definition, view.zoom, self._display.of(name).visible)
                if mode is not Mode.HIDDEN:
                    parts.append(self._moving_layer(name, table, mode, projection, view, ratio))
        return parts

    def _moving_layer(
        self, name: str, table: LayerTable, mode: Mode, projection: Projection, view: Viewport, ratio: float
    ) -> Symbols:
        places = projection.places(table.x, table.y)
        inside = _inside(places, view, ratio)
        if table.mask is not None:
            inside &= table.mask
        rows = np.flatnonzero(inside)
        severity = table.severities[table.state[rows]]
        sprites = self._atlas.sprites(name, table.state[rows], table.quality[rows])
        sprites += ((severity >= Severity.LOW) | (mode is Mode.PLATE)).astype(np.int32)
        return Symbols(
            places=places[rows],
            sprites=sprites,
            layers=np.full(len(rows), self._order[name], dtype=np.int64),
            rows=rows,
            severity=severity,
            repeats=np.ones(len(rows), dtype=np.int64),
        )

    def _demoted(self, symbols: Symbols, view: Viewport, projection: Projection) -> Symbols:
        """Where plates in order crowd, one a cell of the ground stays a plate, the others become dots."""
        chosen = np.flatnonzero(self._atlas.calm[symbols.sprites])
        if len(chosen) < 2:
            return symbols
        cell = (CALM_PX if view.zoom < CLOSE_ZOOM else CALM_PX / 2) * view.resolution
        x, y = projection.ground(symbols.places[chosen])
        key = np.floor(x / cell).astype(np.int64) * 4_000_037 + np.floor(y / cell).astype(np.int64)
        leading = np.lexsort((symbols.rows[chosen], symbols.layers[chosen], key))
        first = np.concatenate([[True], np.diff(key[leading]) != 0])
        sprites = symbols.sprites.copy()
        sprites[chosen[leading[~first]]] -= 1
        return msgspec.structs.replace(symbols, sprites=sprites)

    @staticmethod
    def _ordered(symbols: Symbols) -> tuple[Symbols, int]:
        """Dots in order first, and their number; then worse over better, layers first in the tree on top."""
        rank = symbols.severity.astype(np.int64) * 2 + (symbols.sprites & 1)
        calm, others = np.flatnonzero(rank == 0), np.flatnonzero(rank)
        others = others[np.lexsort((-symbols.layers[others], rank[others]))]
        return symbols.take(np.concatenate([calm, others])), len(calm)

    def _opacity(self, layers: Int) -> Float | float:
        opacity = np.array([self._display.of(name).opacity for name in self._names])
        return opacity[layers] if (opacity < 1.0).any() else 1.0

    def _paint_symbols(self, painter: QPainter, symbols: Symbols) -> None:
        rects = self._atlas.rects[symbols.sprites]
        self._buffer.paint(painter, self._atlas.pixmap, symbols.places, rects, self._opacity(symbols.layers))

    def _paint_headings(self, painter: QPainter, symbols: Symbols) -> None:
        shown, ticks = self._headings(symbols)
        opacity = self._opacity(symbols.layers[shown])
        self._buffer.paint(
            painter, self._atlas.pixmap, symbols.places[shown], self._atlas.rects[ticks], opacity
        )

    def _headings(self, symbols: Symbols) -> tuple[Int, Int]:
        """Which symbols have a heading, and the sprite of its tick."""
        shown, sprites = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
        for name, table in self._picture.tables.items():
            if table.definition.moving:
                mine = np.flatnonzero((symbols.layers == self._order[name]) & (symbols.sprites & 1 == 1))
                headings = table.heading[symbols.rows[mine]]
                mine, headings = mine[~np.isnan(headings)], headings[~np.isnan(headings)]
                shown.append(mine)
                sprites.append(self._atlas.ticks(name, table.state[symbols.rows[mine]], headings))
        return np.concatenate(shown), np.concatenate(sprites)

    @staticmethod
    def _gathered(
        clustered: NDArray[np.bool_], pyramid: Pyramid, projection: Projection, view: Viewport, ratio: float
    ) -> Gathered:
        if not clustered.any():
            return msgspec.structs.replace(NOTHING, clustered=clustered)
        clusters = pyramid.clusters(level_for(view.zoom), clustered)
        places = projection.places(clusters.x, clusters.y)
        rows = np.flatnonzero(_inside(places, view, ratio) & (clusters.count > 1))
        return Gathered(clusters=clusters, places=places[rows], rows=rows, clustered=clustered)

    def _paint_clusters(self, painter: QPainter, gathered: Gathered) -> None:
        clusters = gathered.clusters
        if clusters is None:
            return
        counts, severities = clusters.count[gathered.rows].tolist(), clusters.severity[gathered.rows].tolist()
        qualities, places = clusters.quality[gathered.rows].tolist(), gathered.places.tolist()
        for count, severity, quality, (x, y) in zip(counts, severities, qualities, places, strict=True):
            pixmap = self._badges.cluster(count, SEVERITIES[severity], QUALITIES[quality])
            painter.drawPixmap(round(x - pixmap.width() / 2), round(y - pixmap.height() / 2), pixmap)


def _inside(places: Float, view: Viewport, ratio: float) -> NDArray[np.bool_]:
    edge = EDGE_PX * ratio
    x, y = places[:, 0], places[:, 1]
    return (x > -edge) & (y > -edge) & (x < view.width * ratio + edge) & (y < view.height * ratio + edge)


def _thinned(symbols: Symbols, crowded: NDArray[np.bool_], x: Float, y: Float, view: Viewport) -> Symbols:
    """Where abnormal objects crowd, one plate per layer, severity and cell, with their number."""
    chosen = np.flatnonzero(crowded)
    if len(chosen) < 2:
        return symbols
    cell = THIN_PX * view.resolution
    key = np.stack(
        [
            np.floor(x[chosen] / cell),
            np.floor(y[chosen] / cell),
            symbols.layers[chosen],
            symbols.severity[chosen],
        ],
        1,
    )
    _, first, counts = np.unique(key, axis=0, return_index=True, return_counts=True)
    repeats = symbols.repeats.copy()
    repeats[chosen[first]] = counts
    keep = ~crowded
    keep[chosen[first]] = True
    return msgspec.structs.replace(symbols, repeats=repeats).take(keep)


def _none() -> Symbols:
    whole = np.empty(0, dtype=np.int64)
    return Symbols(
        places=np.empty((0, 2)),
        sprites=whole.astype(np.int32),
        layers=whole,
        rows=whole,
        severity=whole.astype(np.uint8),
        repeats=whole,
    )
