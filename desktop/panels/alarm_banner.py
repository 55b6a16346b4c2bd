"""The alarms of one object in the inspector: what, since when, what to do, and the buttons to do it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qtpy.QtCore import QRectF, Qt, Signal
from qtpy.QtGui import QPainter, QPaintEvent, QPen
from qtpy.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.hub import Hub
from desktop.panels.alarm_acts import AlarmActs
from desktop.panels.alarm_words import AlarmWords
from desktop.panels.look import BASE, SMALL, Look, font
from desktop.panels.parts import MarkLabel, PlainLabel, bold
from desktop.panels.wording import HARD
from desktop.work.alarm import Alarm, AlarmChanges, Life
from desktop.work.operators import Right
from desktop.work.picture import ObjectKey

if TYPE_CHECKING:
    from desktop.operations import Operations

SHOWN = 3
"""Alarms of one object that are shown one by one."""
KEY_ROOM = 22
"""Pixels for the key in a button."""


class KeyButton(QPushButton):
    """A button that shows the key that does the same."""

    def __init__(self, text: str, key: str, look: Look, parent: QWidget) -> None:
        super().__init__(text, parent)
        self._key, self._look = key, look
        self.setStyleSheet(f"padding-right: {KEY_ROOM + 8}px")

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter, theme = QPainter(self), self._look.theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self.height() / 2
        cap = QRectF(self.width() - KEY_ROOM - 2.5, middle - 7.5, 16, 15)
        painter.setPen(QPen(theme.line, 1.0))
        painter.drawRoundedRect(cap, 3, 3)
        painter.setFont(font(SMALL - 1))
        painter.setPen(theme.dim)
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, self._key)
        painter.end()


class AlarmBlock(QFrame):
    """One alarm, on a bar of its priority's colour."""

    def __init__(self, words: AlarmWords, look: Look, acts: AlarmActs, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self._words, self._look, self._acts = words, look, acts
        self.alarm: Alarm | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 8, 10, 10)
        column.setSpacing(2)
        head = QHBoxLayout()
        head.setSpacing(6)
        self._mark = MarkLabel(look, self, 10)
        self.title = PlainLabel("", self, cut=False)
        self.title.setFont(bold())
        head.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.title, 1)
        column.addLayout(head)
        self.guidance = PlainLabel("", self, cut=False)
        self.standing = PlainLabel("", self, name="dim", cut=False)
        for label in (self.guidance, self.standing):
            label.setFont(font(BASE))
            column.addWidget(label)
        column.addSpacing(4)
        column.addLayout(self._buttons())
        look.changed.connect(self._dress)

    def show_alarm(self, alarm: Alarm, now: float) -> None:
        """Say what the alarm is as of now."""
        self.alarm = alarm
        title = self._words.title(alarm)
        self.title.setText(self.tr("Priority {0} · {1}").format(alarm.severity.priority, title))
        guidance = alarm.guidance.localized(self._look.locale)
        self.guidance.setText(guidance)
        self.guidance.setVisible(bool(guidance))
        self.standing.setText(self._standing(alarm, now))
        self._mark.set_severity(alarm.severity)
        operator = self._acts.operations.operator
        waits = not alarm.life.acknowledged and not alarm.hidden
        self.acknowledge.setVisible(waits)
        self.shelve.setVisible(not alarm.hidden)
        self.put_back.setVisible(alarm.hidden)
        for button, right in (
            (self.acknowledge, Right.ACKNOWLEDGE),
            (self.shelve, Right.SHELVE),
            (self.put_back, Right.SUPPRESS if alarm.suppressed else Right.SHELVE),
        ):
            button.setEnabled(operator.may(right))
            button.setToolTip("" if operator.may(right) else self._acts.why_not())
        self._dress()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.alarm is None:
            return
        painter, color = QPainter(self), self._look.theme.severity_color(self.alarm.severity)
        if self.alarm.uncertain:
            for top in range(0, self.height(), 8):
                painter.fillRect(QRectF(0, top, 3, 4), color)
        else:
            painter.fillRect(QRectF(0, 0, 3, self.height()), color)
        painter.end()

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(6)
        self.acknowledge = KeyButton(self.tr("Acknowledge"), "A", self._look, self)
        self.shelve = QPushButton(self.tr("Shelve…"), self)
        self.put_back = QPushButton(self.tr("Put back"), self)
        self.acknowledge.clicked.connect(lambda _: self._acts.acknowledge(self._keys()))
        self.shelve.clicked.connect(lambda _: self._acts.ask_shelve(self._keys(), self))
        self.put_back.clicked.connect(lambda _: self._acts.put_back(self._keys()))
        for button in (self.acknowledge, self.shelve, self.put_back):
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _keys(self) -> list[str]:
        return [] if self.alarm is None else [self.alarm.key]

    def _standing(self, alarm: Alarm, now: float) -> str:
        elapsed = self._look.words.elapsed(now - alarm.raised)
        state = self._words.state(alarm, now)
        state = state[:1].upper() + state[1:]
        if alarm.life is Life.CLEARED_UNACKNOWLEDGED:
            gone = self._look.words.elapsed(now - alarm.changed)
            return self.tr("Cleared for {0}. {1}.").format(gone, state)
        note = alarm.acknowledged.note if alarm.acknowledged is not None else ""
        line = self.tr("For {0}. {1}.").format(elapsed, state)
        return f"{line} «{HARD}{note}{HARD}»" if note else line

    def _dress(self) -> None:
        if self.alarm is not None:
            color = self._look.theme.severity_color(self.alarm.severity)
            self.title.setStyleSheet(f"color: {color.name()}")
        self.update()


