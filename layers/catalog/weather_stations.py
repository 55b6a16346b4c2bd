"""Weather stations, watched for ice on the roads and for gales."""

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

_NORMAL, _SENSOR, _ICE_RISK, _GALE = range(4)
_FREEZING_C = 0.0
_DAMP_PERCENT = 90.0
_GALE_KMH = 100.0


def _state_of(properties: Properties, live: Live | None) -> int:
    if live is None:
        return _NORMAL
    gust = number(live.values, "gust_kmh")
    if gust is not None and gust >= _GALE_KMH:
        return _GALE
    ground = number(live.values, "ground_c")
    humidity = number(live.values, "humidity")
    if ground is not None and humidity is not None and ground <= _FREEZING_C and humidity >= _DAMP_PERCENT:
        return _ICE_RISK
    return _SENSOR if "sensor" in live.faults else _NORMAL


ALARMS = (
    AlarmRule(
        id="gale",
        title=Text(
            "Gale",
            "Vent violent",
        ),
        severity=Severity.MEDIUM,
        guidance=Text(
            "Warn the duty officer. Have parks, markets and building sites with cranes closed.",
            "Prévenir le cadre d’astreinte. Faire fermer les parcs, les marchés et les chantiers à grue.",
        ),
        state="gale",
        off_delay=600.0,
    ),
    AlarmRule(
        id="ice-risk",
        title=Text(
            "Risk of ice on the roads",
            "Risque de verglas sur la chaussée",
        ),
        severity=Severity.LOW,
        guidance=Text(
            "Tell the winter service. Show the ice message on the signs concerned.",
            "Prévenir la viabilité hivernale. Afficher le message verglas sur les panneaux concernés.",
        ),
        state="ice-risk",
        on_delay=60.0,
        off_delay=300.0,
    ),
    AlarmRule(
        id="sensor",
        title=Text(
            "Weather sensor failed",
            "Capteur météo en défaut",
        ),
        severity=Severity.INFO,
        guidance=Text(
            "Use the nearest station and report it to maintenance.",
            "S’appuyer sur la station la plus proche et signaler la panne à la maintenance.",
        ),
        fault="sensor",
        on_delay=10.0,
    ),
)

LAYER = LayerDefinition(
    id="weather-stations",
    title=Text("Weather stations", "Stations météo"),
    singular=Text("Weather station", "Station météo"),
    group=Group.EQUIPMENT,
    order=100,
    icon="weather-station",
    fields=(
        NAME,
        COMMUNE,
        Field(
            name="altitude_m",
            label=Text("Altitude", "Altitude"),
            type="number",
            unit="m",
            editable=True,
            digits=0,
        ),
    ),
    live=(
        Field(
            name="temperature_c",
            label=Text("Air temperature", "Température de l’air"),
            type="number",
            unit="°C",
            digits=1,
        ),
        Field(
            name="ground_c",
            label=Text("Ground temperature", "Température du sol"),
            type="number",
            unit="°C",
            digits=1,
        ),
        Field(name="wind_kmh", label=Text("Wind", "Vent moyen"), type="number", unit="km/h", digits=0),
        Field(name="gust_kmh", label=Text("Gusts", "Rafales"), type="number", unit="km/h", digits=0),
        Field(name="rain_mm_h", label=Text("Rain", "Pluie"), type="number", unit="mm/h", digits=1),
        Field(name="humidity", label=Text("Humidity", "Humidité"), type="integer", unit="%"),
    ),
    faults=(Choice("sensor", Text("Sensor failed", "Capteur en défaut")),),
    alarms=ALARMS,
    states=(
        State(id="normal", label=Text("Normal", "Normal")),
        State(id="sensor", label=Text("Sensor failed", "Capteur en défaut"), severity=Severity.INFO),
        State(
            id="ice-risk",
            label=Text("Risk of ice", "Risque de verglas"),
            severity=Severity.LOW,
            icon="snow-route",
        ),
        State(id="gale", label=Text("Gale", "Vent violent"), severity=Severity.MEDIUM, icon="wind"),
    ),
    state_of=_state_of,
    stale_after=1800.0,
    cluster_below=10.0,
    label_from=14.0,
)
