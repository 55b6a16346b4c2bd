"""What the alarm list says of an alarm, in the operator's words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from qtpy.QtCore import QObject

from desktop.panels.look import Look
from desktop.panels.wording import HARD
from desktop.watch import DIVERGENCE
from desktop.work.alarm import Alarm, Life, Row
from desktop.work.picture import ObjectKey, Picture

if TYPE_CHECKING:
    from desktop.work.desks import Desk

CAUSE = "cause:"
"""How the key of a row begins that stands for an object without an alarm of its own."""


class AlarmWords(QObject):
    """Titles, states and desks of alarms for one look."""

    def __init__(self, look: Look, picture: Picture, desks: Sequence[Desk]) -> None:
        super().__init__()
        self._look, self._picture = look, picture
        self._desks: dict[str, str] = {}
        # Several desks may watch a layer: it belongs to the one that names it earliest.
        claims = [(each, place, desk) for desk in desks for place, each in enumerate(desk.layers)]
        for layer, _, desk in sorted(claims, key=lambda it: it[1]):
            if layer in desk.alarms.layers:
                self._desks.setdefault(layer, desk.title.localized(look.locale))

    def title(self, alarm: Alarm) -> str:
        """The rule's title, and how often the alarm came back."""
        words = alarm.title.localized(self._look.locale)
        if alarm.count > 1:
            return f"{words} · ×{HARD}{self._look.words.number(alarm.count)}"
        return words

    def row_title(self, row: Row, explained: str) -> str:
        """The head's title and what it explains: « Armoire déclenchée · 61 × Lampe en panne »."""
        if row.head is None:
            return explained
        words = self.title(row.head)
        return f"{words} · {explained}" if explained else words

    def explained(self, children: Iterable[str]) -> str:
        """How many alarms a cause explains, by name when all are of one rule."""
        keys = list(children)
        if not keys:
            return ""
        number = self._look.words.number(len(keys))
        kinds = {kind_of(key) for key in keys}
        if len(kinds) == 1:
            layer, rule = kinds.pop()
            return f"{number}{HARD}×{HARD}{self.rule_title(layer, rule)}"
        if len(keys) == 1:
            return self.tr("1 related alarm")
        return self.tr("{0} related alarms").format(number)

    def rule_title(self, layer: str, rule: str) -> str:
        """A rule's title; its id when the layer does not declare it."""
        definition = self._picture.layers.get(layer)
        for each in () if definition is None else definition.alarms:
            if each.id == rule:
                return each.title.localized(self._look.locale)
        return DIVERGENCE.title.localized(self._look.locale) if rule == DIVERGENCE.id else rule

    def state(self, alarm: Alarm, now: float) -> str:
        """Whether somebody looks after it, and how far it can be trusted."""
        words = self._standing(alarm, now)
        return self.tr("{0} · uncertain").format(words) if alarm.uncertain else words

    def row_state(self, row: Row, now: float) -> str:
        """The head's state, or how many of the group wait for somebody."""
        total = len(row.children) + (row.head is not None)
        if total == 1 and row.head is not None:
            return self.state(row.head, now)
        if not row.unacknowledged:
            words = self.tr("all acknowledged")
            if row.head is not None and row.head.acknowledged is not None:
                words = self._acknowledged(row.head)
        elif row.unacknowledged == total:
            words = self.tr("unacknowledged")
        else:
            number = self._look.words.number
            words = self.tr("{0} of {1} unacknowledged").format(number(row.unacknowledged), number(total))
        uncertain = row.head is not None and row.head.uncertain
        return self.tr("{0} · uncertain").format(words) if uncertain else words

    def desk(self, layer: str) -> str:
        """The desk a layer's alarms belong to; the layer's title when no desk has it."""
        known = self._desks.get(layer)
        if known is not None:
            return known
        definition = self._picture.layers.get(layer)
        return layer if definition is None else self._look.title(definition)

    def tip(self, alarm: Alarm, now: float) -> str:
        """Guidance, age, who took note and what was written."""
        words, lines = self._look.words, [alarm.guidance.localized(self._look.locale)]
        lines.append(self.tr("For {0}").format(words.elapsed(now - alarm.raised)))
        if alarm.acknowledged is not None:
            taken = alarm.acknowledged
            line = self.tr("Acknowledged {0} by {1}").format(words.moment(taken.time, now), taken.operator)
            lines.append(line + (self.tr(": {0}").format(taken.note) if taken.note else ""))
        if alarm.shelved is not None:
            aside = alarm.shelved
            line = self.tr("Shelved until {0} by {1}: {2}")
            lines.append(line.format(words.clock(aside.until), aside.operator, aside.reason))
        return "\n".join(line for line in lines if line)

    def _standing(self, alarm: Alarm, now: float) -> str:
        if alarm.suppressed:
            return self.tr("masked · {0}").format(alarm.suppressed)
        if alarm.shelved is not None:
            return self.tr("shelved {0}").format(self._look.words.brief(max(60.0, alarm.shelved.until - now)))
        if alarm.life is Life.ACTIVE_ACKNOWLEDGED:
            return self._acknowledged(alarm)
        if alarm.life is Life.CLEARED_UNACKNOWLEDGED:
            return self.tr("cleared, unacknowledged")
        return self.tr("closed") if alarm.life is Life.CLOSED else self.tr("unacknowledged")

    def _acknowledged(self, alarm: Alarm) -> str:
        if alarm.acknowledged is None:
            return self.tr("acknowledged")
        return self.tr("acknowledged · {0}").format(alarm.acknowledged.console)


def kind_of(key: str) -> tuple[str, str]:
    """Layer and rule of an alarm's key."""
    layer, _, rest = key.partition("/")
    return layer, rest.rpartition("/")[2]


def object_of(key: str) -> ObjectKey:
    """The object of an alarm's key or of a cause's row."""
    layer, _, rest = key.removeprefix(CAUSE).partition("/")
    return ObjectKey(layer, rest if key.startswith(CAUSE) else rest.rpartition("/")[0])
