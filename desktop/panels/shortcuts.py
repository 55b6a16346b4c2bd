"""The list of shortcuts (F1), from the commands themselves."""

from __future__ import annotations

from qtpy.QtCore import Qt
from qtpy.QtGui import QKeySequence
from qtpy.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from desktop.panels.commands import Commands
from desktop.panels.parts import text_label


class Shortcuts(QDialog):
    """Every command with its keys, and the keys of the map, the tree and the tables."""

    def __init__(self, commands: Commands, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Shortcuts"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(560, 640)
        content = QWidget(self)
        self._grid = QGridLayout(content)
        self._grid.setContentsMargins(16, 12, 16, 12)
        self._grid.setHorizontalSpacing(24)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(0, 1)
        for title, actions in commands.groups.items():
            self._heading(title)
            for action in actions:
                native = QKeySequence.SequenceFormat.NativeText
                keys = "  ·  ".join(key.toString(native) for key in action.shortcuts())
                self._row(action.text(), keys)
        self._heading(self.tr("On the map, in the tree and in the tables"))
        for text, keys in self._others():
            self._row(text, keys)
        self._grid.setRowStretch(self._grid.rowCount(), 1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setWidget(content)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.close)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 12)
        column.addWidget(area)
        buttons.setContentsMargins(16, 0, 16, 0)
        column.addWidget(buttons)

    def _others(self) -> list[tuple[str, str]]:
        return [
            (self.tr("Move the map"), self.tr("Arrows, or drag")),
            (self.tr("Zoom"), self.tr("+ and −, or the wheel")),
            (self.tr("Add to the selection"), self.tr("Ctrl+click")),
            (self.tr("Show or hide the layer"), self.tr("Space")),
            (self.tr("Opacity and filters of the layer; go to the object"), self.tr("Enter")),
            (self.tr("Menu of the layer"), self.tr("Menu key")),
            (self.tr("Next button, list or link"), self.tr("Tab")),
        ]

    def _heading(self, text: str) -> None:
        label = text_label(text, self, "section")
        label.setContentsMargins(0, 12, 0, 4)
        self._grid.addWidget(label, self._grid.rowCount(), 0, 1, 2)

    def _row(self, text: str, keys: str) -> None:
        row = self._grid.rowCount()
        self._grid.addWidget(QLabel(text, self), row, 0)
        self._grid.addWidget(text_label(keys, self, "dim"), row, 1, Qt.AlignmentFlag.AlignRight)
