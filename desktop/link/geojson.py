"""GeoJSON geometries to Web Mercator shapes, by whole pages; what cannot be drawn says why."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import numpy as np
import shapely
from msgspec import Raw
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from desktop.link.crs import Transform, likely_crs
from desktop.mercator import MAX_LATITUDE, all_to_mercator
from layers.definition import Geometry

NO_GEOMETRY = "no geometry"
EMPTY = "an empty geometry"
NOT_NUMBERS = "coordinates that are not numbers"
NOT_GEOJSON = "a geometry that is not GeoJSON"
TOO_DEEP = "nested too deeply"
ONE_POINT = "a line of a single point"
NO_AREA = "a polygon without area"
OUT_OF_RANGE = "coordinates out of range"
NEVER_MEASURED = "coordinates 0, 0"
WRONG_KIND = {
    "line": "not a line, where a line is expected",
    "polygon": "not a polygon, where one is expected",
}

CROSSING_RING = "rings that cross themselves, mended"
OPEN_RING = "open rings, closed"

Floats = NDArray[np.float64]


class _Point(msgspec.Struct, tag="Point", gc=False):
    coordinates: list[float]


class _Any(msgspec.Struct, gc=False):
    type: str
    coordinates: Any = None
    geometries: list[Any] | None = None


_POINT = msgspec.json.Decoder(_Point)
_ANY = msgspec.json.Decoder(_Any)


class Unusable(Exception):
    """A geometry cannot be drawn; the message is the reason."""


class Placed(msgspec.Struct):
    """A page's positions, aligned with its features; a feature whose `reason` is not None has no position."""

    x: list[float]
    y: list[float]
    wkb: list[bytes | None]
    reason: list[str | None]
    mended: Counter[str]


def place(geometries: Sequence[Raw], kind: Geometry, transform: Transform | None = None) -> Placed:
    """Read a page's geometries for a layer of that kind.

    `transform` takes the page's coordinates to EPSG:3857 metres; without one they are WGS84 degrees,
    longitude first. A point layer gets one representative point per feature and no WKB.
    """
    count = len(geometries)
    placed = Placed([math.nan] * count, [math.nan] * count, [None] * count, [None] * count, Counter())
    shapes: list[BaseGeometry | None] = [None] * count
    points: list[tuple[float, float]] = []
    rows: list[int] = []
    for row, raw in enumerate(geometries):
        if kind == "point":
            try:
                coordinates = _POINT.decode(raw).coordinates
                points.append((coordinates[0], coordinates[1]))
                rows.append(row)
                continue
            except (msgspec.MsgspecError, RecursionError, IndexError):
                pass
        try:
            shapes[row] = _of_kind(read_shape(raw, placed.mended), kind, placed.mended)
        except Unusable as error:
            placed.reason[row] = str(error)
    if rows:
        _place_points(placed, rows, np.array(points, dtype=np.float64), transform)
    others = [row for row, shape in enumerate(shapes) if shape is not None]
    if others:
        _place_shapes(placed, others, [shapes[row] for row in others], kind, transform)
    placed.mended = +placed.mended
    return placed


def _place_points(placed: Placed, rows: list[int], points: Floats, transform: Transform | None) -> None:
    x, y, reasons = _project(points, transform)
    for place, row in enumerate(rows):
        placed.reason[row] = reasons.get(place)
    if len(rows) == len(placed.x):
        placed.x, placed.y = x.tolist(), y.tolist()
        return
    for row, east, north in zip(rows, x.tolist(), y.tolist(), strict=True):
        placed.x[row], placed.y[row] = east, north


