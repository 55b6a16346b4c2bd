"""The demo's equipment registry: an OGC API Features server (Parts 1 and 4) with a change feed, over WSGI.

The console talks to it in this process or over a port, the same way it talks to a real one.
"""

from __future__ import annotations

import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import msgspec

from desktop.demo import registry_content, registry_documents
from desktop.demo.registry_http import (
    GEOJSON,
    JSON,
    MERGE_PATCH,
    OPENAPI,
    Problem,
    Request,
    Response,
    StartResponse,
    accepts,
    document,
    etag,
    matches_strongly,
    matches_weakly,
    problem,
    read_request,
    send,
)
from desktop.demo.registry_load import load_city
from desktop.demo.registry_query import CRS84, MAX_LIMIT, bad, integer, selection, single
from desktop.demo.registry_store import (
    Change,
    Collection,
    CursorGone,
    DuplicateFeature,
    MissingFeature,
    Page,
    RegistryStore,
    Selection,
    Stored,
    VersionConflict,
)

if TYPE_CHECKING:
    from wsgiref.simple_server import WSGIServer

__all__ = ["RegistryApp", "RegistryStore", "load_city", "serve"]

Handler = Callable[[Request], Response]
READ = ("GET", "HEAD")


class RegistryApp:
    """The WSGI application. Callable from several threads at once.

    `compress` allows gzip; a client in the same process is better served without.
    """

    def __init__(
        self, store: RegistryStore, *, compress: bool = True, clock: Callable[[], float] = time.time
    ) -> None:
        self.store = store
        self._compress = compress
        self._clock = clock

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request; whatever goes wrong is told in a problem document."""
        request: Request | None = None
        try:
            request = read_request(environ)
            response = self._answer(request)
        except Problem as error:
            response = problem(error)
        except sqlite3.Error as error:
            detail = f"the registry's file {self.store.path} cannot be used: {error}"
            response = problem(Problem(HTTPStatus.SERVICE_UNAVAILABLE, detail))
        return send(response, request, start_response, self._compress)

    def _answer(self, request: Request) -> Response:
        handlers = self._handlers(request.path)
        if handlers is None:
            raise Problem(HTTPStatus.NOT_FOUND, f"there is nothing at /{'/'.join(request.path)}")
        allow = [("Allow", ", ".join((*(("HEAD",) if "GET" in handlers else ()), "OPTIONS", *handlers)))]
        if request.method == "OPTIONS":
            return Response(status=HTTPStatus.NO_CONTENT, headers=allow)
        handler = handlers.get("GET" if request.method == "HEAD" else request.method)
        if handler is None:
            detail = f"{request.method} is not possible here"
            raise Problem(HTTPStatus.METHOD_NOT_ALLOWED, detail, allow)
        try:
            response = handler(request)
        except MissingFeature as error:
            raise Problem(HTTPStatus.NOT_FOUND, f"there is no {error} here") from error
        if request.method in READ and not accepts(request.headers.get("accept", ""), response.type):
            raise Problem(HTTPStatus.NOT_ACCEPTABLE, f"this is served as {response.type} only")
        return response

    def _handlers(self, path: tuple[str, ...]) -> dict[str, Handler] | None:
        match path:
            case ():
                return {"GET": _plain(lambda request: document(registry_documents.landing(request)))}
            case ("conformance",):
                content = {"conformsTo": registry_documents.CONFORMANCE}
                return {"GET": _plain(lambda _: document(content))}
            case ("api",):
                return {"GET": _plain(self._api)}
            case ("collections",):
                return {"GET": _plain(self._collections)}
            case ("collections", _):
                return {"GET": _plain(self._collection)}
            case ("collections", _, "queryables"):
                return {"GET": _plain(self._queryables)}
            case ("collections", _, "items"):
                return {"GET": self._items, "POST": self._create}
            case ("collections", _, "items", _):
                return {
                    "GET": self._item,
                    "PUT": self._replace,
                    "PATCH": self._patch,
                    "DELETE": self._delete,
                }
            case ("changes",):
                return {"GET": self._changes}
        return None

    def _here(self, request: Request) -> Collection:
        try:
            return self.store.collection(request.path[1])
        except MissingFeature as error:
            raise Problem(HTTPStatus.NOT_FOUND, f"there is no collection {request.path[1]!r}") from error

    def _api(self, request: Request) -> Response:
        return document(registry_documents.api(request, self.store.collections()), OPENAPI)

    def _collections(self, request: Request) -> Response:
        return document(registry_documents.collections(request, self.store.collections()))

    def _collection(self, request: Request) -> Response:
        return document(registry_documents.collection(request, self._here(request)))

    def _queryables(self, request: Request) -> Response:
        content = registry_documents.queryables(request, self._here(request))
        return document(content, "application/schema+json")

    def _items(self, request: Request) -> Response:
        collection = self._here(request)
        wanted = selection(collection, request.query)
        page = self.store.page(collection, wanted)
        head = {
            "type": "FeatureCollection",
            "timeStamp": datetime.fromtimestamp(self._clock(), UTC).isoformat().replace("+00:00", "Z"),
            "numberMatched": page.matched,
            "numberReturned": page.count,
            "links": _page_links(request, collection, wanted, page),
        }
        body = b"".join((msgspec.json.encode(head)[:-1], b',"features":[', page.body, b"]}"))
        return Response(body, GEOJSON, headers=[("Content-Crs", f"<{CRS84}>")])

    def _item(self, request: Request) -> Response:
        single(request.query, {"f", "crs"})
        stored = self.store.read(self._here(request), request.path[3])
        if matches_weakly(request.headers.get("if-none-match"), stored.version):
            headers = [("ETag", etag(stored.version))]
            return Response(type=GEOJSON, status=HTTPStatus.NOT_MODIFIED, headers=headers)
        return _stored(stored)

    def _create(self, request: Request) -> Response:
        collection = self._here(request)
        _expect(request, GEOJSON, JSON)
        identity, content = registry_content.feature(registry_content.decode(request.body()))
        try:
            stored = self.store.create(collection, identity, content)
        except DuplicateFeature as error:
            raise Problem(HTTPStatus.CONFLICT, f"{collection.id} already has a feature {error}") from error
        location = request.url("collections", collection.id, "items", stored.id)
        return _stored(stored, HTTPStatus.CREATED, [("Location", location)])

    def _replace(self, request: Request) -> Response:
        collection = self._here(request)
        _expect(request, GEOJSON, JSON)
        identity, content = registry_content.feature(registry_content.decode(request.body()))
        _same_id(request, identity)
        return self._write(
            request, lambda name, accept: self.store.change(collection, name, lambda _: content, accept)
        )

    def _patch(self, request: Request) -> Response:
        collection = self._here(request)
        _expect(request, MERGE_PATCH, GEOJSON, JSON)
        patch = registry_content.decode(request.body())
        _same_id(request, patch.get("id"))

        def write(name: str, accept: Callable[[int], bool]) -> Stored:
            return self.store.change(
                collection, name, lambda now: registry_content.patched(now, patch), accept
            )

        return self._write(request, write)

    def _delete(self, request: Request) -> Response:
        collection = self._here(request)
        self._write(request, lambda name, accept: self.store.delete(collection, name, accept))
        return Response(status=HTTPStatus.NO_CONTENT)

    def _write(
        self, request: Request, write: Callable[[str, Callable[[int], bool]], Stored | None]
    ) -> Response:
        condition, name = request.headers.get("if-match"), request.path[3]
        try:
            stored = write(name, lambda version: matches_strongly(condition, version))
        except VersionConflict as error:
            detail = f"{name} has changed since the version {condition} you read"
            raise Problem(HTTPStatus.PRECONDITION_FAILED, detail) from error
        return _stored(stored) if stored else Response()

    def _changes(self, request: Request) -> Response:
        given = single(request.query, {"collection", "since", "limit", "f"})
        collection = None
        if "collection" in given:
            try:
                collection = self.store.collection(given["collection"])
            except MissingFeature as error:
                raise Problem(HTTPStatus.NOT_FOUND, f"there is no collection {error}") from error
        if "since" not in given:
            return document({"cursor": self.store.cursor(), "more": False, "changes": []})
        since = integer(given, "since", 0, 0)
        limit = min(integer(given, "limit", 1_000, 1), MAX_LIMIT)
        try:
            cursor, more, found = self.store.changes(since, limit, collection)
        except CursorGone as error:
            detail = f"cursor {since} is too old or not of this registry: read everything again"
            raise Problem(HTTPStatus.GONE, detail) from error
        head = msgspec.json.encode({"cursor": cursor, "more": more})[:-1]
        return Response(b"".join((head, b',"changes":[', b",".join(map(_entry, found)), b"]}")))


def _entry(change: Change) -> bytes:
    entry = {
        "collection": change.collection,
        "id": change.id,
        "op": "delete" if change.body is None else "upsert",
        "version": str(change.cursor),
    }
    if change.body is None:
        return msgspec.json.encode(entry)
    return b"".join((msgspec.json.encode(entry)[:-1], b',"feature":', change.body, b"}"))


def _plain(handler: Handler) -> Handler:
    def checked(request: Request) -> Response:
        single(request.query, {"f"})
        return handler(request)

    return checked


def _stored(
    stored: Stored, status: HTTPStatus = HTTPStatus.OK, headers: Iterable[tuple[str, str]] = ()
) -> Response:
    return Response(stored.body, GEOJSON, status, [("ETag", etag(stored.version)), *headers])


def _expect(request: Request, *types: str) -> None:
    if request.content_type not in types:
        accept = [("Accept-Patch" if request.method == "PATCH" else "Accept-Post", ", ".join(types))]
        detail = f"{request.content_type or 'a body without a type'} is not taken here, {types[0]} is"
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail, accept)
    crs = request.headers.get("content-crs", CRS84).strip("<> ")
    if crs != CRS84:
        raise bad(f"Content-Crs: only {CRS84} is taken")


def _same_id(request: Request, identity: object) -> None:
    if identity is not None and str(identity) != request.path[3]:
        raise bad("the feature's id is not the one in the address")


def _page_links(
    request: Request, collection: Collection, wanted: Selection, page: Page
) -> list[dict[str, Any]]:
    here = request.url("collections", collection.id, "items")
    rest = [(name, value) for name, value in request.query if name not in ("offset", "after")]

    def at(**place: int) -> str:
        query = urlencode([*rest, *((name, str(value)) for name, value in place.items())])
        return f"{here}?{query}" if query else here

    query = urlencode(request.query)
    links = [
        registry_documents.link(f"{here}?{query}" if query else here, "self", GEOJSON),
        registry_documents.link(request.url("collections", collection.id), "collection"),
    ]
    if page.more:
        following = at(offset=wanted.offset + page.count, after=page.last)
        links.append(registry_documents.link(following, "next", GEOJSON))
    if wanted.offset:
        before = at(offset=max(0, wanted.offset - wanted.limit))
        links.append(registry_documents.link(before, "prev", GEOJSON))
    return links


def serve(
    app: RegistryApp,
    host: str = "127.0.0.1",
    port: int = 8765,
    *,
    stop: threading.Event | None = None,
    ready: Callable[[str], None] | None = None,
) -> None:
    """Serve on a port until interrupted, terminated, or `stop` is set; requests under way are finished.

    `ready` is told the URL once the port listens; port 0 takes a free one. Raises OSError when the port
    cannot be had.
    """
    ended = stop or threading.Event()
    server = _server(app, host, port)
    thread = threading.Thread(target=server.serve_forever, args=(0.1,), name="registry")
    thread.start()
    former = None
    if threading.current_thread() is threading.main_thread():
        former = signal.signal(signal.SIGTERM, lambda *_: ended.set())
    try:
        if ready:
            ready(f"http://{host}:{server.server_port}")
        ended.wait()
    except KeyboardInterrupt:
        pass
    finally:
        if former is not None:
            signal.signal(signal.SIGTERM, former)
        server.shutdown()
        thread.join()
        server.server_close()


def _server(app: RegistryApp, host: str, port: int) -> WSGIServer:
    # Imported only here: the standard library's server takes 30 ms to load, which the window never needs.
    from socketserver import ThreadingMixIn
    from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

    class Server(ThreadingMixIn, WSGIServer):
        pass

    class Quiet(WSGIRequestHandler):
        timeout = 30

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = Server((host, port), Quiet)
    server.set_app(app)
    return server
