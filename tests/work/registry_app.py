"""A small registry in memory, as plain as OGC API Features allows, for syncs to be tried on."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlencode

Feature = dict[str, Any]
StartResponse = Callable[..., Any]


def point(longitude: float = 5.04, latitude: float = 47.32) -> dict[str, Any]:
    """A GeoJSON point, in Dijon unless said otherwise."""
    return {"type": "Point", "coordinates": [longitude, latitude]}


def feature(identifier: object, geometry: object = None, **properties: object) -> Feature:
    """A GeoJSON feature; at a point in Dijon unless said otherwise."""
    shape = point() if geometry is None else geometry
    return {"type": "Feature", "id": identifier, "geometry": shape, "properties": properties}


class MemoryRegistry:
    """Collections of features by id; `temporal` ones answer to `datetime` by when they were last edited."""

    def __init__(self, *collections: str, temporal: bool = False, page: int = 1000) -> None:
        self.collections: dict[str, dict[str, Feature]] = {name: {} for name in collections}
        self.edited: dict[tuple[str, str], float] = {}
        self.temporal, self.page = temporal, page
        self.now = 1_800_000_000.0
        self.asked: list[str] = []
        self.sent = 0
        self.broken: str | None = None
        """Collection that is answered by an error, or "" for all of it."""

    def put(self, collection: str, one: Feature) -> None:
        """Add or replace a feature."""
        self.collections[collection][str(one["id"])] = one
        self.edited[collection, str(one["id"])] = self.now

    def drop(self, collection: str, identifier: str) -> None:
        """Delete a feature."""
        del self.collections[collection][identifier]

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer a GET."""
        path, query = environ["PATH_INFO"].rstrip("/"), environ.get("QUERY_STRING", "")
        self.asked.append(f"{path}?{query}" if query else path)
        if self.broken is not None and self.broken in path:
            start_response("503 Service Unavailable" if self.broken == "" else "500 Error", [])
            return [b"out of order"]
        document = self._document(
            path.split("/")[1:], {k: v[0] for k, v in parse_qs(query, keep_blank_values=True).items()}
        )
        body = json.dumps(document or {"code": "NotFound"}).encode()
        self.sent += len(body)
        start_response("200 OK" if document else "404 Not Found", [("Content-Type", "application/geo+json")])
        return [body]

    def _document(self, path: list[str], query: dict[str, str]) -> dict[str, Any] | None:
        match path:
            case []:
                return {"title": "A registry", "links": []}
            case ["collections"]:
                extent = {"temporal": {"interval": [[None, None]]}} if self.temporal else {}
                return {"collections": [{"id": name, "extent": extent} for name in self.collections]}
            case ["collections", name, "items"] if name in self.collections:
                return self._items(name, query)
            case ["collections", name, "items", identifier] if name in self.collections:
                return self.collections[name].get(identifier)
        return None

    def _items(self, name: str, query: dict[str, str]) -> dict[str, Any]:
        found = list(self.collections[name].values())
        if self.temporal and "datetime" in query:
            since = datetime.fromisoformat(query["datetime"].split("/")[0]).timestamp()
            found = [one for one in found if self.edited[name, str(one["id"])] >= since]
        start, size = int(query.get("offset", 0)), min(int(query.get("limit", 10)), self.page)
        shown = found[start : start + size]
        if "properties" in query:
            names = query["properties"].split(",")
            shown = [{**one, "properties": _picked(one, names)} for one in shown]
        if query.get("skipGeometry"):
            shown = [{**one, "geometry": None} for one in shown]
        links = []
        if start + size < len(found):
            rest = urlencode({**query, "offset": start + size})
            links = [{"rel": "next", "href": f"/collections/{name}/items?{rest}"}]
        stamp = datetime.fromtimestamp(self.now, UTC).isoformat().replace("+00:00", "Z")
        return {
            "type": "FeatureCollection",
            "features": shown,
            "links": links,
            "numberMatched": len(found),
            "timeStamp": stamp,
        }


def _picked(one: Feature, names: list[str]) -> dict[str, Any]:
    return {name: value for name, value in one["properties"].items() if name in names}
