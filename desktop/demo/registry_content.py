"""What clients may write: GeoJSON features (RFC 7946) and merge patches (RFC 7396), checked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from desktop.demo.registry_query import bad
from desktop.demo.registry_store import Content
from layers import SAFE_ID

DEPTHS = {
    "Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3,
}  # fmt: skip
"""How many lists enclose a position in each type's coordinates."""
MAX_ID = 100


def decode(body: bytes) -> dict[str, Any]:
    """A JSON object. Raises Problem 400."""
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except (ValueError, RecursionError) as error:
        raise bad(f"the body is not a JSON object: {error}") from error


def feature(document: dict[str, Any]) -> tuple[str | None, Content]:
    """(id if it has one, content) of a GeoJSON feature. Raises Problem 400."""
    if document.get("type") != "Feature":
        raise bad("the body is not a GeoJSON feature: its type must be Feature")
    identity = document.get("id")
    if isinstance(identity, int) and not isinstance(identity, bool):
        identity = str(identity)
    if identity is not None and not (
        isinstance(identity, str) and SAFE_ID.fullmatch(identity) and len(identity) <= MAX_ID
    ):
        raise bad(f"id: up to {MAX_ID} letters, digits, '_' and '-' are allowed")
    geometry, properties = document.get("geometry"), document.get("properties")
    if properties is not None and not isinstance(properties, dict):
        raise bad("properties: an object or null is wanted")
    if geometry is not None:
        _check(geometry)
    return identity, Content(geometry, properties or {})


def patched(content: Content, patch: dict[str, Any]) -> Content:
    """The content with a merge patch of the whole feature applied. Raises Problem 400."""
    document = {"type": "Feature", "geometry": content.geometry, "properties": content.properties}
    return feature(_merged(document, {name: value for name, value in patch.items() if name != "id"}))[1]


def _merged(target: object, patch: dict[str, Any]) -> dict[str, Any]:
    result = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = _merged(result.get(name), value) if isinstance(value, dict) else value
    return result


def _check(geometry: object) -> None:
    if not isinstance(geometry, dict):
        raise bad("geometry: an object or null is wanted")
    kind = geometry.get("type")
    if not isinstance(kind, str) or kind not in DEPTHS:
        raise bad(f"geometry: type {kind!r} is not served")
    for position in _positions(geometry.get("coordinates"), DEPTHS[kind]):
        _check_position(position)
    if kind in ("LineString", "Polygon"):
        lines = [geometry["coordinates"]] if kind == "LineString" else geometry["coordinates"]
        least = 2 if kind == "LineString" else 4
        if not lines or any(len(line) < least for line in lines):
            raise bad(f"geometry: a {kind} needs {least} positions")


def _positions(coordinates: object, depth: int) -> Iterator[object]:
    if depth == 0:
        yield coordinates
        return
    if not isinstance(coordinates, list):
        raise bad("geometry: coordinates are not nested as its type says")
    for inner in coordinates:
        yield from _positions(inner, depth - 1)


def _check_position(position: object) -> None:
    if not isinstance(position, list) or not 2 <= len(position) <= 3:
        raise bad("geometry: a position is two or three numbers")
    if any(isinstance(number, bool) or not isinstance(number, int | float) for number in position):
        raise bad("geometry: a position is two or three numbers")
    if not (-180 <= position[0] <= 180 and -90 <= position[1] <= 90):
        raise bad("geometry: positions are longitude, latitude in WGS84 degrees")
