"""How each layer's points are drawn at a zoom: hidden, gathered in clusters, as dots or as plates."""

from __future__ import annotations

import enum

from layers.definition import LayerDefinition


class Mode(enum.IntEnum):
    """In order of closeness."""

    HIDDEN = 0
    CLUSTER = 1
    DOT = 2
    PLATE = 3


def mode_at(layer: LayerDefinition, zoom: float, visible: bool) -> Mode:
    """The mode of a layer's normal objects; abnormal ones are plates unless the layer is hidden."""
    if not visible or not layer.min_zoom <= zoom <= layer.max_zoom:
        return Mode.HIDDEN
    if zoom < layer.cluster_below:
        return Mode.DOT if layer.moving else Mode.CLUSTER
    return Mode.DOT if zoom < layer.dot_below else Mode.PLATE
