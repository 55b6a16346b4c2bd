"""Retractable bollards that guard the pedestrian streets."""

from __future__ import annotations

from layers.definition import Choice, Field, Group, LayerDefinition, Properties, Severity, State, Text
from layers.facts import COMMUNE, NAME, STREET
from layers.model import Live
from layers.reading import text

_UP, _DOWN, _MOVING, _MOTOR, _BLOCKED = range(5)
_BY_POSITION = {"up": _UP, "down": _DOWN, "moving": _MOVING}


def _state_of(properties: Properties, live: Live | None) -> int:
    if live is None:
        return _UP
    if "blocked" in live.faults:
        return _BLOCKED
    if "motor" in live.faults:
        return _MOTOR
    return _BY_POSITION.get(text(live.values, "position"), _UP)


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
