"""Whatever comes over the feed, nothing raises: it is counted, the picture stays, the rest goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest
from qtpy.QtWidgets import QApplication

from desktop.link.topics import ROOT
from desktop.link.wire import Decoder, encode_position, encode_state, position_topic, state_topic
from desktop.link.wire_alarms import AlarmMessage, alarm_topic, encode_alarm
from desktop.link.wire_commands import (
    ApprovalMessage,
    LeaseMessage,
    Reply,
    approval_topic,
    encode_approval,
    encode_lease,
    encode_reply,
    lease_topic,
    reply_topic,
)
from desktop.work.picture import ObjectKey
from layers.model import Live, Position, Quality
from tests.desk import LIGHTS, MOREAU, City, Console

TOPICS = {
    "state": state_topic(LIGHTS, "SL-000001"),
    "position": position_topic("transit-vehicles", "BUS-001"),
    "alarm": alarm_topic(f"{LIGHTS}/SL-000001/lamp-failure"),
    "reply": reply_topic("desk-1"),
    "approval": approval_topic("a1"),
    "lease": lease_topic(LIGHTS, "SL-000001"),
}
TIME = '"2026-11-24T18:00:00Z"'
BAD = {
    "cut short": b'{"ts": "2026',
    "a list": b"[]",
    "nothing": b"null",
    "no text": b"\xff\xfe\x00",
    "deep": b"[" * 20_000,
    "wrong types": b'{"ts": 5, "seq": "x", "values": [], "kind": 1, "until": {}, "command_id": []}',
    "no zone": b'{"ts": "2026-11-24T18:00:00", "until": "2026-11-24T18:00:00", "raised": "now"}',
    "1 MB": b'{"ts": ' + TIME.encode() + b', "boot": "' + b"x" * 1_000_000 + b'"}',
    "huge number": b'{"ts": ' + TIME.encode() + b', "seq": 1e400, "lon": 1e999, "lat": 0, "until": 1e400}',
}
ODD = (
    "state",
    f"state/{LIGHTS}",
    f"state/{LIGHTS}/SL-000001/more",
    f"state/{LIGHTS}/",
    f"state/{LIGHTS}/a b",
    f"state/{LIGHTS}/../../x",
    f"state/{LIGHTS}/é",
    f"position/{LIGHTS}/$x",
    f"alarm/{LIGHTS}/SL-000001/a b",
    f"lease/{LIGHTS}/\u202e",
    f"command/{LIGHTS}/SL-000001",
    "unknown/thing/here",
)


@pytest.fixture
def city(qapp: QApplication) -> Iterator[City]:
    made = City()
    yield made
    made.close()


@pytest.fixture
def console(city: City, tmp_path: Path) -> Console:
    made = Console(city, tmp_path / "desk-1", "desk-1")
    made.operations.sign_in(MOREAU)
    city.run(1.0)
    return made


def snapshot(console: Console) -> dict[str, bytes]:
    """All that the map is drawn from."""
    tables = console.hub.picture.tables
    return {
        name: b"".join(each.tobytes() for each in (it.state, it.quality, it.time, it.x, it.y))
        for name, it in tables.items()
    }


def goes_on(city: City, console: Console) -> None:
    """News of some lamp still arrives, and a command still works."""
    lamp = city.lamp(2)
    command = console.give("off", lamp)
    city.run(10)
    assert console.target(command).stage == "confirmed"
    table, row = console.hub.picture.place(lamp) or pytest.fail("the lamp is gone")
    assert table.time[row] > city.now - 11


@pytest.mark.parametrize("kind", TOPICS)
def test_bad_payloads_are_counted_by_kind_and_change_nothing(city: City, console: Console, kind: str) -> None:
    before, bad = snapshot(console), console.feed.decoder.bad
    counted, alarms = sum(bad.values()), len(console.operations.alarms)
    for payload in BAD.values():
        city.broker.publish(TOPICS[kind], payload)
    console.settle()
    key = "/".join(TOPICS[kind].split("/")[2:4])
    assert bad[key] == sum(bad.values()) - counted == len(BAD)
    assert snapshot(console) == before
    assert len(console.operations.alarms) == alarms
    assert not console.operations.commands.approvals()
    assert not console.troubles
    goes_on(city, console)


def test_bad_payloads_that_are_retained_do_not_keep_a_console_from_starting(
    city: City, console: Console
) -> None:
    for kind in ("state", "alarm", "lease"):
        city.broker.publish(TOPICS[kind], BAD["wrong types"], retain=True)
    again = console.reopened()
    again.operations.sign_in(MOREAU)
    city.run(1.0)
    assert again.hub.picture.sources["feed"].complete
    assert sum(again.feed.decoder.bad.values()) == 3
    goes_on(city, again)


@pytest.mark.parametrize("topic", ODD)
def test_odd_topics_raise_nothing(city: City, console: Console, topic: str) -> None:
    before = snapshot(console)
    payload = encode_state(Live(time=city.now, values={"on": False}, sequence=10**6, boot="x"))
    city.broker.publish(f"{ROOT}/{topic}", payload)
    Decoder().decode(f"{ROOT}/{topic}", payload, city.now)
    console.settle()
    assert snapshot(console) == before
    goes_on(city, console)


def test_nobody_publishes_to_a_wildcard(city: City, console: Console) -> None:
    before = snapshot(console)
    decoder = Decoder()
    for topic in (f"{ROOT}/state/{LIGHTS}/+", f"{ROOT}/state/#", f"{ROOT}/lease/+/+"):
        with pytest.raises(ValueError, match="cannot publish"):
            city.broker.publish(topic, b"{}")
        assert decoder.decode(topic, b"{}", city.now) is None
    console.settle()
    assert snapshot(console) == before


def test_a_clock_years_ahead_makes_nothing_look_fresh_nor_blocks_what_follows(
    city: City, console: Console
) -> None:
    lamp = city.lamp()
    live = console.hub.picture.live[LIGHTS][lamp.id]
    ahead = Live(
        time=city.now + 10**8, values=live.values, sequence=live.sequence + 1_000_000, boot="other clock"
    )
    city.broker.publish(state_topic(lamp.layer, lamp.id), encode_state(ahead))
    city.run(1)
    table, row = console.hub.picture.place(lamp) or pytest.fail("the lamp is gone")
    assert table.quality[row] == Quality.UNCERTAIN and table.time[row] <= city.now
    city.report(lamp)
    city.run(1)
    assert table.quality[row] == Quality.GOOD


def test_positions_from_the_future_and_off_the_grid_move_no_one_far(city: City, console: Console) -> None:
    vehicle = ObjectKey("transit-vehicles", "BUS-001")
    table, row = console.hub.picture.place(vehicle) or pytest.fail("the bus is gone")
    where = (table.x[row], table.y[row])
    for payload in (b'{"ts": %s, "lon": 500, "lat": 47}', b'{"ts": %s, "lon": 5, "lat": -91}'):
        city.broker.publish(position_topic(*msgspec.structs.astuple(vehicle)), payload % TIME.encode())
    console.settle()
    assert (table.x[row], table.y[row]) == where
    ahead = Position(time=city.now + 10**8, longitude=5.0, latitude=47.3, boot="x")
    city.broker.publish(position_topic("transit-vehicles", "BUS-001"), encode_position(ahead))
    console.settle()
    assert table.time[row] <= city.now
    assert np.isfinite(table.x).all() and np.isfinite(table.y).all()


Far = Callable[[float], tuple[str, bytes]]
FAR: dict[str, Far] = {
    "alarm": lambda t: (
        alarm_topic(f"{LIGHTS}/nobody/lamp-failure"),
        encode_alarm(AlarmMessage(key=f"{LIGHTS}/nobody/lamp-failure", time=t, raised=t)),
    ),
    "alarm of no layer": lambda t: (
        alarm_topic("no-layer/x/y"),
        encode_alarm(AlarmMessage(key="no-layer/x/y", time=t, raised=t)),
    ),
    "reply": lambda t: (
        reply_topic("desk-1"),
        encode_reply(Reply(command_id="nobody", phase="operate", result="done", cause="?", ts=t)),
    ),
    "approval": lambda t: (
        approval_topic("nobody"),
        encode_approval(ApprovalMessage(kind="grant", command="nobody", ts=t, operator="?", console="?")),
    ),
    "approval of no layer": lambda t: (
        approval_topic("b1"),
        encode_approval(
            ApprovalMessage(
                kind="request",
                command="b1",
                layer="no-layer",
                action="?",
                targets=("?",),
                count=1,
                operator_id="?",
                operator="?",
                console="?",
                expires=t,
                ts=t,
            )
        ),
    ),
    "lease": lambda t: (
        lease_topic("no-layer", "nobody"),
        encode_lease(LeaseMessage(layer="no-layer", id="nobody", operator="?", console="?", until=t)),
    ),
    "state": lambda t: (state_topic(LIGHTS, "nobody"), encode_state(Live(time=t, faults=("lamp-failure",)))),
    "state of no layer": lambda t: (state_topic("no-layer", "nobody"), encode_state(Live(time=t))),
    "position": lambda t: (
        position_topic("transit-vehicles", "nobody"),
        encode_position(Position(time=t, longitude=5, latitude=47)),
    ),
}


@pytest.mark.parametrize("what", FAR)
@pytest.mark.parametrize("later", [0.0, 250_000_000_000.0 / 10])
def test_what_speaks_of_nobody_or_of_another_century_changes_nothing(
    city: City, console: Console, what: str, later: float
) -> None:
    before, alarms = snapshot(console), len(console.operations.alarms)
    topic, payload = FAR[what](city.now + later)
    city.broker.publish(topic, payload)
    console.settle()
    assert snapshot(console) == before and len(console.operations.alarms) == alarms
    assert not console.troubles
    goes_on(city, console)


def test_a_lease_of_another_century_does_not_hold_an_object_for_ever(city: City, console: Console) -> None:
    lamp = city.lamp()
    lease = LeaseMessage(layer=lamp.layer, id=lamp.id, operator="?", console="?", until=city.now + 10**9)
    city.broker.publish(lease_topic(lamp.layer, lamp.id), encode_lease(lease), retain=True)
    console.settle()
    held = console.operations.commands.lease_of(lamp)
    assert held is not None and held.until <= city.now + 3_600.0


def test_a_shared_alarm_from_the_future_does_not_silence_what_is_said_later(
    city: City, console: Console
) -> None:
    lamp, second = city.lamp(), Console(city, console.folder.with_name("desk-2"), "desk-2")
    city.lamps.fail(city.place(lamp), "lamp-failure", city.now)
    city.report(lamp)
    city.run(3)
    key = f"{LIGHTS}/{lamp.id}/lamp-failure"
    alarm = console.operations.alarms.get(key)
    assert alarm is not None
    strange = AlarmMessage(key=key, time=city.now + 10**9, raised=alarm.raised)
    city.broker.publish(alarm_topic(key), encode_alarm(strange))
    city.run(1)
    console.operations.acknowledge([key])
    city.run(2)
    seen = second.operations.alarms.get(key)
    assert seen is not None and seen.life.acknowledged
