"""French is complete, and the compiled file is that of the sources."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from qtpy.QtCore import QTranslator

ROOT = Path(__file__).parents[2]
TS, QM = (ROOT / "resources" / "i18n" / f"vigie_fr.{kind}" for kind in ("ts", "qm"))
Message = tuple[str, str, str]


def tool(name: str) -> str:
    found = shutil.which(name, path=sysconfig.get_path("scripts")) or shutil.which(
        name, path=str(Path(sys.executable).parent)
    )
    if found is None:
        pytest.skip(f"{name} is not installed beside Python")
    return found


def messages(file: Path) -> dict[Message, ElementTree.Element | None]:
    root = ElementTree.parse(file).getroot()
    return {
        (
            context.findtext("name", ""),
            message.findtext("source", ""),
            message.findtext("comment", ""),
        ): message.find("translation")
        for context in root.iter("context")
        for message in context.iter("message")
    }


def test_every_message_is_translated() -> None:
    for message, translation in messages(TS).items():
        assert translation is not None and translation.get("type") is None and translation.text, message


def test_french_spaces_before_double_points_do_not_break() -> None:
    for message, translation in messages(TS).items():
        text = "" if translation is None else translation.text or ""
        for mark in ":;!?":
            assert f" {mark}" not in text, message
        assert "'" not in text, message


def test_placeholders_are_kept() -> None:
    for message, translation in messages(TS).items():
        text = "" if translation is None else translation.text or ""
        for place in ("{0}", "{1}", "{2}"):
            assert (place in message[1]) == (place in text), message


def test_the_file_holds_exactly_what_the_sources_say(tmp_path: Path) -> None:
    fresh = tmp_path / "fresh.ts"
    sources = sorted(str(file) for file in (ROOT / "desktop").rglob("*.py"))
    command = [tool("pyside6-lupdate"), "-no-obsolete", *sources, "-ts", str(fresh)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert set(messages(TS)) == set(messages(fresh))


def test_the_compiled_file_is_up_to_date(tmp_path: Path) -> None:
    fresh = tmp_path / "fresh.qm"
    command = [tool("pyside6-lrelease"), str(TS), "-qm", str(fresh)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert fresh.read_bytes() == QM.read_bytes()


def test_the_compiled_file_translates(application: object) -> None:
    translator = QTranslator()
    assert translator.load(str(QM))
    assert translator.translate("Actions", "Whole territory") == "Tout le territoire"
