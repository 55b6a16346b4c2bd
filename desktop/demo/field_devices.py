"""Groups of simulated devices of one layer: what each reports now, and which faults it has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Any, Protocol

Values = dict[str, Any]
Due = tuple[str, int]
"""(layer, place in its group) of an object that has something to report."""


class Device:
    """One simulated object. `phase` (0 to 1) tells it apart from its like; `memory` is its model's own."""

    __slots__ = ("facts", "faults", "id", "memory", "phase")

    def __init__(self, id: str, facts: dict[str, Any], phase: float) -> None:
        self.id, self.facts, self.phase = id, facts, phase
        self.faults: tuple[str, ...] = ()
        self.memory: dict[str, Any] = {}


class Group(Protocol):
    """What the field needs of each layer's objects."""

    layer: str
    ids: Sequence[str]
    interval: float
    """Seconds within which every object reports at least once."""
    silent: set[int]
    """Objects that have stopped reporting."""

    def report(self, index: int, now: float) -> tuple[Values, tuple[str, ...]]:
        """Live values and faults of an object."""

    def fail(self, index: int, fault: str, now: float) -> list[Due]:
        """Give an object a fault; who has to report for it."""

    def repair(self, index: int, fault: str, now: float) -> list[Due]:
        """Take a fault away; who has to report for it."""

    def pick(self, rng: Random, fault: str, now: float) -> int | None:
        """An object that could get that fault now, None when chance finds none."""

    def find(self, *words: str) -> int | None:
        """The first object whose id or name is, or else contains, one of the words."""


class Devices:
    """A group whose values come from a function of the device and the time."""

    def __init__(
        self,
        layer: str,
        devices: list[Device],
        interval: float,
        values: Callable[[Device, float], Values],
    ) -> None:
        self.layer, self.devices, self.interval = layer, devices, interval
        self.ids: Sequence[str] = [device.id for device in devices]
        self.silent: set[int] = set()
        self._values = values

    def report(self, index: int, now: float) -> tuple[Values, tuple[str, ...]]:
        """Live values and faults of a device."""
        device = self.devices[index]
        return self._values(device, now), device.faults

    def fail(self, index: int, fault: str, now: float) -> list[Due]:
        """Give a device a fault."""
        device = self.devices[index]
        if fault not in device.faults:
            device.faults = (*device.faults, fault)
        return [(self.layer, index)]

    def repair(self, index: int, fault: str, now: float) -> list[Due]:
        """Take a fault away."""
        device = self.devices[index]
        device.faults = tuple(each for each in device.faults if each != fault)
        return [(self.layer, index)]

    def pick(self, rng: Random, fault: str, now: float) -> int | None:
        """A device in order that reports, None when three draws find none."""
        for _ in range(3 if self.devices else 0):
            index = rng.randrange(len(self.devices))
            if index not in self.silent and not self.devices[index].faults:
                return index
        return None

    def find(self, *words: str) -> int | None:
        """The first device whose id or name is, or else contains, one of the words."""
        names = [str(device.facts.get("name", "")) for device in self.devices]
        for word in words:
            for index, device in enumerate(self.devices):
                if word in (device.id, names[index]):
                    return index
        for word in words:
            for index, name in enumerate(names):
                if word in name:
                    return index
        return None
