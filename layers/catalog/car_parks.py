"""Public car parks and the places left in them."""

from __future__ import annotations

from layers.definition import (
    AlarmRule,
    Choice,
    Field,
    Group,
    LayerDefinition,
    Properties,
    Severity,
    State,
    Text,
)
from layers.facts import COMMUNE, NAME
from layers.model import Live
from layers.reading import flag, number

_OPEN, _NEARLY_FULL, _FULL, _CLOSED, _BARRIER = range(5)
_NEARLY_FULL_SHARE = 0.10


def _state_of(properties: Properties, live: Live | None) -> int:
    if live is None:
        return _OPEN
    if "barrier" in live.faults:
        return _BARRIER
    if flag(live.values, "open") is False:
        return _CLOSED
    free = number(live.values, "free")
    if free is None:
        return _OPEN
    if free <= 0:
        return _FULL
    capacity = number(properties, "capacity")
    return _NEARLY_FULL if capacity is not None and free < capacity * _NEARLY_FULL_SHARE else _OPEN


ALARMS = (
    AlarmRule(
        id="barrier",
        title=Text(
            "Car park barrier failed",
            "Barrière de parking en défaut",
        ),
        severity=Severity.LOW,
        guidance=Text(
            "Call the car park’s operator. Watch the queue on camera.",
            "Appeler l’exploitant du parking. Surveiller la file d’attente à la caméra.",
        ),
        fault="barrier",
        on_delay=5.0,
    ),
)

LAYER = LayerDefinition(
    id="car-parks",
    title=Text("Car parks", "Parkings"),
    singular=Text("Car park", "Parking"),
    group=Group.EQUIPMENT,
    order=80,
    icon="car-park",
    fields=(
        NAME,
        COMMUNE,
        Field(
            name="kind",
            label=Text("Kind", "Type"),
            type="choice",
            editable=True,
            filterable=True,
            choices=(
                Choice("underground", Text("underground", "souterrain")),
                Choice("surface", Text("surface", "en surface")),
                Choice("park-and-ride", Text("park and ride", "parc relais")),
            ),
        ),
        Field(name="capacity", label=Text("Places", "Capacité"), type="integer", editable=True),
        Field(
            name="operator",
            label=Text("Operator", "Exploitant"),
            editable=True,
            searchable=True,
            filterable=True,
        ),
    ),
    live=(
        Field(name="free", label=Text("Free places", "Places libres"), type="integer"),
        Field(name="open", label=Text("Open", "Ouvert"), type="boolean"),
    ),
    faults=(Choice("barrier", Text("Barrier failed", "Barrière en défaut")),),
    alarms=ALARMS,
    states=(
        State(id="open", label=Text("Open", "Ouvert")),
        State(id="nearly-full", label=Text("Nearly full", "Presque complet")),
        State(id="full", label=Text("Full", "Complet"), severity=Severity.INFO),
        State(id="closed", label=Text("Closed", "Fermé"), severity=Severity.INFO),
        State(id="barrier", label=Text("Barrier failed", "Barrière en défaut"), severity=Severity.LOW),
    ),
    state_of=_state_of,
    state_fields=("capacity",),
    stale_after=300.0,
    cluster_below=11.5,
    dot_below=13.0,
    label_from=15.0,
)
