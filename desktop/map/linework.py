"""Basemap geometry as pixels: decoded, clipped, thinned and written as SVG path data, all in arrays.

A tile is described to Qt as SVG and painted by its image reader, because PySide6 runs QImageReader.read
without the interpreter lock while every QPainter call holds it (measured with 6.11: a 400 ms strokePath
stops the UI thread for 400 ms, the same strokes through the reader for none of it).
Coordinates are integers, SUBPIXEL to a device pixel.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

import msgspec
import numpy as np
import shapely
from numpy.typing import NDArray

SUBPIXEL = 64
THINNING = 4
"""Vertices that fall in the same quarter of a device pixel as the one before are dropped."""

HAIRLINE = 2.0
"""Lines thinner than this, in device pixels, look the same without round joins, and cost a third less."""

FIRST_MARK = 10**15
"""Stands for a mark among coordinates; no coordinate on earth reaches it."""

Marks = NDArray[np.bool_] | int
Geometries = NDArray[np.object_]
Floats = NDArray[np.float64]


class Frame(msgspec.Struct, frozen=True):
    """A square of device pixels on the map: its top left corner in metres, metres per pixel, and side."""

    west: float
    north: float
    resolution: float
    side: int

    def bounds(self, margin: float = 0.0) -> tuple[float, float, float, float]:
        """West, south, east, north in metres with so many pixels more on each side."""
        low, high = -margin * self.resolution, (self.side + margin) * self.resolution
        return self.west + low, self.north - high, self.west + high, self.north - low

    def to_pixels(self, coordinates: Floats) -> Floats:
        """(n, 2) metres to (n, 2) pixels, y down."""
        return (coordinates - (self.west, self.north)) * (1 / self.resolution, -1 / self.resolution)


def decode(wkb: Sequence[bytes]) -> Geometries:
    """Geometries of WKB; the unreadable ones are left out."""
    found: Geometries = shapely.from_wkb(np.array(wkb, dtype=object), on_invalid="ignore")
    readable: Geometries = found[~shapely.is_missing(found)]
    return readable


def clip(geometries: Geometries, bounds: tuple[float, float, float, float]) -> Geometries:
    """The geometries cut to bounds; those already inside are passed as they are."""
    west, south, east, north = bounds
    if not len(geometries):
        return geometries
    extents = shapely.bounds(geometries)
    outside = (extents[:, :2] < (west, south)).any(axis=1) | (extents[:, 2:] > (east, north)).any(axis=1)
    if not outside.any():
        return geometries
    clipped = geometries.copy()
    with contextlib.suppress(shapely.GEOSException):  # an invalid geometry is drawn whole
        clipped[outside] = shapely.clip_by_rect(geometries[outside], west, south, east, north)
    kept: Geometries = clipped[~shapely.is_empty(clipped)]
    return kept


def lines_of(geometries: Geometries) -> Geometries:
    """The single lines in lines, multilines and collections."""
    parts: Geometries = shapely.get_parts(geometries)
    if (shapely.get_type_id(parts) > 2).any():
        parts = shapely.get_parts(parts)
    lines: Geometries = parts[shapely.get_type_id(parts) == 1]
    return lines


def _thinned(points: NDArray[np.int64], part: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which vertices to keep: ends, and those that leave the cell of the vertex before them."""
    cells = points // (SUBPIXEL // THINNING)
    keep = np.ones(len(points), dtype=bool)
    keep[1:] = (cells[1:] != cells[:-1]).any(axis=1) | (part[1:] != part[:-1])
    last = np.ones(len(points), dtype=bool)
    last[:-1] = part[1:] != part[:-1]
    return keep | last


def joined(
    points: NDArray[np.int64], starts: NDArray[np.int64], marks: Sequence[bytes], which: Marks
) -> bytes:
    """Points written "x,y,x,y" with, before the point at each of `starts`, the mark that `which` says.

    One flat list is encoded, marks as numbers no coordinate reaches: a list for each line would set off the
    garbage collector, which stops every thread.
    """
    values = np.insert(points.ravel(), 2 * starts, FIRST_MARK + np.asarray(which, dtype=np.int64))
    data = b"," + msgspec.json.encode(values.tolist())[1:-1]
    for at, mark in enumerate(marks):
        data = data.replace(b",%d," % (FIRST_MARK + at), mark)
    return data


def _thin(lines: Geometries, frame: Frame) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """The subpixels of lines or rings, thinned; where each starts, and which it is."""
    coordinates, part = shapely.get_coordinates(lines, return_index=True)
    points = np.rint(frame.to_pixels(coordinates) * SUBPIXEL).astype(np.int64)
    keep = _thinned(points, part)
    points, part = points[keep], part[keep]
    starts = np.flatnonzero(np.diff(part, prepend=-1))
    return points, starts, part[starts]


