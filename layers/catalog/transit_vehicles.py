"""Buses and trams on the road."""

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
from layers.facts import COMMUNE, NAME
from layers.model import Live
from layers.reading import number

_ON_TIME, _LATE, _BREAKDOWN, _EMERGENCY = range(4)
_LATE_AFTER_S = 300.0


def _state_of(properties: Properties, live: Live | None) -> int:
    if live is None:
        return _ON_TIME
    if "emergency" in live.faults:
        return _EMERGENCY
    if "breakdown" in live.faults:
        return _BREAKDOWN
    delay = number(live.values, "delay_s")
    return _LATE if delay is not None and delay >= _LATE_AFTER_S else _ON_TIME


ALARMS = (
    AlarmRule(
        id="emergency",
        title=Text(
            "Driver emergency call",
            "Appel de détresse du conducteur",
        ),
        severity=Severity.HIGH,
        guidance=Text(
            "Send the nearest patrol to the vehicle and call the transport control room.",
            "Envoyer la patrouille la plus proche vers le véhicule et appeler le PC transport.",
        ),
        fault="emergency",
    ),
    AlarmRule(
        id="breakdown",
        title=Text(
            "Bus or tram broken down",
            "Bus ou tramway en panne",
        ),
        severity=Severity.LOW,
        guidance=Text(
            "Check whether it blocks traffic and call the transport control room.",
            "Vérifier s’il gêne la circulation et appeler le PC transport.",
        ),
        fault="breakdown",
        on_delay=10.0,
    ),
)

LAYER = LayerDefinition(
    id="transit-vehicles",
    title=Text("Buses and trams", "Bus et tramways"),
    singular=Text("Bus or tram", "Bus ou tramway"),
    group=Group.TRANSPORT,
    order=10,
    icon="bus",
    fields=(
        NAME,
        Field(
            name="kind",
            label=Text("Kind", "Type"),
            type="choice",
            filterable=True,
            choices=(Choice("bus", Text("bus", "bus")), Choice("tram", Text("tram", "tramway"))),
        ),
        Field(name="line", label=Text("Line", "Ligne"), searchable=True, filterable=True),
        Field(name="fleet_number", label=Text("Fleet number", "Numéro de parc"), searchable=True),
        COMMUNE,
    ),
    live=(
        Field(name="delay_s", label=Text("Delay", "Retard"), type="integer", unit="s"),
        Field(
            name="occupancy",
            label=Text("Load", "Charge"),
            type="choice",
            choices=(
                Choice("low", Text("light", "faible")),
                Choice("medium", Text("moderate", "moyenne")),
                Choice("high", Text("heavy", "forte")),
            ),
        ),
        Field(name="next_stop", label=Text("Next stop", "Prochain arrêt")),
    ),
    faults=(
        Choice("breakdown", Text("Vehicle broken down", "Véhicule en panne")),
        Choice("emergency", Text("Driver emergency call", "Appel de détresse conducteur")),
    ),
    alarms=ALARMS,
    states=(
        State(id="on-time", label=Text("On time", "À l’heure")),
        State(id="late", label=Text("Late", "En retard"), severity=Severity.INFO),
        State(id="breakdown", label=Text("Broken down", "En panne"), severity=Severity.LOW),
        State(id="emergency", label=Text("Emergency call", "Appel de détresse"), severity=Severity.HIGH),
    ),
    state_of=_state_of,
    stale_after=30.0,
    moving=True,
    dot_below=13.75,
)
