"""What is installed, reachable, writable or damaged, and what to do about it. Changes nothing.

Qt is tried in a process of its own: a missing library there can abort the process that loads it.
"""

from __future__ import annotations

import contextlib
import errno
import importlib.metadata
import os
import platform
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Literal

import httpx
import msgspec

from desktop.link.registry import RegistryClient, RegistryError
from desktop.paths import Paths
from desktop.settings import Settings, SettingsError, load_settings, unknown_variables
from desktop.store.basemap import BasemapError, BasemapPackage
from desktop.store.cache import MIGRATIONS
from layers import CatalogError, load_layers

Status = Literal["ok", "warning", "failure"]

DISTRIBUTION = "vigie"
PACKAGES = (
    "click", "httpx", "keyring", "msgspec", "numpy", "paho-mqtt", "platformdirs", "pyproj",
    "PySide6", "qtpy", "rapidfuzz", "shapely", "sqlite-utils",
)  # fmt: skip
"""Looked for when Vigie runs from its source and has no list of its own."""
OLDEST_PYTHON = (3, 11)
QT_PROBE = """
from qtpy.QtGui import QGuiApplication
application = QGuiApplication([])
print(application.platformName(), len(application.screens()))
"""
QT_SECONDS = 60.0
QT_LIBRARIES = {
    "libEGL.so.1": "libegl1", "libGL.so.1": "libgl1", "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1", "libglib-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
}  # fmt: skip
"""Debian packages of the libraries without which PySide6 does not load."""
XCB_PACKAGES = (
    "libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-render-util0 libxcb-shape0 "
    "libxcb-xinerama0 libxcb-xkb1 libxkbcommon-x11-0"
)
REGISTRY_SECONDS = 5.0
LOW_SPACE = 500_000_000
NO_SPACE = 20_000_000


class Check(msgspec.Struct, frozen=True):
    """One thing looked at: how it is and, when it is not well, what to do."""

    name: str
    status: Status
    detail: str
    advice: str = ""


def run_checks(
    paths: Paths,
    environment: Mapping[str, str] | None = None,
    *,
    transport: httpx.BaseTransport | None = None,
    report: Callable[[Check], None] = lambda _: None,
) -> list[Check]:
    """Check everything; `report` is told each result as it comes.

    Only the configured registry is contacted.
    """
    environment = os.environ if environment is None else environment
    checks: list[Check] = []
    for check in _checks(paths, environment, transport):
        checks.append(check)
        report(check)
    return checks


def exit_code(checks: Sequence[Check]) -> int:
    """0 when all is well, 1 when something deserves attention, 2 when Vigie cannot work as it should."""
    found = {check.status for check in checks}
    return 2 if "failure" in found else 1 if "warning" in found else 0


def as_text(checks: Sequence[Check]) -> str:
    """One line a check, with the advice under it."""
    width = max((len(check.name) for check in checks), default=0)
    lines = []
    for check in checks:
        lines.append(f"{check.status:<8} {check.name:<{width}}  {check.detail}")
        if check.advice:
            lines.append(f"{'':<8} {'':<{width}}  -> {check.advice}")
    return "\n".join(lines)


def _checks(
    paths: Paths, environment: Mapping[str, str], transport: httpx.BaseTransport | None
) -> Iterator[Check]:
    yield check_python()
    yield check_packages()
    yield check_qt(environment)
    yield check_resources()
    yield check_layers(paths)
    for name in ("config", "data", "cache", "log"):
        yield check_folder(name, getattr(paths, name))
    yield check_space(paths)
    yield check_cache(paths.cache_db)
    yield check_work(paths.work_db)
    yield from check_variables(environment)
    try:
        settings = load_settings(paths, environment)
    except SettingsError as error:
        yield Check(
            "settings", "failure", str(error), "mend the setting named; nothing that needs it was checked"
        )
        return
    there = paths.settings_file.exists()
    yield Check("settings", "ok", str(paths.settings_file) if there else "defaults (no settings file)")
    yield from check_configured(settings)
    yield check_registry(settings, transport)
    yield from check_feed(settings, paths)


def check_python() -> Check:
    """The interpreter's version."""
    version = platform.python_version()
    if sys.version_info < OLDEST_PYTHON:
        wanted = ".".join(str(part) for part in OLDEST_PYTHON)
        return Check("python", "failure", version, f"install Python {wanted} or later")
    return Check("python", "ok", f"{version}, SQLite {sqlite3.sqlite_version}")


