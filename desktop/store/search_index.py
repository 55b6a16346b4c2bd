"""Keeps the search in step with the features, in short slices while nobody waits for the cache.

Documents are numbered by importance, so that the first ones found are the ones to show and no query has to
rank a million.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import sqlite_utils

from desktop.store.database import OwnedDatabase
from desktop.store.feature_rows import LAYER_SHIFT, Bounds, known_code, layer_code, span
from desktop.store.words import indexed_words
from layers.definition import LayerDefinition

COMMUNE, STREET, FEW, ADDRESS, MANY = range(5)
"""Classes of documents, the most telling first: small layers before addresses, large ones last."""
CLASS_SHIFT = 48
CLASSES = (COMMUNE, FEW, MANY)
"""Those a feature can be in."""
BULK = 5000
"""Features above which a layer is a large one."""
SLICE = 2000
PIECES = 8
"""Pieces of the index from which they are joined, MERGED_PAGES pages at a time."""
MERGED_PAGES = 100
MERGING = "merging"
COMMUNES = "communes"


class Place(msgspec.Struct, frozen=True):
    """A street or an address: what it is called, the INSEE code or name of its commune, and where it is."""

    name: str
    commune: str
    x: float
    """Web Mercator metres."""
    y: float
    bounds: Bounds | None = None


def declare(db: sqlite_utils.Database, layers: Iterable[LayerDefinition]) -> None:
    """Say what each layer is called and which of its fields are searched; where that changed, index again."""
    for layer in layers:
        fields = [field.name for field in layer.fields if field.searchable]
        searched = msgspec.json.encode(fields).decode()
        called = (layer.title.en, layer.title.fr, layer.singular.en, layer.singular.fr)
        db.conn.execute(
            "UPDATE layer SET named = ? WHERE code = ?",
            (" ".join(indexed_words(called)), layer_code(db, layer.id)),
        )
        db.conn.execute(
            "UPDATE layer SET searched = ?, indexed = 0 WHERE code = ? AND searched IS NOT ?",
            (searched, layer_code(db, layer.id), searched),
        )


def index_features(db: sqlite_utils.Database, layer: str, changed: Iterable[str] | None = None) -> None:
    """Have features of a layer, or all of it, indexed anew when there is time.

    The cache notes by itself what an upsert or a removal changes; this is for changes it cannot see.
    """
    code = known_code(db, layer)
    if changed is None:
        db.conn.execute("UPDATE layer SET indexed = 0 WHERE code = ?", (code,))
        return
    db.conn.executemany(
        "INSERT OR IGNORE INTO search_todo(number) SELECT number FROM feature WHERE layer = ? AND id = ?",
        ((code, each) for each in changed),
    )


def index_streets(db: sqlite_utils.Database, version: str, streets: Iterable[Place]) -> int:
    """Make streets found; nothing is done when `version` is the one already there. The number indexed."""
    return _index_places(db, "street", STREET, version, streets)


def index_addresses(db: sqlite_utils.Database, version: str, addresses: Iterable[Place]) -> int:
    """Make addresses found, as `index_streets`; a name is like '12 rue de la Liberté'."""
    return _index_places(db, "address", ADDRESS, version, addresses)


def index_some(db: sqlite_utils.Database) -> bool:
    """Index a slice of what is not indexed yet; whether there may be more."""
    todo = db.conn.execute("SELECT number FROM search_todo LIMIT ?", (SLICE,)).fetchall()
    if todo:
        _index(
            db, "IN (SELECT value FROM json_each(?))", (msgspec.json.encode([n for (n,) in todo]).decode(),)
        )
        db.conn.executemany("DELETE FROM search_todo WHERE number = ?", todo)
        return True
    for code, bulk, indexed in db.conn.execute("SELECT code, bulk, indexed FROM layer").fetchall():
        first, after = span(code)
        last = db.conn.execute(
            "SELECT max(number), count(*) FROM (SELECT number FROM feature WHERE number > ? AND number < ?"
            " ORDER BY number LIMIT ?)",
            (max(indexed, first), after, SLICE),
        ).fetchone()[0]
        if last is None:
            continue
        if not bulk and _is_bulk(db, code):
            db.conn.execute("UPDATE layer SET bulk = 1, indexed = 0 WHERE code = ?", (code,))
        else:
            _index(db, "BETWEEN ? AND ?", (max(indexed, first) + 1, last))
            db.conn.execute("UPDATE layer SET indexed = ? WHERE code = ?", (last, code))
        return True
    return _merge_some(db)


def pending(db: sqlite_utils.Database) -> int:
    """How many features wait to be indexed."""
    waiting = int(db.conn.execute("SELECT count(*) FROM search_todo").fetchone()[0])
    for code, indexed in db.conn.execute("SELECT code, indexed FROM layer").fetchall():
        first, after = span(code)
        query = "SELECT count(*) FROM feature WHERE number > ? AND number < ?"
        waiting += db.conn.execute(query, (max(indexed, first), after)).fetchone()[0]
    return waiting


def commune_names(db: sqlite_utils.Database) -> dict[str, str]:
    """Names of the communes by INSEE code."""
    query = "SELECT id, label FROM feature WHERE number >= ? AND number < ?"
    return dict(db.conn.execute(query, span(known_code(db, COMMUNES))).fetchall())


def _merge_some(db: sqlite_utils.Database) -> bool:
    """Join the pieces that a long run of slices left of the index, which halves what a question costs."""
    kept = db.kept if isinstance(db, OwnedDatabase) else {}
    merging = bool(kept.get(MERGING))
    if not merging and db.conn.execute("SELECT count(DISTINCT segid) FROM found_idx").fetchone()[0] < PIECES:
        return False
    before = db.conn.total_changes
    # A negative number of pages begins the merge of all pieces, a positive one goes on with it.
    db.conn.execute(
        "INSERT INTO found(found, rank) VALUES ('merge', ?)", (MERGED_PAGES if merging else -MERGED_PAGES,)
    )
    kept[MERGING] = db.conn.total_changes - before >= 2
    return bool(kept[MERGING])


def feature_class(layer: str, bulk: bool) -> int:
    """The class of a layer's documents."""
    return COMMUNE if layer == COMMUNES else MANY if bulk else FEW


