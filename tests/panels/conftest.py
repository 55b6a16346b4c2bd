from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from qtpy.QtWidgets import QApplication

from desktop.panels.language import install_translation
from desktop.panels.look import load_fonts
from tests.panels.room import Room


@pytest.fixture
def application(qapp: QApplication) -> QApplication:
    load_fonts()
    return qapp


@pytest.fixture
def french(application: QApplication) -> Iterator[None]:
    translators = install_translation(application, "fr")
    yield
    for each in translators:
        application.removeTranslator(each)


@pytest.fixture
def room(french: None, tmp_path: Path) -> Iterator[Room]:
    made = Room(tmp_path)
    made.link()
    yield made
    made.close()