def _place_shapes(
    placed: Placed,
    rows: list[int],
    shapes: Sequence[BaseGeometry | None],
    kind: Geometry,
    transform: Transform | None,
) -> None:
    array = np.array(shapes, dtype=object)
    coordinates, owner = shapely.get_coordinates(array, return_index=True)
    x, y, reasons = _project(coordinates, transform)
    bad = {int(owner[place]): reason for place, reason in reversed(reasons.items())}
    moved = shapely.set_coordinates(array, np.nan_to_num(np.column_stack((x, y))))
    places = _representative(moved, kind)
    east, north = shapely.get_x(places).tolist(), shapely.get_y(places).tolist()
    wkb = shapely.to_wkb(moved) if kind != "point" else [None] * len(rows)
    for place, row in enumerate(rows):
        if place in bad:
            placed.reason[row] = bad[place]
        else:
            placed.x[row], placed.y[row], placed.wkb[row] = east[place], north[place], wkb[place]


def _representative(shapes: NDArray[np.object_], kind: Geometry) -> NDArray[np.object_]:
    if kind == "line":
        longest = np.array([_longest(shape) for shape in shapes], dtype=object)
        return np.asarray(shapely.line_interpolate_point(longest, 0.5, normalized=True), dtype=object)
    return np.asarray(shapely.point_on_surface(shapes), dtype=object)


def _longest(shape: BaseGeometry) -> BaseGeometry:
    parts = shapely.get_parts(shape)
    return parts[int(np.argmax(shapely.length(parts)))]


def _project(points: Floats, transform: Transform | None) -> tuple[Floats, Floats, dict[int, str]]:
    """(x, y, reasons by place) of an (n, 2) array; places that cannot be used are NaN."""
    first, second = points[:, 0], points[:, 1]
    with np.errstate(all="ignore"):
        if transform is None:
            bad = ~((np.abs(first) <= 180.0) & (np.abs(second) <= MAX_LATITUDE))
            bad |= (first == 0.0) & (second == 0.0)
            x, y = all_to_mercator(np.where(bad, np.nan, first), np.where(bad, np.nan, second))
        else:
            x, y = transform(first, second)
            bad = ~(np.isfinite(x) & np.isfinite(y))
    reasons: dict[int, str] = {}
    for place in np.flatnonzero(bad).tolist():
        reasons[place] = _why(float(first[place]), float(second[place]), transform is None)
    return x, y, reasons


def _why(first: float, second: float, degrees: bool) -> str:
    if not (math.isfinite(first) and math.isfinite(second)):
        return NOT_NUMBERS
    if first == 0.0 and second == 0.0:
        return NEVER_MEASURED
    guess = likely_crs(first, second) if degrees else ""
    return (
        f'coordinates in metres, probably {guess} (set crs = "{guess}" in the mapping)'
        if guess
        else OUT_OF_RANGE
    )


def read_shape(raw: Raw, mended: Counter[str]) -> BaseGeometry:
    """A geometry as a two-dimensional shape in its own coordinates; open rings are closed and counted.

    Raises Unusable with the reason.
    """
    try:
        found = _ANY.decode(raw)
    except RecursionError:
        raise Unusable(TOO_DEEP) from None
    except (msgspec.MsgspecError, UnicodeDecodeError):
        if bytes(raw).strip() == b"null":
            raise Unusable(NO_GEOMETRY) from None
        raise Unusable(_why_unreadable(raw)) from None
    return _shape(found, mended, 0)


def _why_unreadable(raw: Raw) -> str:
    try:
        value = json.loads(bytes(raw))
        json.dumps(value, allow_nan=False)
    except RecursionError:
        return TOO_DEEP
    except ValueError as error:
        return NOT_NUMBERS if "float values" in str(error) else NOT_GEOJSON
    return NOT_GEOJSON


def _shape(geometry: _Any, mended: Counter[str], depth: int) -> BaseGeometry:
    if depth > 20:
        raise Unusable(TOO_DEEP)
    if geometry.type == "GeometryCollection":
        parts = geometry.geometries
        if not parts:
            raise Unusable(EMPTY)
        try:
            inner = [msgspec.convert(part, _Any) for part in parts]
        except msgspec.ValidationError:
            raise Unusable(NOT_GEOJSON) from None
        return shapely.GeometryCollection([_shape(part, mended, depth + 1) for part in inner])
    build = _BUILDERS.get(geometry.type)
    if build is None or not isinstance(geometry.coordinates, list):
        raise Unusable(NO_GEOMETRY if geometry.coordinates is None and build else NOT_GEOJSON)
    if not geometry.coordinates:
        raise Unusable(EMPTY)
    try:
        shape = build(geometry.coordinates, mended)
    except (TypeError, ValueError, OverflowError, LookupError):
        raise Unusable(NOT_NUMBERS) from None
    if shape.is_empty:
        raise Unusable(EMPTY)
    return shape


