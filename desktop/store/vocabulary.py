"""The words that can be found, in memory: which begin like the one being typed, and which were meant."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

import sqlite_utils
from rapidfuzz import process
from rapidfuzz.distance import OSA

from desktop.store.database import OwnedDatabase

FEWEST_LETTERS = 4
"""Shorter words are not corrected: too many others are one letter away."""
TWO_ERRORS_FROM = 8
"""Letters from which a word may hold two errors; a shorter one may hold one."""
SUGGESTIONS = 6
KEY = "vocabulary"


class Vocabulary:
    """The distinct words of the search index; numbers are not among them."""

    def __init__(self) -> None:
        self.newest = 0
        """Number of the last word taken from the file."""
        self._words: list[str] = []
        self._prefixes: dict[int, list[str]] = {}
        self._meant: dict[str, list[str]] = {}

    def add(self, words: Iterable[str], newest: int) -> None:
        """Add words, each of them new."""
        self._words = sorted([*self._words, *words])
        self._prefixes, self._meant, self.newest = {}, {}, newest

    def beginning(self, prefix: str, limit: int) -> list[str]:
        """The first `limit` words that begin with a prefix."""
        place = bisect_left(self._words, prefix)
        return [word for word in self._words[place : place + limit] if word.startswith(prefix)]

    def meant_by(self, word: str) -> list[str]:
        """Beginnings of words that a mistyped word, perhaps unfinished, may stand for; likeliest first."""
        if len(word) < FEWEST_LETTERS:
            return []
        known = self._meant.get(word)
        if known is None:
            known = self._meant[word] = self._nearest(word)
        return known

    def _nearest(self, word: str) -> list[str]:
        errors = 2 if len(word) >= TWO_ERRORS_FROM else 1
        found: dict[str, tuple[float, int]] = {}
        for length in (len(word), len(word) + 1, len(word) - 1, len(word) + 2)[: 2 + errors]:
            nearest = process.extract(
                word, self._beginnings(length), scorer=OSA.distance, score_cutoff=errors, limit=SUGGESTIONS
            )
            for text, distance, _ in nearest:
                if text not in found and not text.startswith(word):
                    # People rarely miss the first letter.
                    found[text] = (distance + (0.5 if text[0] != word[0] else 0.0), abs(length - len(word)))
        return sorted(found, key=lambda text: (*found[text], text))[:SUGGESTIONS]

    def _beginnings(self, length: int) -> list[str]:
        """The distinct beginnings of that length of words long enough."""
        known = self._prefixes.get(length)
        if known is None:
            # Sorted words: equal beginnings follow one another.
            known = list(dict.fromkeys(word[:length] for word in self._words if len(word) >= length))
            self._prefixes[length] = known
        return known


def vocabulary_of(db: sqlite_utils.Database) -> Vocabulary:
    """The words of the file, read once and completed by what was indexed since."""
    kept = db.kept if isinstance(db, OwnedDatabase) else {}
    vocabulary = kept.setdefault(KEY, Vocabulary())
    assert isinstance(vocabulary, Vocabulary)
    newest = db.conn.execute("SELECT max(number) FROM word").fetchone()[0] or 0
    if newest > vocabulary.newest:
        rows = db.conn.execute("SELECT word FROM word WHERE number > ?", (vocabulary.newest,))
        vocabulary.add([word for (word,) in rows], newest)
    return vocabulary