def line_paths(lines: Geometries, frame: Frame) -> bytes:
    """SVG path elements, one a line: Qt strokes many small paths several times faster than one big one."""
    if not len(lines):
        return b""
    points, starts, _ = _thin(lines, frame)
    return _elements(points, starts)


def _elements(points: NDArray[np.int64], starts: NDArray[np.int64]) -> bytes:
    return joined(points, starts, [b'"/><path d="M'], 0)[len(b'"/>') :] + b'"/>'


def area_paths(areas: Geometries, frame: Frame) -> bytes:
    """SVG path elements, one a polygon, holes included (to be filled by the even-odd rule)."""
    polygons: Geometries = shapely.get_parts(shapely.get_parts(areas))
    polygons = polygons[(shapely.get_type_id(polygons) == 3) & ~shapely.is_empty(polygons)]
    if not len(polygons):
        return b""
    rings, owner = shapely.get_rings(polygons, return_index=True)
    points, starts, ring = _thin(rings, frame)
    again = np.diff(owner[ring], prepend=-1) == 0
    data = joined(points, starts, [b'Z"/><path d="M', b"ZM"], again)
    return data[len(b'Z"/>') :] + b'Z"/>'


def dash_paths(lines: Geometries, frame: Frame, dash: float, gap: float, margin: float) -> bytes:
    """SVG path elements of the dashes of whole, unclipped lines, so that they continue over tile edges.

    `dash` and `gap` are device pixels, counted from each line's first vertex.
    """
    coordinates, part = shapely.get_coordinates(lines, return_index=True)
    if not len(coordinates):
        return b""
    points = frame.to_pixels(coordinates)
    steps = np.hypot(*np.diff(points, axis=0).T)
    period = dash + gap
    steps[part[1:] != part[:-1]] = 0.0
    along = np.r_[0.0, np.cumsum(steps)]
    first = np.flatnonzero(np.r_[True, part[1:] != part[:-1]])
    last = np.r_[first[1:], len(part)] - 1
    counts = np.ceil((along[last] - along[first]) / period).astype(np.int64)
    line = np.repeat(np.arange(len(first)), counts)
    nth = np.arange(len(line)) - np.repeat(np.cumsum(counts) - counts, counts)
    # Interpolation needs growing abscissae: each line is set one pixel after the end of the one before.
    along = along + part
    begin = along[first][line] + nth * period
    end = np.minimum(begin + dash, along[last][line])
    segments = np.column_stack(
        [np.interp(s, along, points[:, axis]) for s in (begin, end) for axis in (0, 1)]
    )
    low, high = -margin, frame.side + margin
    near = (np.maximum(segments[:, :2], segments[:, 2:]) > low).all(axis=1)
    near &= (np.minimum(segments[:, :2], segments[:, 2:]) < high).all(axis=1)
    if not near.any():
        return b""
    ends = np.rint(segments[near] * SUBPIXEL).astype(np.int64).reshape(-1, 2)
    return _elements(ends, np.arange(0, len(ends), 2))


def document(side: int, land: str, body: Sequence[bytes]) -> bytes:
    """A whole SVG image `side` pixels square on land."""
    extent = side * SUBPIXEL
    size = f'width="{side}" height="{side}" viewBox="0 0 {extent} {extent}"'
    ground = f'<rect width="{extent}" height="{extent}" fill="{land}"/>'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{ground}'
    return b"".join([head.encode(), *body, b"</svg>"])


def stroked(paths: bytes, color: str, width: float, cap: str = "round") -> bytes:
    """An SVG group that strokes paths, `width` in device pixels; empty without paths."""
    if not paths or width <= 0:
        return b""
    if cap == "round" and width < HAIRLINE:
        cap = "square"
    join = "round" if width >= HAIRLINE else "bevel"
    look = f'fill="none" stroke="{color}" stroke-width="{width * SUBPIXEL:.2f}"'
    return f'<g {look} stroke-linejoin="{join}" stroke-linecap="{cap}">'.encode() + paths + b"</g>"


def filled(paths: bytes, color: str, edge: str | None = None, edge_width: float = 0.0) -> bytes:
    """An SVG group that fills paths by the even-odd rule, with an optional outline; empty without paths."""
    if not paths:
        return b""
    outline = (
        f' stroke="{edge}" stroke-width="{edge_width * SUBPIXEL:.2f}"' if edge and edge_width > 0 else ""
    )
    return (
        f'<g fill="{color}" fill-rule="evenodd" stroke-linejoin="round"{outline}>'.encode() + paths + b"</g>"
    )
