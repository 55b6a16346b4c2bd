"""What is put in the cache comes out of it: rows, columns, and what an upsert says it did."""

from __future__ import annotations

import sqlite3

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.store import features, sources
from desktop.store.cache import MIGRATIONS
from desktop.store.columns import StringColumn
from desktop.store.database import Database, OwnedDatabase
from desktop.store.features import FeatureRow, UpsertCount
from tests.store.content import indexed, row


def upsert(cache: Database, rows: list[FeatureRow]) -> UpsertCount:
    return cache.submit(lambda db: features.upsert(db, rows)).result()


def test_an_upsert_tells_added_from_changed_from_unchanged(cache: Database) -> None:
    first = [row("cameras", f"C-{n}", n, n, kind="dome") for n in range(2500)]
    assert upsert(cache, first) == UpsertCount(2500, 0, 0, tuple(it.id for it in first))
    second = [row("cameras", "C-7", 7, 7, kind="ptz"), row("cameras", "C-new", 1, 1), *first[100:200]]
    assert upsert(cache, second) == UpsertCount(1, 1, 100, ("C-new", "C-7"))
    assert cache.submit(lambda db: features.read(db, "cameras", "C-7")).result().properties == {"kind": "ptz"}
    assert cache.submit(features.count).result() == {"cameras": 2501}


def test_of_several_rows_with_one_id_the_last_is_kept(cache: Database) -> None:
    assert upsert(cache, [row("cameras", "C-1", n=n) for n in range(3)]).added == 1
    assert cache.submit(lambda db: features.read(db, "cameras", "C-1")).result().properties == {"n": 2}


def test_a_feature_comes_back_as_it_was(cache: Database) -> None:
    shape = shapely.Polygon([(0, 0), (10, 0), (10, 10)])
    facts = {
        "name": "<b>Égalité</b> & \u0000 \U0001f6a6",
        "n": 3,
        "half": 1.5,
        "none": None,
        "deep": {"a": [1, "é"]},
    }
    stored = [
        row("flood-zones", "FZ-1", 7.0, 3.0, label="Zone é", commune="21231", shape=shape, **facts),
        row("junctions", "FZ-1", 1.25, -2.5, state=3),
    ]
    upsert(cache, stored)
    zone = cache.submit(lambda db: features.read(db, "flood-zones", "FZ-1")).result()
    assert (zone.layer, zone.id, zone.x, zone.y) == ("flood-zones", "FZ-1", 7.0, 3.0)
    assert (zone.label, zone.commune, zone.version) == ("Zone é", "21231", "v1")
    assert zone.properties == facts
    assert zone.geometry.equals(shape)
    other = cache.submit(lambda db: features.read(db, "junctions", "FZ-1")).result()
    assert (other.x, other.y, other.geometry, other.properties) == (1.25, -2.5, None, {})
    assert cache.submit(lambda db: features.read(db, "cameras", "FZ-1")).result() is None
    assert cache.submit(lambda db: features.read(db, "nowhere", "FZ-1")).result() is None


def test_reading_many_keeps_the_order_asked_for(cache: Database) -> None:
    upsert(cache, [row("cameras", f"C-{n}") for n in range(3000)])
    wanted = ["C-2999", "C-0", "nobody", *(f"C-{n}" for n in range(1500, 0, -1))]
    found = cache.submit(lambda db: features.read_many(db, "cameras", wanted)).result()
    assert [it.id for it in found] == [name for name in wanted if name != "nobody"]
    again = cache.submit(lambda db: features.by_rowid(db, [it.rowid for it in found[:5]])).result()
    assert again == found[:5]


def test_removed_features_are_gone_everywhere(cache: Database) -> None:
    box = shapely.box(0, 0, 10, 10)
    upsert(cache, [row("flood-zones", f"FZ-{n}", 5, 5, shape=box) for n in range(4)])
    names = ["FZ-1", "FZ-2", "never"]
    assert cache.submit(lambda db: features.remove(db, "flood-zones", names)).result() == 2
    assert cache.submit(lambda db: features.ids(db, "flood-zones")).result() == {"FZ-0", "FZ-3"}
    near = cache.submit(lambda db: features.near(db, 5, 5, 100)).result()
    assert {it.id for it in near} == {"FZ-0", "FZ-3"}
    assert cache.submit(lambda db: features.remove(db, "nowhere", ["x"])).result() == 0


def test_a_new_feature_never_takes_the_row_of_one_removed(
    cache: Database,
) -> None:
    upsert(cache, [row("cameras", "C-1"), row("cameras", "C-2", name="gone")])
    indexed(cache)
    gone = cache.submit(lambda db: features.read(db, "cameras", "C-2")).result()
    cache.submit(lambda db: features.remove(db, "cameras", ["C-2"])).result()
    upsert(cache, [row("cameras", "C-3")])
    new = cache.submit(lambda db: features.read(db, "cameras", "C-3")).result()
    assert new.rowid > gone.rowid


