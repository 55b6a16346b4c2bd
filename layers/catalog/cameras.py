"""Urban video cameras, with the sector each one sees."""

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
    Severity,
    State,
    Text,
)
from layers.facts import COMMUNE, NAME, STREET
from layers.model import Live
from layers.reading import flag, number, text

_RECORDING, _NOT_RECORDING, _DEGRADED, _NO_VIDEO, _TAMPER = range(5)


def _state_of(properties: Properties, live: Live | None) -> int:
    if live is None:
        return _RECORDING
    if "tamper" in live.faults:
        return _TAMPER
    if "no-video" in live.faults:
        return _NO_VIDEO
    if "dirty" in live.faults:
        return _DEGRADED
    return _NOT_RECORDING if flag(live.values, "recording") is False else _RECORDING


def _is_at_preset(arguments: Arguments, live: Live) -> bool:
    asked = number(arguments, "preset")
    return asked is not None and number(live.values, "preset") == asked


def _cannot_turn(properties: Properties, live: Live | None) -> Text | None:
    if text(properties, "kind") != "ptz":
        return Text("This camera does not turn", "Cette caméra n’est pas orientable")
    if live is not None and "no-video" in live.faults:
        return Text("The camera gives no picture", "La caméra ne donne pas d’image")
    return None


ALARMS = (
    AlarmRule(
        id="tamper",
        title=Text(
            "Camera tampered with",
            "Caméra sabotée",
        ),
        severity=Severity.MEDIUM,
        guidance=Text(
            "Look at the cameras nearby and send a patrol.",
            "Consulter les caméras voisines et envoyer une patrouille.",
        ),
        fault="tamper",
    ),
    AlarmRule(
        id="no-video",
        title=Text(
            "Camera picture lost",
            "Image de caméra perdue",
        ),
        severity=Severity.LOW,
        guidance=Text(
            "Check whether other cameras of the same street still answer, then report it to video"
            " maintenance.",
            "Vérifier si les autres caméras de la rue répondent, puis signaler la panne à la"
            " maintenance vidéo.",
        ),
        fault="no-video",
        on_delay=5.0,
    ),
    AlarmRule(
        id="dirty",
        title=Text(
            "Camera lens dirty",
            "Objectif de caméra encrassé",
        ),
        severity=Severity.LOW,
        guidance=Text(
            "Ask video maintenance to clean the lens.",
            "Demander le nettoyage à la maintenance vidéo.",
        ),
        fault="dirty",
        on_delay=10.0,
    ),
    AlarmRule(
        id="not-recording",
        title=Text(
            "Camera not recording",
            "Enregistrement arrêté",
        ),
        severity=Severity.INFO,
        guidance=Text(
            "Check whether the recording was stopped on purpose. If not, report it to video maintenance.",
            "Vérifier si l’arrêt est voulu. Sinon, le signaler à la maintenance vidéo.",
        ),
        state="not-recording",
        on_delay=10.0,
    ),
)

ACTIONS = (
    Action(
        id="preset",
        title=Text("Turn to a preset", "Rappeler une préposition"),
        consequence=Text(
            "The camera turns to that view for every desk.",
            "La caméra se tourne vers cette vue pour tous les postes.",
        ),
        arguments=(
            Argument(
                name="preset",
                label=Text("Preset", "Préposition"),
                minimum=1,
                maximum=8,
                default=1,
            ),
        ),
        effect=_is_at_preset,
        effect_timeout=5.0,
        interlock=_cannot_turn,
    ),
)

LAYER = LayerDefinition(
    id="cameras",
    title=Text("Cameras", "Caméras"),
    singular=Text("Camera", "Caméra"),
    group=Group.EQUIPMENT,
    order=40,
    icon="camera",
    fields=(
        NAME,
        STREET,
        COMMUNE,
        Field(
            name="kind",
            label=Text("Kind", "Type"),
            type="choice",
            editable=True,
            filterable=True,
            choices=(
                Choice("fixed", Text("fixed", "fixe")),
                Choice("ptz", Text("pan, tilt, zoom", "orientable")),
                Choice("dome", Text("dome", "dôme")),
            ),
        ),
        Field(
            name="bearing",
            label=Text("Bearing", "Azimut"),
            type="number",
            unit="°",
            editable=True,
            digits=0,
        ),
        Field(
            name="view_angle",
            label=Text("View angle", "Angle de vue"),
            type="number",
            unit="°",
            editable=True,
            digits=0,
        ),
        Field(
            name="view_range",
            label=Text("View range", "Portée"),
            type="number",
            unit="m",
            editable=True,
            digits=0,
        ),
        Field(
            name="owner",
            label=Text("Owner", "Propriétaire"),
            editable=True,
            searchable=True,
            filterable=True,
        ),
    ),
    live=(
        Field(name="recording", label=Text("Recording", "Enregistrement"), type="boolean"),
        Field(name="bitrate_mbps", label=Text("Bit rate", "Débit"), type="number", unit="Mbit/s", digits=1),
        Field(name="preset", label=Text("Preset", "Préposition"), type="integer"),
    ),
    faults=(
        Choice("no-video", Text("No picture", "Image perdue")),
        Choice("tamper", Text("Camera tampered with", "Caméra sabotée")),
        Choice("dirty", Text("Lens dirty", "Objectif encrassé")),
    ),
    alarms=ALARMS,
    actions=ACTIONS,
    states=(
        State(id="recording", label=Text("Recording", "Enregistre")),
        State(
            id="not-recording", label=Text("Not recording", "Enregistrement arrêté"), severity=Severity.INFO
        ),
        State(id="degraded", label=Text("Picture degraded", "Image dégradée"), severity=Severity.LOW),
        State(
            id="no-video", label=Text("No picture", "Image perdue"), severity=Severity.LOW, icon="camera-off"
        ),
        State(id="tamper", label=Text("Camera tampered with", "Caméra sabotée"), severity=Severity.MEDIUM),
    ),
    state_of=_state_of,
    state_fields=("kind",),
    stale_after=60.0,
    bearing_field="bearing",
    view_angle_field="view_angle",
    view_range_field="view_range",
    cluster_below=11.5,
    dot_below=14.25,
)
