"""Serve the real open data of Dijon with a real pygeoapi until interrupted: python -m tests.pygeoapi 5000"""

from __future__ import annotations

import shutil
import signal
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from tests.work.pygeoapi_server import PYTHON, pygeoapi
from tests.work.test_sync_real import DATA, IDS


def main(port: int) -> None:
    """Copies of the files are served, so that they may be edited and the next answer shows it."""
    if not PYTHON.exists() or not DATA.exists():
        sys.exit(f"Needs pygeoapi in {PYTHON} and the data in {DATA}")
    with tempfile.TemporaryDirectory(prefix="vigie-pygeoapi-") as scratch:
        folder = Path(scratch) / "served"
        folder.mkdir()
        for file in (*DATA.glob("dijon/*.geojson"), *DATA.glob("transit/*.geojson")):
            shutil.copyfile(file, folder / file.name)
        with pygeoapi(folder, Path(scratch), IDS, port) as url:
            sys.stdout.write(f"Serving {folder} at {url}; Ctrl-C ends it\n")
            sys.stdout.flush()
            signal.pause()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 5000)
