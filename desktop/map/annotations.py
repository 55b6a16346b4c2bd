"""Names beside symbols: greedy by priority, never one over another or over a louder symbol."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from qtpy.QtCore import QPointF, QRect
from qtpy.QtGui import QPainter

from desktop.map.badges import Badges
from desktop.map.frame import Frame, Int, Symbols
from desktop.map.viewport import Viewport
from desktop.work.assets import LayerTable
from layers.definition import Severity

MOST = 90
"""Labels tried in a frame, by priority: enough for a full screen, and a bound on its cost."""
TONED_FROM = 13.0
"""Zoom from which objects with a tone of their own (crews on duty) are named."""
URGENT = 30
"""Rank (ten times the severity, or selected) of what is named even over a cluster."""
ALIKE = 8
INFO_FROM = 15.0
"""Zoom from which objects of priority 4 are named."""
GAP = 13.0
CELL_PX = 5
SEVERITIES = tuple(Severity)


class Occupancy:
    """Which cells of a coarse grid over the screen are taken: a whole number a row, a bit a cell."""

    def __init__(self, width: float, height: float) -> None:
        self._rows = [0] * (int(height / CELL_PX) + 2)
        self._last = int(width / CELL_PX) + 1
        self._width, self._height = width, height

    def cover(self, left: float, top: float, right: float, bottom: float) -> None:
        """Take the cells that a rectangle of device pixels touches."""
        bits, rows = self._bits(left, right), self._rows
        for row in range(max(0, int(top / CELL_PX)), min(len(rows), int(bottom / CELL_PX) + 1)):
            rows[row] |= bits

    def is_free(self, left: float, top: float, right: float, bottom: float) -> bool:
        """Whether the rectangle lies on the screen and touches no taken cell."""
        if left < 0 or top < 0 or right > self._width or bottom > self._height:
            return False
        bits, rows = self._bits(left, right), self._rows
        for row in range(max(0, int(top / CELL_PX)), min(len(rows), int(bottom / CELL_PX) + 1)):
            if rows[row] & bits:
                return False
        return True

    def kept_in(self, left: float, width: float) -> float:
        """Where a rectangle of that width begins once it is pushed onto the screen."""
        return max(0.0, min(left, self._width - width))

    def _bits(self, left: float, right: float) -> int:
        first, last = max(0, int(left / CELL_PX)), min(self._last, int(right / CELL_PX))
        return ((1 << (last - first + 1)) - 1) << first if last >= first else 0


class Annotations:
    """Places and paints the labels of one frame after another."""

    def __init__(self, badges: Badges, ratio: float, locale: str) -> None:
        self._badges, self._ratio, self._locale = badges, ratio, locale

    def paint(
        self, painter: QPainter, frame: Frame, view: Viewport, chosen: Int, reserved: Sequence[QRect]
    ) -> None:
        """Label abnormal symbols, the `chosen` ones (places in the frame), toned ones and, close up, all.

        Nothing is written under the `reserved` rectangles (logical pixels).
        """
        symbols, zoom = frame.symbols, view.zoom
        if not len(symbols.places):
            return
        plate = symbols.sprites & 1 == 1
        loud = plate & (symbols.severity >= (Severity.INFO if zoom >= INFO_FROM else Severity.LOW))
        rank = np.where(loud, symbols.severity.astype(np.int64) * 10, 0)
        rank[chosen] += 100
        rank += self._named_anyway(frame, zoom)
        named = np.flatnonzero(rank > 0)
        named = self._varied(symbols, named[np.argsort(-rank[named], kind="stable")])[:MOST]
        taken = self._obstacles(frame, (view.width * self._ratio, view.height * self._ratio))
        for rect in reserved:
            taken.cover(
                *(edge * self._ratio for edge in (rect.left(), rect.top(), rect.right(), rect.bottom()))
            )
        urgent = rank[named] >= URGENT
        for place in named[urgent].tolist():
            self._place(painter, frame, place, taken)
        reach = 16.0 * self._ratio
        for x, y in frame.gathered.places.tolist():
            taken.cover(x - reach, y - reach, x + reach, y + reach)
        for place in named[~urgent].tolist():
            self._place(painter, frame, place, taken)

    @staticmethod
    def _varied(symbols: Symbols, named: Int) -> Int:
        """At most `ALIKE` labels of one layer and severity: sixty lamps without supply say one thing."""
        kind = symbols.layers[named] * 8 + symbols.severity[named]
        order = np.argsort(kind, kind="stable")
        starts = np.flatnonzero(np.diff(kind[order], prepend=-1))
        nth = np.empty(len(named), dtype=np.int64)
        nth[order] = np.arange(len(named)) - np.repeat(starts, np.diff(np.append(starts, len(named))))
        kept: Int = named[(nth < ALIKE) | (symbols.severity[named] != Severity.LOW)]
        return kept

    @property
    def unfinished(self) -> bool:
        """Whether some labels wait for another frame."""
        return self._badges.exhausted

    def _named_anyway(self, frame: Frame, zoom: float) -> Int:
        symbols = frame.symbols
        rank = np.zeros(len(symbols.places), dtype=np.int64)
        plates = np.flatnonzero(symbols.sprites & 1)
        present = np.bincount(symbols.layers[plates], minlength=len(frame.names))
        for number in np.flatnonzero(present).tolist():
            table = frame.tables.get(frame.names[number])
            if table is None:
                continue
            layer = table.definition
            if zoom >= layer.label_from:
                rank[plates[symbols.layers[plates] == number]] += 1
            elif zoom >= TONED_FROM and any(state.tone for state in layer.states):
                mine = plates[symbols.layers[plates] == number]
                toned = np.array([bool(state.tone) for state in layer.states])
                rank[mine] += toned[table.state[symbols.rows[mine]]] * 2
        return rank

    def _obstacles(self, frame: Frame, size: tuple[float, float]) -> Occupancy:
        taken, half = Occupancy(*size), 8.0 * self._ratio
        loud = np.flatnonzero((frame.symbols.severity > 0) & (frame.symbols.sprites & 1 == 1))[-2 * MOST :]
        for x, y in frame.symbols.places[loud].tolist():
            taken.cover(x - half, y - half, x + half, y + half)
        return taken

    def _place(self, painter: QPainter, frame: Frame, place: int, taken: Occupancy) -> None:
        symbols = frame.symbols
        table = frame.tables.get(frame.names[int(symbols.layers[place])])
        row = int(symbols.rows[place])
        if table is None or row >= len(table):
            return
        severity = SEVERITIES[symbols.severity[place]]
        text = self._text(table, row, severity, int(symbols.repeats[place]))
        pixmap = self._badges.label(text, severity is not Severity.NORMAL or bool(self._tone(table, row)))
        if pixmap is None:
            return
        x, y = symbols.places[place].tolist()
        width, height, gap = pixmap.width(), pixmap.height(), GAP * self._ratio
        for left, top in (
            (x + gap, y - height / 2),
            (x - gap - width, y - height / 2),
            (taken.kept_in(x - width / 2, width), y + gap),
            (taken.kept_in(x - width / 2, width), y - gap - height),
        ):
            if taken.is_free(left, top, left + width, top + height):
                taken.cover(left, top, left + width, top + height)
                painter.drawPixmap(QPointF(round(left), round(top)), pixmap)
                return

    def _text(self, table: LayerTable, row: int, severity: Severity, repeats: int) -> str:
        name = table.label_of(row)
        if severity is Severity.NORMAL or (repeats == 1 and not table.definition.is_live):
            return name
        words = table.definition.states[int(table.state[row])].label.localized(self._locale)
        return f"{words} ×{repeats}" if repeats > 1 else f"{name} · {words[:1].lower()}{words[1:]}"

    @staticmethod
    def _tone(table: LayerTable, row: int) -> str:
        return table.definition.states[int(table.state[row])].tone
