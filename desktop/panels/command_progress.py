"""How far a command is: a bar for all its targets, the sentence of its end, and each of its targets."""

from __future__ import annotations

from qtpy.QtCore import QRectF, Qt
from qtpy.QtGui import QPainter, QPaintEvent
from qtpy.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from desktop.hub import Hub
from desktop.panels.command_words import CommandWords
from desktop.panels.look import Look
from desktop.panels.names import label_of
from desktop.panels.parts import PlainLabel, plain_tip
from desktop.work.command import Command, Stage

LISTED = 500
"""Targets listed one by one."""
ROW_HEIGHT, ROWS = 24, 7
ATTENTION = (Stage.DIVERGED, Stage.FAILED, Stage.REFUSED, Stage.EXPIRED, Stage.UNKNOWN, Stage.CANCELLED)


class Bar(QWidget):
    """The shares of targets that are done, that run, and that did not work."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self.done, self.failed, self.every = 0, 0, 1
        self.setFixedHeight(4)

    def show_counts(self, done: int, failed: int, every: int) -> None:
        """Write the shares."""
        self.done, self.failed, self.every = done, failed, max(1, every)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._look.theme
        width = self.width()
        painter.fillRect(self.rect(), theme.line)
        done = width * self.done / self.every
        painter.fillRect(QRectF(0, 0, done, 4), theme.normal)
        painter.fillRect(QRectF(done, 0, width * self.failed / self.every, 4), theme.p2)
        painter.end()


class Progress(QWidget):
    """Follows one command."""

    def __init__(self, hub: Hub, look: Look, words: CommandWords, parent: QWidget) -> None:
        super().__init__(parent)
        self._hub, self._look, self._words = hub, look, words
        self._shown: Command | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 2)
        column.setSpacing(8)
        self.sentence = PlainLabel("", self, cut=False)
        column.addWidget(self.sentence)
        self.bar = Bar(look, self)
        column.addWidget(self.bar)
        self.list = QListWidget(self)
        self.list.setUniformItemSizes(True)
        self.list.setSelectionMode(QListWidget.SelectionMode.NoSelection)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(self.tr("Targets"))
        column.addWidget(self.list)

    def show_command(self, command: Command) -> None:
        """Write where it stands."""
        if command is self._shown:
            return
        self._shown = command
        done = sum(target.stage is Stage.CONFIRMED for target in command.targets)
        failed = sum(target.stage in ATTENTION for target in command.targets)
        several = len(command.targets) > 1
        ended = command.final and several
        self.sentence.setText(self._words.summary(command) if ended else self._words.progress(command))
        self.bar.setVisible(several)
        self.bar.show_counts(done, failed, len(command.targets))
        self.list.setVisible(several)
        if several:
            self._fill(command)

    def _fill(self, command: Command) -> None:
        order = [*ATTENTION, *(stage for stage in Stage if stage not in ATTENTION)]
        targets = sorted(command.targets, key=lambda it: order.index(it.stage))[:LISTED]
        at = self.list.verticalScrollBar().value()
        self.list.clear()
        for target in targets:
            name = label_of(self._hub.picture, target.key)
            text = f"{name}  ·  {self._words.standing(target)}"
            item = QListWidgetItem(text, self.list)
            item.setToolTip(plain_tip(text))
            if target.stage in ATTENTION:
                item.setForeground(self._look.theme.p2)
        self.list.verticalScrollBar().setValue(at)
        self.list.setFixedHeight(min(ROWS, len(targets)) * ROW_HEIGHT + 4)
