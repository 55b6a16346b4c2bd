"""A card that lies over the map's right side: it asks or tells something while the map stays in sight."""

from __future__ import annotations

from qtpy.QtCore import QEvent, QObject, Qt, Signal
from qtpy.QtGui import QKeyEvent
from qtpy.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from desktop.map.canvas import Canvas
from desktop.panels.icons import IconButton
from desktop.panels.look import TITLE, Look
from desktop.panels.parts import PlainLabel, bold

WIDTH = 372
TOP, ASIDE = 12, 60
"""Pixels kept free above the card, and at its right for the map's buttons."""


class SideCard(QFrame):
    """Title, what the subclass puts below, and a row of buttons. Escape closes it."""

    closed = Signal()

    def __init__(self, title: str, canvas: Canvas, look: Look) -> None:
        super().__init__(canvas)
        self.setObjectName("plate")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._canvas, self._look = canvas, look
        self.setFixedWidth(WIDTH)
        self.setAccessibleName(title)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(16, 12, 16, 14)
        self.body.setSpacing(8)
        head = QHBoxLayout()
        self.title = PlainLabel(title, self, cut=False)
        self.title.setFont(bold(TITLE))
        head.addWidget(self.title, 1)
        self.close_button = IconButton("close", self.tr("Close (Esc)"), look, self)
        self.close_button.clicked.connect(self.leave)
        head.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(head)
        canvas.installEventFilter(self)

    def leave(self) -> None:
        """Close the card: what was begun goes on, what was not is forgotten."""
        self.hide()
        self.closed.emit()
        self.deleteLater()

    def add_line(self, text: str = "", name: str = "value") -> PlainLabel:
        """A line of text; several where it is long."""
        line = PlainLabel(text, self, name=name, cut=False)
        self.body.addWidget(line)
        return line

    def add_buttons(self, *buttons: QPushButton) -> None:
        """The row of buttons, the one that acts last."""
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        for button in buttons:
            row.addWidget(button)
        self.body.addLayout(row)

    def button(self, text: str, *, acts: bool = False) -> QPushButton:
        """A button; the one that acts has the accent."""
        made = QPushButton(text, self)
        made.setAutoDefault(True)
        if acts:
            made.setObjectName("primary")
        return made

    def place(self) -> None:
        """Stand at the right of what is seen of the map."""
        self.adjustSize()
        height = min(self.sizeHint().height(), max(120, self._canvas.height() - 2 * TOP))
        self.resize(WIDTH, height)
        left = self._canvas.width() - self._canvas.covered - ASIDE - WIDTH
        self.move(max(TOP, left), TOP)
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.place()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)
