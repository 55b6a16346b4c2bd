"""Shared alarms on the wire: back as they were, and nothing else let through."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.link.wire_alarms import (
    AlarmMessage,
    SharedAcknowledgement,
    SharedShelving,
    alarm_topic,
    decode_alarm,
    encode_alarm,
)

KEY = "street-lights/L-1/lamp-failure"
TIMES = st.floats(1_600_000_000, 2_000_000_000).map(lambda it: round(it, 6))
WORDS = st.text(st.characters(codec="utf-8"), max_size=20)
ACKNOWLEDGED = st.builds(SharedAcknowledgement, operator=WORDS, console=WORDS, time=TIMES, note=WORDS)
SHELVED = st.builds(SharedShelving, operator=WORDS, console=WORDS, time=TIMES, until=TIMES, reason=WORDS)
MASKED = st.just(("", 0.0)) | st.tuples(WORDS.filter(bool), TIMES)


def levels(key: str = KEY) -> list[str]:
    return alarm_topic(key).split("/")


def said(**more: object) -> bytes:
    values = {"ts": "2026-11-24T15:00:00Z", "raised": "2026-11-24T14:59:00Z", **more}
    return msgspec.json.encode({name: value for name, value in values.items() if value is not None})


@given(TIMES, TIMES, st.none() | ACKNOWLEDGED, st.none() | SHELVED, MASKED)
def test_what_is_shared_comes_back_to_the_microsecond(
    time: float,
    raised: float,
    note: SharedAcknowledgement | None,
    aside: SharedShelving | None,
    masked: tuple[str, float],
) -> None:
    message = AlarmMessage(
        key=KEY,
        time=time,
        raised=raised,
        acknowledged=note,
        shelved=aside,
        suppressed=masked[0],
        suppressed_until=masked[1],
    )
    assert decode_alarm(levels(), encode_alarm(message)) == message


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b"\xff\xfe",
        said(ts=None),
        said(raised=12),
        said(ts="2026-11-24T15:00:00"),
        said(acknowledged={"operator": "a", "console": "b"}),
        said(shelved={"operator": "a", "console": "b", "ts": "2026-11-24T15:00:00Z", "reason": "no end"}),
        said(suppressed="works without an end"),
        said(suppressed_until="2026-11-24T18:00:00Z"),
        said(suppressed="x" * 2_001, suppressed_until="2026-11-24T18:00:00Z"),
    ],
)
def test_what_does_not_fit_is_refused(payload: bytes) -> None:
    with pytest.raises(ValueError):
        decode_alarm(levels(), payload)


@pytest.mark.parametrize("key", ["street-lights/L-1", "a/b/c/d", "a//c", "a/b c/d", "a/+/c", "a/../#"])
def test_only_the_topic_of_an_alarm_is_one(key: str) -> None:
    with pytest.raises(ValueError, match="topic"):
        decode_alarm(levels(key), said())
