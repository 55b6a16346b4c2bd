"""How the window's parts stand to each other: splitters, and the inspector that folds over a narrow map."""

from __future__ import annotations

from qtpy.QtCore import Qt
from qtpy.QtGui import QResizeEvent
from qtpy.QtWidgets import QSplitter, QVBoxLayout, QWidget

from desktop.panels.layout import Layout

TREE, INSPECTOR, BOTTOM = 290, 380, 250
COMPACT_BELOW = 1440
"""Pixels of window width under which the inspector lies over the map."""


class MapArea(QWidget):
    """The map, and over its right side the inspector when there is no room beside it."""

    def __init__(self, canvas: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.canvas = canvas
        canvas.setParent(self)
        self.overlay: QWidget | None = None
        self.setMinimumSize(320, 200)

    def set_overlay(self, widget: QWidget | None) -> None:
        """Lay a panel over the map, or none."""
        self.overlay = widget
        if widget is not None:
            widget.setParent(self)
            widget.raise_()
        self.place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.place()

    def place(self) -> None:
        """Give map and overlay their places."""
        self.canvas.setGeometry(self.rect())
        if self.overlay is not None:
            width = min(INSPECTOR, self.width() - 120)
            self.overlay.setGeometry(self.width() - width, 0, width, self.height())

    @property
    def covered(self) -> int:
        """How many pixels at the right are under the overlay."""
        shown = self.overlay is not None and not self.overlay.isHidden()
        return self.overlay.width() if shown and self.overlay is not None else 0


class Frame(QWidget):
    """Tree, map, inspector and tables, with draggable lines between them."""

    def __init__(
        self, tree: QWidget, canvas: QWidget, inspector: QWidget, bottom: QWidget, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.tree, self.inspector, self.bottom = tree, inspector, bottom
        self.area = MapArea(canvas)
        self.compact = False
        self.sides = QSplitter(Qt.Orientation.Horizontal, self)
        self.stack = QSplitter(Qt.Orientation.Vertical, self)
        for splitter in (self.sides, self.stack):
            splitter.setHandleWidth(1)
            splitter.setChildrenCollapsible(False)
        tree.setMinimumWidth(220)
        inspector.setMinimumWidth(300)
        bottom.setMinimumHeight(110)
        for widget in (tree, self.area, inspector):
            self.sides.addWidget(widget)
        self.stack.addWidget(self.sides)
        self.stack.addWidget(bottom)
        self.sides.setStretchFactor(1, 1)
        self.stack.setStretchFactor(0, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stack)
        self.reset()

    def reset(self) -> None:
        """The usual sizes."""
        width, height = max(self.width(), 1000), max(self.height(), 600)
        for widget in (self.tree, self.bottom):
            widget.show()
        if not self.compact:
            self.inspector.show()
            self.sides.setSizes([TREE, width - TREE - INSPECTOR, INSPECTOR])
        else:
            self.sides.setSizes([TREE, width - TREE])
        self.stack.setSizes([height - BOTTOM, BOTTOM])

    def fold(self, compact: bool) -> None:
        """Put the inspector over the map (`compact`) or beside it."""
        if compact == self.compact:
            return
        self.compact = compact
        if compact:
            self.area.set_overlay(self.inspector)
            self.inspector.hide()
        else:
            self.area.set_overlay(None)
            self.sides.addWidget(self.inspector)
            self.inspector.show()
            width = max(self.width(), 1000)
            tree = self.tree.width() if self.tree.isVisible() else TREE
            self.sides.setSizes([tree, width - tree - INSPECTOR, INSPECTOR])

    def save(self, layout: Layout) -> None:
        """Remember sizes and which panels are shown."""
        layout.put("frame/sides", bytes(self.sides.saveState().data()))
        layout.put("frame/stack", bytes(self.stack.saveState().data()))
        layout.put("frame/compact", self.compact)
        for name, widget in (("tree", self.tree), ("bottom", self.bottom)):
            layout.put(f"frame/{name}", not widget.isHidden())

    def restore(self, layout: Layout) -> None:
        """Take the sizes of last time; what cannot be read is left as usual."""
        if layout.flag("frame/compact", self.compact) == self.compact:
            self.sides.restoreState(layout.data("frame/sides"))
        self.stack.restoreState(layout.data("frame/stack"))
        self.tree.setVisible(layout.flag("frame/tree", True))
        self.bottom.setVisible(layout.flag("frame/bottom", True))
        for splitter in (self.sides, self.stack):
            splitter.setHandleWidth(1)
            splitter.setChildrenCollapsible(False)