def check_packages() -> Check:
    """Every package Vigie is made with, in a version it can use."""
    wrong = []
    found = []
    for name, limits in _requirements():
        try:
            version = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            wrong.append(f"{name} is missing")
            continue
        found.append(f"{name} {version}")
        if not within_limits(version, limits):
            wrong.append(f"{name} {version} is not {limits}")
    if wrong:
        return Check("packages", "failure", "; ".join(wrong), "run installer/run again, or pip install -e .")
    return Check("packages", "ok", ", ".join(found))


def check_qt(environment: Mapping[str, str]) -> Check:
    """Whether Qt starts, on the display when there is one."""
    shown = bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))
    chosen = environment.get("QT_QPA_PLATFORM", "")
    given = {**environment, "QT_API": "pyside6"}
    if not shown and not chosen:
        given["QT_QPA_PLATFORM"] = "offscreen"
    try:
        run = subprocess.run(
            [sys.executable, "-c", QT_PROBE],
            env=given, capture_output=True, text=True, errors="replace", timeout=QT_SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return Check("qt", "failure", f"does not start within {QT_SECONDS:.0f} s", "check the display server")
    if run.returncode:
        return _qt_failure(run.returncode, run.stderr)
    name = (run.stdout.split() or ["?"])[0]
    if not shown and chosen != "offscreen":
        return Check(
            "qt", "warning", "starts, but there is no display", "use --screenshot, or a desktop session"
        )
    return Check("qt", "ok", f"starts on {name}")


def check_resources() -> Check:
    """Fonts, symbols, styles and the translation that are shipped."""
    missing = [
        what
        for what, folder, ending in (
            ("fonts", "fonts", ".ttf"), ("symbols", "icons", ".svg"), ("styles", "styles", ".toml"),
            ("the French translation", "i18n", "_fr.qm"),
        )
        if not _holds(folder, ending)
    ]  # fmt: skip
    if missing:
        return Check("resources", "failure", f"missing: {', '.join(missing)}", "install Vigie again")
    return Check("resources", "ok", "fonts, symbols, styles and the French translation are there")


def check_layers(paths: Paths) -> Check:
    """Every layer of the catalog and of the user's own folder."""
    folders = [paths.layers] if paths.layers.is_dir() else []
    try:
        layers = load_layers(*folders)
    except (CatalogError, OSError) as error:
        return Check("layers", "failure", _line(error), "mend or remove the file named")
    return Check("layers", "ok", f"{len(layers)} layers")


def check_folder(name: str, folder: Path) -> Check:
    """Whether files can be written in one of the user's folders, or the folder made."""
    title = f"{name} folder"
    there = folder
    while not there.exists() and there != there.parent:
        there = there.parent
    advice = f"give this user the right to write in {there}, or set VIGIE_HOME to another folder"
    if not there.is_dir():
        return Check(title, "failure", f"{folder}: {there} is not a folder", "move it, or set VIGIE_HOME")
    try:
        with tempfile.TemporaryFile(dir=there) as file:
            file.write(b"\0" * 4096)
            file.flush()
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            advice = f"free some space at {there}"
        return Check(title, "failure", f"{folder}: cannot be written ({error.strerror})", advice)
    return Check(title, "ok", f"{folder}{'' if there == folder else ' (made when needed)'}")


def check_space(paths: Paths) -> Check:
    """Free space where the cache and the work are kept."""
    least, where = min((_free(folder), folder) for folder in (paths.cache, paths.data))
    detail = f"{least / 1e6:,.0f} MB free at {where}"
    if least < NO_SPACE:
        return Check("disk space", "failure", detail, "free some space: nothing more can be saved")
    if least < LOW_SPACE:
        return Check("disk space", "warning", detail, "free some space: a large registry may not fit")
    return Check("disk space", "ok", detail)


def check_cache(path: Path) -> Check:
    """Whether the cache is whole; a damaged one is made anew at the next start."""
    if not path.exists():
        return Check("cache", "ok", "not made yet")
    trouble, version = _examine(path)
    if trouble:
        return Check("cache", "warning", f"{path}: {trouble}", "start Vigie: it is moved aside and made anew")
    if version > len(MIGRATIONS):
        return Check("cache", "warning", f"{path}: of a newer Vigie", "start Vigie: it is made anew")
    return Check("cache", "ok", f"{path.stat().st_size / 1e6:,.0f} MB, whole")


def check_work(path: Path) -> Check:
    """Whether what cannot be fetched again is whole."""
    if not path.exists():
        return Check("work", "ok", "nothing kept yet")
    trouble, _ = _examine(path)
    if trouble:
        return Check(
            "work", "failure", f"{path}: {trouble}", "copy the file away, then restore a backup of it"
        )
    return Check("work", "ok", f"{path}: whole")


def check_variables(environment: Mapping[str, str]) -> Iterator[Check]:
    """Environment variables that look like settings and are none."""
    unknown = unknown_variables(environment)
    if unknown:
        yield Check(
            "environment", "warning", f"unknown: {', '.join(unknown)}", "correct their names or unset them"
        )


def check_configured(settings: Settings) -> Iterator[Check]:
    """Files that the settings name."""
    if settings.basemap is not None:
        try:
            package = BasemapPackage(settings.basemap)
            package.close()
        except BasemapError as error:
            yield Check("basemap", "failure", _line(error), "correct `basemap` in the settings")
        else:
            yield Check("basemap", "ok", str(settings.basemap))
    registry = settings.registry
    for name, file in (("mapping", registry.mapping), ("verify", registry.verify)):
        if isinstance(file, str | Path) and not Path(file).is_file():
            yield Check(name, "failure", f"{file}: no such file", f"correct registry.{name} in the settings")


def check_registry(settings: Settings, transport: httpx.BaseTransport | None = None) -> Check:
    """Whether the configured registry answers as OGC API Features."""
    registry = settings.registry
    if registry.url is None:
        return Check("registry", "ok", "none configured: the demo metropolis is shown")
    hasty = msgspec.structs.replace(registry, timeout_s=min(registry.timeout_s, REGISTRY_SECONDS))
    started = time.monotonic()
    try:
        with RegistryClient(hasty, transport) as client:
            found = client.probe()
    except (RegistryError, OSError) as error:
        return Check(
            "registry", "failure", _line(error), "until it answers, the last picture is shown with its age"
        )
    seconds = time.monotonic() - started
    return Check("registry", "ok", f"{registry.url}: {len(found.collections)} collections in {seconds:.1f} s")


def check_feed(settings: Settings, paths: Paths) -> Iterator[Check]:
    """Whether the configured broker lets this console listen, and which payloads were bad."""
    if settings.feed.url is None:
        yield Check("feed", "ok", "none configured: the demo's own equipment is shown")
        return
    from desktop.doctor_feed import examine

    yield from (Check(*each) for each in examine(settings, paths))


def _requirements() -> list[tuple[str, str]]:
    """(package, limits) of what Vigie requires."""
    try:
        lines = importlib.metadata.requires(DISTRIBUTION) or []
    except importlib.metadata.PackageNotFoundError:
        return [(name, "") for name in PACKAGES]
    found = []
    for line in lines:
        match = re.match(r"([A-Za-z0-9._-]+)\s*(?:\[[^]]*\])?\s*\(?([^;)]*)", line)
        if match and "extra ==" not in line:
            found.append((match[1], match[2].strip()))
    return found


def within_limits(version: str, limits: str) -> bool:
    """Whether a version is within limits such as '>=6.11.2,<6.12'; other kinds of limits are not judged."""
    for limit in limits.split(","):
        match = re.fullmatch(r"\s*(>=|<)\s*([0-9.]+)\s*", limit)
        if match and (_parts(version) >= _parts(match[2])) != (match[1] == ">="):
            return False
    return True


def _parts(version: str) -> tuple[int, ...]:
    """The release numbers of a version, without trailing zeros: 1.10 and 1.10.0 are the same."""
    numbers = [int(part) for part in re.findall(r"\d+", re.split(r"[a-z+-]", version)[0])]
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


def _qt_failure(code: int, output: str) -> Check:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    library = next((name for name in QT_LIBRARIES if any(name in line for line in lines)), "")
    if library:
        return Check("qt", "failure", f"{library} is missing", f"apt-get install {QT_LIBRARIES[library]}")
    telling = next(
        (line for line in lines if "plugin" in line or "display" in line), lines[-1] if lines else ""
    )
    if code < 0:
        with contextlib.suppress(ValueError):
            telling = f"{signal.Signals(-code).name} {telling}"
    if "xcb" in output:
        return Check("qt", "failure", telling, f"apt-get install {XCB_PACKAGES}")
    return Check("qt", "failure", telling or f"ends with code {code}", "run installer/run again")


def _holds(folder: str, ending: str) -> bool:
    try:
        return any(file.name.endswith(ending) for file in files("resources").joinpath(folder).iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return False


def _free(folder: Path) -> int:
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return shutil.disk_usage(folder).free


def _examine(path: Path) -> tuple[str, int]:
    """(what is wrong, or nothing; schema version) of a database, which is only read."""
    # Without a log nobody is writing: as immutable, the file gets no side files from being looked at.
    still = "" if path.with_name(f"{path.name}-wal").exists() else "&immutable=1"
    uri = f"{path.absolute().as_uri()}?mode=ro{still}"
    try:
        with contextlib.closing(sqlite3.connect(uri, uri=True)) as connection:
            found = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
            version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    except sqlite3.Error as error:
        return _line(error), 0
    return ("" if found == "ok" else _line(Exception(found))), version


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())
