"""Signalled junctions: one traffic controller and the signal lines it drives."""

from __future__ import annotations

from layers.definition import Choice, Field, Group, LayerDefinition, Properties, Severity, State, Text
from layers.facts import COMMUNE, INSTALLED, NAME
from layers.model import Live
from layers.reading import text

(
    _AUTOMATIC,
    _FORCED,
    _LOCAL,
    _DETECTOR_FAULT,
    _LAMP_FAULT,
    _FLASHING,
    _RED_LAMP_FAULT,
    _DARK,
    _CONTROLLER_FAULT,
) = range(9)
_BY_MODE = {"forced": _FORCED, "local": _LOCAL}


def _state_of(properties: Properties, live: Live | None) -> int:
    if live is None:
        return _AUTOMATIC
    mode = text(live.values, "mode")
    if mode == "off":
        return _DARK
    if "lamp-fault-red" in live.faults:
        return _RED_LAMP_FAULT
    if "controller-fault" in live.faults:
        return _CONTROLLER_FAULT
    if mode == "flashing":
        return _FLASHING
    if "lamp-fault" in live.faults:
        return _LAMP_FAULT
    if "detector-fault" in live.faults:
        return _DETECTOR_FAULT
    return _BY_MODE.get(mode, _AUTOMATIC)


LAYER = LayerDefinition(
    id="junctions",
    title=Text("Signalled junctions", "Carrefours à feux"),
    singular=Text("Signalled junction", "Carrefour à feux"),
    group=Group.EQUIPMENT,
    order=30,
    icon="junction",
    fields=(
        NAME,
        COMMUNE,
        Field(
            name="controller",
            label=Text("Controller", "Contrôleur"),
            editable=True,
            searchable=True,
            filterable=True,
        ),
        Field(name="phases", label=Text("Phases", "Phases"), type="integer", editable=True),
        Field(name="lines", label=Text("Signal lines", "Lignes de feux"), type="integer", editable=True),
        Field(
            name="axis",
            label=Text("Coordination", "Coordination"),
            editable=True,
            searchable=True,
            filterable=True,
        ),
        Field(name="plans", label=Text("Declared plans", "Plans déclarés"), editable=True),
        Field(
            name="bus_priority",
            label=Text("Equipped for bus priority", "Équipé priorité bus"),
            type="boolean",
            editable=True,
            filterable=True,
        ),
        INSTALLED,
    ),
    live=(
        Field(
            name="mode",
            label=Text("Mode", "Mode"),
            type="choice",
            choices=(
                Choice("automatic", Text("automatic", "automatique")),
                Choice("forced", Text("forced plan", "plan forcé")),
                Choice("flashing", Text("flashing amber", "jaune clignotant")),
                Choice("off", Text("off", "éteint")),
                Choice("local", Text("local control", "commande locale")),
            ),
        ),
        Field(name="plan", label=Text("Plan", "Plan"), type="integer"),
        Field(name="bus_priority", label=Text("Bus priority", "Priorité bus"), type="boolean"),
        Field(name="cycle_s", label=Text("Cycle", "Cycle"), type="number", unit="s", digits=0),
        Field(name="line", label=Text("Failed signal line", "Ligne en défaut")),
    ),
    faults=(
        Choice("lamp-fault-red", Text("Signal failed, red lamp", "Feu en défaut, lampe rouge")),
        Choice("lamp-fault", Text("Signal lamp failed", "Lampe de feu en panne")),
        Choice("detector-fault", Text("Detector failed", "Détecteur en défaut")),
        Choice("controller-fault", Text("Controller failed", "Contrôleur en défaut")),
    ),
    states=(
        State(id="automatic", label=Text("Automatic", "Automatique")),
        State(id="forced", label=Text("Plan forced", "Plan forcé"), severity=Severity.INFO, badge="clock"),
        State(
            id="local", label=Text("Local control", "Commande locale"), severity=Severity.INFO, badge="hand"
        ),
        State(
            id="detector-fault", label=Text("Detector failed", "Détecteur en défaut"), severity=Severity.INFO
        ),
        State(id="lamp-fault", label=Text("Lamp failed", "Lampe de feu en panne"), severity=Severity.LOW),
        State(
            id="flashing",
            label=Text("Flashing amber", "Jaune clignotant"),
            severity=Severity.MEDIUM,
            icon="junction-flashing",
        ),
        State(id="red-lamp-fault", label=Text("Signal failed", "Feu en défaut"), severity=Severity.MEDIUM),
        State(id="dark", label=Text("Dark", "Feux éteints"), severity=Severity.HIGH, icon="junction-dark"),
        State(
            id="controller-fault",
            label=Text("Controller failed", "Contrôleur en défaut"),
            severity=Severity.MEDIUM,
        ),
    ),
    state_of=_state_of,
    stale_after=30.0,
    cluster_below=11.5,
    dot_below=13.5,
)
