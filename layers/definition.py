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
Arguments = Mapping[str, Any]
StateOf = Callable[[Properties, Live | None], int]
Effect = Callable[[Arguments, Live], bool]
Interlock = Callable[[Properties, Live | None], "Text | None"]

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


class AlarmRule(msgspec.Struct, frozen=True, kw_only=True):
    """When an object of the layer is in alarm, how urgent that is, and what to do (ISA-18.2)."""

    id: str
    """Unique in the layer; the last level of the alarm's key."""
    title: Text
    severity: Severity
    guidance: Text = Text("", "")
    """What the operator does about it, one or two short sentences."""
    fault: str = ""
    """Fault code that raises it, or else `state`."""
    state: str = ""
    """State that raises it, by id: for thresholds and modes, which are no faults."""
    upstream: str = ""
    """Registry field of type reference: an alarm of the object it names explains this one."""
    upstream_alarms: tuple[str, ...] = ()
    """Which alarms of the upstream object explain this one; empty: any of them."""
    on_delay: float = 0.0
    """Seconds the condition must last before the alarm is raised."""
    off_delay: float = 0.0
    """Seconds the condition must be gone before the alarm clears."""


class Risk(enum.IntEnum):
    """What a command needs before it leaves."""

    CONFIRM = 1
    """One confirmation."""
    SELECT = 2
    """Targets and consequence are shown and selected at the gateway before the confirmation."""
    TWO_PERSONS = 3
    """As SELECT, and a second person at another console agrees within 120 s."""


class Argument(msgspec.Struct, frozen=True, kw_only=True):
    """One argument of an action and its limits."""

    name: str
    label: Text
    type: Literal["integer", "number", "text", "choice"] = "integer"
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    step: float = 1.0
    default: Any = None
    choices: tuple[Choice, ...] = ()
    """For a choice: the approved values, the same for every object."""
    declared_in: str = ""
    """For a choice: registry field in which each object declares its values, separated by commas."""


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """Something an operator may ask of an object of the layer."""

    id: str
    title: Text
    """In the imperative, as on the button."""
    consequence: Text = Text("", "")
    """What will be seen in the street, one sentence."""
    arguments: tuple[Argument, ...] = ()
    risk: Risk = Risk.CONFIRM
    select_above: int | None = None
    """More targets than this make it at least SELECT; None: the number does not matter."""
    two_persons_above: int | None = None
    """More targets than this make it TWO_PERSONS."""
    effect: Effect
    """Pure: (arguments, reported live value) -> whether the equipment reports what was asked."""
    effect_timeout: float = 60.0
    """Seconds within which the equipment reports the effect."""
    interlock: Interlock | None = None
    """Pure: (registry properties, live value) -> why it must be refused now, or None."""
    declared_in: str = ""
    """Registry field, boolean or list separated by commas, that must be true or name this action's id."""
    needs_fresh: bool = True
    """Refused while the object's state is uncertain or unknown."""
    several: bool = False
    """May be given to several objects at once."""
    expires: bool = False
    """Holds until an expiry, which is mandatory: 1 h unless chosen, 12 h at most."""
    cancelled_by: str = ""
    """Action that the application sends when it expires."""

    def risk_for(self, targets: int) -> Risk:
        """The risk class for that many targets."""
        if self.two_persons_above is not None and targets > self.two_persons_above:
            return Risk.TWO_PERSONS
        many = self.select_above is not None and targets > self.select_above
        return max(self.risk, Risk.SELECT) if many else self.risk


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
    alarms: tuple[AlarmRule, ...] = ()
    actions: tuple[Action, ...] = ()
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

    def action(self, id: str) -> Action | None:
        """The action of that id, or None."""
        return next((action for action in self.actions if action.id == id), None)

    @property
    def needed_facts(self) -> tuple[str, ...]:
        """Registry fields that must be at hand for every object: for its state, drawing, alarms, commands."""
        drawn = (self.bearing_field, self.view_angle_field, self.view_range_field, self.line.by)
        upstream = [rule.upstream for rule in self.alarms]
        declared = [action.declared_in for action in self.actions]
        declared += [argument.declared_in for action in self.actions for argument in action.arguments]
        names = (*self.state_fields, *drawn, *upstream, *declared)
        return tuple(name for name in dict.fromkeys(names) if name)
