"""Geometries as they come: drawn where they can be, set aside with the reason where they cannot."""

from __future__ import annotations

import json

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Raw
from pyproj import Transformer

from desktop.link.crs import UnknownCrs, code_of, likely_crs, transform_from
from desktop.link.geojson import Placed, place
from desktop.mercator import all_to_mercator
from layers.definition import Geometry

LINE = [[5.0, 47.3], [5.1, 47.35]]
SQUARE = [[5.0, 47.3], [5.1, 47.3], [5.1, 47.4], [5.0, 47.4], [5.0, 47.3]]
BOW = [[5.0, 47.3], [5.1, 47.4], [5.1, 47.3], [5.0, 47.4], [5.0, 47.3]]


def placed(kind: Geometry, *geometries: object) -> Placed:
    texts = [one if isinstance(one, str) else json.dumps(one) for one in geometries]
    return place([Raw(text.encode()) for text in texts], kind)


def shaped(kind: str, coordinates: object) -> dict[str, object]:
    return {"type": kind, "coordinates": coordinates}


@pytest.mark.parametrize(
    ("kind", "geometry", "reason"),
    [
        ("point", "null", "no geometry"),
        ("point", {"type": "Point"}, "no geometry"),
        ("point", shaped("Point", []), "an empty geometry"),
        ("point", shaped("Point", [5.0]), "coordinates that are not numbers"),
        ("point", shaped("Point", ["5", "47"]), "coordinates that are not numbers"),
        ("point", shaped("Point", [True, False]), "coordinates that are not numbers"),
        ("point", '{"type":"Point","coordinates":[NaN,47]}', "coordinates that are not numbers"),
        ("point", '{"type":"Point","coordinates":[1e400,47]}', "coordinates that are not numbers"),
        (
            "line",
            '{"type":"LineString","coordinates":[[5,-Infinity],[5,47]]}',
            "coordinates that are not numbers",
        ),
        ("point", shaped("Point", [205.0, 47.0]), "coordinates out of range"),
        ("point", shaped("Point", [5.0, 90.0]), "coordinates out of range"),
        ("point", shaped("Point", [0, 0]), "coordinates 0, 0"),
        ("point", shaped("Blob", [5, 47]), "a geometry that is not GeoJSON"),
        ("point", "[5, 47]", "a geometry that is not GeoJSON"),
        ("line", shaped("LineString", [[5.0, 47.0]]), "a line of a single point"),
        ("line", shaped("LineString", [[5.0, 47.0], [5.0, 47.0]]), "a line of a single point"),
        ("line", shaped("MultiLineString", [[[5.0, 47.0]]]), "a line of a single point"),
        ("line", shaped("LineString", [[5.0, 47.0], [500.0, 47.0]]), "coordinates out of range"),
        ("line", shaped("Point", [5.0, 47.0]), "not a line, where a line is expected"),
        ("polygon", shaped("LineString", LINE), "not a polygon, where one is expected"),
        ("polygon", shaped("Polygon", []), "an empty geometry"),
        ("polygon", shaped("Polygon", [[]]), "an empty geometry"),
        ("polygon", shaped("Polygon", [[[5, 47], [5, 47.1], [5, 47]]]), "a polygon without area"),
        ("polygon", shaped("Polygon", [[[5, 47], [5, 47.1], [5, 47.2], [5, 47]]]), "a polygon without area"),
        (
            "polygon",
            '{"type":"Polygon","coordinates":' + "[" * 100_000 + "]" * 100_000 + "}",
            "nested too deeply",
        ),
        ("point", {"type": "GeometryCollection", "geometries": []}, "an empty geometry"),
    ],
)
def test_what_cannot_be_drawn_says_why(kind: Geometry, geometry: object, reason: str) -> None:
    assert placed(kind, geometry).reason == [reason]


@pytest.mark.parametrize(
    ("code", "longitude", "latitude"),
    [
        ("EPSG:2154", 5.0415, 47.3215),
        ("EPSG:3947", 5.0415, 47.3215),
        ("EPSG:3942", 9.1, 42.0),
        ("EPSG:3950", 2.6, 50.2),
        ("EPSG:27572", 5.0415, 47.3215),
        ("EPSG:32631", 5.0415, 47.3215),
        ("EPSG:3857", 5.0415, 47.3215),
    ],
)
def test_metres_are_recognised_and_named(code: str, longitude: float, latitude: float) -> None:
    east, north = Transformer.from_crs("EPSG:4326", code, always_xy=True).transform(longitude, latitude)
    assert likely_crs(east, north) == code
    (reason,) = placed("point", shaped("Point", [east, north])).reason
    assert reason == f'coordinates in metres, probably {code} (set crs = "{code}" in the mapping)'


