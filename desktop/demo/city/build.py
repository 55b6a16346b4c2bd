"""Builds the whole demo metropolis from a seed."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import shapely

from desktop.demo.city import (
    basemap,
    buildings,
    footprints,
    hazards,
    lights,
    operations,
    rural,
    transit,
)
from desktop.demo.city.communes import COMMUNES, territory
from desktop.demo.city.equipment import Equipment
from desktop.demo.city.field import Curving, FabricMap, curved
from desktop.demo.city.model import City, Feature, RoadGraph
from desktop.demo.city.network import Network, network
from desktop.demo.city.paths import MainGraph
from desktop.demo.city.plane import to_mercator, transform
from desktop.demo.city.roads import PRIMARY, TRUNK, main_roads, streets
from desktop.demo.city.terrain import Terrain, surroundings, terrain
from desktop.demo.city.town import Town, town
from desktop.store.basemap import Shape, Street

SEED = 21
LIGHTS = 34_000
JUNCTIONS, CAMERAS, BUILDINGS, BOLLARDS, SIGNS, STOPS, TRAMS, VEHICLES, CREWS = (
    260,
    269,
    180,
    26,
    38,
    1_072,
    33,
    180,
    205,
)
OPEN_INCIDENTS, CLOSED_INCIDENTS, INTERVENTIONS = 14, 22, 37

Progress = Callable[[str, float], None]


def build_city(
    seed: int = SEED, scale: int = LIGHTS, progress: Progress | None = None, assets: int | None = None
) -> City:
    """The demo metropolis, the same for the same arguments.

    `scale` is the number of street lights; `assets` instead asks for that many features in all. `progress` is
    told a step's name and the share done, 0 to 1.
    """
    tell = progress or (lambda _step, _share: None)
    tell("territory", 0.0)
    place = territory(seed)
    roads = main_roads(seed)
    at_grade = [curve for curve, cls in zip(roads.curves, roads.classes, strict=True) if cls > TRUNK]
    limit = surroundings(place, seed)
    ground = terrain(seed, shapely.union_all(at_grade), limit)
    fabric = FabricMap(ground, place.hull.buffer(1_500).bounds)
    curving = Curving(ground, fabric, seed)
    tell("streets", 0.15)
    cut = streets(ground, roads, fabric, limit, seed)
    net = network(cut, curving)
    built = curved(ground.built, curving)
    found = town(net, place, built, fabric, seed)
    tell("equipment", 0.4)
    kit = Equipment(found, ground, curving)
    graph = MainGraph(net)
    lines = transit.courses(kit, graph)
    stops = transit.stops(found, lines, STOPS)
    features = _features(found, kit, ground, curving, lines, stops)
    count = scale if assets is None else _lights_for(assets, features)
    tell("street-lights", 0.6)
    features["street-lights"], features["lighting-cabinets"] = lights.lighting(found, count)
    tell("basemap", 0.8)
    tram = [
        Shape("tram", transform(shapely.LineString(line.points), to_mercator), line.label, zmin=11.5)
        for line in lines
        if line.kind == "tram"
    ]
    fields, tracks = rural.country(cut.segments[: cut.main], ground, limit, seed)
    houses = footprints.footprints(found, cut.blocks, ground.obstacles, curving)
    shapes = [
        *basemap.ground_shapes(ground, place, curving, fields),
        *basemap.block_shapes(cut.blocks, curving, houses, tracks),
        *basemap.street_shapes(net),
        *tram,
        *basemap.place_shapes(curving),
    ]
    tell("done", 1.0)
    return City(features, shapes, street_index(found), road_graph(net), transit.routes(lines, stops), seed)


def _features(
    found: Town,
    kit: Equipment,
    ground: Terrain,
    curving: Curving,
    lines: list[transit.Course],
    stops: list[transit.Stop],
) -> dict[str, Iterable[Feature]]:
    """Every layer but the lights."""
    reported = operations.incidents(found, OPEN_INCIDENTS, CLOSED_INCIDENTS)
    teams = operations.crews(kit, found, CREWS)
    bus_edges = {edge for line in lines if line.kind == "bus" for edge in line.edges}
    return {
        "junctions": kit.junctions(JUNCTIONS),
        "cameras": kit.cameras(CAMERAS),
        "buildings": buildings.buildings(kit, found, BUILDINGS),
        "bollards": kit.bollards(BOLLARDS),
        "message-signs": kit.message_signs(SIGNS),
        "car-parks": kit.car_parks(),
        "river-gauges": kit.river_gauges(),
        "weather-stations": kit.weather_stations(),
        "bike-stations": kit.bike_stations(),
        "tram-lines": transit.tram_features(lines),
        "bus-stops": transit.stop_features(found, stops, STOPS),
        "transit-vehicles": transit.vehicle_features(found, lines, TRAMS, VEHICLES),
        "incidents": reported,
        "interventions": operations.interventions(found, reported, teams, INTERVENTIONS),
        "crews": teams,
        "communes": hazards.commune_features(found.place),
        "flood-zones": hazards.flood_zones(ground, found.place, curving),
        "snow-routes": hazards.snow_routes(found, bus_edges),
    }


def _lights_for(assets: int, features: dict[str, Iterable[Feature]]) -> int:
    """How many lights bring the total, with their cabinets, to `assets`."""
    room = assets - sum(len(list(layer)) for layer in features.values())
    if room < 200:
        raise ValueError(f"{assets} assets are too few: the other layers alone hold {assets - room}")
    count = round(room / (1 + 1 / lights.PER_CABINET))
    while count + lights.cabinets_for(count) > room:
        count -= 1
    while count + lights.cabinets_for(count) < room:
        count += 1
    return count


def road_graph(net: Network) -> RoadGraph:
    """The network for vehicles, in EPSG:3857."""
    counts = shapely.get_num_coordinates(net.lines)
    return RoadGraph(
        to_mercator(net.nodes),
        net.start.astype(np.int32),
        net.end.astype(np.int32),
        net.lengths.astype(np.float32),
        net.cls.astype(np.int8),
        np.concatenate(([0], np.cumsum(counts))).astype(np.int32),
        to_mercator(shapely.get_coordinates(net.lines)),
    )


def street_index(found: Town) -> list[Street]:
    """Every named street once per commune: the middle of its longest edge and its bounds, EPSG:3857."""
    net = found.net
    edges = np.flatnonzero((found.commune >= 0) & (net.cls >= PRIMARY))
    _, spelling = np.unique(np.array(net.names), return_inverse=True)
    name = spelling[net.street]
    edges = edges[np.lexsort((-net.lengths[edges], found.commune[edges], name[edges]))]
    key = name[edges] * 100 + found.commune[edges]
    _, first = np.unique(key, return_index=True)
    boxes = shapely.bounds(net.lines[edges])
    low = to_mercator(np.minimum.reduceat(boxes[:, :2], first)).tolist()
    high = to_mercator(np.maximum.reduceat(boxes[:, 2:], first)).tolist()
    middle = to_mercator(found.middle[edges[first]]).tolist()
    return [
        Street(found.street(edge), COMMUNES[int(found.commune[edge])].name, x, y, (west, south, east, north))
        for edge, (x, y), (west, south), (east, north) in zip(
            edges[first].tolist(), middle, low, high, strict=True
        )
    ]
