"""Names along lines, in one block of tiles: glyph by glyph, upright, where the line is straightest."""

from __future__ import annotations

import math
from functools import cached_property

import numpy as np
import shapely

from desktop.map.basemap_type import Setting, outlines
from desktop.map.linework import Floats, Frame, Geometries, decode
from desktop.map.style import LabelStyle
from desktop.store.basemap import Row

STEP = 0.5
"""Candidates along a line stand this part of the text's width apart, within reason."""
MOST = 48
"""Candidates on one line."""


class Label:
    """A placed name: its glyphs' middles and angles, and its box, in its block's pixels."""

    def __init__(
        self,
        style: LabelStyle,
        setting: Setting,
        size: float,
        glyphs: Floats,
        box: tuple[float, float, float, float],
    ) -> None:
        self.style = style
        self.box = box
        self._setting, self._size, self._glyphs = setting, size, glyphs

    @cached_property
    def paths(self) -> tuple[bytes, bytes]:
        """SVG path data of the letters and of the halo; written when the first tile needs it."""
        return outlines(self._setting, self._size, *self._glyphs)


class Room:
    """The boxes already taken."""

    def __init__(self) -> None:
        self._boxes = np.empty((256, 4))
        self._count = 0

    def free(self, boxes: Floats) -> bool:
        """Whether none of the (n, 4) boxes touches one taken."""
        taken = self._boxes[: self._count]
        low, high = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
        near = (
            (taken[:, 0] < high[0])
            & (taken[:, 2] > low[0])
            & (taken[:, 1] < high[1])
            & (taken[:, 3] > low[1])
        )
        taken = taken[near]
        if not len(taken):
            return True
        apart = (boxes[:, None, :2] >= taken[None, :, 2:]) | (boxes[:, None, 2:] <= taken[None, :, :2])
        return bool(apart.any(axis=2).all())

    def take(self, boxes: Floats) -> None:
        """Take these boxes."""
        while self._count + len(boxes) > len(self._boxes):
            self._boxes = np.concatenate([self._boxes, np.empty_like(self._boxes)])
        self._boxes[self._count : self._count + len(boxes)] = boxes
        self._count += len(boxes)


class LineWriter:
    """Writes names of one style along lines in one block."""

    def __init__(self, style: LabelStyle, size: float, ratio: float, side: int, room: Room) -> None:
        self._style = style
        self._size = size
        self._ratio = ratio
        self._side = side
        self._room = room
        self._written: dict[str, list[tuple[float, float]]] = {}

    def roomy(self, line: Floats, least: float) -> bool:
        """Whether a line is long enough for a text at least so wide, in em."""
        steps = line[1:] - line[:-1]
        return float(np.hypot(steps[:, 0], steps[:, 1]).sum()) >= (least + 1) * self._size

    def write(self, name: str, setting: Setting, line: Floats) -> list[Label]:
        """The labels of a line given as (n, 2) pixels: about one every `repeat`, where it is straightest."""
        width = setting.width * self._size
        line = line if line[-1, 0] >= line[0, 0] else line[::-1]
        steps = line[1:] - line[:-1]
        along = np.concatenate([(0.0,), np.cumsum(np.hypot(steps[:, 0], steps[:, 1]))])
        length = float(along[-1])
        slack = length - width - self._size
        if slack < 0 or not len(setting.glyphs):
            return []
        count = min(MOST, int(slack / max(self._size, STEP * width))) | 1
        starts = (self._size + slack * (np.arange(count) * 2 + 1) / count) / 2
        x, y, angle = (_straight if len(line) == 2 else _bent)(line, along, starts, setting, self._size)
        turns = angle[:, 1:] - angle[:, :-1]
        bends = np.degrees(np.abs((turns + math.pi) % (2 * math.pi) - math.pi).max(axis=1, initial=0.0))
        wanted = max(1, int(length / (self._style.repeat * self._ratio)))
        targets = (np.arange(wanted) + 0.5) * length / wanted
        off = np.abs(starts + width / 2 - targets[:, None]).min(axis=0)
        labels: list[Label] = []
        for at in np.argsort(bends + 20 * off * wanted / length, kind="stable").tolist():
            if bends[at] <= self._style.bend and self._fits(name, x[at], y[at]):
                labels.append(self._label(setting, x[at], y[at], angle[at]))
                if len(labels) == wanted:
                    break
        return labels

    def _fits(self, name: str, x: Floats, y: Floats) -> bool:
        """Whether a label may stand there; if so it is taken."""
        inner = self._size * 0.7 + self._style.halo_width * self._ratio
        if min(x.min(), y.min()) < inner or max(x.max(), y.max()) > self._side - inner:
            return False
        middle = (float(x[0] + x[-1]) / 2, float(y[0] + y[-1]) / 2)
        apart = self._style.repeat * self._ratio
        if any(math.dist(middle, other) < apart for other in self._written.get(name, ())):
            return False
        half = self._size * 0.55 + self._style.padding * self._ratio / 2
        boxes = np.column_stack([x - half, y - half, x + half, y + half])
        if len(boxes) > 2:  # the boxes of every other letter overlap
            boxes = np.concatenate([boxes[:-1:2], boxes[-1:]])
        if not self._room.free(boxes):
            return False
        self._room.take(boxes)
        self._written.setdefault(name, []).append(middle)
        return True

    def _label(self, setting: Setting, x: Floats, y: Floats, angle: Floats) -> Label:
        half = self._size * 0.7 + self._style.halo_width * self._ratio
        box = (float(x.min()) - half, float(y.min()) - half, float(x.max()) + half, float(y.max()) + half)
        return Label(self._style, setting, self._size, np.stack([x, y, angle]), box)


