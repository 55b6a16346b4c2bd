"""What the audit log says of commands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from desktop.work.audit import Entry
from desktop.work.command import Refused
from desktop.work.command_machine import Order
from desktop.work.operators import Operator
from desktop.work.picture import ObjectKey


def entry_of(order: Order, what: str, now: float, **more: Any) -> Entry:  # noqa: ANN401 - fields of Entry
    """An audit entry about a command."""
    command = order.command
    ids = [part.target.key.id for part in order.parts]
    after: dict[str, Any] = {
        "action": command.action,
        **({"arguments": command.arguments} if command.arguments else {}),
    }
    if len(ids) > 1:
        after["targets"] = ids
    if command.expires is not None:
        after["expires"] = command.expires
    values: dict[str, Any] = {
        "time": now,
        "operator": command.operator,
        "operator_id": order.operator_id,
        "role": command.role,
        "console": command.console,
        "what": what,
        "target": f"{command.layer}/{ids[0] if len(ids) == 1 else len(ids)}",
        "before": order.parts[0].target.before if len(ids) == 1 else {},
        "after": after,
        "reason": command.reason,
        "approver": command.approver,
        "command": command.id,
    }
    return Entry(**{**values, **more})


def person_entry(operator: Operator, console: str, what: str, now: float, **more: Any) -> Entry:  # noqa: ANN401
    """An audit entry about what a person did; `more` are fields of Entry."""
    return Entry(
        time=now,
        operator=operator.name,
        operator_id=operator.id,
        role=str(operator.role),
        console=console,
        what=what,
        **more,
    )


def result_entry(order: Order, now: float) -> Entry:
    """What came of a command: of its one target, or which of several stand where."""
    if len(order.parts) == 1:
        target = order.parts[0].target
        result = f"{target.stage}: {target.cause}" if target.cause else str(target.stage)
        return entry_of(order, "command-result", now, after=target.observed, result=result)
    stands: dict[str, list[str]] = {}
    for part in order.parts:
        word = f"{part.stage}: {part.target.cause}" if part.target.cause else str(part.stage)
        stands.setdefault(word, []).append(part.target.key.id)
    result = ", ".join(f"{len(ids)} {word}" for word, ids in stands.items())
    return entry_of(order, "command-result", now, after=stands, result=result)


def refusal_entry(
    refused: Refused,
    operator: Operator,
    console: str,
    layer: str,
    action: str,
    keys: Iterable[ObjectKey],
    reason: str,
    now: float,
) -> Entry:
    """An audit entry about a command that was refused before anything was sent."""
    wanted = [key.id for key in keys]
    return person_entry(
        operator,
        console,
        "command-refused",
        now,
        target=f"{layer}/{wanted[0] if len(wanted) == 1 else len(wanted)}",
        after={"action": action, "detail": refused.detail, "targets": wanted},
        reason=reason,
        result=f"refused: {refused.cause}",
    )
