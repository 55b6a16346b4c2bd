"""Street lights along the kerbs, and the cabinets that feed them. Vectorised: a million lamps are arrays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import numpy as np

from desktop.demo.city.communes import COMMUNES
from desktop.demo.city.model import Feature
from desktop.demo.city.plane import Floats, Ints, to_lonlat
from desktop.demo.city.roads import PRIMARY, SECONDARY, TERTIARY
from desktop.demo.city.town import KERB, Town

PER_CABINET = 34_000 / 702
CHUNK = 20_000
LONGEST_RUN = 24
TECHNOLOGIES = ("led", "sodium", "metal-halide")


class Lights(msgspec.Struct):
    """The features of `street-lights`, made on demand from columns; iterable several times."""

    lonlat: Floats
    edge: Ints
    cabinet: Ints
    circuit: Ints
    technology: Ints
    power: Ints
    height: Floats
    installed: Ints
    """Days since 2000-01-01."""
    commune: Ints
    streets: list[str]
    """By edge."""

    def __len__(self) -> int:
        return len(self.edge)

    def __iter__(self) -> Iterator[Feature]:
        width = max(6, len(str(len(self))))
        for begin in range(0, len(self), CHUNK):
            part = slice(begin, begin + CHUNK)
            days = (np.datetime64("2000-01-01") + self.installed[part]).astype(str).tolist()
            columns = (
                self.lonlat,
                self.edge,
                self.cabinet,
                self.circuit,
                self.technology,
                self.power,
                self.height,
                self.commune,
            )
            rows = zip(*(column[part].tolist() for column in columns), days, strict=True)
            for number, (where, edge, cabinet, circuit, technology, power, height, commune, day) in enumerate(
                rows, begin + 1
            ):
                code = f"A-{cabinet + 1:03d}"
                properties: dict[str, Any] = {
                    "street": self.streets[edge],
                    "cabinet": code,
                    "circuit": f"{code}/{circuit + 1}",
                    "power_w": power,
                    "technology": TECHNOLOGIES[technology],
                    "height_m": height,
                    "installed": day,
                    "commune": COMMUNES[commune].insee,
                }
                yield f"SL-{number:0{width}d}", {"type": "Point", "coordinates": where}, properties


class Stretch(msgspec.Struct):
    """Runs of lamps along edges; arrays share their index. An edge with very many lamps makes several."""

    edge: Ints
    number: Ints
    """Lamps in the run."""
    before: Ints
    """Lamps of the same edge before the run."""
    total: Ints
    """Lamps of the whole edge."""

    def __getitem__(self, chosen: Ints) -> Stretch:
        return Stretch(self.edge[chosen], self.number[chosen], self.before[chosen], self.total[chosen])


def lighting(town: Town, count: int, cabinets: int) -> tuple[Lights, list[Feature]]:
    """`count` lamps, and the `cabinets` that feed them."""
    usable = town.urban & (town.commune >= 0) & (town.net.cls >= PRIMARY) & (town.net.lengths > 4)
    runs = _stretches(town, np.flatnonzero(usable), count)
    cabinet_of, circuits = _cabinets(town, runs, cabinets)
    order = np.lexsort((runs.before, runs.edge, circuits, cabinet_of))
    lights = _lamps(town, runs[order], cabinet_of[order], circuits[order])
    return lights, _cabinet_features(town, lights)


def _stretches(town: Town, lit: Ints, count: int) -> Stretch:
    """The lamps of every lit edge, in runs of at most LONGEST_RUN."""
    total = _share_out(town, lit, count)
    lit, total = lit[total > 0], total[total > 0]
    parts = -(-total // LONGEST_RUN)
    edge, whole, of = np.repeat(lit, parts), np.repeat(total, parts), np.repeat(parts, parts)
    rank = np.arange(len(edge)) - np.repeat(np.cumsum(parts) - parts, parts)
    before = whole * rank // of
    return Stretch(edge, whole * (rank + 1) // of - before, before, whole)


def cabinets_for(count: int) -> int:
    """Number of cabinets for that many lamps."""
    return max(len(COMMUNES), round(count / PER_CABINET))


def _share_out(town: Town, lit: Ints, count: int) -> Ints:
    """Lamps per edge, proportional to lit length (closer on main roads), summing to `count` exactly."""
    weight = town.net.lengths[lit] * np.where(town.net.cls[lit] <= SECONDARY, 1.1, 1.0)
    ideal = weight * (count / weight.sum())
    numbers: Ints = np.floor(ideal).astype(np.int64)
    missing = count - int(numbers.sum())
    numbers[np.argsort(numbers - ideal, kind="stable")[:missing]] += 1
    return numbers


def _cabinets(town: Town, runs: Stretch, count: int) -> tuple[Ints, Ints]:
    """Cabinet and circuit (0..) of each run: compact groups of edges, never across a commune's limit."""
    numbers, middle = runs.number, town.middle[runs.edge]
    communes = town.commune[runs.edge]
    totals = np.bincount(communes, weights=numbers, minlength=len(COMMUNES))
    ideal = totals / totals.sum() * count
    share = np.maximum(np.floor(ideal).astype(np.int64), (totals > 0).astype(np.int64))
    missing = count - int(share.sum())
    order = (
        np.argsort(share - ideal, kind="stable") if missing > 0 else np.argsort(ideal - share, kind="stable")
    )
    for commune in order[: abs(missing)].tolist():
        share[commune] += 1 if missing > 0 else -1
    groups = np.zeros(len(numbers), dtype=np.int64)
    circuits = np.zeros(len(numbers), dtype=np.int64)
    begin = 0
    for commune in range(len(COMMUNES)):
        chosen = np.flatnonzero(communes == commune)
        if len(chosen):
            _split(middle, numbers, chosen, begin, int(share[commune]), groups)
        begin += int(share[commune])
    for chosen in np.split(
        np.argsort(groups, kind="stable"), np.cumsum(np.bincount(groups, minlength=begin))[:-1]
    ):
        if len(chosen):
            parts = int(min(4, max(1, numbers[chosen].sum() // 12)))
            _split(middle, numbers, chosen, 0, parts, circuits)
    return groups, circuits


def _split(middle: Floats, numbers: Ints, chosen: Ints, begin: int, parts: int, groups: Ints) -> None:
    """Give `chosen` edges the groups begin..begin+parts-1 by halving along the longer axis."""
    stack = [(chosen, begin, parts)]
    while stack:
        edges, first, count = stack.pop()
        if count == 1 or len(edges) <= count:
            groups[edges] = first + np.arange(len(edges)) % count
            continue
        points = middle[edges]
        axis = int(np.argmax(np.ptp(points, axis=0)))
        edges = edges[np.argsort(points[:, axis], kind="stable")]
        left = count // 2
        running = np.cumsum(numbers[edges])
        cut = int(np.searchsorted(running, running[-1] * left / count)) + 1
        cut = min(max(cut, left), len(edges) - (count - left))
        stack.append((edges[:cut], first, left))
        stack.append((edges[cut:], first + left, count - left))


def _lamps(town: Town, runs: Stretch, cabinet_of: Ints, circuits: Ints) -> Lights:
    rng = np.random.default_rng(town.seed + 301)
    numbers = runs.number
    edge = np.repeat(runs.edge, numbers)
    rank = np.arange(len(edge)) - np.repeat(np.cumsum(numbers) - numbers - runs.before, numbers)
    share = (rank + 0.5) / np.repeat(runs.total, numbers)
    cls = town.net.cls[edge]
    wide = cls <= TERTIARY
    own_side = np.where(town.net.street[edge] % 2 == 0, 1.0, -1.0)
    side = np.where(wide, np.where(rank % 2 == 0, 1.0, -1.0), own_side)
    offset = np.array(KERB)[cls] + rng.uniform(-0.3, 0.3, len(edge))
    plane = town.beside(edge, share, side, offset)
    commune = town.commune_at(plane)
    commune = np.where(commune < 0, town.commune[edge], commune)
    street_year = np.random.default_rng(town.seed + 302).uniform(0, 1, len(town.net.names))[
        town.net.street[edge]
    ]
    technology = np.select([street_year < 0.74, street_year < 0.93], [0, 1], 2)
    power = np.where(wide, 90, 45) * np.where(technology == 0, 1.0, 1.7)
    age = np.where(technology == 0, 4700 + street_year * 6300, 400 + street_year * 4000)
    return Lights(
        to_lonlat(plane),
        edge,
        np.repeat(cabinet_of, numbers),
        np.repeat(circuits, numbers),
        technology,
        (np.round(power / 5) * 5).astype(np.int64),
        np.where(cls <= SECONDARY, 9.0, np.where(wide, 8.0, 6.0)),
        (age + rng.integers(0, 20, len(edge))).astype(np.int64),
        commune,
        [town.net.names[street] for street in town.net.street.tolist()],
    )


def _cabinet_features(town: Town, lights: Lights) -> list[Feature]:
    """Each cabinet stands on the lit edge nearest to the middle of its lamps."""
    count = int(lights.cabinet.max()) + 1
    sizes = np.bincount(lights.cabinet, minlength=count)
    middle = town.middle[lights.edge]
    sums = [np.bincount(lights.cabinet, weights=middle[:, i], minlength=count) for i in (0, 1)]
    centre = np.column_stack(sums) / np.maximum(sizes, 1)[:, None]
    away = np.hypot(*(middle - centre[lights.cabinet]).T)
    order = np.lexsort((away, lights.cabinet))
    first = order[np.searchsorted(lights.cabinet[order], np.arange(count))]
    edge = lights.edge[first]
    plane = town.beside(
        edge, np.full(count, 0.35), np.full(count, -1.0), np.array(KERB)[town.net.cls[edge]] + 1.2
    )
    commune = town.commune_at(plane)
    commune = np.where(commune < 0, town.commune[edge], commune)
    lonlat = to_lonlat(plane).tolist()
    circuits = np.zeros(count, dtype=np.int64)
    np.maximum.at(circuits, lights.cabinet, lights.circuit + 1)
    power = np.bincount(lights.cabinet, weights=lights.power, minlength=count) / 1000
    years = np.random.default_rng(town.seed + 303).integers(1988, 2024, count).tolist()
    features: list[Feature] = []
    for index in range(count):
        code = f"A-{index + 1:03d}"
        properties = {
            "name": f"Armoire {code}",
            "street": town.street(int(edge[index])),
            "circuits": int(circuits[index]),
            "power_kw": round(float(power[index]), 1),
            "installed": f"{years[index]}-0{index % 9 + 1}-15",
            "commune": COMMUNES[int(commune[index])].insee,
        }
        features.append((code, {"type": "Point", "coordinates": lonlat[index]}, properties))
    return features
