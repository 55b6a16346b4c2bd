"""The desks of the room: what each looks at, and which alarms are its own.

A desk is a TOML file named after its id, in `resources/desks` or in the user's own folder::

    order = 60
    layers = ["street-lights", "lighting-cabinets"]
    panels = ["alarms", "commands"]

    [title]
    en = "Lighting"
    fr = "Éclairage"

    [alarms]
    layers = ["street-lights", "lighting-cabinets"]
    priorities = [1, 2]
"""

from __future__ import annotations

from collections.abc import Collection
from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from desktop.work.alarm import AlarmFilter
from layers import SAFE_ID
from layers.definition import Severity, Text

PANELS = ("alarms", "abnormal", "history", "commands", "audit")
"""Tabs that are no layer's table."""


class DeskError(Exception):
    """A desk cannot be used; one line: file, key, what to do."""


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """A preset of the room."""

    id: str
    title: Text
    order: int = 100
    layers: tuple[str, ...]
    """Shown on the map; other desks' layers are hidden."""
    panels: tuple[str, ...] = ()
    """Tabs under the map, the first one in front: layer ids or names of `PANELS`; empty: as they are."""
    alarms: AlarmFilter = AlarmFilter()


class _Alarms(msgspec.Struct, forbid_unknown_fields=True):
    layers: list[str] = []
    priorities: list[Annotated[int, Meta(ge=1, le=4)]] = []


class _File(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    title: dict[str, str]
    order: int = 100
    layers: list[str]
    panels: list[str] = []
    alarms: _Alarms = msgspec.field(default_factory=_Alarms)


def shipped_desks(layers: Collection[str], *folders: Path) -> tuple[Desk, ...]:
    """The desks of `resources/desks` and of further folders; see `load_desks`."""
    with as_file(files("resources") / "desks") as shipped:
        return load_desks(shipped, layers, *folders)


def load_desks(folder: Path, layers: Collection[str], *further: Path) -> tuple[Desk, ...]:
    """Every desk of a folder and of further ones, by order; a later file of the same name replaces one.

    `layers` are the ids known. A folder that is not there holds no desk. Raises DeskError, one line: file,
    key, what to do.
    """
    found: dict[str, Desk] = {}
    for each in (folder, *further):
        for file in sorted(each.glob("*.toml")):
            desk = _read(file, layers)
            found[desk.id] = desk
    return tuple(sorted(found.values(), key=lambda desk: (desk.order, desk.id)))


def _read(file: Path, layers: Collection[str]) -> Desk:
    if not SAFE_ID.fullmatch(file.stem):
        raise DeskError(f"{file}: a desk's file name may hold only letters, digits, '_' and '-'; rename it")
    try:
        given = msgspec.toml.decode(file.read_bytes(), type=_File)
    except OSError as error:
        raise DeskError(f"{file}: cannot be read ({error.strerror}); check its permissions") from error
    except msgspec.ValidationError as error:
        raise DeskError(f"{file}: {_explained(error)}") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        reason = " ".join(str(error).split())
        raise DeskError(f"{file}: not valid TOML ({reason}); mend or remove the file") from error
    title = {name: text.strip() for name, text in given.title.items()}
    if set(title) != {"en", "fr"} or not all(title.values()):
        raise DeskError(f"{file}: title: write both en and fr, and nothing else")
    _refuse_unknown(file, "layers", given.layers, layers)
    _refuse_unknown(file, "panels", given.panels, (*PANELS, *layers))
    _refuse_unknown(file, "alarms.layers", given.alarms.layers, layers)
    return Desk(
        id=file.stem,
        title=Text(**title),
        order=given.order,
        layers=tuple(given.layers),
        panels=tuple(given.panels),
        alarms=AlarmFilter(
            layers=frozenset(given.alarms.layers),
            severities=frozenset(Severity(5 - priority) for priority in given.alarms.priorities),
        ),
    )


def _refuse_unknown(file: Path, key: str, names: list[str], known: Collection[str]) -> None:
    for name in names:
        if name not in known:
            kind = "panel or layer" if key == "panels" else "layer"
            raise DeskError(f"{file}: {key}: no {kind} is called {name!r}; correct or remove it")


def _explained(error: msgspec.ValidationError) -> str:
    message, _, place = " ".join(str(error).split()).partition(" - at `$")
    key = place.strip("`.")
    if "unknown field" in message:
        shape = _Alarms if key == "alarms" else _File
        advice = f"known here: {', '.join(shape.__struct_fields__)}"
    else:
        advice = "correct it"
    return f"{key + ': ' if key else ''}{message}; {advice}"
