"""Lighting cabinets: the street-side cabinet that feeds and switches some fifty street lights."""

from __future__ import annotations

from layers.definition import Choice, Field, Group, LayerDefinition, Properties, Severity, State, Text
from layers.facts import COMMUNE, INSTALLED, NAME, STREET
from layers.model import Live
from layers.reading import flag, text

_IN_SERVICE, _FORCED, _LOCAL, _DOOR_OPEN, _TRIPPED, _SUPPLY_LOSS, _COMM_FAILURE = range(7)


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
