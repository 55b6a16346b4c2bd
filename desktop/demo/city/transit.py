"""Tram and bus lines on the streets, their stops, and the vehicles that run them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable

import msgspec
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from desktop.demo.city import courses as known
from desktop.demo.city import skeleton
from desktop.demo.city.communes import COMMUNES
from desktop.demo.city.equipment import Equipment
from desktop.demo.city.field import Curving
from desktop.demo.city.model import Feature, Route
from desktop.demo.city.paths import MainGraph, edges_of
from desktop.demo.city.plane import Floats, from_lonlat, smooth_curve, to_lonlat, to_mercator
from desktop.demo.city.town import KERB, Town, point

TRAM_COLORS = {"T1": "#a0509b", "T2": "#c8417f"}

BUS_LINES: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    (
        "L3",
        "Fontaine d'Ouche",
        "Saint-Apollinaire",
        ("kir", "larrey", "albert", "darcy", "republique", "gray", "stapo"),
    ),
    ("L4", "Daix", "Longvic", ("daix", "fontaine", "fontaine-s", "darcy", "wilson", "longvic-n", "longvic")),
    (
        "L5",
        "Talant",
        "Université",
        ("talant", "hugo", "darcy", "theatre", "octobre", "mirande", "universite"),
    ),
    (
        "L6",
        "Ahuy",
        "Chevigny",
        ("ahuy", "champollion", "republique", "octobre", "mansart", "sennecey", "chevigny"),
    ),
    (
        "L7",
        "Marsannay",
        "Toison d'Or",
        ("marsannay", "chenove", "jaures", "suquet", "wilson", "republique", "toison"),
    ),
    (
        "B10",
        "Fontaine",
        "Mansart",
        ("fontaine", "champollion", "langres", "strasbourg", "voltaire", "mansart"),
    ),
    (
        "B11",
        "Larrey",
        "Gray",
        ("larrey", "bourroches", "jaures", "eiffel", "parc", "wilson", "octobre", "gray"),
    ),
    (
        "B12",
        "Valmy",
        "Chenôve",
        ("valmy", "nation", "stalingrad", "gray", "mirande", "mansart", "parc", "jaures", "chenove"),
    ),
    ("B13", "Plombières", "Gare", ("plombieres", "albert", "gare")),
    ("B14", "Quetigny", "Bressey", ("quetigny", "bressey")),
    ("B15", "Talant", "Drapeau", ("talant", "fontaine", "champollion", "drapeau", "republique")),
    ("B16", "Perrigny", "Darcy", ("perrigny", "jaures", "suquet", "darcy")),
    ("B17", "Longvic", "Quetigny", ("longvic", "sennecey", "chevigny", "quetigny")),
    ("B18", "Ouges", "Wilson", ("ouges", "longvic", "parc", "wilson")),
    ("B19", "Neuilly", "Universite", ("neuilly", "mansart", "universite")),
    ("B20", "Magny", "Chevigny", ("magny", "chevigny")),
    ("B21", "Fénay", "Longvic", ("fenay", "ouges", "longvic")),
    ("B22", "Corcelles", "Bourroches", ("flavignerot", "corcelles", "bourroches", "jaures")),
    ("B23", "Hauteville", "Darcy", ("hauteville", "daix", "talant", "hugo", "darcy")),
    ("B24", "Bretenière", "Ouges", ("breteniere", "ouges")),
    ("B25", "Stalingrad", "Saint-Apollinaire", ("clem", "stalingrad", "stapo", "quetigny", "universite")),
    (
        "B26",
        "Ceinture",
        "Ceinture",
        ("hugo", "fontaine-s", "langres", "gray", "universite", "parc", "jaures", "larrey", "hugo"),
    ),
    ("B27", "Marsannay", "Longvic", ("marsannay", "perrigny", "longvic")),
    ("B28", "Saint-Apollinaire", "Chevigny", ("stapo", "quetigny", "chevigny", "neuilly")),
    (
        "B29",
        "Centre-ville",
        "Centre-ville",
        ("darcy", "bernard", "republique", "octobre", "wilson", "suquet", "darcy"),
    ),
    ("B30", "Kir", "Talant", ("kir", "plombieres", "talant")),
)


class Course(msgspec.Struct):
    """A line on the plane."""

    label: str
    kind: str
    start: str
    end: str
    points: Floats
    edges: list[int]
    calls: list[tuple[str, Floats]] = []
    """Stops of its own (name, position); empty when it calls at the street's."""


class Stop(msgspec.Struct):
    """A stop place on an edge, with the lines that call there."""

    edge: int
    share: float
    name: str
    lines: list[str]
    where: Floats


