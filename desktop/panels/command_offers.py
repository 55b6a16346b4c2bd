"""Which actions an operator is offered for some objects, and why one would be refused now.

What is said here only saves the operator a refusal: every check is made again where commands are made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from desktop.panels.command_words import cause_words
from desktop.work.command import Cause
from desktop.work.operators import Operator, Right
from desktop.work.picture import ObjectKey, Picture
from layers.definition import Action, LayerDefinition
from layers.model import Quality

if TYPE_CHECKING:
    from desktop.operations import Operations

Ask = Callable[[str, str, Sequence[ObjectKey]], object]
"""Opens the question about an action: layer, action, targets."""


class Offer(msgspec.Struct, frozen=True):
    """An action and, when it cannot be given now, the operator's words for why."""

    action: Action
    obstacle: str = ""


def may_command(operator: Operator, layer: str) -> bool:
    """Whether the person is shown commands of that layer at all."""
    return operator.may(Right.COMMAND, layer)


def offers(operations: Operations, picture: Picture, keys: Sequence[ObjectKey], locale: str) -> list[Offer]:
    """The actions of objects of one layer, in the layer's order; none for who may not command it."""
    if not keys or not may_command(operations.operator, keys[0].layer):
        return []
    layer = picture.layers[keys[0].layer]
    found = [action for action in layer.actions if len(keys) == 1 or action.several]
    if len(keys) > 1:
        return [Offer(action, _link_obstacle(picture)) for action in found]
    declared = [action for action in found if _declares(picture, keys[0], action)]
    return [Offer(action, obstacle(picture, keys[0], action, locale)) for action in declared]


def obstacle(picture: Picture, key: ObjectKey, action: Action, locale: str) -> str:
    """Why the action would be refused for this object now; empty when nothing is known against it."""
    link = _link_obstacle(picture)
    if link:
        return link
    place = picture.place(key)
    if place is None:
        return cause_words(Cause.UNKNOWN_OBJECT)
    if action.needs_fresh and Quality(int(place[0].quality[place[1]])) is not Quality.GOOD:
        return cause_words(Cause.STALE)
    if action.interlock is not None:
        live = picture.live.get(key.layer, {}).get(key.id)
        said = action.interlock(facts_of(picture, key), live)
        if said is not None:
            return said.localized(locale)
    return ""


def facts_of(picture: Picture, key: ObjectKey) -> Mapping[str, Any]:
    """The registry fields at hand for an object."""
    return picture.facts.get(key.layer, {}).get(key.id, {})


def listed(value: object) -> list[str]:
    """The entries of a registry field that lists values separated by commas."""
    return [each.strip() for each in str(value).split(",") if each.strip()] if value else []


def commandable(layer: LayerDefinition) -> bool:
    """Whether the layer has actions for several objects at once."""
    return any(action.several for action in layer.actions)


def _declares(picture: Picture, key: ObjectKey, action: Action) -> bool:
    if not action.declared_in:
        return True
    value = facts_of(picture, key).get(action.declared_in)
    return value if isinstance(value, bool) else action.id in listed(value)


def _link_obstacle(picture: Picture) -> str:
    feed = picture.sources["feed"]
    if not feed.up:
        return cause_words(Cause.LINK_DOWN)
    return "" if feed.complete else cause_words(Cause.RESYNCHRONISING)
