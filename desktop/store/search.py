"""Search as you type over assets, communes, streets and addresses.

Every word asked for must begin a word of what is found, in any order; a word that begins nothing known is
taken for a mistyped one. Work is bounded: each class of documents gives its first candidates, and only those
are ranked.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

import msgspec
import sqlite_utils

from desktop.store.candidates import Candidate, CandidateReader, Kind, bounds_of_document
from desktop.store.feature_rows import Bounds
from desktop.store.ranking import Question, score
from desktop.store.search_index import (
    Place,
    declare,
    index_addresses,
    index_features,
    index_streets,
    pending,
)
from desktop.store.vocabulary import vocabulary_of
from desktop.store.words import spans_of, telling, words_of

__all__ = [
    "Hit", "Place", "declare", "index_addresses", "index_features", "index_streets", "pending", "search",
]  # fmt: skip

MOST_WORDS = 8
ENOUGH = 3
"""Results below which words that are known are also taken for mistyped ones."""


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """One thing found."""

    kind: Kind
    layer: str
    """Of an asset or commune; empty for streets and addresses."""
    id: str
    title: str
    subtitle: str
    """Where it is: street and commune, with a middle dot between."""
    x: float
    """Web Mercator metres."""
    y: float
    bounds: Bounds | None
    score: float
    matched: tuple[tuple[int, int], ...]
    """Start and end of each part of the title that was asked for."""


Alternatives = list[list[str]]
"""For each word asked for, the beginnings of words that answer it."""


def search(
    db: sqlite_utils.Database,
    text: str,
    *,
    limit: int = 20,
    layers: Iterable[str] | None = None,
    near: tuple[float, float] | None = None,
    commune: str | None = None,
) -> list[Hit]:
    """What a text may mean, the likeliest first.

    `layers` keeps only features of these layers; `near` (Web Mercator metres) prefers what is close;
    `commune` (INSEE code) keeps only what is there.
    """
    said = words_of(text)[:MOST_WORDS]
    asked = telling(said) or said
    if not asked:
        return []
    vocabulary = vocabulary_of(db)
    reader = CandidateReader(db, vocabulary, layers, commune)
    plain = [reader.known(word) for word in asked]
    meant = [vocabulary.meant_by(word) for word in asked]
    ranked: dict[int, tuple[float, Candidate, Alternatives]] = {}
    first = [some or others for some, others in zip(plain, meant, strict=True)]
    every = [[*some, *others] for some, others in zip(plain, meant, strict=True)]
    for attempt in (first, every):
        if len(ranked) >= min(limit, ENOUGH) or (attempt is every and every == first):
            break
        question = Question(said, asked, attempt, near, corrected=attempt != plain)
        exact = reader.called(text.strip()) if attempt is first else ()
        read = reader.read(attempt) if all(attempt) else ()
        for candidate in chain(exact, read):
            if candidate.number not in ranked and (points := score(candidate, question)) > 0:
                ranked[candidate.number] = (points, candidate, attempt)
    best = sorted(ranked.values(), key=lambda it: (-it[0], len(it[1].title), it[1].title, it[1].number))
    return [_hit(db, *each) for each in best[:limit]]


def _hit(db: sqlite_utils.Database, points: float, found: Candidate, alternatives: Alternatives) -> Hit:
    return Hit(
        kind=found.kind,
        layer=found.layer,
        id=found.id,
        title=found.title,
        subtitle=" · ".join(part for part in (found.street, found.commune) if part and part != found.title),
        x=found.x,
        y=found.y,
        bounds=bounds_of_document(db, found.number),
        score=points,
        matched=spans_of(found.title, (each for some in alternatives for each in some)),
    )
