"""A console's commands over a real picture, with everything it does written down, for tests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from desktop.link.wire import LinkMessage, SnapshotComplete, StateMessage
from desktop.link.wire_commands import (
    ApprovalMessage,
    CommandMessage,
    CommandRequest,
    LeaseMessage,
    Reply,
    decode_approval,
    decode_command,
    decode_lease,
)
from desktop.store.columns import Columns, StringColumn
from desktop.work.assets import LayerTable
from desktop.work.audit import Entry
from desktop.work.command import ApprovalRequest, Command, Target
from desktop.work.commands import Commands, Divergence, Effects, Publish
from desktop.work.operators import Operator, Role
from desktop.work.picture import ObjectKey, Picture
from layers import load_layers
from layers.model import Live, Quality

NOW = 1_700_000_000.0
LAYERS = load_layers()
ANA = Operator(id="ana", name="Ana", role=Role.OPERATOR)
BRUNO = Operator(id="bruno", name="Bruno", role=Role.SUPERVISOR)
LIGHTS, JUNCTIONS, BOLLARDS = "street-lights", "junctions", "bollards"
JUNCTION_FACTS = {"actions": "force-plan,flashing,automatic", "plans": "1,2,3"}


def table_of(layer: str, ids: Sequence[str]) -> LayerTable:
    """A layer's table, every object at the same place."""
    count = len(ids)
    columns = Columns(
        rowid=np.arange(count, dtype=np.int64),
        x=np.zeros(count),
        y=np.zeros(count),
        state=np.zeros(count, dtype=np.uint8),
        ids=StringColumn.of(list(ids)),
        labels=StringColumn.of([""] * count),
        geometry=None,
    )
    return LayerTable(LAYERS[layer], columns)


class Console:
    """A console on its own: `sent` holds the requests, `entries` the audit log."""

    def __init__(self, name: str = "desk-1", lights: int = 3) -> None:
        self.now, self.sequence, self.up, self.audit = NOW, 0, True, True
        self.picture = Picture(LAYERS)
        self.commands = Commands(self.picture, name)
        self.sent: list[tuple[ObjectKey, CommandRequest]] = []
        self.leases: list[LeaseMessage] = []
        self.approvals: list[ApprovalMessage] = []
        self.entries: list[Entry] = []
        self.kept: dict[str, Command] = {}
        self.notes: list[ApprovalRequest | Divergence] = []
        self.link(True)
        self.load(LIGHTS, [f"L{i}" for i in range(lights)], {}, on=True, level=100, override=False)
        self.load(JUNCTIONS, ["J0"], JUNCTION_FACTS, mode="automatic", plan=1)
        self.load(BOLLARDS, ["B0"], {}, position="up", occupied=False)

    def load(self, layer: str, ids: Sequence[str], facts: dict[str, Any], **values: Any) -> None:  # noqa: ANN401
        """Objects of a layer, which have just reported."""
        self.picture.replace(table_of(layer, ids), dict.fromkeys(ids, facts), self.now)
        for id in ids:
            self.report(layer, id, **values)

    def link(self, up: bool) -> None:
        """Cut the feed, or bring it back with its snapshot."""
        messages: list[object] = [LinkMessage("feed", up, self.now)]
        self.up = up
        self.picture.apply([*messages, *([SnapshotComplete("feed")] if up else [])], self.now)

    def live(self, quality: Quality = Quality.GOOD, age: float = 0.0, **values: Any) -> Live:  # noqa: ANN401
        """The next report of some equipment."""
        self.sequence += 1
        return Live(time=self.now - age, quality=quality, values=values, sequence=self.sequence, boot="b")

    def report(self, layer: str, id: str, **values: Any) -> None:  # noqa: ANN401
        """An object reports."""
        self.hear(StateMessage(layer, id, self.live(**values)))

    def hear(self, message: StateMessage) -> None:
        """A report arrives."""
        changes = self.picture.apply([message], self.now)
        self.do(self.commands.follow(changes, self.now))

    def do(self, effects: Effects) -> Effects:
        """Carry effects out as the application does."""
        self.kept.update({each.id: each for each in effects.kept})
        self.notes.extend(effects.notes)
        for record in effects.records:
            if self.audit:
                self.entries.append(record.entry)
                if record.command is not None:
                    self.kept[record.command.id] = record.command
            if record.token:
                self.do(self.commands.recorded(record.token, self.audit, self.now))
        for publish in effects.publishes:
            if self.up:
                self.take(publish)
            elif publish.token:
                self.do(self.commands.published(publish.token, False, self.now))
        return effects

    def take(self, publish: Publish) -> None:
        """The feed takes a payload."""
        levels = publish.topic.split("/")
        if levels[2] == "command":
            assert not publish.retain
            self.sent.append((ObjectKey(*levels[3:]), decode_command(publish.payload)))
        elif levels[2] == "lease":
            assert publish.retain
            self.leases.append(decode_lease(levels, publish.payload))
        else:
            self.approvals.append(decode_approval(publish.payload))

    def give(
        self,
        action: str = "off",
        ids: Sequence[str] = ("L0",),
        layer: str = LIGHTS,
        operator: Operator = ANA,
        lasts_s: float | None = None,
        **arguments: Any,  # noqa: ANN401
    ) -> str:
        """Prepare and begin a command; its id."""
        keys = [ObjectKey(layer, id) for id in ids]
        command = self.commands.prepare(
            layer, action, keys, arguments, operator, "trial", self.now, lasts_s=lasts_s
        )
        self.do(self.commands.begin(command.id, self.now))
        return command.id

    def answer(self, result: str, request: CommandRequest | None = None, **more: Any) -> None:  # noqa: ANN401
        """The gateway answers a request, the last one unless told."""
        request = request or self.sent[-1][1]
        values = {"command_id": request.command_id, "phase": request.phase, "ts": self.now}
        self.receive(Reply(**{**values, "result": result, **more}))

    def receive(self, message: CommandMessage) -> None:
        """A message arrives."""
        self.do(self.commands.received([message], self.now))

    def wait(self, seconds: float) -> None:
        """Let time pass, in seconds."""
        end = self.now + seconds
        while self.now < end:
            self.now = min(end, self.now + 1.0)
            self.do(self.commands.tick(self.now))

    def command(self, id: str) -> Command:
        """A command as it stands."""
        found = self.commands.get(id)
        assert found is not None
        return found

    def target(self, id: str, place: int = 0) -> Target:
        """A target as it stands."""
        return self.command(id).targets[place]

    def phases(self) -> list[str]:
        """What was asked of the gateway, in order."""
        return [request.phase for _, request in self.sent]
