"""Search as you type over assets, communes, streets and addresses.

Every word asked for must begin a word of what is found, in any order; a word that begins nothing known is
taken for a mistyped one. Work is bounded: each class of documents gives its first candidates, and only those
are ranked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
from desktop.store.vocabulary import Vocabulary, vocabulary_of
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
    reader = CandidateReader(db, vocabulary_of(db), layers, commune)
    ranked: dict[int, tuple[float, Candidate, Alternatives]] = {}
    for attempt in _attempts(reader, vocabulary_of(db), asked):
        if attempt.fallback and len(ranked) >= min(limit, ENOUGH):
            continue
        exact = reader.called(text.strip()) if attempt.literal else ()
        question = Question(said, attempt.asked, attempt.alternatives, near, corrected=not attempt.literal)
        for candidate in chain(exact, reader.read(attempt.alternatives, attempt.layers)):
            if candidate.number not in ranked and (points := score(candidate, question)) > 0:
                ranked[candidate.number] = (points, candidate, attempt.alternatives)
    best = sorted(ranked.values(), key=lambda it: (-it[0], len(it[1].title), it[1].title, it[1].number))
    return [_hit(db, *each) for each in best[:limit]]


class Attempt(msgspec.Struct, frozen=True):
    """One way of taking what was typed."""

    asked: list[str]
    alternatives: Alternatives
    layers: set[int] | None = None
    """Codes of the layers meant, when words name them."""
    literal: bool = True
    fallback: bool = False
    """Only tried when the others found little."""


def _attempts(reader: CandidateReader, vocabulary: Vocabulary, asked: list[str]) -> Iterator[Attempt]:
    """As it stands; with words that name a layer; with the words corrected."""
    plain = [reader.known(word) for word in asked]
    if all(plain):
        yield Attempt(asked, plain)
    kinds = [reader.layers_called(word) for word in asked]
    rest = [place for place, codes in enumerate(kinds) if not codes]
    if len(asked) > len(rest) > 0 and all(plain[place] for place in rest):
        codes = set.intersection(*(some for some in kinds if some))
        yield Attempt([asked[place] for place in rest], [plain[place] for place in rest], codes)
    meant = [vocabulary.meant_by(word) for word in asked]
    closest = [some or others for some, others in zip(plain, meant, strict=True)]
    if closest != plain and all(closest):
        yield Attempt(asked, closest, literal=False, fallback=True)
    every = [
        [*some, *(each for each in others if not some or not word.startswith(each))]
        for word, some, others in zip(asked, plain, meant, strict=True)
    ]
    if every != closest and all(every):
        yield Attempt(asked, every, literal=False, fallback=True)


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
