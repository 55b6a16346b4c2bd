"""What an order must be before the gateway asks the equipment: in time, declared, within its limits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desktop.demo.gateway_equipment import Refusal
from desktop.link.wire import FUTURE_TOLERANCE
from desktop.link.wire_commands import CommandRequest
from layers.definition import Action, Argument, Properties

LONGEST_LIFE = 3_600.0
"""Seconds an order may live; less than the gateway remembers it."""


def check_time(request: CommandRequest, began: float, now: float) -> None:
    """Refuse an order that is too old, from the future, or from before the gateway began.

    Such an early one may have been carried out before a restart, which nobody remembers.
    """
    if request.ts > now + FUTURE_TOLERANCE:
        raise Refusal("malformed", "dated in the future")
    if not 0 < request.ttl_s <= LONGEST_LIFE:
        raise Refusal("malformed", "lives too long or not at all")
    if now > request.ts + request.ttl_s:
        raise Refusal("expired", "came too late")
    if request.ts < began:
        raise Refusal("expired", "sent before the gateway began")


def check_declared(action: Action, facts: Properties) -> None:
    """Refuse what the object's own record does not declare."""
    if not action.declared_in:
        return
    declared = facts.get(action.declared_in)
    if declared is not True and action.id not in listed(declared):
        raise Refusal("not-declared", f"{action.id} is not declared")


def check_arguments(action: Action, args: Mapping[str, Any], facts: Properties) -> None:
    """Refuse arguments that are missing, unknown, of another type or beyond their limits."""
    unknown = args.keys() - {argument.name for argument in action.arguments}
    if unknown:
        raise Refusal("bad-argument", f"unknown argument {min(unknown)}")
    for argument in action.arguments:
        if argument.name not in args:
            raise Refusal("bad-argument", f"{argument.name} is missing")
        _check_value(argument, args[argument.name], facts)


def _check_value(argument: Argument, value: object, facts: Properties) -> None:
    name = argument.name
    if argument.type in ("integer", "number"):
        fits = isinstance(value, int) or (isinstance(value, float) and argument.type == "number")
        if not fits or isinstance(value, bool):
            raise Refusal("bad-argument", f"{name} is not a number of its type")
        low, high = argument.minimum, argument.maximum
        if (low is not None and value < low) or (high is not None and value > high):  # type: ignore[operator]
            raise Refusal("bad-argument", f"{name} is beyond its limits")
    elif argument.declared_in:
        if str(value) not in listed(facts.get(argument.declared_in)):
            raise Refusal("not-declared", f"{name} {value} is not declared")
    elif argument.type == "choice" and value not in [choice.value for choice in argument.choices]:
        raise Refusal("bad-argument", f"{name} is none of the approved ones")
    elif not isinstance(value, str):
        raise Refusal("bad-argument", f"{name} is not a text")


def listed(declared: object) -> list[str]:
    """The words of a registry field that lists some, separated by commas."""
    return [word.strip() for word in declared.split(",")] if isinstance(declared, str) else []
