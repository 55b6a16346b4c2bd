"""Line and polygon layers: indexed off the UI thread, painted onto the ground's tiles, hit by the pointer."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from qtpy.QtCore import QObject, Qt, QTimer, Signal
from qtpy.QtGui import QColor, QPainter, QPainterPath, QPen

from desktop.map.address import TileAddress
from desktop.map.display import Display
from desktop.map.gate import Gate
from desktop.map.outlines import outline_path
from desktop.map.symbols import symbol_color
from desktop.map.theme import Theme
from desktop.map.viewport import Bounds, Viewport
from desktop.work.assets import LayerTable
from desktop.work.picture import Changes, ObjectKey, Picture
from layers.definition import Severity
from layers.model import Quality

Geometries = NDArray[np.object_]
MARGIN_PX = 24.0
DOUBTFUL = {Quality.UNCERTAIN: (3.0, 2.5), Quality.BAD: (1.0, 2.0)}
"""How a line is broken that is not known for sure, whatever its own dash."""
GATHER_MS = 30
"""Layers that change within this time are painted together."""


class VectorLayer:
    """The geometries of one table, in a search tree; never changed once built."""

    def __init__(self, table: LayerTable, facts: Mapping[str, Mapping[str, Any]]) -> None:
        self.table = table
        shapes = table.columns.geometry
        # A layer of lines that are all points, or one that cannot be read, must not stop the others.
        self.geometries: Geometries = (
            shapely.points(table.x, table.y)
            if shapes is None
            else shapely.from_wkb(shapes, on_invalid="ignore")
        )
        self.tree = shapely.STRtree(self.geometries)
        by = table.definition.line.by
        self.values: list[Any] = []
        if by:
            self.values = [facts.get(table.id_of(row), {}).get(by) for row in range(len(table))]

    def style(self, row: int) -> tuple[str, float, tuple[float, ...]]:
        """Colour token (or #rrggbb), width at zoom 14 and dash of a row in its normal state."""
        line = self.table.definition.line
        if self.values:
            for value, color, width, dash in line.values:
                if self.values[row] == value:
                    return color, width, dash
            named = self.values[row]
            if isinstance(named, str) and QColor.isValidColorName(named):
                return named, line.width, line.dash
        return line.color, line.width, line.dash


class Vectors(QObject):
    """All line and polygon layers of the picture."""

    rebuilt = Signal()
    _built = Signal(str, object)

    def __init__(
        self, picture: Picture, display: Display, theme: Theme, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._picture, self._display, self._theme = picture, display, theme
        self.gate = Gate()
        """Shut while the UI thread paints a frame; what paints tiles waits at it."""
        self._layers: dict[str, VectorLayer] = {}
        self._drawn: set[str] = set()
        self._closed = False
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="vectors")
        self._building: dict[str, Future[None]] = {}
        self._built.connect(self._swap)
        self._soon = QTimer(self, interval=GATHER_MS, singleShot=True)
        self._soon.timeout.connect(self.rebuilt)

    @property
    def settled(self) -> bool:
        """Whether every table is indexed."""
        return not self._building and not self._soon.isActive()

    def take(self, changes: Changes) -> None:
        """Follow a batch of changes."""
        if self._closed:
            return
        for name in changes.replaced:
            table = self._picture.tables.get(name)
            if table is not None and table.definition.geometry != "point":
                facts = self._picture.facts.get(name, {})
                self._building[name] = self._pool.submit(self._build, name, table, facts)
        if any(self._picture.layers[name].geometry != "point" for name in (*changes.rows, *changes.filtered)):
            self._soon.start()

    def redraw(self) -> None:
        """Visibility or opacity of a layer changed."""
        self.rebuilt.emit()

    def set_theme(self, theme: Theme) -> None:
        """Draw with other colours from the next tile on."""
        self._theme = theme

    def close(self) -> None:
        """Stop the thread; tables are followed no longer."""
        self._closed = True
        self._soon.stop()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def bounds(self, layer: str, row: int | None) -> Bounds | None:
        """Bounds of one feature, or of all of a layer, in metres; None when it is not indexed or empty."""
        found = self._layers.get(layer)
        if found is None or not len(found.geometries):
            return None
        chosen = found.geometries if row is None else found.geometries[row : row + 1]
        west, south, east, north = shapely.total_bounds(chosen).tolist()
        return None if np.isnan(west) else (west, south, east, north)

    def path(self, layer: str, row: int, view: Viewport, ratio: float) -> QPainterPath:
        """The outline of one feature in the view's device pixels, cut near its edges."""
        found = self._layers.get(layer)
        if found is None or row >= len(found.geometries):
            return QPainterPath()
        west, south, east, north = view.bounds
        edge = MARGIN_PX * view.resolution
        cut = shapely.clip_by_rect(
            found.geometries[row], west - edge, south - edge, east + edge, north + edge
        )
        return outline_path(np.array([cut], dtype=object), west, north, ratio / view.resolution)

    def hit(self, x: float, y: float, reach: float, zoom: float) -> ObjectKey | None:
        """The nearest line within `reach` metres of a place, else the smallest area there.

        Only what is drawn at that zoom is hit: of an area without a fill, its outline.
        """
        areas: list[tuple[float, ObjectKey]] = []
        nearest: tuple[float, ObjectKey] | None = None
        point = shapely.Point(x, y)
        for name, layer in self._layers.items():
            if not self._shows(name, zoom):
                continue
            for row in layer.tree.query(point, predicate="dwithin", distance=reach).tolist():
                if layer.table.mask is not None and not layer.table.mask[row]:
                    continue
                key = ObjectKey(name, layer.table.id_of(row))
                geometry = layer.geometries[row]
                if layer.table.definition.geometry == "line":
                    distance = float(shapely.distance(geometry, point))
                    nearest = (distance, key) if nearest is None or distance < nearest[0] else nearest
                elif shapely.dwithin(self._drawn_part(layer, row), point, reach):
                    areas.append((float(shapely.area(geometry)), key))
        return nearest[1] if nearest else min(areas)[1] if areas else None

    @staticmethod
    def _drawn_part(layer: VectorLayer, row: int) -> shapely.Geometry:
        geometry = layer.geometries[row]
        return geometry if layer.table.definition.line.fill else shapely.boundary(geometry)

    def paint(self, painter: QPainter, address: TileAddress) -> None:
        """Paint every visible layer onto a tile; on the tiles' thread."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for name in reversed(list(self._picture.layers)):
            layer = self._layers.get(name)
            if layer is not None and self._shows(name, address.zoom):
                painter.setOpacity(self._display.of(name).opacity)
                self._paint_layer(painter, layer, address)
        painter.setOpacity(1.0)

    def _shows(self, name: str, zoom: float) -> bool:
        layer = self._picture.layers[name]
        return self._display.of(name).visible and layer.min_zoom <= zoom <= layer.max_zoom

    def _paint_layer(self, painter: QPainter, layer: VectorLayer, address: TileAddress) -> None:
        west, south, east, north = address.bounds
        edge = MARGIN_PX * address.ratio * address.resolution
        box = (west - edge, south - edge, east + edge, north + edge)
        rows = np.sort(layer.tree.query(shapely.box(*box)))
        table = layer.table
        if table.mask is not None:
            rows = rows[table.mask[rows]]
        groups: dict[tuple[object, ...], list[int]] = {}
        for row in rows.tolist():
            key = (*layer.style(row), int(table.state[row]), int(table.quality[row]))
            groups.setdefault(key, []).append(row)
        for (color, width, dash, state, quality), members in groups.items():
            self.gate.wait()
            cut = shapely.clip_by_rect(layer.geometries[members], *box)
            path = outline_path(cut, west, north, 1 / address.resolution)
            self._paint_path(painter, layer, path, address, (str(color), width, dash, state, quality))

    def _paint_path(
        self,
        painter: QPainter,
        layer: VectorLayer,
        path: QPainterPath,
        address: TileAddress,
        look: tuple[Any, ...],
    ) -> None:
        color, width, dash, state, quality = look
        definition, line = layer.table.definition, layer.table.definition.line
        ink = self._color(color)
        if definition.states[state].severity is not Severity.NORMAL:
            ink = symbol_color(definition, state, self._theme)
        if line.fill:
            fill = QColor(ink if definition.states[state].severity else self._color(line.fill))
            fill.setAlphaF(line.fill_opacity)
            painter.fillPath(path, fill)
        pixels = max(0.75, width * min(2.2, 2 ** ((address.zoom - 14) * 0.35))) * address.ratio
        pen = QPen(ink, pixels)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        dash = DOUBTFUL.get(quality, dash)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap if dash else Qt.PenCapStyle.RoundCap)
        if dash:
            pen.setDashPattern(list(dash))
        painter.strokePath(path, pen)

    def _color(self, token: str) -> QColor:
        return QColor(token) if token.startswith("#") else self._theme.color(token)

    def _build(self, name: str, table: LayerTable, facts: Mapping[str, Mapping[str, Any]]) -> None:
        self._built.emit(name, VectorLayer(table, facts))

    def _swap(self, name: str, layer: VectorLayer) -> None:
        if layer.table is self._picture.tables.get(name):
            self._layers[name] = layer
            self._building.pop(name, None)
            if len(layer.geometries) or name in self._drawn:
                self._drawn.add(name)
                self._soon.start()
