"""Crews in the field: municipal police and the technical services, by radio call sign."""

from __future__ import annotations

from layers.definition import (
    AlarmRule,
    Choice,
    Field,
    Group,
    LayerDefinition,
    Properties,
    Severity,
    State,
    Text,
)
from layers.facts import COMMUNE, NAME, TRADE
from layers.model import Live
from layers.reading import text

_OFF_DUTY, _AVAILABLE, _EN_ROUTE, _ON_SITE, _EMERGENCY = range(5)
_BY_STATUS = {"available": _AVAILABLE, "en-route": _EN_ROUTE, "on-site": _ON_SITE}


def _state_of(properties: Properties, live: Live | None) -> int:
    if live is None:
        return _OFF_DUTY
    if "emergency" in live.faults:
        return _EMERGENCY
    return _BY_STATUS.get(text(live.values, "status"), _OFF_DUTY)


ALARMS = (
    AlarmRule(
        id="emergency",
        title=Text(
            "Crew emergency call",
            "Appel de détresse d’une équipe",
        ),
        severity=Severity.HIGH,
        guidance=Text(
            "Call the crew by radio. Without an answer, send the nearest patrol and the emergency services.",
            "Appeler l’équipe à la radio. Sans réponse, envoyer la patrouille la plus proche et les secours.",
        ),
        fault="emergency",
    ),
)

LAYER = LayerDefinition(
    id="crews",
    title=Text("Crews", "Équipes"),
    singular=Text("Crew", "Équipe"),
    group=Group.OPERATIONS,
    order=30,
    icon="crew",
    fields=(
        NAME,
        TRADE,
        Field(name="vehicle", label=Text("Vehicle", "Véhicule"), editable=True, searchable=True),
        Field(name="staff", label=Text("Staff", "Effectif"), type="integer", editable=True),
        Field(name="phone", label=Text("Phone", "Téléphone"), editable=True, searchable=True),
        COMMUNE,
    ),
    live=(
        Field(
            name="status",
            label=Text("Status", "Statut"),
            type="choice",
            choices=(
                Choice("off-duty", Text("off duty", "hors service")),
                Choice("available", Text("available", "disponible")),
                Choice("en-route", Text("en route", "en chemin")),
                Choice("on-site", Text("on site", "sur place")),
                Choice("break", Text("on break", "en pause")),
            ),
        ),
        Field(name="speed_kmh", label=Text("Speed", "Vitesse"), type="number", unit="km/h", digits=0),
    ),
    faults=(Choice("emergency", Text("Crew emergency call", "Appel de détresse équipe")),),
    alarms=ALARMS,
    states=(
        State(id="off-duty", label=Text("Off duty", "Hors service")),
        State(id="available", label=Text("Available", "Disponible"), tone="info"),
        State(id="en-route", label=Text("En route", "En chemin"), tone="info"),
        State(id="on-site", label=Text("On site", "Sur place"), tone="info"),
        State(id="emergency", label=Text("Emergency call", "Appel de détresse"), severity=Severity.HIGH),
    ),
    state_of=_state_of,
    stale_after=60.0,
    moving=True,
    dot_below=13.25,
    label_from=16.0,
)
