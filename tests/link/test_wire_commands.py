"""Payloads of commands: what is written is read back, and what does not fit is refused."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.link.wire_commands import (
    ApprovalMessage,
    CommandRequest,
    LeaseMessage,
    Reply,
    approval_topic,
    command_topic,
    decode_approval,
    decode_command,
    decode_lease,
    decode_reply,
    encode_approval,
    encode_command,
    encode_lease,
    encode_reply,
    lease_topic,
    reply_topic,
)

TIME = 1_700_000_000.25
REQUEST = CommandRequest(
    command_id="c-1",
    phase="operate",
    select_id="s",
    action="dim",
    args={"level": 40},
    expected_seq=7,
    operator="Ana",
    console="desk 1",
    reason="works",
    ttl_s=5.0,
    ts=TIME,
)
LEVELS = ["vigie", "v1", "lease", "street-lights", "L-1"]


def test_what_is_written_is_read_back() -> None:
    assert decode_command(encode_command(REQUEST)) == REQUEST
    reply = Reply(command_id="c-1", phase="select", result="selected", select_id="s", ts=TIME, seq=3)
    assert decode_reply(encode_reply(reply)) == reply
    asked = ApprovalMessage(
        kind="request", command="c", args={"plan": "2"}, targets=("a",), count=1, expires=TIME + 120, ts=TIME
    )
    assert decode_approval(encode_approval(asked)) == asked
    lease = LeaseMessage(layer="street-lights", id="L-1", operator="Ana", console="d", until=TIME)
    assert decode_lease(LEVELS, encode_lease(lease)) == lease


def test_times_are_written_as_the_rest_of_the_feed_writes_them() -> None:
    assert msgspec.json.decode(encode_command(REQUEST))["ts"] == "2023-11-14T22:13:20.250000Z"


def test_a_lease_that_is_given_up_is_empty() -> None:
    released = LeaseMessage(layer="street-lights", id="L-1")
    assert encode_lease(released) == b""
    assert decode_lease(LEVELS, b"") == released and released.released


@pytest.mark.parametrize(
    "change",
    [
        {"command_id": ""},
        {"command_id": "a/b"},
        {"command_id": "a\n"},
        {"command_id": "a" * 65},
        {"phase": "explode"},
        {"args": [1]},
        {"args": {"level": [1]}},
        {"args": {"text": "a" * 2_001}},
        {"expected_seq": -1},
        {"ttl_s": "long"},
        {"ts": "yesterday"},
        {"ts": "2026-01-01T00:00:00"},
        {"ts": None},
        {"console": ""},
        {"v": 2},
    ],
)
def test_a_request_that_does_not_fit_is_none(change: dict[str, Any]) -> None:
    values = {**msgspec.json.decode(encode_command(REQUEST)), **change}
    with pytest.raises(ValueError):
        decode_command(msgspec.json.encode(values))


@pytest.mark.parametrize("result", ["perhaps", "", 1, None])
def test_a_reply_that_does_not_fit_is_none(result: object) -> None:
    values = {"command_id": "c", "phase": "operate", "result": result, "ts": "2026-01-01T00:00:00Z"}
    with pytest.raises(ValueError):
        decode_reply(msgspec.json.encode(values))


def test_a_lease_of_another_topic_is_none() -> None:
    for levels in (LEVELS[:4], [*LEVELS, "x"], [*LEVELS[:4], "+"], [*LEVELS[:3], "", "x"]):
        with pytest.raises(ValueError):
            decode_lease(levels, b"")


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(payload: bytes) -> None:
    for decode in (decode_command, decode_reply, decode_approval):
        with pytest.raises(ValueError):
            decode(payload)


def test_topics() -> None:
    assert command_topic("a", "b") == "vigie/v1/command/a/b"
    assert lease_topic("a", "b") == "vigie/v1/lease/a/b"
    assert approval_topic("c") == "vigie/v1/approval/c"
    assert reply_topic("Poste 3/É") == "vigie/v1/reply/Poste-3--"
