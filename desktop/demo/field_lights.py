"""Street lights and their cabinets: lit from dusk to dawn, dimmed late, dark when their cabinet is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random

import numpy as np
import numpy.typing as npt

from desktop.demo.field_day import CIVIL_DUSK, local_hour, sun_elevation
from desktop.demo.field_devices import Device, Devices, Due, Values

LIGHTS, CABINETS = "street-lights", "lighting-cabinets"
LAMP_INTERVAL, CABINET_INTERVAL = 1_200.0, 300.0
SPREAD = 1.0
"""Degrees of sun height about dusk over which the cabinets' light sensors differ: about 12 minutes."""
DIM_FROM, DIM_UNTIL, DIM_SPREAD = 23.0, 5.0, 0.4
"""Local hours of the reduced level, and how far cabinets differ."""
REDUCED = 60
"""Level of dimmable lamps in the small hours, %."""
CUTS = ("tripped", "supply-loss")
"""Cabinet faults that leave its lamps without supply."""
MAINS = 230.0


class Lamp:
    """What the simulation must know of a lamp, as the inventory hands it over."""

    __slots__ = ("cabinet", "dimmable", "id", "power")

    def __init__(self, id: str, cabinet: str, power: int, dimmable: bool) -> None:
        self.id, self.cabinet, self.power, self.dimmable = id, cabinet, power, dimmable


class Cabinets(Devices):
    """Lighting cabinets: each switches its lamps by its own sensor and clock.

    One more than the devices stands for the lamps of no known cabinet; it never fails.
    """

    def __init__(self, devices: list[Device], rng: Random) -> None:
        super().__init__(CABINETS, devices, CABINET_INTERVAL, self._report)
        self.places = {device.id: place for place, device in enumerate(devices)}
        count = len(devices) + 1
        draws = np.array([rng.uniform(-1, 1) for _ in range(2 * count)]).reshape(2, count)
        self._dusk = CIVIL_DUSK + SPREAD * draws[0]
        self._dim_shift = DIM_SPREAD * draws[1]
        self.lit: npt.NDArray[np.bool_] = np.zeros(count, dtype=bool)
        self.dimmed: npt.NDArray[np.bool_] = np.zeros(count, dtype=bool)
        self.forced: dict[int, bool] = {}
        """By place: lit or dark by order, whatever sky and clock say."""
        self.lamps: Lamps | None = None

    def update(self, now: float) -> list[int]:
        """Let the cabinets see the sky and the clock; those that switched."""
        lit = sun_elevation(now) < self._dusk
        hours = (local_hour(now) - self._dim_shift) % 24
        dimmed = lit & ((hours >= DIM_FROM) | (hours < DIM_UNTIL))
        for place, on in self.forced.items():
            lit[place], dimmed[place] = on, False
        changed = np.flatnonzero((lit != self.lit) | (dimmed != self.dimmed))
        self.lit, self.dimmed = lit, dimmed
        return [int(place) for place in changed]

    def switched(self, places: Iterable[int]) -> list[Due]:
        """Who has to report when these cabinets have switched: they and their lamps."""
        due: list[Due] = []
        for place in places:
            if place < len(self.devices):
                due.append((CABINETS, place))
            if self.lamps is not None:
                due += self.lamps.of(place)
        return due

    def dead(self, place: int) -> bool:
        """Whether a cabinet gives no supply."""
        return place < len(self.devices) and any(fault in CUTS for fault in self.devices[place].faults)

    def force(self, place: int, on: bool | None, now: float) -> list[Due]:
        """Light or darken a cabinet's lamps by order, None: by sky and clock again; who has to report."""
        if on is None:
            self.forced.pop(place, None)
        else:
            self.forced[place] = on
        changed = self.update(now)
        return self.switched(dict.fromkeys((place, *changed)))

    def local(self, place: int) -> bool:
        """Whether someone has taken a cabinet over on the spot: half of those who open its door do."""
        device = self.devices[place]
        return bool(device.memory.get("local")) or ("door-open" in device.faults and device.phase < 0.5)

    def fail(self, index: int, fault: str, now: float) -> list[Due]:
        """Give a cabinet a fault; its lamps report with it when it cuts their supply."""
        own = super().fail(index, fault, now)
        return self.switched([index]) if fault in CUTS else own

    def repair(self, index: int, fault: str, now: float) -> list[Due]:
        """Take a fault away."""
        own = super().repair(index, fault, now)
        return self.switched([index]) if fault in CUTS else own

    def _report(self, device: Device, now: float) -> Values:
        place = self.places[device.id]
        load = self.lamps.load(place) if self.lamps is not None and not self.dead(place) else 0.0
        forced = self.forced.get(place)
        mode = "auto" if forced is None else "forced-on" if forced else "forced-off"
        return {
            "powered": (bool(self.lit[place]) and not self.dead(place)) or load > 0,
            "mode": "local" if self.local(place) else mode,
            "current_a": round(load / MAINS, 1),
            "door_open": "door-open" in device.faults,
        }


