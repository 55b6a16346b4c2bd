"""Shapely geometries to one QPainterPath without a Python object per vertex."""

from __future__ import annotations

import struct

import numpy as np
import shapely
from numpy.typing import NDArray
from qtpy.QtCore import QByteArray, QDataStream
from qtpy.QtGui import QPainterPath

_ELEMENT = np.dtype([("type", ">i4"), ("x", ">f8"), ("y", ">f8")])
MOVE, LINE = 0, 1


def outline_path(
    geometries: NDArray[np.object_], west: float, north: float, scale: float, odd_even: bool = True
) -> QPainterPath:
    """Lines and polygon rings as one path in pixels from (west, north), `scale` pixels a metre.

    The vertices go through QPainterPath's own stream format (Qt 6: count, (type, x, y)..., start, fill rule).
    """
    parts = shapely.get_parts(geometries)
    polygons = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    lines = np.concatenate([parts[~polygons], shapely.get_rings(parts[polygons])])
    lines = lines[shapely.get_type_id(lines) != shapely.GeometryType.POINT]
    coordinates, owner = shapely.get_coordinates(lines, return_index=True)
    path = QPainterPath()
    if len(coordinates) < 2:
        return path
    elements = np.empty(len(coordinates), dtype=_ELEMENT)
    elements["type"] = np.where(np.diff(owner, prepend=-1) != 0, MOVE, LINE)
    elements["x"] = (coordinates[:, 0] - west) * scale
    elements["y"] = (north - coordinates[:, 1]) * scale
    data = struct.pack(">i", len(elements)) + elements.tobytes() + struct.pack(">ii", 0, 0 if odd_even else 1)
    kept = QByteArray(data)  # the stream reads it in place
    stream = QDataStream(kept)
    stream >> path
    return path
