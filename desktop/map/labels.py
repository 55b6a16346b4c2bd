"""Where the basemap's names go: greedy by priority, without collisions, the same whichever tile asks first.

Names of points and areas are placed over the whole package at once for each zoom, so that they may cross
any tile edge. Names along lines are placed within blocks of tiles and stay inside them.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby

import msgspec
import numpy as np
import shapely

from desktop.map.address import TILE, TileAddress
from desktop.map.basemap_streets import Label, LineWriter, Room, merged
from desktop.map.basemap_type import Setting, Typesetter
from desktop.map.linework import Frame, decode
from desktop.map.style import LabelStyle, MapStyle
from desktop.mercator import WORLD
from desktop.store.basemap import BasemapPackage, Row

KEPT_BLOCKS = 24
KEPT_LEVELS = 6
STRAY = 0.15
"""How far a name may stray from its line, in parts of its size: small bends are written straight."""


class _Point(msgspec.Struct, frozen=True, gc=False):
    """A name placed at a point: in pixels from the world's north-west corner."""

    style: LabelStyle
    setting: Setting
    x: float
    y: float
    box: tuple[float, float, float, float]


class Labeller:
    """Places the names of one package in one style; to be used from one thread at a time."""

    def __init__(
        self,
        package: BasemapPackage,
        style: MapStyle,
        family: str,
        pause: Callable[[], None] = lambda: None,
    ) -> None:
        self._pause = pause
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
        return Label(point.style, point.setting, size, np.stack([across, level + y, level]), box)

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
            rows = self._package.query(self._package.bounds, zoom, style.classes, named=True)
            self._pause()
            for text, x, y in self._anchors(rows, style, style.least * ratio * resolution):
                self._pause()
                px, py = (x + WORLD / 2) / resolution, (WORLD / 2 - y) / resolution
                setting = self._set(self._text(text, style), style)
                half_w = setting.width * size / 2 + style.padding * ratio
                half_h = setting.height * size / 2 + (style.padding + 0.2 * size / ratio) * ratio
                box = (px - half_w, py - half_h, px + half_w, py + half_h)
                if room.free(np.array([box])):
                    room.take(np.array([box]))
                    placed.append(_Point(style, setting, px, py, box))
        return placed

    def _anchors(self, rows: list[Row], style: LabelStyle, least: float) -> list[tuple[str, float, float]]:
        """The names of a style with their places in metres, largest areas first, then by name."""
        named = [row for row in rows if not style.ranks or row[2] in style.ranks]
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

    def _text(self, name: str, style: LabelStyle) -> str:
        """A name as the style spells it."""
        if style.abbreviate:
            name = " ".join(self._shortened(word) for word in name.split(" "))
        return name.upper() if style.upper else name

    def _shortened(self, word: str) -> str:
        """A word or its abbreviation, in the same case."""
        short = self._style.abbreviations.get(word[:1].upper() + word[1:], word)
        return short if word[:1].isupper() else short[:1].lower() + short[1:]

    def _spelt(self, text: str, style: LabelStyle) -> Setting:
        return self._type.spell(text, weight=style.weight, italic=style.italic, spacing=style.spacing)

    def _set(self, text: str, style: LabelStyle) -> Setting:
        return self._type.set(text, weight=style.weight, italic=style.italic, spacing=style.spacing)

    def _streets(self, corner: TileAddress, side: int, room: Room) -> list[Label]:
        """The names along lines inside a block."""
        styles = [style for style in self._style.labels_at(corner.zoom) if style.placement == "line"]
        if not styles:
            return []
        west, _, _, north = corner.bounds
        frame = Frame(west, north, corner.resolution, side)
        classes = {cls: rank for rank, style in enumerate(styles) for cls in style.classes}
        rows = self._package.query(frame.bounds(), corner.zoom, classes, named=True)
        rows.sort(key=lambda row: (classes[row[0]], row[1]))
        labels: list[Label] = []
        for rank, found in groupby(rows, key=lambda row: classes[row[0]]):
            size = self._style.at(styles[rank].size, corner.zoom) * corner.ratio
            writer = LineWriter(styles[rank], size, corner.ratio, side, room)
            self._pause()
            for name, line in merged(list(found), frame, STRAY * size):
                self._pause()
                text = self._text(name, styles[rank])
                if writer.roomy(line, self._type.least(text, styles[rank].spacing)):
                    labels += writer.write(name, self._spelt(text, styles[rank]), line)
        return labels


def span_of(ratio: float) -> int:
    """Tiles on a block's side: about 1024 logical pixels."""
    return 2 if ratio < 1.5 else 4
