"""The demo metropolis: the right counts, on its streets, whole and always the same."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import shapely

from desktop.demo.city.build import build_city
from desktop.demo.city.model import City, Feature, load_network, save_network
from desktop.store.basemap import CLASSES
from layers import load_layers

COUNTS = {
    "street-lights": 34_000,
    "lighting-cabinets": 702,
    "junctions": 260,
    "cameras": 269,
    "buildings": 180,
    "bollards": 26,
    "message-signs": 38,
    "car-parks": 22,
    "river-gauges": 9,
    "weather-stations": 6,
    "bike-stations": 40,
    "tram-lines": 2,
    "bus-stops": 1_072,
    "transit-vehicles": 180,
    "interventions": 37,
    "crews": 205,
    "communes": 23,
    "flood-zones": 6,
}


@pytest.fixture(scope="module")
def city() -> City:
    return build_city()


def every(city: City) -> Iterator[tuple[str, Feature]]:
    for layer, features in city.features.items():
        for feature in features:
            yield layer, feature


def contours(city: City) -> dict[str, Any]:
    return {code: shapely.geometry.shape(geometry) for code, geometry, _ in city.features["communes"]}


def metres(lonlat: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Local metres, good to 0.5 % over the metropolis."""
    return np.asarray(lonlat) * [75_470.0, 111_180.0]


@pytest.mark.parametrize("layer", COUNTS)
def test_layers_hold_the_counts_of_the_design(city: City, layer: str) -> None:
    assert sum(1 for _ in city.features[layer]) == COUNTS[layer]


def test_incidents_snow_routes_and_trams_match_the_room(city: City) -> None:
    status = Counter(properties["status"] == "closed" for _, _, properties in city.features["incidents"])
    assert status[False] == 14 and status[True] > 0
    kilometres = sum(properties["length_km"] for _, _, properties in city.features["snow-routes"])
    assert kilometres == pytest.approx(412, abs=4)
    assert {properties["priority"] for _, _, properties in city.features["snow-routes"]} == {1, 2}
    kinds = Counter(properties["kind"] for _, _, properties in city.features["transit-vehicles"])
    assert kinds == {"tram": 33, "bus": 147}


def test_two_builds_of_a_seed_are_equal(city: City) -> None:
    again = build_city()
    assert list(every(again)) == list(every(city))
    assert [shape.geometry.wkb for shape in again.shapes] == [shape.geometry.wkb for shape in city.shapes]


def test_every_point_lies_in_the_commune_it_names(city: City) -> None:
    known = contours(city)
    points: dict[str, list[Any]] = defaultdict(list)
    for layer, (_, geometry, properties) in every(city):
        if geometry["type"] == "Point":
            points[properties["commune"]].append((layer, geometry["coordinates"]))
    for code, found in points.items():
        spots = np.array([where for _, where in found])
        inside = shapely.contains_xy(known[code].buffer(2e-6), spots[:, 0], spots[:, 1])
        assert inside.all(), [found[index] for index in np.flatnonzero(~inside)[:3]]


def test_the_communes_tile_the_metropolis_with_shared_limits(city: City) -> None:
    known = list(contours(city).values())
    whole = shapely.union_all(known)
    assert whole.geom_type == "Polygon"
    assert shapely.area(known).sum() == pytest.approx(whole.area, rel=1e-6)
    area = sum(properties["area_km2"] for _, _, properties in city.features["communes"])
    assert area == pytest.approx(240, abs=10)


def test_ids_are_unique_and_safe_in_a_topic(city: City) -> None:
    for layer, features in city.features.items():
        ids = [code for code, _, _ in features]
        assert len(ids) == len(set(ids)), layer
        assert all(re.fullmatch(r"[A-Za-z0-9_-]+", code) for code in ids), layer


def test_references_resolve(city: City) -> None:
    known = {layer: {code for code, _, _ in features} for layer, features in city.features.items()}
    assert {it["cabinet"] for _, _, it in city.features["street-lights"]} == known["lighting-cabinets"]
    assert {it["incident"] for _, _, it in city.features["interventions"]} <= known["incidents"]
    assert {it["crew"] for _, _, it in city.features["interventions"]} <= known["crews"]
    assert {it["commune"] for _, (_, _, it) in every(city) if "commune" in it} <= known["communes"]


def test_properties_are_the_fields_of_the_layers(city: City) -> None:
    layers = load_layers()
    for layer, features in city.features.items():
        if layer not in layers:
            continue
        declared = {field.name for field in layers[layer].fields}
        for code, _, properties in itertools.islice(features, 300):
            assert set(properties) <= declared | {"commune"}, (layer, code)
            for name, value in properties.items():
                field = layers[layer].field(name)
                if field is not None and field.type == "choice":
                    assert value in {choice.value for choice in field.choices}, (layer, code, name)


