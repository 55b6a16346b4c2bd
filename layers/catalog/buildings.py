"""Public buildings watched from the room: intrusion, fire, technical alarms."""

from __future__ import annotations

from layers.definition import (
    Action,
    AlarmRule,
    Arguments,
    Choice,
    Field,
    Group,
    LayerDefinition,
    Properties,
    Risk,
    Severity,
    State,
    Text,
)
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


def _doors_are_reported(arguments: Arguments, live: Live) -> bool:
    return number(live.values, "doors_open") is not None


def _is_armed(arguments: Arguments, live: Live) -> bool:
    return flag(live.values, "armed") is True


def _is_disarmed(arguments: Arguments, live: Live) -> bool:
    return flag(live.values, "armed") is False


def _cannot_arm(properties: Properties, live: Live | None) -> Text | None:
    doors = number(live.values, "doors_open") if live is not None else None
    open_door = doors is not None and doors > 0
    return (
        Text("A door is open, have it closed first", "Une porte est ouverte, la faire fermer d’abord")
        if open_door
        else None
    )


ALARMS = (
    AlarmRule(
        id="fire",
        title=Text(
            "Fire alarm in the building",
            "Alarme incendie dans le bâtiment",
        ),
        severity=Severity.HIGH,
        guidance=Text(
            "Call the fire service on 18 and give the zone. Tell the building’s manager.",
            "Appeler les pompiers au 18 en indiquant la zone. Prévenir le responsable du bâtiment.",
        ),
        fault="fire",
    ),
    AlarmRule(
        id="intrusion",
        title=Text(
            "Intrusion in the building",
            "Intrusion dans le bâtiment",
        ),
        severity=Severity.HIGH,
        guidance=Text(
            "Check on camera, then send the municipal police. Nobody goes in alone.",
            "Lever le doute à la caméra, puis envoyer la police municipale. Personne n’entre seul.",
        ),
        fault="intrusion",
    ),
    AlarmRule(
        id="power-loss",
        title=Text(
            "Building without power",
            "Bâtiment sans électricité",
        ),
        severity=Severity.MEDIUM,
        guidance=Text(
            "Call the building’s manager. Detection runs on batteries for a few hours only.",
            "Appeler le responsable du bâtiment. La détection ne tient que quelques heures sur batterie.",
        ),
        fault="power-loss",
        on_delay=5.0,
    ),
    AlarmRule(
        id="technical",
        title=Text(
            "Technical alarm in the building",
            "Alarme technique dans le bâtiment",
        ),
        severity=Severity.LOW,
        guidance=Text(
            "Pass it on to the technician on duty with the zone.",
            "La transmettre au technicien d’astreinte en indiquant la zone.",
        ),
        fault="technical",
        on_delay=10.0,
    ),
    AlarmRule(
        id="open-door",
        title=Text(
            "Door open under alarm",
            "Porte ouverte sous alarme",
        ),
        severity=Severity.INFO,
        guidance=Text(
            "Ask for a door check, then send a patrol to close it.",
            "Demander un contrôle des portes, puis envoyer une patrouille fermer.",
        ),
        state="open-door",
        on_delay=60.0,
        off_delay=10.0,
    ),
)

ACTIONS = (
    Action(
        id="check-doors",
        title=Text("Check the doors", "Contrôler les portes"),
        consequence=Text(
            "The building reports its doors again.",
            "Le bâtiment renvoie l’état de ses portes.",
        ),
        effect=_doors_are_reported,
        needs_fresh=False,
    ),
    Action(
        id="arm",
        title=Text("Set the alarm", "Mettre sous alarme"),
        consequence=Text(
            "Whoever is still inside sets off the intrusion alarm.",
            "Toute personne encore à l’intérieur déclenche l’alarme intrusion.",
        ),
        effect=_is_armed,
        interlock=_cannot_arm,
        declared_in="armable",
    ),
    Action(
        id="disarm",
        title=Text("Unset the alarm", "Mettre hors alarme"),
        consequence=Text(
            "The building is no longer protected against intrusion.",
            "Le bâtiment n’est plus protégé contre l’intrusion.",
        ),
        risk=Risk.SELECT,
        effect=_is_disarmed,
        declared_in="armable",
    ),
)

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
    alarms=ALARMS,
    actions=ACTIONS,
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