def test_a_layer_comes_out_as_columns(cache: Database) -> None:
    upsert(cache, [row("cameras", "elsewhere", 9, 9)])
    rows = [
        row("junctions", f"JC-{n:04d}", n + 0.5, -n, label="Carrefour é" if n % 3 == 0 else "",
            commune=("21231", "21166", "")[n % 3], state=n % 8)
        for n in range(5000)
    ]  # fmt: skip
    upsert(cache, rows)
    columns = cache.submit(lambda db: features.columns(db, "junctions")).result()
    assert len(columns) == 5000
    assert columns.geometry is None
    assert list(columns.ids) == [it.id for it in rows]
    assert list(columns.labels) == [it.label for it in rows]
    np.testing.assert_array_equal(columns.x, [it.x for it in rows])
    np.testing.assert_array_equal(columns.y, [it.y for it in rows])
    np.testing.assert_array_equal(columns.state, [it.state for it in rows])
    assert [columns.communes[code] for code in columns.commune.tolist()] == [it.commune for it in rows]
    kinds = [columns.rowid.dtype, columns.x.dtype, columns.state.dtype]
    assert kinds == [np.int64, np.float64, np.uint8]
    last = cache.submit(lambda db: features.by_rowid(db, [columns.rowid[-1]])).result()
    assert [it.id for it in last] == ["JC-4999"]


def test_shapes_come_out_as_columns(cache: Database) -> None:
    line = shapely.LineString([(0, 0), (5, 5)])
    upsert(cache, [row("snow-routes", "SR-1", 2, 2, shape=line), row("snow-routes", "SR-2", 3, 3)])
    columns = cache.submit(lambda db: features.columns(db, "snow-routes")).result()
    assert shapely.from_wkb(columns.geometry[0]).equals(line)
    assert columns.geometry[1] is None
    empty = cache.submit(lambda db: features.columns(db, "flood-zones")).result()
    assert (len(empty), len(empty.ids), len(empty.geometry)) == (0, 0, 0)


def test_some_of_a_layer_comes_out_as_columns(cache: Database) -> None:
    upsert(cache, [row("cameras", f"C-{n}", n, n) for n in range(100)])
    wanted = ["C-70", "C-3", "nobody", 'it"s']
    columns = cache.submit(lambda db: features.columns_of(db, "cameras", wanted)).result()
    assert list(columns.ids) == ["C-3", "C-70"]
    assert columns.x.tolist() == [3.0, 70.0]


def test_an_id_that_holds_the_separator_does_not_shift_the_others(cache: Database) -> None:
    names = ["a", "b\x1fc", "", "d"]
    upsert(cache, [row("cameras", name, label=name) for name in names])
    columns = cache.submit(lambda db: features.columns(db, "cameras")).result()
    assert list(columns.ids) == names
    assert list(columns.labels) == names


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), max_size=40))
def test_a_string_column_is_the_list_it_was_made_of(strings: list[str]) -> None:
    column = StringColumn.of(strings)
    assert list(column) == strings
    assert [column[n] for n in range(-len(strings), len(strings))] == strings * 2
    assert column[1:-1] == strings[1:-1]
    for outside in (len(strings), -len(strings) - 1):
        with pytest.raises(IndexError):
            column[outside]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("pqr"), st.sampled_from("abcdef"), st.integers(0, 3), st.booleans()),
        max_size=40,
    )
)
def test_any_sequence_of_changes_leaves_what_a_dict_would(
    changes: list[tuple[str, str, int, bool]],
) -> None:
    db = OwnedDatabase(sqlite3.connect(":memory:", isolation_level=None))
    for migration in MIGRATIONS:
        migration(db)
    expected: dict[tuple[str, str], int] = {}
    for layer, name, value, gone in changes:
        if gone:
            assert features.remove(db, layer, [name]) == ((layer, name) in expected)
            expected.pop((layer, name), None)
        else:
            digest = str(value).encode()
            done = features.upsert(
                db, [FeatureRow(layer, name, value, 0, None, b"{}", "1", digest, 0, "", "")]
            )
            before = expected.get((layer, name))
            assert (done.added, done.changed, done.unchanged) == (
                before is None, before is not None and before != value, before == value,
            )  # fmt: skip
            expected[(layer, name)] = value
    for layer in "pqr":
        columns = features.columns(db, layer)
        found = dict(zip(columns.ids, columns.x.tolist(), strict=True))
        assert found == {name: value for (of, name), value in expected.items() if of == layer}
    db.conn.close()


def test_notes_about_a_registry_are_kept_apart_from_those_of_another(cache: Database) -> None:
    note = sources.SourceState
    kept = [note("http://a", "cameras", "{}"), note("http://a", "", '{"finished": 12.5}')]
    for each in (*kept, note("http://b", "", "not JSON")):
        cache.submit(lambda db, each=each: sources.put(db, each)).result()
    assert cache.submit(lambda db: sources.last_success(db, "http://a")).result() == 12.5
    assert cache.submit(lambda db: sources.last_success(db, "http://b")).result() is None
    assert cache.submit(lambda db: sources.last_success(db, "http://c")).result() is None
    cache.submit(lambda db: sources.remove(db, "http://b")).result()
    assert sorted(cache.submit(sources.states).result(), key=lambda it: it.collection) == kept[::-1]
