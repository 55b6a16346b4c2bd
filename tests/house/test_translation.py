"""Everything the window says is said in French too."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.house.source import MODULES, ROOT

SHIPPED = ROOT / "resources" / "i18n" / "vigie_fr.ts"
BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped translation brought up to date with today's sources."""
    copy = tmp_path_factory.mktemp("i18n") / SHIPPED.name
    shutil.copy(SHIPPED, copy)
    sources = [path for path in MODULES if path.is_relative_to(ROOT / "desktop")]
    command = [BIN / "pyside6-lupdate", "-no-obsolete", "-locations", "none", *sources, "-ts", copy]
    subprocess.run(command, check=True, capture_output=True)
    return copy


def messages(file: Path) -> dict[tuple[str, str, str], ElementTree.Element]:
    """The translation of each (context, source, comment)."""
    found = {}
    for context in ElementTree.parse(file).iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            assert translation is not None
            key = (
                context.findtext("name", ""),
                message.findtext("source", ""),
                message.findtext("comment", ""),
            )
            found[key] = translation
    return found


def test_every_source_text_has_a_french_one(fresh: Path) -> None:
    missing = [
        key
        for key, translation in messages(fresh).items()
        if translation.get("type") or not "".join(translation.itertext()).strip()
    ]
    assert missing == []


def test_no_translation_outlives_its_source(fresh: Path) -> None:
    assert messages(SHIPPED).keys() - messages(fresh).keys() == set()


def test_the_compiled_translation_is_the_one_of_the_sources(tmp_path: Path) -> None:
    compiled = tmp_path / "vigie_fr.qm"
    command = [BIN / "pyside6-lrelease", SHIPPED, "-qm", compiled]
    subprocess.run(command, check=True, capture_output=True)
    assert compiled.read_bytes() == SHIPPED.with_suffix(".qm").read_bytes()
