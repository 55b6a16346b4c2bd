"""Coordinates that are not longitude and latitude: taken to Web Mercator, or recognised for what they are."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Transform = Callable[[Floats, Floats], tuple[Floats, Floats]]

WGS84 = {"CRS84", "CRS84H", "EPSG:4326", "EPSG:4979"}


class UnknownCrs(Exception):
    """A coordinate system's name means nothing to PROJ; the message is one line."""


def code_of(name: str) -> str:
    """``EPSG:2154`` from any of its spellings (URN, address, code); ``CRS84`` for the GeoJSON default."""
    text = name.strip().strip("<>")
    if re.search(r"CRS84h?$", text, re.IGNORECASE):
        return "CRS84"
    found = re.search(r"EPSG[:/]+(?:[\d.]+[:/])?(\d{4,6})$", text, re.IGNORECASE) or re.fullmatch(
        r"(\d{4,6})", text
    )
    return f"EPSG:{found.group(1)}" if found else text


def transform_from(name: str) -> Transform | None:
    """A function taking coordinates of that system to EPSG:3857; None when they are WGS84 degrees.

    Coordinates are read east first, as GeoJSON files are written whatever the authority's axis order.
    Raises UnknownCrs.
    """
    code = code_of(name)
    if not code or code in WGS84:
        return None
    from pyproj import Transformer
    from pyproj.exceptions import CRSError

    try:
        transformer = Transformer.from_crs(code, "EPSG:3857", always_xy=True)
    except CRSError:
        raise UnknownCrs(f"{name!r} is not a coordinate system known here; write it as EPSG:2154") from None

    def transform(east: Floats, north: Floats) -> tuple[Floats, Floats]:
        x, y = transformer.transform(east, north)
        return np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)

    return transform


def likely_crs(east: float, north: float) -> str:
    """The projected system French data most probably uses for these metres; empty when none fits.

    Extents from the definitions: Lambert-93 (false origin 700,000; 6,600,000), the nine conic zones CC42-CC50
    (1,700,000; zone x 1,000,000 + 200,000), Lambert II extended (600,000; 2,200,000), UTM 31N, Web Mercator.
    """
    if 1_200_000 <= east <= 2_400_000:
        zone = round((north - 200_000) / 1_000_000)
        if 1 <= zone <= 9 and abs(north - 200_000 - zone * 1_000_000) <= 180_000:
            return f"EPSG:{3941 + zone}"
    if 0 <= east <= 1_300_000 and 6_030_000 <= north <= 7_150_000:
        # Web Mercator reaches these figures too, north of Orléans, but seldom comes without saying so.
        return "EPSG:2154"
    if 0 <= east <= 1_250_000 and 1_600_000 <= north <= 2_700_000:
        return "EPSG:27572"
    if 160_000 <= east <= 840_000 and 4_500_000 <= north <= 5_400_000:
        return "EPSG:32631"
    if abs(east) <= 20_037_509 and abs(north) <= 20_048_967 and (abs(east) > 1000 or abs(north) > 1000):
        return "EPSG:3857"
    return ""
