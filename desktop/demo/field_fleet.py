"""Groups of moving objects: their state as any group's, and where they are every few seconds."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from random import Random
from typing import Any

from desktop.demo.field_devices import Due, Values
from desktop.demo.field_vehicles import Crew, Transit
from desktop.mercator import to_wgs84
from layers.model import Position

POSITION_EVERY = (5.0, 10.0)
"""Seconds between two positions of a vehicle; each keeps a period of its own."""
TRANSIT_INTERVAL, CREW_INTERVAL = 10.0, 20.0


class Fleet:
    """The moving objects of one layer."""

    def __init__(
        self,
        layer: str,
        ids: Sequence[str],
        movers: Sequence[Transit | Crew],
        interval: float,
        rng: Random,
        now: float,
    ) -> None:
        self.layer, self.ids, self.movers, self.interval = layer, ids, movers, interval
        self.silent: set[int] = set()
        self.faults: dict[int, tuple[str, ...]] = {}
        self._periods = [rng.uniform(*POSITION_EVERY) for _ in movers]
        self._since = [now] * len(movers)
        self._queue = [(now + rng.random() * period, index) for index, period in enumerate(self._periods)]
        heapq.heapify(self._queue)

    def due(self, now: float) -> list[int]:
        """Vehicles whose next position has come due."""
        found = []
        while self._queue and self._queue[0][0] <= now:
            time, index = self._queue[0]
            # After a pause of the machine a vehicle reports once, not for every period missed.
            following = max(time + self._periods[index], now - self._periods[index])
            heapq.heapreplace(self._queue, (following, index))
            found.append(index)
        return found

    def move(self, index: int, now: float) -> bool:
        """Bring a vehicle to where it is now; whether its state changed with that."""
        seconds, self._since[index] = max(0.0, now - self._since[index]), max(now, self._since[index])
        return self.movers[index].advance(seconds, now)

    def position(self, index: int, now: float, sequence: int, boot: str) -> Position:
        """Where a vehicle is."""
        mover = self.movers[index]
        longitude, latitude = to_wgs84(mover.x, mover.y)
        return Position(
            time=now,
            longitude=longitude,
            latitude=latitude,
            heading=round(mover.heading, 1),
            speed=round(mover.speed, 1),
            sequence=sequence,
            boot=boot,
        )

    def report(self, index: int, now: float) -> tuple[Values, tuple[str, ...]]:
        """Live values and faults of a vehicle."""
        return _values(self.movers[index]), self.faults.get(index, ())

    def fail(self, index: int, fault: str, now: float) -> list[Due]:
        """Give a vehicle a fault; it stands until that is over."""
        self.move(index, now)
        self.faults[index] = (fault,)
        self.movers[index].stopped = True
        return [(self.layer, index)]

    def repair(self, index: int, fault: str, now: float) -> list[Due]:
        """Let a vehicle go on."""
        self.move(index, now)
        self.faults.pop(index, None)
        self.movers[index].stopped = False
        return [(self.layer, index)]

    def pick(self, rng: Random, fault: str, now: float) -> int | None:
        """A vehicle in order, and on duty if it is a crew; None when ten draws find none."""
        for _ in range(10 if self.movers else 0):
            index = rng.randrange(len(self.movers))
            mover = self.movers[index]
            off = isinstance(mover, Crew) and mover.status == "off-duty"
            if index not in self.faults and index not in self.silent and not off:
                return index
        return None

    def find(self, *words: str) -> int | None:
        """The vehicle of one of these ids."""
        return next((list(self.ids).index(word) for word in words if word in self.ids), None)


def _values(mover: Transit | Crew) -> dict[str, Any]:
    if isinstance(mover, Transit):
        return {
            "delay_s": round(mover.delay),
            "occupancy": mover.occupancy,
            "next_stop": mover.next_stop,
        }
    return {"status": mover.status, "speed_kmh": round(mover.speed * 3.6)}
