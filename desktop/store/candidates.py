"""The documents that hold every word asked for: a bounded number of each class, the most telling first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal

import msgspec
import sqlite_utils

from desktop.store.feature_rows import LAYER_SHIFT, Bounds, layer_names
from desktop.store.search_index import (
    ADDRESS,
    CLASS_SHIFT,
    CLASSES,
    COMMUNE,
    FEW,
    MANY,
    STREET,
    commune_names,
    feature_class,
    within,
)
from desktop.store.vocabulary import Vocabulary
from desktop.store.words import SHORT

Kind = Literal["asset", "street", "commune", "address"]

CANDIDATES = {COMMUNE: 20, STREET: 30, FEW: 10, ADDRESS: 30, MANY: 20}
"""Documents read in each class; of features, in each layer, so that no layer hides the others."""
EXPANSIONS = 12
"""Words up to which a long beginning is looked up word by word, which streams; beyond, as a prefix."""
FEWEST_LETTERS = 3
"""Letters from which a word is also taken for what a layer is called."""
INDEXED_PREFIX = 4
"""Letters of the longest beginning that the index holds."""
NUMBER = (1 << CLASS_SHIFT) - 1

FEATURES = (
    "SELECT number, id, label, commune, x, y, coalesce(json_extract(properties, '$.street'),"
    " json_extract(properties, '$.address'), '') FROM feature WHERE number IN "
)
PLACES = "SELECT number, name, commune, x, y FROM place WHERE number IN "


class Candidate(msgspec.Struct, frozen=True):
    """A document that holds every word, before it is ranked."""

    number: int
    kind: Kind
    order: int
    """Its class."""
    layer: str
    id: str
    title: str
    street: str
    commune: str
    """Name of the commune, or its code when the name is not known."""
    x: float
    y: float


class CandidateReader:
    """Finds candidates among some layers (None for all, and for streets and addresses) and in a commune."""

    def __init__(
        self,
        db: sqlite_utils.Database,
        vocabulary: Vocabulary,
        layers: Iterable[str] | None,
        commune: str | None,
    ) -> None:
        self._db, self._vocabulary, self._commune = db, vocabulary, commune
        self._within = "" if commune is None else f' AND "{within(commune)}"'
        self._names, self._communes = layer_names(db), commune_names(db)
        wanted = None if layers is None else set(layers)
        self._codes = {code for code, name in self._names.items() if wanted is None or name in wanted}
        self._runs = sorted(_runs(db, self._codes, places=layers is None))

    def known(self, word: str) -> list[str]:
        """The word, and what it abbreviates, as far as they begin a word that can be found."""
        forms = [word, SHORT[word]] if word in SHORT else [word]
        return [form for form in forms if form.isdigit() or self._vocabulary.beginning(form, 1)]

    def layers_called(self, word: str) -> set[int]:
        """Codes of the layers that are called so, in either language: 'cabinet', 'armoire'."""
        if len(word) < FEWEST_LETTERS:
            return set()
        rows = self._db.conn.execute("SELECT code, named FROM layer").fetchall()
        return {code for code, named in rows if any(each.startswith(word) for each in named.split())}

    def read(
        self, alternatives: Sequence[Sequence[str]], codes: set[int] | None = None
    ) -> Iterator[Candidate]:
        """Candidates for the words, given for each the beginnings that answer it; of some layers only."""
        runs = self._runs if codes is None else sorted(_runs(self._db, codes & self._codes, places=False))
        expression = " AND ".join(f"({self._expression(each)})" for each in alternatives) + self._within
        for order, numbers in self._first_of_each_run(expression, runs).items():
            yield from self._documents(numbers, order)

    def called(self, text: str) -> Iterator[Candidate]:
        """Features whose id is the text, however many others hold the same words."""
        layers = ",".join(str(code) for code in self._codes)
        query = (
            f"SELECT number FROM feature WHERE layer IN ({layers}) AND id IN (?1, ?2)"
            " AND (?3 IS NULL OR commune = ?3)"
        )
        for (number,) in self._db.conn.execute(query, (text, text.upper(), self._commune)).fetchall():
            for order in CLASSES:
                document = order << CLASS_SHIFT | number
                if self._db.conn.execute("SELECT 1 FROM document WHERE number = ?", (document,)).fetchone():
                    yield from self._documents([document], order)

    def _first_of_each_run(self, expression: str, runs: Sequence[tuple[int, int]]) -> dict[int, list[int]]:
        """Documents by class. One pass: the index is entered anew only where a run has given its share.

        Entering costs as much as finding the first document that holds every word, which for words that are
        common apart and rare together means most of the index.
        """
        query = "SELECT rowid FROM found WHERE found MATCH ? AND rowid >= ? ORDER BY rowid"
        found: dict[int, list[int]] = {}
        place, taken = 0, 0
        rows = self._db.conn.execute(query, (expression, runs[0][0])) if runs else None
        while rows is not None and (row := rows.fetchone()) is not None:
            number = row[0]
            while place < len(runs) and number >= runs[place][1]:
                place, taken = place + 1, 0
            if place == len(runs):
                break
            first, after = runs[place]
            order = first >> CLASS_SHIFT
            if number >= first:
                found.setdefault(order, []).append(number)
                taken += 1
            if number < first or taken == CANDIDATES[order]:
                rows.close()
                rows = self._db.conn.execute(query, (expression, first if number < first else after))
        return found

    def _expression(self, beginnings: Sequence[str]) -> str:
        """Any of these beginnings, in FTS5's language."""
        terms: dict[str, None] = {}
        for beginning in beginnings:
            words = [] if beginning.isdigit() else self._vocabulary.beginning(beginning, EXPANSIONS + 1)
            if len(beginning) > INDEXED_PREFIX and 0 < len(words) <= EXPANSIONS:
                terms.update((f'"{word}"', None) for word in words)
            else:
                terms[f'"{beginning}"*'] = None
        return " OR ".join(terms)

    def _documents(self, numbers: Sequence[int], order: int) -> Iterator[Candidate]:
        own = ",".join(str(number & NUMBER) for number in numbers)
        if order in CLASSES:
            for row in self._db.conn.execute(f"{FEATURES} ({own})"):
                yield self._feature(order, row)
            return
        kind: Kind = "street" if order == STREET else "address"
        for number, name, commune, x, y in self._db.conn.execute(f"{PLACES} ({own})"):
            where = self._communes.get(commune, commune)
            yield Candidate(
                order << CLASS_SHIFT | number, kind, order, "", str(number), name, "", where, x, y
            )

    def _feature(self, order: int, row: Sequence[Any]) -> Candidate:
        number, identifier, label, commune, x, y, street = row
        kind: Kind = "commune" if order == COMMUNE else "asset"
        where = "" if order == COMMUNE else self._communes.get(commune, commune)
        layer, place = self._names[number >> LAYER_SHIFT], str(street)
        document = order << CLASS_SHIFT | number
        return Candidate(document, kind, order, layer, identifier, label or identifier, place, where, x, y)


def bounds_of_document(db: sqlite_utils.Database, number: int) -> Bounds | None:
    """West, south, east, north of what a document stands for; None for a point."""
    own = number & NUMBER
    table = "feature_bounds" if number >> CLASS_SHIFT in CLASSES else "place"
    row = db.conn.execute(f"SELECT west, south, east, north FROM {table} WHERE number = ?", (own,)).fetchone()
    return None if row is None or row[0] is None else (row[0], row[1], row[2], row[3])


def _runs(db: sqlite_utils.Database, codes: set[int], *, places: bool) -> Iterator[tuple[int, int]]:
    """First document number, and first one after, of each run of documents to look at."""
    if places:
        for order in (STREET, ADDRESS):
            yield order << CLASS_SHIFT, (order + 1) << CLASS_SHIFT
    for code, name, bulk in db.conn.execute("SELECT code, name, bulk FROM layer").fetchall():
        if code in codes:
            order = feature_class(name, bool(bulk))
            yield order << CLASS_SHIFT | code << LAYER_SHIFT, order << CLASS_SHIFT | (code + 1) << LAYER_SHIFT