def within(commune: str) -> str:
    """The word that stands for being in a commune; nothing that is typed can be it."""
    return f"_{''.join(character for character in commune if character.isalnum())}"


def _is_bulk(db: sqlite_utils.Database, code: int) -> bool:
    query = "SELECT count(*) FROM (SELECT 1 FROM feature WHERE layer = ? LIMIT ?)"
    return bool(db.conn.execute(query, (code, BULK + 1)).fetchone()[0] > BULK)


def _index(db: sqlite_utils.Database, condition: str, given: tuple[Any, ...]) -> None:
    """Write anew the documents of the features whose number meets a condition; some may be gone."""
    former = []
    for kind in CLASSES:
        if condition.startswith("BETWEEN"):
            query = "SELECT number, words FROM document WHERE number BETWEEN ?1 + ?2 AND ?1 + ?3"
        else:
            query = (
                "SELECT number, words FROM document WHERE number IN (SELECT ?1 + value FROM json_each(?2))"
            )
        former += db.conn.execute(query, (kind << CLASS_SHIFT, *given)).fetchall()
    _drop(db, former)
    layers = {
        code: (name, None if searched is None else msgspec.json.decode(searched), bulk)
        for code, name, searched, bulk in db.conn.execute("SELECT code, name, searched, bulk FROM layer")
    }
    communes, known = commune_names(db), dict[tuple[str, ...], list[str]]()
    documents = []
    rows = db.conn.execute(
        "SELECT number, id, label, commune, CAST(properties AS BLOB) FROM feature WHERE number " + condition,
        given,
    )
    for number, identifier, label, commune, properties in rows:
        name, searched, bulk = layers[number >> LAYER_SHIFT]
        kind = feature_class(name, bool(bulk))
        texts = (*_texts(properties, searched), communes.get(commune, ""))
        words = known.get(texts)
        if words is None:
            words = known[texts] = indexed_words(texts)
        own = indexed_words((label, identifier))
        shared = [word for word in words if word not in own]
        documents.append((kind << CLASS_SHIFT | number, [*own, *shared, within(commune)]))
    _add(db, documents)


def _texts(properties: bytes, searched: Sequence[str] | None) -> tuple[str, ...]:
    """What is searched of a feature's properties; every text when the layer does not say."""
    if searched is not None and not searched:
        return ()
    values: dict[str, Any] = msgspec.json.decode(properties)
    if searched is None:
        return tuple(value for value in values.values() if isinstance(value, str))
    return tuple(str(values[field]) for field in searched if values.get(field) is not None)


def _index_places(
    db: sqlite_utils.Database, kind: str, order: int, version: str, places: Iterable[Place]
) -> int:
    communes = commune_names(db)
    version = f"{version} {sorted(communes.items())}"  # they are found by their commune's name too
    known = db.conn.execute("SELECT version FROM gazetteer WHERE kind = ?", (kind,)).fetchone()
    if known == (version,):
        return 0
    span_of_class = (order << CLASS_SHIFT, (order + 1) << CLASS_SHIFT)
    query = "SELECT number, words FROM document WHERE number >= ? AND number < ?"
    _drop(db, db.conn.execute(query, span_of_class).fetchall())
    db.conn.execute("DELETE FROM place WHERE kind = ?", (kind,))
    last = int(db.conn.execute("SELECT coalesce(max(number), 0) FROM place").fetchone()[0])
    documents, rows = [], []
    for number, place in enumerate(places, start=last + 1):
        box = place.bounds or (None, None, None, None)
        rows.append((number, kind, place.name, place.commune, place.x, place.y, *box))
        words = indexed_words((place.name, communes.get(place.commune, place.commune)))
        documents.append((order << CLASS_SHIFT | number, [*words, within(place.commune)]))
    db.conn.executemany("INSERT INTO place VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    _add(db, documents)
    db.conn.execute("INSERT OR REPLACE INTO gazetteer(kind, version) VALUES (?, ?)", (kind, version))
    return len(rows)


def _drop(db: sqlite_utils.Database, former: Sequence[tuple[int, str]]) -> None:
    """Take documents, as (number, words), out of the index."""
    db.conn.executemany("INSERT INTO found(found, rowid, words) VALUES ('delete', ?, ?)", former)
    db.conn.executemany("DELETE FROM document WHERE number = ?", ((number,) for number, _ in former))


def _add(db: sqlite_utils.Database, documents: Iterable[tuple[int, Sequence[str]]]) -> None:
    rows, fresh = [], set[str]()
    for number, words in documents:
        rows.append((number, " ".join(words)))
        fresh.update(words)
    db.conn.executemany("INSERT INTO document(number, words) VALUES (?, ?)", rows)
    db.conn.executemany("INSERT INTO found(rowid, words) VALUES (?, ?)", rows)
    letters = ((word,) for word in sorted(fresh) if word[0].isalpha())
    db.conn.executemany("INSERT OR IGNORE INTO word(word) VALUES (?)", letters)
