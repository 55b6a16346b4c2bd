"""Coordinate systems of the room, and places written as coordinates."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

import msgspec

from desktop.mercator import to_mercator, to_wgs84
from desktop.panels.wording import Wording

if TYPE_CHECKING:
    from pyproj import Transformer

Place = tuple[float, float]
"""Web Mercator metres."""
_NUMBER = re.compile(r"[-+−]?\d+(?:[.,]\d+)?")
_GROUPED = re.compile(r"(?<=\d)[\u202f\u00a0 ](?=\d{3}(?!\d))")


class Grid(msgspec.Struct, frozen=True):
    """A projected system: its code, the name operators use, and where its coordinates make sense."""

    epsg: int
    name: str
    area: tuple[float, float, float, float]
    """Least x, least y, greatest x, greatest y in metres."""


WGS84 = "WGS84"
GRIDS = (
    # Zone 6 of RGF93 / CC47 (EPSG:3947) and metropolitan France in Lambert-93 (EPSG:2154).
    Grid(3947, "CC47", (1_000_000.0, 5_900_000.0, 2_400_000.0, 6_600_000.0)),
    Grid(2154, "L93", (0.0, 6_000_000.0, 1_300_000.0, 7_200_000.0)),
)
SYSTEMS = (WGS84, *(grid.name for grid in GRIDS))


@functools.lru_cache(maxsize=8)
def _transformer(source: int, target: int) -> Transformer:
    from pyproj import Transformer  # 40 ms that the start can do without

    return Transformer.from_crs(source, target, always_xy=True)


def projected(grid: Grid, x: float, y: float) -> tuple[float, float]:
    """Easting and northing in a grid of Web Mercator metres."""
    east, north = _transformer(3857, grid.epsg).transform(x, y)
    return float(east), float(north)


def place_text(system: str, x: float, y: float, words: Wording) -> str:
    """A place (Web Mercator metres) in a system of `SYSTEMS`."""
    grid = next((it for it in GRIDS if it.name == system), None)
    if grid is None:
        return words.degrees(*to_wgs84(x, y))
    return words.metres(grid.name, *projected(grid, x, y))


def read_place(text: str) -> Place | None:
    """The place meant by written coordinates, or None.

    Latitude then longitude in degrees (``47.3268 5.0285``, ``47,3268 N 5,0285 E``), or easting and northing
    in Lambert-93 or CC47, told apart by where their coordinates make sense.
    """
    letters = set(re.sub(r"[\d\s.,;:+−\-°\u202f\u00a0]", "", text).upper())
    if letters - set("NSEWOXYL93CK47"):
        return None
    numbers = _numbers(text)
    if numbers is None:
        return None
    first, second = numbers
    if abs(first) <= 85 and abs(second) <= 180:
        south, west = "S" in letters, bool(letters & {"W", "O"})
        return to_mercator(-second if west else second, -first if south else first)
    for grid in GRIDS:
        least, low, most, high = grid.area
        if least <= first <= most and low <= second <= high and _is_of(grid, first, second):
            x, y = _transformer(grid.epsg, 3857).transform(first, second)
            return float(x), float(y)
    return None


def _is_of(grid: Grid, east: float, north: float) -> bool:
    """CC47 and Lambert-93 overlap in numbers: only CC47 has eastings above 1,300,000 on land."""
    return grid.epsg != 3947 or east > 1_300_000.0


def _numbers(text: str) -> tuple[float, float] | None:
    bare = re.sub(r"(?i)\b(?:cc47|l93)\b", " ", text)
    for written in (bare, _GROUPED.sub("", bare)):
        found = _NUMBER.findall(written.replace(", ", " ").replace(";", " "))
        if len(found) == 2:
            first, second = (float(it.replace(",", ".").replace("−", "-")) for it in found)
            return first, second
    return None
