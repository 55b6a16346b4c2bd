"""Registry fields that many layers share, so that they read the same everywhere."""

from __future__ import annotations

from layers.definition import Choice, Field, Text

LOCAL_CONTROL = Text(
    "Under local control, a crew has taken over on site",
    "En commande locale, une équipe a la main sur place",
)
"""Why equipment in local mode takes no command."""

NAME = Field(name="name", label=Text("Name", "Nom"), editable=True, searchable=True)
STREET = Field(name="street", label=Text("Street", "Rue"), editable=True, searchable=True)
COMMUNE = Field(
    name="commune", label=Text("Commune", "Commune"), type="reference", layer="communes", filterable=True
)
INSTALLED = Field(
    name="installed", label=Text("In service since", "Mis en service"), type="date", editable=True
)
TRADE = Field(
    name="trade",
    label=Text("Trade", "Métier"),
    type="choice",
    editable=True,
    filterable=True,
    choices=(
        Choice("roads", Text("roads", "voirie")),
        Choice("green-spaces", Text("green spaces", "espaces verts")),
        Choice("cleaning", Text("street cleaning", "propreté")),
        Choice("waste", Text("waste collection", "collecte")),
        Choice("lighting", Text("street lighting", "éclairage")),
        Choice("police", Text("municipal police", "police municipale")),
    ),
)
