"""How well a candidate answers what was typed."""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec

from desktop.store.candidates import Candidate
from desktop.store.search_index import ADDRESS, COMMUNE, FEW, MANY, STREET
from desktop.store.words import telling, words_of

EXACT, BEGINS, IN_TITLE, ELSEWHERE = 100.0, 80.0, 60.0, 40.0
CORRECTED = -30.0
BY_CLASS = {COMMUNE: 8.0, STREET: 6.0, FEW: 4.0, ADDRESS: 3.0, MANY: 0.0}
NUMBERED = 6.0
"""What an address gains when a number is typed first, as its house number would be."""
WHOLE = 5.0
"""What whole words, rather than beginnings, add."""
IN_PART = 10.0
"""What words of the title add when not all of them are in it."""
NEARBY, NEARBY_M = 6.0, 1500.0
"""What standing close adds, and the distance over which it fades."""


class Question(msgspec.Struct, frozen=True):
    """What was typed."""

    said: list[str]
    """Every word."""
    asked: list[str]
    """Those that tell something."""
    alternatives: Sequence[Sequence[str]]
    """For each of `asked`, the beginnings of words that answer it."""
    near: tuple[float, float] | None
    corrected: bool


def score(candidate: Candidate, question: Question) -> float:
    """Points; higher is better. None for what is only somewhere in the commune that was typed."""
    if candidate.order != COMMUNE and _is_all_of(question, words_of(candidate.commune)):
        return 0.0
    title = words_of(candidate.title)
    names = (
        [title, words_of(candidate.id)] if candidate.layer and candidate.id != candidate.title else [title]
    )
    points = max(_by_name(name, question) for name in names) + BY_CLASS[candidate.order]
    if candidate.order == ADDRESS and question.said[0].isdigit():
        points += NUMBERED
    if question.corrected:
        points += CORRECTED
    if question.near is not None:
        away = math.hypot(candidate.x - question.near[0], candidate.y - question.near[1])
        points += NEARBY * math.exp(-away / NEARBY_M)
    return points


def _by_name(name: list[str], question: Question) -> float:
    told, asked = [_bare(word) for word in telling(name)], [_bare(word) for word in question.asked]
    if told == asked or (len(asked) == 1 and asked[0].isdigit() and _numbers(told) == asked):
        return EXACT
    present = sum(any(_answers(word, some) for word in name) for some in question.alternatives)
    whole = WHOLE * sum(word in told for word in asked) / len(asked)
    if present == len(asked):
        begins = _begins(name, question.said) or _begins(told, asked)
        return (BEGINS if begins else IN_TITLE) + whole
    return ELSEWHERE + IN_PART * present / len(asked) + whole


def _is_all_of(question: Question, words: list[str]) -> bool:
    return bool(words) and all(any(_answers(word, some) for word in words) for some in question.alternatives)


def _answers(word: str, beginnings: Sequence[str]) -> bool:
    return any(word.startswith(each) or _bare(word).startswith(each) for each in beginnings)


def _begins(name: Sequence[str], said: Sequence[str]) -> bool:
    return " ".join(name).startswith(" ".join(said))


def _numbers(words: Sequence[str]) -> list[str]:
    return [word for word in words if word.isdigit()]


def _bare(word: str) -> str:
    """A number without its leading zeros; any other word as it is."""
    return (word.lstrip("0") or "0") if word.isdigit() else word
