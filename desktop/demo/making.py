"""Makes the files of the demo metropolis from a generated city."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from desktop.demo.city.build import build_city
from desktop.demo.city.model import save_network
from desktop.demo.files import FORMAT, DemoError, DemoFiles, Progress, Stamp
from desktop.demo.registry import load_city
from desktop.store.basemap import BasemapError, write_package
from desktop.store.errors import DiskFull, ReadOnly, store_error

REAL_ASSETS = 40_000
"""Up to this number, the city has the real counts of Dijon."""
GROUND_BYTES, ASSET_BYTES = 18_000_000, 300
"""What the files take at the least, known before anyone waits for them."""
DRAFT = ".draft-"
"""Between the folder's name and the number of the process that is making it."""
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
    draft = files.folder.with_name(f"{files.folder.name}{DRAFT}{os.getpid()}")
    try:
        remove_abandoned(files.folder)
        draft.mkdir(parents=True)
        if shutil.disk_usage(draft).free < GROUND_BYTES + ASSET_BYTES * assets:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        made = DemoFiles(draft)
        make(made, seed, assets, progress)
        made.stamp.write_bytes(msgspec.json.encode(Stamp(FORMAT, seed, assets)))
        if files.holds(seed, assets):
            return  # another process was faster, and may be at work on its files
        shutil.rmtree(files.folder, ignore_errors=True)
        draft.rename(files.folder)
    except (OSError, BasemapError, sqlite3.Error) as error:
        raise DemoError(_why(files, error)) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def remove_abandoned(folder: Path) -> None:
    """Remove what processes that are no more, killed before they had finished, have left beside a folder."""
    for draft in folder.parent.glob(f"{folder.name}{DRAFT}*"):
        number = draft.name.rpartition("-")[2]
        if number.isdigit() and not _is_alive(int(number)):
            shutil.rmtree(draft, ignore_errors=True)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _why(files: DemoFiles, error: Exception) -> str:
    what = (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
    known = store_error(
        error.__cause__ if isinstance(error, BasemapError) and error.__cause__ else error, files.folder
    )
    if isinstance(known, DiskFull):
        what = "the disk is full; free some space there, or set VIGIE_HOME to another folder"
    elif isinstance(known, ReadOnly):
        what = "not permitted; give this user the right to write there, or set VIGIE_HOME to another folder"
    return f"{files.folder}: the demo metropolis cannot be written: {what}"