def test_lamps_of_a_cabinet_are_about_48_and_close_together(city: City) -> None:
    groups: dict[str, list[Any]] = defaultdict(list)
    for _, geometry, properties in city.features["street-lights"]:
        groups[properties["cabinet"]].append(geometry["coordinates"])
    sizes = np.array([len(group) for group in groups.values()])
    assert sizes.mean() == pytest.approx(48.4, abs=1) and sizes.min() >= 15 and sizes.max() <= 95
    spread = [np.ptp(metres(group), axis=0).max() for group in groups.values()]
    assert np.median(spread) < 700


def test_lamps_stand_20_to_40_m_apart_along_their_street(city: City) -> None:
    lights = list(city.features["street-lights"])
    spots = metres([geometry["coordinates"] for _, geometry, _ in lights])
    gap = np.hypot(*(spots[1:] - spots[:-1]).T)
    same = [a[2]["street"] == b[2]["street"] for a, b in itertools.pairwise(lights)]
    near = gap[np.array(same) & (gap < 60)]
    assert len(near) > 12_000
    assert ((near > 20) & (near < 40)).mean() > 0.75


def test_streets_meet(city: City) -> None:
    graph = city.road_graph
    parent = np.arange(len(graph.nodes))
    for _ in range(200):
        low = np.minimum(parent[graph.start], parent[graph.end])
        before = parent.copy()
        np.minimum.at(parent, graph.start, low)
        np.minimum.at(parent, graph.end, low)
        parent = parent[parent]
        if (before == parent).all():
            break
    weight = np.bincount(parent[graph.start], weights=graph.length)
    assert weight.max() / weight.sum() > 0.999


def test_bus_lines_follow_roads_and_trams_stay_in_the_metropolis(city: City) -> None:
    hull = shapely.union_all(list(contours(city).values()))
    for _, geometry, _ in city.features["tram-lines"]:
        assert hull.contains(shapely.geometry.shape(geometry))
    nodes = shapely.STRtree(shapely.points(city.road_graph.points))
    for route in city.routes:
        assert len(route.points) > 20 and len(route.stops) >= 5, route.line
        assert all(a[0] <= b[0] for a, b in itertools.pairwise(route.stops))
        if route.kind == "bus":
            away = nodes.query_nearest(shapely.points(route.points), return_distance=True)[1]
            assert away.max() < 1e-6, route.line


def test_the_network_survives_its_file(city: City, tmp_path: Path) -> None:
    save_network(tmp_path / "network.npz", city.road_graph, city.routes)
    graph, routes = load_network(tmp_path / "network.npz")
    assert (graph.points == city.road_graph.points).all() and (graph.cls == city.road_graph.cls).all()
    assert [(it.line, it.stops) for it in routes] == [(it.line, it.stops) for it in city.routes]
    assert all((a.points == b.points).all() for a, b in zip(routes, city.routes, strict=True))


def test_the_basemap_shows_few_things_from_afar_and_every_class_from_near(city: City) -> None:
    assert {shape.cls for shape in city.shapes} <= set(CLASSES)
    far = [shape for shape in city.shapes if shape.zmin <= 10 <= shape.zmax]
    near = {shape.cls for shape in city.shapes if shape.zmin <= 16 <= shape.zmax}
    assert len(far) < 1_500
    assert {"residential", "primary", "water", "rail", "tram", "building", "built", "path"} <= near
    named = {shape.name for shape in city.shapes}
    assert {"rue de la Liberté", "avenue Victor-Hugo", "boulevard de Brosses", "Lac Kir", "Dijon"} <= named


def test_streets_are_named_once_per_commune(city: City) -> None:
    seen = Counter((street.name, street.commune) for street in city.streets)
    assert len(city.streets) > 2_500
    assert max(seen.values()) == 1


def test_a_total_of_assets_can_be_asked_for_and_another_seed_is_another_city(city: City) -> None:
    grown = build_city(seed=22, assets=300_000)
    assert sum(sum(1 for _ in features) for features in grown.features.values()) == 300_000
    cabinets = {code for code, _, _ in grown.features["lighting-cabinets"]}
    assert {properties["cabinet"] for _, _, properties in grown.features["street-lights"]} == cabinets
    assert grown.features["junctions"] != city.features["junctions"]


def test_too_few_assets_are_refused() -> None:
    with pytest.raises(ValueError, match="too few"):
        build_city(assets=500)
