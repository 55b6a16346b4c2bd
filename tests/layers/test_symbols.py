"""The symbols: each layer and state has one that Qt draws in any colour at map size."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from layers import load_layers

ICONS = Path(__file__).parents[2] / "resources" / "icons"
LAYERS = load_layers()
NAMES = sorted(
    {layer.icon for layer in LAYERS.values()}
    | {state.icon for layer in LAYERS.values() for state in layer.states if state.icon}
    | {state.badge for layer in LAYERS.values() for state in layer.states if state.badge}
    | {file.stem for file in ICONS.glob("*.svg")}
)


def source(icon: str) -> str:
    if icon.startswith("<"):
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" stroke="currentColor">{icon}</svg>'
        )
    return (ICONS / f"{icon}.svg").read_text(encoding="utf-8")


def drawn(icon: str, color: str, side: int = 16, box: int = 16) -> QImage:
    image = QImage(box, box, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    renderer = QSvgRenderer(QByteArray(source(icon).replace("currentColor", color).encode()))
    assert renderer.isValid()
    margin = (box - side) / 2
    painter = QPainter(image)
    renderer.render(painter, QRectF(margin, margin, side, side))
    painter.end()
    return image


def ink(image: QImage) -> list[tuple[int, int, int]]:
    """(x, y, alpha) of every pixel that is not empty."""
    places = itertools.product(range(image.width()), range(image.height()))
    pixels = ((x, y, image.pixelColor(x, y).alpha()) for x, y in places)
    return [pixel for pixel in pixels if pixel[2] > 0]


@pytest.mark.parametrize("icon", NAMES)
def test_symbol_is_legible_at_map_size(icon: str) -> None:
    strong = [pixel for pixel in ink(drawn(icon, "#ffffff")) if pixel[2] > 100]
    assert 8 <= len(strong) <= 16 * 16 * 0.6


@pytest.mark.parametrize("icon", NAMES)
def test_symbol_takes_the_colour_it_is_given_and_no_other(icon: str) -> None:
    image = drawn(icon, "#ff0000")
    tints = {image.pixelColor(x, y).name() for x, y, alpha in ink(image) if alpha == 255}
    assert tints <= {"#ff0000"}
    assert "currentColor" in source(icon)


@pytest.mark.parametrize("icon", NAMES)
def test_symbol_stays_within_its_box(icon: str) -> None:
    image = drawn(icon, "#ffffff", side=24, box=32)
    outside = [pixel for pixel in ink(image) if not (4 <= pixel[0] < 28 and 4 <= pixel[1] < 28)]
    assert outside == []


@pytest.mark.parametrize("icon", NAMES)
def test_symbol_asks_nothing_qt_cannot_draw(icon: str) -> None:
    refused = ("class=", "<style", "<mask", "<filter", "<clipPath", "<image", "href", "<text")
    assert [word for word in refused if word in source(icon)] == []


def test_no_two_layers_share_a_symbol() -> None:
    icons = [layer.icon for layer in LAYERS.values() if layer.icon != "dot"]
    assert sorted(icons) == sorted(set(icons))


def test_every_symbol_shipped_is_used() -> None:
    used = {layer.icon for layer in LAYERS.values()} | {"dot"}
    for layer in LAYERS.values():
        used |= {name for state in layer.states for name in (state.icon, state.badge)}
    assert {file.stem for file in ICONS.glob("*.svg")} <= used
