"""A home with a picture in it, a registry that goes wrong, and the `vigie` command between them."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from tests.link.serving import Answer, Reply, features, member, registry_of, serving

ROOT = Path(__file__).parents[1]
LAMPS = 300
PATIENCE_S = 60.0


def place(number: int) -> str:
    """The text of a point in Dijon, another for each number under 100,000."""
    return f'{{"type":"Point","coordinates":[5.0{number:05d},47.32]}}'


def lamp(number: int, geometry: str = "", properties: str = "") -> str:
    """The text of a street light."""
    return member(
        f"L{number}", geometry or place(number), properties or json.dumps({"name": f"lamp {number}"})
    )


GOOD = [lamp(number) for number in range(LAMPS)]


class Troubled:
    """A registry of street lights (and, when `others` answers them, of more); `items` may be replaced."""

    def __init__(self, *collections: str) -> None:
        self.collections = ("street-lights", *collections)
        self.items: Answer = lambda _: features(*GOOD)
        self.all: Answer | None = None
        """Answers everything, when given."""
        self.others: Callable[[str], Reply] = lambda _: features()

    def __call__(self, path: str) -> Reply:
        """The reply to one request."""
        if self.all is not None:
            return self.all(path)
        items = self.items if "/street-lights/" in path else self.others
        return registry_of(items, *self.collections)(path)


@contextmanager
def served(registry: Troubled) -> Iterator[str]:
    """Serve it; gives the address."""
    with serving(registry) as url:
        yield url


class Done(msgspec.Struct, frozen=True):
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def line(self) -> str:
        """The one line of the error stream; fails when there are none, more, or a traceback."""
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        assert "Traceback" not in self.err
        return lines[0]


def started(
    *arguments: str, home: Path, before: tuple[str, ...] = (), **variables: str
) -> subprocess.Popen[str]:
    """Start `vigie`, perhaps by another command given in `before`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("VIGIE_")}
    environment = {**kept, "VIGIE_HOME": str(home), "PYTHONPATH": str(ROOT), **variables}
    command = [*before, sys.executable, "-m", "desktop", *arguments]
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=home.parent
    )


def ended(process: subprocess.Popen[str]) -> Done:
    """Wait until it has ended."""
    try:
        out, err = process.communicate(timeout=PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise
    return Done(process.returncode, out, err)


def vigie(*arguments: str, home: Path, before: tuple[str, ...] = (), **variables: str) -> Done:
    """Run `vigie` to its end."""
    return ended(started(*arguments, home=home, before=before, **variables))


def held(home: Path) -> int:
    """How many features the cache holds; it must be sound."""
    with contextlib.closing(sqlite3.connect(home / "cache" / "cache.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return int(connection.execute("SELECT count(*) FROM feature").fetchone()[0])


def until(happened: Callable[[], object], seconds: float = PATIENCE_S) -> None:
    """Wait for something that another process does."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.02)
