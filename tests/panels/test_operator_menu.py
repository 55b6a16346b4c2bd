"""Who is at the desk: taking and leaving it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.panels.operator_menu import OperatorMenu
from tests.panels.post import DutyRoom


@pytest.fixture
def room(french: None, tmp_path: Path) -> Iterator[DutyRoom]:
    made = DutyRoom(tmp_path)
    yield made
    made.close()


def who_of(room: DutyRoom) -> OperatorMenu:
    assert room.window.duty is not None and room.window.duty.who is not None
    return room.window.duty.who


def test_desk_and_role_are_shown_and_change(room: DutyRoom) -> None:
    who = who_of(room)
    assert who.text() == "poste 3 · superviseur"
    who.fill()
    names = [action.text() for action in who.menu().actions()]
    assert "P. Leroy · opérateur" in names
    next(action for action in who.menu().actions() if action.text().startswith("P. Leroy")).trigger()
    assert who.text() == "poste 3 · opérateur"
    who.fill()
    who.menu().actions()[-1].trigger()
    assert who.text() == "poste 3 · poste non pris"


def test_somebody_unknown_is_said(room: DutyRoom) -> None:
    who_of(room).sign_in("nobody")
    assert "nobody" in room.window.notices.text.whole


def test_acts_need_the_right(room: DutyRoom) -> None:
    commands = room.window.commands
    assert commands["acknowledge"].isEnabled() and commands["shelve"].isEnabled()
    room.post.sign_in("zidi")
    assert not commands["acknowledge"].isEnabled() and not commands["order"].isEnabled()