class Lamps:
    """All street lights, in columns: there may be a million."""

    layer = LIGHTS
    interval = LAMP_INTERVAL

    def __init__(self, lamps: Sequence[Lamp], cabinets: Cabinets) -> None:
        self.ids: Sequence[str] = [lamp.id for lamp in lamps]
        self.silent: set[int] = set()
        self.faults: dict[int, str] = {}
        self.overrides: dict[int, int] = {}
        """By place: the level in % a lamp holds by order, 0 dark, until it is released."""
        self.cabinets = cabinets
        none = len(cabinets.devices)
        places = [cabinets.places.get(lamp.cabinet, none) for lamp in lamps]
        self._cabinet = np.array(places, dtype=np.int32)
        self._power = np.array([lamp.power for lamp in lamps], dtype=np.int32)
        self._dimmable = np.array([lamp.dimmable for lamp in lamps], dtype=bool)
        self._order = np.argsort(self._cabinet, kind="stable")
        self._starts = np.searchsorted(self._cabinet[self._order], np.arange(none + 2))
        cabinets.lamps = self

    def of(self, place: int) -> list[Due]:
        """The lamps of a cabinet, as reports due."""
        return [(LIGHTS, index) for index in self.members(place)]

    def members(self, place: int) -> list[int]:
        """The lamps of a cabinet."""
        found: list[int] = self._order[self._starts[place] : self._starts[place + 1]].tolist()
        return found

    def load(self, place: int) -> float:
        """What the lamps of a cabinet under supply draw, W."""
        members = self._order[self._starts[place] : self._starts[place + 1]]
        rated = self._power[members].astype(np.float64)
        lit = bool(self.cabinets.lit[place])
        power = rated if lit else np.zeros(len(members))
        if self.cabinets.dimmed[place]:
            power = np.where(self._dimmable[members], power * REDUCED / 100, power)
        if self.overrides and self.cabinets.forced.get(place, True):
            levels = np.array([self.overrides.get(member, -1) for member in members.tolist()], dtype=float)
            power = np.where(levels >= 0, rated * levels / 100, power)
        return float(power.sum())

    def dimmable(self, index: int) -> bool:
        """Whether a lamp can burn at any level."""
        return bool(self._dimmable[index])

    def cabinet(self, index: int) -> int | None:
        """The place of a lamp's cabinet, None when it has none."""
        place = int(self._cabinet[index])
        return place if place < len(self.cabinets.devices) else None

    def report(self, index: int, now: float) -> tuple[Values, tuple[str, ...]]:
        """Live values and faults of a lamp."""
        place, held = int(self._cabinet[index]), self.overrides.get(index)
        if self.cabinets.dead(place):
            return _values(False, 0, 0, held is not None), ("no-supply",)
        lit, fault = bool(self.cabinets.lit[place]), self.faults.get(index)
        if fault == "day-burning":
            faults = () if lit else (fault,)
            lit, held = True, None
        elif fault is not None:
            return _values(False, 0, 0, held is not None), (fault,)
        else:
            faults = ()
        if held is not None and self.cabinets.forced.get(place, True):
            return _values(held > 0, held, round(int(self._power[index]) * held / 100), True), faults
        if not lit:
            return _values(False, 0, 0, held is not None), faults
        level = REDUCED if self._dimmable[index] and self.cabinets.dimmed[place] else 100
        return _values(True, level, round(int(self._power[index]) * level / 100)), faults

    def fail(self, index: int, fault: str, now: float) -> list[Due]:
        """Give a lamp a fault."""
        self.faults[index] = fault
        return [(LIGHTS, index)]

    def repair(self, index: int, fault: str, now: float) -> list[Due]:
        """Take a lamp's fault away."""
        self.faults.pop(index, None)
        return [(LIGHTS, index)]

    def pick(self, rng: Random, fault: str, now: float) -> int | None:
        """A lamp in order, under supply, lit or not as the fault needs to show."""
        for _ in range(3 if self.ids else 0):
            index = rng.randrange(len(self.ids))
            place = int(self._cabinet[index])
            by_day = not self.cabinets.lit[place]
            shows = by_day if fault == "day-burning" else True
            if (
                shows
                and index not in self.faults
                and index not in self.silent
                and not self.cabinets.dead(place)
            ):
                return index
        return None

    def find(self, *words: str) -> int | None:
        """The lamp of one of these ids."""
        return next((self.ids.index(word) for word in words if word in self.ids), None)


def _values(on: bool, level: int, power: int, override: bool = False) -> Values:
    return {"on": on, "level": level, "power_w": power, "override": override}
