"""The doctor says what is well, what is not, and what to do; it changes nothing."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import httpx
import pytest

from desktop import doctor
from desktop.doctor import Check, as_text, exit_code, run_checks
from desktop.paths import Paths, default_paths
from desktop.settings import RegistrySettings, Settings
from desktop.store.cache import MIGRATIONS, open_cache
from desktop.store.database import Database


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return default_paths({"VIGIE_HOME": str(tmp_path / "home")})


def environment(**more: str) -> Mapping[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], "QT_QPA_PLATFORM": "offscreen", **more}


def by_name(checks: list[Check]) -> dict[str, Check]:
    return {check.name: check for check in checks}


def everything_in(folder: Path) -> dict[Path, float]:
    return {file: file.stat().st_mtime for file in folder.rglob("*")}


def test_a_fresh_installation_is_well_and_left_as_it_was(paths: Paths, tmp_path: Path) -> None:
    told: list[Check] = []
    checks = run_checks(paths, environment(), report=told.append)
    assert told == checks
    assert {check.name for check in checks} >= {"python", "packages", "qt", "resources", "layers", "registry"}
    assert [check for check in checks if check.status != "ok" and check.name != "disk space"] == []
    assert list(tmp_path.iterdir()) == []


def test_a_used_installation_is_well_and_left_as_it_was(paths: Paths, tmp_path: Path) -> None:
    open_cache(paths.cache_db).close()
    Database(paths.work_db, [], synchronous="FULL").close()
    paths.config.mkdir()
    paths.settings_file.write_text('[appearance]\ntheme = "light"\n')
    before = everything_in(tmp_path)
    checks = by_name(run_checks(paths, environment()))
    assert (checks["cache"].status, checks["work"].status) == ("ok", "ok")
    assert str(paths.settings_file) in checks["settings"].detail
    assert everything_in(tmp_path) == before


def test_it_looks_at_a_cache_that_is_in_use(paths: Paths) -> None:
    database = open_cache(paths.cache_db)
    try:
        assert doctor.check_cache(paths.cache_db).status == "ok"
    finally:
        database.close()


def test_a_damaged_cache_is_a_warning_and_damaged_work_a_failure(paths: Paths) -> None:
    for file in (paths.cache_db, paths.work_db):
        file.parent.mkdir(parents=True)
        file.write_bytes(os.urandom(20_000))
    cache, work = doctor.check_cache(paths.cache_db), doctor.check_work(paths.work_db)
    assert (cache.status, work.status) == ("warning", "failure")
    assert str(paths.cache_db) in cache.detail and str(paths.work_db) in work.detail
    assert cache.advice and work.advice


def test_a_cache_of_a_later_version_is_a_warning(paths: Paths) -> None:
    open_cache(paths.cache_db).close()
    connection = sqlite3.connect(paths.cache_db)
    connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    connection.close()
    assert doctor.check_cache(paths.cache_db).status == "warning"


def test_a_file_in_place_of_a_folder_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("in the way")
    check = doctor.check_folder("data", tmp_path / "home" / "data")
    assert check.status == "failure" and str(tmp_path / "home") in check.detail


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting needs root")
def test_a_folder_that_cannot_be_written_or_is_full_is_a_failure(tmp_path: Path) -> None:
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", tmp_path], check=False)
    if made.returncode:
        pytest.skip("cannot mount a small disk here")
    try:
        paths = default_paths({"VIGIE_HOME": str(tmp_path)})
        assert doctor.check_space(paths).status == "failure"
        subprocess.run(["mount", "-o", "remount,ro", tmp_path], check=True)
        check = doctor.check_folder("cache", paths.cache)
        assert check.status == "failure" and "right to write" in check.advice
    finally:
        subprocess.run(["umount", "-l", tmp_path], check=True)


def test_a_layer_file_that_cannot_be_read_is_a_failure(paths: Paths) -> None:
    paths.layers.mkdir(parents=True)
    (paths.layers / "broken.py").write_text("LAYER = (\n")
    check = doctor.check_layers(paths)
    assert check.status == "failure" and "broken.py" in check.detail


def test_wrong_settings_are_a_failure_that_says_which(paths: Paths) -> None:
    paths.config.mkdir(parents=True)
    paths.settings_file.write_text("[registry]\nulr = 1\n")
    checks = by_name(run_checks(paths, environment()))
    assert checks["settings"].status == "failure" and "ulr" in checks["settings"].detail
    assert "registry" not in checks


def test_files_that_the_settings_name_must_be_there(tmp_path: Path) -> None:
    registry = RegistrySettings(
        url="http://registry.test", mapping=tmp_path / "no.toml", verify=str(tmp_path / "no.pem")
    )
    settings = Settings(registry=registry, basemap=tmp_path / "no.vigie")
    checks = by_name(list(doctor.check_configured(settings)))
    assert {name: check.status for name, check in checks.items()} == dict.fromkeys(
        ("basemap", "mapping", "verify"), "failure"
    )


def test_a_misspelt_variable_is_a_warning(paths: Paths) -> None:
    checks = by_name(run_checks(paths, environment(VIGIE_REGISTRY_ULR="x")))
    assert checks["environment"].status == "warning" and "VIGIE_REGISTRY_ULR" in checks["environment"].detail


def registry_check(answer: httpx.Response | Exception, asked: list[httpx.URL] | None = None) -> Check:
    def handle(request: httpx.Request) -> httpx.Response:
        if asked is not None:
            asked.append(request.url)
        if isinstance(answer, Exception):
            raise answer
        return answer

    settings = Settings(registry=RegistrySettings(url="http://registry.test/ogc", timeout_s=1.0))
    return doctor.check_registry(settings, httpx.MockTransport(handle))


@pytest.mark.parametrize(
    "answer",
    [
        httpx.ConnectError("refused"),
        httpx.ReadTimeout("slow"),
        httpx.Response(200, html="<!doctype html><title>Log in</title>"),
        httpx.Response(503),
        httpx.Response(302, headers={"location": "http://elsewhere.test/"}),
        httpx.Response(200, content=b"\xff\xfe"),
    ],
    ids=["nobody", "too slow", "a web page", "out of service", "sent elsewhere", "noise"],
)
def test_a_registry_that_does_not_answer_is_a_failure_in_one_line(answer: httpx.Response | Exception) -> None:
    asked: list[httpx.URL] = []
    check = registry_check(answer, asked)
    assert check.status == "failure" and "registry.test" in check.detail and "\n" not in check.detail
    assert {url.host for url in asked} == {"registry.test"}


def test_a_registry_that_answers_is_well() -> None:
    def handle(request: httpx.Request) -> httpx.Response:
        documents = {
            "/ogc/": {"title": "Registry", "links": []},
            "/ogc/conformance": {"conformsTo": []},
            "/ogc/collections": {"collections": [{"id": "cameras", "links": []}]},
        }
        found = documents.get(request.url.path)
        return httpx.Response(404) if found is None else httpx.Response(200, json=found)

    settings = Settings(registry=RegistrySettings(url="http://registry.test/ogc"))
    check = doctor.check_registry(settings, httpx.MockTransport(handle))
    assert check.status == "ok" and "1 collection" in check.detail


@pytest.mark.parametrize(
    ("code", "output", "advice"),
    [
        (1, "ImportError: libEGL.so.1: cannot open shared object file: No such file", "libegl1"),
        (1, "ImportError: libxkbcommon.so.0: cannot open shared object file", "libxkbcommon0"),
        (
            -6,
            'qt.qpa.plugin: Could not load the Qt platform plugin "xcb" in ""',
            "libxcb",
        ),
        (-11, "", "installer/run"),
    ],
)
def test_a_qt_that_does_not_start_comes_with_what_to_install(
    code: int, output: str, advice: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = tmp_path / "python"
    end = f"kill {code} $$" if code < 0 else f"exit {code}"
    python.write_text(f"#!/bin/sh\ncat >&2 <<'END'\n{output}\nEND\n{end}\n")
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))
    check = doctor.check_qt(environment())
    assert check.status == "failure" and advice in check.advice
    assert "\n" not in check.detail


def test_qt_without_a_display_is_a_warning() -> None:
    given = {name: value for name, value in environment().items() if name != "QT_QPA_PLATFORM"}
    assert doctor.check_qt(given).status == "warning"


@pytest.mark.skipif(shutil.which("Xvfb") is not None, reason="a display could be there")
def test_a_display_that_does_not_answer_is_a_failure() -> None:
    given = {name: value for name, value in environment().items() if name != "QT_QPA_PLATFORM"}
    check = doctor.check_qt({**given, "DISPLAY": ":987"})
    assert check.status == "failure" and check.advice


@pytest.mark.parametrize(
    ("statuses", "code"),
    [((), 0), (("ok", "ok"), 0), (("ok", "warning"), 1), (("failure", "warning", "ok"), 2)],
)
def test_the_exit_code_is_the_worst_found(statuses: tuple[doctor.Status, ...], code: int) -> None:
    assert exit_code([Check("x", status, "") for status in statuses]) == code


def test_the_text_has_a_line_for_each_check_and_for_each_advice() -> None:
    text = as_text([Check("python", "ok", "3.11"), Check("disk space", "warning", "1 MB", "free some")])
    assert text.splitlines() == [
        "ok       python      3.11",
        "warning  disk space  1 MB",
        "                     -> free some",
    ]


def test_it_loads_no_qt_itself(paths: Paths) -> None:
    program = (
        "import sys, desktop.doctor; "
        "sys.exit(any(name.partition('.')[0] in ('PySide6', 'qtpy') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.mark.parametrize(
    ("version", "limits", "within"),
    [
        ("6.11.3", ">=6.11.2,<6.12", True),
        ("6.12.0", ">=6.11.2,<6.12", False),
        ("6.9", ">=6.11.2", False),
        ("1.10", ">=1.9", True),
        ("4", ">=4.0.0", True),
        ("2.0.0rc1", ">=1", True),
        ("1.0", "", True),
    ],
)
def test_versions_are_held_to_their_limits(version: str, limits: str, within: bool) -> None:
    assert doctor.within_limits(version, limits) is within
