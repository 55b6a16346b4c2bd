"""What the generator gives: the features of every layer, the basemap, and roads for the simulator."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from desktop.demo.city.plane import Floats
from desktop.store.basemap import Shape, Street

Feature = tuple[str, dict[str, Any], dict[str, Any]]
"""(id, GeoJSON geometry in WGS84 degrees, properties)."""


class RoadGraph(msgspec.Struct, frozen=True):
    """Roads a vehicle can follow. Positions are EPSG:3857 metres, lengths ground metres."""

    nodes: Floats
    """Junctions, (n, 2)."""
    start: npt.NDArray[np.int32]
    end: npt.NDArray[np.int32]
    """Node at each end of an edge, (m,); every edge may be driven both ways."""
    length: npt.NDArray[np.float32]
    cls: npt.NDArray[np.int8]
    """0 motorway, 1 trunk, 2 primary, 3 secondary, 4 tertiary, 5 residential."""
    offsets: npt.NDArray[np.int32]
    """Edge i is drawn by `points[offsets[i]:offsets[i + 1]]`, from its start to its end; (m + 1,)."""
    points: Floats
    """Vertices of all edges, (k, 2)."""

    def line(self, edge: int) -> Floats:
        """Vertices of one edge, (k, 2), EPSG:3857."""
        return self.points[self.offsets[edge] : self.offsets[edge + 1]]


class Route(msgspec.Struct, frozen=True):
    """The course of a transit line, there; vehicles come back the same way."""

    line: str
    """"L3", "T1"."""
    kind: str
    """bus or tram."""
    start: str
    end: str
    points: Floats
    """(n, 2), EPSG:3857."""
    stops: tuple[tuple[float, str], ...]
    """(distance from the start along `points` in EPSG:3857 metres, name), in order."""


class City(msgspec.Struct, frozen=True):
    """The whole demo metropolis."""

    features: Mapping[str, Iterable[Feature]]
    """By layer id; each may be iterated several times and has a length."""
    shapes: list[Shape]
    streets: list[Street]
    road_graph: RoadGraph
    routes: tuple[Route, ...]
    seed: int


def save_network(path: Path, graph: RoadGraph, routes: Iterable[Route]) -> None:
    """Write roads and routes to a compressed NumPy archive (`.npz`)."""
    kept = list(routes)
    about = [(it.line, it.kind, it.start, it.end, it.stops) for it in kept]
    sizes = np.cumsum([0, *(len(it.points) for it in kept)])
    with path.open("wb") as file:
        np.savez_compressed(
            file,
            **msgspec.structs.asdict(graph),
            route_offsets=sizes,
            route_points=np.vstack([it.points for it in kept]) if kept else np.empty((0, 2)),
            routes=np.frombuffer(msgspec.msgpack.encode(about), dtype=np.uint8),
        )


def load_network(path: Path) -> tuple[RoadGraph, tuple[Route, ...]]:
    """Read what `save_network` wrote. Raises OSError, KeyError or ValueError for anything else."""
    with np.load(path, allow_pickle=False) as archive:
        graph = RoadGraph(**{name: archive[name] for name in RoadGraph.__struct_fields__})
        offsets, points = archive["route_offsets"], archive["route_points"]
        kind = list[tuple[str, str, str, str, tuple[tuple[float, str], ...]]]
        about = msgspec.msgpack.decode(archive["routes"].tobytes(), type=kind)
    routes = tuple(
        Route(line, mode, start, end, points[offsets[index] : offsets[index + 1]], stops)
        for index, (line, mode, start, end, stops) in enumerate(about)
    )
    return graph, routes