def _straight(
    line: Floats, along: Floats, starts: Floats, setting: Setting, size: float
) -> tuple[Floats, Floats, Floats]:
    """As `_bent`, for a line of two points."""
    across = (line[1] - line[0]) / max(float(along[-1]), 1e-9)
    forward = across[0] >= 0
    middles = setting.middles * size
    places = starts[:, None] + (middles if forward else setting.width * size - middles)
    turn = math.atan2(across[1], across[0]) if forward else math.atan2(-across[1], -across[0])
    return line[0, 0] + across[0] * places, line[0, 1] + across[1] * places, np.full(places.shape, turn)


def _bent(
    line: Floats, along: Floats, starts: Floats, setting: Setting, size: float
) -> tuple[Floats, Floats, Floats]:
    """Middles and angle of every glyph for texts starting at each of `starts`: (starts, glyphs) arrays.

    A text is turned round when it would read from right to left. Angles follow the chord under each glyph.
    """
    ends = np.array([np.interp(starts + shift, along, line[:, 0]) for shift in (0.0, setting.width * size)])
    forward = (ends[1] >= ends[0])[:, None]
    middles = setting.middles * size
    reach = np.maximum(setting.advances * size / 2, size * 0.35)
    places = starts[:, None] + np.where(forward, middles, setting.width * size - middles)
    sign = np.where(forward, 1.0, -1.0)
    before, after = places - sign * reach, places + sign * reach
    x0, y0, x1, y1 = (np.interp(s, along, line[:, axis]) for s in (before, after) for axis in (0, 1))
    angle = np.arctan2(y1 - y0, x1 - x0)
    return np.interp(places, along, line[:, 0]), np.interp(places, along, line[:, 1]), angle


def merged(rows: list[Row], frame: Frame, stray: float) -> list[tuple[str, Floats]]:
    """Names with their lines inside the frame, joined, longest first, in pixels and true to `stray`."""
    geometries: Geometries = decode([row[3] for row in rows])
    if len(geometries) != len(rows):
        return []
    parts, owner = shapely.get_parts(geometries, return_index=True)
    cut = shapely.clip_by_rect(parts, *frame.bounds())
    for _ in range(2):
        cut, inner = shapely.get_parts(cut, return_index=True)
        owner = owner[inner]
    line = shapely.get_type_id(cut) == 1
    cut, owner = cut[line], owner[line]
    if not len(cut):
        return []
    texts, index = np.unique(np.array([row[1] for row in rows])[owner], return_inverse=True)
    order = np.argsort(index, kind="stable")
    joined = shapely.line_merge(shapely.multilinestrings(cut[order], indices=index[order]))
    lines, which = shapely.get_parts(joined, return_index=True)
    lines = shapely.simplify(lines, stray * frame.resolution)
    lengths = shapely.length(lines)
    ranked = sorted(range(len(lines)), key=lambda at: (-lengths[at], texts[which[at]]))
    return [(str(texts[which[at]]), frame.to_pixels(shapely.get_coordinates(lines[at]))) for at in ranked]
