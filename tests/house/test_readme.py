"""The README tells the truth: its commands, its files and its examples."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import pytest
from click import Command, Group

from desktop.cli import main
from desktop.paths import default_paths
from desktop.settings import load_settings
from desktop.work.mapping import load_mapping
from layers import load_layers
from tests.house.source import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMAND = re.compile(r"(?:bash installer/|(?:\.venv/bin/)?vigie )[^`\n#]*")
LINKED = re.compile(r"\]\((?!https?:)([^)#]+)\)")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def quoted() -> list[str]:
    """The commands between backquotes, or alone on a line that is indented or in a block."""
    inline = [each for each in re.findall(r"`([^`\n]+)`", README) if COMMAND.match(each)]
    alone = [line.strip() for line in README.splitlines() if COMMAND.match(line.strip())]
    return sorted({each.split("#")[0].strip() for each in [*inline, *alone] if "`" not in each})


def blocks(language: str) -> list[str]:
    """The README's examples in a language."""
    return [text for found, text in BLOCK.findall(README) if found == language]


@pytest.mark.parametrize("line", quoted())
def test_a_command_exists_with_its_options(line: str) -> None:
    program, *words = shlex.split(line)
    if program == "bash":
        assert (ROOT / words[0]).is_file()
        if words.pop(0) != "installer/run":
            return
    found: Command = main
    while words and isinstance(found, Group) and not words[0].startswith("-"):
        assert words[0] in found.commands
        found = found.commands[words.pop(0)]
    known = {name for parameter in found.params for name in parameter.opts} | {"--help"}
    assert {word.split("=")[0] for word in words if word.startswith("--")} <= known


def test_both_scripts_and_every_command_are_named() -> None:
    lines = quoted()
    assert {"bash installer/run", "bash installer/test"} <= set(lines)
    assert [name for name in main.commands if not any(f"vigie {name}" in line for line in lines)] == []


def test_what_is_linked_is_there() -> None:
    assert [path for path in LINKED.findall(README) if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("text", blocks("toml"))
def test_an_example_of_settings_or_mapping_is_read(text: str, tmp_path: Path) -> None:
    paths = default_paths({"VIGIE_HOME": str(tmp_path)})
    file = tmp_path / "mapping.toml" if "[layers." in text else paths.settings_file
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    if file == paths.settings_file:
        assert load_settings(paths, {}) != load_settings(default_paths({"VIGIE_HOME": str(ROOT)}), {})
    else:
        named = tomllib.loads(text)["layers"]
        assert load_mapping(file, load_layers()) and named


@pytest.mark.parametrize("text", blocks("python"))
def test_an_example_of_a_layer_is_a_layer(text: str, tmp_path: Path) -> None:
    (tmp_path / "example.py").write_text(text, encoding="utf-8")
    assert len(load_layers(tmp_path)) == len(load_layers()) + 1


def test_continuous_integration_runs_the_readme_s_test_command() -> None:
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line and not line.startswith("#")] == ["bash installer/test"]


def test_the_licence_named_is_the_one_shipped() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["license"] == "EUPL-1.2"
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
