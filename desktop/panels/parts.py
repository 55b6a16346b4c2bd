"""Small widgets the panels share: headers, plain text, links, rules."""

from __future__ import annotations

import html
from collections.abc import Callable

from qtpy.QtCore import QPointF, QRectF, QSize, Qt
from qtpy.QtGui import QEnterEvent, QFont, QPainter, QPaintEvent, QPen, QResizeEvent
from qtpy.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from desktop.panels.look import BASE, Look, elided, font
from desktop.panels.marks import paint_mark
from desktop.panels.wording import one_line
from layers.definition import Severity


def plain_tip(text: str) -> str:
    """A tool tip that shows the text as it is: Qt would read a name holding tags as rich text."""
    return f"<p>{html.escape(text)}</p>" if text else ""


def text_label(text: str, parent: QWidget, name: str) -> QLabel:
    """A label of plain text; the style sheet knows it by its name."""
    label = QLabel(text, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setObjectName(name)
    return label


class PlainLabel(QLabel):
    """Text shown as it is, whatever it contains; cut with an ellipsis when there is no room."""

    def __init__(
        self, text: str = "", parent: QWidget | None = None, *, name: str = "", cut: bool = True
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setObjectName(name)
        self._whole, self._cut = "", cut
        if cut:
            self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        else:
            self.setWordWrap(True)
        self.setText(text)

    def setText(self, text: str) -> None:
        self._whole = one_line(text) if self._cut else text
        self.setAccessibleName(self._whole)
        self._fit()

    @property
    def whole(self) -> str:
        """The text, cut or not."""
        return self._whole

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return (
            QSize(self.fontMetrics().horizontalAdvance(self._whole) + 2, hint.height()) if self._cut else hint
        )

    def _fit(self) -> None:
        shown = elided(self._whole, self.width(), self.fontMetrics()) if self._cut else self._whole
        super().setText(shown)
        self.setToolTip("" if shown == self._whole else plain_tip(self._whole))


def rename(widget: QWidget, name: str) -> None:
    """Let the style sheet know a widget by another name."""
    if widget.objectName() != name:
        widget.setObjectName(name)
        widget.style().polish(widget)


class PanelHeader(QFrame):
    """The small capitals over a panel, with room for buttons at the right."""

    def __init__(self, title: str, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panelHeader")
        self.setFixedHeight(38)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 0, 8, 0)
        self._row.setSpacing(4)
        label = text_label(title.upper(), self, "header")
        label.setAccessibleName(title)
        self._row.addWidget(label)
        self._row.addStretch(1)

    def add(self, widget: QWidget) -> None:
        """Put a widget at the right."""
        self._row.addWidget(widget)


class MarkLabel(QWidget):
    """The mark of a severity as a small widget."""

    def __init__(self, look: Look, parent: QWidget | None = None, size: int = 12) -> None:
        super().__init__(parent)
        self._look, self._size = look, size
        self.severity = Severity.NORMAL
        self.setFixedSize(size + 2, size + 6)

    def set_severity(self, severity: Severity) -> None:
        """Show the mark of that severity."""
        self.severity = severity
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        color = self._look.theme.severity_color(self.severity)
        center = QPointF(self.width() / 2, self.height() / 2)
        paint_mark(painter, self.severity, center, self._size, color)
        painter.end()


class Link(QPushButton):
    """Text that leads to another object; reached with Tab, followed with Space or Enter."""

    def __init__(self, text: str, follow: Callable[[], object], look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self.setObjectName("link")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._whole = text
        self.setAccessibleName(text)
        self.setFont(font(BASE))
        self.clicked.connect(lambda *_: follow())

    @property
    def whole(self) -> str:
        """The text, cut or not."""
        return self._whole

    def set_text(self, text: str) -> None:
        """Change what the link says."""
        self._whole = text
        self.setAccessibleName(text)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self._whole) + 4, 22)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._look.theme
        over = self.underMouse() or self.hasFocus()
        box = QRectF(self.rect()).adjusted(0, 0, -2, 0)
        text = elided(self._whole, box.width(), self.fontMetrics())
        painter.setPen(theme.accent if over else theme.text)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, text)
        line = round(box.center().y() + self.fontMetrics().ascent() / 2 + 2)
        ink = theme.accent if over else theme.faint
        painter.fillRect(QRectF(0, line, self.fontMetrics().horizontalAdvance(text), 1), ink)
        if self.hasFocus():
            painter.setPen(QPen(theme.accent, 1.0))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        painter.end()


def rule(parent: QWidget) -> QFrame:
    """A line one pixel high."""
    line = QFrame(parent)
    line.setObjectName("rule")
    line.setFixedHeight(1)
    return line


def bold(size: int = BASE) -> QFont:
    """The semi-bold face."""
    return font(size, QFont.Weight.DemiBold)
