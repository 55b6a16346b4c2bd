"""The desks as tabs in the top bar: choosing one shows its layers and its alarms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qtpy.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from qtpy.QtGui import QAction, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from qtpy.QtWidgets import QMenu, QSizePolicy, QWidget

from desktop.map.display import Display
from desktop.panels.look import BASE, Look, font
from desktop.panels.marks import paint_chevron
from desktop.panels.wording import one_line

if TYPE_CHECKING:
    from desktop.operations import Operations
    from desktop.work.desks import Desk

HEIGHT, PAD, GAP = 32, 12, 4
FOLDED = 24
"""Pixels that the arrow of the folded tabs takes."""


class DeskTabs(QWidget):
    """One tab for each desk; a menu when there is no room. The tab in front, chosen again, frees the view."""

    chosen = Signal(object)
    """A desk, or None: its layers are shown already, alarms and panels follow."""

    def __init__(
        self, operations: Operations, display: Display, look: Look, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._operations, self._display, self._look = operations, display, look
        self._before: dict[str, bool] | None = None
        self.current: Desk | None = None
        self._over = -1
        self._at = 0
        self.setFixedHeight(HEIGHT)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Desks"))
        self.setVisible(bool(operations.desks))
        look.changed.connect(self.update)

    @property
    def desks(self) -> Sequence[Desk]:
        """The desks, in their order."""
        return tuple(self._operations.desks)

    def choose(self, desk: Desk | None) -> None:
        """Show a desk's layers and hide the other desks'; None shows what was shown before any was chosen.

        Communes and other ground that belongs to no desk stay as the operator has them.
        """
        if desk is not None and self.current is not None and desk.id == self.current.id:
            return
        owned = sorted({name for each in self.desks for name in each.layers})
        if self._before is None:
            self._before = {name: self._display.of(name).visible for name in owned}
        for name in owned:
            self._display.set_visible(name, self._before[name] if desk is None else name in desk.layers)
        if desk is None:
            self._before = None
        self.current = desk
        self._say()
        self.update()
        self.chosen.emit(desk)

    def sizeHint(self) -> QSize:
        return QSize(self._whole_width(), HEIGHT)

    def minimumSizeHint(self) -> QSize:
        widest = max((self._width_of(it) for it in self.desks), default=0)
        return QSize(min(self._whole_width(), widest + FOLDED), HEIGHT)

    @property
    def folded(self) -> bool:
        """Whether there is room for the menu only."""
        return self.width() < self._whole_width()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(font(BASE))
        if self.folded:
            self._paint_folded(painter)
        else:
            for place, rect in enumerate(self._rects()):
                self._paint_tab(painter, place, rect)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            if self.folded:
                self.open_menu()
            else:
                self._press(self._place_at(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._over = self._place_at(event.position())
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._over = -1
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is not None and self.desks and not self.folded:
            self._at = (self._at + step) % len(self.desks)
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space, Qt.Key.Key_Down):
            if self.folded:
                self.open_menu()
            else:
                self._press(self._at)
        else:
            super().keyPressEvent(event)

    def menu(self) -> QMenu:
        """The desks as a menu."""
        menu = QMenu(self)
        for desk in (None, *self.desks):
            text = self.tr("All desks") if desk is None else self._title(desk)
            action = QAction(text.replace("&", "&&"), menu)
            action.setCheckable(True)
            action.setChecked((desk and desk.id) == (self.current and self.current.id))
            action.triggered.connect(lambda _=False, it=desk: self.choose(it))
            menu.addAction(action)
        return menu

    def open_menu(self) -> None:
        """Show the desks as a menu under the tabs."""
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def _press(self, place: int) -> None:
        if 0 <= place < len(self.desks):
            self._at, desk = place, self.desks[place]
            again = self.current is not None and self.current.id == desk.id
            self.choose(None if again else desk)

    def _paint_tab(self, painter: QPainter, place: int, rect: QRectF) -> None:
        theme, desk = self._look.theme, self.desks[place]
        chosen = self.current is not None and self.current.id == desk.id
        if chosen:
            painter.fillRect(rect, theme.raised)
            painter.fillRect(QRectF(rect.left(), rect.bottom() - 2, rect.width(), 2), theme.accent)
        painter.setPen(theme.text if chosen or place == self._over else theme.dim)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self._title(desk))
        if self.hasFocus() and place == self._at:
            self._paint_focus(painter, rect)

    def _paint_folded(self, painter: QPainter) -> None:
        theme = self._look.theme
        title = self.tr("All desks") if self.current is None else self._title(self.current)
        width = painter.fontMetrics().horizontalAdvance(title) + 2 * PAD + FOLDED
        rect = QRectF(0, 2, min(self.width(), width), HEIGHT - 4)
        if self.current is not None:
            painter.fillRect(rect, theme.raised)
            painter.fillRect(QRectF(0, rect.bottom() - 2, rect.width(), 2), theme.accent)
        painter.setPen(theme.dim if self.current is None and self._over < 0 else theme.text)
        painter.drawText(rect.adjusted(PAD, 0, -FOLDED, 0), Qt.AlignmentFlag.AlignVCenter, title)
        paint_chevron(painter, QPointF(rect.right() - PAD, rect.center().y() + 1), True, theme.dim)
        if self.hasFocus():
            self._paint_focus(painter, rect)

    def _paint_focus(self, painter: QPainter, rect: QRectF) -> None:
        painter.setPen(QPen(self._look.theme.accent, 1.0))
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)

    def _rects(self) -> list[QRectF]:
        rects, left = [], 0.0
        for desk in self.desks:
            width = self._width_of(desk)
            rects.append(QRectF(left, 2, width, HEIGHT - 4))
            left += width + GAP
        return rects

    def _place_at(self, point: QPointF) -> int:
        if self.folded:
            return 0
        return next((place for place, rect in enumerate(self._rects()) if rect.contains(point)), -1)

    def _width_of(self, desk: Desk) -> int:
        return QFontMetrics(font(BASE)).horizontalAdvance(self._title(desk)) + 2 * PAD

    def _whole_width(self) -> int:
        return sum(self._width_of(it) + GAP for it in self.desks) - GAP if self.desks else 0

    def _title(self, desk: Desk) -> str:
        return one_line(desk.title.localized(self._look.locale))

    def _say(self) -> None:
        title = self.tr("All desks") if self.current is None else self._title(self.current)
        self.setAccessibleDescription(title)
        self.setToolTip("" if self.current is None else self.tr("Choose it again to leave this desk."))
