"""Street lights: one luminaire on its pole, wall or catenary."""

from __future__ import annotations

from layers.definition import (
    Action,
    AlarmRule,
    Argument,
    Arguments,
    Choice,
    Field,
    Group,
    LayerDefinition,
    Properties,
    Severity,
    State,
    Text,
)
from layers.facts import COMMUNE, INSTALLED, STREET
from layers.model import Live
from layers.reading import flag, number

_ON, _OFF, _DIMMED, _OVERRIDE, _DAY_BURNING, _FAULT, _NO_SUPPLY = range(7)
_FULL_LEVEL = 100
_LEVEL_MARGIN = 2.0
"""Percent by which drivers round the level they are given."""
_MANY = 50
_TOO_MANY_TO_SWITCH_OFF_ALONE = 500


def _state_of(properties: Properties, live: Live | None) -> int:
    if live is None:
        return _ON
    if "no-supply" in live.faults:
        return _NO_SUPPLY
    if "lamp-failure" in live.faults or "driver-failure" in live.faults:
        return _FAULT
    if "day-burning" in live.faults:
        return _DAY_BURNING
    if flag(live.values, "override"):
        return _OVERRIDE
    if flag(live.values, "on") is False:
        return _OFF
    level = number(live.values, "level")
    return _DIMMED if level is not None and level < _FULL_LEVEL else _ON


def _overridden(live: Live) -> bool:
    """Unless the light says that it follows its program."""
    return flag(live.values, "override") is not False


def _is_dimmed(arguments: Arguments, live: Live) -> bool:
    asked, level = number(arguments, "level"), number(live.values, "level")
    reached = asked is not None and level is not None and abs(level - asked) <= _LEVEL_MARGIN
    return reached and _overridden(live)


def _is_on(arguments: Arguments, live: Live) -> bool:
    return flag(live.values, "on") is True and _overridden(live)


def _is_off(arguments: Arguments, live: Live) -> bool:
    return flag(live.values, "on") is False and _overridden(live)


def _is_released(arguments: Arguments, live: Live) -> bool:
    return flag(live.values, "override") is False


ALARMS = (
    AlarmRule(
        id="lamp-failure",
        title=Text("Lamp failed", "Lampe en panne"),
        severity=Severity.LOW,
        guidance=Text(
            "Ask the lighting crew to replace it.",
            "Demander le remplacement à l’équipe éclairage.",
        ),
        fault="lamp-failure",
    ),
    AlarmRule(
        id="driver-failure",
        title=Text("Driver failed", "Driver en panne"),
        severity=Severity.LOW,
        guidance=Text(
            "Ask the lighting crew to replace the driver.",
            "Demander le remplacement du driver à l’équipe éclairage.",
        ),
        fault="driver-failure",
    ),
    AlarmRule(
        id="no-supply",
        title=Text("Light without supply", "Point lumineux sans alimentation"),
        severity=Severity.LOW,
        guidance=Text(
            "Check the cabinet and the circuit. If the cabinet is in service, send the lighting crew.",
            "Contrôler l’armoire et le départ. Si l’armoire est en service, envoyer l’équipe éclairage.",
        ),
        fault="no-supply",
        upstream="cabinet",
        upstream_alarms=("tripped", "supply-loss"),
    ),
    AlarmRule(
        id="day-burning",
        title=Text("Light burning by day", "Point lumineux allumé en plein jour"),
        severity=Severity.LOW,
        guidance=Text(
            "Check whether a crew is testing it. If not, have the cabinet clock or photocell checked.",
            "Vérifier si une équipe fait des essais. Sinon, faire contrôler l’horloge ou la cellule"
            " de l’armoire.",
        ),
        fault="day-burning",
        on_delay=60.0,
    ),
)

