"""`vigie sync` in a terminal."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from desktop.settings import RegistrySettings
from desktop.store.cache import open_cache
from desktop.store.database import Database
from desktop.work.sync_report import progress_text, sync_in_terminal
from desktop.work.sync_summary import SyncProgress
from layers import load_layers
from tests.work.registry_app import MemoryRegistry, feature

URL = "http://registry.test"
LAYERS = load_layers()


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Yes."""
        return True


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Database]:
    cache = open_cache(tmp_path / "cache.db")
    yield cache
    cache.close()


@pytest.fixture
def registry() -> MemoryRegistry:
    registry = MemoryRegistry("crews", "extra")
    for number in range(60):
        registry.put("crews", feature(f"C-{number}", name=f"VOI {number}"))
    registry.put("crews", {**feature("C-60"), "geometry": None})
    return registry


def run(
    registry: MemoryRegistry,
    cache: Database,
    *,
    as_json: bool = False,
    yes: bool = False,
    mapping: Path | None = None,
    err: io.StringIO | None = None,
) -> tuple[int, str, str]:
    """Exit code, output and errors."""
    out, err = io.StringIO(), err or io.StringIO()
    settings = RegistrySettings(url=URL, mapping=mapping)
    code = sync_in_terminal(
        settings,
        cache,
        LAYERS,
        as_json=as_json,
        yes=yes,
        transport=httpx.WSGITransport(registry),  # type: ignore[arg-type]
        out=out,
        err=err,
    )
    return code, out.getvalue(), err.getvalue()


def test_a_table_says_what_came_and_what_did_not(registry: MemoryRegistry, cache: Database) -> None:
    code, out, err = run(registry, cache)
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == "http://registry.test  A registry"
    assert lines[1:4] == [
        "  crews         61 read, 60 added",
        "                 1 set aside: no geometry (C-60)",
        "  not mapped to any layer: extra",
    ]
    assert lines[4].startswith("61 features read, 1 set aside, ")


def test_json_is_one_line_with_the_same_figures(registry: MemoryRegistry, cache: Database) -> None:
    code, out, err = run(registry, cache, as_json=True)
    assert (code, err, out.count("\n")) == (0, "", 1)
    found = json.loads(out)
    assert (found["complete"], found["received"], found["set_aside"]) == (True, 61, 1)
    assert found["layers"]["crews"]["set_aside"] == {"no geometry": 1}
    assert found["layers"]["crews"]["added"] == 60
    assert found["bytes"] > 0


def test_removing_many_is_refused_unless_agreed_to(registry: MemoryRegistry, cache: Database) -> None:
    run(registry, cache)
    for number in range(55):
        registry.drop("crews", f"C-{number}")
    code, _, err = run(registry, cache)
    assert code == 1
    assert err == (
        "vigie sync: crews: the registry no longer lists 55 of 60 features; "
        "they are kept until you agree to remove them (--yes agrees)\n"
    )
    code, out, err = run(registry, cache, yes=True)
    assert (code, err) == (0, "")
    assert "55 removed" in out


def test_a_registry_that_is_down_is_one_line(
    registry: MemoryRegistry, cache: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.link.http.PAUSE", 0.0)
    registry.broken = ""
    code, out, err = run(registry, cache)
    assert (code, out) == (2, "")
    assert err == (
        "vigie sync: http://registry.test/: the registry is out of service (503); it will be tried again\n"
    )


def test_a_mapping_that_is_wrong_is_one_line(
    registry: MemoryRegistry, cache: Database, tmp_path: Path
) -> None:
    file = tmp_path / "mapping.toml"
    file.write_text("[layers.nothing]\n")
    code, out, err = run(registry, cache, mapping=file)
    assert (code, out) == (2, "")
    assert err.startswith(f"vigie sync: {file}: layers.nothing: ")
    assert err.count("\n") == 1


def test_progress_moves_on_one_line_of_a_terminal(registry: MemoryRegistry, cache: Database) -> None:
    err = Terminal()
    run(registry, cache, err=err)
    assert "crews 61 of 61" in err.getvalue()
    assert "\n" not in err.getvalue()
    assert err.getvalue().endswith("\r")


def test_progress_says_what_how_many_rate_and_time_left() -> None:
    progress = SyncProgress(
        source=URL, layer="street-lights", title="Street lights", done=12000, total=34000, rate=8000.0,
        seconds_left=2.75, phase="reading",
    )  # fmt: skip
    assert progress_text(progress) == "street-lights 12,000 of 34,000, 8,000/s, 3 s left"
