"""What the simulated equipment does with each order: why it refuses it, how long it takes, what changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from desktop.demo.field_devices import Device, Devices, Due, Group
from desktop.demo.field_lights import CABINETS, LIGHTS, Cabinets, Lamps

Args = Mapping[str, Any]
Check = Callable[[Group, int, Args, float], None]
Change = Callable[[Group, int, Args, float], list[Due]]

BOLLARD_TRAVEL = 4.0
"""Seconds a bollard moves."""


class Refusal(Exception):
    """Equipment or gateway does not carry out an order: a word of the protocol, and what to tell."""

    def __init__(self, cause: str, detail: str = "") -> None:
        super().__init__(f"{cause}: {detail}")
        self.cause, self.detail = cause, detail


class Act(msgspec.Struct, frozen=True):
    """How one action is carried out.

    `check` raises Refusal, when the order comes and again before it takes effect. `change` makes the effect,
    and tells who else has to report; `begin` is what is seen as soon as it is accepted.
    """

    check: Check
    change: Change
    takes: tuple[float, float]
    """Seconds from acceptance to effect, at least and at most."""
    begin: Change | None = None


def _device(group: Group, index: int) -> Device:
    if not isinstance(group, Devices):
        raise Refusal("unknown-object", "no such equipment")
    return group.devices[index]


def _ready(device: Device, *faults: str) -> None:
    if device.memory.get("local"):
        raise Refusal("local-mode", "under local control")
    broken = [fault for fault in device.faults if fault in faults]
    if broken:
        raise Refusal("equipment", broken[0])


def _cannot_with(*faults: str) -> Check:
    def check(group: Group, index: int, args: Args, now: float) -> None:
        _ready(_device(group, index), *faults)

    return check


def _remember(**values: object) -> Change:
    """Sets what the device's model remembers; a callable is given the arguments and the time."""

    def change(group: Group, index: int, args: Args, now: float) -> list[Due]:
        memory = _device(group, index).memory
        for name, value in values.items():
            memory[name] = value(args, now) if callable(value) else value
        return []

    return change


def _lamps(group: Group) -> Lamps:
    if not isinstance(group, Lamps):
        raise Refusal("unknown-object", "no such equipment")
    return group


def _lamp_ready(group: Group, index: int, args: Args, now: float) -> None:
    lamps = _lamps(group)
    _lamp_heard(lamps, index)
    place = lamps.cabinet(index)
    if place is not None and lamps.cabinets.dead(place):
        raise Refusal("equipment", "no-supply")
    if place is not None and lamps.cabinets.local(place):
        raise Refusal("local-mode", "its cabinet is under local control")
    if place is not None and not lamps.cabinets.forced.get(place, True):
        raise Refusal("interlock", "its cabinet is forced off")
    if index in lamps.faults:
        raise Refusal("equipment", lamps.faults[index])


def _lamp_heard(lamps: Lamps, index: int) -> None:
    place = lamps.cabinet(index)
    if place is not None and "comm-failure" in lamps.cabinets.devices[place].faults:
        raise Refusal("equipment", "its cabinet has no link")


def _lamp_dims(group: Group, index: int, args: Args, now: float) -> None:
    _lamp_ready(group, index, args, now)
    if int(args["level"]) not in (0, 100) and not _lamps(group).dimmable(index):
        raise Refusal("not-declared", "not dimmable")


def _lamp_releases(group: Group, index: int, args: Args, now: float) -> None:
    _lamp_heard(_lamps(group), index)


def _hold(level: int | None) -> Change:
    """Lets a lamp hold a level, None: that of the arguments; its cabinet's load changes with it."""

    def change(group: Group, index: int, args: Args, now: float) -> list[Due]:
        lamps = _lamps(group)
        lamps.overrides[index] = int(args["level"]) if level is None else level
        return _cabinet_of(lamps, index)

    return change


def release(group: Group, index: int, args: Args, now: float) -> list[Due]:
    """Give a lamp back to its cabinet's program."""
    lamps = _lamps(group)
    lamps.overrides.pop(index, None)
    return _cabinet_of(lamps, index)


def _cabinet_of(lamps: Lamps, index: int) -> list[Due]:
    place = lamps.cabinet(index)
    return [] if place is None else [(CABINETS, place)]