def courses(kit: Equipment, graph: MainGraph) -> list[Course]:
    """Trams first, then buses."""
    found = []
    for line in known.TRAMS:
        parts: list[Floats] = []
        edges: list[int] = []
        spots = [kit.at(_place(stop)) for stop in line.course]
        for a, b in itertools.pairwise(spots):
            way = graph.way(graph.nearest(a), graph.nearest(b))
            on_road = way and _reaches(graph, way, a, b)
            parts.append(graph.points(way) if on_road else np.vstack([a, b]))
            edges += edges_of(way).tolist() if on_road else []
        calls = [(name, kit.at(_place(stop))) for name, stop in line.stops]
        points = _tidy(np.vstack(parts))
        found.append(Course(line.label, "tram", calls[0][0], calls[-1][0], points, edges, calls))
    for label, start, end, stops in BUS_LINES:
        nodes = [graph.nearest(kit.at(skeleton.ANCHORS[stop])) for stop in stops]
        bus = [step for a, b in itertools.pairwise(nodes) for step in graph.way(a, b)]
        found.append(Course(label, "bus", start, end, _tidy(graph.points(bus)), edges_of(bus).tolist()))
    return found


def _place(stop: skeleton.Stop) -> skeleton.LonLat:
    return skeleton.ANCHORS[stop] if isinstance(stop, str) else stop


def tram_corridor(curving: Curving) -> BaseGeometry:
    """Where the tramway passes, some 80 m to each side."""
    lines = []
    for line in known.TRAMS:
        points = from_lonlat([_place(stop) for stop in line.course])
        lines.append(shapely.LineString(curving(smooth_curve(points, 60))))
    return shapely.union_all(lines).buffer(80)


def _reaches(graph: MainGraph, way: list[tuple[int, bool]], a: Floats, b: Floats) -> bool:
    """Whether the way by road really joins the two places without a detour."""
    line = graph.points(way)
    run = float(np.hypot(*np.diff(line, axis=0).T).sum())
    gap = max(float(np.hypot(*(line[0] - a))), float(np.hypot(*(line[-1] - b))))
    return gap < 25 and run < 1.25 * float(np.hypot(*(a - b))) + 20


def _tidy(points: Floats) -> Floats:
    keep = np.concatenate(([True], np.hypot(*np.diff(points, axis=0).T) > 0.5))
    return np.asarray(points[keep])


