"""Questions about the features of the cache: which meet conditions, belong together, or stand near."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import numpy as np
import shapely
import sqlite_utils
from numpy.typing import NDArray

from desktop.store.feature_rows import (
    CELL_COLUMNS,
    CELL_M,
    HALF_WORLD_M,
    LAYER_SHIFT,
    STORED,
    Bounds,
    StoredFeature,
    known_code,
    layer_names,
    span,
    stored,
)
from desktop.store.words import folded

Condition = tuple[str, str, Any]
"""(field, operator, value)."""

COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
OPERATORS = (*COMPARISONS, "contains", "in")
COMMUNES = "communes"
"""The layer whose polygons say in which commune a feature is; its ids are INSEE codes."""
MAX_RADIUS_M = 20_000.0
PLAIN_NAME = re.compile(r"[A-Za-z0-9_]+")


def matching(db: sqlite_utils.Database, layer: str, filters: Iterable[Condition]) -> NDArray[np.int64]:
    """Row ids, ascending, of the layer's features that meet every condition.

    `commune` is the cache's own; every other field is a property. A comparison with a number holds for
    numbers only, `contains` ignores case and accents. Raises ValueError for an unknown operator.
    """
    db.conn.create_function("folded", 1, _folded, deterministic=True)
    clauses, given = ["number >= ? AND number < ?"], list[Any](span(known_code(db, layer)))
    for field, operator, value in filters:
        clause, more = _clause(field, operator, value)
        clauses.append(clause)
        given += more
    rows = db.conn.execute(f"SELECT number FROM feature WHERE {' AND '.join(clauses)} ORDER BY number", given)
    return np.fromiter((number for (number,) in rows), dtype=np.int64)


def facts(db: sqlite_utils.Database, layer: str, fields: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Some fields of every feature of a layer, by id; a field that a feature does not have is absent."""
    decode = msgspec.json.Decoder(dict[str, Any]).decode
    query = "SELECT id, CAST(properties AS BLOB) FROM feature WHERE number >= ? AND number < ?"
    found = {}
    for identifier, properties in db.conn.execute(query, span(known_code(db, layer))):
        values = decode(properties)
        found[identifier] = {field: values[field] for field in fields if field in values}
    return found


def related(
    db: sqlite_utils.Database, layer: str, field: str, value: str, limit: int = 1000
) -> list[StoredFeature]:
    """Features of a layer whose property names another one, such as the lamps of a cabinet; by id.

    The first question about a field indexes it.
    """
    code, names = known_code(db, layer), layer_names(db)
    if code < 0:
        return []
    if not PLAIN_NAME.fullmatch(field):
        raise ValueError(f"{field!r} cannot name a reference field")
    extract = f"json_extract(properties, '$.{field}')"
    db.conn.execute(
        f'CREATE INDEX IF NOT EXISTS "related {code} {field}" ON feature({extract}) WHERE layer = {code}'
    )
    query = f"SELECT {STORED} FROM feature WHERE layer = {code} AND {extract} = ? ORDER BY id LIMIT ?"
    return [stored(row, names) for row in db.conn.execute(query, (value, limit)).fetchall()]


def near(
    db: sqlite_utils.Database,
    x: float,
    y: float,
    radius_m: float,
    limit: int = 20,
    layers: Sequence[str] | None = None,
) -> list[StoredFeature]:
    """The nearest features, nearest first.

    Distances are Web Mercator metres, to the shape of lines and polygons. `layers` narrows the search; None
    asks for all. A radius above 20 km is taken for 20 km.
    """
    names = layer_names(db)
    wanted = [code for code, name in names.items() if layers is None or name in layers]
    farthest = min(radius_m, MAX_RADIUS_M)
    radius, found = min(farthest, CELL_M / 2), list[tuple[float, int]]()
    while True:
        found = _near_points(db, x, y, radius, limit, wanted) + _near_shapes(db, x, y, radius, wanted)
        if len(found) >= limit or radius >= farthest:
            break
        radius = min(farthest, 2 * radius)
    query = f"SELECT {STORED} FROM feature WHERE number = ?"
    nearest = sorted(found)[:limit]
    return [stored(db.conn.execute(query, (number,)).fetchone(), names) for _, number in nearest]


def bounds_of(db: sqlite_utils.Database, layer: str, commune: str | None = None) -> Bounds | None:
    """West, south, east, north of a layer's features, or of those in one commune; None without any."""
    condition, given = "f.number >= ? AND f.number < ?", list[Any](span(known_code(db, layer)))
    if commune is not None:
        condition, given = f"{condition} AND f.commune = ?", [*given, commune]
    box = db.conn.execute(
        "SELECT min(coalesce(b.west, f.x)), min(coalesce(b.south, f.y)), max(coalesce(b.east, f.x)),"
        " max(coalesce(b.north, f.y)) FROM feature f LEFT JOIN feature_bounds b ON b.number = f.number"
        f" WHERE {condition}",
        given,
    ).fetchone()
    return None if box[0] is None else (box[0], box[1], box[2], box[3])


