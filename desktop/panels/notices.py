"""One line for the operator when something went wrong; it takes no focus and stops nothing."""

from __future__ import annotations

from collections.abc import Callable

from qtpy.QtCore import QPointF
from qtpy.QtGui import QPainter, QPaintEvent
from qtpy.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from desktop.panels.icons import IconButton
from desktop.panels.look import Look
from desktop.panels.marks import paint_mark
from desktop.panels.parts import PlainLabel
from desktop.panels.troubles import trouble_words
from layers.definition import Severity


class NoticeStrip(QFrame):
    """Under the top bar; the last notice replaces the one before."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self.setFixedHeight(32)
        self._look = look
        row = QHBoxLayout(self)
        row.setContentsMargins(32, 0, 8, 0)
        row.setSpacing(12)
        self.text = PlainLabel("", self)
        row.addWidget(self.text, 1)
        self.button = QPushButton(self)
        self.button.setObjectName("small")
        row.addWidget(self.button)
        close = IconButton("close", self.tr("Close this notice"), look, self, 24)
        close.clicked.connect(self.clear)
        row.addWidget(close)
        self._run: Callable[[], object] | None = None
        self._about = ""
        self.button.clicked.connect(self._do)
        self.hide()

    def say(
        self, text: str, action: str = "", run: Callable[[], object] | None = None, *, about: str = ""
    ) -> None:
        """Show a notice, with a button when there is something to do; `about` names what `settle` ends."""
        self.text.setText(trouble_words(text))
        self._run, self._about = run, about
        self.button.setText(action)
        self.button.setVisible(bool(action))
        self.show()

    def settle(self, about: str) -> None:
        """What went wrong about that is mended; a notice about something else stays."""
        if self._about == about:
            self.clear()

    def clear(self) -> None:
        """Show none."""
        self._run = None
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        center = QPointF(18, self.height() / 2)
        paint_mark(painter, Severity.MEDIUM, center, 11, self._look.theme.severity_color(Severity.MEDIUM))
        painter.end()

    def _do(self) -> None:
        run = self._run
        self.clear()
        if run is not None:
            run()
