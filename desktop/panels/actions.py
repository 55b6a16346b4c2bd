"""The window's actions, in the groups in which menu and palette show them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import msgspec
from qtpy.QtCore import QCoreApplication
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


def add_actions(commands: Commands, window: Doings, layers: dict[str, str], locale: str) -> None:
    """Make every action; `layers` are the layers' titles by id."""
    groups = {
        QCoreApplication.translate("Actions", "Find"): _find(window),
        QCoreApplication.translate("Actions", "Map"): _map(window),
        QCoreApplication.translate("Actions", "View"): _view(window),
        QCoreApplication.translate("Actions", "Appearance"): _appearance(window, locale),
        QCoreApplication.translate("Actions", "Application"): _application(window),
    }
    for title, lines in groups.items():
        for line in lines:
            commands.add(line.name, title, line.text, line.run, line.keys, checked=line.checked)
    _add_layers(commands, window, layers)


def _find(window: Doings) -> list[Line]:
    tr = QCoreApplication.translate
    return [
        Line("search", tr("Actions", "Search everything"), window.open_search, ("Ctrl+K", "Ctrl+F")),
        Line("abnormal", tr("Actions", "What is abnormal"), window.show_abnormal, "Ctrl+A"),
        Line("fit-selection", tr("Actions", "Go to the selection"), window.fit_selection, "Ctrl+G"),
        Line("clear-selection", tr("Actions", "Select nothing"), window.clear_selection, "Ctrl+Shift+A"),
        Line("remove-filters", tr("Actions", "Remove every filter"), window.remove_filters, "Ctrl+Shift+F"),
    ]


def _map(window: Doings) -> list[Line]:
    tr = QCoreApplication.translate
    return [
        Line("fit", tr("Actions", "Whole territory"), window.fit_territory, "Ctrl+Home"),
        Line("back", tr("Actions", "Previous view"), lambda: window.go(-1), "Alt+Left"),
        Line("forward", tr("Actions", "Next view"), lambda: window.go(1), "Alt+Right"),
        Line("zoom-in", tr("Actions", "Zoom in"), lambda: window.zoom(1.0), ("Ctrl++", "Ctrl+=")),
        Line("zoom-out", tr("Actions", "Zoom out"), lambda: window.zoom(-1.0), "Ctrl+-"),
        Line("next-system", tr("Actions", "Next coordinate system"), window.next_system, "Ctrl+U"),
        Line("copy-place", tr("Actions", "Copy the coordinates"), window.copy_place, "Ctrl+Shift+C"),
    ]


def _view(window: Doings) -> list[Line]:
    tr = QCoreApplication.translate
    return [
        Line("layers", tr("Actions", "Layers panel"), window.toggle_layers, "Ctrl+1", checked=True),
        Line("inspector", tr("Actions", "Inspector"), window.toggle_inspector, "Ctrl+2", checked=True),
        Line("tables", tr("Actions", "Tables"), window.toggle_bottom, "Ctrl+3", checked=True),
        Line("focus-map", tr("Actions", "Keyboard to the map"), window.focus_map, "F2"),
        Line("focus-layers", tr("Actions", "Keyboard to the layers"), window.focus_layers, "F3"),
        Line("focus-inspector", tr("Actions", "Keyboard to the inspector"), window.focus_inspector, "F4"),
        Line("reset-layout", tr("Actions", "Usual layout"), window.reset_layout, "Ctrl+0"),
        Line("full-screen", tr("Actions", "Full screen"), window.toggle_full_screen, "F11", checked=False),
    ]


def _appearance(window: Doings, locale: str) -> list[Line]:
    french = locale.startswith("fr")
    return [
        Line(
            "theme",
            QCoreApplication.translate("Actions", "Light or dark theme"),
            window.toggle_theme,
            "Ctrl+T",
        ),
        Line("french", "Français", lambda: window.speak("fr"), checked=french),
        Line("english", "English", lambda: window.speak("en"), checked=not french),
    ]


def _application(window: Doings) -> list[Line]:
    tr = QCoreApplication.translate
    return [
        Line("sync", tr("Actions", "Read the registry now"), window.sync, "F5"),
        Line("shortcuts", tr("Actions", "Shortcuts"), window.show_shortcuts, "F1"),
        Line("menu", tr("Actions", "Open the menu"), window.open_menu, "F10"),
        Line("quit", tr("Actions", "Quit"), window.quit, "Ctrl+Q"),
    ]


def _add_layers(commands: Commands, window: Doings, layers: dict[str, str]) -> None:
    title = QCoreApplication.translate("Actions", "Layers")

    def toggler(layer: str) -> Run:
        return lambda: window.toggle_layer(layer)

    def opener(layer: str) -> Run:
        return lambda: window.show_layer_table(layer)

    for layer, name in layers.items():
        shown = QCoreApplication.translate("Actions", "Show or hide: {0}").format(name)
        table = QCoreApplication.translate("Actions", "Table: {0}").format(name)
        commands.add(f"toggle:{layer}", title, shown, toggler(layer))
        commands.add(f"table:{layer}", title, table, opener(layer))


def menu_actions(commands: Commands) -> list[tuple[str, list[QAction]]]:
    """The groups of the window's menu: all but the layers, which the tree and the palette have."""
    layers = QCoreApplication.translate("Actions", "Layers")
    return [(title, actions) for title, actions in commands.groups.items() if title != layers]
