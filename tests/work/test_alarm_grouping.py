"""Grouping loses no alarm and shows none twice, whatever the relations, cycles included."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from desktop.work.alarm import Alarm, Life
from desktop.work.alarm_grouping import grouped
from desktop.work.picture import ObjectKey
from layers.definition import Severity, Text

OBJECTS = [ObjectKey("any", f"O{it}") for it in range(8)]
WORDS = Text("", "")


@st.composite
def alarms(draw: st.DrawFn) -> list[Alarm]:
    pairs = draw(st.lists(st.tuples(st.sampled_from(OBJECTS), st.sampled_from("ab")), unique=True))
    return [
        Alarm(
            key=f"{object.layer}/{object.id}/{rule}",
            object=object,
            rule=rule,
            title=WORDS,
            guidance=WORDS,
            severity=draw(st.sampled_from(list(Severity)[1:])),
            raised=draw(st.floats(0, 100)),
            changed=0.0,
            life=draw(st.sampled_from([Life.ACTIVE_UNACKNOWLEDGED, Life.CLEARED_UNACKNOWLEDGED])),
            upstream=draw(st.none() | st.sampled_from(OBJECTS)),
        )
        for object, rule in pairs
    ]


@given(alarms())
def test_every_alarm_is_in_exactly_one_row(standing: list[Alarm]) -> None:
    rows = grouped(standing, lambda _, cause: cause.rule == "a")
    shown = [key for row in rows for key in ((row.head.key,) if row.head else ()) + row.children]
    assert sorted(shown) == sorted(alarm.key for alarm in standing)
    by_key = {alarm.key: alarm for alarm in standing}
    for row in rows:
        members = [by_key[key] for key in row.children] + ([row.head] if row.head else [])
        assert row.severity == max(it.severity for it in members)
        assert row.unacknowledged == len(members)
