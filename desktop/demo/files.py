"""Where the demo metropolis lies on disk, and its making: once, in a process of its own.

Generating takes every cycle it can get; in a process of its own it leaves the window's thread alone.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from zipfile import is_zipfile

import msgspec

FORMAT = 4
"""Raised when what is generated changes, so that an older metropolis is made again."""

DEMO_URL = "http://demo.vigie"
"""Where the in-process registry answers; no name is looked up and no socket opened."""

Progress = Callable[[str, float], None]


class DemoError(Exception):
    """The demo metropolis could not be made; one line that says why."""


class Step(msgspec.Struct):
    """One line of the generator's output: what it is doing, and the share done (0 to 1)."""

    what: str
    share: float


class Stamp(msgspec.Struct, frozen=True):
    """What a generated folder holds."""

    format: int
    seed: int
    assets: int


class DemoFiles(msgspec.Struct, frozen=True):
    """The folder of one demo metropolis."""

    folder: Path

    @property
    def registry(self) -> Path:
        """The registry's database."""
        return self.folder / "registry.db"

    @property
    def basemap(self) -> Path:
        """The basemap package."""
        return self.folder / "basemap.vigie"

    @property
    def network(self) -> Path:
        """Roads and routes for the simulator."""
        return self.folder / "network.npz"

    @property
    def stamp(self) -> Path:
        """Written last: its presence means that the rest is complete."""
        return self.folder / "demo.json"

    def holds(self, seed: int, assets: int) -> bool:
        """Whether this very metropolis is there, whole."""
        try:
            found = msgspec.json.decode(self.stamp.read_bytes(), type=Stamp)
        except (OSError, msgspec.DecodeError):
            return False
        return found == Stamp(FORMAT, seed, assets) and self._are_whole()

    def _are_whole(self) -> bool:
        """Whether each file is of its kind and has its end, which a copy cut short would lack."""
        try:
            return _is_database(self.registry) and _is_database(self.basemap) and is_zipfile(self.network)
        except OSError:
            return False


def _is_database(file: Path) -> bool:
    with file.open("rb") as opened:
        head = opened.read(100)
    if head[:16] != b"SQLite format 3\0" or len(head) < 100:
        return False
    if file.with_name(f"{file.name}-wal").exists():
        return True  # its end may be there
    page, count = int.from_bytes(head[16:18], "big"), int.from_bytes(head[28:32], "big")
    return file.stat().st_size >= (65536 if page == 1 else page) * count


def generate_apart(
    files: DemoFiles,
    seed: int,
    assets: int,
    progress: Progress,
    *,
    started: Callable[[subprocess.Popen[bytes]], None] = lambda _: None,
) -> None:
    """Make the metropolis in a process of its own, and report what it says.

    `started` is given the process, which may be terminated. Raises DemoError with the line it failed with.
    """
    command = [sys.executable, "-m", "desktop.demo", str(files.folder), str(seed), str(assets)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stderr is not None
        started(process)
        try:
            for line in process.stdout:
                step = msgspec.json.decode(line, type=Step)
                progress(step.what, step.share)
        except BaseException:
            process.terminate()
            raise
        complaint = process.stderr.read().decode(errors="replace").strip().splitlines()
    if process.returncode:
        raise DemoError(complaint[-1] if complaint else "The demo metropolis could not be made.")