def _pairs(coordinates: list[Any]) -> list[tuple[float, float]]:
    pairs = [(position[0], position[1]) for position in coordinates]
    if not all(type(a) in (float, int) and type(b) in (float, int) for a, b in pairs):
        raise TypeError("a position is made of numbers")
    return pairs


def _point(coordinates: list[Any], mended: Counter[str]) -> BaseGeometry:
    return shapely.Point(_pairs([coordinates])[0])


def _points(coordinates: list[Any], mended: Counter[str]) -> BaseGeometry:
    return shapely.MultiPoint(_pairs(coordinates))


def _line(coordinates: list[Any], mended: Counter[str]) -> BaseGeometry:
    pairs = _pairs(coordinates)
    if len(pairs) < 2 or all(pair == pairs[0] for pair in pairs):
        raise Unusable(ONE_POINT)
    return shapely.LineString(pairs)


def _lines(coordinates: list[Any], mended: Counter[str]) -> BaseGeometry:
    lines: list[BaseGeometry] = []
    for part in coordinates:
        try:
            lines.append(_line(part, mended))
        except Unusable:
            continue
    if not lines:
        raise Unusable(ONE_POINT)
    return shapely.MultiLineString(lines)


def _polygon(coordinates: list[Any], mended: Counter[str]) -> BaseGeometry:
    rings = [ring for ring in map(_pairs, coordinates) if ring]
    if not rings:
        raise Unusable(EMPTY)
    if len(set(rings[0])) < 3:
        raise Unusable(NO_AREA)
    closed = [ring if ring[0] == ring[-1] else [*ring, ring[0]] for ring in rings]
    holes = [ring for ring in closed[1:] if len(set(ring)) >= 3]
    mended[OPEN_RING] += any(ring[0] != ring[-1] for ring in rings)
    return shapely.Polygon(closed[0], holes)


def _polygons(coordinates: list[Any], mended: Counter[str]) -> BaseGeometry:
    return shapely.MultiPolygon([_polygon(part, mended) for part in coordinates])


_BUILDERS: dict[str, Callable[[list[Any], Counter[str]], BaseGeometry]] = {
    "Point": _point,
    "MultiPoint": _points,
    "LineString": _line,
    "MultiLineString": _lines,
    "Polygon": _polygon,
    "MultiPolygon": _polygons,
}
_DIMENSION = {"line": 1, "polygon": 2}


def _of_kind(shape: BaseGeometry, kind: Geometry, mended: Counter[str]) -> BaseGeometry:
    """The part of a shape that a layer of that kind can draw, its crossing rings mended."""
    if (
        kind != "line"
        and shapely.get_dimensions(shape) == 2
        and not shape.is_valid
        and bool(np.isfinite(shape.bounds).all())
    ):
        shape = shapely.make_valid(shape)
        if shapely.get_dimensions(shape) < 2:
            raise Unusable(NO_AREA)
        mended[CROSSING_RING] += 1
    if kind == "point":
        return shape
    wanted = _DIMENSION[kind]
    parts = [part for part in _flat(shape) if shapely.get_dimensions(part) == wanted]
    if not parts:
        raise Unusable(WRONG_KIND[kind])
    if len(parts) == 1:
        return parts[0]
    return shapely.MultiLineString(parts) if kind == "line" else shapely.MultiPolygon(parts)


def _flat(shape: BaseGeometry) -> list[BaseGeometry]:
    if not hasattr(shape, "geoms"):
        return [shape]
    return [leaf for part in shape.geoms for leaf in _flat(part)]
