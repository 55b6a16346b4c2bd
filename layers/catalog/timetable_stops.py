"""Stops as the timetable names them, beside the poles and platforms of the stops layer."""

from __future__ import annotations

from layers.definition import Field, Group, LayerDefinition, Properties, State, Text
from layers.facts import COMMUNE, NAME
from layers.model import Live


def _state_of(properties: Properties, live: Live | None) -> int:
    return 0


LAYER = LayerDefinition(
    id="timetable-stops",
    title=Text("Timetable stops", "Arrêts des horaires"),
    singular=Text("Timetable stop", "Arrêt des horaires"),
    group=Group.TRANSPORT,
    order=35,
    icon='<g fill="none" stroke="currentColor" stroke-width="2.4"'
    ' stroke-linecap="round" stroke-linejoin="round">'
    '<circle cx="12" cy="12" r="8.6"/><path d="M12 7V12L15.6 14.4"/></g>',
    fields=(
        NAME,
        Field(name="code", label=Text("Code", "Code"), searchable=True),
        Field(
            name="wheelchair",
            label=Text("Wheelchair access", "Accès en fauteuil"),
            type="boolean",
            filterable=True,
        ),
        COMMUNE,
    ),
    states=(State(id="in-service", label=Text("In service", "En service")),),
    state_of=_state_of,
    min_zoom=13.5,
    cluster_below=15.0,
    visible=False,
)
