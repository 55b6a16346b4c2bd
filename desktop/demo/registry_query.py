"""What may be asked of a collection's items: OGC API Features Part 1 parameters to a selection."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import msgspec

from desktop.demo.registry_http import Problem
from desktop.demo.registry_store import Collection, Selection

DEFAULT_LIMIT, MAX_LIMIT = 100, 10_000
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
PARAMETERS = (
    "limit", "offset", "after", "bbox", "bbox-crs", "crs", "datetime", "properties", "skipGeometry", "f",
)  # fmt: skip
EPOCH, MILLISECOND = datetime.fromtimestamp(0, UTC), timedelta(milliseconds=1)
PLAIN_NAME = re.compile(r"[A-Za-z0-9_.:-]+")


class _Conditions(msgspec.Struct):
    texts: list[str] = []
    values: list[str | int | float] = []

    def add(self, text: str, *values: str | int | float) -> None:
        self.texts.append(text)
        self.values += values


def selection(collection: Collection, query: list[tuple[str, str]]) -> Selection:
    """The selection a query asks for. Raises Problem 400 for a parameter unknown, repeated or malformed."""
    fields = {name for name in collection.fields if PLAIN_NAME.fullmatch(name)}
    given = single(query, {*PARAMETERS, *fields})
    conditions = _Conditions()
    for name in sorted(fields & given.keys() - set(PARAMETERS)):
        _where_equal(conditions, name, given[name])
    for name in ("bbox-crs", "crs"):
        if given.get(name, CRS84) != CRS84:
            raise bad(f"{name}: only {CRS84} is served")
    if "bbox" in given:
        _where_box(conditions, given["bbox"])
    if "datetime" in given:
        _where_time(conditions, given["datetime"])
    return Selection(
        limit=min(integer(given, "limit", DEFAULT_LIMIT, 1), MAX_LIMIT),
        offset=integer(given, "offset", 0, 0),
        after=integer(given, "after", 0, 0) if "after" in given else None,
        conditions=tuple(conditions.texts),
        values=tuple(conditions.values),
        properties=_properties(given, fields),
        skip_geometry=boolean(given, "skipGeometry"),
    )


def single(query: list[tuple[str, str]], known: set[str]) -> dict[str, str]:
    """The query's parameters, each known and given once, as Part 1 requires."""
    given: dict[str, str] = {}
    for name, value in query:
        if name not in known:
            raise bad(f"unknown parameter {name!r}")
        if name in given:
            raise bad(f"parameter {name!r} is given twice")
        given[name] = value
    if given.get("f", "json") not in ("json", "geojson"):
        raise bad("f: only json is served")
    return given


def bad(detail: str) -> Problem:
    """A 400 answer."""
    return Problem(HTTPStatus.BAD_REQUEST, detail)


def integer(given: dict[str, str], name: str, default: int, least: int) -> int:
    """A parameter as an integer of 64 bits, not below `least`."""
    text = given.get(name, str(default))
    if not (text.isascii() and text.isdecimal() and len(text) < 19 and int(text) >= least):
        raise bad(f"{name}: {text!r} is not an integer of at least {least}")
    return int(text)


def boolean(given: dict[str, str], name: str) -> bool:
    """A parameter that is true or false, false when absent."""
    text = given.get(name, "false").lower()
    if text not in ("true", "false"):
        raise bad(f"{name}: {text!r} is neither true nor false")
    return text == "true"


def _properties(given: dict[str, str], fields: set[str]) -> tuple[str, ...] | None:
    if "properties" not in given:
        return None
    names = tuple(dict.fromkeys(name for name in given["properties"].split(",") if name))
    for name in names:
        if name not in fields:
            raise bad(f"properties: the collection has no property {name!r}")
    return names


def _where_equal(conditions: _Conditions, name: str, text: str) -> None:
    path = f'$."{name}"'
    alternatives, values = ["properties ->> ? = ?"], [path, text]
    if text in ("true", "false", "null"):
        alternatives.append("properties -> ? = ?")
        values += [path, text]
    try:
        number: float | None = float(text)
    except ValueError:
        number = None
    if number is not None:
        alternatives.append("(json_type(properties, ?) IN ('integer', 'real') AND properties ->> ? = ?)")
        conditions.add(f"({' OR '.join(alternatives)})", *values, path, path, number)
    else:
        conditions.add(f"({' OR '.join(alternatives)})", *values)


def _where_box(conditions: _Conditions, text: str) -> None:
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError as error:
        raise bad(f"bbox: {text!r} does not hold numbers") from error
    if len(numbers) == 6:
        numbers = [*numbers[:2], *numbers[3:5]]
    if len(numbers) != 4 or not all(abs(number) <= 360 for number in numbers):
        raise bad("bbox: four or six numbers are wanted, in degrees")
    west, south, east, north = numbers
    if south > north:
        raise bad("bbox: the south is north of the north")
    # A box whose west lies east of its east spans the antimeridian.
    across = "(east >= ? AND west <= ?)" if west <= east else "(east >= ? OR west <= ?)"
    conditions.add(f"(north >= ? AND south <= ? AND {across})", south, north, west, east)


def _where_time(conditions: _Conditions, text: str) -> None:
    start, slash, end = text.partition("/")
    if not slash:
        end = start
    open_ended = ("", "..") if slash else ()
    if start in open_ended and end in open_ended:
        raise bad("datetime: an interval needs at least one end")
    first = None if start in open_ended else _millis(start, False)
    last = None if end in open_ended else _millis(end, True)
    if first is not None and last is not None and first > last:
        raise bad("datetime: the interval ends before it begins")
    if first is not None:
        conditions.add("updated >= ?", first)
    if last is not None:
        conditions.add("updated <= ?", last)


def _millis(text: str, end: bool) -> int:
    """Milliseconds of an RFC 3339 time; a date stands for its first or last instant."""
    try:
        moment = datetime.fromisoformat(text)
        whole_day = len(text) == 10
        if moment.tzinfo is None and not whole_day:
            raise ValueError("no zone")
        millis = (moment.replace(tzinfo=moment.tzinfo or UTC) - EPOCH) // MILLISECOND
    except (ValueError, OverflowError) as error:
        raise bad(f"datetime: {text!r} is not an RFC 3339 time such as 2026-01-31T12:00:00Z") from error
    return millis + 86_399_999 if end and whole_day else millis
