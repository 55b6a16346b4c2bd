"""Reading a value that may be anything."""

from __future__ import annotations

import pytest

from layers.reading import flag, number, text


@pytest.mark.parametrize(
    "value", [None, True, "3", [], {}, float("nan"), float("inf"), -float("inf"), 10**400]
)
def test_what_is_not_a_finite_number_reads_as_none(value: object) -> None:
    assert number({"it": value}, "it") is None


def test_numbers_read_as_floats() -> None:
    assert (number({"it": 3}, "it"), number({"it": -0.5}, "it")) == (3.0, -0.5)
    assert number({}, "it") is None


@pytest.mark.parametrize("value", [None, 0, 1, "true", [], 1.0])
def test_only_true_and_false_are_flags(value: object) -> None:
    assert flag({"it": value}, "it") is None
    assert flag({"it": False}, "it") is False


@pytest.mark.parametrize(("value", "read"), [(" up ", "up"), ("", ""), (None, ""), (3, ""), (["up"], "")])
def test_text_reads_trimmed_and_anything_else_as_empty(value: object, read: str) -> None:
    assert text({"it": value}, "it") == read
