"""Snow-clearing routes: priority 1 is cleared first and kept open, priority 2 follows."""

from __future__ import annotations

from layers.definition import Field, Group, LayerDefinition, LineStyle, Properties, State, Text
from layers.facts import COMMUNE, NAME, STREET
from layers.model import Live


def _state_of(properties: Properties, live: Live | None) -> int:
    return 0


LAYER = LayerDefinition(
    id="snow-routes",
    title=Text("Snow routes", "Itinéraires de déneigement"),
    singular=Text("Snow route", "Itinéraire de déneigement"),
    group=Group.TERRITORY,
    order=30,
    geometry="line",
    icon="snow-route",
    fields=(
        NAME,
        Field(
            name="priority",
            label=Text("Priority", "Priorité"),
            type="integer",
            editable=True,
            filterable=True,
        ),
        STREET,
        Field(name="length_km", label=Text("Length", "Longueur"), type="number", unit="km", digits=1),
        COMMUNE,
    ),
    states=(State(id="normal", label=Text("Planned route", "Itinéraire prévu")),),
    state_of=_state_of,
    label_from=16.0,
    visible=False,
    line=LineStyle(
        color="normal",
        width=2.0,
        by="priority",
        values=((1, "normal", 3.0, ()), (2, "faint", 2.0, (3.0, 2.0))),
    ),
)
