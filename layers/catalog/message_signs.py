"""Variable message signs above the main roads."""

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
from layers.facts import COMMUNE, NAME, STREET
from layers.model import Live
from layers.reading import flag, text

_BLANK, _DISPLAYING, _PIXEL_FAILURE, _FAILED = range(4)
_EFFECT_TIMEOUT_S = 30.0
_SEVERAL = 4
_TEMPLATES = (
    Choice("ACCIDENT", Text("Accident ahead", "Accident")),
    Choice("BOUCHON", Text("Queue ahead", "Bouchon")),
    Choice("ROUTE BARREE", Text("Road closed", "Route barrée")),
    Choice("DEVIATION", Text("Diversion", "Déviation")),
    Choice("TRAVAUX", Text("Road works", "Travaux")),
    Choice("ROUTE INONDEE", Text("Road flooded", "Route inondée")),
    Choice("RISQUE VERGLAS", Text("Risk of ice", "Risque de verglas")),
    Choice("VENT VIOLENT", Text("Gale", "Vent violent")),
    Choice("LIMITE 70 KM/H", Text("Limit 70 km/h", "Limite 70 km/h")),
)
"""Approved messages, as the sign shows them: capitals without accents, on a line of fifteen characters."""


def _state_of(properties: Properties, live: Live | None) -> int:
    if live is None:
        return _BLANK
    if "no-link" in live.faults:
        return _FAILED
    if "pixel-failure" in live.faults:
        return _PIXEL_FAILURE
    shown = text(live.values, "text") != "" and flag(live.values, "lit") is not False
    return _DISPLAYING if shown else _BLANK


def _shows(arguments: Arguments, live: Live) -> bool:
    asked = text(arguments, "text")
    lit = flag(live.values, "lit") is not False
    return asked != "" and text(live.values, "text") == asked and lit


def _is_blank(arguments: Arguments, live: Live) -> bool:
    shown = live.values.get("text")
    return flag(live.values, "lit") is False or (isinstance(shown, str) and not shown.strip())


def _cannot_be_reached(properties: Properties, live: Live | None) -> Text | None:
    lost = live is not None and "no-link" in live.faults
    return Text("The link to the sign is lost", "La liaison avec le panneau est perdue") if lost else None


ALARMS = (
    AlarmRule(
        id="no-link",
        title=Text(
            "Link to the sign lost",
            "Liaison perdue avec le panneau",
        ),
        severity=Severity.LOW,
        guidance=Text(
            "The sign may show an old message. If the link does not come back, call maintenance.",
            "Le panneau affiche peut-être un ancien message. Si la liaison ne revient pas, prévenir"
            " la maintenance.",
        ),
        fault="no-link",
        on_delay=5.0,
    ),
    AlarmRule(
        id="pixel-failure",
        title=Text(
            "Sign pixels failed",
            "Pixels du panneau en défaut",
        ),
        severity=Severity.INFO,
        guidance=Text(
            "Check that the message can still be read and report it to maintenance.",
            "Vérifier que le message reste lisible et signaler la panne à la maintenance.",
        ),
        fault="pixel-failure",
        on_delay=10.0,
    ),
)

ACTIONS = (
    Action(
        id="display",
        title=Text("Show a message", "Afficher un message"),
        consequence=Text(
            "Drivers see the message until it is cleared or replaced.",
            "Les conducteurs voient le message jusqu’à son effacement ou son remplacement.",
        ),
        arguments=(
            Argument(
                name="text",
                label=Text("Approved message", "Message approuvé"),
                type="choice",
                choices=_TEMPLATES,
            ),
        ),
        select_above=_SEVERAL,
        effect=_shows,
        effect_timeout=_EFFECT_TIMEOUT_S,
        interlock=_cannot_be_reached,
        several=True,
    ),
    Action(
        id="clear",
        title=Text("Clear the message", "Effacer le message"),
        consequence=Text("The sign goes blank.", "Le panneau n’affiche plus rien."),
        select_above=_SEVERAL,
        effect=_is_blank,
        effect_timeout=_EFFECT_TIMEOUT_S,
        interlock=_cannot_be_reached,
        several=True,
    ),
)

LAYER = LayerDefinition(
    id="message-signs",
    title=Text("Message signs", "Panneaux à messages"),
    singular=Text("Message sign", "Panneau à messages"),
    group=Group.EQUIPMENT,
    order=70,
    icon="message-sign",
    fields=(
        NAME,
        STREET,
        COMMUNE,
        Field(
            name="direction",
            label=Text("Facing traffic to", "Sens de circulation"),
            editable=True,
            searchable=True,
        ),
        Field(name="lines", label=Text("Lines", "Lignes"), type="integer", editable=True),
        Field(
            name="width_chars",
            label=Text("Characters per line", "Caractères par ligne"),
            type="integer",
            editable=True,
        ),
    ),
    live=(
        Field(name="text", label=Text("Message shown", "Message affiché")),
        Field(name="lit", label=Text("Lit", "Allumé"), type="boolean"),
    ),
    faults=(
        Choice("pixel-failure", Text("Pixels failed", "Pixels en défaut")),
        Choice("no-link", Text("No link", "Liaison perdue")),
    ),
    alarms=ALARMS,
    actions=ACTIONS,
    states=(
        State(id="blank", label=Text("Blank", "Sans message")),
        State(id="displaying", label=Text("Showing a message", "Message affiché")),
        State(id="pixel-failure", label=Text("Pixels failed", "Pixels en défaut"), severity=Severity.INFO),
        State(id="failed", label=Text("No link", "Liaison perdue"), severity=Severity.LOW),
    ),
    state_of=_state_of,
    stale_after=120.0,
    cluster_below=11.5,
    dot_below=13.0,
)
