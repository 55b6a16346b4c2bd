"""Every action of the window: named, with its shortcut, and found by the palette."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from qtpy.QtCore import QObject, Qt
from qtpy.QtGui import QAction, QKeySequence
from qtpy.QtWidgets import QWidget


class Commands(QObject):
    """The window's actions in the order in which they were added, by group."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._actions: dict[str, QAction] = {}
        self._groups: dict[str, list[QAction]] = {}

    def add(
        self,
        name: str,
        group: str,
        text: str,
        run: Callable[[], object],
        shortcuts: str | tuple[str, ...] = (),
        *,
        checked: bool | None = None,
    ) -> QAction:
        """Add an action; `checked` makes it a switch, which calls `run` when toggled.

        Raises ValueError when the name or a shortcut is already taken: an ambiguous shortcut does nothing.
        """
        keys = [QKeySequence(it) for it in ((shortcuts,) if isinstance(shortcuts, str) else shortcuts)]
        taken = {key.toString() for action in self for key in action.shortcuts()}
        if name in self._actions or any(key.toString() in taken for key in keys):
            raise ValueError(f"command {name!r}: its name or shortcut is already taken")
        action = QAction(text, self._window)
        action.setObjectName(name)
        action.setShortcuts(keys)
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        if checked is not None:
            action.setCheckable(True)
            action.setChecked(checked)
        action.triggered.connect(lambda *_: run())
        self._window.addAction(action)
        self._actions[name] = action
        self._groups.setdefault(group, []).append(action)
        return action

    def __iter__(self) -> Iterator[QAction]:
        return iter(self._actions.values())

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    @property
    def groups(self) -> dict[str, list[QAction]]:
        """The actions under the titles they were added with."""
        return self._groups


def shortcut_text(action: QAction) -> str:
    """The action's first shortcut as the keyboard writes it; empty when it has none."""
    text: str = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    return text
