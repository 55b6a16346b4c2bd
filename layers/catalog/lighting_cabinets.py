"""Lighting cabinets: the street-side cabinet that feeds and switches some fifty street lights."""

from __future__ import annotations

from layers.definition import (
    Action,
    AlarmRule,
    Arguments,
    Choice,
    Effect,
    Field,
    Group,
    LayerDefinition,
    Properties,
    Risk,
    Severity,
    State,
    Text,
)
from layers.facts import COMMUNE, INSTALLED, LOCAL_CONTROL, NAME, STREET
from layers.model import Live
from layers.reading import flag, text

_IN_SERVICE, _FORCED, _LOCAL, _DOOR_OPEN, _TRIPPED, _SUPPLY_LOSS, _COMM_FAILURE = range(7)
_MANY = 10
"""Cabinets, which feed some five hundred lights."""


def _state_of(properties: Properties, live: Live | None) -> int:
    if live is None:
        return _IN_SERVICE
    if "supply-loss" in live.faults:
        return _SUPPLY_LOSS
    if "tripped" in live.faults:
        return _TRIPPED
    if "door-open" in live.faults or flag(live.values, "door_open"):
        return _DOOR_OPEN
    if "comm-failure" in live.faults:
        return _COMM_FAILURE
    mode = text(live.values, "mode")
    if mode == "local":
        return _LOCAL
    return _FORCED if mode in ("forced-on", "forced-off") else _IN_SERVICE


def _mode_is(mode: str) -> Effect:
    def reported(arguments: Arguments, live: Live) -> bool:
        return text(live.values, "mode") == mode

    return reported


def _in_local_control(properties: Properties, live: Live | None) -> Text | None:
    local = live is not None and text(live.values, "mode") == "local"
    return LOCAL_CONTROL if local else None


ALARMS = (
    AlarmRule(
        id="tripped",
        title=Text("Cabinet tripped", "Armoire déclenchée"),
        severity=Severity.LOW,
        guidance=Text(
            "Send the lighting crew. Its lights stay dark until it is reset on site.",
            "Envoyer l’équipe éclairage. Les points lumineux restent éteints jusqu’au réarmement sur place.",
        ),
        fault="tripped",
    ),
    AlarmRule(
        id="supply-loss",
        title=Text("Cabinet without supply", "Armoire sans alimentation"),
        severity=Severity.MEDIUM,
        guidance=Text(
            "Ask the grid operator whether the district is cut off, then call the lighting crew on duty.",
            "Demander au gestionnaire du réseau si le quartier est coupé, puis appeler l’astreinte"
            " éclairage.",
        ),
        fault="supply-loss",
    ),
    AlarmRule(
        id="door-open",
        title=Text("Cabinet door open", "Porte d’armoire ouverte"),
        severity=Severity.LOW,
        guidance=Text(
            "Check whether a crew is at work there. If not, send a patrol, live parts are within reach.",
            "Vérifier qu’une équipe travaille sur place. Sinon, envoyer une patrouille, des pièces"
            " sous tension sont accessibles.",
        ),
        fault="door-open",
        on_delay=60.0,
    ),
    AlarmRule(
        id="comm-failure",
        title=Text("Link to the cabinet lost", "Liaison perdue avec l’armoire"),
        severity=Severity.LOW,
        guidance=Text(
            "The lights follow the cabinet’s own program. If the link does not come back, call maintenance.",
            "L’éclairage suit le programme local de l’armoire. Si la liaison ne revient pas, prévenir"
            " la maintenance.",
        ),
        fault="comm-failure",
        on_delay=5.0,
    ),
)

ACTIONS = (
    Action(
        id="force-on",
        title=Text("Force on", "Forcer la marche"),
        consequence=Text(
            "All lights of the cabinet stay lit until the override ends.",
            "Tous les points lumineux de l’armoire restent allumés jusqu’à la fin du forçage.",
        ),
        risk=Risk.SELECT,
        effect=_mode_is("forced-on"),
        interlock=_in_local_control,
        several=True,
        expires=True,
        cancelled_by="auto",
    ),
    Action(
        id="force-off",
        title=Text("Force off", "Forcer l’arrêt"),
        consequence=Text(
            "All streets of the cabinet stay dark until the override ends.",
            "Toutes les rues de l’armoire restent dans le noir jusqu’à la fin du forçage.",
        ),
        risk=Risk.SELECT,
        two_persons_above=_MANY,
        effect=_mode_is("forced-off"),
        interlock=_in_local_control,
        several=True,
        expires=True,
        cancelled_by="auto",
    ),
    Action(
        id="auto",
        title=Text("Back to automatic", "Remettre en automatique"),
        consequence=Text(
            "The cabinet follows its clock and photocell again.",
            "L’armoire suit de nouveau son horloge et sa cellule.",
        ),
        select_above=_MANY,
        effect=_mode_is("auto"),
        interlock=_in_local_control,
        needs_fresh=False,
        several=True,
    ),
)

LAYER = LayerDefinition(
    id="lighting-cabinets",
    title=Text("Lighting cabinets", "Armoires"),
    singular=Text("Lighting cabinet", "Armoire d’éclairage"),
    group=Group.EQUIPMENT,
    order=20,
    icon="cabinet",
    fields=(
        NAME,
        STREET,
        COMMUNE,
        Field(name="circuits", label=Text("Circuits", "Départs"), type="integer", editable=True),
        Field(
            name="power_kw",
            label=Text("Subscribed power", "Puissance souscrite"),
            type="number",
            unit="kW",
            editable=True,
            digits=1,
        ),
        INSTALLED,
    ),
    live=(
        Field(name="powered", label=Text("Lighting powered", "Sous tension"), type="boolean"),
        Field(
            name="mode",
            label=Text("Mode", "Mode"),
            type="choice",
            choices=(
                Choice("auto", Text("automatic", "automatique")),
                Choice("forced-on", Text("forced on", "marche forcée")),
                Choice("forced-off", Text("forced off", "arrêt forcé")),
                Choice("local", Text("local control", "commande locale")),
            ),
        ),
        Field(name="current_a", label=Text("Current", "Intensité"), type="number", unit="A", digits=1),
        Field(name="door_open", label=Text("Door open", "Porte ouverte"), type="boolean"),
    ),
    faults=(
        Choice("tripped", Text("Cabinet tripped", "Armoire déclenchée")),
        Choice("supply-loss", Text("Supply lost", "Perte d’alimentation")),
        Choice("door-open", Text("Door open", "Porte ouverte")),
        Choice("comm-failure", Text("No link", "Liaison perdue")),
    ),
    alarms=ALARMS,
    actions=ACTIONS,
    states=(
        State(id="in-service", label=Text("In service", "En service")),
        State(
            id="forced", label=Text("Forced", "Marche ou arrêt forcé"), severity=Severity.INFO, badge="clock"
        ),
        State(
            id="local", label=Text("Local control", "Commande locale"), severity=Severity.INFO, badge="hand"
        ),
        State(id="door-open", label=Text("Door open", "Porte ouverte"), severity=Severity.LOW),
        State(id="tripped", label=Text("Tripped", "Armoire déclenchée"), severity=Severity.LOW),
        State(id="supply-loss", label=Text("Supply lost", "Perte d’alimentation"), severity=Severity.MEDIUM),
        State(id="comm-failure", label=Text("No link", "Liaison perdue"), severity=Severity.LOW),
    ),
    state_of=_state_of,
    stale_after=900.0,
    cluster_below=12.0,
    dot_below=15.5,
)
