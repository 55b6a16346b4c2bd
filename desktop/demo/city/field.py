"""What varies over the plane: the fabric of the town, and the displacement that curves its streets."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from desktop.demo.city import quarters
from desktop.demo.city.communes import COMMUNES, centres
from desktop.demo.city.plane import Floats, displace, from_lonlat, transform
from desktop.demo.city.terrain import Terrain

CELL = 40.0


class FabricMap:
    """Which fabric stands at a point of the plane: a raster of `CELL` metres, read in constant time."""

    def __init__(self, ground: Terrain, bounds: tuple[float, float, float, float]) -> None:
        self.west, self.south, east, north = bounds
        x = np.arange(self.west, east + 2 * CELL, CELL)
        y = np.arange(self.south, north + 2 * CELL, CELL)
        grid = np.meshgrid(x, y)
        self.points = np.column_stack([part.ravel() for part in grid])
        self.shape = (len(y), len(x))
        self.codes = _codes(ground, self.points).reshape(self.shape)
        self._rows = self.codes.tolist()

    def __call__(self, x: float, y: float) -> int:
        """The fabric's index in `quarters.FABRICS`."""
        column = int((x - self.west) / CELL + 0.5)
        row = int((y - self.south) / CELL + 0.5)
        if 0 <= column < self.shape[1] and 0 <= row < self.shape[0]:
            return int(self._rows[row][column])
        return quarters.VILLAGE

    def many(self, points: Floats) -> npt.NDArray[np.int8]:
        """The fabric of each of the points (n, 2)."""
        cell = np.floor((points - [self.west, self.south]) / CELL + 0.5).astype(np.int64)
        columns = np.clip(cell[:, 0], 0, self.shape[1] - 1)
        rows = np.clip(cell[:, 1], 0, self.shape[0] - 1)
        return np.asarray(self.codes[rows, columns])


def _codes(ground: Terrain, points: Floats) -> npt.NDArray[np.int8]:
    x, y = points[:, 0], points[:, 1]
    codes = np.full(len(points), quarters.HOUSES, dtype=np.int8)
    reach = np.hypot(x, y + 200)
    codes[reach < 3300] = quarters.MIXED
    codes[reach < 1750] = quarters.FAUBOURG
    for commune, (cx, cy) in zip(COMMUNES, centres(), strict=True):
        core = 210.0 + 1.1 * float(np.sqrt(commune.population))
        if commune.name != "Dijon":
            codes[np.hypot(x - cx, y - cy) < core] = quarters.VILLAGE
    for quarter in quarters.QUARTERS:
        _paint(codes, points, shapely.Polygon(from_lonlat(quarter.outline)), quarter.fabric)
    _paint(codes, points, ground.old_town, quarters.OLD_TOWN)
    return codes


def _paint(codes: npt.NDArray[np.int8], points: Floats, outline: BaseGeometry, code: int) -> None:
    """Set the code of the points inside an outline."""
    west, south, east, north = outline.bounds
    x, y = points[:, 0], points[:, 1]
    near = np.flatnonzero((x > west) & (x < east) & (y > south) & (y < north))
    shapely.prepare(outline)
    codes[near[shapely.contains_xy(outline, x[near], y[near])]] = code


class Curving:
    """The final smooth displacement of the plane that gives streets their curves.

    It fades near railways, canal and motorways, which stay as drawn, so that everything keeps its place.
    """

    def __init__(self, ground: Terrain, fabric: FabricMap, seed: int) -> None:
        self._fabric = fabric
        points = fabric.points
        bends = np.array([it.bend for it in quarters.FABRICS])[fabric.codes]
        old = np.where(fabric.codes == quarters.OLD_TOWN, 6.0, 0.0)
        near = (displace(points, seed + 3, 260, 1.0) - points) * _blurred(bends).ravel()[:, None]
        small = (displace(points, seed + 5, 110, 1.0) - points) * _blurred(old).ravel()[:, None]
        wide = displace(points, seed + 1, 800, 24) - points
        move = (wide + near + small) * self._fade(ground).ravel()[:, None]
        self._move = move.reshape((*fabric.shape, 2))

    def _fade(self, ground: Terrain) -> Floats:
        """0 within a cell of a line that must not move, rising to 1 some 200 m away."""
        lines = [*ground.rails, ground.canal, *(line for _, _, line in ground.trunks)]
        spots = shapely.get_coordinates(shapely.segmentize(lines, CELL / 2))
        rows, columns = self._fabric.shape
        cell = np.round((spots - [self._fabric.west, self._fabric.south]) / CELL).astype(np.int64)
        inside = (cell >= 0).all(axis=1) & (cell[:, 0] < columns) & (cell[:, 1] < rows)
        near = np.zeros((rows, columns), dtype=bool)
        near[cell[inside, 1], cell[inside, 0]] = True
        near = _grown(near)
        fade = np.ones((rows, columns))
        for step in range(5):
            fade[near & (fade == 1.0)] = step / 5
            near = _grown(near)
        return fade

    def __call__(self, points: Floats) -> Floats:
        """Moved plane points, shape (n, 2)."""
        rows, columns = self._fabric.shape
        place = (np.asarray(points) - [self._fabric.west, self._fabric.south]) / CELL
        place = np.clip(place, 0, [columns - 1.001, rows - 1.001])
        cell = place.astype(np.int64)
        part = place - cell
        i, j = cell[:, 0], cell[:, 1]
        u, v = part[:, 0:1], part[:, 1:2]
        low = self._move[j, i] * (1 - u) + self._move[j, i + 1] * u
        high = self._move[j + 1, i] * (1 - u) + self._move[j + 1, i + 1] * u
        return np.asarray(points + low * (1 - v) + high * v)


def _blurred(values: Floats, times: int = 5) -> Floats:
    """A smooth copy: repeated 3x3 means."""
    for _ in range(times):
        padded = np.pad(values, 1, mode="edge")
        rows = padded[:-2] + padded[1:-1] + padded[2:]
        values = (rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:]) / 9
    return values


def _grown(mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """The mask and its eight neighbours."""
    padded = np.pad(mask, 1)
    rows = padded[:-2] | padded[1:-1] | padded[2:]
    return np.asarray(rows[:, :-2] | rows[:, 1:-1] | rows[:, 2:])


def curved(geometries: BaseGeometry, curving: Curving, spacing: float = 30.0) -> BaseGeometry:
    """The geometries with vertices added every `spacing` metres, then moved."""
    return transform(shapely.segmentize(geometries, spacing), curving)
