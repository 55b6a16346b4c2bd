"""The basemap package: what is written comes back, and a bad file is refused in one line."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import shapely

from desktop.store.basemap import CLASSES, BasemapError, BasemapPackage, Shape, Street, write_package

META = {"title": "Test", "attribution": "Nobody"}
EVERYWHERE = (-1e7, -1e7, 1e7, 1e7)


@contextmanager
def written(path: Path, shapes: list[Shape], streets: list[Street] | None = None) -> Iterator[BasemapPackage]:
    write_package(path, shapes, meta=META, streets=streets or [])
    with closing(BasemapPackage(path)) as package:
        yield package


def classes_in(path: Path) -> list[str]:
    with closing(BasemapPackage(path)) as package:
        return [row[0] for row in package.query(EVERYWHERE, 12)]


def test_shapes_streets_and_meta_come_back_as_written(tmp_path: Path) -> None:
    lake = shapely.box(0, 0, 100, 50).difference(shapely.box(10, 10, 20, 20))
    road = shapely.MultiLineString([[(0, 0), (500.25, 10)], [(600, 0), (700, 5)]])
    place = shapely.Point(42, -17)
    street = Street("Rue Monge", "Dijon", 1.5, 2.5, (0.0, 1.0, 2.0, 3.0))
    with written(
        tmp_path / "a.vigie",
        [
            Shape("water", lake, name="Lac Kir"),
            Shape("primary", road),
            Shape("place", place, name="Talant", rank=3),
        ],
        [street],
    ) as package:
        rows = package.query(EVERYWHERE, 12)
        assert [(cls, name, rank) for cls, name, rank, _ in rows] == [
            ("water", "Lac Kir", 0),
            ("primary", "", 0),
            ("place", "Talant", 3),
        ]
        assert [shapely.from_wkb(row[3]) for row in rows] == [lake, road, place]
        assert package.streets() == [street]
        assert package.attribution == "Nobody"
        assert package.meta["title"] == "Test"
        assert package.bounds == (0.0, -17.0, 700.0, 50.0)


def test_a_shape_is_found_from_its_first_zoom_up_to_its_last(tmp_path: Path) -> None:
    road = shapely.LineString([(0, 0), (10, 10)])
    with written(tmp_path / "a.vigie", [Shape("primary", road, zmin=11.5, zmax=14.0)]) as package:
        found = {zoom: len(package.query(EVERYWHERE, zoom)) for zoom in (11.25, 11.5, 13.75, 14.0)}
        assert found == {11.25: 0, 11.5: 1, 13.75: 1, 14.0: 0}


def test_only_shapes_touching_the_bounds_are_found(tmp_path: Path) -> None:
    names = ["west", "middle", "east"]
    shapes = [
        Shape("green", shapely.box(x, 0, x + 10, 10), name=name)
        for x, name in zip((0, 100, 200), names, strict=True)
    ]
    with written(tmp_path / "a.vigie", shapes) as package:
        assert [row[1] for row in package.query((105, 5, 205, 6), 12)] == ["middle", "east"]
        assert package.query((50, 50, 60, 60), 12) == []


def test_only_the_classes_asked_for_are_found(tmp_path: Path) -> None:
    line = shapely.LineString([(0, 0), (1, 1)])
    with written(tmp_path / "a.vigie", [Shape("rail", line), Shape("tram", line)]) as package:
        assert [row[0] for row in package.query(EVERYWHERE, 12, ["tram"])] == ["tram"]
        assert package.query(EVERYWHERE, 12, []) == []


def test_the_nameless_can_be_left_out(tmp_path: Path) -> None:
    line = shapely.LineString([(0, 0), (1, 1)])
    with written(tmp_path / "a.vigie", [Shape("rail", line), Shape("tram", line, name="T1")]) as package:
        assert [row[1] for row in package.query(EVERYWHERE, 12, named=True)] == ["T1"]


def test_every_class_can_be_written(tmp_path: Path) -> None:
    with written(tmp_path / "a.vigie", [Shape(cls, shapely.Point(0, 0)) for cls in CLASSES]) as package:
        assert [row[0] for row in package.query(EVERYWHERE, 12)] == list(CLASSES)


def test_empty_geometries_are_left_out_and_heights_dropped(tmp_path: Path) -> None:
    path = tmp_path / "a.vigie"
    shapes = [Shape("water", shapely.Polygon()), Shape("rail", shapely.LineString([(0, 0, 9), (1, 1, 9)]))]
    assert write_package(path, shapes, meta=META) == 1
    with closing(BasemapPackage(path)) as package:
        assert shapely.from_wkb(package.query(EVERYWHERE, 12)[0][3]).has_z is False


def test_progress_counts_the_shapes_written(tmp_path: Path) -> None:
    told: list[int] = []
    shapes = (Shape("rail", shapely.LineString([(n, 0), (n + 1, 0)])) for n in range(20_001))
    write_package(tmp_path / "a.vigie", shapes, meta=META, progress=told.append)
    assert told == [20_000, 20_001]


def test_a_failed_write_keeps_the_package_that_was_there(tmp_path: Path) -> None:
    path = tmp_path / "a.vigie"
    write_package(path, [Shape("rail", shapely.LineString([(0, 0), (1, 1)]))], meta=META)

    def broken() -> Iterator[Shape]:
        yield Shape("tram", shapely.LineString([(0, 0), (1, 1)]))
        yield Shape("lava", shapely.LineString([(0, 0), (1, 1)]))

    with pytest.raises(BasemapError, match="'lava'"):
        write_package(path, broken(), meta=META)
    assert classes_in(path) == ["rail"]
    assert [file.name for file in tmp_path.iterdir()] == ["a.vigie"]


def garbage(path: Path) -> None:
    path.write_bytes(b"not a database at all " * 300)


def absent(path: Path) -> None:
    path.unlink(missing_ok=True)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def foreign(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE shape (id)")
    connection.close()


def newer(path: Path) -> None:
    write_package(path, [], meta=META)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()


def truncated(path: Path) -> None:
    shapes = [Shape("rail", shapely.LineString([(n, 0), (n + 1, 0)])) for n in range(3000)]
    write_package(path, shapes, meta=META)
    path.write_bytes(path.read_bytes()[:20_000])


@pytest.mark.parametrize("spoil", [garbage, absent, empty, foreign, newer, truncated])
def test_a_file_that_is_no_package_is_refused_in_one_line_with_its_name(
    tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    path = tmp_path / "bad.vigie"
    spoil(path)
    with pytest.raises(BasemapError) as caught:
        classes_in(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