def assign_communes(db: sqlite_utils.Database) -> int:
    """Fill the commune of features that have none from the polygons they stand in; the number filled."""
    query = "SELECT id, geometry FROM feature WHERE number >= ? AND number < ? AND geometry IS NOT NULL"
    communes = db.conn.execute(query, span(known_code(db, COMMUNES))).fetchall()
    rows = db.conn.execute("SELECT number, x, y FROM feature WHERE commune = ''").fetchall()
    if not communes or not rows:
        return 0
    tree = shapely.STRtree(shapely.from_wkb([geometry for _, geometry in communes]))
    places = np.array([(x, y) for _, x, y in rows])
    which, polygon = tree.query(shapely.points(places), predicate="intersects")
    inside = {rows[i][0]: communes[j][0] for i, j in zip(which.tolist(), polygon.tolist(), strict=True)}
    db.conn.executemany(
        "UPDATE feature SET commune = ? WHERE number = ?",
        ((commune, number) for number, commune in inside.items()),
    )
    db.conn.executemany(
        "INSERT OR IGNORE INTO search_todo(number) SELECT ?1 WHERE ?1 <="
        f" (SELECT indexed FROM layer WHERE code = ?1 >> {LAYER_SHIFT})",
        ((number,) for number in inside),
    )
    return len(inside)


def _clause(field: str, operator: str, value: object) -> tuple[str, list[Any]]:
    """One condition as SQL with its arguments."""
    if operator not in OPERATORS:
        raise ValueError(f"unknown operator {operator!r}; known: {' '.join(OPERATORS)}")
    if field == "commune":
        subject, given = "commune", list[Any]()
    else:
        if '"' in field:
            raise ValueError(f"{field!r} cannot name a field")
        subject, given = "json_extract(properties, ?)", [f'$."{field}"']
    if operator == "in":
        values = msgspec.json.encode(list(value) if isinstance(value, Iterable) else [value]).decode()
        return f"{subject} IN (SELECT value FROM json_each(?))", [*given, values]
    if operator == "contains":
        return f"instr(folded({subject}), ?) > 0", [*given, folded(str(value))]
    if operator in ("=", "!="):
        return f"{subject} IS {'NOT ' if operator == '!=' else ''}?", [*given, value]
    if isinstance(value, int | float):
        return f"typeof({subject}) IN ('integer', 'real') AND {subject} {operator} ?", [*given, *given, value]
    return f"{subject} {operator} ?", [*given, value]


def _folded(value: object) -> str | None:
    return None if value is None else folded(str(value))


def _near_points(
    db: sqlite_utils.Database, x: float, y: float, radius: float, limit: int, wanted: Sequence[int]
) -> list[tuple[float, int]]:
    """(distance, row id) of the nearest points, from the squares that the circle touches."""
    west, east = (int((x + side + HALF_WORLD_M) // CELL_M) for side in (-radius, radius))
    south, north = (int((y + side + HALF_WORLD_M) // CELL_M) for side in (-radius, radius))
    layers = ",".join(str(code) for code in wanted)
    query = (
        "SELECT (x - ?1) * (x - ?1) + (y - ?2) * (y - ?2) AS square, number FROM feature"
        f" WHERE cell BETWEEN ?3 AND ?4 AND geometry IS NULL AND layer IN ({layers}) AND square <= ?5"
        " ORDER BY square LIMIT ?6"
    )
    found: list[tuple[float, int]] = []
    for row in range(south, north + 1):
        cells = (row * CELL_COLUMNS + west, row * CELL_COLUMNS + east)
        found += db.conn.execute(query, (x, y, *cells, radius * radius, limit)).fetchall()
    return [(square**0.5, number) for square, number in found]


def _near_shapes(
    db: sqlite_utils.Database, x: float, y: float, radius: float, wanted: Sequence[int]
) -> list[tuple[float, int]]:
    """(distance, row id) of lines and polygons within the radius."""
    rows = db.conn.execute(
        "SELECT f.number, f.geometry FROM feature_bounds b JOIN feature f ON f.number = b.number"
        " WHERE b.west <= ? AND b.east >= ? AND b.south <= ? AND b.north >= ?"
        f" AND f.layer IN ({','.join(str(code) for code in wanted)})",
        (x + radius, x - radius, y + radius, y - radius),
    ).fetchall()
    if not rows:
        return []
    distances = shapely.distance(shapely.from_wkb([shape for _, shape in rows]), shapely.points(x, y))
    return [
        (away, number) for (number, _), away in zip(rows, distances.tolist(), strict=True) if away <= radius
    ]
