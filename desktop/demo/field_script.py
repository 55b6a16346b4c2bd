"""Scripted events for training rooms and tests: what happens in the simulated city, and when.

A script is TOML: `[[events]]` tables, each with `at` (seconds after the city stands), a `kind` and what that
kind needs. What a script does not name is chosen by the seed.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from math import cos, hypot, radians
from pathlib import Path
from random import Random
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from desktop.demo.field import Field
from desktop.demo.field_day import LATITUDE
from desktop.demo.field_devices import Devices, Due
from desktop.demo.field_inventory import Register
from desktop.demo.field_lights import CABINETS, LIGHTS, Cabinets

_Seconds = Annotated[float, Meta(ge=0, le=864_000)]
_Count = Annotated[int, Meta(ge=1, le=100_000)]
JUNCTIONS, CAMERAS, GAUGES = "junctions", "cameras", "river-gauges"
FLOOD_SHIFT = 900.0
"""Seconds by which one gauge floods after the other: the wave goes down the river."""


class ScriptError(Exception):
    """A script cannot be followed; one line."""


class _Event(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", rename="kebab"
):
    at: _Seconds
    lasts: _Seconds = 1_800.0
    """Seconds until what broke is repaired."""


class Outage(_Event, frozen=True, kw_only=True, tag="outage"):
    """A lighting cabinet trips, and its lamps are dark."""

    cabinet: str = ""


class Flood(_Event, frozen=True, kw_only=True, tag="flood"):
    """The rivers rise, one gauge after the other."""

    gauges: _Count = 2


class NightCrash(_Event, frozen=True, kw_only=True, tag="night-crash"):
    """A vehicle hits a junction: its controller, the lamps around it and the nearest camera are down."""

    junction: str = ""
    lamps: _Count = 6


class Storm(_Event, frozen=True, kw_only=True, tag="storm"):
    """About so many alarms within `seconds`, from cabinets that trip one after the other."""

    alarms: _Count = 500
    cabinets: _Count = 12
    seconds: _Seconds = 60.0


class Fault(_Event, frozen=True, kw_only=True, tag="fault"):
    """One object has one fault."""

    layer: str
    id: str
    fault: str


Event = Outage | Flood | NightCrash | Storm | Fault


class Script(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All events of a script, in any order."""

    events: tuple[Event, ...] = ()

    kinds: ClassVar[tuple[str, ...]] = ("outage", "flood", "night-crash", "storm", "fault")


def load_script(path: Path) -> Script:
    """Read a script. Raises ScriptError, one line."""
    try:
        return msgspec.toml.decode(path.read_bytes(), type=Script)
    except OSError as error:
        raise ScriptError(f"{path}: {error.strerror}") from None
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        line = " ".join(str(error).split())
        raise ScriptError(f"{path}: {line}; kinds of events: {', '.join(Script.kinds)}") from None


