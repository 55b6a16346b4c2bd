"""Urban video cameras, with the sector each one sees."""

from __future__ import annotations

from layers.definition import Choice, Field, Group, LayerDefinition, Properties, Severity, State, Text
from layers.facts import COMMUNE, NAME, STREET
from layers.model import Live
from layers.reading import flag

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
    ),
    faults=(
        Choice("no-video", Text("No picture", "Image perdue")),
        Choice("tamper", Text("Camera tampered with", "Caméra sabotée")),
        Choice("dirty", Text("Lens dirty", "Objectif encrassé")),
    ),
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
    stale_after=60.0,
    bearing_field="bearing",
    view_angle_field="view_angle",
    view_range_field="view_range",
    cluster_below=11.5,
    dot_below=14.25,
)
