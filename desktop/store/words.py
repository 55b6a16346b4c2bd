"""How text is compared in the search: without case, accents or ligatures, word by word."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

MAX_WORDS = 48
MAX_LENGTH = 32
"""Words of a text and characters of a word that the search looks at; what is beyond is not found."""

LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d"})
WORD = re.compile(r"[0-9]+|[^\W\d_]+")

LINKING = frozenset(
    ("a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "of", "the")
)
"""Words between words, which people leave out or add: they are not looked for."""

SHORT = {
    "all": "allee", "av": "avenue", "ave": "avenue", "bd": "boulevard", "bld": "boulevard",
    "blvd": "boulevard", "bvd": "boulevard", "ch": "chemin", "che": "chemin", "crs": "cours", "dr": "docteur",
    "fbg": "faubourg", "fg": "faubourg", "gal": "general", "imp": "impasse", "mal": "marechal",
    "pdt": "president", "pl": "place", "prof": "professeur", "qu": "quai", "rpt": "rond", "rte": "route",
    "sq": "square", "st": "saint", "ste": "sainte",
}  # fmt: skip
"""Usual abbreviations in French addresses, and what they stand for."""


def folded(text: str) -> str:
    """The text in lower case without accents: 'Œuvre Étoilée' is 'oeuvre etoilee'."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold().translate(LIGATURES))
    return "".join(character for character in plain if not unicodedata.combining(character))


def words_of(text: str) -> list[str]:
    """The words of a text, letters and digits apart: 'SL-018344' is 'sl', '018344'."""
    found = WORD.findall(folded(text[: MAX_WORDS * MAX_LENGTH]))
    return [word[:MAX_LENGTH] for word in found[:MAX_WORDS]]


def telling(words: list[str]) -> list[str]:
    """The words without those that only link others; the letter of 'A-214' stays, being part of a number."""
    last = len(words) - 1
    return [
        word
        for place, word in enumerate(words)
        if word not in LINKING or (len(word) == 1 and place < last and words[place + 1].isdigit())
    ]


def indexed_words(texts: Iterable[str]) -> list[str]:
    """What a thing is found by: its words, numbers also without leading zeros, abbreviations in full."""
    found: dict[str, None] = {}
    for text in texts:
        for word in telling(words_of(text)):
            found[word] = None
            if word[0] == "0" and word.isdigit():
                found[word.lstrip("0") or "0"] = None
            elif word in SHORT:
                found[SHORT[word]] = None
    return list(found)


def spans_of(text: str, beginnings: Iterable[str]) -> tuple[tuple[int, int], ...]:
    """(start, end) in the text of each part that is one of these beginnings of words, in order."""
    letters = [(letter, place) for place, character in enumerate(text) for letter in folded(character)]
    places = [place for _, place in letters] + [len(text)]
    longest = sorted(beginnings, key=len, reverse=True)
    spans = []
    for match in WORD.finditer("".join(letter for letter, _ in letters)):
        word = match.group()
        bare = word.lstrip("0") if word.isdigit() else word
        part = next((each for each in longest if word.startswith(each) or bare.startswith(each)), "")
        if part:
            first = match.start() + (0 if word.startswith(part) else len(word) - len(bare))
            start = places[first]
            spans.append((start, max(start + 1, places[first + len(part)])))
    return tuple(spans)
