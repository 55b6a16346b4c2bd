"""The vocabulary in which a layer of the city describes itself.

A catalog file builds one `LayerDefinition`; everything the application shows about the layer (tree, legend,
inspector, search, sync, map) is derived from it.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from typing import Any, Literal

import msgspec

from layers.model import Live

Properties = Mapping[str, Any]
StateOf = Callable[[Properties, Live | None], int]

Geometry = Literal["point", "line", "polygon"]
FieldType = Literal["text", "integer", "number", "boolean", "date", "datetime", "choice", "reference"]


class Severity(enum.IntEnum):
    """How abnormal a state is; a higher value is worse. Priorities follow ISA-18.2 (1 is the most urgent)."""

    NORMAL = 0
    INFO = 1  # priority 4
    LOW = 2  # priority 3
    MEDIUM = 3  # priority 2
    HIGH = 4  # priority 1

    @property
    def priority(self) -> int | None:
        """Alarm priority 1 (most urgent) to 4, or None for a normal state."""
        return None if self is Severity.NORMAL else 5 - int(self)


class Group(enum.StrEnum):
    """The families of the layer tree, in the order in which they are shown."""

    EQUIPMENT = "equipment"
    TRANSPORT = "transport"
    OPERATIONS = "operations"
    TERRITORY = "territory"


class Text(msgspec.Struct, frozen=True):
    """A word of the field in both languages of the room.

    It stands in the layer's own file rather than in a Qt translation so that a layer stays one file.
    """

    en: str
    fr: str

    def localized(self, locale: str) -> str:
        """The text for a locale name such as ``fr``, ``fr_FR`` or ``en``; English when unknown."""
        return self.fr if locale.lower().startswith("fr") else self.en


class Choice(msgspec.Struct, frozen=True):
    """One allowed value of a choice field."""

    value: str
    label: Text


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One property of a layer: a registry fact, or a live value when it stands in `LayerDefinition.live`."""

    name: str
    label: Text
    type: FieldType = "text"
    unit: str = ""
    editable: bool = False
    choices: tuple[Choice, ...] = ()
    layer: str = ""
    """For a reference: the id of the layer it points to."""
    searchable: bool = False
    filterable: bool = False
    digits: int | None = None
    """Decimals shown for a number; None shows what came."""


class State(msgspec.Struct, frozen=True, kw_only=True):
    """One of the states a feature of the layer can be in; its place in `states` is its code."""

    id: str
    label: Text
    severity: Severity = Severity.NORMAL
    icon: str = ""
    """Glyph that replaces the layer's in this state."""
    tone: str = ""
    """Colour token used instead of the severity's own, for a normal state worth telling apart."""
    badge: Literal["", "clock", "hand"] = ""
    """Clock: an override is running. Hand: local control or maintenance."""


class LineStyle(msgspec.Struct, frozen=True, kw_only=True):
    """How a line or polygon layer is drawn. Colours are tokens of the look (``tram``, ``water``...)."""

    color: str = "normal"
    width: float = 1.5
    """Pixels at zoom 14."""
    dash: tuple[float, ...] = ()
    fill: str = ""
    fill_opacity: float = 0.0
    by: str = ""
    """Field whose value picks another colour or dash below."""
    values: tuple[tuple[Any, str, float, tuple[float, ...]], ...] = ()
    """(value, colour token or #rrggbb, width, dash)."""


class LayerDefinition(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the application knows about one layer of the city."""

    id: str
    title: Text
    singular: Text
    group: Group
    order: int
    """Place within its group in the tree; also drawing order, higher orders first drawn (underneath)."""
    geometry: Geometry = "point"
    icon: str = "dot"
    """Name of ``resources/icons/<icon>.svg``, or an inline fragment, starting with ``<``, in a 24x24 box."""
    fields: tuple[Field, ...]
    label_field: str = "name"
    """Registry field shown as the feature's name; the id when it is absent or empty."""
    live: tuple[Field, ...] = ()
    faults: tuple[Choice, ...] = ()
    """Fault codes the feed may report, with the operator's words for them."""
    states: tuple[State, ...]
    state_of: StateOf
    """Pure: (registry properties, live value or None) -> index in `states`."""
    state_fields: tuple[str, ...] = ()
    """Registry fields that `state_of` reads; kept in memory beside a live layer's values."""
    stale_after: float | None = None
    """Seconds without news after which a live value is uncertain; None for a layer without any."""
    moving: bool = False
    bearing_field: str = ""
    """Registry or live field holding a bearing, degrees clockwise from north."""
    view_angle_field: str = ""
    view_range_field: str = ""
    min_zoom: float = 0.0
    max_zoom: float = 24.0
    cluster_below: float = 0.0
    """Zoom under which normal features are gathered in clusters; 0 never clusters."""
    dot_below: float = 0.0
    """Zoom under which a normal feature is a dot rather than a plate."""
    label_from: float = 17.0
    """Zoom from which every feature is labelled; abnormal, selected and hovered ones always are."""
    visible: bool = True
    line: LineStyle = LineStyle()

    @property
    def is_live(self) -> bool:
        """Whether the feed carries values or positions for this layer."""
        return self.stale_after is not None

    def field(self, name: str) -> Field | None:
        """The registry field of that name, or None."""
        return next((field for field in self.fields if field.name == name), None)
