"""Signalled junctions, cameras, bollards, signs and the other street equipment, on the streets."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import shapely

from desktop.demo.city import places, quarters
from desktop.demo.city.communes import COMMUNES
from desktop.demo.city.field import Curving
from desktop.demo.city.model import Feature
from desktop.demo.city.plane import Floats, Ints, from_lonlat
from desktop.demo.city.roads import PRIMARY, SECONDARY, TERTIARY, TRUNK
from desktop.demo.city.roundabouts import rings
from desktop.demo.city.terrain import Terrain
from desktop.demo.city.town import KERB, Town, point


class Equipment:
    """Places the street equipment of a town; each method gives the features of one layer."""

    def __init__(self, town: Town, ground: Terrain, curving: Curving) -> None:
        self._town, self._ground, self._curving = town, ground, curving
        self._rng = np.random.default_rng(town.seed + 401)
        inside = town.commune >= 0
        self._streets = np.flatnonzero(
            inside & town.urban & (town.net.cls >= PRIMARY) & (town.net.lengths > 12)
        )
        self._tree = shapely.STRtree(town.net.lines[self._streets])
        self.crossings = self._crossings()

    def near(self, where: Floats) -> int:
        """The street edge nearest to a plane point."""
        return int(self._streets[self._tree.nearest(shapely.Point(where))])

    def at(self, lonlat: tuple[float, float]) -> Floats:
        """Curved plane position (2,) of a known place."""
        return np.asarray(self._curving(from_lonlat([lonlat]))[0])

    def kerb(self, where: Floats, offset: float = 0.0) -> tuple[Floats, int]:
        """A point beside the street nearest to `where`, on the side of `where`, and its edge."""
        edge = self.near(where)
        line = self._town.net.lines[edge]
        share = float(
            np.clip(shapely.line_locate_point(line, shapely.Point(where), normalized=True), 0.08, 0.92)
        )
        at, direction = self._town.along(np.array([edge]), np.array([share]))
        cross = direction[0, 0] * (where[1] - at[0, 1]) - direction[0, 1] * (where[0] - at[0, 0])
        away = KERB[int(self._town.net.cls[edge])] + offset
        side = 1.0 if cross >= 0 else -1.0
        return at[0] + side * away * np.array([-direction[0, 1], direction[0, 0]]), edge

    def _crossings(self) -> Ints:
        """Nodes where main streets meet, most important first."""
        net, town = self._town.net, self._town
        main = (net.cls >= PRIMARY) & (net.cls <= TERTIARY) & (town.commune >= 0) & town.urban
        score = np.zeros(len(net.nodes))
        arms = np.zeros(len(net.nodes), dtype=np.int64)
        for ends in (net.start, net.end):
            np.add.at(score, ends[main], np.array([0, 0, 4.0, 2.5, 1.0, 0, 0, 0])[net.cls[main]])
            np.add.at(arms, ends[main], 1)
        score *= 1 / (1 + np.hypot(*net.nodes.T) / 4000)
        fit = (arms >= 2) & (net.degree >= 3)
        fit[rings(net)] = False
        chosen = np.flatnonzero(fit)
        return np.asarray(chosen[np.argsort(-score[chosen], kind="stable")])

    def _spaced(self, nodes: Ints, count: int, apart: float) -> Ints:
        """The first `count` nodes at least `apart` metres from each other; closer ones only if too few."""
        kept: list[int] = []
        points = self._town.net.nodes
        while True:
            kept = []
            for node in nodes.tolist():
                if not kept or np.hypot(*(points[kept] - points[node]).T).min() > apart:
                    kept.append(node)
                if len(kept) == count:
                    return np.array(kept)
            apart *= 0.8

    def _arms(self, node: int) -> list[tuple[int, float]]:
        """Edges at a node and the bearing (degrees from north) in which each leaves."""
        net = self._town.net
        found = []
        for edge in np.flatnonzero((net.start == node) | (net.end == node)).tolist():
            line = shapely.get_coordinates(net.lines[edge])
            ahead = line[1] - line[0] if net.start[edge] == node else line[-2] - line[-1]
            found.append((edge, math.degrees(math.atan2(ahead[0], ahead[1])) % 360))
        return sorted(found, key=lambda arm: (int(net.cls[arm[0]]), arm[0]))

    def junctions(self, count: int) -> list[Feature]:
        """Signalled junctions; Darcy keeps its well-known number 87."""
        nodes = self._spaced(self.crossings, count, 120.0).tolist()
        darcy = int(np.argmin(np.hypot(*(self._town.net.nodes[nodes] - self.at(places.SQUARES[0][1])).T)))
        if len(nodes) > 86:
            nodes[darcy], nodes[86] = nodes[86], nodes[darcy]
        squares = np.array([self.at(where) for _, where in places.SQUARES])
        used: set[str] = set()
        features: list[Feature] = []
        for index, node in enumerate(nodes):
            arms = self._arms(node)
            position = self._town.net.nodes[node]
            gap = np.hypot(*(squares - position).T)
            name = (
                f"Carrefour {places.SQUARES[int(np.argmin(gap))][0]}"
                if gap.min() < 40
                else self._meeting(arms)
            )
            if name in used:
                name = f"{name} ({index + 1})"
            used.add(name)
            features.append(
                (f"JC-{index + 1:04d}", point(position), self._junction(name, arms, position, index))
            )
        return features

    def _meeting(self, arms: list[tuple[int, float]]) -> str:
        streets: list[str] = []
        for edge, _ in arms:
            name = self._town.street(edge)
            if name not in streets:
                streets.append(name)
        short = [_short(name) for name in streets[:2]]
        return "Carrefour " + " / ".join(short)

    def _junction(
        self, name: str, arms: list[tuple[int, float]], position: Floats, index: int
    ) -> dict[str, Any]:
        phases = 2 if len(arms) <= 4 else 3
        commune = self.commune(position)
        return {
            "name": name,
            "controller": ("Lacroix Tegis", "Aximum Maestro", "Fareco Diaser")[index % 3],
            "phases": phases,
            "lines": 2 * len(arms),
            "axis": f"Axe {_short(self._town.street(arms[0][0]))}",
            "plans": ("1,2,4,6", "1,2,3", "1,2,4", "1,3,5,6")[index % 4],
            "actions": "force-plan,automatic" if index % 7 == 5 else "force-plan,flashing,automatic",
            "bus_priority": index % 23 < 10,
            "installed": f"{2004 + (index * 7) % 20}-{index % 12 + 1:02d}-12",
            "commune": commune,
        }

    def commune(self, position: Floats) -> str:
        """INSEE code of the commune at a plane point (2,)."""
        index = int(self._town.commune_at(np.asarray(position).reshape(1, 2))[0])
        return COMMUNES[max(index, 0)].insee

    def cameras(self, count: int) -> list[Feature]:
        """Cameras at crossings of the centre first, looking along a street."""
        nodes = self._spaced(self.crossings, count, 95.0)
        features: list[Feature] = []
        for index, node in enumerate(nodes.tolist()):
            arms = self._arms(node)
            edge, bearing = arms[index % min(2, len(arms))]
            kind = ("dome", "ptz", "fixed")[index % 3]
            angle = math.radians(bearing + 118)
            position = self._town.net.nodes[node] + 11.0 * np.array([math.sin(angle), math.cos(angle)])
            properties = {
                "name": f"{_titled(self._town.street(edge))} {index % 4 + 1}",
                "street": self._town.street(edge),
                "bearing": round(bearing, 1),
                "view_angle": {"dome": 75.0, "ptz": 60.0, "fixed": 48.0}[kind],
                "view_range": {"dome": 70.0, "ptz": 120.0, "fixed": 90.0}[kind],
                "kind": kind,
                "owner": "Ville de Dijon" if index % 5 else "Dijon Métropole",
                "commune": self.commune(position),
            }
            features.append((f"C-{index + 1:03d}", point(position), properties))
        return features

    def bollards(self, count: int) -> list[Feature]:
        """Retractable bollards where streets enter the pedestrian area."""
        net = self._town.net
        ring = shapely.LinearRing(self._curving(from_lonlat(quarters.PEDESTRIAN)))
        inside = self._streets[shapely.intersects(net.lines[self._streets], ring)]
        spots: list[tuple[Floats, int]] = []
        for edge in inside.tolist():
            meeting = shapely.get_coordinates(shapely.intersection(net.lines[edge], ring))[0]
            if all(np.hypot(*(meeting - other)) > 18 for other, _ in spots):
                spots.append((meeting, edge))
        spots.sort(key=lambda spot: math.atan2(spot[0][1], spot[0][0]))
        step = max(1.0, len(spots) / count)
        chosen = [spots[int(index * step)] for index in range(min(count, len(spots)))]
        features: list[Feature] = []
        for index, (where, edge) in enumerate(chosen):
            street = self._town.street(edge)
            properties = {
                "name": f"Borne {street}",
                "street": street,
                "access": ("Riverains, livraisons 6 h-11 h", "Riverains et secours", "Secours et bus")[
                    index % 3
                ],
                "commune": self.commune(where),
            }
            features.append((f"BO-{index + 1:02d}", point(where), properties))
        return features

    def message_signs(self, count: int) -> list[Feature]:
        """Variable message signs beside the main roads, facing inbound traffic."""
        net, town = self._town.net, self._town
        main = np.flatnonzero(
            (town.commune >= 0) & (net.cls >= TRUNK) & (net.cls <= SECONDARY) & (net.lengths > 60)
        )
        away = np.hypot(*town.middle[main].T)
        order = main[np.argsort(np.abs(away - 2600) - 900 * (net.cls[main] < SECONDARY), kind="stable")]
        kept: list[int] = []
        for edge in order.tolist():
            if not kept or np.hypot(*(town.middle[kept] - town.middle[edge]).T).min() > 650:
                kept.append(edge)
            if len(kept) == count:
                break
        features: list[Feature] = []
        for index, edge in enumerate(kept):
            where = town.beside(
                np.array([edge]), np.array([0.5]), np.array([-1.0]), np.array([KERB[int(net.cls[edge])]])
            )
            toward = ("Centre-ville", "Gare", "Rocade", "Lyon", "Paris", "Besançon")[index % 6]
            properties = {
                "name": f"PMV {_titled(town.street(edge))}",
                "street": town.street(edge),
                "direction": toward,
                "lines": 3 if net.cls[edge] <= PRIMARY else 2,
                "width_chars": 18 if net.cls[edge] <= PRIMARY else 15,
                "commune": self.commune(where[0]),
            }
            features.append((f"PMV-{index + 1:02d}", point(where[0]), properties))
        return features


def _short(street: str) -> str:
    """The street without its kind when what remains stands alone: "rue Monge" gives "Monge"."""
    kind, _, rest = street.partition(" ")
    return rest if rest and rest[0].isupper() and kind != "A" else street


def _titled(street: str) -> str:
    """The short name of a street at the head of a title; the capitals within it stay: "Victor-Hugo"."""
    name = _short(street)
    return name[:1].upper() + name[1:]
