"""Tram lines, as drawn on the map."""

from __future__ import annotations

from layers.definition import Field, Group, LayerDefinition, LineStyle, Properties, State, Text
from layers.facts import NAME
from layers.model import Live


def _state_of(properties: Properties, live: Live | None) -> int:
    return 0


LAYER = LayerDefinition(
    id="tram-lines",
    title=Text("Tram lines", "Lignes de tramway"),
    singular=Text("Tram line", "Ligne de tramway"),
    group=Group.TRANSPORT,
    order=20,
    geometry="line",
    icon="tram",
    fields=(
        NAME,
        Field(name="color", label=Text("Colour", "Couleur")),
        Field(name="terminus_a", label=Text("Terminus", "Terminus"), searchable=True),
        Field(name="terminus_b", label=Text("Other terminus", "Autre terminus"), searchable=True),
        Field(name="length_km", label=Text("Length", "Longueur"), type="number", unit="km", digits=1),
    ),
    states=(State(id="in-service", label=Text("In service", "En service")),),
    state_of=_state_of,
    label_from=13.0,
    line=LineStyle(color="tram", width=3.0),
)
