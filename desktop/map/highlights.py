"""The selected and the hovered objects, as the map shows them: outlines, rings, fields of view, a tip."""

from __future__ import annotations

import numpy as np
from qtpy.QtCore import QCoreApplication, Qt
from qtpy.QtGui import QColor, QPainter, QPen

from desktop.map.display import Display
from desktop.map.frame import Frame, Int
from desktop.map.modes import Mode, mode_at
from desktop.map.overlay import paint_ring, paint_tip, paint_wedge
from desktop.map.selection import Selection
from desktop.map.symbols import symbol_color
from desktop.map.theme import Theme
from desktop.map.vectors import Vectors
from desktop.map.viewport import Bounds, Viewport
from desktop.work.assets import LayerTable
from desktop.work.picture import ObjectKey, Picture
from layers.definition import Severity
from layers.model import Quality

WEDGE_FROM = 15.75
"""Zoom from which every camera's field of view is drawn; a selected one's always is."""
POINT_REACH = 120.0
"""Half the ground shown, in metres, when one flies to a single point."""


class Highlights:
    """What the pointer and the selection add to the picture."""

    def __init__(self, picture: Picture, display: Display, selection: Selection, vectors: Vectors) -> None:
        self._picture, self._display = picture, display
        self._selection, self._vectors = selection, vectors
        self._pointer: tuple[float, float] | None = None
        self._hovered: ObjectKey | None = None

    def point_at(self, position: tuple[float, float] | None, key: ObjectKey | None) -> bool:
        """Note where the pointer is and what it is on; True when that object is another one."""
        changed = key != self._hovered
        self._pointer, self._hovered = position, key
        return changed

    def bounds(self, key: ObjectKey) -> Bounds | None:
        """Web Mercator bounds of an object, with some ground about a point; None when it is not known."""
        place = self._picture.place(key)
        if place is None:
            return None
        table, row = place
        if table.definition.geometry != "point":
            return self._vectors.bounds(key.layer, row)
        x, y = float(table.x[row]), float(table.y[row])
        return x - POINT_REACH, y - POINT_REACH, x + POINT_REACH, y + POINT_REACH

    def paint_under(self, painter: QPainter, view: Viewport, ratio: float, theme: Theme) -> None:
        """Under the symbols, in device pixels: fields of view, outlines of selected lines and areas."""
        for name, layer in self._picture.layers.items():
            if layer.view_angle_field and name in self._picture.tables:
                self._paint_wedges(painter, name, view, ratio, theme)
        for key in (*self._selection.keys, self._hovered):
            place = None if key is None else self._picture.place(key)
            if key is not None and place is not None and place[0].definition.geometry != "point":
                path = self._vectors.path(key.layer, place[1], view, ratio)
                if key in self._selection:
                    painter.setPen(QPen(theme.land, 6 * ratio))
                    painter.drawPath(path)
                pen = QPen(theme.accent, (2.4 if key in self._selection else 1.4) * ratio)
                pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
                painter.setPen(pen)
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawPath(path)

    def paint_rings(self, painter: QPainter, view: Viewport, ratio: float, theme: Theme, frame: Frame) -> Int:
        """Rings about selected and hovered points, in device pixels; their places in the frame."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen: list[int] = []
        for key in (*self._selection.keys, self._hovered):
            place = None if key is None else self._picture.place(key)
            if key is None or place is None or place[0].definition.geometry != "point":
                continue
            table, row = place
            x, y = view.to_screen(float(table.x[row]), float(table.y[row]))
            selected, drawn = key in self._selection, self._drawn(frame, key, table, row)
            if selected or drawn is not None:
                paint_ring(painter, theme, (x * ratio, y * ratio), ratio, hovered=not selected)
            if drawn is not None and selected:
                chosen.append(drawn)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        return np.array(chosen, dtype=np.int64)

    def paint_tip(self, painter: QPainter, view: Viewport, theme: Theme, family: str, locale: str) -> None:
        """The hovered object's name, state and doubt, in logical pixels."""
        place = None if self._hovered is None else self._picture.place(self._hovered)
        if place is None or self._pointer is None:
            return
        table, row = place
        layer, state = table.definition, int(table.state[row])
        lines: list[tuple[str, QColor]] = [(table.label_of(row), theme.text)]
        name, words = layer.singular.localized(locale), layer.states[state].label.localized(locale)
        loud = table.severity_of(row) is not Severity.NORMAL
        lines.append((f"{name} · {words}", symbol_color(layer, state, theme) if loud else theme.dim))
        quality = Quality(int(table.quality[row]))
        if quality is Quality.UNCERTAIN:
            lines.append((QCoreApplication.translate("Map", "Uncertain: no recent news"), theme.p3))
        elif quality is Quality.BAD:
            lines.append((QCoreApplication.translate("Map", "Unknown: no news"), theme.p3))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_tip(painter, theme, self._pointer, lines, family, (view.width, view.height))

    def _paint_wedges(self, painter: QPainter, name: str, view: Viewport, ratio: float, theme: Theme) -> None:
        table, facts = self._picture.tables[name], self._picture.facts.get(name, {})
        layer = table.definition
        west, south, east, north = view.bounds
        rows = {table.row_of(key.id) for key in self._selection.keys if key.layer == name}
        mode = mode_at(layer, view.zoom, self._display.of(name).visible)
        if view.zoom >= WEDGE_FROM and mode is not Mode.HIDDEN:
            inside = (table.x > west) & (table.x < east) & (table.y > south) & (table.y < north)
            if table.mask is not None:
                inside &= table.mask
            rows.update(np.flatnonzero(inside).tolist())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for row in sorted(rows):
            known = facts.get(table.id_of(row), {}) if row >= 0 else {}
            numbers = [
                known.get(it) for it in (layer.bearing_field, layer.view_angle_field, layer.view_range_field)
            ]
            if all(isinstance(it, int | float) for it in numbers):
                bearing, angle, reach = (float(it) for it in numbers if it is not None)
                at = view.to_screen(float(table.x[row]), float(table.y[row]))
                pixels = min(160.0, max(18.0, reach / view.ground_resolution))
                paint_wedge(painter, theme, (at[0] * ratio, at[1] * ratio), bearing, angle, pixels * ratio)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    @staticmethod
    def _drawn(frame: Frame, key: ObjectKey, table: LayerTable, row: int) -> int | None:
        """The object's place in a frame that may be older than its layer's table."""
        number, drawn = frame.names.index(key.layer), frame.tables.get(key.layer)
        if drawn is None:
            return None
        row = row if drawn is table else drawn.row_of(key.id)
        found = np.flatnonzero((frame.symbols.layers == number) & (frame.symbols.rows == row))
        return int(found[0]) if len(found) else None
