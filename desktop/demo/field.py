"""The simulated equipment of the demo metropolis, publishing as real equipment would.

One thread that works in small slices, since it may share its interpreter with the window. All that happens
follows from the seed and the clock: `step` can be driven without the thread.
"""

from __future__ import annotations

import threading
import time
from array import array
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from random import Random
from typing import Protocol

from desktop.demo.field_devices import Due, Group, Values
from desktop.demo.field_events import SILENT, Events
from desktop.demo.field_fleet import Fleet
from desktop.demo.field_inventory import Network, Register, read_groups
from desktop.demo.field_lights import CABINETS, LIGHTS, Cabinets
from desktop.link.wire import encode_position, encode_state, position_topic, state_topic
from layers.model import Live

SLICE, PAUSE, REST = 0.004, 0.001, 0.05
"""Seconds of work at a stretch, between stretches while there is more, and when there is none."""
BITE = 16
"""Reports between two looks at the watch."""
GLANCE = 1.0
"""Seconds between two looks of the cabinets at the sky."""


WATCHED = {
    LIGHTS: ("on", "level", "override"),
    CABINETS: ("mode", "powered"),
    "junctions": ("mode", "plan"),
    "cameras": ("recording", "preset"),
    "bollards": ("position",),
    "message-signs": ("text",),
    "buildings": ("armed",),
}
"""By layer with commands: the values that, with the faults, make a state another than the one last seen."""


class Publisher(Protocol):
    """Where the equipment publishes: the in-process broker, or a client of a real one."""

    def publish(self, topic: str, payload: bytes, retain: bool = False) -> object:
        """Hand over a payload."""


class Rounds:
    """Lets every object of a group report once an interval, evenly spread, neighbours apart."""

    def __init__(self, group: Group, rng: Random, now: float) -> None:
        self._group, self._start, self._done = group, now, 0
        self._order = list(range(len(group.ids)))
        rng.shuffle(self._order)

    def due(self, now: float) -> list[Due]:
        """Whose turn has come since the last call; each at most once."""
        count, layer = len(self._order), self._group.layer
        turn = int((now - self._start) / self._group.interval * count)
        first = max(self._done, turn - count)
        self._done = max(self._done, turn)
        return [(layer, self._order[place % count]) for place in range(first, turn)]


class Marks:
    """When the state of each object of a layer became another, as sequence numbers; 16 bytes an object."""

    def __init__(self, watched: tuple[str, ...], count: int) -> None:
        self._watched = watched
        self._states, self._since = array("q", bytes(8 * count)), array("q", bytes(8 * count))

    def see(self, index: int, values: Values, faults: tuple[str, ...], sequence: int) -> None:
        """An object reports."""
        state = hash((faults, *map(values.get, self._watched)))
        if state != self._states[index]:
            self._states[index], self._since[index] = state, sequence

    def since(self, index: int) -> int:
        """Number of the report with which an object's state became what it is."""
        return self._since[index]


