"""What is under way in the demo began before the city was made, and what is planned comes after."""

from __future__ import annotations

import datetime as dt

import pytest

from desktop.demo.city.build import CLOSED_INCIDENTS, OPEN_INCIDENTS
from desktop.demo.city.operations import minutes_open, minutes_planned, stamp

ALL = range(OPEN_INCIDENTS + CLOSED_INCIDENTS)


def test_incidents_in_progress_were_opened_in_the_last_thirty_hours() -> None:
    ages = [minutes_open(index, True) for index in range(OPEN_INCIDENTS)]
    assert ages == sorted(ages)
    assert ages[0] >= 60 and ages[-1] <= 30 * 60


@pytest.mark.parametrize("index", ALL)
def test_a_job_is_planned_after_its_incident_and_done_before_now(index: int) -> None:
    opened = minutes_open(index, index < OPEN_INCIDENTS)
    for status in ("done", "on-site", "en-route"):
        assert -opened < minutes_planned(index, status, opened) < 0
    assert minutes_planned(index, "planned", opened) > 0


def test_moments_are_written_in_utc_to_the_minute() -> None:
    noon = dt.datetime(2026, 11, 24, 12, 0, 31, tzinfo=dt.UTC)
    assert stamp(noon, -90) == "2026-11-24T10:30:00Z"
