"""Sprites in one call: from a NumPy buffer or from a list, they are the same pixels."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qtpy.QtGui import QColor, QImage, QPainter, QPixmap
from qtpy.QtWidgets import QApplication

from desktop.map.fragments import FragmentBuffer
from tests.map.scene import Pixels, Scene
from tests.map.town import HIGH, LOW, NORMAL, reporting, table

SHEET = np.array([[0, 0, 9, 9], [9, 0, 14, 14], [23, 0, 34, 34]], dtype=np.float64)
"""Sources: odd and even sides."""


@pytest.fixture(scope="module")
def sheet(qapp: QApplication) -> QPixmap:
    """Three sprites of random pixels, some of them see-through."""
    image = QImage(64, 40, QImage.Format.Format_ARGB32_Premultiplied)
    rng = np.random.default_rng(2)
    for y in range(40):
        for x in range(64):
            image.setPixelColor(x, y, QColor(*rng.integers(0, 256, 4).tolist()))
    return QPixmap.fromImage(image)


def painted(
    sheet: QPixmap, places: np.ndarray, kinds: list[int], opacity: np.ndarray | float, in_place: bool
) -> Pixels:
    image = QImage(100, 80, QImage.Format.Format_RGB32)
    image.fill(QColor("#203040"))
    painter = QPainter(image)
    buffer = FragmentBuffer()
    buffer.in_place = in_place and buffer.in_place
    buffer.paint(painter, sheet, places, SHEET[kinds], opacity)
    assert painter.opacity() == 1.0
    painter.end()
    return np.frombuffer(image.constBits(), dtype=np.uint8).reshape(80, 100, 4).copy()


@settings(deadline=None, max_examples=40)
@given(
    sprites=st.lists(
        st.tuples(
            st.floats(-20, 120),
            st.floats(-20, 100),
            st.integers(0, 2),
            st.sampled_from([0.0, 0.25, 0.5, 1.0]),
        ),
        max_size=30,
    ),
    plain=st.booleans(),
)
def test_buffer_and_list_paint_the_same_pixels(
    sheet: QPixmap, sprites: list[tuple[float, float, int, float]], plain: bool
) -> None:
    places = np.array([it[:2] for it in sprites], dtype=np.float64).reshape(-1, 2)
    kinds = [it[2] for it in sprites]
    opacity = 1.0 if plain else np.array([it[3] for it in sprites])
    one, other = (painted(sheet, places, kinds, opacity, in_place) for in_place in (True, False))
    # Half-transparent sprites may be rounded differently by one step.
    assert np.abs(one.astype(int) - other).max(initial=0) <= (0 if plain else 2)


@pytest.mark.parametrize("kind", [0, 1, 2])
def test_a_sprite_lands_on_whole_pixels(sheet: QPixmap, kind: int) -> None:
    """Nothing is blurred: somewhere on the page the sprite stands as it is on the sheet."""
    side = int(SHEET[kind, 2])
    for x in (40.0, 40.3, 40.5, 40.9):
        page = painted(sheet, np.array([[x, 40.2]]), [kind], 1.0, True)
        left, top = (int(np.floor(it - side / 2 + 0.5)) for it in (x, 40.2))
        whole = painted(sheet, np.array([[side / 2, side / 2]]), [kind], 1.0, True)
        assert (page[top : top + side, left : left + side] == whole[:side, :side]).all()


def test_more_sprites_than_the_buffer_holds(sheet: QPixmap) -> None:
    rng = np.random.default_rng(4)
    places, kinds = rng.uniform(0, 80, (5000, 2)), rng.integers(0, 3, 5000).tolist()
    assert (painted(sheet, places, kinds, 1.0, True) == painted(sheet, places, kinds, 1.0, False)).all()


def test_a_whole_map_is_the_same_either_way(make_scene: Callable[..., Scene]) -> None:
    scene = make_scene(ratio=1.5)
    rng = np.random.default_rng(9)
    codes = rng.choice([NORMAL, NORMAL, LOW, HIGH], 200)
    cars = reporting(table("cars", rng.uniform(-200, 200, (20, 2)), rng.integers(0, 5, 20)))
    cars.heading[:] = np.linspace(0, 350, 20)
    scene.put(reporting(table("lamps", rng.uniform(-200, 200, (200, 2)), codes)), cars)
    scene.display.set_opacity("lamps", 0.5)
    for zoom in (14.0, 17.0):
        scene.look(zoom)
        drawing = scene.canvas._drawing
        assert drawing is not None
        seen = []
        for in_place in (True, False):
            drawing._symbols._buffer.in_place = in_place
            seen.append(scene.pixels().astype(int))
        assert np.abs(seen[0] - seen[1]).max() <= 2
        assert (seen[0] != scene.colour("land")).any()
