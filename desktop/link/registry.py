"""The equipment registry: any OGC API Features server, read with what it can do and no more.

What a server can do is asked, never assumed: the landing page, its conformance and collections say what is
there; headers of a single feature say how it can be written to (DESIGN, modes E, T, H); a link named
``changes`` says that it keeps a change feed (mode F).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal, Protocol, TypeVar
from urllib.parse import quote, urlencode

import httpx
import msgspec
from msgspec import Raw

from desktop.link.http import Answer, Http, Refused, RegistryError, Unreachable
from desktop.link.pages import Link, Page, RawFeature, read_page, refuse_web_page

__all__ = [
    "Capabilities",
    "ChangePage",
    "CursorExpired",
    "Page",
    "RawFeature",
    "RegistryClient",
    "RegistryError",
    "Unreachable",
]

CHANGES = "https://vigie.example/conf/changes"
MAX_EMPTY_PAGES = 3

WriteMode = Literal["E", "T", "H"]
T = TypeVar("T")


class RegistryOptions(Protocol):
    """The part of the settings that says how to reach the registry."""

    @property
    def url(self) -> str | None: ...
    @property
    def allow_hosts(self) -> Sequence[str]: ...
    @property
    def timeout_s(self) -> float: ...
    @property
    def page_size(self) -> int: ...
    @property
    def verify(self) -> bool | str: ...


class CursorExpired(Exception):
    """The change feed has forgotten this cursor: read the collection whole."""


class Collection(msgspec.Struct, frozen=True, kw_only=True):
    """One collection as the registry describes it."""

    id: str
    title: str = ""
    temporal: bool = False
    """Whether it declares a time extent, and so may be asked for a `datetime` window."""
    crs: tuple[str, ...] = ()
    storage_crs: str = ""


class Capabilities(msgspec.Struct, frozen=True, kw_only=True):
    """What a registry said of itself."""

    title: str
    url: str
    collections: dict[str, Collection]
    conformance: tuple[str, ...] = ()
    changes: str = ""
    """Address of the change feed; empty without one."""


class Change(msgspec.Struct, frozen=True):
    """One entry of the change feed. `feature` is None for a deletion, or when it must be read by its id."""

    id: str | int
    op: Literal["upsert", "delete"]
    collection: str = ""
    version: str | int | None = None
    feature: RawFeature | None = None


class ChangePage(msgspec.Struct, frozen=True):
    """Changes since a cursor, oldest first; `cursor` is where to go on from."""

    cursor: str | int
    changes: list[Change] = []
    more: bool = False


class _Landing(msgspec.Struct):
    title: Any = ""
    links: list[Link] = []


class _Conformance(msgspec.Struct):
    conformsTo: list[str] = []


class _Description(msgspec.Struct):
    id: str | int
    title: Any = ""
    extent: Raw = Raw(b"null")
    crs: Any = None
    storageCrs: Any = None


class _Collections(msgspec.Struct):
    collections: list[_Description]
    links: list[Link] = []


class RegistryClient:
    """Reads one registry. Not for use by two threads at once."""

    def __init__(
        self,
        settings: RegistryOptions,
        transport: httpx.BaseTransport | None = None,
        *,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        if not settings.url:
            raise RegistryError("registry.url", "no registry is configured", "set it in vigie.toml")
        self._http = Http(
            settings.url,
            allow_hosts=settings.allow_hosts,
            timeout=settings.timeout_s,
            verify=settings.verify,
            transport=transport,
            pause=pause,
        )
        self._page_size = settings.page_size
        self._capabilities: Capabilities | None = None

    @property
    def url(self) -> str:
        """The registry's address, without a final slash."""
        return self._http.base

    @property
    def received(self) -> int:
        """Bytes of bodies that came over the network so far, as they were sent, compressed or not."""
        return self._http.received

    def close(self) -> None:
        """Close the connections kept open."""
        self._http.close()

    def __enter__(self) -> RegistryClient:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def probe(self) -> Capabilities:
        """Ask the registry what it is and holds. Raises RegistryError when it cannot be read."""
        landing = _decoded(self._http.get(f"{self.url}/"), _Landing)
        conformance = self._optional("/conformance", _Conformance).conformsTo
        feed = next((link.href for link in landing.links if link.rel == "changes" and link.href), "")
        if not feed and CHANGES in conformance:
            feed = f"{self.url}/changes"
        self._capabilities = Capabilities(
            title=landing.title if isinstance(landing.title, str) else "",
            url=self.url,
            collections={one.id: one for one in self._collections()},
            conformance=tuple(conformance),
            changes=self._http.resolve(feed, f"{self.url}/") if feed else "",
        )
        return self._capabilities

    def capabilities(self) -> Capabilities:
        """What `probe` found, asking the registry the first time."""
        return self._capabilities or self.probe()

    def pages(
        self,
        collection: str,
        *,
        since: str = "",
        bbox: tuple[float, float, float, float] | None = None,
        limit: int | None = None,
        properties: Sequence[str] | None = None,
        skip_geometry: bool = False,
    ) -> Iterator[Page]:
        """The features of a collection, page by page, following its `next` links.

        `since` is an RFC 3339 time, inclusive, for the server's own time field; `bbox` is west, south, east,
        north in WGS84 degrees. Raises RegistryError for a `next` that loops or leaves the registry.
        """
        query = {
            "limit": str(limit or self._page_size),
            "datetime": f"{since}/.." if since else None,
            "bbox": ",".join(f"{value:.7f}" for value in bbox) if bbox else None,
            "properties": None if properties is None else ",".join(properties),
            "skipGeometry": "true" if skip_geometry else None,
        }
        given = {name: value for name, value in query.items() if value is not None}
        yield from self._followed(f"{self._items(collection)}?{urlencode(given, safe=',/:')}")

    def _followed(self, url: str) -> Iterator[Page]:
        seen: set[str] = set()
        empty = 0
        while url:
            if url in seen:
                raise RegistryError(
                    url, "its next page leads back to one already read", "nothing was removed"
                )
            seen.add(url)
            page = read_page(self._http.get(url))
            yield page
            empty = 0 if page.features or page.bad else empty + 1
            if page.next and empty >= MAX_EMPTY_PAGES:
                raise RegistryError(
                    url, f"{empty} empty pages in a row, each with a next", "nothing was removed"
                )
            url = self._http.resolve(page.next, url) if page.next else ""

    def ids(self, collection: str, properties: Sequence[str] = ()) -> Iterator[Page]:
        """Pages of features without geometry and with few properties, as small as the server makes them."""
        limit = self._page_size * 10
        ways: list[dict[str, Any]] = [
            {"limit": limit, "properties": properties, "skip_geometry": True},
            {"limit": limit, "skip_geometry": True},
            {},
        ]
        for way in ways:
            pages = self.pages(collection, **way)
            try:
                first = next(pages)
            except Refused as error:
                # Strict about a parameter it does not know, an empty one, or a limit over its own.
                if error.status not in (400, 404, 422, 500, 501) or way is ways[-1]:
                    raise
                continue
            yield first
            yield from pages
            return

    def position(self, collection: str) -> str:
        """Where the change feed of a collection stands now; empty when it cannot be told."""
        feed = self.capabilities().changes
        if not feed:
            return ""
        try:
            answer = self._http.get(_with_query(feed, {"collection": collection}))
        except Refused:
            return ""
        page = _decoded(answer, ChangePage)
        # A feed that answers a question without `since` by its beginning would have to be read whole.
        return "" if page.changes else str(page.cursor)

    def changes(self, collection: str, cursor: str) -> Iterator[ChangePage]:
        """What changed in a collection since a cursor. Raises CursorExpired when that is forgotten."""
        feed = self.capabilities().changes
        seen = {cursor}
        while True:
            query = {"collection": collection, "since": cursor, "limit": str(self._page_size)}
            answer = self._http.get(_with_query(feed, query), accept=(410,))
            if answer.status == 410:
                raise CursorExpired(cursor)
            page = _decoded(answer, ChangePage)
            yield page
            if not page.more:
                return
            cursor = str(page.cursor)
            if cursor in seen:
                raise RegistryError(answer.url, "its change feed leads back to a cursor already read")
            seen.add(cursor)

    def feature(self, collection: str, feature: str) -> tuple[RawFeature, Mapping[str, str]]:
        """One feature and the headers that came with it. Raises Refused (404) when there is none."""
        answer = self._http.get(self.address(collection, feature))
        return _decoded(answer, RawFeature), answer.headers

    def write_mode(self, collection: str, feature: str) -> WriteMode:
        """How a conflict on writing can be noticed: by strong ETag, by Last-Modified, or by reading again."""
        _, headers = self.feature(collection, feature)
        etag = headers.get("etag", "")
        if etag and not etag.startswith("W/"):
            return "E"
        return "T" if headers.get("last-modified") else "H"

    def address(self, collection: str, feature: str) -> str:
        """The address of one feature."""
        return f"{self._items(collection)}/{quote(feature, safe='')}"

    def _items(self, collection: str) -> str:
        return f"{self.url}/collections/{quote(collection, safe='')}/items"

    def _collections(self) -> Iterator[Collection]:
        url, seen = f"{self.url}/collections", set[str]()
        while url and url not in seen:
            seen.add(url)
            found = _decoded(self._http.get(url), _Collections)
            for one in found.collections:
                yield Collection(
                    id=str(one.id),
                    title=one.title if isinstance(one.title, str) else "",
                    temporal=_has_time(one.extent),
                    crs=tuple(c for c in one.crs if isinstance(c, str)) if isinstance(one.crs, list) else (),
                    storage_crs=one.storageCrs if isinstance(one.storageCrs, str) else "",
                )
            following = next((link.href for link in found.links if link.rel == "next" and link.href), "")
            url = self._http.resolve(following, url) if following else ""

    def _optional(self, path: str, kind: type[T]) -> T:
        try:
            return _decoded(self._http.get(self.url + path), kind)
        except Unreachable:
            raise
        except RegistryError:
            return kind()


def _decoded(answer: Answer, kind: type[T]) -> T:
    """The JSON of an answer as that type; RegistryError when it is something else."""
    refuse_web_page(answer)
    try:
        return msgspec.json.decode(answer.body, type=kind)
    except RecursionError:
        what = "the answer is nested too deeply to be data"
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        cut = "truncated" in str(error)
        what = (
            "the answer stops in the middle"
            if cut
            else f"not the answer of an OGC API Features server ({error})"
        )
    raise RegistryError(answer.url, what, "check registry.url")


def _has_time(extent: Raw) -> bool:
    try:
        interval = msgspec.json.decode(extent)["temporal"]["interval"]
    except (msgspec.MsgspecError, UnicodeDecodeError, KeyError, TypeError):
        return False
    return isinstance(interval, list) and bool(interval)


def _with_query(url: str, query: Mapping[str, str]) -> str:
    return f"{url}{'&' if '?' in url else '?'}{urlencode(query)}"
