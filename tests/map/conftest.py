from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from qtpy.QtWidgets import QApplication

from tests.map.scene import Scene

MakeScene = Callable[..., Scene]


@pytest.fixture
def make_scene(qapp: QApplication) -> Iterator[MakeScene]:
    """Makes maps, and stops their threads at the end."""
    made: list[Scene] = []

    def make(*arguments: object, **options: object) -> Scene:
        made.append(Scene(*arguments, **options))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def scene(make_scene: MakeScene) -> Scene:
    """A map at rest, without animation."""
    return make_scene()
