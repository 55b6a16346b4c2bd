"""Search as you type over 1,000,000 assets and 100,000 addresses: `python -m tests.benchmarks.search`.

A cache is filled through the production path and indexed; then texts are typed key by key, with and without
accents, with typing errors, elisions, abbreviations and identifiers, and every keystroke is timed from the
question to the answer as a screen would wait for it.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import random
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import shapely

from desktop.store import features, search
from desktop.store.cache import open_cache
from desktop.store.database import Database, OwnedDatabase
from desktop.store.features import FeatureRow
from desktop.store.search import Place
from layers import load_layers
from tests.benchmarks.machine import machine, percentiles, rss_mb

COMMUNES = (
    ("21231", "Dijon"), ("21166", "Chenôve"), ("21617", "Talant"), ("21515", "Quetigny"),
    ("21355", "Longvic"), ("21171", "Chevigny-Saint-Sauveur"), ("21278", "Fontaine-lès-Dijon"),
    ("21390", "Marsannay-la-Côte"), ("21540", "Saint-Apollinaire"), ("21473", "Ouges"),
)  # fmt: skip
KINDS = (
    *("Rue",) * 60, *("Allée",) * 10, *("Impasse",) * 9, *("Avenue",) * 8, "Boulevard", "Place", "Chemin",
)  # fmt: skip
NAMES = (
    "Liberté", "République", "Hôpital", "Darcy", "Gambetta", "Jouvence", "Champollion", "Mirande",
    "Valendons", "Bourroches", "Chevreul", "Wilson", "Clemenceau", "Toison d'Or", "Grésilles", "Maladière",
    "Chartreux", "Œillets", "Église", "Château", "Vergers", "Acacias", "Tilleuls", "Lilas",
)  # fmt: skip
SYLLABLES = (
    "ba", "be", "bri", "cha", "clé", "co", "dan", "dor", "é", "fa", "flo", "ga", "gui", "ha", "jan", "ju",
    "la", "lan", "li", "lo", "ma", "mer", "mo", "na", "nou", "pa", "pré", "qui", "ra", "ri", "ro", "sa",
    "sau", "sel", "sou", "ta", "ter", "tou", "val", "ver", "vi", "zé",
)  # fmt: skip
TYPED = (
    "rue de la liberté", "liberte cabinet", "libetré", "rue de l'hopital", "rue hopital chenove", "hopitl",
    "av darcy", "bd wilson dijon", "boulevrad", "SL-0183440", "sl 91834", "777123", "A-01834", "armoire 12",
    "carrefour", "camera rue", "12 rue de la republique", "44 avenue jouv", "chenôve", "saint apo",
    "st apolinaire", "dijon", "place", "eglise", "œillets", "toison d'or", "impasse des acacias talant",
    "maladierre", "rue rue", "a b c d e f", "zzzzzz", "1", "école", "led",
)  # fmt: skip


def main() -> None:
    """Measure and print one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--assets", type=int, default=1_000_000)
    parser.add_argument("--addresses", type=int, default=100_000)
    given = parser.parse_args()
    chance = random.Random(21)
    streets = _streets(chance, max(200, given.addresses // 25))
    with tempfile.TemporaryDirectory() as folder:
        cache = open_cache(Path(folder) / "cache.db", load_layers().values())
        try:
            figures = _fill(cache, given.assets, given.addresses, streets, chance)
            timed, empty = _type(cache, chance, streets)
            started = time.perf_counter()
            cache.submit_urgent(lambda db: features.columns(db, "street-lights")).result()
            figures["columns_s"] = round(time.perf_counter() - started, 2)
        finally:
            cache.close()
        figures["file_mb"] = round((Path(folder) / "cache.db").stat().st_size / 1e6)
    figures |= {"keystrokes": len(timed), "without_answer": empty, "rss_mb": rss_mb()}
    print(json.dumps({"benchmark": "search", **percentiles(timed), **figures, "machine": machine()}))


def _streets(chance: random.Random, count: int) -> list[Place]:
    found = []
    for number in range(count):
        if number % 40 < 2:
            name = chance.choice(NAMES)
        else:
            name = " ".join(
                "".join(chance.choices(SYLLABLES, k=3)).capitalize() for _ in range(chance.randint(1, 2))
            )
        of = chance.choice(("", "de la ", "du ", "de l'", "des "))
        x, y = 560_000 + chance.random() * 30_000, 5_990_000 + chance.random() * 30_000
        where = chance.choice(COMMUNES)[0] if chance.random() < 0.6 else COMMUNES[0][0]
        found.append(
            Place(f"{chance.choice(KINDS)} {of}{name}", where, x, y, (x - 200, y - 200, x + 200, y + 200))
        )
    return found


def _fill(
    cache: Database, assets: int, addresses: int, streets: list[Place], chance: random.Random
) -> dict[str, float]:
    seconds, rows = 0.0, 0
    for batch in _batches(_features(assets, streets, chance), 5000):
        started = time.perf_counter()
        cache.submit(lambda db, batch=batch: features.upsert(db, batch)).result()
        seconds, rows = seconds + time.perf_counter() - started, rows + len(batch)
    started = time.perf_counter()
    cache.submit(lambda db: search.index_streets(db, "1", streets)).result()
    numbered = (
        Place(f"{1 + n // len(streets)} {street.name}", street.commune, street.x + n % 50, street.y)
        for n, street in ((n, streets[n % len(streets)]) for n in range(addresses))
    )
    cache.submit(lambda db: search.index_addresses(db, "1", numbered)).result()
    with contextlib.closing(sqlite3.connect(cache.path)) as connection:
        while search.pending(OwnedDatabase(connection)):
            time.sleep(0.2)
    return {
        "assets": rows,
        "addresses": addresses,
        "upserts_per_s": round(rows / seconds),
        "index_s": round(time.perf_counter() - started, 1),
    }


def _batches(rows: Iterator[FeatureRow], size: int) -> Iterator[list[FeatureRow]]:
    batch: list[FeatureRow] = []
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    yield batch


def _features(assets: int, streets: list[Place], chance: random.Random) -> Iterator[FeatureRow]:
    """Communes, then cabinets, junctions, cameras and buildings as in a real city, then lamps."""
    for place, (code, name) in enumerate(COMMUNES):
        x, y = 560_000 + 3000 * place, 6_000_000
        shape = shapely.to_wkb(shapely.box(x, y, x + 3000, y + 3000))
        yield _row("communes", code, x, y, {"name": name, "insee": code}, name, code, shape)
    lamps = assets - len(COMMUNES)
    for layer, code, label, share in (
        ("lighting-cabinets", "A", "Armoire", 0.02), ("junctions", "JC", "Carrefour", 0.0003),
        ("cameras", "C", "Caméra", 0.0003), ("buildings", "B", "École", 0.0002),
        ("bus-stops", "S", "", 0.001),
    ):  # fmt: skip
        count = max(1, int(assets * share))
        lamps -= count
        for number in range(count):
            street = chance.choice(streets)
            name = (
                f"{label} {street.name.split(' ', 1)[1]}" if label != "Armoire" else f"Armoire A-{number:05d}"
            )
            facts = {"name": name, "street": street.name}
            yield _row(layer, f"{code}-{number:05d}", street.x, street.y, facts, name, street.commune)
    for number in range(max(0, lamps)):
        street, cabinet = streets[number // 40 % len(streets)], number // 50
        facts = {
            "street": street.name, "cabinet": f"A-{cabinet:05d}", "circuit": f"A-{cabinet:05d}/{number % 3}",
            "power_w": 45, "technology": "led", "height_m": 7.5, "installed": "2014-05-03",
        }  # fmt: skip
        yield _row(
            "street-lights",
            f"SL-{number:07d}",
            street.x + number % 40 * 8,
            street.y,
            facts,
            "",
            street.commune,
        )


def _row(
    layer: str, code: str, x: float, y: float, facts: dict[str, object], label: str, commune: str,
    geometry: bytes | None = None,
) -> FeatureRow:  # fmt: skip
    properties = msgspec.json.encode(facts)
    digest = hashlib.blake2b(properties, digest_size=8).digest()
    return FeatureRow(layer, code, x, y, geometry, properties, "1", digest, 0, label, commune)


def _type(cache: Database, chance: random.Random, streets: list[Place]) -> tuple[list[float], int]:
    """Milliseconds of every keystroke, and how many whole texts found nothing."""
    texts = [*TYPED, *(street.name for street in chance.sample(streets, 40))]
    texts += [_mistyped(street.name, chance) for street in chance.sample(streets, 40)]
    cache.submit_urgent(lambda db: search.search(db, "a")).result()
    timed, empty = [], 0
    for text in texts:
        for end in range(1, len(text) + 1):
            typed = text[:end]
            started = time.perf_counter()
            hits = cache.submit_urgent(lambda db, typed=typed: search.search(db, typed)).result()
            timed.append((time.perf_counter() - started) * 1000)
        empty += not hits
    return timed, empty


def _mistyped(text: str, chance: random.Random) -> str:
    """The text with one error in its last word: a letter left out, doubled, or swapped with the next."""
    place = len(text) - chance.randint(2, 3)
    kind = chance.choice(("drop", "double", "swap"))
    if kind == "drop":
        return text[:place] + text[place + 1 :]
    if kind == "double":
        return text[:place] + text[place] + text[place:]
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


if __name__ == "__main__":
    main()
