"""What the city is made of: one description per layer, with no Qt, no disk and no network."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Mapping
from pathlib import Path

from layers.definition import Group, LayerDefinition

CATALOG = Path(__file__).parent / "catalog"
SAFE_ID = re.compile(r"[A-Za-z0-9_-]+")


class CatalogError(Exception):
    """A catalog file cannot be used; the message names the file and says why."""


def load_layers(*folders: Path) -> Mapping[str, LayerDefinition]:
    """Read every layer of the catalog, and of further folders, by id in drawing order.

    Raises CatalogError, one line naming the file, for a file without a usable LAYER or a second layer of
    the same id.
    """
    found: dict[str, tuple[LayerDefinition, Path]] = {}
    for folder in (CATALOG, *folders):
        for file in sorted(folder.glob("*.py")):
            if file.name.startswith("_"):
                continue
            layer = _read(file)
            if layer.id in found:
                raise CatalogError(f"{file}: layer id {layer.id!r} is already used by {found[layer.id][1]}")
            found[layer.id] = (layer, file)
    groups = list(Group)
    ordered = sorted(
        (layer for layer, _ in found.values()), key=lambda it: (groups.index(it.group), it.order)
    )
    return {layer.id: layer for layer in ordered}


def _read(file: Path) -> LayerDefinition:
    spec = importlib.util.spec_from_file_location(f"layers.catalog.{file.stem}", file)
    if spec is None or spec.loader is None:
        raise CatalogError(f"{file}: not a Python file")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        reason = " ".join(str(error).split())
        raise CatalogError(f"{file}: {type(error).__name__}: {reason}") from error
    layer = getattr(module, "LAYER", None)
    if not isinstance(layer, LayerDefinition):
        raise CatalogError(f"{file}: defines no LAYER")
    if not SAFE_ID.fullmatch(layer.id):
        raise CatalogError(f"{file}: layer id {layer.id!r} may hold only letters, digits, '_' and '-'")
    if not layer.states:
        raise CatalogError(f"{file}: layer {layer.id!r} declares no state")
    return layer
