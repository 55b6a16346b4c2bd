"""Zones that a river floods, by hazard."""

from __future__ import annotations

from layers.definition import Choice, Field, Group, LayerDefinition, LineStyle, Properties, State, Text
from layers.facts import COMMUNE, NAME
from layers.model import Live


def _state_of(properties: Properties, live: Live | None) -> int:
    return 0


LAYER = LayerDefinition(
    id="flood-zones",
    title=Text("Flood zones", "Zones inondables"),
    singular=Text("Flood zone", "Zone inondable"),
    group=Group.TERRITORY,
    order=20,
    geometry="polygon",
    icon="flood-zone",
    fields=(
        NAME,
        Field(
            name="river",
            label=Text("River", "Cours d’eau"),
            editable=True,
            searchable=True,
            filterable=True,
        ),
        Field(
            name="hazard",
            label=Text("Hazard", "Aléa"),
            type="choice",
            editable=True,
            filterable=True,
            choices=(
                Choice("low", Text("low", "faible")),
                Choice("medium", Text("medium", "moyen")),
                Choice("high", Text("high", "fort")),
            ),
        ),
        Field(
            name="return_period_y",
            label=Text("Return period", "Période de retour"),
            type="integer",
            unit="a",
            editable=True,
        ),
        COMMUNE,
    ),
    states=(State(id="normal", label=Text("Mapped zone", "Zone cartographiée")),),
    state_of=_state_of,
    label_from=14.0,
    visible=False,
    line=LineStyle(
        color="faint",
        width=1.0,
        fill="water",
        fill_opacity=0.5,
        by="hazard",
        values=(
            ("low", "faint", 1.0, (2.0, 4.0)),
            ("medium", "faint", 1.2, (6.0, 3.0)),
            ("high", "normal", 1.8, ()),
        ),
    ),
)
