"""What the ground is made of: the basemap in the theme's style, and the line and polygon layers on it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from qtpy.QtGui import QColor, QImage, QPainter

from desktop.map.address import TILE, TileAddress
from desktop.map.basemap import BasemapRenderer
from desktop.map.style import load_style
from desktop.map.theme import Theme
from desktop.map.tiles import GroundRenderer
from desktop.map.vectors import Vectors
from desktop.store.basemap import BasemapPackage

KEPT = 12


class LayeredGround:
    """Paints basemap and vector layers; keeps the basemap's tiles, so that a change of layers is cheap."""

    def __init__(self, basemap: BasemapRenderer | None, land: QColor, vectors: Vectors) -> None:
        self._basemap, self._land, self._vectors = basemap, land, vectors
        self._kept: dict[TileAddress, QImage] = {}

    def render(self, address: TileAddress) -> QImage:
        """The tile as an opaque image."""
        image = self._base(address).copy()
        painter = QPainter(image)
        self._vectors.paint(painter, address)
        painter.end()
        return image

    def _base(self, address: TileAddress) -> QImage:
        kept = self._kept.pop(address, None)
        if kept is None:
            if self._basemap is not None:
                kept = self._basemap.render(address)
            else:
                kept = QImage(TILE, TILE, QImage.Format.Format_RGB32)
                kept.fill(self._land)
        self._kept[address] = kept
        if len(self._kept) > KEPT:
            self._kept.pop(next(iter(self._kept)))
        return kept


class GroundSource:
    """Where the basemap comes from: a package file, or nothing but the colour of land."""

    def __init__(self, package: Path | None, family: str) -> None:
        self._package, self._family = package, family

    def bound(self, theme: Theme, vectors: Vectors) -> Callable[[], GroundRenderer]:
        """A maker of the renderer for a theme; called on the tiles' thread, which then owns the file."""

        def make() -> GroundRenderer:
            if self._package is None or not self._package.exists():
                return LayeredGround(None, theme.land, vectors)
            package, style = BasemapPackage(self._package), load_style(theme.name)
            renderer = BasemapRenderer(package, style, self._family, vectors.gate.wait)
            ground = LayeredGround(renderer, theme.land, vectors)
            # The first tile waits for fonts and the SVG reader: better before anyone looks.
            ground.render(TileAddress(level=40, x=0, y=0))
            return ground

        return make
