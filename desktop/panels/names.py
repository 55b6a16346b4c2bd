"""Names of objects, communes and states as the picture holds them."""

from __future__ import annotations

from desktop.panels.look import Look
from desktop.work.picture import ObjectKey, Picture
from layers.definition import LayerDefinition

COMMUNES = "communes"
"""The layer of the communes; a commune's id is its INSEE code."""


def commune_name(picture: Picture, code: str) -> str:
    """The commune's name for an INSEE code; the code when the commune is not known."""
    table = picture.table(COMMUNES)
    row = -1 if table is None or not code else table.row_of(code)
    return code if table is None or row < 0 else table.label_of(row)


def commune_of(picture: Picture, key: ObjectKey) -> str:
    """The name of the commune an object stands in; empty when there is none."""
    place = picture.place(key)
    if place is None or key.layer == COMMUNES:
        return ""
    columns, row = place[0].columns, place[1]
    code = "" if columns.commune is None else columns.communes[int(columns.commune[row])]
    return commune_name(picture, code)


def label_of(picture: Picture, key: ObjectKey) -> str:
    """An object's name; its id when it has none or is not in the picture."""
    place = picture.place(key)
    return key.id if place is None else place[0].label_of(place[1])


def ranked_by_people(layer: LayerDefinition) -> bool:
    """Whether a feature's priority is a fact someone wrote, beside a status that says how far it is."""
    return layer.field("priority") is not None and layer.field("status") is not None


def state_words(picture: Picture, look: Look, key: ObjectKey) -> str:
    """An object's state. Where people set the priority, its status: the mark already tells the priority."""
    place = picture.place(key)
    if place is None:
        return ""
    layer, state = place[0].definition, int(place[0].state[place[1]])
    status = layer.field("status") if ranked_by_people(layer) else None
    value = picture.facts.get(layer.id, {}).get(key.id, {}).get("status")
    for choice in () if status is None else status.choices:
        if choice.value == value:
            words = choice.label.localized(look.locale)
            return words[:1].upper() + words[1:]
    return look.state_words(layer, state)
