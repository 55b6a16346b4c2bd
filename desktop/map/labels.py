"""Where the basemap's names go: greedy by priority, without collisions, the same whichever tile asks first.

Names of points and areas are placed over the whole package at once for each zoom, so that they may cross
any tile edge. Names along lines are placed within blocks of tiles and stay inside them.
"""

from __future__ import annotations

import math
from itertools import groupby

import msgspec
import numpy as np
import shapely

from desktop.map.address import EARTH, TILE, TileAddress
from desktop.map.basemap_type import Setting, Typesetter, outlines
from desktop.map.linework import Floats, Frame, Geometries, decode
from desktop.map.style import LabelStyle, MapStyle
from desktop.store.basemap import BasemapPackage, Row

KEPT_BLOCKS = 24
KEPT_LEVELS = 6
STEP = 0.3
"""Candidates along a line stand this part of the text's width apart, within reason."""


class Label(msgspec.Struct, frozen=True, gc=False):
    """A placed name: SVG path data in its block's subpixels, and its box in the block's pixels."""

    style: LabelStyle
    ink: bytes
    halo: bytes
    box: tuple[float, float, float, float]


class _Point(msgspec.Struct, frozen=True, gc=False):
    """A name placed at a point: in pixels from the world's north-west corner."""

    style: LabelStyle
    setting: Setting
    x: float
    y: float
    box: tuple[float, float, float, float]


class Room:
    """The boxes already taken."""

    def __init__(self) -> None:
        self._boxes = np.empty((256, 4))
        self._count = 0

    def free(self, boxes: Floats) -> bool:
        """Whether none of the (n, 4) boxes touches one taken."""
        taken = self._boxes[: self._count]
        apart = (boxes[:, None, :2] >= taken[None, :, 2:]) | (boxes[:, None, 2:] <= taken[None, :, :2])
        return bool(apart.any(axis=2).all())

    def take(self, boxes: Floats) -> None:
        """Take these boxes."""
        while self._count + len(boxes) > len(self._boxes):
            self._boxes = np.concatenate([self._boxes, np.empty_like(self._boxes)])
        self._boxes[self._count : self._count + len(boxes)] = boxes
        self._count += len(boxes)


