"""River gauges, judged against the flood thresholds of their own record."""

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
from layers.reading import number

_NORMAL, _SENSOR, _YELLOW, _ORANGE, _RED = range(5)
_THRESHOLDS = (("threshold_red", _RED), ("threshold_orange", _ORANGE), ("threshold_yellow", _YELLOW))
_SETTLED_S = 60.0
"""A level that ripples around a threshold is one alarm."""


def _state_of(properties: Properties, live: Live | None) -> int:
    if live is None:
        return _NORMAL
    level = number(live.values, "level_m")
    for name, state in _THRESHOLDS if level is not None else ():
        threshold = number(properties, name)
        if threshold is not None and level is not None and level >= threshold:
            return state
    return _SENSOR if "sensor" in live.faults else _NORMAL


ALARMS = (
    AlarmRule(
        id="red",
        title=Text(
            "River above the red threshold",
            "Cours d’eau au-dessus du seuil rouge",
        ),
        severity=Severity.HIGH,
        guidance=Text(
            "Warn the officer on duty and the prefecture. Close the roads of the flood zone.",
            "Alerter le cadre d’astreinte et la préfecture. Fermer les voies de la zone inondable.",
        ),
        state="red",
        off_delay=_SETTLED_S,
    ),
    AlarmRule(
        id="orange",
        title=Text(
            "River above the orange threshold",
            "Cours d’eau au-dessus du seuil orange",
        ),
        severity=Severity.MEDIUM,
        guidance=Text(
            "Warn the officer on duty. Have the quays and underpasses closed.",
            "Alerter le cadre d’astreinte. Faire fermer les quais et les passages inférieurs.",
        ),
        state="orange",
        off_delay=_SETTLED_S,
    ),
    AlarmRule(
        id="yellow",
        title=Text(
            "River above the yellow threshold",
            "Cours d’eau au-dessus du seuil jaune",
        ),
        severity=Severity.LOW,
        guidance=Text(
            "Follow the level and the Vigicrues bulletin. Warn the crews at work on the banks.",
            "Suivre la hauteur et le bulletin Vigicrues. Prévenir les équipes qui travaillent sur"
            " les berges.",
        ),
        state="yellow",
        off_delay=_SETTLED_S,
    ),
    AlarmRule(
        id="sensor",
        title=Text(
            "River gauge sensor failed",
            "Capteur de hauteur d’eau en défaut",
        ),
        severity=Severity.INFO,
        guidance=Text(
            "Do not rely on this level. Use the gauge upstream and report it to maintenance.",
            "Ne pas se fier à cette hauteur. S’appuyer sur la station amont et prévenir la maintenance.",
        ),
        fault="sensor",
        on_delay=10.0,
    ),
)


def _threshold(name: str, label: Text) -> Field:
    return Field(name=name, label=label, type="number", unit="m", editable=True, digits=2)


LAYER = LayerDefinition(
    id="river-gauges",
    title=Text("River gauges", "Stations hydro"),
    singular=Text("River gauge", "Station hydrométrique"),
    group=Group.EQUIPMENT,
    order=90,
    icon="river-gauge",
    fields=(
        NAME,
        Field(
            name="river",
            label=Text("River", "Cours d’eau"),
            editable=True,
            searchable=True,
            filterable=True,
        ),
        COMMUNE,
        _threshold("threshold_yellow", Text("Yellow threshold", "Seuil jaune")),
        _threshold("threshold_orange", Text("Orange threshold", "Seuil orange")),
        _threshold("threshold_red", Text("Red threshold", "Seuil rouge")),
        Field(
            name="zero_m",
            label=Text("Gauge zero, above sea level", "Cote du zéro"),
            type="number",
            unit="m",
            editable=True,
            digits=2,
        ),
    ),
    live=(
        Field(name="level_m", label=Text("Level", "Hauteur"), type="number", unit="m", digits=2),
        Field(name="flow_m3s", label=Text("Flow", "Débit"), type="number", unit="m³/s", digits=1),
        Field(
            name="trend",
            label=Text("Trend", "Tendance"),
            type="choice",
            choices=(
                Choice("rising", Text("rising", "en hausse")),
                Choice("steady", Text("steady", "stable")),
                Choice("falling", Text("falling", "en baisse")),
            ),
        ),
    ),
    faults=(Choice("sensor", Text("Sensor failed", "Capteur en défaut")),),
    alarms=ALARMS,
    states=(
        State(id="normal", label=Text("Below thresholds", "Sous les seuils")),
        State(id="sensor", label=Text("Sensor failed", "Capteur en défaut"), severity=Severity.INFO),
        State(
            id="yellow",
            label=Text("Above the yellow threshold", "Au-dessus du seuil jaune"),
            severity=Severity.LOW,
        ),
        State(
            id="orange",
            label=Text("Above the orange threshold", "Au-dessus du seuil orange"),
            severity=Severity.MEDIUM,
        ),
        State(
            id="red",
            label=Text("Above the red threshold", "Au-dessus du seuil rouge"),
            severity=Severity.HIGH,
        ),
    ),
    state_of=_state_of,
    state_fields=("threshold_yellow", "threshold_orange", "threshold_red"),
    stale_after=900.0,
    cluster_below=10.0,
    label_from=14.0,
)
