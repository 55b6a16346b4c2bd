"""The tree of layers at the left of the map."""

from __future__ import annotations

from qtpy.QtCore import QEvent, QModelIndex, QPoint, QRect, Qt, Signal
from qtpy.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent
from qtpy.QtWidgets import QFrame, QMenu, QTreeView, QVBoxLayout, QWidget

from desktop.hub import Hub
from desktop.map.display import Display
from desktop.panels.layer_delegate import DOT_AT, TITLE_AT, LayerDelegate
from desktop.panels.layer_model import LayerModel, Node
from desktop.panels.look import Look
from desktop.panels.options import LayerOptions
from desktop.panels.parts import PanelHeader
from layers.definition import LayerDefinition


class LayerView(QTreeView):
    """Arrows move and open, Space shows and hides, Enter opens the options."""

    options_wanted = Signal(str)
    menu_wanted = Signal(str, QPoint)

    def __init__(self, model: LayerModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._layers = model
        self.setModel(model)
        self.setItemDelegate(LayerDelegate(model))
        self.setHeaderHidden(True)
        self.setIndentation(0)
        self.setRootIsDecorated(False)
        self.setMouseTracking(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QTreeView.ScrollMode.ScrollPerPixel)
        self.setExpandsOnDoubleClick(False)
        self.setAccessibleName(self.tr("Layers"))
        for row in range(model.rowCount()):
            self.expand(model.index(row, 0))

    def drawBranches(self, painter: object, rect: QRect, index: object) -> None:
        """The delegate paints the arrows itself."""

    def layer_at(self, index: QModelIndex) -> LayerDefinition | None:
        """The layer whose row that is, or None."""
        node = self._layers.node(index)
        return node.layer if isinstance(node, Node) and node.kind == "layer" else None

    def toggle(self, index: QModelIndex) -> None:
        """Show the layer of a row if it is hidden, hide it if it is shown."""
        layer = self.layer_at(index)
        if layer is not None:
            display = self._layers.display
            display.set_visible(layer.id, not display.of(layer.id).visible)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index, layer = self.currentIndex(), self.layer_at(self.currentIndex())
        if layer is not None and event.key() == Qt.Key.Key_Space:
            self.toggle(index)
        elif layer is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.options_wanted.emit(layer.id)
        elif layer is not None and event.key() == Qt.Key.Key_Menu:
            self.menu_wanted.emit(layer.id, self._below(index))
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and self.layer_at(index) is not None:
            x = event.position().x()
            if DOT_AT - 8 <= x < TITLE_AT - 4:
                self.toggle(index)
            elif x < DOT_AT - 8:
                self.setExpanded(index, not self.isExpanded(index))
        super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if self.layer_at(index) is not None and event.position().x() >= TITLE_AT - 4:
            self.setExpanded(index, not self.isExpanded(index))
            event.accept()
            return
        super().mouseDoubleClickEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index = self.indexAt(event.pos())
        layer = self.layer_at(index)
        if layer is not None:
            self.setCurrentIndex(index)
            self.menu_wanted.emit(layer.id, event.globalPos())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.scheduleDelayedItemsLayout()

    def _below(self, index: QModelIndex) -> QPoint:
        rect = self.visualRect(index)
        return self.viewport().mapToGlobal(QPoint(TITLE_AT, rect.bottom()))


class LayerTree(QWidget):
    """The panel: header, tree, and the menu of a layer."""

    fit_wanted = Signal(str)
    table_wanted = Signal(str)

    def __init__(self, hub: Hub, display: Display, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._display, self._look, self._hub = display, look, hub
        self.model = LayerModel(hub, display, look, self)
        self.view = LayerView(self.model, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.header = PanelHeader(self.tr("Layers"), look, self)
        column.addWidget(self.header)
        column.addWidget(self.view, 1)
        self.view.options_wanted.connect(self.open_options)
        self.view.menu_wanted.connect(self.open_menu)

    def show_only(self, layer: str) -> None:
        """Hide every point layer but one; lines and areas that were shown stay as ground."""
        for name, each in self._hub.picture.layers.items():
            if each.geometry == "point" or name == layer:
                self._display.set_visible(name, name == layer)

    def show_all(self) -> None:
        """Show the layers that are shown by default."""
        for name, each in self._hub.picture.layers.items():
            self._display.set_visible(name, each.visible)

    def open_options(self, layer: str) -> LayerOptions:
        """Open opacity and filters beside the layer's row."""
        rect = self.view.visualRect(self.model.index_of(layer))
        options = LayerOptions(self._hub.picture.layers[layer], self._display, self._look, self)
        options.open_at(self.view.viewport().mapToGlobal(QPoint(self.view.viewport().width(), rect.top())))
        return options

    def menu(self, layer: str) -> QMenu:
        """What can be done with a layer."""
        menu = QMenu(self)
        visible = self._display.of(layer).visible
        menu.addAction(
            self.tr("Hide") if visible else self.tr("Show"),
            lambda: self._display.set_visible(layer, not visible),
        )
        menu.addAction(self.tr("Show only this layer"), lambda: self.show_only(layer))
        menu.addAction(self.tr("Show the usual layers"), self.show_all)
        menu.addSeparator()
        menu.addAction(self.tr("Fit the map to it"), lambda: self.fit_wanted.emit(layer))
        menu.addAction(self.tr("Open as a table"), lambda: self.table_wanted.emit(layer))
        menu.addAction(self.tr("Opacity and filters…"), lambda: self.open_options(layer))
        if self._display.of(layer).conditions:
            menu.addAction(self.tr("Remove the filters"), lambda: self._display.set_conditions(layer, ()))
        return menu

    def open_menu(self, layer: str, where: QPoint) -> None:
        """Open the menu of a layer there."""
        menu = self.menu(layer)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(where)
