"""Basemap tiles: shapes of a package, in a style, as images. Made on a worker thread.

Tiles are drawn at their own zoom and shown one to one, so lines and text stay crisp.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby, product

from msgspec import structs
from qtpy.QtCore import QBuffer, QByteArray, QIODevice
from qtpy.QtGui import QImage, QImageReader

from desktop.map.address import TILE, TileAddress
from desktop.map.basemap_streets import Label
from desktop.map.labels import Labeller
from desktop.map.linework import (
    SUBPIXEL,
    Frame,
    Geometries,
    area_paths,
    clip,
    dash_paths,
    decode,
    document,
    filled,
    line_paths,
    lines_of,
    stroked,
)
from desktop.map.style import AreaStyle, LabelStyle, LineStyle, MapStyle
from desktop.store.basemap import BasemapError, BasemapPackage

BLEED = 4.0
"""Device pixels drawn beyond a tile besides half the widest line, so that no clipped end shows."""


class BasemapRenderer:
    """Draws the tiles of one package in one style; to be used from one thread at a time.

    `pause` is called between the steps of a tile: it may wait for what is more urgent.
    """

    def __init__(
        self,
        package: BasemapPackage,
        style: MapStyle,
        family: str = "IBM Plex Sans",
        pause: Callable[[], None] = lambda: None,
    ) -> None:
        self.package = package
        self.style = style
        self._pause = pause
        self._labeller = Labeller(package, style, family, pause)

    def render(self, address: TileAddress) -> QImage:
        """The tile's image, 512 device pixels square, opaque, without a device pixel ratio set.

        Raises BasemapError when the package turns out to be damaged.
        """
        return self.picture(address, TILE)

    def picture(self, address: TileAddress, side: int) -> QImage:
        """As `render`, but `side` device pixels square from the tile's north-west corner."""
        body = self._body(address, frame_of(address, side))
        tiles = -(-side // TILE)
        blocks = {}
        for x, y in product(range(tiles), repeat=2):
            corner, labels = self._labeller.block(structs.replace(address, x=address.x + x, y=address.y + y))
            blocks[corner] = labels
        for corner, labels in blocks.items():
            left, top = (address.x - corner.x) * TILE, (address.y - corner.y) * TILE
            body += _names(
                [label for label in labels if _crosses(label, left, top, side)], left, top, address.ratio
            )
        return paint(document(side, self.style.land, body))

    def _body(self, address: TileAddress, frame: Frame) -> list[bytes]:
        """The SVG groups of a tile, from the bottom up."""
        zoom, ratio = address.zoom, address.ratio
        shown = self.style.shown(zoom)
        margin = BLEED + self._widest(zoom, shown) * ratio / 2
        bounds = frame.bounds(margin)
        rows = self.package.query(bounds, zoom, shown)
        rows.sort(key=lambda row: row[0])
        shapes = {}
        for cls, found in groupby(rows, key=lambda row: row[0]):
            self._pause()
            shapes[cls] = decode([row[3] for row in found])
        pen = _Pen(self.style, zoom, ratio, frame, margin)
        body: list[bytes] = []
        for group in self.style.order:
            present = [cls for cls in group if cls in shapes]
            strokes = []
            for cls in present:
                self._pause()
                if cls in self.style.lines:
                    strokes.append(pen.line(cls, shapes[cls]))
                if cls in self.style.areas:
                    body.append(pen.area(self.style.areas[cls], shapes[cls]))
            body += [casing for casing, _ in strokes]
            body += [line for _, line in strokes]
        return body

    def _widest(self, zoom: float, shown: tuple[str, ...]) -> float:
        """The widest line with its casing, in logical pixels."""
        lines = [self.style.lines[cls] for cls in shown if cls in self.style.lines]
        at = self.style.at
        return max((at(line.width, zoom) + 2 * at(line.casing_width, zoom) for line in lines), default=0.0)


class _Pen:
    """Writes the shapes of one tile as SVG, in the style's values for its zoom."""

    def __init__(self, style: MapStyle, zoom: float, ratio: float, frame: Frame, margin: float) -> None:
        self._style = style
        self._zoom = zoom
        self._ratio = ratio
        self._frame = frame
        self._margin = margin

    def area(self, area: AreaStyle, shapes: Geometries) -> bytes:
        """The polygons of one class."""
        paths = area_paths(clip(shapes, self._frame.bounds(self._margin)), self._frame)
        opacity = self._style.at(area.opacity, self._zoom)
        edge = area.edge and self._style.toned(area.edge, opacity)
        width = self._style.at(area.edge_width, self._zoom) * self._ratio
        return filled(paths, self._style.toned(area.fill, opacity), edge, width)

    def line(self, cls: str, shapes: Geometries) -> tuple[bytes, bytes]:
        """The casing and the line of one class."""
        line = self._style.lines[cls]
        width = self._style.at(line.width, self._zoom) * self._ratio
        color = self._style.toned(line.color, self._style.at(line.opacity, self._zoom))
        inside = lines_of(clip(shapes, self._frame.bounds(self._margin)))
        paths = line_paths(inside, self._frame)
        casing = self._casing(line, paths, width)
        if line.dash is None:
            return casing, stroked(paths, color, width)
        dash, gap = (length * self._ratio for length in line.dash)
        dashes = dash_paths(lines_of(shapes), self._frame, dash, gap, self._margin) if width > 0 else b""
        return casing, stroked(dashes, color, width, cap="butt")

    def _casing(self, line: LineStyle, paths: bytes, width: float) -> bytes:
        extra = self._style.at(line.casing_width, self._zoom) * self._ratio
        if not line.casing or extra <= 0:
            return b""
        return stroked(paths, line.casing, width + 2 * extra)


def _crosses(label: Label, left: float, top: float, side: int) -> bool:
    west, north, east, south = label.box
    return west < left + side and east > left and north < top + side and south > top


def _names(labels: list[Label], left: int, top: int, ratio: float) -> list[bytes]:
    """The SVG groups of labels placed in a block, seen from so many pixels inside it."""
    shift = f'<g transform="translate({-left * SUBPIXEL} {-top * SUBPIXEL})" stroke-linejoin="bevel">'
    runs = [(style, list(run)) for style, run in groupby(labels, key=lambda label: label.style)]
    return (
        [shift.encode(), *(_lettering(style, run, ratio) for style, run in runs), b"</g>"] if labels else []
    )


def _lettering(style: LabelStyle, labels: list[Label], ratio: float) -> bytes:
    """Labels of one style: all halos, then all letters."""
    width = 2 * style.halo_width * ratio * SUBPIXEL
    halo = f'<g fill="{style.halo}" stroke="{style.halo}" stroke-width="{width:.1f}">'.encode()
    halos = [b'<path d="' + label.paths[1] + b'"/>' for label in labels]
    letters = [b'<path d="' + label.paths[0] + b'"/>' for label in labels]
    return b"".join([halo, *halos, f'</g><g fill="{style.color}">'.encode(), *letters, b"</g>"])


def frame_of(address: TileAddress, side: int) -> Frame:
    """The frame of `side` device pixels whose top left corner is the tile's."""
    west, _, _, north = address.bounds
    return Frame(west, north, address.resolution, side)


def paint(svg: bytes) -> QImage:
    """The image an SVG document describes, as opaque RGB32; painted without holding the interpreter lock."""
    buffer = QBuffer()
    buffer.setData(QByteArray(svg))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(b"svg"))
    image = reader.read()
    if image.isNull():
        raise BasemapError(
            f"the basemap cannot be painted: {reader.errorString()} (is Qt's SVG plugin installed?)"
        )
    image.reinterpretAsFormat(QImage.Format.Format_RGB32)
    return image
