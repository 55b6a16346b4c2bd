"""Which actions an operator is offered for some objects, and why one would be refused now.

What is said here only saves the operator a refusal: every check is made again where commands are made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from desktop.panels.command_words import cause_words
from desktop.work.command import Cause, Refused
from desktop.work.command_checks import Obstacle, check_link, listed, obstacle
from desktop.work.operators import Operator, Right
from desktop.work.picture import ObjectKey, Picture
from layers.definition import Action, LayerDefinition

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
    answers = [(action, _obstacle(picture, keys[0], action, locale)) for action in found]
    return [
        Offer(action, "" if why is None else cause_words(*why))
        for action, why in answers
        if why is None or why[0] is not Cause.NOT_DECLARED
    ]


def facts_of(picture: Picture, key: ObjectKey) -> Mapping[str, Any]:
    """The registry fields at hand for an object."""
    return picture.facts.get(key.layer, {}).get(key.id, {})


def commandable(layer: LayerDefinition) -> bool:
    """Whether the layer has actions for several objects at once."""
    return any(action.several for action in layer.actions)


def _obstacle(picture: Picture, key: ObjectKey, action: Action, locale: str) -> Obstacle | None:
    """What stands against the action whatever is chosen; an object that declares no choice lacks it."""
    facts = facts_of(picture, key)
    chosen = {it.name: (listed(facts.get(it.declared_in)) or [""])[0] for it in action.arguments}
    why = obstacle(picture, key, action, chosen, locale)
    if why is not None and why[0] is Cause.NOT_DECLARED:
        return why
    link = _link_cause(picture)
    return why if link is None else (link, "")


def _link_cause(picture: Picture) -> Cause | None:
    try:
        check_link(picture)
    except Refused as refused:
        return refused.cause
    return None


def _link_obstacle(picture: Picture) -> str:
    cause = _link_cause(picture)
    return "" if cause is None else cause_words(cause)