def _cabinet_ready(group: Group, index: int, args: Args, now: float) -> None:
    if isinstance(group, Cabinets) and group.local(index):
        raise Refusal("local-mode", "under local control")
    _ready(_device(group, index), "tripped", "supply-loss", "comm-failure")


def _cabinet_releases(group: Group, index: int, args: Args, now: float) -> None:
    if isinstance(group, Cabinets) and group.local(index):
        raise Refusal("local-mode", "under local control")
    _ready(_device(group, index), "comm-failure")


def _switch(on: bool | None) -> Change:
    def change(group: Group, index: int, args: Args, now: float) -> list[Due]:
        return group.force(index, on, now) if isinstance(group, Cabinets) else []

    return change


def _bollard_free(group: Group, index: int, args: Args, now: float) -> None:
    device = _device(group, index)
    _ready(device, "blocked", "motor")
    values, _ = group.report(index, now)
    if values["occupied"]:
        raise Refusal("interlock", "a vehicle stands on the loop")


def _move_to(position: str) -> Act:
    def begin(group: Group, index: int, args: Args, now: float) -> list[Due]:
        _device(group, index).memory["position"] = ("moving", now)
        return []

    def change(group: Group, index: int, args: Args, now: float) -> list[Due]:
        _device(group, index).memory["position"] = (position, now)
        return []

    return Act(_bollard_free, change, (BOLLARD_TRAVEL, BOLLARD_TRAVEL), begin)


def _camera_turns(group: Group, index: int, args: Args, now: float) -> None:
    device = _device(group, index)
    if device.facts.get("kind") != "ptz":
        raise Refusal("not-declared", "fixed camera")
    _ready(device, "no-video")


def _armable(group: Group, index: int, args: Args, now: float) -> None:
    device = _device(group, index)
    if not device.facts.get("armable"):
        raise Refusal("not-declared", "no alarm to arm")
    _ready(device, "power-loss")


def _plan(args: Args, now: float) -> int:
    return int(args["plan"])


_junction_obeys, _sign_obeys = _cannot_with("controller-fault"), _cannot_with("no-link")
CAMERA, LIGHT, CYCLE, SIGN, PANEL = (1.0, 3.0), (1.0, 8.0), (5.0, 20.0), (1.0, 4.0), (1.0, 5.0)

ACTS: Mapping[tuple[str, str], Act] = {
    (LIGHTS, "dim"): Act(_lamp_dims, _hold(None), LIGHT),
    (LIGHTS, "on"): Act(_lamp_ready, _hold(100), LIGHT),
    (LIGHTS, "off"): Act(_lamp_ready, _hold(0), LIGHT),
    (LIGHTS, "release"): Act(_lamp_releases, release, LIGHT),
    (CABINETS, "force-on"): Act(_cabinet_ready, _switch(True), LIGHT),
    (CABINETS, "force-off"): Act(_cabinet_ready, _switch(False), LIGHT),
    (CABINETS, "auto"): Act(_cabinet_releases, _switch(None), LIGHT),
    ("junctions", "force-plan"): Act(_junction_obeys, _remember(plan=_plan, flashing=False), CYCLE),
    ("junctions", "flashing"): Act(_junction_obeys, _remember(plan=None, flashing=True), CYCLE),
    ("junctions", "automatic"): Act(_junction_obeys, _remember(plan=None, flashing=False), CYCLE),
    ("bollards", "lower"): _move_to("down"),
    ("bollards", "raise"): _move_to("up"),
    ("message-signs", "clear"): Act(_sign_obeys, _remember(text=""), SIGN),
    ("message-signs", "display"): Act(_sign_obeys, _remember(text=lambda args, now: str(args["text"])), SIGN),
    ("buildings", "check-doors"): Act(_cannot_with("power-loss"), _remember(), PANEL),
    ("buildings", "arm"): Act(_armable, _remember(armed=lambda args, now: (True, now)), PANEL),
    ("buildings", "disarm"): Act(_armable, _remember(armed=lambda args, now: (False, now)), PANEL),
    ("cameras", "preset"): Act(
        _camera_turns, _remember(preset=lambda args, now: int(args["preset"])), CAMERA
    ),
}
"""By layer and action."""
