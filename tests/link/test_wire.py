"""The live feed's payloads."""

from __future__ import annotations

import json

import pytest

from desktop.link.wire import (
    ChangedHint,
    Decoder,
    PositionMessage,
    StateMessage,
    changed_topic,
    encode_changed,
    encode_position,
    encode_state,
    filters_of,
    position_topic,
    state_topic,
)
from desktop.link.wire_alarms import AlarmMessage, alarm_topic, encode_alarm
from desktop.link.wire_commands import (
    ApprovalMessage,
    LeaseMessage,
    Reply,
    encode_approval,
    encode_lease,
    encode_reply,
    lease_topic,
)
from layers.model import Live, Position, Quality

NOW = 1_790_000_000.0
LAMP = "vigie/v1/state/street-lights/SL-000001"
BUS = "vigie/v1/position/transit-vehicles/BUS-001"


def test_a_state_survives_the_journey() -> None:
    live = Live(
        time=NOW - 2.5,
        quality=Quality.UNCERTAIN,
        values={"on": True, "level": 70, "note": "é"},
        faults=("lamp-failure",),
        sequence=7,
        boot="b1",
    )
    topic = state_topic("street-lights", "SL-000001")
    message = Decoder().decode(topic, encode_state(live), NOW)
    assert message == StateMessage("street-lights", "SL-000001", live)


def test_a_position_survives_the_journey() -> None:
    position = Position(
        time=NOW, longitude=5.0415, latitude=47.3215, heading=271.5, speed=8.25, sequence=3, boot="b"
    )
    topic = position_topic("crews", "VOI-04")
    assert Decoder().decode(topic, encode_position(position), NOW) == PositionMessage(
        "crews", "VOI-04", position
    )


def test_a_change_hint_survives_the_journey() -> None:
    topic = changed_topic("incidents")
    message = Decoder().decode(topic, encode_changed("I-2026-0001", "12"), NOW)
    assert message == ChangedHint("incidents", "I-2026-0001", "12")


@pytest.mark.parametrize("written", ["2026-09-21T14:13:20Z", "2026-09-21T16:13:20+02:00"])
def test_times_are_read_in_any_zone(written: str) -> None:
    message = Decoder().decode(LAMP, json.dumps({"ts": written}).encode(), NOW)
    assert isinstance(message, StateMessage)
    assert message.live.time == 1_790_000_000.0


@pytest.mark.parametrize(
    "payload",
    [
        b"{",
        b"[]",
        b"\xff\xfe",
        b'{"ts": 12}',
        b'{"ts": "2026-09-21T14:13:20"}',
        b'{"ts": "2026-09-21T14:13:20Z", "q": "superb"}',
        b'{"ts": "2026-09-21T14:13:20Z", "seq": -1}',
        b'{"ts": "2026-09-21T14:13:20Z", "seq": "1"}',
        b'{"ts": "2026-09-21T14:13:20Z", "values": {"level": NaN}}',
        b'{"ts": "2026-09-21T14:13:20Z", "values": {"level": 1e400}}',
        b'{"ts": "2026-09-21T14:13:20Z", "values": {"level": {"deep": 1}}}',
        b'{"ts": "2026-09-21T14:13:20Z", "values": ' + b"[" * 60_000,
        b'{"ts": "2026-09-21T14:13:20Z", "faults": "lamp-failure"}',
        b'{"ts": "2026-09-21T14:13:20Z", "note": "' + b"x" * 1_000_000 + b'"}',
    ],
)
def test_a_bad_state_is_counted_and_not_raised(payload: bytes) -> None:
    decoder = Decoder()
    assert decoder.decode(LAMP, payload, NOW) is None
    assert decoder.bad == {"state/street-lights": 1}


@pytest.mark.parametrize(
    "place", ['"lon": 181, "lat": 47', '"lon": 5, "lat": 1e300', '"lon": "5", "lat": 47']
)
def test_a_position_off_the_earth_is_counted(place: str) -> None:
    decoder = Decoder()
    assert decoder.decode(BUS, f'{{"ts": "2026-09-21T14:13:20Z", {place}}}'.encode(), NOW) is None
    assert decoder.bad == {"position/transit-vehicles": 1}


