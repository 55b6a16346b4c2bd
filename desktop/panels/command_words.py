"""The operator's words for commands: what was asked, where it stands, and why it did not work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from qtpy.QtCore import QCoreApplication

from desktop.panels.look import Look
from desktop.panels.names import label_of
from desktop.panels.wording import HARD, one_line
from desktop.work.command import Cause, Command, Stage, Target
from desktop.work.operators import Role
from desktop.work.picture import ObjectKey, Picture
from layers.definition import Action, Argument, LayerDefinition, Risk

COLON = "\u00a0: "
"""Between a title and its value in French; English writes it close."""
translate = QCoreApplication.translate


class CommandWords:
    """Writes commands in the operator's language."""

    def __init__(self, look: Look, picture: Picture) -> None:
        self._look, self._picture = look, picture

    @property
    def colon(self) -> str:
        """What stands between a title and what follows it."""
        return COLON if self._look.words.french else ": "

    def layer(self, layer: str) -> LayerDefinition | None:
        """The layer, None when the catalog has none of that id."""
        return self._picture.layers.get(layer)

    def action(self, layer: str, action: str) -> str:
        """The action as on its button."""
        found = self._action(layer, action)
        return action if found is None else found.title.localized(self._look.locale)

    def order(self, layer: str, action: str, arguments: Mapping[str, Any]) -> str:
        """The action and what was given with it: « Régler le niveau : 50 % »."""
        title, values = self.action(layer, action), self.arguments(layer, action, arguments)
        return f"{title}{self.colon}{values}" if values else title

    def arguments(self, layer: str, action: str, arguments: Mapping[str, Any]) -> str:
        """The values given, without their names: they say themselves what they are."""
        found = self._action(layer, action)
        known = {} if found is None else {each.name: each for each in found.arguments}
        return ", ".join(self.value(known.get(name), value) for name, value in arguments.items())

    def value(self, argument: Argument | None, value: object) -> str:
        """One argument's value with its unit or its label."""
        if argument is not None:
            for choice in argument.choices:
                if choice.value == value:
                    return choice.label.localized(self._look.locale)
            if isinstance(value, int | float) and not isinstance(value, bool):
                whole = int(value) if float(value).is_integer() else value
                return self._look.words.quantity(whole, argument.unit)
        return one_line(str(value))

    def targets(self, layer: str, keys: Sequence[str], count: int = 0) -> str:
        """One object by its name, several by their number."""
        count = max(count, len(keys))
        if count == 1 and keys:
            return label_of(self._picture, ObjectKey(layer, keys[0]))
        definition = self.layer(layer)
        title = layer if definition is None else self._look.title(definition)
        return f"{title}{HARD}· {self._look.words.number(count)}"

    def targets_of(self, command: Command) -> str:
        """The targets of a command."""
        return self.targets(command.layer, [target.key.id for target in command.targets])

    def progress(self, command: Command) -> str:
        """Where the whole of it stands: one stage, or how many stand at which."""
        counts = command.counts()
        if len(command.targets) == 1:
            return self.standing(command.targets[0])
        if len(counts) == 1:
            (stage,) = counts
            return f"{stage_words(stage)}{self.colon}{self._look.words.number(len(command.targets))}"
        ordered = sorted(counts, key=list(Stage).index)
        number = self._look.words.number
        return " · ".join(f"{stage_words(stage)}{self.colon}{number(counts[stage])}" for stage in ordered)

    def standing(self, target: Target) -> str:
        """Where one target stands, and why when it did not work."""
        words = stage_words(target.stage)
        if target.cause is None:
            return words
        return f"{words}{self.colon}{cause_words(target.cause, target.detail).rstrip('.').lower()}"

    def summary(self, command: Command) -> str:
        """The end of a command to several objects, as one sentence."""
        counts, number = command.counts(), self._look.words.number
        done, every = counts.get(Stage.CONFIRMED, 0), len(command.targets)
        if done == every:
            return translate("CommandWords", "Done: {0} of {1} observed.").format(number(done), number(every))
        return translate("CommandWords", "{0} of {1} observed, {2} not: see each below.").format(
            number(done), number(every), number(every - done)
        )

    def _action(self, layer: str, action: str) -> Action | None:
        definition = self.layer(layer)
        return None if definition is None else definition.action(action)


def stage_words(stage: Stage) -> str:
    """A stage, as a past participle or a short phrase."""
    return {
        Stage.DRAFT: translate("CommandWords", "Not sent"),
        Stage.SELECTING: translate("CommandWords", "Selecting"),
        Stage.SELECTED: translate("CommandWords", "Selected"),
        Stage.AWAITING_APPROVAL: translate("CommandWords", "Waiting for the second person"),
        Stage.SENT: translate("CommandWords", "Sent"),
        Stage.ACCEPTED: translate("CommandWords", "Accepted"),
        Stage.CONFIRMED: translate("CommandWords", "Observed"),
        Stage.REFUSED: translate("CommandWords", "Refused"),
        Stage.CANCELLED: translate("CommandWords", "Cancelled"),
        Stage.EXPIRED: translate("CommandWords", "Too late"),
        Stage.FAILED: translate("CommandWords", "Failed"),
        Stage.DIVERGED: translate("CommandWords", "Diverged"),
        Stage.UNKNOWN: translate("CommandWords", "Outcome unknown"),
    }[stage]


