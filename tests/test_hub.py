"""The hub: questions off the UI thread, answers on it, and one signal for each batch of news."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from qtpy.QtWidgets import QApplication

from desktop.hub import Hub
from desktop.inbox import Inbox
from desktop.link.wire import ChangedHint, LinkMessage
from desktop.store.cache import close_cache, open_cache
from desktop.store.features import FeatureRow, upsert
from desktop.work.picture import Changes, Picture
from layers import load_layers
from layers.model import Quality
from tests.map.town import CENTER, HIGH, LAYERS, NOW, state, table

Wait = Callable[..., None]


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def inbox(qapp: QApplication) -> Inbox:
    return Inbox()


@pytest.fixture
def hub(inbox: Inbox, tmp_path: Path, clock: Clock) -> Iterator[Hub]:
    cache = open_cache(tmp_path / "cache.db")
    yield Hub(Picture({**load_layers(), **LAYERS}), cache, inbox, clock)
    close_cache(cache)
    inbox.deleteLater()


@pytest.fixture
def changes(hub: Hub) -> list[Changes]:
    found: list[Changes] = []
    hub.changed.connect(found.append)
    return found


def test_a_question_is_asked_off_the_ui_thread_and_answered_on_it(hub: Hub, wait_until: Wait) -> None:
    where: list[threading.Thread] = []
    hub.ask(
        lambda db: threading.current_thread(), lambda asked: where.extend([asked, threading.current_thread()])
    )
    wait_until(lambda: where)
    assert where[0] is not threading.main_thread()
    assert where[1] is threading.main_thread()


def test_answers_come_in_the_order_of_the_questions(hub: Hub, wait_until: Wait) -> None:
    answers: list[int] = []
    for number in range(20):
        hub.ask(lambda db, number=number: number, answers.append)  # type: ignore[misc]
    wait_until(lambda: len(answers) == 20)
    assert answers == list(range(20))


def test_a_question_that_fails_is_told_to_the_operator(hub: Hub, wait_until: Wait) -> None:
    said: list[str] = []
    hub.failed.connect(said.append)
    hub.ask(lambda db: db.execute("SELECT nonsense"), lambda answer: said.append("answered"))
    wait_until(lambda: said)
    assert "nonsense" in said[0]


def test_who_asks_may_take_the_failure_itself(hub: Hub, wait_until: Wait) -> None:
    said: list[str] = []
    hub.failed.connect(said.append)
    errors: list[Exception] = []
    hub.ask(lambda db: {}["missing"], lambda answer: None, errors.append)
    wait_until(lambda: errors)
    assert isinstance(errors[0], KeyError)
    assert not said


def test_an_answer_that_goes_wrong_does_not_take_the_news_with_it(
    hub: Hub, inbox: Inbox, changes: list[Changes], qtbot: QtBot
) -> None:
    hub.picture.replace(table("lamps", [(0, 0)]), {}, NOW)
    got: list[object] = []
    hub.received.connect(got.append)
    with qtbot.captureExceptions() as caught:
        hub.ask(lambda db: None, lambda answer: 1 / 0)  # type: ignore[arg-type, return-value]
        hub.cache.submit(lambda db: None).result()
        inbox.put("other")
        inbox.put(state("lamps", "lamps-0", HIGH, sequence=1))
        inbox.flush()
    assert isinstance(caught[0][1], ExceptionGroup)
    assert got == ["other"]
    assert hub.picture.tables["lamps"].state[0] == HIGH
    assert changes[-1].rows["lamps"].tolist() == [0]


def test_a_batch_is_one_change(hub: Hub, inbox: Inbox, changes: list[Changes]) -> None:
    hub.picture.replace(table("lamps", [(0, 0)] * 3), {}, NOW)
    inbox.put(LinkMessage("feed", True, NOW))
    for row in (0, 2):
        inbox.put(state("lamps", f"lamps-{row}", HIGH, sequence=1))
    inbox.flush()
    assert len(changes) == 1
    assert changes[0].rows["lamps"].tolist() == [0, 2]
    assert changes[0].sources


def test_news_that_changes_nothing_is_not_told(hub: Hub, inbox: Inbox, changes: list[Changes]) -> None:
    hub.picture.replace(table("lamps", [(0, 0)]), {}, NOW)
    for _ in range(2):
        inbox.put(state("lamps", "lamps-0", HIGH, sequence=1))
        inbox.flush()
    assert len(changes) == 1


def test_what_is_not_of_the_feed_is_passed_on(hub: Hub, inbox: Inbox, changes: list[Changes]) -> None:
    got: list[object] = []
    hub.received.connect(got.append)
    inbox.put(ChangedHint("lamps", "a", "2"))
    inbox.flush()
    assert got == [ChangedHint("lamps", "a", "2")]
    assert not changes


def test_every_second_values_age_and_the_time_is_told(
    hub: Hub, clock: Clock, changes: list[Changes], wait_until: Wait
) -> None:
    hub.picture.replace(table("lamps", [(0, 0)]), {}, NOW)
    hub.picture.apply([state("lamps", "lamps-0", 0, sequence=1)], NOW)
    ticks: list[float] = []
    hub.ticked.connect(ticks.append)
    clock.now = NOW + 101
    wait_until(lambda: ticks)
    assert ticks[0] == NOW + 101
    assert hub.picture.tables["lamps"].quality[0] == Quality.UNCERTAIN
    assert changes[0].rows["lamps"].tolist() == [0]


def row(layer: str, identifier: str, properties: bytes) -> FeatureRow:
    return FeatureRow(layer, identifier, *CENTER, None, properties, "1", b"digest00", 0, identifier, "21231")


def test_loading_a_layer_puts_its_columns_and_facts_in_the_picture(
    hub: Hub, changes: list[Changes], wait_until: Wait
) -> None:
    known = {"bearing": 45.0, "view_angle": 60.0, "view_range": 80.0}
    properties = b'{"bearing":45.0,"view_angle":60.0,"view_range":80.0,"owner":"ville"}'
    hub.cache.submit(lambda db: upsert(db, [row("cameras", "CAM-1", properties)])).result()
    hub.load("cameras")
    wait_until(lambda: changes)
    assert changes[0].replaced == {"cameras"}
    assert hub.picture.tables["cameras"].id_of(0) == "CAM-1"
    assert hub.picture.tables["cameras"].quality[0] == Quality.BAD
    assert hub.picture.facts["cameras"] == {"CAM-1": known}


def test_the_facts_that_colour_lines_are_loaded_too(
    hub: Hub, changes: list[Changes], wait_until: Wait
) -> None:
    hub.cache.submit(lambda db: upsert(db, [row("flood-zones", "Z", b'{"hazard":"high"}')])).result()
    hub.load("flood-zones")
    wait_until(lambda: changes)
    assert hub.picture.facts["flood-zones"] == {"Z": {"hazard": "high"}}


def test_a_change_of_the_ui_is_announced_to_all(hub: Hub, changes: list[Changes]) -> None:
    hub.announce(Changes(filtered=frozenset({"lamps"})))
    assert changes == [Changes(filtered=frozenset({"lamps"}))]
