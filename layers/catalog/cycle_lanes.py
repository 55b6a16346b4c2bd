"""Cycle lanes and paths."""

from __future__ import annotations

from layers.definition import Field, Group, LayerDefinition, LineStyle, Properties, State, Text
from layers.facts import COMMUNE, NAME
from layers.model import Live


def _state_of(properties: Properties, live: Live | None) -> int:
    return 0


LAYER = LayerDefinition(
    id="cycle-lanes",
    title=Text("Cycle lanes", "Aménagements cyclables"),
    singular=Text("Cycle lane", "Aménagement cyclable"),
    group=Group.TERRITORY,
    order=40,
    geometry="line",
    icon='<g fill="none" stroke="currentColor" stroke-width="2.4"'
    ' stroke-linecap="round" stroke-linejoin="round">'
    '<path d="M5.6 21L9.6 3M18.4 21L14.4 3M12 5V7.6M12 11V13.6M12 17V20"/></g>',
    fields=(
        NAME,
        Field(name="kind", label=Text("Kind", "Type"), editable=True, filterable=True),
        Field(name="status", label=Text("Progress", "Avancement"), editable=True, filterable=True),
        Field(name="directions", label=Text("Directions", "Sens de circulation"), editable=True),
        Field(
            name="off_road",
            label=Text("Off the road", "Hors voirie"),
            type="boolean",
            filterable=True,
            editable=True,
        ),
        Field(name="length_m", label=Text("Length", "Longueur"), type="number", unit="m", digits=0),
        COMMUNE,
    ),
    states=(State(id="normal", label=Text("Cycle lane", "Aménagement cyclable")),),
    state_of=_state_of,
    label_from=18.0,
    visible=False,
    line=LineStyle(color="dim", width=1.2, dash=(4.0, 3.0)),
)
