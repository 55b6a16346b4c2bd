"""Simulated vehicles: transit that keeps its course and stops, crews that patrol and go to work."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING, Protocol

from desktop.demo.field_day import between, local_hour
from desktop.demo.field_roads import CLASS_SPEEDS, Path, Roads

if TYPE_CHECKING:
    from desktop.demo.city.model import Route

BUS_SPEED, TRAM_SPEED = 8.6, 10.0
"""Between stops, m/s: with dwells, 17 km/h for a bus and 20 for a tram over the whole course."""
TRAFFIC = (0.6, 1.15)
"""Share of the usual speed at which a stretch is driven."""
FASTEST = TRAFFIC[1] * CLASS_SPEEDS[0]
"""No vehicle is ever faster, m/s."""
DWELL, LAYOVER = (12.0, 28.0), (120.0, 300.0)
HELD_UP = 0.008
"""Share of calls at which a vehicle is badly held up."""
ASIDE = 1.0
"""Stops within this many metres of where a vehicle stands are behind it."""


class Mover(Protocol):
    """Something that moves; `x`, `y` Web Mercator, `heading` degrees, `speed` m/s."""

    x: float
    y: float
    heading: float
    speed: float
    stopped: bool
    """Held where it is, by a breakdown or an emergency."""

    def advance(self, seconds: float, now: float) -> bool:
        """Move on for that long until `now`; whether its state changed."""


class Line:
    """A transit line in both directions, with the stops in each."""

    def __init__(self, route: Route) -> None:
        points = [(x, y) for x, y in route.points.tolist()]
        usual = TRAM_SPEED if route.kind == "tram" else BUS_SPEED
        speeds = [usual] * (len(points) - 1)
        self.paths = (Path(points, speeds), Path(points[::-1], speeds))
        self.ends = (route.end, route.start)
        # Stops come in Web Mercator metres along the course; paths are measured on the ground.
        mercator = sum(((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5 for (ax, ay), (bx, by) in pairwise(points))
        length = self.paths[0].length
        scale = length / mercator if mercator else 1.0
        there = [(min(at * scale, length), name) for at, name in route.stops]
        self.stops = (there, [(length - at, name) for at, name in reversed(there)])


class Transit:
    """A bus or tram going back and forth on its line."""

    def __init__(self, line: Line, x: float, y: float, rng: Random) -> None:
        self._line, self._rng = line, rng
        self.stopped = False
        self.delay = rng.gauss(40, 50)
        self.occupancy = rng.choice(("low", "low", "medium", "medium", "high"))
        self._way = rng.randrange(2)
        self._distance = line.paths[self._way].locate(x, y)
        self._waiting = rng.uniform(0, DWELL[1])
        self._factor = rng.uniform(*TRAFFIC)
        self.speed = 0.0
        self._stop = 0
        self._face_next()
        self.x, self.y, self.heading = line.paths[self._way].at(self._distance)

    @property
    def next_stop(self) -> str:
        """Name of the stop it comes to next."""
        stops = self._line.stops[self._way]
        return stops[self._stop][1] if self._stop < len(stops) else self._line.ends[self._way]

    def advance(self, seconds: float, now: float) -> bool:
        """Move on; whether it called at a stop."""
        called = False
        if self.stopped:
            self.delay += seconds
            self.speed = 0.0
            return False
        while seconds > 0:
            if self._waiting > 0:
                spent = min(self._waiting, seconds)
                self._waiting, seconds, self.speed = self._waiting - spent, seconds - spent, 0.0
                continue
            path, stops = self._line.paths[self._way], self._line.stops[self._way]
            target = stops[self._stop][0] if self._stop < len(stops) else path.length
            self.speed = self._factor * path.speed(self._distance)
            needed = max(0.0, target - self._distance) / self.speed
            if needed > seconds:
                self._distance += self.speed * seconds
                break
            seconds, self._distance = seconds - needed, target
            self._call()
            called = True
        self.x, self.y, self.heading = self._line.paths[self._way].at(self._distance)
        return called

    def _call(self) -> None:
        rng = self._rng
        held_up = rng.uniform(120, 360) if rng.random() < HELD_UP else 0.0
        self.delay = min(900.0, max(-60.0, 0.88 * self.delay + rng.gauss(6, 26) + held_up))
        if rng.random() < 0.3:
            self.occupancy = rng.choice(("low", "medium", "medium", "high"))
        self._factor = rng.uniform(*TRAFFIC)
        if self._stop < len(self._line.stops[self._way]):
            self._stop += 1
            self._waiting = rng.uniform(*DWELL)
        else:
            self._way, self._distance, self._stop = 1 - self._way, 0.0, 0
            self._waiting = rng.uniform(*LAYOVER)
            self._face_next()

    def _face_next(self) -> None:
        stops = self._line.stops[self._way]
        while self._stop < len(stops) and stops[self._stop][0] <= self._distance + ASIDE:
            self._stop += 1


class Job:
    """Work that the registry has a crew on: at a place, already there or on the way."""

    __slots__ = ("on_site", "x", "y")

    def __init__(self, x: float, y: float, on_site: bool) -> None:
        self.x, self.y, self.on_site = x, y, on_site


SHIFTS: dict[str, tuple[tuple[float, float], ...]] = {
    "police": ((6.0, 14.0), (14.0, 22.0), (22.0, 6.0)),
    "roads": ((7.0, 15.5), (8.0, 19.5), (19.0, 7.0)),
    "waste": ((5.0, 12.5), (12.0, 19.5)),
    "cleaning": ((5.5, 13.0), (12.0, 19.0)),
    "lighting": ((7.5, 16.5), (13.0, 22.0)),
    "green-spaces": ((7.5, 16.5),),
}
"""Local hours of duty by trade; a crew keeps one of them."""
STAFFED = 0.6
"""Share of the crews that turn out on a given day."""


class Crew:
    """A crew on the roads: on patrol, on its way to a job, at work, or off duty where it parked."""

    def __init__(
        self, roads: Roads, x: float, y: float, trade: str, job: Job | None, rng: Random, now: float
    ) -> None:
        self._roads, self._rng = roads, rng
        shifts = SHIFTS.get(trade, ((8.0, 17.0),))
        self._shift = shifts[rng.randrange(len(shifts))] if rng.random() < STAFFED else None
        self.stopped = False
        self.status = "available" if self.on_duty(now) else "off-duty"
        self._job = job if job is not None and not job.on_site else None
        self._waiting = rng.uniform(0, 120)
        if job is not None and job.on_site:
            self.status, self._waiting = "on-site", rng.uniform(900, 3_600)
            x, y = job.x, job.y
        elif job is not None:
            self.status = "en-route"
        self._node = self._goal = roads.nearest(x, y)
        (self.x, self.y), self.heading, self.speed = roads.place(self._node), rng.uniform(0, 360), 0.0
        self._path: Path | None = None
        self._distance, self._factor = 0.0, 1.0

    def advance(self, seconds: float, now: float) -> bool:
        """Move on; whether its status changed."""
        before = self.status
        if self.stopped:
            self.speed = 0.0
            return False
        while seconds > 0:
            if self._path is None and self._waiting > 0:
                spent = min(self._waiting, seconds)
                self._waiting, seconds, self.speed = self._waiting - spent, seconds - spent, 0.0
            elif self._path is None:
                self._decide(now)
            else:
                seconds = self._drive(self._path, seconds)
        return self.status != before

    def on_duty(self, now: float) -> bool:
        """Whether its shift is on."""
        return self._shift is not None and between(local_hour(now), *self._shift)

    def _drive(self, path: Path, seconds: float) -> float:
        end = path.stretch_end(self._distance)
        self.speed = self._factor * path.speed(self._distance)
        needed = (end - self._distance) / self.speed
        if needed > seconds:
            self._distance += self.speed * seconds
            seconds = 0.0
        else:
            seconds, self._distance = seconds - needed, end
        self.x, self.y, self.heading = path.at(self._distance)
        if self._distance >= path.length:
            self._arrive()
        return seconds

    def _arrive(self) -> None:
        self._path, self._node, self._job = None, self._goal, None
        at_work = self.status == "en-route"
        self.status = "on-site" if at_work else "available"
        self._waiting = self._rng.uniform(420, 1_500) if at_work else self._rng.uniform(30, 240)

    def _decide(self, now: float) -> None:
        rng, job = self._rng, self._job
        if job is not None:
            self._go(self._roads.nearest(job.x, job.y), "en-route")
        elif not self.on_duty(now):
            self.status, self._waiting = "off-duty", 60.0
        elif self.status in ("on-site", "off-duty"):
            self.status, self._waiting = "available", rng.uniform(20, 120)
        else:
            goal = self._roads.somewhere(rng, self._node, 500, 2_500)
            self._go(goal, "en-route" if rng.random() < 0.25 else "available")

    def _go(self, goal: int, status: str) -> None:
        found = self._roads.way(self._node, goal)
        self._job = None
        if found is None:
            self._waiting = 20.0
            return
        self._path, self._goal = found
        self._distance, self.status = 0.0, status
        self._factor = self._rng.uniform(*TRAFFIC)


def lines_of(routes: Sequence[Route]) -> dict[str, Line]:
    """The lines that can be driven, by label."""
    return {route.line: Line(route) for route in routes if len(route.points) > 1}
