"""The bar over everything: whose map this is, the search box, who works here, and the time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qtpy.QtCore import QPointF, QRectF, QSize, Qt
from qtpy.QtGui import QFont, QPainter, QPaintEvent
from qtpy.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QSizePolicy, QToolButton, QWidget

from desktop.hub import Hub
from desktop.map.display import Display
from desktop.panels.desk_tabs import DeskTabs
from desktop.panels.icons import IconButton
from desktop.panels.look import BASE, CLOCK, MONO, SMALL, Look, font
from desktop.panels.marks import mark_path
from desktop.panels.parts import PlainLabel, bold, text_label
from desktop.panels.search_box import SearchBox
from layers.definition import Severity

if TYPE_CHECKING:
    from desktop.operations import Operations

HEIGHT = 44


class Logo(QWidget):
    """The triangle and the name."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self.setAccessibleName("Vigie")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        self.setFont(bold(BASE + 1))
        return QSize(self.fontMetrics().horizontalAdvance("Vigie") + 18, 24)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._look.theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillPath(mark_path(Severity.MEDIUM, QPointF(6, self.height() / 2), 11), theme.text)
        painter.setFont(bold(BASE + 1))
        painter.setPen(theme.text)
        painter.drawText(QRectF(18, 0, self.width(), self.height()), Qt.AlignmentFlag.AlignVCenter, "Vigie")
        painter.end()


class TopBar(QFrame):
    """Menu, name, territory, demonstration badge, search, console and clock."""

    def __init__(
        self,
        hub: Hub,
        look: Look,
        menu: QMenu,
        search: SearchBox,
        territory: str,
        console: str,
        demo: bool,
        parent: QWidget,
        operations: Operations | None = None,
        display: Display | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("topbar")
        self.setFixedHeight(HEIGHT)
        self._look = look
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 16, 0)
        row.setSpacing(12)
        self.menu_button = IconButton("menu", self.tr("Menu (F10)"), look, self)
        self.menu_button.setMenu(menu)
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        row.addWidget(self.menu_button)
        row.addWidget(Logo(look, self))
        self.territory = self._dim(territory)
        row.addWidget(self.territory)
        if demo:
            row.addWidget(self._demo())
        self.desks: DeskTabs | None = None
        if operations is not None and display is not None:
            self.desks = DeskTabs(operations, display, look, self)
            row.addWidget(self.desks, 4)
        row.addStretch(1)
        self._add_search(search)
        self.console = self._dim(self._console_words(console))
        row.addWidget(self.console)
        self.clock = self._clock(hub)
        row.addWidget(self.clock)

    def add_operator(self, widget: QWidget) -> None:
        """Put who is at the desk between the console and the clock."""
        self._row.insertWidget(self._row.indexOf(self.clock), widget)

    def _add_search(self, search: SearchBox) -> None:
        search.setFixedHeight(32)
        search.setMaximumWidth(420)
        search.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._row.addWidget(search, 3)

    def _console_words(self, console: str) -> str:
        # A machine's name alone says nothing; "console 3" needs no such word before it.
        return console if " " in console or not console else self.tr("console {0}").format(console)

    def _clock(self, hub: Hub) -> QLabel:
        words = self._look.words
        label = text_label(words.clock(hub.clock()), self, "clock")
        label.setFont(font(CLOCK, QFont.Weight.DemiBold, MONO))
        label.setAccessibleName(self.tr("Time"))
        hub.ticked.connect(lambda now: label.setText(words.clock(now)))
        return label

    def _dim(self, text: str) -> PlainLabel:
        label = PlainLabel(text, self, name="dim")
        label.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        return label

    def _demo(self) -> QLabel:
        badge = text_label(self.tr("DEMO · simulated data"), self, "demo")
        badge.setFont(font(SMALL, QFont.Weight.DemiBold))
        badge.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        return badge