@pytest.mark.parametrize("code", ["EPSG:2154", "EPSG:3947", "urn:ogc:def:crs:EPSG::2154", "2154"])
def test_named_metres_are_converted(code: str) -> None:
    there = Transformer.from_crs("EPSG:4326", code_of(code), always_xy=True).transform(5.0415, 47.3215)
    found = place([Raw(json.dumps(shaped("Point", there)).encode())], "point", transform_from(code))
    expected = Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True).transform(5.0415, 47.3215)
    assert (found.x[0], found.y[0]) == pytest.approx(expected, abs=0.5)


@pytest.mark.parametrize(
    "name", ["", "CRS84", "http://www.opengis.net/def/crs/OGC/1.3/CRS84", "urn:ogc:def:crs:OGC:1.3:CRS84"]
)
def test_wgs84_needs_no_conversion(name: str) -> None:
    assert transform_from(name) is None


def test_an_unknown_system_is_one_line() -> None:
    with pytest.raises(UnknownCrs, match=r"^'EPSG:99999' is not a coordinate system known here"):
        transform_from("EPSG:99999")


@given(st.floats(-180, 180), st.floats(-85, 85))
def test_mercator_is_that_of_proj(longitude: float, latitude: float) -> None:
    x, y = all_to_mercator(np.array([longitude]), np.array([latitude]))
    expected = Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True).transform(longitude, latitude)
    assert (x[0], y[0]) == pytest.approx(expected, abs=1e-3)


def test_good_and_bad_keep_their_places() -> None:
    found = placed("point", shaped("Point", [5, 47, 230]), "null", shaped("MultiPoint", [[5, 47], [6, 48]]))
    assert found.reason == [None, "no geometry", None]
    assert found.x[0] == pytest.approx(556597.45, abs=0.01)
    assert found.wkb == [None, None, None]


def test_a_point_layer_takes_a_point_of_a_shape() -> None:
    found = placed(
        "point",
        shaped("Polygon", [SQUARE]),
        {"type": "GeometryCollection", "geometries": [shaped("LineString", LINE)]},
    )
    assert found.reason == [None, None]
    square = shapely.Polygon(np.column_stack(all_to_mercator(*np.array(SQUARE).T)))
    assert square.contains(shapely.Point(found.x[0], found.y[0]))


def test_a_line_is_placed_at_its_middle_and_kept_flat() -> None:
    found = placed("line", shaped("LineString", [[*LINE[0], 10], [*LINE[1], 20]]))
    line = shapely.from_wkb(found.wkb[0])
    assert not line.has_z
    assert line.interpolate(0.5, normalized=True).distance(shapely.Point(found.x[0], found.y[0])) < 1e-6


def test_broken_rings_are_mended_and_counted() -> None:
    found = placed(
        "polygon", shaped("Polygon", [BOW]), shaped("Polygon", [SQUARE[:-1]]), shaped("Polygon", [SQUARE])
    )
    assert found.reason == [None, None, None]
    assert all(shapely.from_wkb(one).is_valid for one in found.wkb)
    assert found.mended == {"rings that cross themselves, mended": 1, "open rings, closed": 1}


def test_lines_of_a_collection_are_taken_by_a_line_layer() -> None:
    mixed = {
        "type": "GeometryCollection",
        "geometries": [shaped("Point", [5, 47]), shaped("LineString", LINE)],
    }
    assert shapely.from_wkb(placed("line", mixed).wkb[0]).geom_type == "LineString"


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["type", "coordinates", "geometries", "x"]), inner)
    ),
    max_leaves=12,
)
KINDS = st.sampled_from(
    ["Point", "LineString", "Polygon", "MultiPolygon", "GeometryCollection", "MultiPoint", "MultiLineString"]
)
GEOMETRY = (
    st.builds(lambda kind, inner: {"type": kind, "coordinates": inner, "geometries": inner}, KINDS, JSON)
    | JSON
)


@given(st.sampled_from(["point", "line", "polygon"]), st.lists(GEOMETRY, max_size=4))
def test_anything_at_all_is_placed_or_set_aside(kind: Geometry, geometries: list[object]) -> None:
    found = placed(kind, *geometries)
    for x, y, reason in zip(found.x, found.y, found.reason, strict=True):
        assert (reason is None) == bool(np.isfinite(x) and np.isfinite(y))
