"""Retractable bollards that guard the pedestrian streets."""

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
    Severity,
    State,
    Text,
)
from layers.facts import COMMUNE, NAME, STREET
from layers.model import Live
from layers.reading import flag, text

_UP, _DOWN, _MOVING, _MOTOR, _BLOCKED = range(5)
_BY_POSITION = {"up": _UP, "down": _DOWN, "moving": _MOVING}
_EFFECT_TIMEOUT_S = 15.0
_MOVING_NOW = Text("The bollard is moving", "La borne est en mouvement")
_OCCUPIED = Text("A vehicle stands on the loop", "Un véhicule se trouve sur la boucle")
_LOOP_UNKNOWN = Text("The loop does not say that it is free", "La boucle ne confirme pas qu’elle est libre")


def _state_of(properties: Properties, live: Live | None) -> int:
    if live is None:
        return _UP
    if "blocked" in live.faults:
        return _BLOCKED
    if "motor" in live.faults:
        return _MOTOR
    return _BY_POSITION.get(text(live.values, "position"), _UP)


def _is_down(arguments: Arguments, live: Live) -> bool:
    return text(live.values, "position") == "down"


def _is_up(arguments: Arguments, live: Live) -> bool:
    return text(live.values, "position") == "up"


def _cannot_lower(properties: Properties, live: Live | None) -> Text | None:
    if live is None:
        return None
    if text(live.values, "position") == "moving":
        return _MOVING_NOW
    return _OCCUPIED if flag(live.values, "occupied") else None


def _cannot_raise(properties: Properties, live: Live | None) -> Text | None:
    reason = _cannot_lower(properties, live)
    if reason is None and (live is None or flag(live.values, "occupied") is None):
        return _LOOP_UNKNOWN  # a bollard that rises under a vehicle wrecks it
    return reason


ALARMS = (
    AlarmRule(
        id="blocked",
        title=Text("Bollard blocked", "Borne bloquée"),
        severity=Severity.MEDIUM,
        guidance=Text(
            "Look at the bollard on camera. If the way is blocked for the emergency services, send a crew"
            " at once.",
            "Observer la borne à la caméra. Si l’accès des secours est bloqué, envoyer une équipe"
            " tout de suite.",
        ),
        fault="blocked",
    ),
    AlarmRule(
        id="motor",
        title=Text("Bollard motor failed", "Moteur de borne en défaut"),
        severity=Severity.LOW,
        guidance=Text(
            "Report it to maintenance and tell those who need to pass.",
            "Signaler la panne à la maintenance et prévenir les ayants droit.",
        ),
        fault="motor",
    ),
)

ACTIONS = (
    Action(
        id="lower",
        title=Text("Lower the bollard", "Baisser la borne"),
        consequence=Text(
            "The way is open to every vehicle until it is raised.",
            "La rue est ouverte à tous les véhicules jusqu’à la remontée.",
        ),
        effect=_is_down,
        effect_timeout=_EFFECT_TIMEOUT_S,
        interlock=_cannot_lower,
    ),
    Action(
        id="raise",
        title=Text("Raise the bollard", "Lever la borne"),
        consequence=Text("The way is closed to vehicles.", "La rue est fermée aux véhicules."),
        effect=_is_up,
        effect_timeout=_EFFECT_TIMEOUT_S,
        interlock=_cannot_raise,
    ),
)

LAYER = LayerDefinition(
    id="bollards",
    title=Text("Access bollards", "Bornes d’accès"),
    singular=Text("Access bollard", "Borne d’accès"),
    group=Group.EQUIPMENT,
    order=60,
    icon="bollard",
    fields=(
        NAME,
        STREET,
        COMMUNE,
        Field(name="access", label=Text("Who may pass", "Ayants droit"), editable=True, searchable=True),
    ),
    live=(
        Field(
            name="position",
            label=Text("Position", "Position"),
            type="choice",
            choices=(
                Choice("up", Text("up", "levée")),
                Choice("down", Text("down", "baissée")),
                Choice("moving", Text("moving", "en mouvement")),
            ),
        ),
        Field(name="occupied", label=Text("Vehicle on loop", "Véhicule sur boucle"), type="boolean"),
    ),
    faults=(
        Choice("blocked", Text("Bollard blocked", "Borne bloquée")),
        Choice("motor", Text("Motor failed", "Moteur en défaut")),
    ),
    alarms=ALARMS,
    actions=ACTIONS,
    states=(
        State(id="up", label=Text("Up", "Levée")),
        State(id="down", label=Text("Down", "Baissée"), icon="bollard-down"),
        State(id="moving", label=Text("Moving", "En mouvement")),
        State(id="motor", label=Text("Motor failed", "Moteur en défaut"), severity=Severity.LOW),
        State(id="blocked", label=Text("Blocked", "Borne bloquée"), severity=Severity.MEDIUM),
    ),
    state_of=_state_of,
    stale_after=30.0,
    cluster_below=13.0,
    dot_below=14.5,
)
