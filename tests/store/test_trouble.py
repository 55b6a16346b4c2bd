"""A full disk and a folder that cannot be written: one line, nothing lost, and work again when it is over."""

from __future__ import annotations

import contextlib
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.store import features
from desktop.store.cache import open_cache
from desktop.store.errors import DiskFull, ReadOnly, StoreError
from tests.store.content import row

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="mounting needs root")
NOBODY = 65534


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "small"
    folder.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder], check=False)
    if made.returncode:
        pytest.skip("cannot mount a small disk here")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def is_one_line_about(error: BaseException, path: Path) -> bool:
    return "\n" not in str(error) and str(path) in str(error)


@needs_root
def test_a_full_disk_loses_nothing_acknowledged_and_passes(small_disk: Path) -> None:
    path = small_disk / "cache.db"
    filler = small_disk / "filler"
    filler.write_bytes(b"\0" * 700_000)
    database = open_cache(path)
    try:
        acknowledged = 0
        with pytest.raises(DiskFull, match="disk is full") as caught:
            for start in range(0, 100_000, 200):
                rows = [
                    row("street-lights", f"SL-{n:06d}", n, n, street="x" * 50)
                    for n in range(start, start + 200)
                ]
                database.submit(lambda db, rows=rows: features.upsert(db, rows)).result()
                acknowledged += 200
        assert acknowledged
        assert is_one_line_about(caught.value, path)
        assert database.submit(features.count).result() == {"street-lights": acknowledged}
        filler.unlink()
        more = [row("street-lights", f"SL-{acknowledged:06d}")]
        database.submit(lambda db: features.upsert(db, more)).result()
    finally:
        database.close()
    again = open_cache(path)
    try:
        assert not again.rebuilt
        assert again.submit(features.count).result() == {"street-lights": acknowledged + 1}
    finally:
        again.close()


@needs_root
def test_no_room_for_a_cache_at_all_is_one_line(small_disk: Path) -> None:
    with (small_disk / "filler").open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(b"\0" * 4096):
            pass
    path = small_disk / "cache.db"
    with pytest.raises(DiskFull) as caught:
        open_cache(path)
    assert is_one_line_about(caught.value, path)


@needs_root
def test_a_disk_mounted_read_only_is_one_line(small_disk: Path) -> None:
    path = small_disk / "cache.db"
    open_cache(path).close()
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    with pytest.raises(ReadOnly, match="cannot be written") as caught:
        open_cache(path)
    assert is_one_line_about(caught.value, path)
    with pytest.raises(ReadOnly) as caught:
        open_cache(small_disk / "new" / "cache.db")
    assert is_one_line_about(caught.value, small_disk / "new" / "cache.db")


@pytest.fixture
def as_nobody() -> Iterator[None]:
    """Without root's right to write anywhere."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(NOBODY)
    yield
    os.seteuid(before)


@pytest.fixture
def foreign_folder() -> Iterator[Path]:
    """A folder that everybody may enter, outside pytest's own, which is private."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)
        Path(folder).chmod(0o755)


@pytest.fixture
def foreign_cache(foreign_folder: Path) -> Path:
    """Somebody else's cache."""
    path = foreign_folder / "cache.db"
    open_cache(path).close()
    path.chmod(0o444)
    foreign_folder.chmod(0o555)
    return path


@pytest.mark.usefixtures("foreign_cache", "as_nobody")
def test_a_cache_of_someone_else_is_one_line(foreign_folder: Path) -> None:
    path = foreign_folder / "cache.db"
    with pytest.raises(ReadOnly, match="right to write") as caught:
        open_cache(path)
    assert is_one_line_about(caught.value, path)


def test_a_folder_of_someone_else_is_one_line(foreign_folder: Path, request: pytest.FixtureRequest) -> None:
    foreign_folder.chmod(0o555)
    request.getfixturevalue("as_nobody")
    for path in (foreign_folder / "cache.db", foreign_folder / "new" / "cache.db"):
        with pytest.raises(ReadOnly, match="right to write") as caught:
            open_cache(path)
        assert is_one_line_about(caught.value, path)


def test_a_file_where_the_folder_should_be_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("not a folder")
    with pytest.raises(StoreError) as caught:
        open_cache(tmp_path / "cache" / "cache.db")
    assert is_one_line_about(caught.value, tmp_path / "cache" / "cache.db")
