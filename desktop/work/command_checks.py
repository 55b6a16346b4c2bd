"""What must hold before a command leaves: the person, the link, the arguments, and each object."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from desktop.work.command import Cause, Refused
from desktop.work.operators import Operator, Right
from desktop.work.picture import ObjectKey, Picture
from layers.definition import Action, Argument
from layers.model import Quality

Obstacle = tuple[Cause, str]
"""Why not, and in which words."""


def check_person(operator: Operator, right: Right, layer: str = "") -> None:
    """Raise Refused unless somebody has signed in who may."""
    if not operator.id:
        raise Refused(Cause.NOT_SIGNED_IN)
    if not operator.may(right, layer):
        raise Refused(Cause.NO_RIGHT)


def check_link(picture: Picture) -> None:
    """Raise Refused unless the link is up and all that was retained has been read."""
    feed = picture.sources["feed"]
    if not feed.up:
        raise Refused(Cause.LINK_DOWN)
    if not feed.complete:
        raise Refused(Cause.RESYNCHRONISING)


def declared_action(picture: Picture, layer: str, action: str) -> Action:
    """The layer's action; raises Refused when there is none."""
    definition = picture.layers.get(layer)
    found = None if definition is None else definition.action(action)
    if found is None:
        raise Refused(Cause.NOT_DECLARED, action)
    return found


def checked_arguments(action: Action, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments with defaults filled in; raises Refused for one that is unknown or out of its limits."""
    known = {argument.name: argument for argument in action.arguments}
    strange = sorted(arguments.keys() - known.keys())
    if strange:
        raise Refused(Cause.BAD_ARGUMENT, strange[0])
    return {name: _checked(argument, arguments.get(name)) for name, argument in known.items()}


def _checked(argument: Argument, value: object) -> object:
    value = argument.default if value is None else value
    if argument.type in ("integer", "number"):
        return _checked_number(argument, value)
    if not isinstance(value, str) or not value or len(value) > 2_000:
        raise Refused(Cause.BAD_ARGUMENT, argument.name)
    approved = argument.type == "choice" and not argument.declared_in
    if approved and value not in [choice.value for choice in argument.choices]:
        raise Refused(Cause.BAD_ARGUMENT, argument.name)
    return value


def _checked_number(argument: Argument, value: object) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise Refused(Cause.BAD_ARGUMENT, argument.name)
    if argument.type == "integer":
        if not float(value).is_integer():
            raise Refused(Cause.BAD_ARGUMENT, argument.name)
        value = int(value)
    low, high = argument.minimum, argument.maximum
    if (low is not None and value < low) or (high is not None and value > high):
        raise Refused(Cause.BAD_ARGUMENT, argument.name)
    return value


def obstacle(
    picture: Picture, key: ObjectKey, action: Action, arguments: Mapping[str, Any], locale: str = "en"
) -> Obstacle | None:
    """Why the object cannot be asked that now; None when nothing is known against it."""
    place = picture.place(key)
    if place is None:
        return Cause.UNKNOWN_OBJECT, ""
    facts = picture.facts.get(key.layer, {}).get(key.id, {})
    if action.declared_in and not _declares(facts.get(action.declared_in), action.id):
        return Cause.NOT_DECLARED, action.id
    for argument in action.arguments:
        declared = argument.declared_in
        if declared and str(arguments.get(argument.name)) not in listed(facts.get(declared)):
            return Cause.NOT_DECLARED, str(arguments.get(argument.name))
    live = picture.live.get(key.layer, {}).get(key.id)
    table, row = place
    if action.needs_fresh and (live is None or int(table.quality[row]) != Quality.GOOD):
        return Cause.STALE, ""
    if action.interlock is not None:
        reason = action.interlock(facts, live)
        if reason is not None:
            return Cause.INTERLOCK, reason.localized(locale)
    return None


def listed(declared: object) -> list[str]:
    """The words of a registry field that lists some, separated by commas."""
    return [word.strip() for word in declared.split(",") if word.strip()] if isinstance(declared, str) else []


def _declares(declared: object, action: str) -> bool:
    return declared is True or action in listed(declared)


def unique(keys: Iterable[ObjectKey]) -> tuple[ObjectKey, ...]:
    """Each object once, in order."""
    return tuple(dict.fromkeys(keys))
