"""The second person of a class 3 command: asking for one here, being one for another console."""

from __future__ import annotations

import msgspec

from desktop.link.wire_commands import MAX_NAMED, ApprovalMessage
from desktop.work.command import ApprovalRequest, Cause, Command, Refused
from desktop.work.command_checks import check_person
from desktop.work.command_machine import APPROVE_WITHIN
from desktop.work.operators import Operator, Right


class Approvals:
    """Requests of other consoles that wait for an answer from this one."""

    def __init__(self, console: str) -> None:
        self._console = console
        self._asked: dict[str, ApprovalMessage] = {}

    def all(self) -> list[ApprovalRequest]:
        """Those that wait, the one that ends first at the head."""
        return sorted((value_of(each) for each in self._asked.values()), key=lambda it: it.expires)

    def heard(self, message: ApprovalMessage, now: float) -> ApprovalRequest | None:
        """Take note of what another console asked, answered or withdrew; the request when it is a new one."""
        if message.console == self._console:
            return None
        if message.kind != "request":
            self._asked.pop(message.command, None)
            return None
        if message.expires <= now or message.command in self._asked:
            return None
        expires = min(message.expires, now + APPROVE_WITHIN)
        self._asked[message.command] = message = _until(message, expires)
        return value_of(message)

    def answer(self, command: str, operator: Operator, now: float) -> ApprovalMessage:
        """The request that this person answers; raises Refused when the person may not, or it is too late."""
        message = self._asked.get(command)
        if message is None or message.expires <= now:
            raise Refused(Cause.SECOND_ABSENT)
        check_person(operator, Right.APPROVE)
        if not message.operator_id or message.operator_id == operator.id:
            raise Refused(Cause.SAME_PERSON)
        return message

    def drop(self, command: str) -> None:
        """It has been answered."""
        self._asked.pop(command, None)

    def expired(self, now: float) -> list[str]:
        """Forget those that nobody answered in time; their commands."""
        over = [command for command, each in self._asked.items() if each.expires <= now]
        for command in over:
            del self._asked[command]
        return over


def _until(message: ApprovalMessage, expires: float) -> ApprovalMessage:
    return msgspec.structs.replace(message, expires=expires)


def request_of(command: Command, operator_id: str, keys: list[str], now: float) -> ApprovalMessage:
    """What asks for a second person, for these objects of the command."""
    return ApprovalMessage(
        kind="request",
        command=command.id,
        layer=command.layer,
        action=command.action,
        args=dict(command.arguments),
        targets=tuple(keys[:MAX_NAMED]),
        count=len(keys),
        operator_id=operator_id,
        operator=command.operator,
        console=command.console,
        reason=command.reason,
        expires=now + APPROVE_WITHIN,
        ts=now,
    )


def value_of(message: ApprovalMessage) -> ApprovalRequest:
    """A request as the panels show it."""
    return ApprovalRequest(
        command=message.command,
        layer=message.layer,
        action=message.action,
        arguments=message.args,
        targets=message.targets,
        count=message.count,
        operator=message.operator,
        console=message.console,
        reason=message.reason,
        expires=message.expires,
    )


def check_second(message: ApprovalMessage, console: str, operator_id: str) -> None:
    """Raise Refused unless the answer comes from another person at another console."""
    if message.console in ("", console) or message.operator_id in ("", operator_id):
        raise Refused(Cause.SAME_PERSON, message.operator)
