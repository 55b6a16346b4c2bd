"""Imports run one way, and a bad one does not pass unseen."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.house.source import PACKAGES, ROOT

LINT = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"


def linted(folder: Path) -> subprocess.CompletedProcess[str]:
    """What import-linter says of the packages in a folder."""
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    return subprocess.run(
        [sys.executable, "-P", "-c", LINT], cwd=folder, env=environment, capture_output=True, text=True
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__", "*.svg")
        )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_imports_run_one_way() -> None:
    result = linted(ROOT)
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-3000:]


@pytest.mark.parametrize(
    ("module", "line", "broken"),
    [
        ("desktop/store/words.py", "import desktop.work.mapping", "Imports run one way"),
        ("layers/facts.py", "import sqlite3", "The description of the city knows no Qt, disk or network"),
        ("desktop/link/crs.py", "import qtpy.QtCore", "Link, store, work and demo run without Qt"),
    ],
)
def test_a_planted_import_is_caught(copy: Path, module: str, line: str, broken: str) -> None:
    file = copy / module
    file.write_text(f"{file.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")
    result = linted(copy)
    assert result.returncode == 1, result.stdout[-3000:] + result.stderr[-3000:]
    assert f"{broken} BROKEN" in result.stdout


def test_every_part_of_the_application_has_its_place() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    levels = project["tool"]["importlinter"]["contracts"][0]["layers"]
    places = {place.strip(" ()") for level in levels for place in level.split("|")}
    modules = {f"desktop.{path.stem}" for path in (ROOT / "desktop").glob("*.py")} - {"desktop.__init__"}
    packages = {f"desktop.{path.parent.name}" for path in (ROOT / "desktop").glob("*/__init__.py")}
    assert sorted((modules | packages) - places) == []