class Labeller:
    """Places the names of one package in one style; to be used from one thread at a time."""

    def __init__(self, package: BasemapPackage, style: MapStyle, family: str) -> None:
        self._package = package
        self._style = style
        self._type = Typesetter(family)
        self._blocks: dict[TileAddress, list[Label]] = {}
        self._levels: dict[tuple[int, float], list[_Point]] = {}

    def block(self, address: TileAddress) -> tuple[TileAddress, list[Label]]:
        """The block a tile belongs to, named by its north-west tile, and the block's labels."""
        span = span_of(address.ratio)
        corner = msgspec.structs.replace(address, x=address.x // span * span, y=address.y // span * span)
        labels = self._blocks.pop(corner, None)
        if labels is None:
            labels = self._place(corner, span * TILE)
        self._blocks[corner] = labels
        if len(self._blocks) > KEPT_BLOCKS:
            self._blocks.pop(next(iter(self._blocks)))
        return corner, labels

    def _place(self, corner: TileAddress, side: int) -> list[Label]:
        """Everything written in a block."""
        room = Room()
        labels: list[Label] = []
        west, north = corner.x * TILE, corner.y * TILE
        for point in self._points(corner.level, corner.ratio):
            box = (point.box[0] - west, point.box[1] - north, point.box[2] - west, point.box[3] - north)
            if box[0] < side and box[2] > 0 and box[1] < side and box[3] > 0:
                room.take(np.array([box]))
                labels.append(self._written(point, point.x - west, point.y - north, box, corner))
        return labels + self._streets(corner, side, room)

    def _written(
        self, point: _Point, x: float, y: float, box: tuple[float, float, float, float], corner: TileAddress
    ) -> Label:
        """A point's label in a block's pixels."""
        size = self._style.at(point.style.size, corner.zoom) * corner.ratio
        across = x + (point.setting.middles - point.setting.width / 2) * size
        level = np.zeros(len(across))
        return Label(point.style, *outlines(point.setting, size, across, level + y, level), box)

    def _points(self, level: int, ratio: float) -> list[_Point]:
        """The names of points and areas that found room at this zoom, over the whole package."""
        key = (level, ratio)
        if key not in self._levels:
            if len(self._levels) >= KEPT_LEVELS:
                self._levels.pop(next(iter(self._levels)))
            self._levels[key] = self._placed_points(level, ratio)
        return self._levels[key]

    def _placed_points(self, level: int, ratio: float) -> list[_Point]:
        zoom = level / 4
        room, placed = Room(), []
        resolution = TileAddress(level, 0, 0, ratio).resolution
        for style in self._style.labels_at(zoom):
            if style.placement != "point":
                continue
            size = self._style.at(style.size, zoom) * ratio
            rows = self._package.query(self._package.bounds, zoom, style.classes)
            for text, x, y in self._anchors(rows, style, style.least * ratio * resolution):
                px, py = (x + EARTH / 2) / resolution, (EARTH / 2 - y) / resolution
                setting = self._set(text, style)
                half_w = setting.width * size / 2 + style.padding * ratio
                half_h = setting.height * size / 2 + (style.padding + 0.2 * size / ratio) * ratio
                box = (px - half_w, py - half_h, px + half_w, py + half_h)
                if room.free(np.array([box])):
                    room.take(np.array([box]))
                    placed.append(_Point(style, setting, px, py, box))
        return placed

    def _anchors(self, rows: list[Row], style: LabelStyle, least: float) -> list[tuple[str, float, float]]:
        """The names of a style with their places in metres, largest areas first, then by name."""
        named = [row for row in rows if row[1] and (not style.ranks or row[2] in style.ranks)]
        geometries = decode([row[3] for row in named])
        if len(geometries) != len(named):
            return []
        extents = shapely.bounds(geometries)
        sides = np.minimum(extents[:, 2] - extents[:, 0], extents[:, 3] - extents[:, 1])
        kept = np.flatnonzero(sides >= least) if least else np.arange(len(named))
        spots = shapely.get_coordinates(shapely.point_on_surface(geometries[kept]))
        areas = shapely.area(geometries[kept])
        order = sorted(range(len(kept)), key=lambda at: (-areas[at], named[kept[at]][1], *spots[at]))
        return [(named[kept[at]][1], float(spots[at, 0]), float(spots[at, 1])) for at in order]

    def _set(self, name: str, style: LabelStyle) -> Setting:
        """A name as the style writes it."""
        text = self._shortened(name) if style.abbreviate else name
        text = text.upper() if style.upper else text
        return self._type.set(text, weight=style.weight, italic=style.italic, spacing=style.spacing)

    def _shortened(self, name: str) -> str:
        known = self._style.abbreviations
        return " ".join(known.get(word, word) for word in name.split(" "))

    def _streets(self, corner: TileAddress, side: int, room: Room) -> list[Label]:
        """The names along lines inside a block."""
        styles = [style for style in self._style.labels_at(corner.zoom) if style.placement == "line"]
        if not styles:
            return []
        west, _, _, north = corner.bounds
        frame = Frame(west, north, corner.resolution, side)
        classes = {cls: rank for rank, style in enumerate(styles) for cls in style.classes}
        rows = [row for row in self._package.query(frame.bounds(), corner.zoom, classes) if row[1]]
        rows.sort(key=lambda row: (classes[row[0]], row[1]))
        labels: list[Label] = []
        for rank, found in groupby(rows, key=lambda row: classes[row[0]]):
            size = self._style.at(styles[rank].size, corner.zoom) * corner.ratio
            writer = _LineWriter(styles[rank], size, corner.ratio, side, room)
            for name, line in _merged(list(found), frame):
                setting = self._set(name, styles[rank])
                labels += writer.write(name, setting, line)
        return labels


class _LineWriter:
    """Writes names of one style along lines in one block."""

    def __init__(self, style: LabelStyle, size: float, ratio: float, side: int, room: Room) -> None:
        self._style = style
        self._size = size
        self._ratio = ratio
        self._side = side
        self._room = room
        self._written: dict[str, list[Floats]] = {}

    def write(self, name: str, setting: Setting, line: Floats) -> list[Label]:
        """The labels of a line given as (n, 2) pixels: about one every `repeat`, where it is straightest."""
        width = setting.width * self._size
        along = np.r_[0.0, np.cumsum(np.hypot(*np.diff(line, axis=0).T))]
        slack = float(along[-1]) - width - self._size
        if slack < 0 or not len(setting.glyphs):
            return []
        step = max(self._size, STEP * width)
        count = max(1, min(64, int(slack / step) + 1))
        starts = (self._size + slack * (np.arange(count) * 2 + 1) / count) / 2
        x, y, angle = _glyphs_along(line, along, starts, setting, self._size)
        bends = np.abs(np.diff(angle, axis=1)).max(axis=1, initial=0.0)
        wanted = max(1, int(along[-1] / (self._style.repeat * self._ratio)))
        targets = (np.arange(wanted) + 0.5) * along[-1] / wanted
        off = np.abs(starts + width / 2 - targets[:, None]).min(axis=0)
        score = np.degrees(bends) + 20 * off / (along[-1] / wanted)
        labels: list[Label] = []
        for at in np.argsort(score, kind="stable").tolist():
            if math.degrees(bends[at]) <= self._style.bend and self._fits(name, x[at], y[at]):
                labels.append(self._label(setting, x[at], y[at], angle[at]))
                if len(labels) == wanted:
                    break
        return labels

    def _fits(self, name: str, x: Floats, y: Floats) -> bool:
        """Whether a label may stand there; if so it is taken."""
        middle = np.array((x.mean(), y.mean()))
        apart = self._style.repeat * self._ratio
        if any(np.hypot(*(middle - other)) < apart for other in self._written.get(name, ())):
            return False
        half = self._size * 0.55 + self._style.padding * self._ratio / 2
        boxes = np.column_stack([x - half, y - half, x + half, y + half])
        inner = self._size * 0.7 + self._style.halo_width * self._ratio
        ends = np.r_[x, y]
        if (ends < inner).any() or (ends > self._side - inner).any() or not self._room.free(boxes):
            return False
        self._room.take(boxes)
        self._written.setdefault(name, []).append(middle)
        return True

    def _label(self, setting: Setting, x: Floats, y: Floats, angle: Floats) -> Label:
        half = self._size * 0.7 + self._style.halo_width * self._ratio
        box = (float(x.min()) - half, float(y.min()) - half, float(x.max()) + half, float(y.max()) + half)
        return Label(self._style, *outlines(setting, self._size, x, y, angle), box)


def _glyphs_along(
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
    angle = np.unwrap(np.arctan2(y1 - y0, x1 - x0), axis=1)
    return np.interp(places, along, line[:, 0]), np.interp(places, along, line[:, 1]), angle


def _merged(rows: list[Row], frame: Frame) -> list[tuple[str, Floats]]:
    """Names with their lines inside the frame in pixels, pieces joined, longest first."""
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
    lines = shapely.simplify(lines, frame.resolution)
    lengths = shapely.length(lines)
    ranked = sorted(range(len(lines)), key=lambda at: (-lengths[at], texts[which[at]]))
    return [(str(texts[which[at]]), frame.to_pixels(shapely.get_coordinates(lines[at]))) for at in ranked]


def span_of(ratio: float) -> int:
    """Tiles on a block's side: about 1024 logical pixels."""
    return 2 if ratio < 1.5 else 4
