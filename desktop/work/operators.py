"""Who is at the desk and what they may do. Rights are checked here, never in widgets.

Until an identity provider answers for them, people choose their name from `operators.toml`. That says who
somebody claims to be, and proves nothing: there is no password, and who can write the file can be anybody.
What is recorded of them is worth as much as the workstation's own login.
"""

from __future__ import annotations

import enum
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

import msgspec


class Role(enum.StrEnum):
    """The roles of the room."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    SUPERVISOR = "supervisor"
    PLANNER = "planner"


class Right(enum.StrEnum):
    """What a role may allow."""

    ACKNOWLEDGE = "acknowledge"
    SHELVE = "shelve"
    SUPPRESS = "suppress"
    COMMAND = "command"
    APPROVE = "approve"
    TAKE_OVER = "take-over"
    EDIT = "edit"
    READ_AUDIT = "read-audit"


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.VIEWER: frozenset(),
    Role.PLANNER: frozenset({Right.EDIT}),
    Role.OPERATOR: frozenset(
        {Right.ACKNOWLEDGE, Right.SHELVE, Right.COMMAND, Right.APPROVE, Right.TAKE_OVER}
    ),
    Role.SUPERVISOR: frozenset(set(Right) - {Right.EDIT}),
}


class Operator(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person at the desk."""

    id: str
    """Stable and unique: the second person of a class 3 command must have another."""
    name: str
    role: Role
    layers: tuple[str, ...] = ()
    """Layers whose equipment the person may command; empty: all."""

    def may(self, right: Right, layer: str = "") -> bool:
        """Whether the role allows it, and for commands whether the layer is the person's."""
        if right not in RIGHTS[self.role]:
            return False
        return not (right is Right.COMMAND and layer and self.layers and layer not in self.layers)


ABSENT = Operator(id="", name="", role=Role.VIEWER)
"""Nobody has signed in: may look."""

DEMO_TEAM = (
    Operator(id="demo-moreau", name="Camille Moreau", role=Role.OPERATOR),
    Operator(
        id="demo-garnier",
        name="Thomas Garnier",
        role=Role.OPERATOR,
        layers=("street-lights", "lighting-cabinets"),
    ),
    Operator(id="demo-lefevre", name="Nadia Lefèvre", role=Role.SUPERVISOR),
    Operator(id="demo-petit", name="Simon Petit", role=Role.PLANNER),
    Operator(id="demo-accueil", name="Accueil", role=Role.VIEWER),
)
"""Invented people for the demo metropolis; their ids mark them in the audit log."""


class OperatorsError(Exception):
    """Nobody can sign in like that; one line: file, key, what to do."""


class Identity(Protocol):
    """Where operators come from: the one place to put an identity provider in."""

    @property
    def operators(self) -> tuple[Operator, ...]:
        """Who may sign in here."""

    @property
    def notice(self) -> str:
        """What the person at the desk should know about signing in, one line; mostly empty."""

    def sign_in(self, operator_id: str) -> Operator:
        """The person who is now at the desk; raises OperatorsError for anybody else."""


class LocalIdentity:
    """People from `operators.toml`, taken at their word; in the demo without that file, an invented team."""

    def __init__(self, file: Path, layers: Iterable[str] = (), *, demo: bool = False) -> None:
        """Raises OperatorsError for a file that cannot be used; without one, nobody can sign in."""
        self.demo = demo and not file.exists()
        """Whether the team is the demo's own."""
        self.operators = DEMO_TEAM if self.demo else load_operators(file, layers)
        self.notice = "" if self.demo else _notice(file, self.operators)

    def sign_in(self, operator_id: str) -> Operator:
        """The operator of that id."""
        for operator in self.operators:
            if operator.id == operator_id:
                return operator
        raise OperatorsError(f"nobody here has the id {operator_id!r}; choose one of the list")


class _Team(msgspec.Struct, forbid_unknown_fields=True):
    operator: list[Operator] = []


def load_operators(file: Path, layers: Iterable[str] = ()) -> tuple[Operator, ...]:
    """The people of an operators file, in its order; none when there is no such file.

    `layers` are the ids known, to refuse others. Raises OperatorsError, one line: file, key, what to do.
    """
    try:
        values = msgspec.toml.decode(file.read_bytes())
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise OperatorsError(f"{file}: cannot be read ({error.strerror}); check its permissions") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        reason = " ".join(str(error).split())
        raise OperatorsError(f"{file}: not valid TOML ({reason}); mend or remove the file") from error
    try:
        team = msgspec.convert(values, _Team).operator
    except msgspec.ValidationError as error:
        raise OperatorsError(f"{file}: {_explained(error)}") from error
    _check(file, team, frozenset(layers))
    return tuple(team)


def _explained(error: msgspec.ValidationError) -> str:
    message, _, place = " ".join(str(error).split()).partition(" - at `$")
    key = place.strip("`.") or "the file"
    if "unknown field" in message:
        known = "id, name, role, layers" if key.startswith("operator") else "[[operator]]"
        return f"{key}: {message}; known here: {known}"
    if "enum value" in message:
        return f"{key}: {message}; write one of {', '.join(Role)}"
    return f"{key}: {message}; correct it"


def _check(file: Path, team: list[Operator], layers: frozenset[str]) -> None:
    seen: dict[str, int] = {}
    for place, operator in enumerate(team):
        key = f"{file}: operator[{place}]"
        for name in ("id", "name"):
            if not getattr(operator, name).strip():
                raise OperatorsError(f"{key}.{name}: is empty; write one")
        if operator.id in seen:
            first = seen[operator.id]
            raise OperatorsError(f"{key}.id: {operator.id!r} is operator[{first}]'s already; write another")
        seen[operator.id] = place
        for layer in operator.layers if layers else ():
            if layer not in layers:
                raise OperatorsError(f"{key}.layers: no layer is called {layer!r}; correct or remove it")


def _notice(file: Path, operators: tuple[Operator, ...]) -> str:
    if not operators:
        return f"nobody can sign in here: write {file} (see resources/operators-example.toml)"
    try:
        open_to_all = bool(file.stat().st_mode & stat.S_IWOTH)
    except OSError:
        return ""
    return f"{file}: anybody may write it, and so be anybody; run chmod o-w on it" if open_to_all else ""
