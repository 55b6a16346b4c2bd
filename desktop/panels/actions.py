"""The window's actions, in the groups in which menu and palette show them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

import msgspec
from qtpy.QtCore import QObject
from qtpy.QtGui import QAction

from desktop.panels.commands import Commands

Run = Callable[[], object]


class Doings(Protocol):
    """What the actions do; the window has it."""

    def open_search(self) -> object: ...
    def open_menu(self) -> object: ...
    def show_shortcuts(self) -> object: ...
    def toggle_theme(self) -> object: ...
    def toggle_full_screen(self) -> object: ...
    def toggle_layers(self) -> object: ...
    def toggle_inspector(self) -> object: ...
    def toggle_bottom(self) -> object: ...
    def focus_map(self) -> object: ...
    def focus_layers(self) -> object: ...
    def focus_inspector(self) -> object: ...
    def next_zone(self, step: int) -> object: ...
    def show_abnormal(self) -> object: ...
    def fit_territory(self) -> object: ...
    def fit_selection(self) -> object: ...
    def clear_selection(self) -> object: ...
    def zoom(self, steps: float) -> object: ...
    def go(self, step: int) -> object: ...
    def next_system(self) -> object: ...
    def copy_place(self) -> object: ...
    def sync(self) -> object: ...
    def remove_filters(self) -> object: ...
    def reset_layout(self) -> object: ...
    def speak(self, locale: str) -> object: ...
    def quit(self) -> object: ...
    def show_layer_table(self, layer: str) -> object: ...
    def toggle_layer(self, layer: str) -> object: ...


class Line(msgspec.Struct, frozen=True):
    """One action before it is made."""

    name: str
    text: str
    run: Run
    keys: str | tuple[str, ...] = ()
    checked: bool | None = None


class Actions(QObject):
    """Makes every action of a window; `layers` are the layers' titles by id."""

    def __init__(
        self, commands: Commands, window: Doings, layers: Mapping[str, str], locale: str, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._window, self._layers = window, layers
        groups = {
            self.tr("Find"): self._find(),
            self.tr("Map"): self._map(),
            self.tr("View"): self._view(),
            self.tr("Appearance"): self._appearance(locale.startswith("fr")),
            self.tr("Application"): self._application(),
            self.tr("Layers"): self._of_layers(),
        }
        for title, lines in groups.items():
            for line in lines:
                commands.add(line.name, title, line.text, line.run, line.keys, checked=line.checked)

    def menu_groups(self, commands: Commands) -> list[tuple[str, list[QAction]]]:
        """The groups of the window's menu: all but the layers, which the tree and the palette have."""
        layers = self.tr("Layers")
        return [(title, actions) for title, actions in commands.groups.items() if title != layers]

    def _find(self) -> list[Line]:
        window = self._window
        return [
            Line("search", self.tr("Search everything"), window.open_search, ("Ctrl+K", "Ctrl+F")),
            Line("abnormal", self.tr("What is abnormal"), window.show_abnormal, "Ctrl+J"),
            Line("fit-selection", self.tr("Go to the selection"), window.fit_selection, "Ctrl+G"),
            Line("clear-selection", self.tr("Select nothing"), window.clear_selection, "Ctrl+Shift+A"),
            Line("remove-filters", self.tr("Remove every filter"), window.remove_filters, "Ctrl+Shift+F"),
        ]

    def _map(self) -> list[Line]:
        window = self._window
        return [
            Line("fit", self.tr("Whole territory"), window.fit_territory, "Ctrl+Home"),
            Line("back", self.tr("Previous view"), lambda: window.go(-1), "Alt+Left"),
            Line("forward", self.tr("Next view"), lambda: window.go(1), "Alt+Right"),
            Line("zoom-in", self.tr("Zoom in"), lambda: window.zoom(1.0), ("Ctrl++", "Ctrl+=")),
            Line("zoom-out", self.tr("Zoom out"), lambda: window.zoom(-1.0), "Ctrl+-"),
            Line("next-system", self.tr("Next coordinate system"), window.next_system, "Ctrl+U"),
            Line("copy-place", self.tr("Copy the coordinates"), window.copy_place, "Ctrl+Shift+C"),
        ]

    def _view(self) -> list[Line]:
        window = self._window
        return [
            Line("layers", self.tr("Layers panel"), window.toggle_layers, "Ctrl+1", True),
            Line("inspector", self.tr("Inspector"), window.toggle_inspector, "Ctrl+2", True),
            Line("tables", self.tr("Tables"), window.toggle_bottom, "Ctrl+3", True),
            Line("focus-map", self.tr("Keyboard to the map"), window.focus_map, "F2"),
            Line("focus-layers", self.tr("Keyboard to the layers"), window.focus_layers, "F3"),
            Line("focus-inspector", self.tr("Keyboard to the inspector"), window.focus_inspector, "F4"),
            Line("next-zone", self.tr("Next part of the window"), lambda: window.next_zone(1), "F6"),
            Line(
                "previous-zone",
                self.tr("Previous part of the window"),
                lambda: window.next_zone(-1),
                "Shift+F6",
            ),
            Line("reset-layout", self.tr("Usual layout"), window.reset_layout, "Ctrl+0"),
            Line("full-screen", self.tr("Full screen"), window.toggle_full_screen, "F11", False),
        ]

    def _appearance(self, french: bool) -> list[Line]:
        window = self._window
        return [
            Line("theme", self.tr("Light or dark theme"), window.toggle_theme, "Ctrl+T"),
            Line("french", "Français", lambda: window.speak("fr"), checked=french),
            Line("english", "English", lambda: window.speak("en"), checked=not french),
        ]

    def _application(self) -> list[Line]:
        window = self._window
        return [
            Line("sync", self.tr("Read the registry now"), window.sync, "F5"),
            Line("shortcuts", self.tr("Shortcuts"), window.show_shortcuts, "F1"),
            Line("menu", self.tr("Open the menu"), window.open_menu, "F10"),
            Line("quit", self.tr("Quit"), window.quit, "Ctrl+Q"),
        ]

    def _of_layers(self) -> list[Line]:
        lines = []
        for layer, name in self._layers.items():
            shown, table = self.tr("Show or hide: {0}"), self.tr("Table: {0}")
            lines.append(Line(f"toggle:{layer}", shown.format(name), self._toggler(layer)))
            lines.append(Line(f"table:{layer}", table.format(name), self._opener(layer)))
        return lines

    def _toggler(self, layer: str) -> Run:
        return lambda: self._window.toggle_layer(layer)

    def _opener(self, layer: str) -> Run:
        return lambda: self._window.show_layer_table(layer)
