"""The finished streets seen from the equipment: communes, names, addresses and places along the kerb."""

from __future__ import annotations

import msgspec
import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from desktop.demo.city import quarters
from desktop.demo.city.communes import COMMUNES, Territory
from desktop.demo.city.field import FabricMap
from desktop.demo.city.names import NameBook
from desktop.demo.city.network import Network
from desktop.demo.city.plane import Floats, Ints, to_lonlat
from desktop.demo.city.roads import PRIMARY, RESIDENTIAL, SECONDARY, TERTIARY

KERB = (9.0, 8.0, 7.0, 6.0, 5.0, 4.0, 3.0, 2.0)
"""Distance from the axis to where equipment stands, by road class, m."""


class Town(msgspec.Struct):
    """Edges of the network with what equipment needs to know about them."""

    net: Network
    place: Territory
    middle: Floats
    commune: Ints
    """Index in COMMUNES of the middle of each edge; -1 where it is not wholly in the metropolis."""
    urban: npt.NDArray[np.bool_]
    fabric: npt.NDArray[np.int8]
    seed: int
    boxes: Floats
    """Bounds of the communes' contours, (23, 4)."""

    def commune_at(self, points: Floats) -> Ints:
        """Index in COMMUNES of each plane point (n, 2), -1 outside."""
        found = np.full(len(points), -1, dtype=np.int64)
        if not len(points):
            return found
        x, y = points[:, 0], points[:, 1]
        west, south, east, north = self.boxes.T
        reached = (west < x.max()) & (east > x.min()) & (south < y.max()) & (north > y.min())
        for index in np.flatnonzero(reached).tolist():
            contour = self.place.contours[index]
            box = (x > west[index]) & (x < east[index]) & (y > south[index]) & (y < north[index])
            near = np.flatnonzero(box & (found < 0))
            found[near[shapely.contains_xy(contour, x[near], y[near])]] = index
        return found

    def beside(self, edges: Ints, share: Floats, side: Floats, offset: Floats) -> Floats:
        """Points (n, 2) at `share` (0..1) along edges, `offset` metres left (side 1) or right (-1)."""
        at, direction = self.along(edges, share)
        normal = np.column_stack((-direction[:, 1], direction[:, 0]))
        return np.asarray(at + normal * (side * offset)[:, None])

    def along(self, edges: Ints, share: Floats) -> tuple[Floats, Floats]:
        """Points (n, 2) at `share` along edges, and the unit directions there."""
        lines = self.net.lines[edges]
        length = self.net.lengths[edges]
        middle = np.clip(share * length, 0.0, np.maximum(length - 0.5, 0.0))
        at = shapely.get_coordinates(shapely.line_interpolate_point(lines, middle))
        span = shapely.get_coordinates(shapely.line_interpolate_point(lines, middle + 0.5)) - at
        return at, span / np.maximum(np.hypot(*span.T), 1e-9)[:, None]

    def street(self, edge: int) -> str:
        """Name of the street of an edge."""
        return self.net.names[int(self.net.street[edge])]


def town(net: Network, place: Territory, built: BaseGeometry, fabric: FabricMap, seed: int) -> Town:
    """The town, its streets named."""
    for contour in place.contours:
        shapely.prepare(contour)
    shapely.prepare(built)
    middle = shapely.get_coordinates(shapely.line_interpolate_point(net.lines, 0.5, normalized=True))
    urban = shapely.contains_xy(built, middle[:, 0], middle[:, 1])
    boxes = shapely.bounds(list(place.contours))
    found = Town(net, place, middle, np.empty(0, np.int64), urban, fabric.many(middle), seed, boxes)
    commune = found.commune_at(middle)
    for ends in (net.nodes[net.start], net.nodes[net.end]):
        commune = np.where(found.commune_at(ends) >= 0, commune, -1)
    found.commune = commune
    _name_streets(found)
    return found


def _name_streets(it: Town) -> None:
    """Fill the missing names, each unique within the commune where the street is longest."""
    net, book = it.net, NameBook(it.seed)
    count = len(net.names)
    weights = np.zeros((count, len(COMMUNES) + 1))
    np.add.at(weights, (net.street, it.commune), net.lengths)
    home = np.argmax(weights[:, :-1], axis=1)
    length = np.bincount(net.street, weights=net.lengths, minlength=count)
    best = np.full(count, RESIDENTIAL)
    np.minimum.at(best, net.street, net.cls)
    ends = net.degree[np.stack((net.start, net.end))].min(axis=0) == 1
    dead = np.bincount(net.street, weights=ends, minlength=count) > 0
    ring = np.bincount(net.street, weights=net.ring, minlength=count) > 0
    kinds = np.zeros(count, dtype=np.int64)
    np.maximum.at(kinds, net.street, np.where(it.fabric == quarters.OLD_TOWN, quarters.FIELDS, it.fabric))
    kinds = np.where(kinds == quarters.FIELDS, quarters.OLD_TOWN, kinds)
    for number in np.argsort(-length, kind="stable").tolist():
        commune = COMMUNES[int(home[number])].insee
        if net.names[number]:
            book.reserve(commune, net.names[number])
            continue
        old = book.take_old(commune) if kinds[number] == quarters.OLD_TOWN else None
        if old is not None:
            net.names[number] = old
            continue
        if ring[number]:
            net.names[number] = book.take(commune, "rond-point")
            continue
        kind = _kind(int(best[number]), float(length[number]), bool(dead[number]), int(kinds[number]), number)
        net.names[number] = book.take(commune, kind)


def _kind(cls: int, length: float, dead: bool, fabric: int, number: int) -> str:
    if cls <= PRIMARY or (cls <= SECONDARY and length > 400):
        return "boulevard" if number % 3 else "avenue"
    if cls <= TERTIARY and length > 500:
        return "avenue" if number % 2 else "rue"
    if dead and length < 160:
        return ("impasse", "allée", "impasse", "square")[number % 4]
    if fabric == quarters.OLD_TOWN:
        return "ruelle" if length < 70 and number % 3 == 0 else "rue"
    if fabric == quarters.VILLAGE and number % 4 == 0:
        return "chemin"
    return "allée" if fabric == quarters.ESTATE and number % 2 else "rue"


def point(plane: Floats) -> dict[str, object]:
    """GeoJSON point of one plane position (2,)."""
    return {"type": "Point", "coordinates": to_lonlat(plane)[0].tolist()}
