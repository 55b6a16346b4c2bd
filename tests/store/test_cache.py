"""A cache that cannot be used is made anew; one that can is kept."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop.store import features
from desktop.store.cache import MIGRATIONS, close_cache, open_cache
from desktop.store.errors import Damaged
from tests.store.content import row


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A closed cache of 3,000 lamps."""
    file = tmp_path / "cache" / "cache.db"
    database = open_cache(file)
    rows = [row("street-lights", f"SL-{n:06d}", 10.0 * n, 5.0, street=f"Rue {n // 40}") for n in range(3000)]
    database.submit(lambda db: features.upsert(db, rows)).result()
    database.close()
    return file


def counted(path: Path) -> tuple[dict[str, int], bool]:
    """What an opened cache holds, and whether it was rebuilt."""
    database = open_cache(path)
    try:
        return database.submit(features.count).result(), database.rebuilt
    finally:
        database.close()


def set_aside(path: Path) -> list[Path]:
    return sorted(path.parent.glob("cache.db.damaged-*"))


def test_a_whole_cache_is_kept(path: Path) -> None:
    assert counted(path) == ({"street-lights": 3000}, False)
    assert not set_aside(path)


@pytest.mark.parametrize(
    "harm",
    [
        lambda path: path.write_bytes(os.urandom(50_000)),
        lambda path: path.write_bytes(b"<!doctype html><title>Log in</title>" * 400),
        lambda path: os.truncate(path, path.stat().st_size // 2),
        lambda path: os.truncate(path, path.stat().st_size - 4096),
        lambda path: os.truncate(path, 1000),
        lambda path: sqlite3.connect(path).execute("PRAGMA user_version = 999").connection.close(),
    ],
    ids=["noise", "a web page", "half of it", "one page short", "a stump", "from a later version"],
)
def test_an_unusable_cache_is_set_aside_and_made_anew(path: Path, harm: Callable[[Path], None]) -> None:
    harm(path)
    assert counted(path) == ({}, True)
    assert len(set_aside(path)) == 1
    assert counted(path) == ({}, False)


def test_only_the_last_damaged_cache_is_kept(path: Path) -> None:
    for _ in range(3):
        path.write_bytes(os.urandom(20_000))
        assert counted(path)[1]
    assert len(set_aside(path)) == 1


def test_an_empty_file_is_a_new_cache(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    path.touch()
    assert counted(path) == ({}, False)


def test_damage_met_while_working_is_told_and_mended_at_the_next_start(path: Path) -> None:
    size = path.stat().st_size
    with path.open("r+b") as file:  # the first page stays: the file opens as if nothing were wrong
        for place in range(3 * 4096, size, 4096):
            file.seek(place)
            file.write(os.urandom(4096))
    database = open_cache(path)
    assert not database.rebuilt
    with pytest.raises(Damaged, match="damaged") as caught:
        database.submit(lambda db: features.columns(db, "street-lights")).result()
    assert "\n" not in str(caught.value) and str(path) in str(caught.value)
    close_cache(database)
    assert len(set_aside(path)) == 1
    assert counted(path) == ({}, False)


def test_two_processes_share_a_cache(path: Path) -> None:
    ours = open_cache(path)
    program = f"""
from pathlib import Path
from desktop.store import features
from desktop.store.cache import open_cache
from desktop.store.features import FeatureRow
database = open_cache(Path({str(path)!r}))
for n in range(300):
    row = FeatureRow("cameras", f"C-{{n}}", 1.0, 2.0, None, b"{{}}", "1", b"%d" % n, 0, "", "21231")
    database.submit(lambda db: features.upsert(db, [row])).result()
print(database.rebuilt)
database.close()
"""
    other = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        for n in range(300):
            added = row("junctions", f"JC-{n:04d}", 3.0, 4.0, n=n)
            ours.submit(lambda db, added=added: features.upsert(db, [added])).result()
        out, errors = other.communicate(timeout=60)
        assert (out.strip(), other.returncode) == ("False", 0), errors
        expected = {"street-lights": 3000, "junctions": 300, "cameras": 300}
        assert ours.submit(features.count).result() == expected
    finally:
        other.kill()
        other.wait()
        ours.close()


def test_the_schema_says_its_version(path: Path) -> None:
    connection = sqlite3.connect(path)
    try:
        assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    finally:
        connection.close()
