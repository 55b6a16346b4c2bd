"""The operational picture: what messages, links and reloaded tables make of it."""

from __future__ import annotations

import numpy as np
import pytest

from desktop.link.wire import LinkMessage, SnapshotComplete, StateMessage
from desktop.work.live import LINK_GRACE
from desktop.work.picture import RATE_WINDOW, Changes, ObjectKey, Picture
from layers.model import Live, Quality
from tests.map.town import CENTER, HIGH, LAYERS, LOW, MEDIUM, NOW, position, state, table


@pytest.fixture
def picture() -> Picture:
    made = Picture(LAYERS)
    made.apply([LinkMessage("feed", True, NOW), SnapshotComplete("feed")], NOW)
    return made


def quality(picture: Picture, name: str = "lamps") -> list[int]:
    return picture.tables[name].quality.tolist()


def states(picture: Picture, name: str = "lamps") -> list[int]:
    return picture.tables[name].state.tolist()


def test_a_live_layer_without_any_message_is_unknown(picture: Picture) -> None:
    picture.replace(table("lamps", [(0, 0)] * 3), {}, NOW)
    picture.grow_old(NOW + 1)
    assert quality(picture) == [Quality.BAD] * 3
    assert picture.tables["lamps"].summary().unknown == 3


def test_messages_before_the_table_are_applied_when_it_comes(picture: Picture) -> None:
    assert not picture.apply([state("lamps", "lamps-1", HIGH, sequence=1)], NOW).rows
    picture.replace(table("lamps", [(0, 0)] * 2), {}, NOW)
    assert states(picture) == [0, HIGH]
    assert quality(picture) == [Quality.BAD, Quality.GOOD]


def test_early_messages_out_of_order_leave_the_newest(picture: Picture) -> None:
    for sequence, code in ((3, HIGH), (2, LOW)):
        picture.apply([state("lamps", "lamps-0", code, sequence=sequence, boot="a")], NOW)
    picture.replace(table("lamps", [(0, 0)]), {}, NOW)
    assert states(picture) == [HIGH]


def test_a_state_waits_for_the_registry_to_tell_of_its_object(picture: Picture) -> None:
    picture.replace(table("lamps", [(0, 0)], ids=["a"]), {}, NOW)
    picture.apply([state("lamps", "b", MEDIUM, sequence=1)], NOW)
    picture.replace(table("lamps", [(0, 0)] * 2, ids=["a", "b"]), {}, NOW)
    assert states(picture) == [0, MEDIUM]
    assert quality(picture) == [Quality.BAD, Quality.GOOD]


def test_reloading_keeps_live_state_by_id(picture: Picture) -> None:
    picture.replace(table("lamps", [(0, 0)] * 2, ids=["a", "b"]), {}, NOW)
    picture.apply([state("lamps", "b", HIGH, sequence=5, boot="x")], NOW)
    changes = picture.replace(table("lamps", [(0, 0)] * 3, ids=["b", "new", "a"]), {}, NOW + 1)
    assert changes.replaced == {"lamps"}
    assert states(picture) == [HIGH, 0, 0]
    assert quality(picture) == [Quality.GOOD, Quality.BAD, Quality.BAD]


def test_an_object_that_leaves_the_registry_and_returns_is_as_it_last_said(picture: Picture) -> None:
    picture.replace(table("lamps", [(0, 0)] * 2, ids=["a", "b"]), {}, NOW)
    picture.apply([state("lamps", "b", HIGH, sequence=5, boot="x")], NOW)
    picture.replace(table("lamps", [(0, 0)], ids=["a"]), {}, NOW)
    picture.apply([state("lamps", "b", LOW, sequence=4, boot="x")], NOW)
    picture.replace(table("lamps", [(0, 0)] * 2, ids=["a", "b"]), {}, NOW)
    assert states(picture) == [0, HIGH]
    assert quality(picture)[1] == Quality.GOOD


def test_a_fact_that_changes_in_the_registry_changes_the_state_without_news(picture: Picture) -> None:
    picture.replace(table("lamps", [(0, 0)] * 2, ids=["a", "b"]), {"a": {"s": 0}, "b": {"s": 0}}, NOW)
    picture.apply([StateMessage("lamps", it, Live(time=NOW, sequence=1)) for it in ("a", "b")], NOW)
    picture.replace(table("lamps", [(0, 0)] * 2, ids=["a", "b"]), {"a": {"s": MEDIUM}, "b": {"s": 0}}, NOW)
    assert states(picture) == [MEDIUM, 0]