def stops(town: Town, lines: list[Course], count: int) -> list[Stop]:
    """Stop places so that, with a pole on each side, there are `count` poles (rounded up)."""
    low, high = 120.0, 700.0
    found: list[Stop] = []
    for _ in range(14):
        apart = (low + high) / 2
        found = _stops(town, lines, apart)
        if 2 * len(found) >= count:
            low = apart
        else:
            high = apart
    return _stops(town, lines, low)[: (count + 1) // 2]


def _stops(town: Town, lines: list[Course], apart: float) -> list[Stop]:
    """Walk every bus line once and leave a stop about every `apart` metres where none stands yet."""
    by_edge: dict[int, list[str]] = {}
    for line in lines:
        for edge in line.edges:
            by_edge.setdefault(edge, []).append(line.label)
    crossing = _cross_streets(town, by_edge)
    placed: list[Stop] = []
    seen: set[int] = set()
    cells: dict[tuple[int, int], list[Floats]] = {}
    for line in lines:
        since = 0.55 * apart
        for edge in line.edges if line.kind == "bus" else []:
            since += float(town.net.lengths[edge])
            if edge in seen:
                since = min(since, 0.9 * apart)
                continue
            seen.add(edge)
            where = town.middle[edge]
            if since >= apart and town.commune[edge] >= 0 and _free(cells, where, 0.6 * apart):
                labels = list(dict.fromkeys(by_edge[edge]))
                name = crossing.get(edge, town.street(edge))
                placed.append(Stop(edge, 0.5, name, [it for it in labels if it[0] != "T"], where))
                cells.setdefault((int(where[0] // 500), int(where[1] // 500)), []).append(where)
                since = 0.0
    return placed


def _cross_streets(town: Town, edges: Iterable[int]) -> dict[int, str]:
    """For each edge, the name of a street that meets it, by which a stop is usually called."""
    at: dict[int, set[str]] = {}
    for u, v, street in zip(
        town.net.start.tolist(), town.net.end.tolist(), town.net.street.tolist(), strict=True
    ):
        name = town.net.names[street]
        at.setdefault(u, set()).add(name)
        at.setdefault(v, set()).add(name)
    found = {}
    for edge in edges:
        ends = at[int(town.net.start[edge])] | at[int(town.net.end[edge])]
        others = sorted(ends - {town.street(edge)})
        if others:
            found[edge] = others[edge % len(others)]
    return found


def _free(cells: dict[tuple[int, int], list[Floats]], where: Floats, apart: float) -> bool:
    column, row = int(where[0] // 500), int(where[1] // 500)
    for i in (column - 1, column, column + 1):
        for j in (row - 1, row, row + 1):
            for other in cells.get((i, j), ()):
                if math.hypot(other[0] - where[0], other[1] - where[1]) < apart:
                    return False
    return True


def stop_features(town: Town, placed: list[Stop], count: int) -> list[Feature]:
    """Two poles per stop place, on either side of the street; exactly `count`."""
    names = stop_names(placed)
    edges = np.array([stop.edge for stop in placed])
    offset = np.array(KERB)[town.net.cls[edges]] + 1.0
    features: list[Feature] = []
    spots = [
        town.beside(edges, np.full(len(edges), share), np.full(len(edges), side), offset)
        for share, side in ((0.42, 1.0), (0.58, -1.0))
    ]
    communes = [town.commune_at(spot) for spot in spots]
    for index, stop in enumerate(placed):
        for side in (0, 1):
            code = int(communes[side][index])
            properties = {
                "name": names[index],
                "lines": " ".join(stop.lines),
                "shelter": (index * 5 + side) % 7 < 4,
                "commune": COMMUNES[code if code >= 0 else int(town.commune[stop.edge])].insee,
            }
            features.append((f"S-{len(features) + 1:04d}", point(spots[side][index]), properties))
    return features[:count]


def stop_names(placed: list[Stop]) -> list[str]:
    """A name per stop place: its street's, numbered where the street has several."""
    seen: dict[str, int] = {}
    names = []
    for stop in placed:
        kind, _, rest = stop.name.partition(" ")
        name = (
            rest
            if rest and rest[0].isupper() and kind not in ("A",)
            else stop.name[:1].upper() + stop.name[1:]
        )
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} {seen[name]}")
    return names


def routes(lines: list[Course], placed: list[Stop]) -> tuple[Route, ...]:
    """The courses in EPSG:3857 with their stops, for the simulator."""
    names = stop_names(placed)
    where = shapely.points(np.array([stop.where for stop in placed]))
    tree = shapely.STRtree(where)
    found = []
    for line in lines:
        points = to_mercator(line.points)
        curve = shapely.LineString(line.points)
        if line.calls:
            labels, spots = [name for name, _ in line.calls], shapely.points([spot for _, spot in line.calls])
        else:
            near = tree.query(curve, predicate="dwithin", distance=12.0)
            labels, spots = [names[stop] for stop in near.tolist()], where[near]
        ratio = float(np.hypot(*np.diff(points, axis=0).T).sum()) / curve.length
        along = (shapely.line_locate_point(curve, spots) * ratio).tolist()
        calls = sorted((round(at, 1), name) for at, name in zip(along, labels, strict=True))
        found.append(Route(line.label, line.kind, line.start, line.end, points, tuple(calls)))
    return tuple(found)


def tram_features(lines: list[Course]) -> list[Feature]:
    """The tramway lines."""
    features: list[Feature] = []
    for line in lines:
        if line.kind == "tram":
            length = float(np.hypot(*np.diff(line.points, axis=0).T).sum()) / 1000
            geometry = {"type": "LineString", "coordinates": to_lonlat(line.points).tolist()}
            properties = {
                "name": f"Tram {line.label}",
                "color": TRAM_COLORS[line.label],
                "terminus_a": line.start,
                "terminus_b": line.end,
                "length_km": round(length, 1),
            }
            features.append((line.label, geometry, properties))
    return features


def vehicle_features(town: Town, lines: list[Course], trams: int, count: int) -> list[Feature]:
    """Vehicles spread along their lines: `trams` of the `count`, the others buses shared by line length."""
    features: list[Feature] = []
    for kind, number in (("tram", trams), ("bus", count - trams)):
        chosen = [line for line in lines if line.kind == kind]
        lengths = np.array([shapely.LineString(line.points).length for line in chosen]) ** 0.8
        quota = np.floor(lengths / lengths.sum() * number).astype(int)
        quota[: number - int(quota.sum())] += 1
        running = 0
        for line, share in zip(chosen, quota.tolist(), strict=True):
            curve = shapely.LineString(line.points)
            for place in range(share):
                running += 1
                spot = shapely.get_coordinates(curve.interpolate((place + 0.5) / share, normalized=True))[0]
                fleet = str((1000 if kind == "tram" else 4500) + running)
                code = f"TRAM-{running:02d}" if kind == "tram" else f"BUS-{running:03d}"
                commune = int(town.commune_at(spot.reshape(1, 2))[0])
                properties = {
                    "name": f"{line.label} · {fleet}",
                    "kind": kind,
                    "line": line.label,
                    "fleet_number": fleet,
                    "commune": COMMUNES[max(commune, 0)].insee,
                }
                features.append((code, point(spot), properties))
    return features
