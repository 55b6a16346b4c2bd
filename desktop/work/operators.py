"""Who is at the desk and what they may do. Rights are checked here, never in widgets."""

from __future__ import annotations

import enum

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
