"""Bus and tram stops."""

from __future__ import annotations

from layers.definition import Field, Group, LayerDefinition, Properties, State, Text
from layers.facts import COMMUNE, NAME
from layers.model import Live


def _state_of(properties: Properties, live: Live | None) -> int:
    return 0


LAYER = LayerDefinition(
    id="bus-stops",
    title=Text("Stops", "Arrêts"),
    singular=Text("Stop", "Arrêt"),
    group=Group.TRANSPORT,
    order=30,
    icon="stop",
    fields=(
        NAME,
        Field(name="lines", label=Text("Lines", "Lignes"), editable=True, searchable=True, filterable=True),
        Field(
            name="shelter",
            label=Text("Shelter", "Abri"),
            type="boolean",
            editable=True,
            filterable=True,
        ),
        COMMUNE,
    ),
    states=(State(id="in-service", label=Text("In service", "En service")),),
    state_of=_state_of,
    cluster_below=14.0,
    dot_below=15.5,
    min_zoom=13.5,
    visible=False,
)
