"""What the gateway remembers: the orders it has had, and who has selected what."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

import msgspec

from desktop.demo.gateway_equipment import Refusal
from desktop.link.wire_commands import Reply

REMEMBERED = 2 * 3_600.0
"""Seconds for which an order is known again; longer than any order may live."""
HELD = 30.0
"""Seconds for which a selection holds."""

Object = tuple[str, int]
"""(layer, place in its group)."""


class Known(msgspec.Struct):
    """One phase of one command, as it came first."""

    content: tuple[object, ...]
    """What makes another message with the same id another order."""
    time: float
    reply: Reply | None = None
    """The last one sent; None while the first is under way."""


class Memory:
    """Phases of commands by (command_id, phase)."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, str], Known] = OrderedDict()

    def __len__(self) -> int:
        return len(self._known)

    def get(self, command_id: str, phase: str) -> Known | None:
        """What is known of a phase of a command, None for a new one."""
        return self._known.get((command_id, phase))

    def learn(self, command_id: str, phase: str, content: tuple[object, ...], now: float) -> None:
        """Remember a new one, and forget those that are old enough."""
        self._known[command_id, phase] = Known(content, now)
        while self._known and next(iter(self._known.values())).time < now - REMEMBERED:
            self._known.popitem(last=False)

    def answered(self, command_id: str, phase: str, reply: Reply) -> None:
        """Keep the latest reply, for duplicates."""
        known = self._known.get((command_id, phase))
        if known is not None:
            known.reply = reply


class Selection(msgspec.Struct, frozen=True):
    """A console's hold on an object, for one action."""

    select_id: str
    command_id: str
    console: str
    action: str
    args: Mapping[str, Any]
    until: float


class Selections:
    """Selections by object; at most one each."""

    def __init__(self) -> None:
        self._held: dict[Object, Selection] = {}

    def put(self, target: Object, selection: Selection) -> None:
        """Hold an object; the console's earlier hold on it ends."""
        self._held[target] = selection

    def free_for(self, target: Object, console: str, now: float) -> None:
        """Raise Refusal when another console holds the object."""
        held = self._held.get(target)
        if held is not None and held.console != console and now <= held.until:
            raise Refusal("busy", f"selected by {held.console}")

    def check(
        self, target: Object, select_id: str, console: str, action: str, args: Mapping[str, Any], now: float
    ) -> None:
        """Raise Refusal unless that selection holds, for that console and that very order."""
        held = self._held.get(target)
        if held is None or held.select_id != select_id or held.console != console:
            raise Refusal("not-selected")
        if now > held.until:
            raise Refusal("select-expired")
        if held.action != action or held.args != args:
            raise Refusal("not-selected", "another order was selected")

    def drop(self, target: Object, command_id: str) -> bool:
        """End a command's hold on an object; whether there was one."""
        held = self._held.get(target)
        if held is None or held.command_id != command_id:
            return False
        del self._held[target]
        return True

    def use(self, target: Object) -> None:
        """End whatever hold there is: its order is being carried out."""
        self._held.pop(target, None)
