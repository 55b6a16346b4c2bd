"""Incidents: what the room is dealing with, shared by every workstation through the registry."""

from __future__ import annotations

from layers.definition import Choice, Field, Group, LayerDefinition, Properties, Severity, State, Text
from layers.facts import COMMUNE
from layers.model import Live
from layers.reading import number, text

_CLOSED, _P4, _P3, _P2, _P1 = range(5)
_BY_PRIORITY = {1.0: _P1, 2.0: _P2, 3.0: _P3, 4.0: _P4}


def _state_of(properties: Properties, live: Live | None) -> int:
    if text(properties, "status") == "closed":
        return _CLOSED
    priority = number(properties, "priority")
    if priority is None:
        # A record that says neither is the plain state; an open one is never shown as closed.
        return _P4 if text(properties, "status") else _CLOSED
    return _BY_PRIORITY.get(priority, _P4)


LAYER = LayerDefinition(
    id="incidents",
    title=Text("Incidents", "Incidents"),
    singular=Text("Incident", "Incident"),
    group=Group.OPERATIONS,
    order=10,
    icon="incident",
    fields=(
        Field(name="name", label=Text("Title", "Intitulé"), editable=True, searchable=True),
        Field(
            name="kind",
            label=Text("Kind", "Nature"),
            type="choice",
            editable=True,
            filterable=True,
            choices=(
                Choice("accident", Text("traffic accident", "accident de circulation")),
                Choice("road-damage", Text("damaged road", "chaussée dégradée")),
                Choice("lighting", Text("street lighting", "éclairage public")),
                Choice("flood", Text("flooding", "inondation")),
                Choice("tree", Text("fallen tree", "arbre tombé")),
                Choice("waste", Text("waste", "dépôt d’ordures")),
                Choice("noise", Text("noise", "nuisance sonore")),
                Choice("intrusion", Text("break-in", "intrusion")),
                Choice("other", Text("other", "autre")),
            ),
        ),
        Field(
            name="priority",
            label=Text("Priority", "Priorité"),
            type="integer",
            editable=True,
            filterable=True,
        ),
        Field(
            name="status",
            label=Text("Status", "Statut"),
            type="choice",
            editable=True,
            filterable=True,
            choices=(
                Choice("new", Text("new", "nouveau")),
                Choice("assigned", Text("assigned", "affecté")),
                Choice("in-progress", Text("in progress", "en cours")),
                Choice("closed", Text("closed", "clos")),
            ),
        ),
        Field(name="opened", label=Text("Opened", "Ouvert le"), type="datetime"),
        Field(
            name="origin",
            label=Text("Reported by", "Origine"),
            type="choice",
            filterable=True,
            choices=(
                Choice("call", Text("phone call", "appel téléphonique")),
                Choice("sensor", Text("sensor", "capteur")),
                Choice("patrol", Text("patrol", "patrouille")),
                Choice("app", Text("citizens’ app", "application citoyenne")),
            ),
        ),
        Field(name="address", label=Text("Address", "Adresse"), editable=True, searchable=True),
        COMMUNE,
        Field(
            name="description",
            label=Text("Description", "Description"),
            editable=True,
            searchable=True,
        ),
    ),
    states=(
        State(id="closed", label=Text("Closed", "Clos")),
        State(id="p4", label=Text("Open, priority 4", "Ouvert, priorité 4"), severity=Severity.INFO),
        State(id="p3", label=Text("Open, priority 3", "Ouvert, priorité 3"), severity=Severity.LOW),
        State(id="p2", label=Text("Open, priority 2", "Ouvert, priorité 2"), severity=Severity.MEDIUM),
        State(id="p1", label=Text("Open, priority 1", "Ouvert, priorité 1"), severity=Severity.HIGH),
    ),
    state_of=_state_of,
    state_fields=("priority", "status"),
    dot_below=14.0,
)
