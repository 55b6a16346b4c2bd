"""Features to put in a cache, and waiting until the search knows them."""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
import time

import msgspec
import shapely

from desktop.store import search
from desktop.store.database import Database, OwnedDatabase
from desktop.store.features import FeatureRow


def row(
    layer: str,
    identifier: str,
    x: float = 0.0,
    y: float = 0.0,
    *,
    label: str = "",
    commune: str = "",
    shape: shapely.Geometry | None = None,
    state: int = 0,
    **properties: object,
) -> FeatureRow:
    """A feature; its digest follows its content."""
    facts = msgspec.json.encode(properties)
    geometry = None if shape is None else shapely.to_wkb(shape)
    content = msgspec.json.encode((x, y, label, commune, state, properties)) + (geometry or b"")
    digest = hashlib.blake2b(content, digest_size=8).digest()
    return FeatureRow(layer, identifier, x, y, geometry, facts, "v1", digest, state, label, commune)


def indexed(database: Database) -> None:
    """Wait until the search knows every feature, leaving the cache's own thread alone."""
    deadline = time.monotonic() + 30
    database.submit(lambda db: None).result()
    with contextlib.closing(sqlite3.connect(database.path)) as connection:
        while search.pending(OwnedDatabase(connection)):
            assert time.monotonic() < deadline, "the search never catches up"
            time.sleep(0.01)