class AlarmBanner(QWidget):
    """Every open alarm of one object, worst first; hidden when it has none."""

    changed = Signal()
    """The object's alarms changed."""

    def __init__(self, operations: Operations, hub: Hub, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._operations, self._hub, self._look = operations, hub, look
        self._words = AlarmWords(look, hub.picture, operations.desks)
        self.acts = AlarmActs(operations, hub, look, self)
        self._key: ObjectKey | None = None
        self.blocks: list[AlarmBlock] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self.more = PlainLabel("", self, name="small")
        self._column.addWidget(self.more)
        operations.alarms_changed.connect(self._on_alarms)
        operations.operator_changed.connect(self.refresh)
        self.hide()

    @property
    def alarms(self) -> list[Alarm]:
        """The alarms of the object, worst first, those put aside last."""
        if self._key is None:
            return []
        found = self._operations.alarms.of(self._key)
        open_ones = [it for it in found if it.life is not Life.CLOSED]
        return sorted(open_ones, key=lambda it: (it.hidden, -int(it.severity), -it.raised))

    def show_object(self, key: ObjectKey) -> None:
        """Show the alarms of an object."""
        self._key = key
        self.refresh()

    @property
    def standing(self) -> bool:
        """Whether an alarm that is not put aside holds."""
        return any(it.life.active and not it.hidden for it in self.alarms)

    def refresh(self) -> None:
        """Write everything as of now, and say that it changed."""
        self.write(self._hub.clock())
        self.changed.emit()

    def write(self, now: float) -> None:
        """Write everything as of `now`, epoch seconds."""
        alarms = self.alarms
        while len(self.blocks) < min(SHOWN, len(alarms)):
            block = AlarmBlock(self._words, self._look, self.acts, self)
            self._column.insertWidget(len(self.blocks), block)
            self.blocks.append(block)
        for place, block in enumerate(self.blocks):
            block.setVisible(place < len(alarms))
            if place < len(alarms):
                block.show_alarm(alarms[place], now)
        self.more.setVisible(len(alarms) > SHOWN)
        self.more.setText(self.tr("and {0} more in the list").format(len(alarms) - SHOWN))
        self.setVisible(bool(alarms))

    def acknowledge(self) -> None:
        """Acknowledge what of the object waits."""
        self.acts.acknowledge([it.key for it in self.alarms if not it.life.acknowledged])

    def _on_alarms(self, changes: AlarmChanges) -> None:
        if self._key is not None:
            start = f"{self._key.layer}/{self._key.id}/"
            if any(key.startswith(start) for key in changes.keys):
                self.refresh()
