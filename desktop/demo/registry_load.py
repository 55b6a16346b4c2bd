"""Filling the demo registry's file with a whole city at once."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sized
from itertools import islice
from pathlib import Path
from typing import Any, Protocol, cast

import msgspec

from desktop.demo.registry_schema import bounds_of, connect, prepare, rfc3339
from layers import load_layers

Feature = tuple[str, dict[str, Any], dict[str, Any]]
"""(id, GeoJSON geometry in WGS84 degrees, properties)."""
Progress = Callable[[str, float], None]
"""Told the step's name and the share done, 0 to 1."""
BATCH = 5_000


class CityFeatures(Protocol):
    """What is needed of a city: its features by layer id, each with a length."""

    @property
    def features(self) -> Mapping[str, Iterable[Feature]]:
        """Features by layer id."""


def load_city(
    path: Path,
    city: CityFeatures,
    progress: Progress | None = None,
    *,
    clock: Callable[[], float] = time.time,
) -> int:
    """Write a registry holding the city's features, in place of the one at `path`; the number of features.

    The file appears only when it is whole. Raises OSError or sqlite3.Error when it cannot be written.
    """
    partial = path.with_name(f"{path.name}.partial")
    _remove(partial)
    total = sum(len(cast(Sized, features)) for features in city.features.values())
    db = connect(partial)
    try:
        db.execute("PRAGMA journal_mode = OFF")
        db.execute("PRAGMA synchronous = OFF")
        now = clock()
        prepare(db, now, indexes=False)
        db.execute("BEGIN")
        tell = progress or (lambda _step, _share: None)
        done = _write(db, city.features, now, lambda done: tell("registry", done / total))
        db.execute("COMMIT")
        prepare(db, now)
        db.execute("PRAGMA synchronous = FULL")
        db.execute("UPDATE counter SET cursor = oldest + ?", (done,))
    except BaseException:
        db.close()
        _remove(partial)
        raise
    db.close()
    _remove(path)
    os.replace(partial, path)
    return done


def _write(
    db: sqlite3.Connection,
    layers: Mapping[str, Iterable[Feature]],
    now: float,
    progress: Callable[[int], None],
) -> int:
    titles = {name: layer.title.en for name, layer in load_layers().items()}
    start = int(db.execute("SELECT cursor FROM counter").fetchone()[0])
    done = 0
    for number, (name, features) in enumerate(layers.items(), 1):
        first = done
        extent = [float("inf"), float("inf"), float("-inf"), float("-inf")]
        fields: dict[str, None] = {}
        rows = _rows(features, number, start + done, int(now * 1000), extent, fields)
        while batch := list(islice(rows, BATCH)):
            db.executemany(
                "INSERT INTO features (collection, id, version, updated, geometry, properties,"
                " west, south, east, north) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                batch,
            )
            done += len(batch)
            progress(done)
        bounds = extent if extent[0] <= extent[2] else [None] * 4
        known = msgspec.json.encode([*fields, "updated"]).decode()
        db.execute(
            "INSERT INTO collections VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (number, name, titles.get(name, name), done - first, *bounds, known),
        )
    return done


def _rows(
    features: Iterable[Feature],
    number: int,
    version: int,
    millis: int,
    extent: list[float],
    fields: dict[str, None],
) -> Iterator[tuple[Any, ...]]:
    encode = msgspec.json.encode
    stamp = f'"updated":"{rfc3339(millis)}"}}'
    for feature, geometry, properties in features:
        version += 1
        fields.update(dict.fromkeys(properties))
        text = encode(properties).decode()
        stamped = f"{text[:-1]}{',' if properties else ''}{stamp}"
        if geometry["type"] == "Point":
            x, y = geometry["coordinates"][:2]
            bounds = (x, y, x, y)
        else:
            bounds = bounds_of(geometry)  # type: ignore[assignment]
        west, south, east, north = bounds
        if west is not None:
            extent[:] = (
                min(extent[0], west),
                min(extent[1], south),
                max(extent[2], east),
                max(extent[3], north),
            )
        yield number, feature, version, millis, encode(geometry).decode(), stamped, west, south, east, north


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
