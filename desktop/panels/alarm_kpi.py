"""The load of the alarm system: a line over the list, and a page with desks and the most frequent alarms."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from qtpy.QtCore import QRectF, QSize, Qt
from qtpy.QtGui import QFont, QPainter, QPaintEvent
from qtpy.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from desktop.hub import Hub
from desktop.panels.alarm_words import AlarmWords, kind_of, object_of
from desktop.panels.look import BASE, CLOCK, SMALL, Look, font
from desktop.panels.names import label_of
from desktop.panels.parts import PlainLabel, text_label
from desktop.work.alarm import Kpi

if TYPE_CHECKING:
    from desktop.operations import Operations

MANAGEABLE = 10
"""Alarms in 10 minutes that one operator can look after (EEMUA 191)."""
BAR_WIDTH = 140


class Tile(QWidget):
    """A figure over its name."""

    def __init__(self, name: str, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self.text, self.name, self.loud = "0", name, False
        self.setFixedHeight(52)

    def show_figure(self, text: str, loud: bool) -> None:
        """Write the figure; loud when it is more than an operator can look after."""
        self.text, self.loud = text, loud
        self.setAccessibleName(f"{self.name}: {text}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(96, 52)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme, box = QPainter(self), self._look.theme, QRectF(self.rect())
        painter.setFont(font(CLOCK, QFont.Weight.DemiBold))
        painter.setPen(theme.p2 if self.loud else theme.text)
        painter.drawText(box.adjusted(0, 0, 0, -20), Qt.AlignmentFlag.AlignBottom, self.text)
        painter.setFont(font(SMALL))
        painter.setPen(theme.dim)
        painter.drawText(box.adjusted(0, 34, 0, 0), Qt.AlignmentFlag.AlignTop, self.name)
        painter.end()


class Bar(QWidget):
    """A share as a grey bar and its figure."""

    def __init__(self, count: int, most: int, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._count, self._most, self._look = count, max(1, most), look
        self.setFixedSize(BAR_WIDTH + 56, 22)
        self.setAccessibleName(str(count))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._look.theme
        middle = self.height() / 2
        painter.fillRect(QRectF(0, middle - 3, BAR_WIDTH, 6), theme.line)
        share = BAR_WIDTH * min(1.0, self._count / self._most)
        painter.fillRect(QRectF(0, middle - 3, share, 6), theme.normal)
        painter.setFont(font(BASE))
        painter.setPen(theme.text)
        box = QRectF(BAR_WIDTH + 8, 0, 48, self.height())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, self._look.words.number(self._count))
        painter.end()


class AlarmKpi(QScrollArea):
    """The page of figures; written again each second while it is seen."""

    def __init__(self, operations: Operations, hub: Hub, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._operations, self._hub, self._look = operations, hub, look
        self.words = AlarmWords(look, hub.picture, operations.desks)
        self._written: tuple[object, ...] = ()
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        page = self._page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(12)
        self.tiles = self._add_tiles(column, page)
        self.desks, self.frequent = QGridLayout(), QGridLayout()
        self._add_lists(column, page)
        self.setWidget(page)
        hub.ticked.connect(lambda _: self.refresh() if self.isVisible() else None)
        look.changed.connect(self.update)

    def refresh(self) -> None:
        """Write the figures as of now."""
        kpi, number = self._operations.alarms.kpi(self._hub.clock()), self._look.words.number
        figures = {
            "rate": (kpi.last_10_min, kpi.last_10_min > MANAGEABLE),
            "standing": (kpi.standing, False),
            "stale": (kpi.stale, False),
            "chattering": (kpi.chattering, False),
            "shelved": (kpi.shelved, False),
            "suppressed": (kpi.suppressed, False),
        }
        for key, (count, loud) in figures.items():
            self.tiles[key].show_figure(number(count), loud)
        by_desk = self.by_desk(kpi)
        if (by_desk, kpi.most_frequent) != self._written:
            self._written = (by_desk, kpi.most_frequent)
            self._fill(self.desks, by_desk, self.tr("No alarm in the last 10 minutes."))
            named = [(self._name(key), count) for key, count in kpi.most_frequent]
            self._fill(self.frequent, named, self.tr("No alarm in the last 24 hours."))

    def showEvent(self, event: object) -> None:
        self.refresh()

    def by_desk(self, kpi: Kpi) -> list[tuple[str, int]]:
        """Activations of the last 10 minutes of each desk, most first."""
        totals: Counter[str] = Counter()
        for layer, count in kpi.by_layer.items():
            totals[self.words.desk(layer)] += count
        return totals.most_common()

    def _add_tiles(self, column: QVBoxLayout, page: QWidget) -> dict[str, Tile]:
        names = {
            "rate": self.tr("in 10 min"),
            "standing": self.tr("standing"),
            "stale": self.tr("over 24 h"),
            "chattering": self.tr("chattering"),
            "shelved": self.tr("shelved"),
            "suppressed": self.tr("masked"),
        }
        made = {key: Tile(name, self._look, page) for key, name in names.items()}
        tiles = QHBoxLayout()
        tiles.setSpacing(20)
        for tile in made.values():
            tiles.addWidget(tile)
        tiles.addStretch(1)
        column.addLayout(tiles)
        return made

    def _add_lists(self, column: QVBoxLayout, page: QWidget) -> None:
        lists = QHBoxLayout()
        lists.setSpacing(48)
        for title, grid in (
            (self.tr("Alarms in 10 min, by desk"), self.desks),
            (self.tr("Most frequent in 24 h"), self.frequent),
        ):
            part = QVBoxLayout()
            part.setSpacing(2)
            heading = text_label(title, page, "section")
            heading.setFixedHeight(22)
            part.addWidget(heading)
            grid.setHorizontalSpacing(16)
            grid.setVerticalSpacing(0)
            part.addLayout(grid)
            part.addStretch(1)
            lists.addLayout(part)
        lists.addStretch(1)
        column.addLayout(lists, 1)

    def _name(self, key: str) -> str:
        return f"{self.words.rule_title(*kind_of(key))} · {label_of(self._hub.picture, object_of(key))}"

    def _fill(self, grid: QGridLayout, figures: list[tuple[str, int]], otherwise: str) -> None:
        while (item := grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        page = self._page
        if not figures:
            grid.addWidget(PlainLabel(otherwise, page, name="dim", cut=False), 0, 0)
        for row, (name, count) in enumerate(figures):
            label = text_label(name, page, "value")
            grid.addWidget(label, row, 0)
            grid.addWidget(Bar(count, figures[0][1], self._look, page), row, 1)
