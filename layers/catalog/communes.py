"""The communes of the metropolis; a commune's id is its INSEE code."""

from __future__ import annotations

from layers.definition import Field, Group, LayerDefinition, LineStyle, Properties, State, Text
from layers.facts import COMMUNE
from layers.model import Live


def _state_of(properties: Properties, live: Live | None) -> int:
    return 0


LAYER = LayerDefinition(
    id="communes",
    title=Text("Communes", "Communes"),
    singular=Text("Commune", "Commune"),
    group=Group.TERRITORY,
    order=10,
    geometry="polygon",
    icon="commune",
    fields=(
        Field(name="name", label=Text("Name", "Nom"), searchable=True),
        Field(name="insee", label=Text("INSEE code", "Code INSEE"), searchable=True),
        Field(name="postcode", label=Text("Postcode", "Code postal"), searchable=True),
        Field(name="population", label=Text("Population", "Population"), type="integer"),
        Field(name="area_km2", label=Text("Area", "Superficie"), type="number", unit="km²", digits=1),
        COMMUNE,
    ),
    states=(State(id="normal", label=Text("Boundary", "Limite communale")),),
    state_of=_state_of,
    label_from=10.5,
    line=LineStyle(color="faint", width=1.0, dash=(6.0, 4.0)),
)
