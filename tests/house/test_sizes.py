"""Files under 400 lines, classes under 250, functions under 40: small enough to be read at once."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house.source import MODULES, name_of, tree_of

FILE, CLASS, FUNCTION = 400, 250, 40


def oversized(path: Path) -> Iterator[str]:
    """What is too long in a module, one line each."""
    lines = len(path.read_text(encoding="utf-8").splitlines())
    if lines >= FILE:
        yield f"{name_of(path)}: {lines} lines"
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.ClassDef):
            limit = CLASS
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            limit = FUNCTION
        else:
            continue
        start = min([node.lineno, *(each.lineno for each in node.decorator_list)])
        length = (node.end_lineno or start) - start + 1
        if length >= limit:
            yield f"{name_of(path)}:{start}: {node.name} has {length} lines"


def test_nothing_is_oversized() -> None:
    found = [line for path in MODULES for line in oversized(path)]
    assert not found, "\n".join(found)
