"""The map widget: paints the view and tells what happens on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeGuard

import numpy as np
from qtpy.QtCore import QObject, QPoint, QRect, QSize, Qt, Signal
from qtpy.QtGui import QPainter, QPaintEvent
from qtpy.QtWidgets import QWidget

from desktop.hub import Hub
from desktop.map.blinking import Blinking
from desktop.map.clusters import members
from desktop.map.controls import Controls
from desktop.map.display import Display
from desktop.map.drawing import Drawing
from desktop.map.frame import Frame
from desktop.map.ground import GroundSource
from desktop.map.highlights import Highlights
from desktop.map.indexing import PointIndexer
from desktop.map.navigation import HOME, Navigable
from desktop.map.selection import Selection
from desktop.map.theme import Theme
from desktop.map.tiles import Ground, Tiles
from desktop.map.vectors import Vectors
from desktop.map.viewport import Bounds
from desktop.work.picture import Changes, ObjectKey

LISTED = 60
"""A cluster with more members than this is zoomed onto, not listed."""


class Canvas(Navigable):
    """The live map. Everything on it is painted in `paintEvent`, in device pixels."""

    cursor_moved = Signal(object)
    hovered = Signal(object)
    activated = Signal(object)
    cluster_opened = Signal(list, QPoint)
    context_requested = Signal(object, QPoint)
    settled = Signal()
    territory_known = Signal()
    """The communes can be fitted, for the first time."""

    def __init__(
        self,
        hub: Hub,
        display: Display,
        selection: Selection,
        theme: Theme,
        ground: GroundSource,
        *,
        family: str,
        locale: str,
        reduced_motion: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(reduced_motion, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.hub, self.display, self.selection = hub, display, selection
        self._theme, self._family, self._locale = theme, family, locale
        self.frame: Frame | None = None
        self._ready_ground = False
        self._territory = False
        self._drawing: Drawing | None = None
        self._vectors = Vectors(hub.picture, display, theme, self)
        self._tiles = Tiles(ground.bound(theme, self._vectors), self)
        self._ground_source = ground
        self._ground = Ground(self._tiles)
        self._indexer = PointIndexer(hub.picture, self)
        self._highlights = Highlights(hub.picture, display, selection, self._vectors)
        self.blinking = Blinking(hub.picture, display, reduced_motion, self)
        self._controls = Controls(self)
        self._wire()

    def sizeHint(self) -> QSize:
        return QSize(1200, 800)

    @property
    def complete(self) -> bool:
        """Whether the last paint showed everything there is to show."""
        drawn = self._drawing is not None and not self._drawing.unfinished
        return (
            self._ready_ground
            and drawn
            and not self.motion.under_way
            and self._indexer.settled
            and self._vectors.settled
        )

    @property
    def ratio(self) -> float:
        """Device pixels per logical pixel."""
        return self.devicePixelRatioF()

    @property
    def theme(self) -> Theme:
        """The colours in use."""
        return self._theme

    def set_theme(self, theme: Theme) -> None:
        """Draw with other colours."""
        self._theme, self._drawing = theme, None
        self._vectors.set_theme(theme)
        self._tiles.forget()
        self._tiles.invalidate(self._ground_source.bound(theme, self._vectors))
        self.update()

    def set_ground(self, ground: GroundSource) -> None:
        """Draw another basemap."""
        self._ground_source = ground
        self._tiles.invalidate(ground.bound(self._theme, self._vectors))
        self.update()

    def home_bounds(self) -> Bounds:
        """The bounds of the communes, or the built-in ones."""
        return self._vectors.bounds("communes", None) or HOME

    def fit_home(self) -> None:
        """Fly to the whole territory."""
        self.fit(self.home_bounds())

    def fit_keys(self, keys: Iterable[ObjectKey]) -> None:
        """Fly to where all these objects are seen."""
        found = [bounds for key in keys if (bounds := self._highlights.bounds(key)) is not None]
        if found:
            corners = np.array(found)
            west, south = corners[:, :2].min(axis=0).tolist()
            east, north = corners[:, 2:].max(axis=0).tolist()
            self.fit((west, south, east, north))

    def object_at(self, px: float, py: float) -> ObjectKey | None:
        """The object drawn under a logical pixel: a symbol, else a line, else an area."""
        if self.frame is None:
            return None
        hit = self.frame.hit(px * self.ratio, py * self.ratio, self.ratio)
        if (
            hit is not None
            or self.frame.hit_cluster(px * self.ratio, py * self.ratio, self.ratio) is not None
        ):
            return hit
        return self._vectors.hit(*self.view.to_map(px, py), 6 * self.view.resolution, self.view.zoom)

    def on_cluster(self, px: float, py: float) -> bool:
        """Whether a cluster is drawn under a logical pixel."""
        frame, ratio = self.frame, self.ratio
        return frame is not None and frame.hit_cluster(px * ratio, py * ratio, ratio) is not None

    def open_cluster(self, found: list[ObjectKey], at: tuple[float, float], where: QPoint) -> None:
        """Zoom onto a cluster while that spreads it, else let its members be listed."""
        bounds = [it for key in found[:LISTED] if (it := self._highlights.bounds(key)) is not None]
        spread = max(
            max((b[high] for b in bounds), default=0) - min((b[high - 2] for b in bounds), default=0)
            for high in (2, 3)
        )
        if len(found) > LISTED or (spread > 400 and self.view.zoom < 17):
            self.zoom_by(2.0, at)
        else:
            self.cluster_opened.emit(found, where)

    def cluster_at(self, px: float, py: float) -> list[ObjectKey]:
        """The members of the cluster under a logical pixel, worst first."""
        frame, index = self.frame, self._indexer.index
        cell = None if frame is None else frame.hit_cluster(px * self.ratio, py * self.ratio, self.ratio)
        clusters = None if frame is None else frame.gathered.clusters
        if frame is None or index is None or cell is None or clusters is None:
            return []
        inside = members(index, clusters, cell, frame.gathered.clustered)
        inside = inside[np.argsort(-index.severity[inside].astype(np.int64), kind="stable")]
        pairs = zip(index.layer[inside].tolist(), index.row[inside].tolist(), strict=True)
        return [ObjectKey(index.names[number], index.tables[number].id_of(row)) for number, row in pairs]

    def point_at(self, position: tuple[float, float] | None, key: ObjectKey | None) -> None:
        """Show the tip of an object under the pointer (logical pixels), or none."""
        if self._highlights.point_at(position, key):
            self.hovered.emit(key)
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        with self._vectors.gate:
            self.paint_view(painter)
        painter.end()

    def paint_view(self, painter: QPainter) -> None:
        """Paint the whole view: ground, symbols, labels, highlights."""
        ratio, was_complete = self.ratio, self.complete
        drawing = self._drawing
        if drawing is None or drawing.ratio != ratio:
            drawing = Drawing(self.hub.picture, self.display, self._theme, self._family, self._locale, ratio)
            self._drawing = drawing
        painter.save()
        painter.scale(1 / ratio, 1 / ratio)
        target = self.motion.target
        self._ready_ground = self._ground.paint(painter, self.view, ratio, self._theme.land, target)
        index, pyramid = self._indexer.index, self._indexer.pyramid
        reserved = [child.geometry() for child in self.children() if _is_shown(child)]
        if self.covered:
            reserved.append(QRect(self.width() - self.covered, 0, self.covered, self.height()))
        self.frame = drawing.paint(
            painter, self.view, index, pyramid, self._highlights, self.blinking, reserved
        )
        painter.restore()
        self._highlights.paint_tip(painter, self.view, self._theme, self._family, self._locale)
        if drawing.unfinished:
            self.update()
        if self.complete and not was_complete:
            self.settled.emit()

    def close_threads(self) -> None:
        """Stop every thread of the map."""
        self.motion.stop()
        self.blinking.stop()
        self._tiles.close()
        self._indexer.close()
        self._vectors.close()

    def _wire(self) -> None:
        again: Callable[..., None] = lambda *_: self.update()  # noqa: E731
        self.hub.changed.connect(self._on_changes)
        self.hub.ticked.connect(again)
        self.display.changed.connect(self._on_display)
        self.selection.changed.connect(again)
        self.blinking.turned.connect(again)
        self._tiles.ready.connect(again)
        self._tiles.trouble.connect(self.hub.failed)
        self._indexer.rebuilt.connect(self._on_index)
        self._indexer.refreshed.connect(again)
        self._vectors.rebuilt.connect(self._on_vectors)

    def _on_changes(self, changes: Changes) -> None:
        self._indexer.take(changes)
        self._vectors.take(changes)
        if changes.replaced or changes.rows or changes.moved or changes.filtered:
            self.update()

    def _on_display(self, layer: str) -> None:
        if not layer or self.hub.picture.layers[layer].geometry != "point":
            self._vectors.redraw()
        self._on_index()

    def _on_index(self) -> None:
        index, pyramid = self._indexer.index, self._indexer.pyramid
        if self._drawing is not None and index is not None and pyramid is not None:
            self._drawing.prepare(index, pyramid)
        self.update()

    def _on_vectors(self) -> None:
        if not self._territory and self._vectors.bounds("communes", None) is not None:
            self._territory = True
            self.territory_known.emit()
        self._tiles.invalidate()
        self.update()


def _is_shown(child: QObject) -> TypeGuard[QWidget]:
    return isinstance(child, QWidget) and child.isVisible()