class Field:
    """All simulated equipment of one city.

    `register` is the registry's store and `network` loads roads and routes; both are read on the first step.
    """

    def __init__(
        self,
        publisher: Publisher,
        register: Register,
        network: Network,
        *,
        seed: int = 1,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._publisher, self._register, self._network = publisher, register, network
        self._seed, self._clock = seed, clock
        self.groups: dict[str, Group] = {}
        self.published = 0
        self._rounds: list[Rounds] = []
        self._marks: dict[str, Marks] = {}
        self._places: dict[str, dict[str, int]] = {}
        self._orders: Callable[[float], bool] | None = None
        self._pending: deque[Due] = deque()
        self._opening: Iterator[Due] = iter(())
        self._events: Events | None = None
        self._boot, self._sequence = "", 0
        self._glanced = 0.0
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Run on a thread of its own; everything publishes its state at once."""
        self._thread = threading.Thread(target=self._run, name="field", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread and wait for it."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def obey(self, orders: Callable[[float], bool]) -> None:
        """Let every step first carry out orders: `orders(now)` does some, and says whether there are more."""
        self._orders = orders

    def place(self, layer: str, id: str) -> int | None:
        """Where an object stands in its group, None for an unknown one."""
        group = self.groups.get(layer)
        if group is None:
            return None
        if layer not in self._places:
            self._places[layer] = {each: place for place, each in enumerate(group.ids)}
        return self._places[layer].get(id)

    @property
    def sequence(self) -> int:
        """Number of the last report of all."""
        return self._sequence

    def since(self, layer: str, index: int) -> int:
        """Number of the report with which an object's state became what it is; 0 where that is not kept."""
        marks = self._marks.get(layer)
        return 0 if marks is None else marks.since(index)

    def report(self, layer: str, index: int, now: float) -> int:
        """Let an object report at once, and its number; 0 from one that has stopped reporting."""
        group = self.groups[layer]
        return 0 if index in group.silent else self._publish_state(group, index, now)

    def queue(self, due: Iterable[Due]) -> None:
        """Let objects report in this step or the next."""
        self._pending.extend(due)

    def step(self, now: float, budget: float | None = None) -> bool:
        """Let the city live until epoch seconds `now`, and publish what is due.

        With a `budget`, seconds of work, what does not fit waits for the next step. Whether something does.
        """
        started = time.perf_counter()
        if self._events is None:
            self._events = self._prepare(now)
        while self._orders is not None and self._orders(now):
            if budget is not None and time.perf_counter() - started > budget:
                return True
        self._pending.extend(self._events.due(now))
        self._look_at_the_sky(now)
        for rounds in self._rounds:
            self._pending.extend(rounds.due(now))
        for group in self.groups.values():
            if isinstance(group, Fleet):
                self._move(group, now)
        while some := self._take():
            for layer, index in some:
                self.report(layer, index, now)
            if budget is not None and time.perf_counter() - started > budget:
                return True
        return False

    def _take(self) -> list[Due]:
        """A few objects whose turn it is: those with news before those of the opening snapshot."""
        if self._pending:
            return [self._pending.popleft() for _ in range(min(BITE, len(self._pending)))]
        return list(islice(self._opening, BITE))

    def _prepare(self, now: float) -> Events:
        self.groups = read_groups(self._register, self._network, self._seed, now)
        self._marks = {
            layer: Marks(WATCHED[layer], len(group.ids))
            for layer, group in self.groups.items()
            if layer in WATCHED
        }
        self._boot = f"{self._seed}-{int(now)}"
        self._glanced = now
        self._cabinets_look(now)
        events = Events(self.groups, self._seed, now)
        rng = Random(f"{self._seed}/rounds")
        self._rounds = [Rounds(group, rng, now) for group in self.groups.values() if group.ids]
        for layer, group in self.groups.items():
            _, ago = SILENT.get(layer, (0, 0.0))
            for index in sorted(group.silent):
                self._publish_state(group, index, now - ago)
        self._opening = (
            (layer, index) for layer, group in self.groups.items() for index in range(len(group.ids))
        )
        return events

    def _look_at_the_sky(self, now: float) -> None:
        if now - self._glanced >= GLANCE:
            self._glanced = now
            self._pending.extend(self._cabinets_look(now))

    def _cabinets_look(self, now: float) -> list[Due]:
        cabinets = self.groups[CABINETS]
        return cabinets.switched(cabinets.update(now)) if isinstance(cabinets, Cabinets) else []

    def _move(self, fleet: Fleet, now: float) -> None:
        for index in fleet.due(now):
            if fleet.move(index, now):
                self._pending.append((fleet.layer, index))
            if index not in fleet.silent:
                self._sequence += 1
                position = fleet.position(index, now, self._sequence, self._boot)
                topic = position_topic(fleet.layer, fleet.ids[index])
                self._publisher.publish(topic, encode_position(position))
                self.published += 1

    def _publish_state(self, group: Group, index: int, now: float) -> int:
        values, faults = group.report(index, now)
        self._sequence += 1
        marks = self._marks.get(group.layer)
        if marks is not None:
            marks.see(index, values, faults, self._sequence)
        live = Live(time=now, values=values, faults=faults, sequence=self._sequence, boot=self._boot)
        self._publisher.publish(state_topic(group.layer, group.ids[index]), encode_state(live), retain=True)
        self.published += 1
        return self._sequence

    def _run(self) -> None:
        while not self._stop.is_set():
            more = self.step(self._clock(), SLICE)
            self._stop.wait(PAUSE if more else REST)
