"""Makes the files of the demo metropolis from a generated city."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime

import msgspec

from desktop.demo.city.build import build_city
from desktop.demo.city.model import save_network
from desktop.demo.files import FORMAT, DemoError, DemoFiles, Progress, Stamp
from desktop.demo.registry import load_city
from desktop.store.basemap import write_package

REAL_ASSETS = 40_000
"""Up to this number, the city has the real counts of Dijon."""
ATTRIBUTION = "Vigie · démo générée, approximative"


def make(files: DemoFiles, seed: int, assets: int, progress: Progress) -> None:
    """Generate the city (60 % of the time), then write basemap, network and registry."""
    wanted = None if assets <= REAL_ASSETS else assets
    now = datetime.now(UTC)
    city = build_city(seed, progress=lambda what, share: progress(what, 0.6 * share), assets=wanted, now=now)
    progress("basemap", 0.6)
    meta = {
        "name": "Dijon Métropole",
        "attribution": ATTRIBUTION,
        "made": now.date().isoformat(),
    }
    write_package(files.basemap, city.shapes, meta=meta, streets=city.streets)
    save_network(files.network, city.road_graph, city.routes)
    load_city(files.registry, city, lambda what, share: progress(what, 0.75 + 0.25 * share))
    progress("done", 1.0)


def generate(files: DemoFiles, seed: int, assets: int, progress: Progress) -> None:
    """Make the metropolis in this process; the folder appears whole or not at all.

    Raises DemoError when the disk is full or not writable.
    """
    draft = files.folder.with_name(f"{files.folder.name}.draft-{os.getpid()}")
    try:
        draft.mkdir(parents=True)
        made = DemoFiles(draft)
        make(made, seed, assets, progress)
        made.stamp.write_bytes(msgspec.json.encode(Stamp(FORMAT, seed, assets)))
        shutil.rmtree(files.folder, ignore_errors=True)
        draft.rename(files.folder)
    except OSError as error:
        raise DemoError(
            f"The demo metropolis cannot be written to {files.folder}: {error.strerror}"
        ) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
