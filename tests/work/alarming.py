"""A small town of lamps on cabinets that report faults, and the alarms that come of it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from desktop.link.wire import LinkMessage, SnapshotComplete, StateMessage
from desktop.store.columns import Columns, StringColumn
from desktop.work.alarm import AlarmChanges, AlarmFilter, Event, Row
from desktop.work.alarms import Alarms
from desktop.work.assets import LayerTable
from desktop.work.operators import Operator, Role
from desktop.work.picture import ObjectKey, Picture
from layers import load_layers
from layers.model import Live, Quality

NOW = 1_800_000_000.0
MARTIN = Operator(id="martin", name="A. Martin", role=Role.SUPERVISOR)
VIEWER = Operator(id="v", name="V", role=Role.VIEWER)
LAYERS = load_layers()
LAMPS, CABINETS = "street-lights", "lighting-cabinets"


def table_of(layer: str, ids: list[str]) -> LayerTable:
    """A table of these objects, all at one place."""
    count = len(ids)
    return LayerTable(
        LAYERS[layer],
        Columns(
            rowid=np.arange(count, dtype=np.int64),
            ids=StringColumn.of(ids),
            labels=StringColumn.of(ids),
            x=np.zeros(count),
            y=np.zeros(count),
            state=np.zeros(count, dtype=np.uint8),
        ),
    )


class Town:
    """Lamps ``L<cabinet>-<n>`` on cabinets ``C<n>``; time passes when told."""

    def __init__(self, cabinets: int = 3, lamps: int = 4, console: str = "poste 1") -> None:
        self.now = NOW
        self.picture = Picture(LAYERS)
        self.alarms = Alarms(self.picture, console)
        self.events: list[Event] = []
        self.last = AlarmChanges()
        self._sequence = 0
        self.lamps = {f"L{c}-{n}": f"C{c}" for c in range(cabinets) for n in range(lamps)}
        self.take(
            self.picture.replace(
                table_of(LAMPS, list(self.lamps)), {it: {"cabinet": of} for it, of in self.lamps.items()}, NOW
            )
        )
        boxes = [f"C{c}" for c in range(cabinets)]
        self.take(self.picture.replace(table_of(CABINETS, boxes), {}, NOW))
        self.take(self.picture.apply([LinkMessage("feed", True, NOW), SnapshotComplete("feed")], NOW))

    def take(self, changes: object) -> None:
        self.note(self.alarms.follow(changes, self.now))  # type: ignore[arg-type]

    def note(self, changes: AlarmChanges) -> AlarmChanges:
        self.last = changes
        self.events += changes.events
        return changes

    def report(
        self,
        layer: str,
        ids: Iterable[str],
        *faults: str,
        quality: Quality = Quality.GOOD,
        at: float | None = None,
    ) -> None:
        """Objects report these faults, or none."""
        self._sequence += 1
        live = Live(
            time=self.now if at is None else at, faults=faults, sequence=self._sequence, quality=quality
        )
        self.take(self.picture.apply([StateMessage(layer, it, live) for it in ids], self.now))

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds
        self.take(self.picture.grow_old(self.now))
        self.note(self.alarms.tick(self.now))

    def rows(self) -> list[Row]:
        return self.alarms.rows(AlarmFilter())

    def of_cabinet(self, cabinet: str) -> list[str]:
        return [it for it, of in self.lamps.items() if of == cabinet]


LAMP = ObjectKey(LAMPS, "L0-0")
FAILED = "street-lights/L0-0/lamp-failure"