@pytest.mark.parametrize("topic", ["vigie/v1/state/street-lights", f"{LAMP}/more", "vigie/v1/state/a b/c"])
def test_a_malformed_topic_is_counted(topic: str) -> None:
    decoder = Decoder()
    assert decoder.decode(topic, b'{"ts": "2026-09-21T14:13:20Z"}', NOW) is None
    assert decoder.bad.total() == 1


@pytest.mark.parametrize("topic", ["other/v1/state/a/b", "vigie/v1/unheard/a/b", "vigie", ""])
def test_topics_of_no_interest_are_not_held_against_anyone(topic: str) -> None:
    decoder = Decoder()
    assert decoder.decode(topic, b"anything", NOW) is None
    assert not decoder.bad


def test_a_cleared_topic_is_no_message_and_no_fault() -> None:
    decoder = Decoder()
    assert decoder.decode(LAMP, b"", NOW) is None
    assert not decoder.bad


def test_the_count_of_bad_topics_stays_bounded() -> None:
    decoder = Decoder()
    for i in range(5_000):
        decoder.decode(f"vigie/v1/state/layer-{i}/x", b"{", NOW)
    assert decoder.bad.total() == 5_000
    assert len(decoder.bad) <= 1_001


def test_a_state_from_the_future_is_uncertain_and_dated_now() -> None:
    ahead = Decoder().decode(LAMP, encode_state(Live(time=NOW + 3600)), NOW)
    assert isinstance(ahead, StateMessage)
    assert ahead.live.quality == Quality.UNCERTAIN
    assert ahead.live.time == NOW
    bad = Decoder().decode(LAMP, encode_state(Live(time=NOW + 3600, quality=Quality.BAD)), NOW)
    assert isinstance(bad, StateMessage)
    assert bad.live.quality == Quality.BAD


def test_a_clock_a_little_ahead_is_trusted() -> None:
    message = Decoder().decode(LAMP, encode_state(Live(time=NOW + 4)), NOW)
    assert isinstance(message, StateMessage)
    assert message.live.quality == Quality.GOOD


def test_replies_approvals_and_leases_are_decoded_and_bad_ones_counted() -> None:
    decoder = Decoder()
    reply = Reply(command_id="c1", phase="operate", result="refused", cause="sequence", ts=NOW)
    assert decoder.decode("vigie/v1/reply/desk", encode_reply(reply), NOW) == reply
    ask = ApprovalMessage(kind="request", command="c1", console="desk", expires=NOW + 120, ts=NOW)
    assert decoder.decode("vigie/v1/approval/c1", encode_approval(ask), NOW) == ask
    lease = LeaseMessage(layer="bollards", id="BO-1", operator="A", console="desk", until=NOW + 30)
    assert decoder.decode(lease_topic("bollards", "BO-1"), encode_lease(lease), NOW) == lease
    assert decoder.decode("vigie/v1/reply/desk", b'{"result": 1}', NOW) is None
    assert decoder.bad == {"reply/desk": 1}


def test_alarms_are_decoded_and_bad_ones_counted() -> None:
    decoder = Decoder()
    alarm = AlarmMessage(key="street-lights/L1/lamp-failure", time=NOW, raised=NOW - 60)
    assert decoder.decode(alarm_topic(alarm.key), encode_alarm(alarm), NOW) == alarm
    assert decoder.decode(alarm_topic(alarm.key), b"[]", NOW) is None
    assert decoder.decode("vigie/v1/alarm/street-lights", encode_alarm(alarm), NOW) is None
    assert decoder.bad == {"alarm/street-lights": 2}


def test_a_lease_that_is_cleared_is_news() -> None:
    released = Decoder().decode(lease_topic("bollards", "BO-1"), b"", NOW)
    assert isinstance(released, LeaseMessage) and released.released


def test_a_console_listens_to_its_own_replies_only() -> None:
    filters = filters_of(["bollards"], "poste 3")
    assert "vigie/v1/reply/poste-3" in filters
    assert not any(each.startswith("vigie/v1/reply/") for each in filters_of(["bollards"]))