def cause_words(cause: Cause, detail: str = "") -> str:
    """Why, and what to do about it; a detail from the equipment or the interlock says it better."""
    text = _room_cause(cause) or _gateway_cause(cause)
    said = one_line(detail)
    if not said or cause in (Cause.BAD_ARGUMENT, Cause.NOT_DECLARED):  # its detail is a machine's word
        return text
    if cause in (Cause.INTERLOCK, Cause.EQUIPMENT):
        return said
    return f"{text} ({said})"


def _room_cause(cause: Cause) -> str:
    """What this room itself found; empty for what the gateway says."""
    return {
        Cause.NO_RIGHT: translate("CommandWords", "Your role does not allow it"),
        Cause.NOT_SIGNED_IN: translate("CommandWords", "Nobody has signed in at this desk: sign in first"),
        Cause.LINK_DOWN: translate("CommandWords", "The live feed is cut: no order leaves until it is back"),
        Cause.RESYNCHRONISING: translate(
            "CommandWords", "The states are being read again: wait until that is done"
        ),
        Cause.STALE: translate(
            "CommandWords", "Its state is not sure enough to command it: check it on site or by camera"
        ),
        Cause.INTERLOCK: translate("CommandWords", "Its state forbids it now"),
        Cause.NOT_DECLARED: translate("CommandWords", "This object does not have that action"),
        Cause.BAD_ARGUMENT: translate("CommandWords", "A value is outside its limits"),
        Cause.UNKNOWN_OBJECT: translate("CommandWords", "The registry no longer has this object"),
        Cause.LEASED: translate("CommandWords", "Another desk is commanding it"),
        Cause.AUDIT: translate("CommandWords", "The log could not be written: nothing was sent"),
        Cause.SAME_PERSON: translate(
            "CommandWords", "The second person must be someone else, at another desk"
        ),
        Cause.SECOND_REFUSED: translate("CommandWords", "The second person declined"),
        Cause.SECOND_ABSENT: translate("CommandWords", "No second person answered in time"),
        Cause.NO_REPLY: translate("CommandWords", "The gateway did not answer: see how the equipment stands"),
        Cause.NO_EFFECT: translate("CommandWords", "Accepted, but the equipment does not report the effect"),
        Cause.INTERRUPTED: translate("CommandWords", "The console stopped before the outcome was known"),
        Cause.SUPERSEDED: translate("CommandWords", "A later order took its place"),
    }.get(cause, "")


def _gateway_cause(cause: Cause) -> str:
    return {
        Cause.LOCAL_MODE: translate(
            "CommandWords", "The equipment is in local mode: someone is working on it"
        ),
        Cause.BUSY: translate("CommandWords", "The equipment is carrying out another order"),
        Cause.SELECT_EXPIRED: translate("CommandWords", "Confirmed too late: select again"),
        Cause.NOT_SELECTED: translate("CommandWords", "It was not selected before the order: select again"),
        Cause.SEQUENCE: translate("CommandWords", "Its state changed meanwhile: look at it, then ask again"),
        Cause.RETAINED: translate("CommandWords", "An old order was refused: ask again"),
        Cause.DUPLICATE: translate("CommandWords", "Already received: carried out once only"),
        Cause.EXPIRED: translate("CommandWords", "The order reached the gateway too late"),
        Cause.MALFORMED: translate("CommandWords", "The gateway did not understand the order"),
        Cause.EQUIPMENT: translate("CommandWords", "The equipment failed"),
    }.get(cause, str(cause))


def risk_words(risk: Risk) -> str:
    """What a command of that class needs before it leaves."""
    return {
        Risk.CONFIRM: translate("CommandWords", "Leaves as soon as you confirm."),
        Risk.SELECT: translate(
            "CommandWords", "Its targets are selected first; you then confirm within 30 s."
        ),
        Risk.TWO_PERSONS: translate(
            "CommandWords", "A second person, at another desk, must agree within 120 s."
        ),
    }[risk]


def role_words(role: Role) -> str:
    """A role's name."""
    return {
        Role.VIEWER: translate("CommandWords", "viewer"),
        Role.OPERATOR: translate("CommandWords", "operator"),
        Role.SUPERVISOR: translate("CommandWords", "supervisor"),
        Role.PLANNER: translate("CommandWords", "planner"),
    }[role]
