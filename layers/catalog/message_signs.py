"""Variable message signs above the main roads."""

from __future__ import annotations

from layers.definition import Choice, Field, Group, LayerDefinition, Properties, Severity, State, Text
from layers.facts import COMMUNE, NAME, STREET
from layers.model import Live
from layers.reading import flag, text

_BLANK, _DISPLAYING, _PIXEL_FAILURE, _FAILED = range(4)


def _state_of(properties: Properties, live: Live | None) -> int:
    if live is None:
        return _BLANK
    if "no-link" in live.faults:
        return _FAILED
    if "pixel-failure" in live.faults:
        return _PIXEL_FAILURE
    shown = text(live.values, "text") != "" and flag(live.values, "lit") is not False
    return _DISPLAYING if shown else _BLANK


LAYER = LayerDefinition(
    id="message-signs",
    title=Text("Message signs", "Panneaux à messages"),
    singular=Text("Message sign", "Panneau à messages"),
    group=Group.EQUIPMENT,
    order=70,
    icon="message-sign",
    fields=(
        NAME,
        STREET,
        COMMUNE,
        Field(
            name="direction",
            label=Text("Facing traffic to", "Sens de circulation"),
            editable=True,
            searchable=True,
        ),
        Field(name="lines", label=Text("Lines", "Lignes"), type="integer", editable=True),
        Field(
            name="width_chars",
            label=Text("Characters per line", "Caractères par ligne"),
            type="integer",
            editable=True,
        ),
    ),
    live=(
        Field(name="text", label=Text("Message shown", "Message affiché")),
        Field(name="lit", label=Text("Lit", "Allumé"), type="boolean"),
    ),
    faults=(
        Choice("pixel-failure", Text("Pixels failed", "Pixels en défaut")),
        Choice("no-link", Text("No link", "Liaison perdue")),
    ),
    states=(
        State(id="blank", label=Text("Blank", "Sans message")),
        State(id="displaying", label=Text("Showing a message", "Message affiché")),
        State(id="pixel-failure", label=Text("Pixels failed", "Pixels en défaut"), severity=Severity.INFO),
        State(id="failed", label=Text("No link", "Liaison perdue"), severity=Severity.LOW),
    ),
    state_of=_state_of,
    stale_after=120.0,
    cluster_below=11.5,
    dot_below=13.0,
)
