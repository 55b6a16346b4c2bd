"""Street lights: one luminaire on its pole, wall or catenary."""

from __future__ import annotations

from layers.definition import Choice, Field, Group, LayerDefinition, Properties, Severity, State, Text
from layers.facts import COMMUNE, INSTALLED, STREET
from layers.model import Live
from layers.reading import flag, number

_ON, _OFF, _DIMMED, _OVERRIDE, _DAY_BURNING, _FAULT, _NO_SUPPLY = range(7)
_FULL_LEVEL = 100


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
