"""The parts of an inspector's card: titled groups of rows, the state's banner, ages."""

from __future__ import annotations

from collections.abc import Callable

from qtpy.QtCore import QPointF, QRectF, QSize, Qt
from qtpy.QtGui import QPainter, QPaintEvent
from qtpy.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop.panels.look import BASE, SMALL, Look, font
from desktop.panels.marks import paint_quality
from desktop.panels.parts import Link, MarkLabel, PlainLabel, bold, plain_tip, rule, text_label
from layers.definition import Severity
from layers.model import Quality

LABEL_WIDTH = 124


class AgeLabel(QWidget):
    """The age of a live value: dim while it is fresh, yellow with a dashed or hatched dot when it is not."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look, self.text, self.quality = look, "", Quality.GOOD
        self.setFont(font(SMALL))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_age(self, text: str, quality: Quality) -> None:
        """Say how old the value is and how far it can be trusted."""
        if (text, quality) == (self.text, self.quality):
            return
        wider = self.fontMetrics().horizontalAdvance(text) != self.fontMetrics().horizontalAdvance(self.text)
        self.text, self.quality = text, quality
        self.setAccessibleName(text)
        if wider:
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text) + 14, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._look.theme
        fresh = self.quality is Quality.GOOD
        color = theme.dim if fresh else theme.p3
        painter.setPen(color)
        painter.drawText(
            QRectF(self.rect()), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self.text
        )
        if not fresh and self.text:
            left = self.width() - self.fontMetrics().horizontalAdvance(self.text)
            paint_quality(painter, self.quality, QPointF(left - 8, self.height() / 2 + 0.5), 3.2, color)
        painter.end()


class Section(QWidget):
    """A titled group of rows: label, value or link, and sometimes an age."""

    def __init__(self, title: str, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 12)
        column.setSpacing(4)
        column.addWidget(rule(self))
        column.addSpacing(6)
        self.heading = text_label(title, self, "section")
        self.heading.setContentsMargins(12, 0, 12, 0)
        column.addWidget(self.heading)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(12, 0, 12, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnMinimumWidth(0, LABEL_WIDTH)
        self._grid.setColumnStretch(1, 1)
        column.addLayout(self._grid)

    def add_value(self, label: str, value: str, *, wrapped: bool = False) -> PlainLabel:
        """A row with a value; a wrapped one may take several lines."""
        shown = PlainLabel(value, self, name="value", cut=not wrapped)
        shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        if wrapped:
            shown.setContentsMargins(0, 3, 0, 3)
        self.add_row(label, shown)
        return shown

    def explain(self, text: str, *, shown: bool) -> None:
        """A remark on the whole section: a small last line, or only the heading's tool tip."""
        self.heading.setToolTip(plain_tip(text))
        if shown:
            line = PlainLabel(text, self, name="small")
            line.setMinimumHeight(24)
            self._grid.addWidget(line, self._grid.rowCount(), 0, 1, 2)

    def add_live(self, label: str) -> tuple[PlainLabel, AgeLabel]:
        """A row with a value and its age, both still empty."""
        shown, age = PlainLabel("", self, name="value"), AgeLabel(self._look, self)
        row = self.add_row(label, shown)
        self._grid.addWidget(age, row, 2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return shown, age

    def add_link(self, label: str, text: str, follow: Callable[[], object]) -> Link:
        """A row that leads to another object."""
        link = Link(text, follow, self._look, self)
        self.add_row(label, link)
        return link

    def add_row(self, label: str, widget: QWidget) -> int:
        """A row of any widget; its number in the section."""
        row = self._grid.rowCount()
        name = PlainLabel(label, self, name="dim")
        name.setFixedWidth(LABEL_WIDTH)
        name.setMinimumHeight(24)
        self._grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
        widget.setMinimumHeight(24)
        self._grid.addWidget(widget, row, 1)
        return row


class Banner(QFrame):
    """The state of an object: its priority and words on a bar of the severity's colour."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self._look, self._severity, self._quality = look, Severity.NORMAL, Quality.GOOD
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 8, 10, 10)
        column.setSpacing(2)
        head = QHBoxLayout()
        head.setSpacing(6)
        self._mark = MarkLabel(look, self, 10)
        self.title = PlainLabel("", self)
        self.title.setFont(bold())
        head.addWidget(self._mark)
        head.addWidget(self.title, 1)
        column.addLayout(head)
        self.words = PlainLabel("", self, cut=False)
        self.words.setFont(font(BASE))
        column.addWidget(self.words)
        look.changed.connect(self._dress)

    def show_state(self, severity: Severity, quality: Quality, title: str, words: str) -> None:
        """Say what the state is, since when, and how far it can be trusted."""
        self.title.setText(title)
        self.words.setText(words)
        self.words.setVisible(bool(words))
        self._mark.set_severity(severity)
        self._mark.setVisible(severity is not Severity.NORMAL)
        if (severity, quality) != (self._severity, self._quality):
            self._severity, self._quality = severity, quality
            self._dress()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        bar = QRectF(0, 0, 3, self.height())
        color = self._look.theme.severity_color(self._severity)
        if self._quality is Quality.GOOD:
            painter.fillRect(bar, color)
        else:
            for top in range(0, self.height(), 8):
                painter.fillRect(QRectF(0, top, 3, 4), color)
        painter.end()

    def _dress(self) -> None:
        loud = self._severity is not Severity.NORMAL
        color = self._look.theme.severity_color(self._severity) if loud else self._look.theme.text
        self.title.setStyleSheet(f"color: {color.name()}")
        self.update()
