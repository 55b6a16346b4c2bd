"""Clusters: they count what is shown, tell the worst, and say when they do not know."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.map.clusters import CELL_PX, Clusters, gather, level_for, members
from desktop.map.points import PointIndex
from desktop.map.pyramid import Pyramid
from desktop.mercator import WORLD
from layers.model import Quality
from tests.map.scene import Scene
from tests.map.town import HIGH, INFO, LOW, MEDIUM, reporting, table

metres = st.floats(-8000, 8000)
objects = st.lists(st.tuples(metres, metres, st.integers(0, 4), st.booleans()), max_size=60)
BOTH = np.array([True, True])


def indexed(
    some: Sequence[tuple[float, float, int, bool]], other: Sequence[tuple[float, float, int, bool]]
) -> PointIndex:
    tables = []
    for name, each in (("lamps", some), ("shops", other)):
        made = table(name, [(east, north) for east, north, _, _ in each], [code for _, _, code, _ in each])
        made.mask = np.array([shown for *_, shown in each], dtype=bool)
        tables.append(made)
    return PointIndex(tables)


@given(objects, objects, st.integers(5, 24))
def test_counts_sum_to_the_points_that_are_shown(
    some: list[tuple[float, float, int, bool]], other: list[tuple[float, float, int, bool]], level: int
) -> None:
    index = indexed(some, other)
    clusters = gather(index, level, BOTH)
    assert clusters.count.sum() == sum(shown for *_, shown in (*some, *other))
    assert (np.diff(clusters.codes) > 0).all()
    only = gather(index, level, np.array([False, True]))
    assert only.count.sum() == sum(shown for *_, shown in other)


@given(objects, objects, st.integers(5, 24))
def test_members_are_those_that_were_counted(
    some: list[tuple[float, float, int, bool]], other: list[tuple[float, float, int, bool]], level: int
) -> None:
    index = indexed(some, other)
    clusters = gather(index, level, BOTH)
    seen: list[int] = []
    for cell in range(len(clusters.count)):
        inside = members(index, clusters, cell, BOTH)
        assert len(inside) == clusters.count[cell]
        worst = index.severity[inside].max()
        assert clusters.severity[cell] == (worst if worst > INFO else 0)
        assert clusters.single[cell] == inside.min()
        assert index.x[inside].min() - 1e-6 <= clusters.x[cell] <= index.x[inside].max() + 1e-6
        seen += inside.tolist()
    assert sorted(seen) == np.flatnonzero(index.shown).tolist()


@given(st.floats(8.0, 21.0))
def test_cells_are_at_most_so_wide_and_no_less_than_half(zoom: float) -> None:
    pixels = WORLD / 2 ** level_for(zoom) / (WORLD / (256 * 2**zoom))
    assert CELL_PX / 2 - 1e-6 <= pixels <= CELL_PX + 1e-6


def of_quality(qualities: Sequence[int]) -> Clusters:
    made = reporting(table("lamps", [(0, 0)] * len(qualities)), list(qualities))
    return gather(PointIndex([made]), 10, np.array([True]))


@pytest.mark.parametrize(
    ("good", "uncertain", "unknown", "expected"),
    [
        (10, 0, 0, Quality.GOOD),
        (9, 1, 0, Quality.GOOD),
        (8, 2, 0, Quality.UNCERTAIN),
        (8, 0, 2, Quality.UNCERTAIN),
        (5, 0, 5, Quality.UNCERTAIN),
        (4, 0, 6, Quality.BAD),
        (0, 0, 10, Quality.BAD),
    ],
)
def test_a_cluster_of_doubtful_members_is_in_doubt(
    good: int, uncertain: int, unknown: int, expected: Quality
) -> None:
    clusters = of_quality([0] * good + [1] * uncertain + [2] * unknown)
    assert clusters.quality.tolist() == [expected]


def test_an_override_does_not_colour_a_whole_cluster() -> None:
    index = PointIndex([table("lamps", [(0, 0)] * 3, [INFO, 0, 0])])
    assert gather(index, 10, np.array([True])).severity.tolist() == [0]


def test_a_pyramid_counts_anew_what_changed() -> None:
    told: list[int] = []
    made = reporting(table("lamps", [(0, 0)] * 3))
    index = PointIndex([made])
    pyramid = Pyramid(index, lambda: told.append(1))
    try:
        which = np.array([True])
        assert pyramid.clusters(10, which).severity.tolist() == [0]
        made.state[1] = MEDIUM
        index.refresh(made, np.array([1]))
        found = pyramid.clusters(10, which).severity.tolist()
        while found == [0]:
            found = pyramid.clusters(10, which).severity.tolist()
        assert found == [3]
        while not told:
            pass
    finally:
        pyramid.close()


def test_the_map_counts_every_object_once(scene: Scene) -> None:
    rng = np.random.default_rng(3)
    scene.put(
        reporting(table("lamps", rng.uniform(-900, 900, (300, 2)))),
        table("shops", rng.uniform(-900, 900, (50, 2))),
    )
    scene.look(11.0)
    alone = sum(scene.drawn("lamps").values()) + sum(scene.drawn("shops").values())
    assert scene.counted() + alone == 350


def test_what_a_filter_hides_leaves_the_clusters(scene: Scene) -> None:
    made = reporting(
        table("lamps", np.random.default_rng(3).uniform(-200, 200, (300, 2)), [LOW] * 2 + [0] * 298)
    )
    scene.put(made)
    scene.look(10.0)
    assert scene.counted() == 300
    scene.hide("lamps", np.arange(300) >= 100)
    scene.recount()
    assert scene.counted() == 200
    assert not scene.drawn("lamps")
    scene.hide("lamps", None)
    scene.recount()
    assert scene.counted() == 300
    assert sum(scene.drawn("lamps").values()) == 2


def test_a_hidden_layer_leaves_the_clusters(scene: Scene) -> None:
    scene.put(reporting(table("lamps", [(0, 0)] * 5)), table("shops", [(1, 1)] * 7, [HIGH] + [0] * 6))
    scene.look(11.0)
    assert scene.counted() == 12
    scene.display.set_visible("shops", False)
    scene.settle()
    assert scene.counted() == 5
    assert not scene.drawn("shops")
