"""The objects commanded together: those of the same cabinet, of the same circuit."""

from __future__ import annotations

import msgspec
import sqlite_utils

from desktop.store import features
from desktop.store.features import StoredFeature
from desktop.work.picture import ObjectKey
from layers.definition import LayerDefinition

CIRCUIT = "circuit"
"""Field naming a part of what feeds an object; it means something together with what feeds it."""


class Group(msgspec.Struct, frozen=True):
    """Objects of one layer that share what a field says; `value` is what they share."""

    field: str
    value: str
    keys: tuple[ObjectKey, ...]


def groups_of(db: sqlite_utils.Database, layer: LayerDefinition, feature: StoredFeature) -> list[Group]:
    """The groups an object belongs to, the smallest first; on the cache's thread.

    A commune is no such group: it is no equipment.
    """
    found: list[Group] = []
    for field in layer.fields:
        value = feature.properties.get(field.name)
        if field.type != "reference" or field.layer == "communes" or not isinstance(value, str) or not value:
            continue
        mates = features.related(db, layer.id, field.name, value)
        circuit = feature.properties.get(CIRCUIT)
        if circuit not in (None, ""):
            near = [mate for mate in mates if mate.properties.get(CIRCUIT) == circuit]
            found.append(_group(CIRCUIT, f"{value} · {circuit}", near))
        found.append(_group(field.name, value, mates))
    return [group for group in found if len(group.keys) > 1]


def _group(field: str, value: str, mates: list[StoredFeature]) -> Group:
    return Group(field, value, tuple(ObjectKey(mate.layer, mate.id) for mate in mates))
