"""Bike racks in the street."""

from __future__ import annotations

from layers.definition import Field, Group, LayerDefinition, Properties, State, Text
from layers.facts import COMMUNE
from layers.model import Live


def _state_of(properties: Properties, live: Live | None) -> int:
    return 0


LAYER = LayerDefinition(
    id="bike-racks",
    title=Text("Bike racks", "Arceaux à vélos"),
    singular=Text("Bike rack", "Arceau à vélos"),
    group=Group.EQUIPMENT,
    order=120,
    icon='<g fill="none" stroke="currentColor" stroke-width="2.4"'
    ' stroke-linecap="round" stroke-linejoin="round">'
    '<path d="M4.4 20.4V9.4A3.4 3.4 0 0 1 11.2 9.4V20.4'
    'M12.8 20.4V9.4A3.4 3.4 0 0 1 19.6 9.4V20.4M2 20.4H22"/></g>',
    fields=(
        Field(name="address", label=Text("Place", "Localisation"), editable=True, searchable=True),
        Field(name="racks", label=Text("Racks", "Nombre d’arceaux"), type="integer", editable=True),
        Field(name="fixing", label=Text("Fixing", "Type d’attache"), editable=True, filterable=True),
        Field(name="remarks", label=Text("Remarks", "Observations"), editable=True),
        Field(name="year", label=Text("Year", "Année"), type="integer", editable=True),
        COMMUNE,
    ),
    label_field="address",
    states=(State(id="in-service", label=Text("In service", "En service")),),
    state_of=_state_of,
    min_zoom=13.0,
    cluster_below=15.5,
    dot_below=16.2,
    visible=False,
)
