"""What an object has to do with others: those that refer to it, and those that stand near."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping

import msgspec
import numpy as np
import sqlite_utils

from desktop.mercator import to_wgs84
from desktop.store import features
from desktop.work.picture import ObjectKey, Picture
from layers.definition import LayerDefinition

NEAR_RADIUS = 500.0
"""Metres on the ground within which neighbours are looked for."""
NEAR_COUNT, NEAR_OF_LAYER, NEAR_ASKED = 6, 2, 40
NUMEROUS = 2000


class Neighbour(msgspec.Struct, frozen=True):
    """An object close by: its name and distance on the ground in metres."""

    key: ObjectKey
    label: str
    distance: float


class Referrers(msgspec.Struct, frozen=True):
    """The objects of one layer whose field names an object."""

    layer: str
    field: str
    keys: tuple[ObjectKey, ...]
    labels: tuple[str, ...]


def referring_fields(layers: Mapping[str, LayerDefinition], target: str) -> list[tuple[str, str]]:
    """(layer, field) of every reference to a layer. A commune holds too much to list: it has none."""
    return [
        (layer.id, field.name)
        for layer in layers.values()
        for field in layer.fields
        if field.type == "reference" and field.layer == target and field.name != "commune"
    ]


def referrers(
    db: sqlite_utils.Database, layers: Mapping[str, LayerDefinition], key: ObjectKey
) -> list[Referrers]:
    """All objects that refer to this one, by layer; on the cache's thread."""
    found = []
    for layer, field in referring_fields(layers, key.layer):
        rows = features.related(db, layer, field, key.id)
        if rows:
            keys = tuple(ObjectKey(layer, row.id) for row in rows)
            found.append(Referrers(layer, field, keys, tuple(row.label or row.id for row in rows)))
    return found


def neighbours(
    db: sqlite_utils.Database, layers: Iterable[str], key: ObjectKey, x: float, y: float
) -> list[Neighbour]:
    """The nearest objects of some layers, as the registry places them; x and y in Web Mercator metres."""
    scale = math.cos(math.radians(to_wgs84(x, y)[1]))
    rows = features.near(db, x, y, NEAR_RADIUS / scale, NEAR_ASKED, list(layers))
    found, of_layer = [], Counter[str]()
    for row in rows:
        each = ObjectKey(row.layer, row.id)
        if each != key and of_layer[row.layer] < NEAR_OF_LAYER:
            of_layer[row.layer] += 1
            found.append(Neighbour(each, row.label or row.id, math.hypot(row.x - x, row.y - y) * scale))
    return found[:NEAR_COUNT]


def watched_layers(picture: Picture) -> list[str]:
    """Layers worth naming as neighbours: equipment that reports, and not by the thousand."""
    return [
        name
        for name, table in picture.tables.items()
        if table.definition.is_live and not table.definition.moving and len(table) < NUMEROUS
    ]


def moving_neighbours(picture: Picture, key: ObjectKey, x: float, y: float) -> list[Neighbour]:
    """The nearest object of each moving layer, where the feed says it is now; no distance limit."""
    scale, found = math.cos(math.radians(to_wgs84(x, y)[1])), []
    for name, table in picture.tables.items():
        if not table.definition.moving or not len(table):
            continue
        distance = np.hypot(table.x - x, table.y - y)
        distance[(table.quality > 0) | (table.state == 0)] = np.inf
        if name == key.layer and (own := table.row_of(key.id)) >= 0:
            distance[own] = np.inf
        row = int(np.argmin(distance))
        if np.isfinite(distance[row]):
            near = float(distance[row]) * scale
            found.append(Neighbour(ObjectKey(name, table.id_of(row)), table.label_of(row), near))
    return found
