"""The one door to the UI thread: conflated, in order, from any thread, not too often."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from qtpy.QtWidgets import QApplication

from desktop.inbox import INTERVAL_MS, MOST, Inbox
from desktop.link.wire import ChangedHint, SnapshotComplete, StateMessage
from layers.model import Live
from tests.map.town import NOW, position, state

Wait = Callable[..., None]


@pytest.fixture
def inbox(qapp: QApplication) -> Iterator[Inbox]:
    made = Inbox()
    yield made
    made.deleteLater()


@pytest.fixture
def batches(inbox: Inbox) -> list[list[object]]:
    found: list[list[object]] = []
    inbox.batch.connect(found.append)
    return found


def test_of_several_states_of_one_object_the_newest_is_handed_over(
    inbox: Inbox, batches: list[list[object]]
) -> None:
    for sequence in (1, 4, 3, 4, 2):
        inbox.put(state("lamps", "a", sequence % 5, sequence=sequence, boot="x"))
    inbox.put(state("lamps", "b", 0, sequence=1))
    inbox.flush()
    assert batches == [[state("lamps", "a", 4, sequence=4, boot="x"), state("lamps", "b", 0, sequence=1)]]


def test_after_a_restart_the_first_message_is_the_newest(inbox: Inbox, batches: list[list[object]]) -> None:
    restarted = state("lamps", "a", 2, sequence=1, boot="y", time=NOW + 1)
    for message in (state("lamps", "a", 1, sequence=900, boot="x"), restarted):
        inbox.put(message)
    inbox.flush()
    assert batches == [[restarted]]


def test_state_and_position_of_one_object_do_not_replace_each_other(
    inbox: Inbox, batches: list[list[object]]
) -> None:
    both = [state("cars", "a", 1), position("cars", "a", 5, 5)]
    for message in both:
        inbox.put(message)
    inbox.flush()
    assert batches == [both]


def test_objects_of_two_layers_may_share_an_id(inbox: Inbox, batches: list[list[object]]) -> None:
    for name in ("lamps", "cars"):
        inbox.put(state(name, "same", 1))
    inbox.flush()
    assert len(batches[0]) == 2


def test_other_messages_keep_their_order_and_their_number(inbox: Inbox, batches: list[list[object]]) -> None:
    hints = [ChangedHint("lamps", "a", str(i)) for i in (1, 2, 2, 3)]
    for hint in hints:
        inbox.put(hint)
        inbox.put(state("lamps", "a", 0))
    inbox.flush()
    assert [it for it in batches[0] if isinstance(it, ChangedHint)] == hints


def test_a_flood_is_handed_over_in_few_batches(
    inbox: Inbox, batches: list[list[object]], wait_until: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert INTERVAL_MS * 20 >= 1000
    for place in range(200):
        inbox.put(place)
        QApplication.processEvents()
    wait_until(lambda: sum(len(each) for each in batches) == 200)
    assert [it for each in batches for it in each] == list(range(200))
    assert len(batches) < 100


def test_nothing_is_handed_over_while_nothing_came(inbox: Inbox, batches: list[list[object]]) -> None:
    inbox.flush()
    assert batches == []


def test_a_message_put_while_a_batch_is_read_comes_with_the_next(
    inbox: Inbox, batches: list[list[object]], wait_until: Wait
) -> None:
    inbox.batch.connect(lambda batch: inbox.put("answer") if "question" in batch else None)
    inbox.put("question")
    wait_until(lambda: len(batches) == 2)
    assert batches == [["question"], ["answer"]]


def test_four_threads_lose_nothing(inbox: Inbox, batches: list[list[object]], wait_until: Wait) -> None:
    def talk(name: int) -> None:
        for sequence in range(1, 301):
            inbox.put((name, sequence))
            inbox.put(state("lamps", f"{name}", sequence % 5, sequence=sequence, boot="x"))

    threads = [threading.Thread(target=talk, args=(name,)) for name in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    inbox.put("end")
    wait_until(lambda: batches and "end" in batches[-1])
    every = [it for batch in batches for it in batch]
    for name in range(4):
        assert [it[1] for it in every if isinstance(it, tuple) and it[0] == name] == list(range(1, 301))
        last = [it for it in every if isinstance(it, StateMessage) and it.id == f"{name}"][-1]
        assert last.live.sequence == 300


def test_batches_arrive_on_the_ui_thread(inbox: Inbox, wait_until: Wait) -> None:
    threads: list[threading.Thread] = []
    inbox.batch.connect(lambda _: threads.append(threading.current_thread()))
    speaker = threading.Thread(target=lambda: inbox.put("news"))
    speaker.start()
    speaker.join()
    wait_until(lambda: threads)
    assert threads == [threading.main_thread()]


def test_a_flood_comes_in_bites_and_its_snapshot_is_complete_only_at_the_end(
    inbox: Inbox, batches: list[list[object]], wait_until: Wait
) -> None:
    for number in range(2 * MOST + 10):
        inbox.put(StateMessage("street-lights", f"SL-{number}", Live(time=1.0)))
    inbox.put(SnapshotComplete("feed"))
    wait_until(lambda: sum(map(len, batches)) == 2 * MOST + 11)
    assert max(map(len, batches)) <= MOST + 1
    assert batches[-1][-1] == SnapshotComplete("feed")
