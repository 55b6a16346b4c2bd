"""Builds the whole demo metropolis from a seed."""

from __future__ import annotations

import datetime as dt
import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from desktop.demo.city import (
    basemap,
    buildings,
    footprints,
    hazards,
    lights,
    operations,
    places,
    rural,
    stations,
    transit,
)
from desktop.demo.city.communes import COMMUNES, Territory, territory
from desktop.demo.city.equipment import Equipment
from desktop.demo.city.field import Curving, FabricMap, curved
from desktop.demo.city.model import City, Feature, RoadGraph
from desktop.demo.city.network import Network, network
from desktop.demo.city.paths import MainGraph
from desktop.demo.city.plane import from_lonlat, to_mercator
from desktop.demo.city.roads import PRIMARY, TRUNK, Streets, main_roads, streets
from desktop.demo.city.roundabouts import with_roundabouts
from desktop.demo.city.terrain import Terrain, surroundings, terrain
from desktop.demo.city.town import Town, town
from desktop.store.basemap import Shape, Street

SEED = 21
FEWEST = 5_000
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
    seed: int = SEED,
    scale: int = LIGHTS,
    progress: Progress | None = None,
    assets: int | None = None,
    now: dt.datetime = operations.OPENED,
) -> City:
    """The demo metropolis, the same for the same arguments.

    `scale` is the number of street lights; `assets` instead asks for that many features in all. `progress` is
    told a step's name and the share done, 0 to 1. What is under way was reported the day before `now`, UTC.
    Raises ValueError when `assets` is under FEWEST.
    """
    if assets is not None and assets < FEWEST:
        raise ValueError(f"{assets} assets are too few: the metropolis has at least {FEWEST}")
    with _collector_paused():
        return _build(seed, scale, progress, assets, now)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Hold the cycle collector: a city is a million small objects without cycles, which it visits in vain."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def _build(seed: int, scale: int, progress: Progress | None, assets: int | None, now: dt.datetime) -> City:
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
    net = with_roundabouts(network(cut, curving), transit.tram_corridor(curving), 0.75, seed)
    built = curved(ground.built, curving)
    found = town(net, place, built, fabric, seed)
    tell("equipment", 0.4)
    kit = Equipment(found, ground, curving)
    graph = MainGraph(net)
    lines = transit.courses(kit, graph)
    stops = transit.stops(found, lines, STOPS)
    features = _features(found, kit, ground, curving, lines, stops, now)
    lamps, cabinets = (scale, lights.cabinets_for(scale)) if assets is None else _lights_for(assets, features)
    tell("street-lights", 0.55)
    features["street-lights"], features["lighting-cabinets"] = lights.lighting(found, lamps, cabinets)
    shapes = _shapes(ground, place, curving, cut, found, lines, limit, tell)
    tell("done", 1.0)
    return City(
        features, shapes, street_index(found, curving), road_graph(net), transit.routes(lines, stops), seed
    )


def _shapes(
    ground: Terrain,
    place: Territory,
    curving: Curving,
    cut: Streets,
    found: Town,
    lines: list[transit.Course],
    limit: BaseGeometry,
    tell: Progress,
) -> list[Shape]:
    """The basemap, from the ground up."""
    tell("fields", 0.65)
    fields, tracks = rural.country(cut.segments[: cut.main], ground, limit, found.seed)
    tell("buildings", 0.75)
    houses = footprints.footprints(found, cut.blocks, ground.obstacles, curving)
    tell("basemap", 0.9)
    trams = [line for line in lines if line.kind == "tram"]
    return [
        *basemap.ground_shapes(ground, place, curving, fields),
        *basemap.block_shapes(cut.blocks, curving, houses, tracks),
        *basemap.street_shapes(found.net),
        *(
            basemap.shown("tram", shapely.LineString(line.points), name=line.label, zmin=11.5)
            for line in trams
        ),
        *basemap.place_shapes(curving),
    ]


def _features(
    found: Town,
    kit: Equipment,
    ground: Terrain,
    curving: Curving,
    lines: list[transit.Course],
    stops: list[transit.Stop],
    now: dt.datetime,
) -> dict[str, Iterable[Feature]]:
    """Every layer but the lights."""
    reported = operations.incidents(found, OPEN_INCIDENTS, CLOSED_INCIDENTS, now)
    teams = operations.crews(kit, found, CREWS)
    bus_edges = {edge for line in lines if line.kind == "bus" for edge in line.edges}
    return {
        "junctions": kit.junctions(JUNCTIONS),
        "cameras": kit.cameras(CAMERAS),
        "buildings": buildings.buildings(kit, found, BUILDINGS),
        "bollards": kit.bollards(BOLLARDS),
        "message-signs": kit.message_signs(SIGNS),
        "car-parks": stations.car_parks(kit),
        "river-gauges": stations.river_gauges(kit, ground, curving),
        "weather-stations": stations.weather_stations(kit),
        "bike-stations": stations.bike_stations(kit),
        "tram-lines": transit.tram_features(lines),
        "bus-stops": transit.stop_features(found, stops, STOPS),
        "transit-vehicles": transit.vehicle_features(found, lines, TRAMS, VEHICLES),
        "incidents": reported,
        "interventions": operations.interventions(found, reported, teams, INTERVENTIONS, now),
        "crews": teams,
        "communes": hazards.commune_features(found.place),
        "flood-zones": hazards.flood_zones(ground, found.place, curving),
        "snow-routes": hazards.snow_routes(found, bus_edges),
    }


def _lights_for(assets: int, features: dict[str, Iterable[Feature]]) -> tuple[int, int]:
    """How many lights and cabinets bring the total to `assets`."""
    room = assets - sum(len(list(layer)) for layer in features.values())
    lamps = round(room / (1 + 1 / lights.PER_CABINET))
    return lamps, room - lamps


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


def street_index(found: Town, curving: Curving) -> list[Street]:
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
    squares = to_mercator(curving(from_lonlat([where for _, where, _ in places.PLAZAS]))).tolist()
    index = [
        Street(name, "Dijon", x, y, (x - 1.5 * radius, y - 1.5 * radius, x + 1.5 * radius, y + 1.5 * radius))
        for (name, _, radius), (x, y) in zip(places.PLAZAS, squares, strict=True)
    ]
    return index + [
        Street(found.street(edge), COMMUNES[int(found.commune[edge])].name, x, y, (west, south, east, north))
        for edge, (x, y), (west, south), (east, north) in zip(
            edges[first].tolist(), middle, low, high, strict=True
        )
    ]
