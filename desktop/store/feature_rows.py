"""How features lie in the cache: what a row is, where a layer's rows are, and how one is read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import shapely
import sqlite_utils

LAYER_SHIFT = 32
CELL_M = 512.0
"""Side of the squares that index points."""
CELL_COLUMNS = 1 << 20
HALF_WORLD_M = 20_037_508.342789244
"""Web Mercator's half width: pi times the radius of WGS84, 6 378 137 m."""
STORED = "number, id, x, y, geometry, CAST(properties AS BLOB), version, label, commune"

Bounds = tuple[float, float, float, float]
"""West, south, east, north in Web Mercator metres."""


class FeatureRow(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """One feature on its way into the cache."""

    layer: str
    id: str
    x: float
    """EPSG:3857 metres; of a representative point for lines and polygons."""
    y: float
    geometry: bytes | None
    """WKB in EPSG:3857; None for points."""
    properties: bytes
    """A JSON object, UTF-8."""
    version: str
    digest: bytes
    """Hash of all that is stored: equal digests mean nothing to write."""
    state: int
    label: str
    commune: str


class StoredFeature(msgspec.Struct, frozen=True):
    """One feature as the cache holds it."""

    rowid: int
    layer: str
    id: str
    x: float
    y: float
    geometry: Any
    """A shapely geometry in EPSG:3857, or None for a point."""
    properties: dict[str, Any]
    version: str
    label: str
    commune: str


def layer_code(db: sqlite_utils.Database, layer: str) -> int:
    """The number that stands for a layer, given to it now if it had none."""
    code = known_code(db, layer)
    if code < 0:
        code = int(db.conn.execute("SELECT coalesce(max(code), 0) + 1 FROM layer").fetchone()[0])
        db.conn.execute("INSERT INTO layer(code, name) VALUES (?, ?)", (code, layer))
    return code


def known_code(db: sqlite_utils.Database, layer: str) -> int:
    """The number that stands for a layer; -1 for one that was never stored."""
    found = db.conn.execute("SELECT code FROM layer WHERE name = ?", (layer,)).fetchone()
    return -1 if found is None else int(found[0])


def layer_names(db: sqlite_utils.Database) -> dict[int, str]:
    """Every layer that was ever stored, by its number."""
    return dict(db.conn.execute("SELECT code, name FROM layer").fetchall())


def span(code: int) -> tuple[int, int]:
    """First row id of a layer, and first one after it."""
    return code << LAYER_SHIFT, (code + 1) << LAYER_SHIFT


def cell_of(x: float, y: float) -> int:
    """The square that holds a place: row times `CELL_COLUMNS`, plus column."""
    column = int((x + HALF_WORLD_M) // CELL_M)
    return int((y + HALF_WORLD_M) // CELL_M) * CELL_COLUMNS + column


def stored(row: Sequence[Any], names: dict[int, str]) -> StoredFeature:
    """A feature from a row of `STORED`, given the layers' names by number."""
    number, identifier, x, y, geometry, properties, version, label, commune = row
    shape = None if geometry is None else shapely.from_wkb(geometry)
    facts = msgspec.json.decode(properties)
    layer = names[number >> LAYER_SHIFT]
    return StoredFeature(number, layer, identifier, x, y, shape, facts, version, label, commune)
