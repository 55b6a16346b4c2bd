"""A few made-up layers and tables of them, for tests of the live picture and of the map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import shapely

from desktop.link.wire import PositionMessage, StateMessage
from desktop.mercator import to_mercator, to_wgs84
from desktop.store.columns import Columns, StringColumn
from desktop.work.assets import LayerTable
from layers.definition import Group, LayerDefinition, LineStyle, Properties, Severity, State, Text
from layers.model import Live, Position, Quality

CENTER = to_mercator(5.0415, 47.3215)
NOW = 1_700_000_000.0
NORMAL, INFO, LOW, MEDIUM, HIGH = range(5)
"""Codes of the states of every layer below."""
Places = Sequence[tuple[float, float]]
"""Metres east and north of `CENTER`."""


def _state_of(properties: Properties, live: Live | None) -> int:
    said = properties.get("s", 0) if live is None else live.values.get("s", properties.get("s", 0))
    return int(said) if isinstance(said, int) else 0


def _layer(name: str, order: int, **more: object) -> LayerDefinition:
    states = tuple(
        State(
            id=severity.name.lower(),
            label=Text(f"{severity.name} state", f"état {severity.name}"),
            severity=severity,
        )
        for severity in Severity
    )
    values: dict[str, object] = {
        "id": name,
        "title": Text(name, name),
        "singular": Text(name, name),
        "group": Group.EQUIPMENT,
        "order": order,
        "fields": (),
        "states": states,
        "state_of": _state_of,
        "label_from": 19.0,
    }
    return LayerDefinition(**{**values, **more})  # type: ignore[arg-type]


LAYERS: Mapping[str, LayerDefinition] = {
    layer.id: layer
    for layer in (
        _layer("lamps", 10, stale_after=100.0, cluster_below=13.0, dot_below=15.0, icon="lamp"),
        _layer("shops", 20, cluster_below=13.0, dot_below=15.0),
        _layer("posts", 30, dot_below=12.0),
        _layer("cars", 40, stale_after=10.0, moving=True, dot_below=12.0),
        _layer("roads", 50, geometry="line", line=LineStyle(color="tram", width=4.0)),
        _layer(
            "routes", 60, geometry="line", stale_after=100.0, line=LineStyle(color="water", dash=(6.0, 4.0))
        ),
        _layer(
            "zones", 70, geometry="polygon", line=LineStyle(color="faint", fill="water", fill_opacity=0.5)
        ),
        _layer("communes", 80, geometry="polygon", line=LineStyle(color="faint")),
    )
}


def table(
    name: str,
    places: Places | np.ndarray = (),
    states: Sequence[int] | np.ndarray | None = None,
    *,
    ids: Sequence[str] | None = None,
    labels: Sequence[str] | None = None,
    shapes: Sequence[shapely.Geometry | None] | None = None,
    layer: LayerDefinition | None = None,
) -> LayerTable:
    """A layer's table; `shapes` are in metres from `CENTER` too."""
    geometry = None
    if shapes is not None:
        moved = [
            None if it is None else shapely.transform(it, lambda xy: xy + np.array(CENTER)) for it in shapes
        ]
        geometry = np.array([None if it is None else shapely.to_wkb(it) for it in moved], dtype=object)
        places = [
            (0.0, 0.0) if it is None or it.is_empty else it.representative_point().coords[0] for it in shapes
        ]
    where = np.array(places, dtype=np.float64).reshape(-1, 2)
    count = len(where)
    columns = Columns(
        rowid=np.arange(count, dtype=np.int64),
        x=CENTER[0] + where[:, 0],
        y=CENTER[1] + where[:, 1],
        state=np.array(np.zeros(count) if states is None else states, dtype=np.uint8),
        ids=StringColumn.of(ids if ids is not None else [f"{name}-{i}" for i in range(count)]),
        labels=StringColumn.of(labels if labels is not None else [""] * count),
        geometry=geometry,
    )
    return LayerTable(layer or LAYERS[name], columns)


def reporting(made: LayerTable, quality: Quality | Sequence[int] = Quality.GOOD) -> LayerTable:
    """The table as if all of its objects had just reported, with that quality."""
    made.time[:] = NOW
    made.reported[:] = quality
    made.quality[:] = quality
    return made


def state(
    name: str,
    identifier: str,
    code: int,
    sequence: int = 0,
    boot: str = "",
    time: float = NOW,
    quality: Quality = Quality.GOOD,
) -> StateMessage:
    """An object says that it is in a state."""
    live = Live(time=time, quality=quality, values={"s": code}, sequence=sequence, boot=boot)
    return StateMessage(name, identifier, live)


def position(
    name: str,
    identifier: str,
    east: float,
    north: float,
    sequence: int = 0,
    boot: str = "",
    time: float = NOW,
    heading: float | None = None,
) -> PositionMessage:
    """A moving object says where it is."""
    longitude, latitude = to_wgs84(CENTER[0] + east, CENTER[1] + north)
    said = Position(
        time=time, longitude=longitude, latitude=latitude, heading=heading, sequence=sequence, boot=boot
    )
    return PositionMessage(name, identifier, said)