class Director:
    """Makes a script happen in a field; `step` is called on the field's thread."""

    def __init__(self, script: Script, field: Field, register: Register, seed: int = 1) -> None:
        self._events, self._field, self._register = script.events, field, register
        self._rng = Random(f"{seed}/script")
        self._plan: list[tuple[float, int, Callable[[float], Iterable[Due]]]] = []
        self._planned = 0
        self._began = False
        self.missed: list[str] = []
        """A line for each event that the city has nothing for."""

    def step(self, now: float) -> bool:
        """Let happen what has come due at `now`; nothing is left over."""
        if not self._began:
            self._began = True
            for event in self._events:
                self._after(now + event.at, lambda then, event=event: self._begin(event, then))  # type: ignore[misc]
        while self._plan and self._plan[0][0] <= now:
            self._field.queue(heapq.heappop(self._plan)[2](now))
        return False

    def _after(self, when: float, do: Callable[[float], Iterable[Due]]) -> None:
        self._planned += 1
        heapq.heappush(self._plan, (when, self._planned, do))

    def _begin(self, event: Event, now: float) -> list[Due]:
        match event:
            case Outage():
                found = self._find(CABINETS, event.cabinet)
                return [] if found is None else self._strike(CABINETS, found, "tripped", now, event.lasts)
            case Fault():
                found = self._find(event.layer, event.id)
                return (
                    [] if found is None else self._strike(event.layer, found, event.fault, now, event.lasts)
                )
            case Flood():
                return self._flood(event, now)
            case NightCrash():
                return self._crash(event, now)
            case Storm():
                return self._storm(event, now)

    def _find(self, layer: str, name: str) -> int | None:
        """An object by id or name; any, chosen by the seed, for an empty name."""
        group = self._field.groups.get(layer)
        if group is None or not group.ids:
            self.missed.append(f"no {layer} in this city")
            return None
        found = group.find(name) if name else self._rng.randrange(len(group.ids))
        if found is None:
            self.missed.append(f"no {layer} {name!r} in this city")
        return found

    def _strike(self, layer: str, index: int, fault: str, now: float, lasts: float) -> list[Due]:
        group = self._field.groups[layer]
        self._after(now + lasts, lambda then: group.repair(index, fault, then))
        return group.fail(index, fault, now)

    def _flood(self, event: Flood, now: float) -> list[Due]:
        group = self._field.groups.get(GAUGES)
        if not isinstance(group, Devices) or not group.devices:
            self.missed.append(f"no {GAUGES} in this city")
            return []

        def rise(index: int, then: float) -> list[Due]:
            group.devices[index].memory["flood"] = then
            return [(GAUGES, index)]

        for order, index in enumerate(range(min(event.gauges, len(group.devices)))):
            self._after(
                now + order * FLOOD_SHIFT,
                lambda then, index=index: rise(index, then),  # type: ignore[misc]
            )
        return []

    def _crash(self, event: NightCrash, now: float) -> list[Due]:
        junction = self._find(JUNCTIONS, event.junction)
        if junction is None:
            return []
        place = dict(self._places(JUNCTIONS))[self._field.groups[JUNCTIONS].ids[junction]]
        due = self._strike(JUNCTIONS, junction, "controller-fault", now, event.lasts)
        for layer, fault, count in ((LIGHTS, "lamp-failure", event.lamps), (CAMERAS, "no-video", 1)):
            for index in self._nearest(layer, place, count):
                due += self._strike(layer, index, fault, now, event.lasts)
        return due

    def _storm(self, event: Storm, now: float) -> list[Due]:
        cabinets = self._field.groups.get(CABINETS)
        if not isinstance(cabinets, Cabinets) or cabinets.lamps is None or not cabinets.devices:
            self.missed.append(f"no {CABINETS} in this city")
            return []
        lamps = cabinets.lamps
        wanted = event.alarms / event.cabinets
        sizes = {place: len(lamps.members(place)) + 1 for place in range(len(cabinets.devices))}
        chosen = sorted(sizes, key=lambda place: (abs(sizes[place] - wanted), place))[: event.cabinets]
        self._rng.shuffle(chosen)
        for order, place in enumerate(chosen):
            self._after(
                now + order * event.seconds / len(chosen),
                lambda then, place=place: self._strike(CABINETS, place, "tripped", then, event.lasts),  # type: ignore[misc]
            )
        return []

    def _places(self, layer: str) -> Iterator[tuple[str, tuple[float, float]]]:
        decode = msgspec.json.Decoder(_Point).decode
        for id, geometry, _ in self._register.each(layer):
            yield id, decode(geometry).coordinates

    def _nearest(self, layer: str, place: tuple[float, float], count: int) -> list[int]:
        """The objects nearest to a place, in degrees, as places in their group."""
        shrink = cos(radians(LATITUDE))

        def distance(it: tuple[str, tuple[float, float]]) -> float:
            return hypot((it[1][0] - place[0]) * shrink, it[1][1] - place[1])

        found = [
            self._field.place(layer, id) for id, _ in heapq.nsmallest(count, self._places(layer), distance)
        ]
        return [index for index in found if index is not None]


class _Point(msgspec.Struct):
    coordinates: tuple[float, float]
