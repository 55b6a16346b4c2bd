"""Commands before anything is sent: checked, with every target as it stands."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from desktop.link.wire_commands import CommandRequest, Phase
from desktop.work.command import Cause, Command, Refused, Target
from desktop.work.command_checks import check_link, check_person, checked_arguments, declared_action, unique
from desktop.work.command_machine import Order, Part
from desktop.work.operators import Operator, Right
from desktop.work.overrides import expiry
from desktop.work.picture import ObjectKey, Picture
from layers.definition import Action
from layers.model import Live

TTL = 5.0
"""Seconds for which the gateway may still take a request."""


def draft(
    picture: Picture,
    console: str,
    layer: str,
    action: str,
    keys: Iterable[ObjectKey],
    arguments: Mapping[str, Any],
    operator: Operator,
    reason: str,
    now: float,
    lasts_s: float | None,
    retry_of: str,
) -> Order:
    """An order of a person; raises Refused when the person, the arguments or the link forbid it."""
    check_person(operator, Right.COMMAND, layer)
    found, wanted = declared_action(picture, layer, action), unique(keys)
    checked = checked_arguments(found, arguments)
    if not wanted or any(key.layer != layer for key in wanted):
        raise Refused(Cause.UNKNOWN_OBJECT)
    if len(wanted) > 1 and not found.several:
        raise Refused(Cause.BAD_ARGUMENT, "one object at a time")
    check_link(picture)
    command = Command(
        id=uuid.uuid4().hex,
        layer=layer,
        action=action,
        arguments=checked,
        targets=targets_of(picture, wanted),
        risk=found.risk_for(len(wanted)),
        operator=operator.name,
        role=str(operator.role),
        console=console,
        reason=reason,
        asked=now,
        expires=expiry(found, lasts_s, now),
        retry_of=retry_of,
    )
    return Order(command, found, operator.id)


def end_of(
    order: Order, action: Action, keys: Iterable[ObjectKey], picture: Picture, console: str, now: float
) -> Order:
    """The application's own order that ends an override on these objects."""
    old, targets = order.command, targets_of(picture, keys)
    command = Command(
        id=uuid.uuid4().hex,
        layer=old.layer,
        action=action.id,
        targets=targets,
        risk=action.risk_for(len(targets)),
        operator=old.operator,
        role=old.role,
        console=console,
        reason=old.reason,
        asked=now,
        retry_of=old.id,
        automatic=True,
    )
    return Order(command, action, order.operator_id)


def targets_of(picture: Picture, keys: Iterable[ObjectKey]) -> tuple[Target, ...]:
    """Objects as they stand when they are asked."""
    lives = ((key, picture.live.get(key.layer, {}).get(key.id)) for key in keys)
    return tuple(
        Target(key=key, command_id=uuid.uuid4().hex, before={} if live is None else dict(live.values))
        for key, live in lives
    )


def request_for(part: Part, phase: Phase, live: Live | None, console: str, now: float) -> CommandRequest:
    """What the gateway is asked for one target, whose last report is `live`."""
    command, target = part.order.command, part.target
    return CommandRequest(
        command_id=target.command_id,
        phase=phase,
        select_id=target.select_id if phase == "operate" else "",
        action=command.action,
        args=dict(command.arguments),
        expected_seq=live.sequence if live is not None and phase != "cancel" else 0,
        operator=command.operator,
        console=console,
        reason=command.reason,
        ttl_s=TTL,
        ts=now,
    )


def check_giver(order: Order, operator: Operator) -> None:
    """Raise Refused unless the person may command, and is the one who drafted the order."""
    check_person(operator, Right.COMMAND, order.command.layer)
    if operator.id != order.operator_id:
        raise Refused(Cause.NO_RIGHT, "another person drafted it")
