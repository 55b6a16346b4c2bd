"""Shops and other premises open to the public, a help in finding where a caller stands."""

from __future__ import annotations

from layers.definition import Field, Group, LayerDefinition, Properties, State, Text
from layers.facts import COMMUNE, NAME
from layers.model import Live
from layers.reading import flag

_OPEN, _VACANT = range(2)


def _state_of(properties: Properties, live: Live | None) -> int:
    return _VACANT if flag(properties, "vacant") else _OPEN


LAYER = LayerDefinition(
    id="shops",
    title=Text("Shops", "Commerces"),
    singular=Text("Shop", "Commerce"),
    group=Group.TERRITORY,
    order=50,
    icon='<g fill="none" stroke="currentColor" stroke-width="2.4"'
    ' stroke-linecap="round" stroke-linejoin="round">'
    '<path d="M4.6 12V20.6H19.4V12M5 3.6H19L21.2 9.6H2.8ZM9.8 20.6V15H14.2V20.6"/></g>',
    fields=(
        NAME,
        Field(name="kind", label=Text("Trade", "Rubrique"), editable=True, filterable=True),
        Field(name="activity", label=Text("Activity", "Activité"), editable=True, searchable=True),
        Field(name="address", label=Text("Address", "Adresse"), editable=True, searchable=True),
        Field(name="district", label=Text("District", "Quartier"), editable=True, filterable=True),
        Field(name="vacant", label=Text("Vacant", "Vacant"), type="boolean", editable=True, filterable=True),
        COMMUNE,
    ),
    states=(
        State(id="in-use", label=Text("In use", "Occupé")),
        State(id="vacant", label=Text("Vacant", "Vacant"), tone="faint"),
    ),
    state_of=_state_of,
    state_fields=("vacant",),
    min_zoom=13.0,
    cluster_below=16.0,
    dot_below=17.0,
    visible=False,
)
