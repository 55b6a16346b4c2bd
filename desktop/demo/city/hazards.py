"""Communes, flood zones and snow routes: the territory's own layers."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
import shapely.ops
from shapely.geometry.base import BaseGeometry

from desktop.demo.city.communes import COMMUNES, Territory
from desktop.demo.city.field import Curving, curved
from desktop.demo.city.model import Feature
from desktop.demo.city.plane import from_lonlat, to_lonlat, transform
from desktop.demo.city.roads import PRIMARY, RESIDENTIAL, SECONDARY, TERTIARY
from desktop.demo.city.skeleton import LonLat
from desktop.demo.city.terrain import Terrain
from desktop.demo.city.town import Town

SNOW_KM = 412.0
FLOODS: tuple[tuple[str, str, tuple[LonLat, LonLat], float, str, int], ...] = (
    ("Ouche amont", "Ouche", ((4.9100, 47.3385), (4.9830, 47.3325)), 190.0, "high", 10),
    ("Ouche Dijon", "Ouche", ((5.0090, 47.3235), (5.0390, 47.3096)), 95.0, "medium", 50),
    ("Ouche Longvic", "Ouche", ((5.0410, 47.3075), (5.0720, 47.2825)), 170.0, "high", 20),
    ("Ouche aval", "Ouche", ((5.0760, 47.2808), (5.1340, 47.2590)), 260.0, "medium", 50),
    ("Suzon", "Suzon", ((5.0268, 47.3810), (5.0413, 47.3395)), 90.0, "low", 100),
    ("Tille et Norges", "Tille", ((5.1925, 47.3140), (5.1680, 47.2740)), 300.0, "high", 10),
)
"""(name, river, its two ends, half width m, hazard, return period in years)."""


def geojson(geometry: BaseGeometry) -> dict[str, Any]:
    """A plane geometry as a GeoJSON mapping in WGS84 degrees, rounded to 7 decimals."""
    return dict(shapely.geometry.mapping(transform(geometry, to_lonlat)))


def commune_features(place: Territory) -> list[Feature]:
    """The 23 communes; areas are those of the generated contours."""
    return [
        (
            commune.insee,
            geojson(contour),
            {
                "name": commune.name,
                "insee": commune.insee,
                "postcode": commune.postcode,
                "population": commune.population,
                "area_km2": round(contour.area / 1e6, 2),
                "commune": commune.insee,
            },
        )
        for commune, contour in zip(COMMUNES, place.contours, strict=True)
    ]


def flood_zones(ground: Terrain, place: Territory, curving: Curving) -> list[Feature]:
    """Six zones along the rivers, within the metropolis."""
    lines = {**ground.rivers, **ground.streams}
    features: list[Feature] = []
    for index, (name, river, ends, width, hazard, period) in enumerate(FLOODS, 1):
        line = lines[river]
        start, end = shapely.line_locate_point(line, shapely.points(from_lonlat(ends))).tolist()
        reach = shapely.ops.substring(line, start, end)
        zone = (
            shapely.simplify(curved(reach, curving), 15)
            .buffer(width, cap_style="round")
            .intersection(place.hull)
        )
        parts = shapely.get_parts(zone)
        zone = parts[int(np.argmax(shapely.area(parts)))].simplify(4)
        code = _commune(zone, place)
        properties = {
            "name": name,
            "river": river,
            "hazard": hazard,
            "return_period_y": period,
            "commune": code,
        }
        features.append((f"FZ-{index}", geojson(zone), properties))
    return features


def _commune(zone: BaseGeometry, place: Territory) -> str:
    shares = [contour.intersection(zone).area for contour in place.contours]
    return COMMUNES[int(np.argmax(shares))].insee


def snow_routes(town: Town, bus_edges: set[int]) -> list[Feature]:
    """Routes cleared first: main roads, then bus streets and the longest others, about `SNOW_KM` in all."""
    net = town.net
    usable = (town.commune >= 0) & (net.cls >= PRIMARY)
    on_bus = np.isin(np.arange(len(net.cls)), list(bus_edges))
    first = np.flatnonzero(usable & ((net.cls <= SECONDARY) | (on_bus & (net.cls <= TERTIARY))))
    rest = np.flatnonzero(usable & town.urban & (net.cls >= TERTIARY) & (net.cls <= RESIDENTIAL) & ~on_bus)
    street_length = np.bincount(net.street[rest], weights=net.lengths[rest], minlength=len(net.names))
    order = rest[np.lexsort((rest, net.street[rest], -street_length[net.street[rest]], net.cls[rest]))]
    room = SNOW_KM * 1000 - float(net.lengths[first].sum())
    second = order[: int(np.searchsorted(np.cumsum(net.lengths[order]), room))]
    features: list[Feature] = []
    for priority, edges in ((1, first), (2, second)):
        key = net.street[edges] * 100 + town.commune[edges]
        for value in np.unique(key).tolist():
            part = edges[key == value]
            merged = shapely.line_merge(shapely.multilinestrings([net.lines[part]])[0])
            street = net.names[value // 100]
            properties = {
                "name": f"{street[:1].upper()}{street[1:]}",
                "priority": priority,
                "street": street,
                "length_km": round(float(net.lengths[part].sum()) / 1000, 2),
                "commune": COMMUNES[value % 100].insee,
            }
            features.append((f"SR-{len(features) + 1:03d}", geojson(merged.simplify(1.0)), properties))
    return features