ACTIONS = (
    Action(
        id="dim",
        title=Text("Set the level", "Régler le niveau"),
        consequence=Text(
            "The light holds this level until the override ends.",
            "Le point lumineux garde ce niveau jusqu’à la fin du forçage.",
        ),
        arguments=(
            Argument(
                name="level",
                label=Text("Level", "Niveau"),
                unit="%",
                minimum=0,
                maximum=_FULL_LEVEL,
                step=5,
                default=50,
            ),
        ),
        select_above=_MANY,
        effect=_is_dimmed,
        several=True,
        expires=True,
        cancelled_by="release",
    ),
    Action(
        id="on",
        title=Text("Switch on", "Allumer"),
        consequence=Text(
            "The light stays lit until the override ends.",
            "Le point lumineux reste allumé jusqu’à la fin du forçage.",
        ),
        select_above=_MANY,
        effect=_is_on,
        several=True,
        expires=True,
        cancelled_by="release",
    ),
    Action(
        id="off",
        title=Text("Switch off", "Éteindre"),
        consequence=Text(
            "The street is dark there until the override ends.",
            "La rue reste dans le noir à cet endroit jusqu’à la fin du forçage.",
        ),
        select_above=_MANY,
        two_persons_above=_TOO_MANY_TO_SWITCH_OFF_ALONE,
        effect=_is_off,
        several=True,
        expires=True,
        cancelled_by="release",
    ),
    Action(
        id="release",
        title=Text("End the override", "Lever le forçage"),
        consequence=Text(
            "The light follows its program again.",
            "Le point lumineux reprend son programme.",
        ),
        select_above=_MANY,
        effect=_is_released,
        needs_fresh=False,
        several=True,
    ),
)

LAYER = LayerDefinition(
    id="street-lights",
    title=Text("Street lighting", "Éclairage public"),
    singular=Text("Street light", "Point lumineux"),
    group=Group.EQUIPMENT,
    order=10,
    icon="lamp",
    fields=(
        STREET,
        COMMUNE,
        Field(
            name="cabinet",
            label=Text("Cabinet", "Armoire"),
            type="reference",
            layer="lighting-cabinets",
            editable=True,
            searchable=True,
            filterable=True,
        ),
        Field(name="circuit", label=Text("Circuit", "Départ"), editable=True, searchable=True),
        Field(
            name="power_w",
            label=Text("Rated power", "Puissance nominale"),
            type="integer",
            unit="W",
            editable=True,
            filterable=True,
        ),
        Field(
            name="technology",
            label=Text("Technology", "Technologie"),
            type="choice",
            editable=True,
            filterable=True,
            choices=(
                Choice("led", Text("LED", "LED")),
                Choice("sodium", Text("high-pressure sodium", "sodium haute pression")),
                Choice("metal-halide", Text("metal halide", "iodures métalliques")),
            ),
        ),
        Field(
            name="height_m",
            label=Text("Mounting height", "Hauteur de feu"),
            type="number",
            unit="m",
            editable=True,
            digits=1,
        ),
        INSTALLED,
    ),
    label_field="",
    live=(
        Field(name="on", label=Text("Lit", "Allumé"), type="boolean"),
        Field(name="level", label=Text("Level", "Niveau"), type="integer", unit="%"),
        Field(name="power_w", label=Text("Power drawn", "Puissance"), type="number", unit="W", digits=0),
        Field(name="override", label=Text("Override", "Forçage"), type="boolean"),
    ),
    faults=(
        Choice("lamp-failure", Text("Lamp failed", "Lampe en panne")),
        Choice("driver-failure", Text("Driver failed", "Driver en panne")),
        Choice("no-supply", Text("No supply", "Sans alimentation")),
        Choice("day-burning", Text("Burning by day", "Allumé en plein jour")),
    ),
    alarms=ALARMS,
    actions=ACTIONS,
    states=(
        State(id="on", label=Text("Lit", "Allumé")),
        State(id="off", label=Text("Off", "Éteint")),
        State(id="dimmed", label=Text("Dimmed", "Abaissé")),
        State(
            id="override", label=Text("Override", "Forçage en cours"), severity=Severity.INFO, badge="clock"
        ),
        State(id="day-burning", label=Text("Burning by day", "Allumé en plein jour"), severity=Severity.LOW),
        State(id="fault", label=Text("Lamp failed", "Lampe en panne"), severity=Severity.LOW),
        State(id="no-supply", label=Text("No supply", "Sans alimentation"), severity=Severity.LOW),
    ),
    state_of=_state_of,
    stale_after=3600.0,
    cluster_below=13.25,
    dot_below=17.25,
    label_from=18.5,
)
