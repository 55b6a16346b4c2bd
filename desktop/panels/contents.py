"""What stands in a commune: how many objects of each layer, and how many of them are abnormal."""

from __future__ import annotations

import numpy as np
from qtpy.QtWidgets import QWidget

from desktop.hub import Hub
from desktop.panels.look import Look
from desktop.panels.marks import SPOKEN
from desktop.panels.names import COMMUNES
from desktop.panels.parts import PlainLabel
from desktop.panels.sections import Section
from desktop.work.assets import LayerTable
from layers.definition import Severity

LOUD = (Severity.HIGH, Severity.MEDIUM, Severity.LOW)


class Contents(Section):
    """A line for each layer that has objects in the commune; counted again with `refresh`."""

    def __init__(self, code: str, hub: Hub, look: Look, parent: QWidget) -> None:
        super().__init__(self.tr("In the commune"), look, parent)
        self._code, self._hub = code, hub
        self._lines: dict[str, PlainLabel] = {}
        self.refresh()

    def refresh(self) -> None:
        """Count again."""
        for name, table in self._hub.picture.tables.items():
            counts = severities_in(table, self._code)
            if name == COMMUNES or (not counts.sum() and name not in self._lines):
                continue
            if name not in self._lines:
                self._lines[name] = self.add_value(self._look.title(table.definition), "")
            number = self._look.words.number
            marks = [f"{SPOKEN[it]} {number(int(counts[it]))}" for it in LOUD if counts[it]]
            self._lines[name].setText(" · ".join([number(int(counts.sum())), *marks]))


def severities_in(table: LayerTable, code: str) -> np.ndarray:
    """How many objects of the layer stand in the commune, by severity. Shape (len(Severity),)."""
    none = np.zeros(len(Severity), dtype=np.int64)
    if table.columns.commune is None or code not in table.columns.communes:
        return none
    inside = table.columns.commune == table.columns.communes.index(code)
    return np.bincount(table.severities[table.state[inside]], minlength=len(Severity))
