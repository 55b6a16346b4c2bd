"""Day and night over Dijon: the sun's height and the local hour, from the time alone."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

LATITUDE, LONGITUDE = 47.322, 5.0415
CIVIL_DUSK = -6.0
"""Degrees of the sun's centre below which street lighting is needed: end of civil twilight."""
J2000 = 946_728_000.0
"""Epoch seconds of 2000-01-01T12:00Z."""


def sun_elevation(now: float) -> float:
    """Height of the sun's centre over Dijon's horizon at epoch seconds `now`, degrees, without refraction.

    "Low precision formulas for the Sun" of The Astronomical Almanac, section C: good to 0.01° between 1950
    and 2050; mean sidereal time from its section B.
    """
    days = (now - J2000) / 86_400
    mean_longitude = 280.460 + 0.9856474 * days
    anomaly = math.radians(357.528 + 0.9856003 * days)
    ecliptic = math.radians(mean_longitude + 1.915 * math.sin(anomaly) + 0.020 * math.sin(2 * anomaly))
    obliquity = math.radians(23.439 - 0.0000004 * days)
    ascension = math.atan2(math.cos(obliquity) * math.sin(ecliptic), math.cos(ecliptic))
    declination = math.asin(math.sin(obliquity) * math.sin(ecliptic))
    sidereal = 280.46062 + 360.98564737 * days + LONGITUDE
    hour_angle = math.radians(sidereal) - ascension
    latitude = math.radians(LATITUDE)
    return math.degrees(
        math.asin(
            math.sin(latitude) * math.sin(declination)
            + math.cos(latitude) * math.cos(declination) * math.cos(hour_angle)
        )
    )


def local_hour(now: float) -> float:
    """The hour on Dijon's clocks, 0 to 24.

    Computed, since a bare system may lack the time zone database. Summer time runs between the last
    Sundays of March and October, 01:00 UTC (Directive 2000/84/EC).
    """
    moment = datetime.fromtimestamp(now, UTC)
    summer = _last_sunday(moment.year, 3) <= moment < _last_sunday(moment.year, 10)
    local = moment + timedelta(hours=2 if summer else 1)
    return local.hour + local.minute / 60 + local.second / 3600


def _last_sunday(year: int, month: int) -> datetime:
    last = datetime(year, month, 31, 1, tzinfo=UTC)
    return last - timedelta(days=(last.weekday() + 1) % 7)


def between(hour: float, start: float, end: float) -> bool:
    """Whether an hour lies in an interval, which may span midnight."""
    return start <= hour < end if start <= end else hour >= start or hour < end
