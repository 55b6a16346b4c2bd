"""The inspector's summary of several selected objects: how many of what, in which state, and which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from qtpy.QtWidgets import QVBoxLayout, QWidget

from desktop.hub import Hub
from desktop.panels.command_offers import Ask, commandable
from desktop.panels.command_section import GroupSection
from desktop.panels.look import TITLE, Look
from desktop.panels.names import label_of
from desktop.panels.parts import Link, PlainLabel, bold
from desktop.panels.sections import Section
from desktop.work.picture import ObjectKey

if TYPE_CHECKING:
    from desktop.operations import Operations

NAMED = 200
"""Objects listed one by one; beyond, only counts."""


class Several(QWidget):
    """Counts by layer and state, worst first, then the objects themselves."""

    def __init__(
        self,
        keys: Sequence[ObjectKey],
        hub: Hub,
        look: Look,
        follow: Callable[[ObjectKey], object],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._keys, self._hub, self._look, self._follow = keys, hub, look, follow
        self.layers = frozenset(key.layer for key in keys)
        self._counts: list[tuple[str, int, int, PlainLabel]] = []
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        title = PlainLabel(self.tr("{0} objects selected").format(look.words.number(len(keys))), self)
        title.setFont(bold(TITLE))
        title.setContentsMargins(12, 12, 12, 12)
        column.addWidget(title)
        for layer in [name for name in hub.picture.layers if name in self.layers]:
            column.addWidget(self._states(layer))
        column.addWidget(self._names())
        column.addStretch(1)

    def add_commands(self, operations: Operations, ask: Ask) -> None:
        """Let the objects of each layer be commanded together."""
        for layer in [name for name in self._hub.picture.layers if name in self.layers]:
            keys = [key for key in self._keys if key.layer == layer]
            definition = self._hub.picture.layers[layer]
            if not commandable(definition) or len(keys) < 2:
                continue
            number = self._look.words.number(len(keys))
            title = self.tr("Command {0} · {1}").format(self._look.title(definition), number)
            section = GroupSection(title, keys, operations, self._hub, self._look, ask, self)
            self._column.insertWidget(1, section)

    def refresh(self) -> None:
        """Count the states again."""
        counts = self._count()
        for layer, state, _, label in self._counts:
            label.setText(self._look.words.number(counts[(layer, state)]))

    def _count(self) -> Counter[tuple[str, int]]:
        places = [(key, self._hub.picture.place(key)) for key in self._keys]
        return Counter(
            (key.layer, int(place[0].state[place[1]])) for key, place in places if place is not None
        )

    def _states(self, layer: str) -> QWidget:
        definition = self._hub.picture.layers[layer]
        section = Section(self._look.title(definition), self._look, self)
        counts = self._count()
        states = sorted(
            (state for name, state in counts if name == layer),
            key=lambda state: -int(definition.states[state].severity),
        )
        for state in states:
            count = counts[(layer, state)]
            label = section.add_value(
                self._look.state_words(definition, state), self._look.words.number(count)
            )
            self._counts.append((layer, state, count, label))
        return section

    def _names(self) -> QWidget:
        section = Section(self.tr("Objects"), self._look, self)
        for key in self._keys[:NAMED]:
            kind = self._hub.picture.layers[key.layer].singular.localized(self._look.locale)
            section.add_row(
                kind, Link(label_of(self._hub.picture, key), self._follower(key), self._look, section)
            )
        if len(self._keys) > NAMED:
            more = self._look.words.number(len(self._keys) - NAMED)
            section.add_value("", self.tr("and {0} more").format(more))
        return section

    def _follower(self, key: ObjectKey) -> Callable[[], object]:
        return lambda: self._follow(key)