def test_losing_the_link_is_uncertain_at_once_unknown_after_the_grace_and_heals(picture: Picture) -> None:
    picture.replace(table("lamps", [(0, 0)]), {}, NOW)
    picture.apply([state("lamps", "lamps-0", 0, sequence=1)], NOW)
    assert quality(picture) == [Quality.GOOD]
    changes = picture.apply([LinkMessage("feed", False, NOW + 1, "cut")], NOW + 1)
    assert changes.sources
    assert changes.rows["lamps"].tolist() == [0]
    assert quality(picture) == [Quality.UNCERTAIN]
    picture.grow_old(NOW + 1 + LINK_GRACE)
    assert quality(picture) == [Quality.BAD]
    picture.apply([LinkMessage("feed", True, NOW + 20)], NOW + 20)
    assert picture.resynchronising("lamps")
    assert quality(picture) == [Quality.BAD]
    picture.apply([state("lamps", "lamps-0", 0, sequence=1), SnapshotComplete("feed")], NOW + 21)
    assert not picture.resynchronising("lamps")
    assert quality(picture) == [Quality.GOOD]


def test_what_the_snapshot_does_not_tell_of_stays_in_doubt_until_it_is_heard_of(picture: Picture) -> None:
    picture.replace(table("lamps", [(0, 0)] * 2), {}, NOW)
    picture.apply([state("lamps", f"lamps-{row}", 0, sequence=1) for row in (0, 1)], NOW)
    picture.apply([LinkMessage("feed", False, NOW + 1, "cut")], NOW + 1)
    picture.apply([LinkMessage("feed", True, NOW + 2)], NOW + 2)
    picture.apply([state("lamps", "lamps-0", 0, sequence=1), SnapshotComplete("feed")], NOW + 3)
    assert quality(picture) == [Quality.GOOD, Quality.UNCERTAIN]
    picture.apply([state("lamps", "lamps-1", 0, sequence=2)], NOW + 4)
    assert quality(picture) == [Quality.GOOD, Quality.GOOD]


def test_nothing_is_trusted_before_the_first_snapshot_is_read() -> None:
    picture = Picture(LAYERS)
    picture.replace(table("lamps", [(0, 0)]), {}, NOW)
    picture.apply([LinkMessage("feed", True, NOW), state("lamps", "lamps-0", 0, sequence=1)], NOW)
    assert quality(picture) == [Quality.UNCERTAIN]
    picture.apply([SnapshotComplete("feed")], NOW + 1)
    assert quality(picture) == [Quality.GOOD]


def test_the_grace_runs_from_the_first_loss(picture: Picture) -> None:
    for second in range(4):
        picture.apply([LinkMessage("feed", False, NOW + 4 * second)], NOW + 4 * second)
    assert picture.sources["feed"].lost_at == NOW


def test_a_table_loaded_while_the_link_is_lost_is_in_doubt(picture: Picture) -> None:
    picture.apply([state("lamps", "lamps-0", 0, sequence=1), LinkMessage("feed", False, NOW)], NOW)
    picture.replace(table("lamps", [(0, 0)]), {}, NOW)
    assert quality(picture) == [Quality.UNCERTAIN]


def test_a_snapshot_is_complete_until_the_link_is_lost(picture: Picture) -> None:
    feed = picture.sources["feed"]
    picture.apply([SnapshotComplete("feed")], NOW)
    assert (feed.up, feed.complete) == (True, True)
    picture.apply([LinkMessage("feed", False, NOW, "no route")], NOW)
    picture.apply([SnapshotComplete("feed")], NOW)  # late, of the link that was lost
    assert (feed.up, feed.complete, feed.detail) == (False, False, "no route")


def test_positions_move_only_their_own_layer(picture: Picture) -> None:
    for name in ("cars", "lamps"):
        picture.replace(table(name, [(0, 0)]), {}, NOW)
    changes = picture.apply(
        [position("cars", "cars-0", 50, 20, heading=90.0), position("lamps", "lamps-0", 50, 20)], NOW
    )
    assert changes.moved == {"cars"}
    cars, lamps = picture.tables["cars"], picture.tables["lamps"]
    assert (cars.x[0] - CENTER[0], cars.y[0] - CENTER[1]) == pytest.approx((50, 20), abs=0.1)
    assert cars.heading[0] == 90.0
    assert lamps.x[0] == CENTER[0]


