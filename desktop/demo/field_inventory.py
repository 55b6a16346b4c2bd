"""Reads from the registry what stands in the field: the simulation invents behaviour, never equipment."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from desktop.demo.field_devices import Device, Devices, Group
from desktop.demo.field_fleet import CREW_INTERVAL, TRANSIT_INTERVAL, Fleet
from desktop.demo.field_lights import CABINETS, LIGHTS, Cabinets, Lamp, Lamps
from desktop.demo.field_models import MODELS
from desktop.demo.field_roads import Roads
from desktop.demo.field_vehicles import Crew, Job, Line, Transit, lines_of
from desktop.mercator import to_mercator

if TYPE_CHECKING:
    from desktop.demo.city.model import RoadGraph, Route

Network = Callable[[], "tuple[RoadGraph, Sequence[Route]]"]
"""Loads the roads and the transit routes; called on the field's own thread."""


class Register(Protocol):
    """What is read of the registry."""

    def each(self, name: str) -> Iterator[tuple[str, bytes, bytes]]:
        """(id, geometry, properties) of every feature of a collection, the last two JSON."""


class _LampFacts(msgspec.Struct):
    cabinet: str = ""
    power_w: float = 60
    technology: str = ""


class _Point(msgspec.Struct):
    coordinates: tuple[float, float]


class _Moving(msgspec.Struct):
    line: str = ""
    kind: str = ""
    trade: str = ""


class _Intervention(msgspec.Struct):
    crew: str = ""
    status: str = ""


def read_groups(register: Register, network: Network, seed: int, now: float) -> dict[str, Group]:
    """The groups of all simulated layers, by layer, small ones first; the same for the same arguments."""
    groups: dict[str, Group] = {}
    for layer, (interval, model) in MODELS.items():
        groups[layer] = Devices(layer, _devices(register, layer, seed), interval, model)
    graph, routes = network()
    groups["transit-vehicles"] = _transit(register, routes, seed, now)
    groups["crews"] = _crews(register, Roads(graph), seed, now)
    cabinets = Cabinets(_devices(register, CABINETS, seed), Random(f"{seed}/cabinets"))
    groups[CABINETS] = cabinets
    groups[LIGHTS] = Lamps(_lamps(register), cabinets)
    return groups


def _devices(register: Register, layer: str, seed: int) -> list[Device]:
    rng = Random(f"{seed}/{layer}")
    decode: Callable[[bytes], dict[str, Any]] = msgspec.json.Decoder(dict[str, Any]).decode
    return [Device(id, decode(facts), rng.random()) for id, _, facts in register.each(layer)]


def _lamps(register: Register) -> list[Lamp]:
    decode = msgspec.json.Decoder(_LampFacts).decode
    lamps = []
    for id, _, text in register.each(LIGHTS):
        facts = decode(text)
        lamps.append(Lamp(id, facts.cabinet, round(facts.power_w), facts.technology == "led"))
    return lamps


def _moving(register: Register, layer: str) -> Iterator[tuple[str, float, float, _Moving]]:
    place, facts = msgspec.json.Decoder(_Point).decode, msgspec.json.Decoder(_Moving).decode
    for id, geometry, text in register.each(layer):
        yield id, *to_mercator(*place(geometry).coordinates), facts(text)


def _transit(register: Register, routes: Sequence[Route], seed: int, now: float) -> Fleet:
    rng = Random(f"{seed}/transit")
    lines = lines_of(routes)
    by_kind = {route.kind: lines[route.line] for route in reversed(routes) if route.line in lines}
    ids: list[str] = []
    movers: list[Transit | Crew] = []
    for id, x, y, facts in _moving(register, "transit-vehicles"):
        line: Line | None = lines.get(facts.line) or by_kind.get(facts.kind)
        if line is not None:
            ids.append(id)
            movers.append(Transit(line, x, y, Random(rng.random())))
    return Fleet("transit-vehicles", ids, movers, TRANSIT_INTERVAL, rng, now)


def _crews(register: Register, roads: Roads, seed: int, now: float) -> Fleet:
    rng = Random(f"{seed}/crews")
    jobs = _jobs(register)
    ids: list[str] = []
    movers: list[Transit | Crew] = []
    for id, x, y, facts in _moving(register, "crews") if len(roads) else ():
        ids.append(id)
        movers.append(Crew(roads, x, y, facts.trade, jobs.get(id), Random(rng.random()), now))
    return Fleet("crews", ids, movers, CREW_INTERVAL, rng, now)


def _jobs(register: Register) -> dict[str, Job]:
    """The work each crew is on, what is already under way first."""
    place, facts = msgspec.json.Decoder(_Point).decode, msgspec.json.Decoder(_Intervention).decode
    jobs: dict[str, Job] = {}
    for _, geometry, text in register.each("interventions"):
        it = facts(text)
        if it.status == "on-site" or (it.status == "en-route" and it.crew not in jobs):
            x, y = to_mercator(*place(geometry).coordinates)
            jobs[it.crew] = Job(x, y, it.status == "on-site")
    return jobs
