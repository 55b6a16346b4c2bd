"""A server on this machine that answers whatever a test wants, right or wrong."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import msgspec


class Reply(msgspec.Struct, kw_only=True):
    """An answer; `length` is the Content-Length said, that of the body unless given."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = msgspec.field(default_factory=lambda: {"Content-Type": "application/geo+json"})
    length: int | None = None


Answer = Callable[[str], Reply]
"""From path and query to the reply."""


@contextmanager
def serving(answer: Answer) -> Iterator[str]:
    """Serve on a free port of the loopback; gives the address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            reply = answer(self.path)
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body) if reply.length is None else reply.length))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(reply.body)
            self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def as_json(document: Any) -> Reply:  # noqa: ANN401
    """A JSON answer."""
    return Reply(body=json.dumps(document).encode())


def registry_of(items: Answer, *collections: str) -> Answer:
    """A registry whose landing page and collections are right and whose items are `items`."""

    def answer(path: str) -> Reply:
        if path == "/":
            return as_json({"title": "Test", "links": []})
        if path == "/collections":
            return as_json({"collections": [{"id": name} for name in collections]})
        if "/items" in path:
            return items(path)
        return Reply(status=404, body=b"{}")

    return answer


def features(*members: str, more: str = "") -> Reply:
    """A FeatureCollection of features written as text, so that they may be wrong in any way."""
    return Reply(
        body=('{"type":"FeatureCollection","features":[' + ",".join(members) + "]" + more + "}").encode()
    )


def member(identifier: str, geometry: str, properties: str = "{}") -> str:
    """The text of a feature."""
    return f'{{"type":"Feature","id":"{identifier}","geometry":{geometry},"properties":{properties}}}'
