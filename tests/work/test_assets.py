"""A layer's columns: finding rows by id, counting, and taking over what an older table knew."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from layers.definition import Severity
from layers.model import Quality
from tests.map.town import HIGH, LOW, MEDIUM, reporting, table

ids = st.lists(st.text(min_size=1, max_size=6), unique=True, max_size=30)


@given(ids, st.lists(st.text(max_size=6), max_size=10))
def test_rows_are_found_by_id_and_strangers_are_not(known: list[str], others: list[str]) -> None:
    made = table("lamps", [(0, 0)] * len(known), ids=known)
    wanted = [*reversed(known), *others]
    expected = [known.index(it) if it in known else -1 for it in wanted]
    assert made.rows_of(wanted).tolist() == expected
    assert [made.id_of(row) for row in range(len(known))] == known


def test_ids_with_the_same_hash_are_told_apart(monkeypatch: object) -> None:
    known = [f"id-{i}" for i in range(6)]
    made = table("lamps", [(0, 0)] * 6, ids=known)
    made._hashes = np.zeros(6, dtype=np.int64)
    made._hash_rows = np.arange(6)
    assert made._row_among_equals(made._hashes, made._hash_rows, 0, "id-4") == 4
    assert made._row_among_equals(made._hashes, made._hash_rows, 0, "elsewhere") == -1


def test_a_row_without_a_name_goes_by_its_id() -> None:
    made = table("lamps", [(0, 0), (1, 1)], labels=["", "Mairie"])
    assert [made.label_of(0), made.label_of(1)] == ["lamps-0", "Mairie"]


def test_a_state_code_the_layer_does_not_have_is_taken_for_the_first() -> None:
    assert table("lamps", [(0, 0)], [200]).state.tolist() == [0]


def test_the_summary_counts_severities_and_doubts() -> None:
    made = reporting(table("lamps", [(0, 0)] * 5, [0, 0, LOW, MEDIUM, LOW]), [0, 1, 2, 0, 2])
    made.touch()
    summary = made.summary()
    assert summary.by_severity == (2, 0, 2, 1, 0)
    assert (summary.count, summary.shown, summary.uncertain, summary.unknown) == (5, 5, 1, 2)
    assert summary.worst is Severity.MEDIUM


def test_what_a_filter_hides_is_not_counted() -> None:
    made = table("lamps", [(0, 0)] * 3, [HIGH, LOW, 0])
    made.mask = np.array([False, True, True])
    made.touch()
    assert made.summary().worst is Severity.LOW
    assert (made.summary().count, made.summary().shown, made.summary().unknown) == (3, 2, 2)
    assert made.abnormal_rows().tolist() == [1]


def test_a_new_table_takes_over_live_values_by_id_and_names_those_that_left() -> None:
    old = reporting(table("lamps", [(0, 0)] * 3, [LOW, MEDIUM, HIGH], ids=["a", "b", "c"]))
    new = table("lamps", [(0, 0)] * 3, ids=["c", "d", "a"])
    assert new.carry_live(old) == ["b"]
    assert new.state.tolist() == [HIGH, 0, LOW]
    assert new.quality.tolist() == [Quality.GOOD, Quality.BAD, Quality.GOOD]


def test_everything_that_reported_left_when_the_new_table_is_empty() -> None:
    old = reporting(table("lamps", [(0, 0)] * 2, ids=["a", "b"]))
    assert table("lamps").carry_live(old) == ["a", "b"]


def test_a_moving_object_keeps_its_place_over_the_registrys() -> None:
    old = reporting(table("cars", [(500, 0), (7, 0)], ids=["a", "b"]))
    old.time[1] = 0
    new = table("cars", [(0, 0), (9, 0)], ids=["a", "b"])
    new.carry_live(old)
    assert new.x[0] == old.x[0]
    assert new.x[1] != old.x[1]
