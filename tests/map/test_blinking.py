"""An unacknowledged alarm blinks on the map: lit at once, once a second, still with reduced motion."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from qtpy.QtWidgets import QApplication

from desktop.work.picture import ObjectKey
from tests.map.scene import Scene
from tests.map.town import HIGH, table

POST = ObjectKey("posts", "posts-0")


@pytest.fixture
def scene(qapp: QApplication) -> Iterator[Scene]:
    made = Scene(reduced_motion=False)
    made.put(table("posts", [(0, 0)], [HIGH]))
    made.look(16.0)
    yield made
    made.close()


def coloured(scene: Scene) -> int:
    """Pixels about the post in the colour of priority 1."""
    near = scene.around(0, 0, 20).astype(np.int64)
    return int((np.abs(near - scene.colour("p1")).sum(axis=2) < 30).sum())


def test_a_newcomer_is_lit_at_once_and_then_blinks(scene: Scene) -> None:
    calm = coloured(scene)
    scene.canvas.blinking.set_keys({POST})
    lit = coloured(scene)
    assert lit > calm * 1.5
    scene.wait(lambda: not scene.canvas.blinking.lit)
    assert coloured(scene) == calm
    scene.wait(lambda: scene.canvas.blinking.lit)
    assert coloured(scene) == lit


def test_what_is_acknowledged_blinks_no_more(scene: Scene) -> None:
    calm = coloured(scene)
    scene.canvas.blinking.set_keys({POST})
    scene.canvas.blinking.set_keys(())
    assert coloured(scene) == calm


def test_a_hidden_layer_does_not_blink(scene: Scene) -> None:
    scene.canvas.blinking.set_keys({POST})
    scene.display.set_visible("posts", False)
    assert coloured(scene) == 0


def test_with_reduced_motion_it_stands_still_and_lit(qapp: QApplication) -> None:
    scene = Scene(reduced_motion=True)
    try:
        scene.put(table("posts", [(0, 0)], [HIGH]))
        scene.look(16.0)
        calm = coloured(scene)
        scene.canvas.blinking.set_keys({POST})
        assert coloured(scene) > calm
        assert not scene.canvas.blinking._timer.isActive()
    finally:
        scene.close()
