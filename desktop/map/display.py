"""What the operator chose to see of each layer: visibility, opacity, filter. Saved with the layout."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from qtpy.QtCore import QObject, Signal

from layers.definition import LayerDefinition

Condition = tuple[str, str, Any]
"""(field, operator, value); operators are those of `desktop.store.features.matching`."""


class LayerDisplay(msgspec.Struct, frozen=True, kw_only=True):
    """How one layer is shown."""

    visible: bool = True
    opacity: float = 1.0
    conditions: tuple[Condition, ...] = ()


class Display(QObject):
    """The choices for every layer. One commune filter holds for all of them."""

    changed = Signal(str)
    """The id of the layer whose choices changed; empty for all."""
    filter_changed = Signal(str)
    """The id of the layer whose filter changed; empty for all."""

    def __init__(self, layers: Mapping[str, LayerDefinition], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._layers = {name: LayerDisplay(visible=layer.visible) for name, layer in layers.items()}
        self.commune: str | None = None

    def of(self, layer: str) -> LayerDisplay:
        """The choices for one layer."""
        return self._layers[layer]

    def set_visible(self, layer: str, visible: bool) -> None:
        """Show or hide a layer."""
        self._replace(layer, visible=visible)

    def set_opacity(self, layer: str, opacity: float) -> None:
        """Draw a layer with an opacity from 0 to 1."""
        self._replace(layer, opacity=max(0.0, min(1.0, opacity)))

    def set_conditions(self, layer: str, conditions: tuple[Condition, ...]) -> None:
        """Show only the layer's features that meet every condition; none shows all."""
        if conditions != self._layers[layer].conditions:
            self._replace(layer, conditions=conditions)
            self.filter_changed.emit(layer)

    def set_commune(self, commune: str | None) -> None:
        """Show only features of one commune (INSEE code); None shows the whole territory."""
        if commune != self.commune:
            self.commune = commune
            self.filter_changed.emit("")

    def conditions(self, layer: str) -> tuple[Condition, ...]:
        """All conditions that hold for a layer, the commune's among them."""
        own = self._layers[layer].conditions
        return own if self.commune is None else (*own, ("commune", "=", self.commune))

    def _replace(self, layer: str, **values: Any) -> None:  # noqa: ANN401 - fields of LayerDisplay
        new = msgspec.structs.replace(self._layers[layer], **values)
        if new != self._layers[layer]:
            self._layers[layer] = new
            self.changed.emit(layer)
