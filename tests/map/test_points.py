"""The point index: what a view holds is found, and nothing is counted twice."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.map.points import BITS, DENSE, DOT_PX, PointIndex, build, cells, expand, interleave
from desktop.map.viewport import Viewport
from desktop.mercator import WORLD
from tests.map.town import CENTER, HIGH, LOW, reporting, table

metres = st.floats(-20_000, 20_000)
places = st.lists(st.tuples(metres, metres), max_size=80)
MANY = DENSE + 1


def scattered(count: int, reach: float = 3000.0, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).uniform(-reach, reach, (count, 2))


@given(places, places, metres, metres, st.floats(0.1, 30_000), st.floats(0.1, 30_000))
def test_every_point_inside_bounds_is_found_once(
    lamps: list[tuple[float, float]],
    shops: list[tuple[float, float]],
    west: float,
    south: float,
    wide: float,
    tall: float,
) -> None:
    index = PointIndex([table("lamps", lamps), table("shops", shops)])
    bounds = (CENTER[0] + west, CENTER[1] + south, CENTER[0] + west + wide, CENTER[1] + south + tall)
    found = index.within(bounds)
    x, y = index.x, index.y
    inside = (x >= bounds[0]) & (x <= bounds[2]) & (y >= bounds[1]) & (y <= bounds[3])
    assert set(np.flatnonzero(inside)) <= set(found.tolist())
    assert len(set(found.tolist())) == len(found) == index.count_within(bounds)


@given(st.lists(st.tuples(st.integers(0, 2**BITS - 1), st.integers(0, 2**BITS - 1)), min_size=1, max_size=20))
def test_codes_interleave_the_bits_of_column_and_row(pairs: list[tuple[int, int]]) -> None:
    columns, rows = (np.array(it, dtype=np.int64) for it in zip(*pairs, strict=True))
    expected = [
        sum(((c >> bit) & 1) << 2 * bit | ((r >> bit) & 1) << 2 * bit + 1 for bit in range(BITS))
        for c, r in pairs
    ]
    assert interleave(columns, rows).tolist() == expected


def test_places_outside_the_world_fall_in_its_outermost_cells() -> None:
    assert cells(np.array([-WORLD, WORLD]), 4).tolist() == [0, 15]


def test_runs_are_expanded_one_after_the_other() -> None:
    assert expand(np.array([[2, 5], [9, 9], [7, 8]])).tolist() == [2, 3, 4, 7]
    assert expand(np.empty((0, 2), dtype=np.int64)).tolist() == []


def test_every_row_of_every_table_is_in_the_index_once() -> None:
    lamps, shops = table("lamps", scattered(50)), table("shops", scattered(20, seed=2))
    index = build({"lamps": lamps, "shops": shops, "cars": table("cars", [(0, 0)]), "roads": table("roads")})
    assert index.names == ["lamps", "shops"]
    for number, made in enumerate((lamps, shops)):
        rows = index.row[index.layer == number]
        assert sorted(rows.tolist()) == list(range(len(made)))
        assert index.x[index.layer == number].tolist() == made.x[rows].tolist()


def test_states_are_refreshed_by_row() -> None:
    lamps = reporting(table("lamps", scattered(40)))
    index = PointIndex([table("shops", scattered(10)), lamps])
    lamps.state[[3, 30]] = HIGH, LOW
    lamps.quality[30] = 2
    before = index.version
    index.refresh(lamps, np.array([3, 30]))
    assert index.version > before
    found = {int(index.row[at]): int(index.severity[at]) for at in index.abnormal}
    assert found == {3: 4, 30: 2}
    assert index.quality[(index.layer == 1) & (index.row == 30)] == 2


def test_a_filter_is_taken_over() -> None:
    lamps = table("lamps", scattered(6))
    index = PointIndex([lamps])
    lamps.mask = np.arange(6) % 2 == 0
    index.refresh(lamps, None)
    assert sorted(index.row[index.shown].tolist()) == [0, 2, 4]
    lamps.mask = None
    index.refresh(lamps, None)
    assert index.shown.all()


def test_another_table_of_the_layer_is_left_to_its_own_index() -> None:
    index = PointIndex([table("lamps", [(0, 0), (900, 900)], ids=["a", "b"])])
    newer = table("lamps", [(900, 900), (0, 0)], [HIGH, 0], ids=["b", "a"])
    index.refresh(newer, None)
    assert not index.severity.any()


def view(zoom: float) -> Viewport:
    return Viewport(x=CENTER[0], y=CENTER[1], zoom=zoom, width=800, height=600)


@pytest.mark.parametrize("zoom", [11.0, 13.3, 15.75])
def test_dots_of_a_dense_layer_are_one_per_cell(zoom: float) -> None:
    index = PointIndex([table("lamps", scattered(MANY))])
    look = view(zoom)
    found = index.spread_out(zoom, look.bounds)
    side = WORLD / 2 ** min(BITS, int(zoom + np.log2(256 / DOT_PX)))
    assert side >= DOT_PX * look.resolution * 0.999
    cell = np.floor((index.x + WORLD / 2) / side) * 1e9 + np.floor((index.y + WORLD / 2) / side)
    assert len(np.unique(cell[found])) == len(found)
    inside = index.within(look.bounds)
    assert set(cell[inside]) == set(cell[found])


def test_dense_layers_do_not_take_each_others_cells() -> None:
    where = scattered(MANY)
    index = PointIndex([table("lamps", where), table("shops", where)])
    found = index.spread_out(12.0, view(12.0).bounds)
    numbers = np.bincount(index.layer[found], minlength=2)
    assert numbers[0] == numbers[1] > 0


def test_hidden_dots_leave_their_cell_to_shown_ones() -> None:
    lamps = table("lamps", np.repeat(scattered(MANY // 2 + 1), 2, axis=0))
    index = PointIndex([lamps])
    before = len(index.spread_out(14.0, view(14.0).bounds))
    lamps.mask = np.arange(len(lamps)) % 2 == 1
    index.refresh(lamps, None)
    found = index.spread_out(14.0, view(14.0).bounds)
    assert len(found) == before
    assert index.shown[found].all()


@settings(max_examples=20)
@given(st.integers(0, 3))
def test_an_empty_index_holds_nothing(tables: int) -> None:
    index = PointIndex([table("lamps") for _ in range(tables)])
    assert len(index) == 0
    assert not len(index.within(view(12).bounds))
    assert not len(index.spread_out(12.0, view(12).bounds))
    assert not len(index.abnormal)
