"""Habits of the house that no linter holds."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from grimp import build_graph

from tests.house.source import MODULES, PACKAGES, ROOT, name_of, tree_of

UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
ADDRESS = re.compile(r"https?://[\w{][^\s\"'`)\\]*")
NAMES = (
    "http://www.opengis.net/",
    "http://www.w3.org/",
    "https://json-schema.org/",
    "https://vigie.example/",
    "http://demo.vigie",
)
"""Identifiers written as addresses; nothing is ever fetched from them."""
EXAMPLES = (
    "https://registry.example.org/",
    "https://host/",
    "https://server/",
    "http://{host}:{",
    "http://127.0.0.1:",
)
"""Shown to the user, or the address this program listens on."""
TEXTS = {".css", ".html", ".js", ".json", ".qss", ".svg", ".toml", ".ts"}
RESOURCES = sorted((ROOT / "resources").rglob("*"))
VAGUE = {"utils", "util", "helpers", "helper", "manager", "managers", "common", "misc"}


def imports_inside(path: Path) -> Iterator[str]:
    """Modules of this project that a function of a module imports."""
    for function in ast.walk(tree_of(path)):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for node in ast.walk(function):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [each.name for each in node.names] if isinstance(node, ast.Import) else []
            yield from (name for name in names if name.partition(".")[0] in PACKAGES)


def found(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    """Where a pattern occurs: file, line and text."""
    return [
        f"{name_of(path)}:{number}: {match.group()}"
        for path in paths
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        for match in pattern.finditer(line)
    ]


def test_nothing_is_marked_unfinished() -> None:
    others = [*(ROOT / "tests").rglob("*.py"), *(ROOT / "installer").iterdir()]
    assert found(UNFINISHED, [path for path in [*MODULES, *others] if path != Path(__file__)]) == []


def test_every_module_says_what_it_is_for() -> None:
    assert [name_of(path) for path in MODULES if not ast.get_docstring(tree_of(path))] == []


def test_no_module_has_a_vague_name() -> None:
    assert [name_of(path) for path in MODULES if path.stem in VAGUE] == []


def test_imports_are_absolute() -> None:
    relative = [
        f"{name_of(path)}:{node.lineno}"
        for path in MODULES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert relative == []


def test_a_function_imports_the_project_only_to_load_late_and_not_to_hide_a_cycle() -> None:
    graph = build_graph(*PACKAGES, cache_dir=None)
    hidden = []
    for path in MODULES:
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for name in imports_inside(path):
            if graph.find_shortest_chain(importer=name, imported=module):
                hidden.append(f"{name_of(path)} imports {name}, which imports it")
    assert hidden == []


def test_no_function_rebinds_a_global() -> None:
    rebinding = [
        f"{name_of(path)}:{node.lineno}"
        for path in MODULES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Global)
    ]
    assert rebinding == []


def test_no_address_is_built_in() -> None:
    addresses = found(ADDRESS, [*MODULES, *(path for path in RESOURCES if path.suffix in TEXTS)])
    assert [each for each in addresses if not each.split(": ", 1)[1].startswith(NAMES + EXAMPLES)] == []
