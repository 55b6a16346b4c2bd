"""Signalled junctions: one traffic controller and the signal lines it drives."""

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
    Risk,
    Severity,
    State,
    Text,
)
from layers.facts import COMMUNE, INSTALLED, LOCAL_CONTROL, NAME
from layers.model import Live
from layers.reading import number, text

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
_EFFECT_TIMEOUT_S = 180.0
"""A controller changes plan at the end of its cycle."""


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


def _plan_is_forced(arguments: Arguments, live: Live) -> bool:
    plan = number(live.values, "plan")
    forced = text(live.values, "mode") == "forced"
    return forced and plan is not None and plan.is_integer() and str(int(plan)) == text(arguments, "plan")


def _is_flashing(arguments: Arguments, live: Live) -> bool:
    return text(live.values, "mode") == "flashing"


def _is_automatic(arguments: Arguments, live: Live) -> bool:
    return text(live.values, "mode") == "automatic"


def _cannot_obey(properties: Properties, live: Live | None) -> Text | None:
    if live is None:
        return None
    mode = text(live.values, "mode")
    if mode == "local":
        return LOCAL_CONTROL
    if "controller-fault" in live.faults:
        return Text("The controller has failed", "Le contrôleur est en défaut")
    return Text("The signals are dark", "Les feux sont éteints") if mode == "off" else None


ALARMS = (
    AlarmRule(
        id="dark",
        title=Text("Junction dark", "Carrefour éteint"),
        severity=Severity.HIGH,
        guidance=Text(
            "Send officers to direct traffic and call signal maintenance at once.",
            "Envoyer des agents régler la circulation et appeler tout de suite la maintenance des feux.",
        ),
        state="dark",
    ),
    AlarmRule(
        id="lamp-fault-red",
        title=Text("Signal failed, red lamp", "Feu en défaut, lampe rouge"),
        severity=Severity.MEDIUM,
        guidance=Text(
            "Call signal maintenance at once. Send an officer if the junction becomes unsafe.",
            "Appeler tout de suite la maintenance des feux. Envoyer un agent si le carrefour devient"
            " dangereux.",
        ),
        fault="lamp-fault-red",
    ),
    AlarmRule(
        id="controller-fault",
        title=Text("Junction controller failed", "Contrôleur de carrefour en défaut"),
        severity=Severity.MEDIUM,
        guidance=Text(
            "Look at the junction on camera and call signal maintenance.",
            "Observer le carrefour à la caméra et appeler la maintenance des feux.",
        ),
        fault="controller-fault",
    ),
    AlarmRule(
        id="flashing",
        title=Text("Junction on flashing amber", "Carrefour au jaune clignotant"),
        severity=Severity.MEDIUM,
        guidance=Text(
            "If nobody asked for it, look at the junction on camera and call signal maintenance.",
            "Si personne ne l’a demandé, observer le carrefour à la caméra et appeler la maintenance"
            " des feux.",
        ),
        state="flashing",
        on_delay=5.0,
    ),
    AlarmRule(
        id="lamp-fault",
        title=Text("Signal lamp failed", "Lampe de feu en panne"),
        severity=Severity.LOW,
        guidance=Text(
            "Report it to signal maintenance with the number of the signal line.",
            "Signaler la panne à la maintenance des feux avec le numéro de ligne.",
        ),
        fault="lamp-fault",
    ),
    AlarmRule(
        id="detector-fault",
        title=Text("Detector failed", "Détecteur en défaut"),
        severity=Severity.INFO,
        guidance=Text(
            "The junction no longer adapts to traffic. Report it to signal maintenance.",
            "Le carrefour ne s’adapte plus au trafic. Signaler la panne à la maintenance des feux.",
        ),
        fault="detector-fault",
        on_delay=10.0,
    ),
)

ACTIONS = (
    Action(
        id="force-plan",
        title=Text("Force a plan", "Forcer un plan"),
        consequence=Text(
            "The junction keeps this plan until it is put back to automatic.",
            "Le carrefour garde ce plan jusqu’à sa remise en automatique.",
        ),
        arguments=(
            Argument(name="plan", label=Text("Plan number", "Plan"), type="choice", declared_in="plans"),
        ),
        risk=Risk.SELECT,
        effect=_plan_is_forced,
        effect_timeout=_EFFECT_TIMEOUT_S,
        interlock=_cannot_obey,
        declared_in="actions",
    ),
    Action(
        id="flashing",
        title=Text("Set to flashing amber", "Mettre au jaune clignotant"),
        consequence=Text(
            "The signals no longer hold anyone back, signs or priority to the right apply.",
            "Les feux n’arrêtent plus personne, les panneaux ou la priorité à droite s’appliquent.",
        ),
        risk=Risk.TWO_PERSONS,
        effect=_is_flashing,
        effect_timeout=_EFFECT_TIMEOUT_S,
        interlock=_cannot_obey,
        declared_in="actions",
    ),
    Action(
        id="automatic",
        title=Text("Back to automatic", "Remettre en automatique"),
        consequence=Text(
            "The junction follows its own timetable of plans again.",
            "Le carrefour suit de nouveau son calendrier de plans.",
        ),
        risk=Risk.SELECT,
        effect=_is_automatic,
        effect_timeout=_EFFECT_TIMEOUT_S,
        interlock=_cannot_obey,
        declared_in="actions",
    ),
)

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
        Field(name="actions", label=Text("Declared commands", "Commandes déclarées"), editable=True),
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
    alarms=ALARMS,
    actions=ACTIONS,
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
