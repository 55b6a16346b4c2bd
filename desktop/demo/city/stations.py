"""Car parks, river gauges, weather and bike stations, at the places where they are known to be."""

from __future__ import annotations

import shapely
from shapely.geometry.base import BaseGeometry

from desktop.demo.city import places
from desktop.demo.city.equipment import Equipment
from desktop.demo.city.field import Curving
from desktop.demo.city.model import Feature
from desktop.demo.city.plane import from_lonlat
from desktop.demo.city.terrain import Terrain
from desktop.demo.city.town import point


def car_parks(kit: Equipment) -> list[Feature]:
    """The public car parks."""
    features: list[Feature] = []
    for index, (name, capacity, kind, operator, lonlat) in enumerate(places.CAR_PARKS, 1):
        where, _ = kit.kerb(kit.at(lonlat), 8.0)
        properties = {
            "name": name,
            "capacity": capacity,
            "kind": kind,
            "operator": operator,
            "commune": kit.commune(where),
        }
        features.append((f"P-{index:02d}", point(where), properties))
    return features


def river_gauges(kit: Equipment, ground: Terrain, curving: Curving) -> list[Feature]:
    """Level gauges on the rivers."""
    lines: dict[str, BaseGeometry] = {**ground.rivers, **ground.streams}
    features: list[Feature] = []
    for index, (name, river, near, zero) in enumerate(places.GAUGES, 1):
        line = lines[river]
        spot = line.interpolate(line.project(shapely.Point(from_lonlat([near])[0])))
        where = curving(shapely.get_coordinates(spot))[0]
        base = 1.3 if river == "Ouche" else 0.8
        properties = {
            "name": name,
            "river": river,
            "threshold_yellow": round(base + 0.3, 2),
            "threshold_orange": round(base + 0.8, 2),
            "threshold_red": round(base + 1.4, 2),
            "zero_m": zero,
            "commune": kit.commune(where),
        }
        features.append((f"G-{index:02d}", point(where), properties))
    return features


def weather_stations(kit: Equipment) -> list[Feature]:
    """Weather stations."""
    features: list[Feature] = []
    for index, (name, altitude, lonlat) in enumerate(places.STATIONS, 1):
        where = kit.at(lonlat)
        properties = {"name": name, "altitude_m": altitude, "commune": kit.commune(where)}
        features.append((f"W-{index:02d}", point(where), properties))
    return features


def bike_stations(kit: Equipment) -> list[Feature]:
    """Bike-share stations beside a street."""
    features: list[Feature] = []
    for index, (name, lonlat) in enumerate(places.BIKE_STATIONS, 1):
        where, _ = kit.kerb(kit.at(lonlat), 1.0)
        properties = {
            "name": name,
            "capacity": (16, 20, 24, 18)[index % 4],
            "commune": kit.commune(where),
        }
        features.append((f"V-{index:02d}", point(where), properties))
    return features
