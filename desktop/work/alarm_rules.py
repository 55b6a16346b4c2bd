"""Which rules of a layer an object meets now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from desktop.work.picture import ObjectKey
from layers.definition import AlarmRule, LayerDefinition
from layers.model import Live


class LayerRules:
    """The rules of one layer, by what raises them."""

    def __init__(self, layer: LayerDefinition) -> None:
        self.layer = layer
        self.by_id = {rule.id: rule for rule in layer.alarms}
        self._by_fault = {rule.fault: rule for rule in layer.alarms if rule.fault}
        self._by_state: dict[int, AlarmRule] = {}
        for rule in layer.alarms:
            if rule.state:
                code = next((i for i, state in enumerate(layer.states) if state.id == rule.state), -1)
                self._by_state[code] = rule
        self.alarming: NDArray[np.bool_] = np.array([i in self._by_state for i in range(256)])
        """By state code: whether a rule is raised by it."""

    def met(self, live: Live, state: int) -> list[AlarmRule]:
        """The rules that a reported object meets, each once."""
        found = {rule.id: rule for fault in live.faults if (rule := self._by_fault.get(fault))}
        rule = self._by_state.get(state)
        if rule is not None:
            found[rule.id] = rule
        return list(found.values())

    def upstream(self, rule: AlarmRule, facts: Mapping[str, Any]) -> ObjectKey | None:
        """The object that, by the registry, may explain an alarm of this rule."""
        name = rule.upstream
        if rule.id not in self.by_id:  # a rule of the application itself groups as the layer's own do
            name = next((it.upstream for it in self.layer.alarms if it.upstream), "")
        field = self.layer.field(name) if name else None
        value = None if field is None else facts.get(field.name)
        if field is None or not field.layer or not isinstance(value, str) or not value:
            return None
        return ObjectKey(field.layer, value)


def rules_of(layers: Iterable[LayerDefinition]) -> dict[str, LayerRules]:
    """The rules of every layer that has some, by its id."""
    return {layer.id: LayerRules(layer) for layer in layers if layer.alarms}
