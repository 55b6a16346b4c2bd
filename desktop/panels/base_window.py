"""The main window's parts and their places, and how they talk."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from qtpy.QtCore import QPoint, Signal
from qtpy.QtGui import QAction, QCloseEvent, QResizeEvent
from qtpy.QtWidgets import QApplication, QMainWindow, QMenu, QVBoxLayout, QWidget

from desktop.hub import Hub
from desktop.map.canvas import Canvas
from desktop.map.display import Display
from desktop.map.selection import Selection
from desktop.panels import map_menus
from desktop.panels.bottom import BottomPanel
from desktop.panels.commands import Commands
from desktop.panels.duty import Duty
from desktop.panels.duty_actions import DutyActions
from desktop.panels.filtering import Filtering
from desktop.panels.frame import COMPACT_BELOW, Frame
from desktop.panels.furniture import Furniture
from desktop.panels.inspector import Inspector
from desktop.panels.layer_tree import LayerTree
from desktop.panels.layout import Layout
from desktop.panels.look import Look
from desktop.panels.notices import NoticeStrip
from desktop.panels.onsets import Onsets
from desktop.panels.opening import Opening
from desktop.panels.places import WGS84
from desktop.panels.search_box import SearchBox
from desktop.panels.search_results import Result
from desktop.panels.statusbar import StatusBar
from desktop.panels.stylesheet import dress
from desktop.panels.sync_status import removal_words
from desktop.panels.topbar import TopBar
from desktop.panels.zones import FocusFrame, tab_order
from desktop.store import features
from desktop.work.picture import ObjectKey
from desktop.work.sync_summary import Removal

if TYPE_CHECKING:
    from desktop.operations import Operations

REGISTRY = "registry"
CLOSE_ZOOM = 16.5
"""The zoom flown to for one object, when the map is farther."""


class Parts(QMainWindow):
    """The parts and their places. `Window` says how they talk."""

    locale_requested = Signal(str)
    """Another language was chosen: the application opens the window again in it."""

    def __init__(
        self,
        hub: Hub,
        display: Display,
        selection: Selection,
        canvas: Canvas,
        look: Look,
        layout: Layout,
        *,
        territory: str,
        console: str = "",
        demo: bool = False,
        attribution: str = "",
        sync_now: Callable[[], object] | None = None,
        agree_removal: Callable[[str], object] | None = None,
        operations: Operations | None = None,
    ) -> None:
        super().__init__()
        self.setWindowTitle(f"Vigie · {territory}")
        self.hub, self.display, self.selection = hub, display, selection
        self.canvas, self.look, self.saved = canvas, look, layout
        self._sync_now, self._agree = sync_now, agree_removal
        self._full = False
        self._operations = operations
        self.duty: Duty | None = None
        application = QApplication.instance()
        if isinstance(application, QApplication):
            dress(application, look.theme)
        layout.restore_layers(display, list(hub.picture.layers))
        self.filtering = Filtering(hub, display, self)
        self.onsets = Onsets(hub, self)
        self.commands = Commands(self)
        self._build(territory, console, demo, attribution)
        if operations is not None:
            self._go_on_duty(operations, console)
        self._fill_menu()
        self._connect()
        self._restore()

    def _build(self, territory: str, console: str, demo: bool, attribution: str) -> None:
        hub, look, selection = self.hub, self.look, self.selection
        self._prepare_commands()
        central = QWidget(self)
        self.menu = QMenu(self)
        self.search = SearchBox(hub, self.commands, look, self._center, self, central)
        self.topbar = TopBar(
            hub,
            look,
            self.menu,
            self.search,
            territory,
            console,
            demo,
            central,
            display=self.display,
            operations=self._operations,
        )
        self.notices = NoticeStrip(look, central)
        self.tree = LayerTree(hub, self.display, look)
        self.inspector = Inspector(hub, selection, self.onsets, look, operations=self._operations)
        self.bottom = BottomPanel(hub, selection, self.onsets, look, operations=self._operations)
        self.frame = Frame(self.tree, self.canvas, self.inspector, self.bottom, central)
        self.furniture = Furniture(
            self.canvas, hub, self.display, look, attribution, self.canvas.zoom_by, self.canvas.fit_home
        )
        self.status = StatusBar(hub, look, self.saved.text("coordinates", WGS84), central)
        self.opening = Opening(hub, look, self.status.registry, self.canvas)
        FocusFrame(self.canvas, look)
        column = QVBoxLayout(central)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.topbar, self.notices, self.frame, self.status):
            column.addWidget(widget, 1 if widget is self.frame else 0)
        self.setCentralWidget(central)
        self.canvas.setAccessibleName(self.tr("Map"))
        self.zones = tab_order(self.topbar, self.search, self.tree, self.canvas, self.inspector, self.bottom)

    def _go_on_duty(self, operations: Operations, console: str) -> None:
        self.duty = Duty(
            operations,
            self.hub,
            self.selection,
            self.canvas,
            self.look,
            self.bottom,
            self.notices,
            self,
        )
        self.duty.dress(self.topbar, self.inspector, console)
        DutyActions(self.commands, self.duty, self.selection, self.hub.picture.layers, self.look, self)

    def _prepare_commands(self) -> None:
        raise NotImplementedError

    def _menu_groups(self) -> list[tuple[str, list[QAction]]]:
        raise NotImplementedError

    def _fill_menu(self) -> None:
        self.menu.clear()
        for title, actions in self._menu_groups():
            group = self.menu.addMenu(title)
            group.addActions(actions)

    def show_inspector(self, shown: bool) -> None:
        """Show or hide the inspector."""
        self.inspector.setVisible(shown)
        self.frame.area.place()
        self.canvas.covered = self.frame.area.covered
        self.furniture.cover(self.frame.area.covered)
        self.commands["inspector"].setChecked(shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        compact = self.width() < COMPACT_BELOW
        if compact != self.frame.compact:
            self.frame.fold(compact)
            self.show_inspector(not compact or len(self.selection) > 0)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.save_layout()
        super().closeEvent(event)

    def save_layout(self) -> None:
        """Remember window, panels and layers."""
        self.saved.put("window/geometry", bytes(self.saveGeometry().data()))
        self.saved.put("theme", self.look.theme.name)
        self.frame.save(self.saved)
        self.saved.put("frame/inspector", not self.inspector.isHidden())
        self.saved.save_layers(self.display, list(self.hub.picture.layers))
        self.saved.flush()

    def _restore(self) -> None:
        if not self.restoreGeometry(self.saved.data("window/geometry")):
            self.resize(1600, 960)
        self.frame.fold(self.width() < COMPACT_BELOW)
        self.frame.restore(self.saved)
        shown = (
            self.saved.flag("frame/inspector", True) if not self.frame.compact else len(self.selection) > 0
        )
        self.show_inspector(shown)
        self.canvas.setFocus()
        for name, widget in (("layers", self.tree), ("tables", self.bottom)):
            self.commands[name].setChecked(not widget.isHidden())
        if self.display.commune is not None or any(map(self.display.conditions, self.hub.picture.layers)):
            self.filtering.apply()

    def _on_selection(self) -> None:
        if self.frame.compact:
            self.show_inspector(len(self.selection) > 0)

    def _on_history(self) -> None:
        self.commands["back"].setEnabled(self.canvas.history.can_go_back)
        self.commands["forward"].setEnabled(self.canvas.history.can_go_forward)

    def _on_look(self) -> None:
        application = QApplication.instance()
        if isinstance(application, QApplication):
            dress(application, self.look.theme)
        self.canvas.set_theme(self.look.theme)

    def _connect(self) -> None:
        raise NotImplementedError

    def _center(self) -> tuple[float, float]:
        return self.canvas.view.x, self.canvas.view.y


class Window(Parts):
    """How the parts talk, and where one can go. `MainWindow` adds what the actions do."""

    def _connect(self) -> None:
        canvas, hub = self.canvas, self.hub
        canvas.view_changed.connect(self.status.set_view)
        canvas.view_changed.connect(self.furniture.set_view)
        canvas.cursor_moved.connect(self.status.set_cursor)
        canvas.activated.connect(self.open_object)
        canvas.cluster_opened.connect(self.open_cluster)
        canvas.context_requested.connect(self.open_context)
        canvas.history_changed.connect(self._on_history)
        self.status.set_view(canvas.view)
        self.furniture.set_view(canvas.view)
        self.furniture.chooser.chosen.connect(self.choose_commune)
        self.search.chosen.connect(self.open_result)
        self.tree.fit_wanted.connect(self.fit_layer)
        self.tree.table_wanted.connect(self.open_table)
        self.bottom.opened.connect(self.open_object)
        self.inspector.opened.connect(self.open_object)
        self.inspector.group_opened.connect(self.open_group)
        self.inspector.close_wanted.connect(lambda: self.show_inspector(False))
        self.selection.changed.connect(self._on_selection)
        self.look.changed.connect(self._on_look)
        self.status.system_changed.connect(lambda system: self.saved.put("coordinates", system))
        hub.failed.connect(self.notices.say)
        self.status.registry.problem.connect(lambda text: self.notices.say(text, about=REGISTRY))
        self.status.registry.mended.connect(lambda: self.notices.settle(REGISTRY))
        self.status.registry.removal_held.connect(self._on_removal)
        self._on_history()

    def open_object(self, key: ObjectKey) -> None:
        """Select an object and fly to it."""
        self.selection.set([key])
        place = self.hub.picture.place(key)
        if place is None:
            return
        table, row = place
        if table.definition.geometry != "point":
            self.canvas.fit_keys([key])
        else:
            zoom = max(self.canvas.view.zoom, CLOSE_ZOOM)
            self.canvas.fly_to(float(table.x[row]), float(table.y[row]), zoom)

    def open_group(self, keys: list[ObjectKey]) -> None:
        """Select several objects and show them all."""
        self.selection.set(keys)
        self.canvas.fit_keys(keys)

    def open_cluster(self, keys: list[ObjectKey], where: QPoint) -> None:
        """List the members of a cluster where it was clicked."""
        menu = map_menus.members_menu(keys, self.hub, self.look, self.open_object, self.open_group, self)
        map_menus.open_at(menu, where)

    def open_context(self, key: ObjectKey | None, where: QPoint) -> None:
        """The menu of an object of the map, or of a place."""
        at = self.canvas.mapFromGlobal(where)
        place = self.canvas.view.to_map(at.x(), at.y())
        if key is None:
            menu = map_menus.place_menu(place, self.look, self)
        else:
            menu = map_menus.object_menu(key, self.hub, self.look, self.open_object, self)
            if self.duty is not None:
                self.duty.add_commands(menu, key)
            map_menus.add_place(menu, place, self.look)
        map_menus.open_at(menu, where)

    def open_result(self, result: Result) -> None:
        """Go to what the search found."""
        if result.key is not None and self.hub.picture.place(result.key) is not None:
            self.open_object(result.key)
        elif result.bounds is not None:
            self.canvas.fit(result.bounds)
        elif result.place is not None:
            self.canvas.fly_to(*result.place, max(self.canvas.view.zoom, CLOSE_ZOOM))
        self.canvas.setFocus()

    def open_table(self, layer: str) -> None:
        """Show the table of a layer."""
        self.bottom.show()
        self.bottom.show_layer(layer)

    def fit_layer(self, layer: str) -> None:
        """Show all of a layer, as filtered."""
        commune = self.display.commune
        self.display.set_visible(layer, True)
        self.hub.ask(lambda db: features.bounds_of(db, layer, commune), self._fit)

    def choose_commune(self, commune: str | None) -> None:
        """Show one commune only, or all of the territory."""
        self.display.set_commune(commune)
        if commune is None:
            self.canvas.fit_home()
        else:
            self.canvas.fit_keys([ObjectKey("communes", commune)])

    def _fit(self, bounds: tuple[float, float, float, float] | None) -> None:
        if bounds is not None:
            self.canvas.fit(bounds)

    def _on_removal(self, removal: Removal) -> None:
        layer = self.hub.picture.layers.get(removal.layer)
        title = removal.layer if layer is None else self.look.title(layer)
        agree = self._agree
        text = removal_words(removal, self.look, title)
        if agree is None:
            self.notices.say(text, about=REGISTRY)
        else:
            self.notices.say(text, self.tr("Remove them"), lambda: agree(removal.layer), about=REGISTRY)
