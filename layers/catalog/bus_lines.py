"""Bus lines, one line for each way a line is run."""

from __future__ import annotations

from layers.definition import Field, Group, LayerDefinition, LineStyle, Properties, State, Text
from layers.facts import NAME
from layers.model import Live


def _state_of(properties: Properties, live: Live | None) -> int:
    return 0


LAYER = LayerDefinition(
    id="bus-lines",
    title=Text("Bus lines", "Lignes de bus"),
    singular=Text("Bus line", "Ligne de bus"),
    group=Group.TRANSPORT,
    order=25,
    geometry="line",
    icon='<g fill="none" stroke="currentColor" stroke-width="2.4"'
    ' stroke-linecap="round" stroke-linejoin="round">'
    '<path d="M6.6 18.6H14.6A4 4 0 0 0 14.6 10.6H9.4A3.4 3.4 0 0 1 9.4 3.8H17.4"/>'
    '<circle cx="4.4" cy="18.6" r="2.2"/><circle cx="19.6" cy="3.8" r="2.2"/></g>',
    fields=(
        NAME,
        Field(name="line", label=Text("Line", "Ligne"), searchable=True, filterable=True),
        Field(name="headsign", label=Text("Towards", "Direction"), searchable=True),
    ),
    states=(State(id="in-service", label=Text("In service", "En service")),),
    state_of=_state_of,
    label_from=15.0,
    visible=False,
    line=LineStyle(color="faint", width=1.5),
)
