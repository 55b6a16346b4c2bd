"""The inspector at the right of the map: the selected object, or a summary of several."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import sqlite_utils
from qtpy.QtCore import Qt, Signal
from qtpy.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from desktop.hub import Hub
from desktop.map.selection import Selection
from desktop.panels.card import Card
from desktop.panels.command_groups import Group, groups_of
from desktop.panels.command_offers import commandable
from desktop.panels.command_section import CommandSection, GroupSection
from desktop.panels.icons import IconButton
from desktop.panels.look import Look
from desktop.panels.onsets import Onsets
from desktop.panels.parts import Link, PanelHeader, text_label
from desktop.panels.relations import (
    Neighbour,
    Referrers,
    moving_neighbours,
    neighbours,
    referrers,
    watched_layers,
)
from desktop.panels.sections import Section
from desktop.panels.several import Several
from desktop.store import features
from desktop.store.features import StoredFeature
from desktop.work.picture import Changes, ObjectKey

if TYPE_CHECKING:
    from desktop.operations import Operations

LISTED = 8
"""Referring objects named one by one; beyond, a link selects them all."""
Answer = tuple[StoredFeature | None, list[Referrers], list[Neighbour], list[Group]]


class Inspector(QWidget):
    """Follows the selection. Facts come from the cache, live values from the picture."""

    opened = Signal(object)
    """The key of an object to select and fly to."""
    group_opened = Signal(list)
    """Keys of objects to select and fit."""
    command_wanted = Signal(str, str, object)
    """Layer, action and keys of an order to ask about; no action: take the object over."""
    close_wanted = Signal()

    def __init__(
        self,
        hub: Hub,
        selection: Selection,
        onsets: Onsets,
        look: Look,
        parent: QWidget | None = None,
        operations: Operations | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._hub, self._selection, self._onsets, self._look = hub, selection, onsets, look
        self._operations = operations
        self.card: Card | None = None
        self.command: CommandSection | None = None
        self.several: Several | None = None
        self._round = 0
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        header = PanelHeader(self.tr("Inspector"), look, self)
        self.close_button = IconButton("close", self.tr("Close the inspector"), look, self)
        self.close_button.clicked.connect(self.close_wanted)
        header.add(self.close_button)
        column.addWidget(header)
        self._area = QScrollArea(self)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column.addWidget(self._area, 1)
        selection.changed.connect(self.show_selection)
        hub.changed.connect(self._on_changes)
        hub.ticked.connect(lambda _: self._refresh())
        onsets.learned.connect(lambda _: self._refresh())
        self.show_selection()

    def focus_first(self) -> None:
        """Give the keyboard to the first link, or to the button that closes."""
        inside = self._area.widget()
        links = [] if inside is None else inside.findChildren(Link)
        (links[0] if links else self.close_button).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_selection(self) -> None:
        """Show what is selected now."""
        self._round += 1
        self.card, self.several, self.command = None, None, None
        keys = self._selection.keys
        if not keys:
            self._area.setWidget(self._nothing())
        elif len(keys) == 1:
            self.card = self._card(keys[0])
            self._area.setWidget(self.card)
            self._ask(keys[0], self.card)
        else:
            self.several = Several(keys, self._hub, self._look, self.opened.emit, self._area)
            if self._operations is not None:
                self.several.add_commands(self._operations, self.command_wanted.emit)
            self._area.setWidget(self.several)

    def _card(self, key: ObjectKey) -> Card:
        operations = self._operations
        card = Card(
            key, self._hub, self._onsets, self._look, self.opened.emit, self._area, operations=operations
        )
        if operations is not None and self._hub.picture.layers[key.layer].actions:
            ask = self.command_wanted.emit
            self.command = CommandSection(key, operations, self._hub, self._look, ask, card)
            card.add_section(self.command)
        return card

    def _ask(self, key: ObjectKey, card: Card) -> None:
        layers, place = self._hub.picture.layers, self._hub.picture.place(key)
        asked = self._round
        at = None if place is None else (float(place[0].x[place[1]]), float(place[0].y[place[1]]))
        still = watched_layers(self._hub.picture)
        point = layers[key.layer].geometry == "point"
        gathers = self._operations is not None and commandable(layers[key.layer])

        def question(db: sqlite_utils.Database) -> Answer:
            near = neighbours(db, still, key, *at) if at is not None and point else []
            feature = features.read(db, key.layer, key.id)
            known = gathers and feature is not None
            groups = groups_of(db, layers[key.layer], feature) if known and feature is not None else []
            return feature, referrers(db, layers, key), near, groups

        def answer(found: Answer) -> None:
            if asked == self._round:
                feature, related, near, groups = found
                self._write(card, feature, related, near, at)
                self._write_groups(card, related, groups)

        self._hub.ask(question, answer)

    def _write(
        self,
        card: Card,
        feature: StoredFeature | None,
        related: list[Referrers],
        near: list[Neighbour],
        at: tuple[float, float] | None,
    ) -> None:
        if feature is not None:
            card.set_feature(feature)
        if related:
            card.add_section(self._related_section(card, related))
        if at is not None and self._hub.picture.layers[card.key.layer].geometry == "point":
            moving = moving_neighbours(self._hub.picture, card.key, *at)
            section = self._near_section(card, sorted([*near, *moving], key=lambda it: it.distance))
            if section is not None:
                card.add_section(section)

    def _write_groups(self, card: Card, related: list[Referrers], groups: list[Group]) -> None:
        """Commands to the objects that hang on this one, or that hang on the same as it."""
        operations = self._operations
        if operations is None:
            return
        layers, words = self._hub.picture.layers, self._look.words
        named = []
        for each in related:
            title = self._look.title(layers[each.layer])
            named.append(
                (self.tr("Command {0} · {1}").format(title, words.number(len(each.keys))), each.keys)
            )
        for group in groups:
            field = layers[card.key.layer].field(group.field)
            title = group.field if field is None else field.label.localized(self._look.locale)
            text = self.tr("Command all of {0} {1} · {2}")
            named.append((text.format(title, group.value, words.number(len(group.keys))), group.keys))
        for title, keys in named:
            if len(keys) > 1 and commandable(layers[keys[0].layer]):
                ask = self.command_wanted.emit
                section = GroupSection(title, keys, operations, self._hub, self._look, ask, card)
                card.add_section(section)

    def _related_section(self, card: Card, related: list[Referrers]) -> Section:
        section = Section(self.tr("Linked"), self._look, card)
        for group in related:
            title = self._look.title(self._hub.picture.layers[group.layer])
            number = self._look.words.number(len(group.keys))
            if len(group.keys) > 1:
                section.add_link(
                    title, self.tr("Select all {0}").format(number), self._opener(list(group.keys))
                )
            named = list(zip(group.keys, group.labels, strict=True))[:LISTED]
            for place, (key, label) in enumerate(named):
                name = title if len(group.keys) == 1 and not place else ""
                section.add_link(name, label, self._key_opener(key))
        return section

    def _near_section(self, card: Card, near: list[Neighbour]) -> Section | None:
        if not near:
            return None
        section = Section(self.tr("Nearby"), self._look, card)
        for each in near:
            layer = self._hub.picture.layers[each.key.layer]
            distance = self._look.words.distance(each.distance)
            kind = layer.singular.localized(self._look.locale)
            link = Link(f"{each.label} · {distance}", self._key_opener(each.key), self._look, section)
            section.add_row(kind, link)
        return section

    def _key_opener(self, key: ObjectKey) -> Callable[[], object]:
        return lambda: self.opened.emit(key)

    def _opener(self, keys: list[ObjectKey]) -> Callable[[], object]:
        return lambda: self.group_opened.emit(keys)

    def _nothing(self) -> QWidget:
        box = QWidget(self._area)
        column = QVBoxLayout(box)
        column.setContentsMargins(12, 16, 12, 16)
        column.setSpacing(8)
        title = text_label(self.tr("Nothing is selected"), box, "heading")
        text = text_label(
            self.tr(
                "Click an object on the map or in a table, or find it with Ctrl+K. "
                "Ctrl-click adds it to the selection."
            ),
            box,
            "dim",
        )
        text.setWordWrap(True)
        column.addWidget(title)
        column.addWidget(text)
        column.addStretch(1)
        return box

    def _on_changes(self, changes: Changes) -> None:
        if self.card is not None and changes.touches(self.card.key.layer):
            self.card.refresh()
            if self.command is not None:
                self.command.refresh()
        elif self.several is not None and any(changes.touches(name) for name in self.several.layers):
            self.several.refresh()

    def _refresh(self) -> None:
        if self.card is not None and self.isVisible():
            self.card.refresh()
            if self.command is not None:
                self.command.refresh()
