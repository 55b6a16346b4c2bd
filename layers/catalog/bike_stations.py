"""Bike-sharing stations."""

from __future__ import annotations

from layers.definition import Field, Group, LayerDefinition, Properties, Severity, State, Text
from layers.facts import COMMUNE, NAME
from layers.model import Live
from layers.reading import flag, number

_AVAILABLE, _EMPTY, _FULL, _CLOSED = range(4)


def _state_of(properties: Properties, live: Live | None) -> int:
    if live is None:
        return _AVAILABLE
    if flag(live.values, "open") is False:
        return _CLOSED
    bikes, docks = number(live.values, "bikes"), number(live.values, "docks")
    if bikes is not None and bikes <= 0:
        return _EMPTY
    return _FULL if docks is not None and docks <= 0 else _AVAILABLE


LAYER = LayerDefinition(
    id="bike-stations",
    title=Text("Bike stations", "Stations vélo"),
    singular=Text("Bike station", "Station vélo"),
    group=Group.EQUIPMENT,
    order=110,
    icon="bike-station",
    fields=(
        NAME,
        COMMUNE,
        Field(name="capacity", label=Text("Docks", "Bornettes"), type="integer", editable=True),
    ),
    live=(
        Field(name="bikes", label=Text("Bikes available", "Vélos disponibles"), type="integer"),
        Field(name="docks", label=Text("Docks free", "Bornettes libres"), type="integer"),
        Field(name="open", label=Text("Open", "Ouverte"), type="boolean"),
    ),
    states=(
        State(id="available", label=Text("Bikes available", "Vélos disponibles")),
        State(id="empty", label=Text("No bike left", "Plus de vélo")),
        State(id="full", label=Text("No dock free", "Plus de bornette libre")),
        State(id="closed", label=Text("Closed", "Fermée"), severity=Severity.INFO),
    ),
    state_of=_state_of,
    stale_after=300.0,
    cluster_below=12.5,
    dot_below=14.25,
)
