"""The inspector's card of one object: what it is, how it is, since when, and what the registry says."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from qtpy.QtCore import QSize
from qtpy.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from desktop.hub import Hub
from desktop.panels.alarm_banner import AlarmBanner
from desktop.panels.contents import Contents
from desktop.panels.look import TITLE, Look
from desktop.panels.names import COMMUNES, commune_name, ranked_by_people, state_words
from desktop.panels.onsets import Onsets
from desktop.panels.parts import PlainLabel, bold, rename
from desktop.panels.sections import AgeLabel, Banner, Section
from desktop.panels.values import value_text
from desktop.panels.wording import AHEAD, one_line
from desktop.store.features import StoredFeature
from desktop.work.picture import ObjectKey
from layers.definition import Field, Severity
from layers.model import Live, Quality

if TYPE_CHECKING:
    from desktop.operations import Operations

COLOR = re.compile(r"#[0-9a-fA-F]{6}")
LONG = 48
"""Characters from which a fact takes several lines."""
LONGEST_TITLE = 120
"""Characters of a name that are shown."""
SHORT_VERSION = 8
"""Characters of a version that tells an operator something; a longer one is a machine's."""


class Card(QWidget):
    """Title, state, live values and facts of one object. `follow` is called with a linked object's key."""

    def __init__(
        self,
        key: ObjectKey,
        hub: Hub,
        onsets: Onsets,
        look: Look,
        follow: Callable[[ObjectKey], object],
        parent: QWidget,
        operations: Operations | None = None,
    ) -> None:
        super().__init__(parent)
        self.key, self._hub, self._onsets, self._look, self._follow = key, hub, onsets, look, follow
        self._layer = hub.picture.layers[key.layer]
        self._contents: Contents | None = None
        self._live_rows: list[tuple[Field, PlainLabel, AgeLabel]] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self._head())
        self.banner = Banner(look, self)
        holder = QVBoxLayout()
        holder.setContentsMargins(12, 0, 12, 12)
        holder.setSpacing(6)
        self.alarms = None if operations is None else AlarmBanner(operations, hub, look, self)
        if self.alarms is not None:
            holder.addWidget(self.alarms)
            self.alarms.show_object(key)
            self.alarms.changed.connect(self.refresh)
        holder.addWidget(self.banner)
        self._column.addLayout(holder)
        self._add_live()
        self._column.addStretch(1)
        look.changed.connect(self._draw_icon)
        self.refresh()

    def add_section(self, section: QWidget) -> None:
        """Put a section below the others."""
        self._column.insertWidget(self._column.count() - 1, section)

    def set_feature(self, feature: StoredFeature) -> None:
        """Write the registry's facts, once they are read."""
        if feature.label:
            self._write_title(feature.label)
        if feature.commune and self.key.layer != COMMUNES:
            commune = commune_name(self._hub.picture, feature.commune)
            self.subtitle.setText(f"{self._kind} · {commune}")
        section = Section(self.tr("Registry"), self._look, self)
        shown = {"name", self._layer.label_field}
        for field in self._layer.fields:
            value = feature.properties.get(field.name)
            if field.name in shown or value in (None, "") or self._says_nothing(field, value):
                continue
            self._add_fact(section, field, value)
        version = feature.version.removeprefix("W/").strip('"')
        if version:
            section.explain(self.tr("Version {0}").format(version), shown=len(version) <= SHORT_VERSION)
        self.add_section(section)
        if self.key.layer == COMMUNES:
            self._contents = Contents(self.key.id, self._hub, self._look, self)
            self.add_section(self._contents)

    def refresh(self) -> None:
        """Write the state and the live values as of now."""
        place, now = self._hub.picture.place(self.key), self._hub.clock()
        if self._contents is not None:
            self._contents.refresh()
        if place is None:
            self.banner.show_state(
                Severity.NORMAL,
                Quality.BAD,
                self.tr("No longer in the registry"),
                self.tr("It was removed, or its layer is still being read."),
            )
            return
        table, row = place
        quality, live = Quality(int(table.quality[row])), self._live()
        state = self._layer.states[int(table.state[row])]
        words = state_words(self._hub.picture, self._look, self.key)
        ranked = state.severity is not Severity.INFO or ranked_by_people(self._layer)
        if quality is Quality.BAD:
            title = self.tr("Unknown · last: {0}").format(words) if live else self.tr("Unknown")
        elif state.severity.priority is None or not ranked:
            title = words
        else:
            title = self.tr("Priority {0} · {1}").format(state.severity.priority, words)
        details = self._details(live, quality, words, now, state.severity)
        self.banner.show_state(state.severity, quality, title, details)
        if self.alarms is not None:
            # The alarms say the same and more, unless the state itself is in doubt.
            self.alarms.write(now)
            self.banner.setVisible(quality is not Quality.GOOD or not self.alarms.standing)
        self._refresh_live(live, quality, now)

    def _head(self) -> QWidget:
        box = QWidget(self)
        row = QHBoxLayout(box)
        row.setContentsMargins(12, 10, 12, 10)
        row.setSpacing(8)
        self._icon = QLabel(box)
        self._icon.setFixedSize(QSize(28, 28))
        words = QVBoxLayout()
        words.setSpacing(0)
        place = self._hub.picture.place(self.key)
        self.title = PlainLabel("", box, cut=False)
        self.title.setFont(bold(TITLE))
        policy = self.title.sizePolicy()
        policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
        self.title.setSizePolicy(policy)
        self._write_title(self.key.id if place is None else place[0].label_of(place[1]))
        kind = self._layer.singular.localized(self._look.locale)
        self._kind = kind if self.title.whole == self.key.id else f"{kind} · {self.key.id}"
        self.subtitle = PlainLabel(self._kind, box, name="small")
        words.addWidget(self.title)
        words.addWidget(self.subtitle)
        row.addWidget(self._icon)
        row.addLayout(words, 1)
        self._draw_icon()
        return box

    def _write_title(self, name: str) -> None:
        line = one_line(name)
        self.title.setText(line if len(line) <= LONGEST_TITLE else line[: LONGEST_TITLE - 1] + "…")

    def _draw_icon(self) -> None:
        place = self._hub.picture.place(self.key)
        state, quality = 0, Quality.GOOD
        if place is not None:
            state, quality = int(place[0].state[place[1]]), Quality(int(place[0].quality[place[1]]))
        self._icon.setPixmap(self._look.symbol(self._layer, state, quality, 28, self.devicePixelRatioF()))

    def _live(self) -> Live | None:
        return self._hub.picture.live.get(self.key.layer, {}).get(self.key.id)

    def _details(
        self, live: Live | None, quality: Quality, words: str, now: float, severity: Severity
    ) -> str:
        sentences = []
        told = self._look.fault_words(self._layer, live.faults) if live is not None else []
        others = [it for it in told if it != words]
        if others:
            sentences.append(", ".join(others) + ".")
        since = self._onsets.since(self.key)
        if since is not None and severity is not Severity.NORMAL:
            clock, elapsed = self._look.words.moment(since, now), self._look.words.elapsed(now - since)
            if since > now + AHEAD:
                sentences.append(self.tr("Dated {0}: check the clock of whoever reported it.").format(clock))
            else:
                sentences.append(self.tr("For {0}, since {1}.").format(elapsed, clock))
        if self._layer.is_live and quality is not Quality.GOOD:
            sentences.append(self._doubt(live, quality, now))
        return "\n".join(sentences)

    def _doubt(self, live: Live | None, quality: Quality, now: float) -> str:
        if live is None:
            return self.tr("It has not reported since the console was started.")
        if self._hub.picture.sources["feed"].lost_at is not None:
            return self.tr("The live feed is cut: this is the last state received.")
        age = self._look.words.brief(now - live.time)
        if quality is Quality.UNCERTAIN:
            return self.tr("Uncertain: last report {0} ago.").format(age)
        return self.tr("Silent for {0}: check it on site or by camera.").format(age)

    def _add_live(self) -> None:
        if not self._layer.live:
            return
        section = Section(self.tr("Live values"), self._look, self)
        for field in self._layer.live:
            self._live_rows.append((field, *section.add_live(field.label.localized(self._look.locale))))
        self._column.addWidget(section)

    def _refresh_live(self, live: Live | None, quality: Quality, now: float) -> None:
        self._draw_icon()
        for field, label, age in self._live_rows:
            text = "" if live is None else value_text(field, live.values.get(field.name), self._look.words)
            if live is None or quality is Quality.BAD:
                known = self.tr("unknown · last: {0}").format(text) if text else self.tr("unknown")
                label.setText(known)
            else:
                label.setText(text or "—")
            rename(label, "dim" if live is None or quality is Quality.BAD else "value")
            age.show_age("" if live is None or not text else self._look.words.age(now - live.time), quality)

    def _add_fact(self, section: Section, field: Field, value: object) -> None:
        label = field.label.localized(self._look.locale)
        if field.type == "reference" and isinstance(value, str) and field.layer in self._hub.picture.layers:
            name = (
                commune_name(self._hub.picture, value)
                if field.layer == COMMUNES
                else self._name(field, value)
            )
            section.add_link(label, name, lambda: self._follow(ObjectKey(field.layer, value)))
            return
        text = value_text(field, value, self._look.words)
        section.add_value(label, text, wrapped=len(text) > LONG)

    def _says_nothing(self, field: Field, value: object) -> bool:
        """A reference of an object to itself, a colour that the map shows, or ids that the buttons tell."""
        if field.layer == self.key.layer and value == self.key.id:
            return True
        if isinstance(value, str) and any(it.declared_in == field.name for it in self._layer.actions):
            return True
        return isinstance(value, str) and COLOR.fullmatch(value) is not None

    def _name(self, field: Field, value: str) -> str:
        place = self._hub.picture.place(ObjectKey(field.layer, value))
        if place is None:
            return value
        name = place[0].label_of(place[1])
        return name if value in name else f"{name} · {value}"
