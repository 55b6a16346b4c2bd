"""Interventions: one crew sent to one incident."""

from __future__ import annotations

from layers.definition import Choice, Field, Group, LayerDefinition, Properties, Severity, State, Text
from layers.facts import COMMUNE, TRADE
from layers.model import Live
from layers.reading import text

_DONE, _PLANNED, _EN_ROUTE, _ON_SITE = range(4)
_BY_STATUS = {"done": _DONE, "planned": _PLANNED, "en-route": _EN_ROUTE, "on-site": _ON_SITE}


def _state_of(properties: Properties, live: Live | None) -> int:
    return _BY_STATUS.get(text(properties, "status"), _DONE)


LAYER = LayerDefinition(
    id="interventions",
    title=Text("Field work", "Interventions"),
    singular=Text("Field job", "Intervention"),
    group=Group.OPERATIONS,
    order=20,
    icon="intervention",
    fields=(
        Field(name="name", label=Text("Title", "Intitulé"), editable=True, searchable=True),
        Field(
            name="incident",
            label=Text("Incident", "Incident"),
            type="reference",
            layer="incidents",
            editable=True,
            searchable=True,
        ),
        Field(
            name="crew",
            label=Text("Crew", "Équipe"),
            type="reference",
            layer="crews",
            editable=True,
            searchable=True,
            filterable=True,
        ),
        TRADE,
        Field(
            name="status",
            label=Text("Status", "Statut"),
            type="choice",
            editable=True,
            filterable=True,
            choices=(
                Choice("planned", Text("planned", "planifiée")),
                Choice("en-route", Text("en route", "en chemin")),
                Choice("on-site", Text("on site", "sur place")),
                Choice("done", Text("done", "terminée")),
            ),
        ),
        Field(name="planned", label=Text("Planned for", "Prévue le"), type="datetime", editable=True),
        COMMUNE,
    ),
    states=(
        State(id="done", label=Text("Done", "Terminée")),
        State(id="planned", label=Text("Planned", "Planifiée")),
        State(id="en-route", label=Text("Crew en route", "Équipe en chemin"), severity=Severity.INFO),
        State(id="on-site", label=Text("Crew on site", "Équipe sur place"), severity=Severity.INFO),
    ),
    state_of=_state_of,
    state_fields=("status",),
    dot_below=13.25,
)
