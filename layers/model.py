"""The values that travel through the application: frozen, comparable, without behaviour of their own."""

from __future__ import annotations

import enum
from typing import Any

import msgspec


class Quality(enum.IntEnum):
    """How far a live value can be trusted; higher is worse, so the worst of several is their maximum."""

    GOOD = 0
    UNCERTAIN = 1
    BAD = 2


class Live(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The last state an object reported."""

    time: float
    """When the equipment says it was measured, seconds since the Unix epoch."""
    quality: Quality = Quality.GOOD
    values: dict[str, Any] = {}
    faults: tuple[str, ...] = ()
    sequence: int = 0
    boot: str = ""


class Position(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Where a moving object reported to be."""

    time: float
    longitude: float
    latitude: float
    heading: float | None = None
    """Degrees clockwise from north."""
    speed: float | None = None
    """Metres per second."""
    sequence: int = 0
    boot: str = ""


class Feature(msgspec.Struct, frozen=True, kw_only=True):
    """One object of the registry: names are the layer's, coordinates are WGS84 degrees."""

    layer: str
    id: str
    geometry: dict[str, Any] | None
    """A GeoJSON geometry, longitude first."""
    properties: dict[str, Any]
    version: str = ""
    """The registry's own version of the feature (ETag), or a hash where it has none."""
