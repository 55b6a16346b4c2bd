"""The main window: everything around the map, and what each of its actions does."""

from __future__ import annotations

from qtpy.QtCore import Qt
from qtpy.QtGui import QAction

from desktop.panels.actions import Actions
from desktop.panels.base_window import Window
from desktop.panels.shortcuts import Shortcuts


class MainWindow(Window):
    """What each action does."""

    def _prepare_commands(self) -> None:
        layers = {name: self.look.title(layer) for name, layer in self.hub.picture.layers.items()}
        self._actions = Actions(self.commands, self, layers, self.look.locale, self)
        self.commands["sync"].setEnabled(self._sync_now is not None)

    def _menu_groups(self) -> list[tuple[str, list[QAction]]]:
        return self._actions.menu_groups(self.commands)

    def open_search(self) -> None:
        self.search.open()

    def open_menu(self) -> None:
        button = self.topbar.menu_button
        self.menu.popup(button.mapToGlobal(button.rect().bottomLeft()))

    def show_shortcuts(self) -> None:
        Shortcuts(self.commands, self).show()

    def toggle_theme(self) -> None:
        self.look.set_theme("light" if self.look.theme.dark else "dark")

    def toggle_full_screen(self) -> None:
        self._full = not self._full
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def toggle_layers(self) -> None:
        self.tree.setVisible(self.tree.isHidden())
        self.commands["layers"].setChecked(not self.tree.isHidden())

    def toggle_inspector(self) -> None:
        self.show_inspector(self.inspector.isHidden())

    def toggle_bottom(self) -> None:
        self.bottom.setVisible(self.bottom.isHidden())
        self.commands["tables"].setChecked(not self.bottom.isHidden())

    def focus_map(self) -> None:
        self.canvas.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def focus_layers(self) -> None:
        self.tree.show()
        self.tree.view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def focus_inspector(self) -> None:
        self.show_inspector(True)
        self.inspector.focus_first()

    def next_zone(self, step: int) -> None:
        self.zones.go(step)

    def show_abnormal(self) -> None:
        self.bottom.show()
        self.bottom.show_abnormal()

    def fit_territory(self) -> None:
        self.canvas.fit_home()

    def fit_selection(self) -> None:
        self.canvas.fit_keys(self.selection.keys)

    def clear_selection(self) -> None:
        self.selection.clear()

    def zoom(self, steps: float) -> None:
        self.canvas.zoom_by(steps)

    def go(self, step: int) -> None:
        self.canvas.go(step)

    def next_system(self) -> None:
        self.status.next_system()

    def copy_place(self) -> None:
        self.status.copy_place()

    def sync(self) -> None:
        if self._sync_now is not None:
            self._sync_now()

    def remove_filters(self) -> None:
        for layer in self.hub.picture.layers:
            self.display.set_conditions(layer, ())
        self.display.set_commune(None)

    def reset_layout(self) -> None:
        self.frame.reset()
        self.show_inspector(not self.frame.compact)

    def speak(self, locale: str) -> None:
        self.saved.put("locale", locale)
        for name, code in (("french", "fr"), ("english", "en")):
            self.commands[name].setChecked(self.look.locale == code)
        if locale != self.look.locale:
            self.save_layout()
            self.locale_requested.emit(locale)

    def quit(self) -> None:
        self.close()

    def show_layer_table(self, layer: str) -> None:
        self.open_table(layer)

    def toggle_layer(self, layer: str) -> None:
        self.display.set_visible(layer, not self.display.of(layer).visible)
