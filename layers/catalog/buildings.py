"""Public buildings watched from the room: intrusion, fire, technical alarms."""

from __future__ import annotations

from layers.definition import Choice, Field, Group, LayerDefinition, Properties, Severity, State, Text
from layers.facts import COMMUNE, NAME
from layers.model import Live
from layers.reading import flag, number

_NORMAL, _OPEN_DOOR, _TECHNICAL, _POWER_LOSS, _INTRUSION, _FIRE = range(6)


def _state_of(properties: Properties, live: Live | None) -> int:
    if live is None:
        return _NORMAL
    if "fire" in live.faults:
        return _FIRE
    if "intrusion" in live.faults:
        return _INTRUSION
    if "power-loss" in live.faults:
        return _POWER_LOSS
    if "technical" in live.faults:
        return _TECHNICAL
    # An open door says nothing while the building is in use; it does once the alarm is set.
    doors = number(live.values, "doors_open") or 0
    return _OPEN_DOOR if doors > 0 and flag(live.values, "armed") else _NORMAL


LAYER = LayerDefinition(
    id="buildings",
    title=Text("Public buildings", "Bâtiments publics"),
    singular=Text("Public building", "Bâtiment public"),
    group=Group.EQUIPMENT,
    order=50,
    icon="building",
    fields=(
        NAME,
        Field(
            name="kind",
            label=Text("Kind", "Type"),
            type="choice",
            editable=True,
            filterable=True,
            choices=(
                Choice("school", Text("school", "école")),
                Choice("town-hall", Text("town hall", "mairie")),
                Choice("museum", Text("museum", "musée")),
                Choice("sports", Text("sports", "équipement sportif")),
                Choice("culture", Text("culture and leisure", "équipement culturel")),
                Choice("nursery", Text("nursery", "crèche")),
                Choice("technical", Text("technical premises", "local technique")),
                Choice("social", Text("social centre", "équipement social")),
            ),
        ),
        Field(name="address", label=Text("Address", "Adresse"), editable=True, searchable=True),
        COMMUNE,
        Field(name="floors", label=Text("Floors", "Niveaux"), type="integer", editable=True),
        Field(
            name="capacity",
            label=Text("Public capacity", "Effectif du public"),
            type="integer",
            editable=True,
        ),
        Field(
            name="armable",
            label=Text("Fitted with an alarm", "Équipé d’une alarme"),
            type="boolean",
            editable=True,
            filterable=True,
        ),
    ),
    live=(
        Field(name="armed", label=Text("Alarm set", "Sous alarme"), type="boolean"),
        Field(name="doors_open", label=Text("Doors open", "Portes ouvertes"), type="integer"),
        Field(
            name="temperature_c",
            label=Text("Temperature", "Température"),
            type="number",
            unit="°C",
            digits=1,
        ),
        Field(name="zone", label=Text("Zone in alarm", "Zone en alarme")),
    ),
    faults=(
        Choice("intrusion", Text("Intrusion", "Intrusion")),
        Choice("fire", Text("Fire alarm", "Alarme incendie")),
        Choice("technical", Text("Technical alarm", "Alarme technique")),
        Choice("power-loss", Text("Power lost", "Coupure électrique")),
    ),
    states=(
        State(id="normal", label=Text("Normal", "Normal")),
        State(
            id="open-door",
            label=Text("Door open under alarm", "Porte ouverte sous alarme"),
            severity=Severity.INFO,
        ),
        State(id="technical", label=Text("Technical alarm", "Alarme technique"), severity=Severity.LOW),
        State(id="power-loss", label=Text("Power lost", "Coupure électrique"), severity=Severity.MEDIUM),
        State(id="intrusion", label=Text("Intrusion", "Intrusion"), severity=Severity.HIGH),
        State(id="fire", label=Text("Fire alarm", "Alarme incendie"), severity=Severity.HIGH, icon="fire"),
    ),
    state_of=_state_of,
    stale_after=300.0,
    cluster_below=11.5,
    dot_below=14.0,
)
