"""The gateway's replies: sent once, remembered for duplicates, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import msgspec

from desktop.demo.gateway_memory import Memory
from desktop.link.wire_commands import CommandRequest, Phase, Reply, Result, encode_reply, reply_topic


class _Sender(msgspec.Struct):
    """What can be read of a request that is not as it must be."""

    console: str
    command_id: str = ""
    phase: Phase = "operate"


class Replies:
    """Sends replies to consoles through `publish(topic, payload, retain)`."""

    def __init__(self, publish: Callable[[str, bytes, bool], object], memory: Memory) -> None:
        self._publish, self._memory = publish, memory
        self.results: Counter[str] = Counter()
        """Replies by result; refusals and failures by cause too, as ``refused/busy``."""

    def count(self, result: str, cause: str = "") -> None:
        """Count a reply, or one that nobody can be sent."""
        self.results[f"{result}/{cause}" if cause else result] += 1

    def once(
        self,
        request: CommandRequest,
        result: Result,
        now: float,
        cause: str = "",
        detail: str = "",
        select_id: str = "",
        seq: int = 0,
    ) -> None:
        """Send a reply; a duplicate of the request is not told it again."""
        self._send(request.console, _reply(request, result, now, cause, detail, select_id, seq))

    def say(
        self,
        request: CommandRequest,
        result: Result,
        now: float,
        cause: str = "",
        detail: str = "",
        select_id: str = "",
        seq: int = 0,
    ) -> None:
        """Send a reply and remember it."""
        reply = _reply(request, result, now, cause, detail, select_id, seq)
        self._send(request.console, reply)
        self._memory.answered(request.command_id, request.phase, reply)

    def repeat(self, request: CommandRequest, now: float) -> None:
        """Send the latest reply to a request again."""
        known = self._memory.get(request.command_id, request.phase)
        if known is not None and known.reply is not None:
            self._send(request.console, known.reply)

    def malformed(self, payload: bytes, cause: str, now: float) -> None:
        """Refuse a payload that is no request, when it says whose it is; else only count it."""
        try:
            sender = msgspec.json.decode(payload, type=_Sender)
            request = CommandRequest(
                command_id=sender.command_id[:64],
                phase=sender.phase,
                action="",
                console=sender.console,
                ts=now,
            )
            self.once(request, "refused", now, cause, "not a request")
        except (ValueError, RecursionError):
            self.count("refused", cause)

    def _send(self, console: str, reply: Reply) -> None:
        self.count(reply.result, reply.cause)
        self._publish(reply_topic(console), encode_reply(reply), False)


def _reply(
    request: CommandRequest, result: Result, now: float, cause: str, detail: str, select_id: str, seq: int
) -> Reply:
    return Reply(
        command_id=request.command_id,
        phase=request.phase,
        result=result,
        cause=cause,
        detail=detail,
        select_id=select_id,
        ts=now,
        seq=seq,
    )