def test_changes_name_the_rows_of_each_layer_once(picture: Picture) -> None:
    picture.replace(table("lamps", [(0, 0)] * 3), {}, NOW)
    batch = [state("lamps", f"lamps-{i}", LOW, sequence=s) for i, s in ((2, 1), (0, 1), (2, 2))]
    changes = picture.apply(batch, NOW)
    assert changes.rows["lamps"].tolist() == [0, 2]
    assert changes.touches("lamps")
    assert not changes.touches("cars")


def test_nothing_is_a_change_that_is_false(picture: Picture) -> None:
    assert not picture.apply([], NOW)
    assert not picture.grow_old(NOW)
    assert Changes(filtered=frozenset({"lamps"}))


def test_messages_of_unknown_layers_are_harmless(picture: Picture) -> None:
    assert not picture.apply([state("nowhere", "x", HIGH), position("nowhere", "x", 0, 0)], NOW)


def test_the_rate_is_that_of_the_last_seconds(picture: Picture) -> None:
    feed = picture.sources["feed"]
    for second in range(100):
        feed.received(50, NOW + second)
    assert feed.rate(NOW + 99.5) == pytest.approx(50, rel=0.1)
    assert feed.rate(NOW + 99.5 + RATE_WINDOW) == 0
    assert feed.last_message == NOW + 99


def test_what_was_retained_is_no_news(picture: Picture) -> None:
    feed = picture.sources["feed"]
    picture.replace(table("lamps", [(0, 0)] * 500), {}, NOW)

    def report(sequence: int, now: float) -> None:
        picture.apply([state("lamps", f"lamps-{i}", 0, sequence=sequence) for i in range(500)], now)

    report(1, NOW)
    assert feed.rate(NOW) == 0 and feed.catching_up(NOW)
    picture.apply([SnapshotComplete("feed")], NOW + 3)
    report(2, NOW + 3)
    assert feed.rate(NOW + 3) == 500 / RATE_WINDOW and not feed.catching_up(NOW + 3)


def test_first_reports_after_an_empty_snapshot_are_the_opening_too(picture: Picture) -> None:
    feed = picture.sources["feed"]
    picture.apply([SnapshotComplete("feed")], NOW)
    strangers = [state("lamps", f"lamps-{i}", 0, sequence=1) for i in range(300)]
    picture.apply(strangers, NOW)
    assert feed.catching_up(NOW) and feed.rate(NOW) == 0
    picture.apply(strangers, NOW + 3)
    assert not feed.catching_up(NOW + 3) and feed.rate(NOW + 3) == 300 / RATE_WINDOW


def test_an_object_has_a_place_while_the_registry_tells_of_it(picture: Picture) -> None:
    key = ObjectKey("lamps", "b")
    assert picture.place(key) is None
    picture.replace(table("lamps", [(0, 0)] * 2, ids=["a", "b"]), {}, NOW)
    assert picture.place(key) == (picture.table("lamps"), 1)
    picture.replace(table("lamps", [(0, 0)], ids=["a"]), {}, NOW)
    assert picture.place(key) is None


def test_a_filter_does_not_stop_news(picture: Picture) -> None:
    picture.replace(table("lamps", [(0, 0)]), {}, NOW)
    picture.tables["lamps"].mask = np.array([False])
    picture.apply([state("lamps", "lamps-0", HIGH, sequence=1)], NOW)
    assert states(picture) == [HIGH]
    assert picture.tables["lamps"].summary().worst == 0


def test_a_reloaded_table_keeps_what_a_filter_hides(picture: Picture) -> None:
    before = table("shops", [(0.0, 0.0), (10.0, 0.0)])
    before.mask = np.array([True, False])
    picture.replace(before, {}, NOW)
    after = table("shops", [(0.0, 0.0), (10.0, 0.0), (20.0, 0.0)])
    picture.replace(after, {}, NOW)
    assert after.mask is not None
    assert after.mask.tolist() == [True, False, True]
