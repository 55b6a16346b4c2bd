"""Overrides that must end: which targets of a command still hold one, and when it is due."""

from __future__ import annotations

import msgspec

from desktop.work.command import Cause, Command, Refused, Stage, Target
from layers.definition import Action

DEFAULT_S, LONGEST_S = 3_600.0, 43_200.0
"""Seconds an override lasts unless chosen, and at most."""
ENDED = "override-ended"
"""In a target's `times`: when its override was ended, or another order took its place."""

_OPERATED = frozenset({Stage.SENT, Stage.ACCEPTED, Stage.CONFIRMED, Stage.DIVERGED, Stage.UNKNOWN})


def holds(command: Command, target: Target) -> bool:
    """Whether the target may be under the command's override: it was operated, and nothing ended it.

    An outcome that is not known counts: ending an override that never began does no harm.
    """
    operated = target.stage in _OPERATED and Stage.SENT in target.times
    return command.expires is not None and operated and ENDED not in target.times


def pending(command: Command) -> bool:
    """Whether the application must still end the command's override on some target."""
    return any(holds(command, target) for target in command.targets)


def ended(target: Target, now: float) -> Target:
    """The target with its override ended at `now`."""
    return msgspec.structs.replace(target, times={**target.times, ENDED: now})


def expiry(action: Action, lasts_s: float | None, now: float) -> float | None:
    """When an order given now ends by itself; None for an action that holds.

    Raises Refused for a duration out of bounds or of an action that has none.
    """
    if not action.expires:
        if lasts_s is not None:
            raise Refused(Cause.BAD_ARGUMENT, "this action has no duration")
        return None
    lasts = DEFAULT_S if lasts_s is None else lasts_s
    if not 0 < lasts <= LONGEST_S:
        raise Refused(Cause.BAD_ARGUMENT, "duration")
    return now + lasts
