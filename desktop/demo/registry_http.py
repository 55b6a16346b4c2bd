"""The few parts of HTTP that the demo registry speaks: requests, answers, preconditions, problems."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, quote

import msgspec

JSON = "application/json"
GEOJSON = "application/geo+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
PROBLEM = "application/problem+json"
MERGE_PATCH = "application/merge-patch+json"
MAX_BODY = 4 * 1024 * 1024
GZIP_FROM = 1_000
"""Bytes under which an answer is sent as it is."""

StartResponse = Callable[..., Any]
Headers = list[tuple[str, str]]


class Problem(Exception):
    """An answer that says what is wrong (RFC 9457)."""

    def __init__(self, status: HTTPStatus, detail: str, headers: Headers | None = None) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers = status, detail, headers or []


class Request(msgspec.Struct, frozen=True):
    """What was asked. Header names are lower case."""

    method: str
    path: tuple[str, ...]
    """Segments of the path, decoded."""
    query: list[tuple[str, str]]
    headers: dict[str, str]
    base: str
    """URL of the landing page as the client reached it, without a final slash."""
    body: Callable[[], bytes]

    def url(self, *path: str) -> str:
        """Absolute URL of a path of this registry."""
        return "/".join((self.base, *(quote(part, safe="") for part in path)))

    @property
    def content_type(self) -> str:
        """Media type of the body, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class Response(msgspec.Struct, frozen=True):
    """An answer."""

    body: bytes = b""
    type: str = JSON
    status: HTTPStatus = HTTPStatus.OK
    headers: Headers = []


def document(content: object, type: str = JSON) -> Response:
    """A JSON answer."""
    return Response(msgspec.json.encode(content), type)


def problem(error: Problem) -> Response:
    """The answer that tells of a problem."""
    status = error.status
    content = {"type": "about:blank", "title": status.phrase, "status": int(status), "detail": error.detail}
    return Response(msgspec.json.encode(content), PROBLEM, status, error.headers)


def read_request(environ: dict[str, Any]) -> Request:
    """The request of a WSGI environment. Raises Problem for a query that is not UTF-8."""
    headers = {
        key[5:].replace("_", "-").lower(): value for key, value in environ.items() if key[:5] == "HTTP_"
    }
    headers["content-type"] = environ.get("CONTENT_TYPE", "")
    host = headers.get("host") or f"{environ['SERVER_NAME']}:{environ['SERVER_PORT']}"
    script = quote(environ.get("SCRIPT_NAME", "").rstrip("/"))
    path = environ.get("PATH_INFO", "").encode("latin-1").decode("utf-8", "replace")
    try:
        query = parse_qsl(
            environ.get("QUERY_STRING", ""), keep_blank_values=True, errors="strict", max_num_fields=100
        )
    except ValueError as error:
        raise Problem(HTTPStatus.BAD_REQUEST, "the query is malformed") from error
    return Request(
        environ["REQUEST_METHOD"].upper(),
        tuple(part for part in path.split("/") if part),
        query,
        headers,
        f"{environ['wsgi.url_scheme']}://{host}{script}",
        lambda: _read_body(environ),
    )


def _read_body(environ: dict[str, Any]) -> bytes:
    text = environ.get("CONTENT_LENGTH") or "0"
    if not text.isdecimal():
        raise Problem(HTTPStatus.BAD_REQUEST, "Content-Length is not a number")
    length = int(text)
    if length > MAX_BODY:
        # Read to its end what a client sends nevertheless, within reason, so that it hears the answer.
        environ["wsgi.input"].read(min(length, 4 * MAX_BODY))
        raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"the body may hold at most {MAX_BODY} bytes")
    body: bytes = environ["wsgi.input"].read(length)
    if len(body) < length:
        raise Problem(HTTPStatus.BAD_REQUEST, "the body ends before its Content-Length")
    return body


def send(
    response: Response, request: Request | None, start_response: StartResponse, compress: bool
) -> Iterable[bytes]:
    """Answer over WSGI: gzip where asked for and worth it, no body to HEAD."""
    body, headers = response.body, list(response.headers)
    encodings = "" if request is None else request.headers.get("accept-encoding", "")
    # A strong ETag names these very bytes, so an answer that carries one is never re-encoded.
    tagged = any(name == "ETag" for name, _ in headers)
    if compress and not tagged and len(body) >= GZIP_FROM and accepts_gzip(encodings):
        body = gzip.compress(body, compresslevel=1, mtime=0)
        headers.append(("Content-Encoding", "gzip"))
    if compress and not tagged:
        headers.append(("Vary", "Accept-Encoding"))
    if response.status not in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED):
        headers += [("Content-Type", response.type), ("Content-Length", str(len(body)))]
    start_response(f"{int(response.status)} {response.status.phrase}", headers)
    return [b"" if request is not None and request.method == "HEAD" else body]


def accepts_gzip(header: str) -> bool:
    """Whether an Accept-Encoding header takes gzip."""
    weights = dict(_weighted(header))
    return weights.get("gzip", weights.get("*", 0.0)) > 0


def accepts(header: str, type: str) -> bool:
    """Whether an Accept header takes a media type; an absent one takes all."""
    if not header.strip():
        return True
    name = type.partition(";")[0]
    weights = dict(_weighted(header))
    for candidate in (name, f"{name.partition('/')[0]}/*", "*/*"):
        if candidate in weights:
            return weights[candidate] > 0
    # GeoJSON and OpenAPI documents are JSON too, for a client that asks for no more than that.
    return weights.get(JSON, 0.0) > 0 and name.endswith("+json")


def _weighted(header: str) -> Iterable[tuple[str, float]]:
    for part in header.split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        weight = 1.0
        for parameter in parameters:
            if parameter.startswith("q="):
                try:
                    weight = float(parameter[2:])
                except ValueError:
                    weight = 0.0
        yield name, weight


def etag(version: int) -> str:
    """The strong ETag of a version."""
    return f'"{version}"'


def matches_strongly(header: str | None, version: int) -> bool:
    """Whether If-Match allows a write upon this version; an absent one always does."""
    if header is None or header.strip() == "*":
        return True
    return etag(version) in (part.strip() for part in header.split(","))


def matches_weakly(header: str | None, version: int) -> bool:
    """Whether If-None-Match says that the client already has this version."""
    if header is None:
        return False
    tags = [part.strip().removeprefix("W/") for part in header.split(",")]
    return "*" in tags or etag(version) in tags
