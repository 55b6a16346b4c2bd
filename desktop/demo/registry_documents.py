"""The documents by which an OGC API Features server describes itself."""

from __future__ import annotations

from typing import Any

from desktop.demo.registry_http import GEOJSON, JSON, MERGE_PATCH, OPENAPI, Request
from desktop.demo.registry_query import CRS84, MAX_LIMIT
from desktop.demo.registry_store import Collection

CHANGES = "https://vigie.example/conf/changes"
_FEATURES = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf"
_WRITING = "http://www.opengis.net/spec/ogcapi-features-4/1.0/conf"
CONFORMANCE = (
    f"{_FEATURES}/core",
    f"{_FEATURES}/geojson",
    f"{_FEATURES}/oas30",
    f"{_WRITING}/create-replace-delete",
    f"{_WRITING}/update",
    f"{_WRITING}/optimistic-locking-etags",
    f"{_WRITING}/features",
    CHANGES,
)
QUERYABLES = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
Document = dict[str, Any]


def link(href: str, rel: str, type: str = JSON, title: str = "") -> Document:
    """A link object."""
    return {"href": href, "rel": rel, "type": type, **({"title": title} if title else {})}


def landing(request: Request) -> Document:
    """The landing page."""
    return {
        "title": "Dijon Métropole, demo registry",
        "description": "A generated metropolis: names and counts are real, places are approximate.",
        "links": [
            link(request.url(), "self"),
            link(request.url("api"), "service-desc", OPENAPI),
            link(request.url("conformance"), "conformance"),
            link(request.url("collections"), "data"),
            link(request.url("changes"), "changes", title="Change feed"),
        ],
    }


def collections(request: Request, found: list[Collection]) -> Document:
    """The list of collections."""
    links = [link(request.url("collections"), "self")]
    return {"links": links, "collections": [collection(request, each) for each in found]}


def collection(request: Request, it: Collection) -> Document:
    """One collection."""
    here = request.url("collections", it.id)
    bounds = [-180, -90, 180, 90] if it.bounds is None else it.bounds
    return {
        "id": it.id,
        "title": it.title,
        "itemType": "feature",
        "crs": [CRS84],
        "storageCrs": CRS84,
        "extent": {
            "spatial": {"bbox": [bounds], "crs": CRS84},
            "temporal": {"interval": [[None, None]]},
        },
        "links": [
            link(here, "self"),
            link(f"{here}/items", "items", GEOJSON),
            link(f"{here}/queryables", QUERYABLES, "application/schema+json"),
            link(f"{request.url('changes')}?collection={it.id}", "changes"),
        ],
    }


def queryables(request: Request, it: Collection) -> Document:
    """The properties that may be asked for, as JSON Schema; `updated` is what `datetime` looks at."""
    properties: Document = {name: {} for name in it.fields}
    properties["updated"] = {"type": "string", "format": "date-time", "x-ogc-role": "primary-instant"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": request.url("collections", it.id, "queryables"),
        "type": "object",
        "title": it.title,
        "properties": properties,
    }


def api(request: Request, found: list[Collection]) -> Document:
    """An OpenAPI 3.0 definition."""
    paths: Document = {
        "/": {"get": _operation("Landing page")},
        "/conformance": {"get": _operation("Conformance classes")},
        "/collections": {"get": _operation("Collections")},
        "/changes": {"get": _operation("Changes after a cursor", _CHANGES_PARAMETERS)},
    }
    for it in found:
        items, item = f"/collections/{it.id}/items", f"/collections/{it.id}/items/{{featureId}}"
        paths[f"/collections/{it.id}"] = {"get": _operation(it.title)}
        paths[items] = {
            "get": _operation(f"Features of {it.id}", _ITEMS_PARAMETERS),
            "post": _operation(f"Add to {it.id}", body=GEOJSON, answer="201"),
        }
        paths[item] = {
            "parameters": [_parameter("featureId", "string", place="path")],
            "get": _operation(f"One of {it.id}"),
            "put": _operation("Replace it", body=GEOJSON),
            "patch": _operation("Change some of it", body=MERGE_PATCH),
            "delete": _operation("Delete it", answer="204"),
        }
    return {
        "openapi": "3.0.3",
        "info": {"title": "Dijon Métropole, demo registry", "version": "1.0.0"},
        "servers": [{"url": request.url()}],
        "paths": paths,
    }


def _operation(
    summary: str, parameters: list[Document] | None = None, body: str = "", answer: str = "200"
) -> Document:
    operation: Document = {"summary": summary, "responses": {answer: {"description": summary}}}
    if parameters:
        operation["parameters"] = parameters
    if body:
        operation["requestBody"] = {"required": True, "content": {body: {"schema": {"type": "object"}}}}
    return operation


def _parameter(name: str, type: str, place: str = "query", **more: object) -> Document:
    required = {"required": True} if place == "path" else {}
    return {"name": name, "in": place, **required, "schema": {"type": type, **more}}


_ITEMS_PARAMETERS = [
    _parameter("limit", "integer", minimum=1, maximum=MAX_LIMIT),
    _parameter("offset", "integer", minimum=0),
    _parameter("after", "integer", minimum=0),
    _parameter("bbox", "string"),
    _parameter("datetime", "string"),
    _parameter("properties", "string"),
    _parameter("skipGeometry", "boolean"),
]
_CHANGES_PARAMETERS = [
    _parameter("collection", "string"),
    _parameter("since", "integer", minimum=0),
    _parameter("limit", "integer", minimum=1, maximum=MAX_LIMIT),
]
