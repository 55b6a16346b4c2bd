"""From the bytes of a registry's answer to features whose parts are still JSON, each checked on its own.

msgspec reads a good page in one go. A page it refuses (NaN, a structure 100,000 levels deep, a broken
character) is cut into its features, so that only the bad ones are lost.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

import msgspec
from msgspec import Raw

from desktop.link.http import Answer, RegistryError

NULL = Raw(b"null")
TOO_DEEP = "the answer is nested too deeply to be data"
T = TypeVar("T")


class Link(msgspec.Struct, frozen=True):
    """A link of an OGC API answer."""

    href: str = ""
    rel: str = ""
    type: str = ""


class RawFeature(msgspec.Struct, gc=False):
    """A feature as it came: geometry and properties are JSON still to be read."""

    id: str | int | float | None = None
    geometry: Raw = NULL
    properties: Raw = NULL
    version: str | int | None = None


class BadFeature(msgspec.Struct, frozen=True):
    """A feature that could not be read at all; `id` is empty when even that was unreadable."""

    id: str
    reason: str


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """One page of a collection. `time` is the server's own clock when it answered, RFC 3339, or empty."""

    features: list[RawFeature]
    bad: list[BadFeature] = []
    number_matched: int | None = None
    next: str = ""
    crs: str = ""
    time: str = ""
    bytes: int = 0


class _Collection(msgspec.Struct):
    features: list[RawFeature]
    links: Raw = NULL
    numberMatched: Raw = NULL
    timeStamp: Raw = NULL
    crs: Raw = NULL


_COLLECTION = msgspec.json.Decoder(_Collection)
_FEATURE = msgspec.json.Decoder(RawFeature)
_LINKS = msgspec.json.Decoder(list[Link])
_TOKENS = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)


def read_page(answer: Answer) -> Page:
    """The features of an items answer. Raises RegistryError when it is not a GeoJSON FeatureCollection."""
    refuse_web_page(answer)
    bad: list[BadFeature] = []
    try:
        found = _COLLECTION.decode(answer.body)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        found, bad = _salvage(answer, error)
    return Page(
        features=found.features,
        bad=bad,
        number_matched=_quiet(found.numberMatched, int),
        next=_next(found.links),
        crs=_crs(found.crs) or answer.headers.get("content-crs", "").strip("<> "),
        time=_quiet(found.timeStamp, str) or _time(answer.headers.get("date", "")),
        bytes=answer.wire,
    )


def refuse_web_page(answer: Answer) -> None:
    """Raise RegistryError when the answer is a web page, such as a login form, rather than data."""
    kind = answer.headers.get("content-type", "").lower()
    start = answer.body[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    if "html" in kind or start[:1] == b"<":
        raise RegistryError(
            answer.url,
            "a web page came instead of data (a login page?)",
            "check registry.url and the access rights",
        )


def read_json(raw: bytes | Raw) -> tuple[Any, bool]:
    """(value, mended) of a JSON text, mended when NaN, infinities or numbers out of range became null.

    Raises ValueError with a short reason when it is not JSON.
    """
    try:
        return msgspec.json.decode(raw), False
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        pass
    try:
        value = json.loads(bytes(raw))
        text = json.dumps(_finite(value), ensure_ascii=False).encode("utf-8")
    except RecursionError:
        raise ValueError("nested too deeply") from None
    except UnicodeError:
        raise ValueError("text that is not UTF-8") from None
    except ValueError:
        raise ValueError("not JSON") from None
    return msgspec.json.decode(text), True


def _finite(value: object) -> object:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_finite(inner) for inner in value]
    return value


def _salvage(answer: Answer, error: Exception) -> tuple[_Collection, list[BadFeature]]:
    pieces = list(_cut(answer.body))
    closed = bool(pieces) and pieces[-1] is None
    if not closed:
        if isinstance(error, RecursionError):
            raise RegistryError(answer.url, TOO_DEEP) from error
        stopped = "truncated" in str(error)
        what = (
            "the answer stops in the middle" if stopped else f"the answer is not a list of features ({error})"
        )
        raise RegistryError(answer.url, what, "nothing was removed") from error
    good: list[RawFeature] = []
    bad: list[BadFeature] = []
    spans = [piece for piece in pieces if piece is not None]
    for start, end in spans:
        _read_one(answer.body[start:end], good, bad)
    rest = answer.body
    if spans:
        rest = rest[: spans[0][0]] + rest[spans[-1][1] :]
    try:
        around = _COLLECTION.decode(rest)
    except RecursionError as outer:
        raise RegistryError(answer.url, TOO_DEEP) from outer
    except (msgspec.MsgspecError, UnicodeDecodeError) as outer:
        raise RegistryError(answer.url, f"the answer is not a list of features ({outer})") from outer
    around.features = good
    return around, bad


def _read_one(text: bytes, good: list[RawFeature], bad: list[BadFeature]) -> None:
    try:
        good.append(_FEATURE.decode(text))
        return
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        pass
    known = re.search(rb'"id"\s*:\s*("(?:[^"\\]|\\.)*"|-?\d+)', text[:2000])
    name = known.group(1).strip(b'"').decode("utf-8", "replace") if known else ""
    try:
        # Non-finite numbers stay in the geometry, where a position that is not one must be seen.
        value = json.loads(text)
        good.append(
            RawFeature(
                id=msgspec.convert(value.get("id"), str | int | float | None),
                geometry=Raw(_encoded(value.get("geometry"))),
                properties=Raw(_encoded(value.get("properties"))),
            )
        )
    except RecursionError:
        bad.append(BadFeature(name, "nested too deeply"))
    except msgspec.ValidationError:
        bad.append(BadFeature(name, "an id that is neither text nor a number"))
    except (ValueError, AttributeError):
        bad.append(BadFeature(name, "not JSON"))


def _encoded(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8")


def _cut(body: bytes) -> Iterator[tuple[int, int] | None]:
    """(start, end) of each member of the top-level "features" array, then None if its end was reached."""
    head = re.search(rb'"features"\s*:\s*\[', body)
    if head is None:
        return
    depth, start = 0, 0
    for token in _TOKENS.finditer(body, head.end()):
        mark = token.group()
        if mark in (b"{", b"["):
            if depth == 0:
                start = token.start()
            depth += 1
        elif mark in (b"}", b"]"):
            if depth == 0:
                yield None
                return
            depth -= 1
            if depth == 0:
                yield start, token.end()


def _quiet(raw: Raw, kind: type[T]) -> T | None:
    try:
        return msgspec.json.decode(raw, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


def _time(date: str) -> str:
    try:
        return parsedate_to_datetime(date).isoformat().replace("+00:00", "Z")
    except ValueError:
        return ""


def _next(links: Raw) -> str:
    found: list[Link] = _quiet(links, list[Link]) or []
    return next((link.href for link in found if link.rel == "next" and link.href), "")


def _crs(raw: Raw) -> str:
    """The name in a `crs` member as GeoJSON had it before RFC 7946."""
    member = _quiet(raw, dict[str, Any])
    if not isinstance(member, dict):
        return ""
    inner = member.get("properties")
    name = inner.get("name") if isinstance(inner, dict) else None
    return name if isinstance(name, str) else ""
