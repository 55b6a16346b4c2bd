"""What happens in the simulated city: the situation at the start, then faults and repairs by chance."""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from random import Random

import msgspec

from desktop.demo.field_devices import Devices, Due, Group
from desktop.demo.field_lights import CABINETS, LIGHTS, Cabinets

ABNORMAL_LAMPS = 63
"""Lamps out at the start, those of the tripped cabinet included."""


class Hazard(msgspec.Struct, frozen=True):
    """A fault that comes by chance (a Poisson process) and is repaired after a while; means in seconds."""

    layer: str
    fault: str
    every: float
    lasts: float


HAZARDS = (
    Hazard(LIGHTS, "lamp-failure", 110, 1_500),
    Hazard(LIGHTS, "driver-failure", 420, 1_500),
    Hazard(LIGHTS, "day-burning", 900, 1_200),
    Hazard(CABINETS, "tripped", 1_500, 600),
    Hazard(CABINETS, "door-open", 1_300, 420),
    Hazard(CABINETS, "comm-failure", 1_900, 300),
    Hazard("junctions", "detector-fault", 420, 900),
    Hazard("junctions", "lamp-fault", 1_100, 900),
    Hazard("junctions", "lamp-fault-red", 2_400, 600),
    Hazard("junctions", "controller-fault", 5_400, 420),
    Hazard("cameras", "no-video", 800, 420),
    Hazard("cameras", "dirty", 1_500, 1_800),
    Hazard("buildings", "technical", 1_200, 900),
    Hazard("buildings", "intrusion", 3_600, 300),
    Hazard("buildings", "power-loss", 7_200, 420),
    Hazard("bollards", "blocked", 2_100, 240),
    Hazard("bollards", "motor", 4_000, 1_200),
    Hazard("message-signs", "pixel-failure", 1_800, 1_800),
    Hazard("car-parks", "barrier", 2_700, 420),
    Hazard("river-gauges", "sensor", 5_400, 900),
    Hazard("transit-vehicles", "breakdown", 1_300, 600),
    Hazard("transit-vehicles", "emergency", 7_200, 180),
    Hazard("crews", "emergency", 10_800, 150),
)
SILENT = {LIGHTS: (4, 7_200.0), "cameras": (2, 95.0), "weather-stations": (1, 2_600.0)}
"""By layer: how many objects have stopped reporting, and how many seconds ago they last did."""
SHORTEST = 45.0
"""Seconds a fault lasts at least, so that it can be seen."""


class Events:
    """The faults to come and those to be repaired, in order of time; deterministic for a seed."""

    def __init__(self, groups: Mapping[str, Group], seed: int, now: float) -> None:
        self._groups = groups
        self._rng = Random(f"{seed}/events")
        self._order = 0
        self._queue: list[tuple[float, int, Hazard, int | None]] = []
        for hazard in HAZARDS:
            if hazard.layer in groups:
                self._plan(now + self._rng.expovariate(1 / hazard.every), hazard, None)
        self._open(now)
        self._silence(now)

    def due(self, now: float) -> list[Due]:
        """Let happen what has come due; who has to report."""
        found: list[Due] = []
        while self._queue and self._queue[0][0] <= now:
            time, _, hazard, index = heapq.heappop(self._queue)
            group = self._groups[hazard.layer]
            if index is not None:
                found += group.repair(index, hazard.fault, now)
                continue
            self._plan(time + self._rng.expovariate(1 / hazard.every), hazard, None)
            chosen = group.pick(self._rng, hazard.fault, now)
            if chosen is not None:
                lasts = SHORTEST + self._rng.expovariate(1 / hazard.lasts)
                found += self.strike(hazard.layer, chosen, hazard.fault, now, lasts)
        return found

    def strike(self, layer: str, index: int, fault: str, now: float, lasts: float) -> list[Due]:
        """Let a fault happen now and be repaired after so many seconds; who has to report."""
        self._plan(now + lasts, Hazard(layer, fault, 0, 0), index)
        return self._groups[layer].fail(index, fault, now)

    def _plan(self, time: float, hazard: Hazard, index: int | None) -> None:
        self._order += 1
        heapq.heappush(self._queue, (time, self._order, hazard, index))

    def _silence(self, now: float) -> None:
        for layer, (count, _) in SILENT.items():
            group = self._groups.get(layer)
            if group is None:
                continue
            picks = (group.pick(self._rng, "", now) for _ in range(20 * count))
            chosen = dict.fromkeys(index for index in picks if index is not None)
            group.silent.update(list(chosen)[: min(count, len(group.ids) // 3)])

    def _open(self, now: float) -> None:
        """The situation that the first picture shows."""
        minutes = 60.0
        self._start("junctions", "lamp-fault-red", now, 45 * minutes, "JC-0087", "Darcy")
        self._start("buildings", "intrusion", now, 20 * minutes, "Musée des Beaux-Arts", "Musée", zone=2)
        gauges = self._groups.get("river-gauges")
        if isinstance(gauges, Devices):
            place = gauges.find("Ouche à Plombières", "Ouche")
            if place is not None:
                gauges.devices[place].memory["flood"] = now
        cabinet = self._start(CABINETS, "tripped", now, 40 * minutes, "A-214")
        cabinets = self._groups.get(CABINETS)
        dark = 0
        if cabinet is not None and isinstance(cabinets, Cabinets) and cabinets.lamps is not None:
            dark = len(cabinets.lamps.members(cabinet))
        lamps = self._groups.get(LIGHTS)
        if lamps is not None:
            wanted = min(ABNORMAL_LAMPS - dark, len(lamps.ids) // 100)
            for _ in range(max(wanted, 0)):
                index = lamps.pick(self._rng, "lamp-failure", now)
                if index is not None:
                    self.strike(LIGHTS, index, "lamp-failure", now, self._rng.uniform(600, 5_400))

    def _start(
        self, layer: str, fault: str, now: float, lasts: float, *words: str, zone: int | None = None
    ) -> int | None:
        group = self._groups.get(layer)
        if group is None or not group.ids:
            return None
        found = group.find(*words)
        index = len(group.ids) // 2 if found is None else found
        if zone is not None and isinstance(group, Devices):
            group.devices[index].memory["zone"] = zone
        self.strike(layer, index, fault, now, lasts)
        return index
