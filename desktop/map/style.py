"""The basemap's style: what a cartographer writes in resources/styles/*.toml, read into frozen structs.

Sizes are logical pixels. A value that changes with zoom is a list of [zoom, value] stops, interpolated
exponentially between them (the base is the file's `growth`) and constant outside.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec

from desktop.store.basemap import CLASSES, LINES, POLYGONS

Stops = tuple[tuple[float, float], ...]

Part = TypeVar("Part")


class StyleError(Exception):
    """A style file that cannot be used; the message is one line naming the file and the key."""


class AreaStyle(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a polygon class is filled, with an optional outline; opacity is towards the land colour."""

    fill: str
    edge: str | None = None
    edge_width: Stops = ((0.0, 1.0),)
    opacity: Stops = ((0.0, 1.0),)
    zmin: float = 0.0


class LineStyle(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a line class is drawn; the casing adds its width on each side, under the whole group.

    `dash` breaks the line (on, off in pixels), not its casing: a dashed line in a casing is a railway.
    """

    color: str
    width: Stops
    casing: str | None = None
    casing_width: Stops = ((0.0, 1.0),)
    dash: tuple[float, float] | None = None
    opacity: Stops = ((0.0, 1.0),)
    zmin: float = 0.0


class LabelStyle(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the names of some classes are written; earlier styles in the file win the room.

    `spacing` is in em. `repeat` is the least distance between two labels of one name. `bend` is the
    sharpest turn in degrees that a label along a line may take between two letters. `least` is the
    shortest side, in pixels, of a polygon that is named.
    """

    name: str
    classes: tuple[str, ...]
    color: str
    halo: str
    size: Stops
    placement: Literal["point", "line"] = "point"
    ranks: tuple[int, ...] = ()
    halo_width: float = 1.5
    spacing: float = 0.0
    weight: int = 400
    upper: bool = False
    italic: bool = False
    abbreviate: bool = False
    repeat: float = 400.0
    padding: float = 4.0
    bend: float = 22.0
    least: float = 0.0
    zmin: float = 0.0
    zmax: float = 24.0


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The TOML file as written."""

    name: str
    land: str
    order: tuple[tuple[str, ...], ...]
    area: dict[str, Any]
    line: dict[str, Any]
    label: tuple[Any, ...] = ()
    color: dict[str, str] = {}
    growth: float = 1.4
    abbreviations: dict[str, str] = {}


class MapStyle(msgspec.Struct, frozen=True):
    """A whole style, with colour tokens resolved to #rrggbb.

    `order` lists groups of classes from the bottom up; in a group every casing lies under every fill.
    """

    name: str
    land: str
    order: tuple[tuple[str, ...], ...]
    areas: Mapping[str, AreaStyle]
    lines: Mapping[str, LineStyle]
    labels: tuple[LabelStyle, ...]
    growth: float
    abbreviations: Mapping[str, str]

    def at(self, stops: Stops, zoom: float) -> float:
        """The value of some stops at a zoom."""
        return interpolate(stops, zoom, self.growth)

    def shown(self, zoom: float) -> tuple[str, ...]:
        """The drawn classes at a zoom, in drawing order."""
        return tuple(
            name
            for group in self.order
            for name in group
            if self._of(name).zmin <= zoom and self._inked(name, zoom)
        )

    def _of(self, name: str) -> AreaStyle | LineStyle:
        return self.areas[name] if name in self.areas else self.lines[name]

    def _inked(self, name: str, zoom: float) -> bool:
        return self.at(self._of(name).opacity, zoom) > 0

    def labels_at(self, zoom: float) -> tuple[LabelStyle, ...]:
        """The label styles in use at a zoom, most important first."""
        return tuple(label for label in self.labels if label.zmin <= zoom < label.zmax)

    def toned(self, color: str, opacity: float) -> str:
        """A colour laid on the land at an opacity, as an opaque colour."""
        return mix(self.land, color, opacity)


def interpolate(stops: Stops, zoom: float, growth: float) -> float:
    """Exponential interpolation of stops, as in the MapLibre style specification ("exponential")."""
    if zoom <= stops[0][0]:
        return stops[0][1]
    for (z0, v0), (z1, v1) in pairwise(stops):
        if zoom < z1:
            part = (zoom - z0) / (z1 - z0)
            if growth != 1.0:
                part = (growth ** (zoom - z0) - 1) / (growth ** (z1 - z0) - 1)
            return v0 + (v1 - v0) * part
    return stops[-1][1]


def mix(under: str, over: str, opacity: float) -> str:
    """`over` painted on `under` at that opacity, both #rrggbb."""
    if opacity >= 1:
        return over
    pairs = ((int(under[i : i + 2], 16), int(over[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(low + (high - low) * opacity):02x}" for low, high in pairs)


def load_style(source: str | Path) -> MapStyle:
    """One of the shipped styles by its name ("dark", "light"), or a style file by its path.

    Raises StyleError, one line, when it cannot be used.
    """
    try:
        if isinstance(source, Path):
            return parse_style(source.read_text(encoding="utf-8"), str(source))
        shipped = files("resources") / "styles" / f"{source}.toml"
        return parse_style(shipped.read_text(encoding="utf-8"), f"{source}.toml")
    except (OSError, UnicodeDecodeError) as error:
        raise StyleError(f"{source}: the style cannot be read: {error}") from error


def parse_style(text: str, source: str) -> MapStyle:
    """The style written in `text`; `source` is what errors call it. Raises StyleError."""
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise StyleError(f"{source}: {error}") from error
    file = _convert(tree, _File, source, "")
    areas = {key: _convert(part, AreaStyle, source, f"area.{key}") for key, part in file.area.items()}
    lines = {key: _convert(part, LineStyle, source, f"line.{key}") for key, part in file.line.items()}
    labels = [_convert(part, LabelStyle, source, f"label[{at}]") for at, part in enumerate(file.label)]
    style = MapStyle(
        name=file.name,
        land=_color(file, file.land, source, "land"),
        order=file.order,
        areas={
            key: _colored(file, area, source, f"area.{key}", "fill", "edge") for key, area in areas.items()
        },
        lines={
            key: _colored(file, line, source, f"line.{key}", "color", "casing") for key, line in lines.items()
        },
        labels=tuple(
            _colored(file, each, source, f"label {each.name!r}", "color", "halo") for each in labels
        ),
        growth=file.growth,
        abbreviations=file.abbreviations,
    )
    _check(style, source)
    return style


def _convert(tree: object, kind: type[Part], source: str, key: str) -> Part:
    """One table of the file as a struct, or an error that names it."""
    try:
        return msgspec.convert(tree, kind)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at `$")
        place = f"{key}{where.rstrip('`')}".lstrip(".")
        raise StyleError(f"{source}: {place or 'top level'}: {what}") from error


def _colored(file: _File, part: Part, source: str, key: str, *names: str) -> Part:
    """A struct with its colour tokens resolved."""
    values = {name: getattr(part, name) for name in names}
    found = {name: _color(file, value, source, f"{key}.{name}") for name, value in values.items() if value}
    changed: Part = msgspec.structs.replace(part, **found)  # type: ignore[type-var]
    return changed


def _color(file: _File, value: str, source: str, key: str) -> str:
    """#rrggbb for a token or a literal colour."""
    color = file.color.get(value, value).lower()
    if len(color) != 7 or color[0] != "#" or set(color[1:]) - set("0123456789abcdef"):
        raise StyleError(f"{source}: {key}: {value!r} is neither #rrggbb nor a name under [color]")
    return color


def _check(style: MapStyle, source: str) -> None:
    """What types cannot say: known classes, a style for everything ordered, stops that climb."""
    for table, known in (("area", POLYGONS), ("line", LINES)):
        for key in style.areas if table == "area" else style.lines:
            if key not in known:
                raise StyleError(f"{source}: {table}.{key}: unknown class, use one of {', '.join(known)}")
    for name in (name for group in style.order for name in group):
        if name not in style.areas and name not in style.lines:
            raise StyleError(f"{source}: order: {name!r} has no [area.{name}] or [line.{name}]")
    for label in style.labels:
        for name in label.classes:
            if name not in CLASSES:
                raise StyleError(f"{source}: label {label.name!r}.classes: unknown class {name!r}")
    for key, stops in _all_stops(style):
        zooms = [zoom for zoom, _ in stops]
        if not stops or zooms != sorted(set(zooms)):
            raise StyleError(f"{source}: {key}: stops must be [zoom, value] pairs in growing zoom")


def _all_stops(style: MapStyle) -> list[tuple[str, Stops]]:
    """Every list of stops with its key."""
    found: list[tuple[str, Stops]] = [(f"label {label.name!r}.size", label.size) for label in style.labels]
    for key, area in style.areas.items():
        found += [(f"area.{key}.edge_width", area.edge_width), (f"area.{key}.opacity", area.opacity)]
    for key, line in style.lines.items():
        found += [(f"line.{key}.width", line.width), (f"line.{key}.casing_width", line.casing_width)]
        found.append((f"line.{key}.opacity", line.opacity))
    return found
