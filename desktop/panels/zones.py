"""The parts of the window that the keyboard goes round: F6 to the next one, Tab within and between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from qtpy.QtCore import QEvent, QObject, QRect, Qt
from qtpy.QtGui import QFocusEvent, QPainter, QPaintEvent, QRegion
from qtpy.QtWidgets import QApplication, QWidget

from desktop.panels.bottom import BottomPanel
from desktop.panels.inspector import Inspector
from desktop.panels.layer_tree import LayerTree
from desktop.panels.look import Look
from desktop.panels.topbar import TopBar

BY_KEYBOARD = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)
Zone = tuple[QWidget, Callable[[], object]]
"""A part of the window, and what gives it the keyboard."""


class Zones:
    """Goes from one part of the window to the next, in the order given; hidden ones are passed over."""

    def __init__(self, zones: Sequence[Zone]) -> None:
        self._zones = list(zones)

    def go(self, step: int) -> None:
        """Give the keyboard to the next part (1) or the one before (-1)."""
        shown = [zone for zone in self._zones if zone[0].isVisible()]
        if not shown:
            return
        focus = QApplication.focusWidget()
        here = next((i for i, (part, _) in enumerate(shown) if _holds(part, focus)), None)
        place = (0 if step > 0 else -1) if here is None else (here + step) % len(shown)
        shown[place][1]()


def tab_order(
    bar: TopBar, search: QWidget, tree: LayerTree, canvas: QWidget, inspector: Inspector, bottom: BottomPanel
) -> Zones:
    """Let Tab go from bar to tree, map, inspector and tables; the same parts as zones."""
    order = [bar.menu_button, search, tree.view, canvas, inspector.close_button, bottom.tabs]
    for first, second in pairwise(order):
        QWidget.setTabOrder(first, second)
    reason = Qt.FocusReason.ShortcutFocusReason
    return Zones(
        [
            (tree, lambda: tree.view.setFocus(reason)),
            (canvas, lambda: canvas.setFocus(reason)),
            (inspector, inspector.focus_first),
            (bottom, lambda: bottom.current_view.setFocus(reason)),
            (bar, lambda: bar.menu_button.setFocus(reason)),
        ]
    )


class FocusFrame(QWidget):
    """A line of the accent around a part that has no other way to show that it has the keyboard.

    It comes with Tab and shortcuts, not with the mouse.
    """

    def __init__(self, watched: QWidget, look: Look) -> None:
        super().__init__(watched)
        self._watched, self._look = watched, look
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if isinstance(event, QFocusEvent):
            self._show(kind == QEvent.Type.FocusIn and event.reason() in BY_KEYBOARD)
        elif kind == QEvent.Type.MouseButtonPress:
            self.hide()
        elif kind == QEvent.Type.Resize:
            self._fit()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.theme.accent)
        painter.end()

    def _show(self, shown: bool) -> None:
        self._fit()
        self.setVisible(shown)
        self.raise_()

    def _fit(self) -> None:
        # Only the rim is a part of this widget: the map under it is painted as if it were not there.
        whole = QRect(self._watched.rect())
        self.setGeometry(whole)
        self.setMask(QRegion(whole) - QRegion(whole.adjusted(2, 2, -2, -2)))


def _holds(part: QWidget, focus: QWidget | None) -> bool:
    return focus is not None and (part is focus or part.isAncestorOf(focus))
