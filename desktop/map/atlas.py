"""Every symbol the map can need, rendered once into one pixmap."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from qtpy.QtCore import Qt
from qtpy.QtGui import QPainter, QPixmap

from desktop.map.symbols import BOX, DOT_BOX, dot_image, plain, plate_image, symbol_color, tick_image
from desktop.map.theme import Theme
from layers.definition import LayerDefinition, Severity
from layers.model import Quality

WIDTH_PX = 2048
FORMS = 2
DOT, PLATE = 0, 1
QUALITIES = len(Quality)
HEADINGS = 32
PLAIN_SPARE, TONED_SPARE = 4, 3
"""Logical pixels that a dot leaves empty on each side of its sprite: tens of thousands are painted."""


class Atlas:
    """Sprites of all layers for one theme and device pixel ratio.

    The sprite of a feature is ``base[layer] + (state * 3 + quality) * 2 + form``, form 0 a dot, 1 a plate.
    `rects` (sprites, 4) holds left, top, width, height in device pixels.
    """

    def __init__(self, layers: Mapping[str, LayerDefinition], theme: Theme, ratio: float) -> None:
        self.theme, self.ratio = theme, ratio
        self.base: dict[str, int] = {}
        count = 0
        for name, layer in layers.items():
            self.base[name] = count
            if layer.geometry == "point":
                count += len(layer.states) * QUALITIES * FORMS
        self._ticks: dict[tuple[str, int], int] = {}
        tones = sorted(
            {(name, state) for name, it in layers.items() if it.moving for state in range(len(it.states))}
        )
        for place, tone in enumerate(tones):
            self._ticks[tone] = count + place * HEADINGS
        sprites, count = count, count + len(tones) * HEADINGS
        self.rects: NDArray[np.float64] = np.zeros((count, 4))
        self.calm: NDArray[np.bool_] = np.zeros(count, dtype=bool)
        """Which sprites are plates of a state in order, of no particular tone."""
        self._big, self._small = math.ceil(BOX * ratio), math.ceil(DOT_BOX * ratio)
        columns = WIDTH_PX // self._big
        rows = math.ceil((sprites // FORMS + count - sprites) / columns)
        dot_columns = WIDTH_PX // self._small
        dot_rows = math.ceil(sprites / FORMS / dot_columns)
        self.pixmap = QPixmap(WIDTH_PX, max(1, rows * self._big + dot_rows * self._small))
        self.pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(self.pixmap)
        for name, layer in layers.items():
            if layer.geometry == "point":
                self._render(painter, layer, self.base[name] // FORMS, columns, dot_columns, rows * self._big)
        self._render_ticks(painter, layers, sprites, columns)
        painter.end()

    def sprites(self, layer: str, state: NDArray[np.uint8], quality: NDArray[np.uint8]) -> NDArray[np.int32]:
        """The dot sprite of each row; add 1 for its plate."""
        return self.base[layer] + (state.astype(np.int32) * QUALITIES + quality) * FORMS

    def ticks(self, layer: str, state: NDArray[np.uint8], heading: NDArray[np.float32]) -> NDArray[np.int64]:
        """The heading tick of each row of a moving layer; headings in degrees clockwise from north."""
        first = np.array([self._ticks[(layer, code)] for code in range(int(state.max(initial=0)) + 1)])
        turn = np.round(heading / (360.0 / HEADINGS)).astype(np.int64) % HEADINGS
        return np.asarray(first[state] + turn, dtype=np.int64)

    @staticmethod
    def _spare(layer: LayerDefinition, state: int) -> int:
        if plain(layer, state):
            return PLAIN_SPARE
        return TONED_SPARE if layer.states[state].severity is Severity.NORMAL else 0

    def _render_ticks(
        self, painter: QPainter, layers: Mapping[str, LayerDefinition], sprites: int, columns: int
    ) -> None:
        for (name, state), first in self._ticks.items():
            color = symbol_color(layers[name], state, self.theme)
            for turn in range(HEADINGS):
                slot = sprites // FORMS + first - sprites + turn
                left, top = slot % columns * self._big, slot // columns * self._big
                image = tick_image(color, turn * 360.0 / HEADINGS, self.ratio)
                image.setDevicePixelRatio(1.0)
                painter.drawImage(left, top, image)
                self.rects[first + turn] = (left, top, self._big, self._big)

    def _render(
        self,
        painter: QPainter,
        layer: LayerDefinition,
        first: int,
        columns: int,
        dot_columns: int,
        dots_top: int,
    ) -> None:
        for state in range(len(layer.states)):
            for quality in Quality:
                slot = first + state * QUALITIES + quality
                left, top = slot % columns * self._big, slot // columns * self._big
                image = plate_image(layer, state, quality, self.theme, self.ratio)
                image.setDevicePixelRatio(1.0)
                painter.drawImage(left, top, image)
                self.calm[slot * FORMS + PLATE] = plain(layer, state)
                self.rects[slot * FORMS + PLATE] = (left, top, self._big, self._big)
                left, top = slot % dot_columns * self._small, dots_top + slot // dot_columns * self._small
                dot = dot_image(layer, state, quality, self.theme, self.ratio)
                dot.setDevicePixelRatio(1.0)
                painter.drawImage(left, top, dot)
                inset = math.floor(self._spare(layer, state) * self.ratio)
                side = self._small - 2 * inset
                self.rects[slot * FORMS + DOT] = (left + inset, top + inset, side, side)
