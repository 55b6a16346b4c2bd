"""A real pygeoapi in its own environment, serving GeoJSON files of a folder, each as a collection.

It is found through the variable PYGEOAPI (the environment's Python), or beside the repository in
``../pygeoapi-venv``.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

REPOSITORY = Path(__file__).parents[2]
PYTHON = Path(os.environ.get("PYGEOAPI", REPOSITORY.parent / "pygeoapi-venv" / "bin" / "python"))
SERVE = """
import sys
from werkzeug.serving import run_simple
from pygeoapi.flask_app import APP
run_simple("127.0.0.1", int(sys.argv[1]), APP, threaded=True)
"""
STARTING_S = 30.0


@contextmanager
def pygeoapi(folder: Path, scratch: Path, ids: dict[str, str], port: int = 0) -> Iterator[str]:
    """Serve the folder's ``*.geojson``; `ids` is the id property by collection. Gives the address.

    The port is a free one unless it is given.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", port))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    config, openapi = scratch / "pygeoapi.yml", scratch / "openapi.json"
    config.write_text(json.dumps(_config(folder, url, port, ids)))  # JSON is YAML too
    openapi.write_text(json.dumps({"openapi": "3.0.2", "info": {"title": "", "version": ""}, "paths": {}}))
    environment = {**os.environ, "PYGEOAPI_CONFIG": str(config), "PYGEOAPI_OPENAPI": str(openapi)}
    with (scratch / "pygeoapi.log").open("wb") as log:
        server = subprocess.Popen(
            [PYTHON, "-c", SERVE, str(port)], env=environment, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            _wait_for(url, server, scratch / "pygeoapi.log")
            yield url
        finally:
            server.terminate()
            server.wait(10)


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + STARTING_S
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise RuntimeError(f"pygeoapi ended: {log.read_text()[-2000:]}")
        try:
            httpx.get(f"{url}/conformance", timeout=5.0)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"pygeoapi does not answer: {log.read_text()[-2000:]}")


def _config(folder: Path, url: str, port: int, ids: dict[str, str]) -> dict[str, Any]:
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": port},
            "url": url,
            "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8",
            "gzip": True,
            "languages": ["en-US"],
            "limits": {"default_items": 100, "max_items": 1000},
            "map": {"url": "", "attribution": ""},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {"title": "Open data", "description": "", "keywords": [], "url": url},
            "license": {"name": "", "url": url},
            "provider": {"name": "", "url": url},
            "contact": {"name": "", "url": url},
        },
        "resources": {
            file.stem: _collection(file, ids.get(file.stem, "id"))
            for file in sorted(folder.glob("*.geojson"))
        },
    }


def _collection(file: Path, id_field: str) -> dict[str, Any]:
    crs = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
    return {
        "type": "collection",
        "title": file.stem,
        "description": file.stem,
        "keywords": [],
        "links": [],
        "extents": {"spatial": {"bbox": [4.8, 47.1, 5.3, 47.5], "crs": crs}},
        "providers": [{"type": "feature", "name": "GeoJSON", "data": str(file), "id_field": id_field}],
    }
