"""Numbers, times, ages and places as the operator's language writes them.

French puts a narrow no-break space (U+202F) in 34 000 and a no-break space before a unit.
"""

from __future__ import annotations

import math
import re
from datetime import date, datetime

from qtpy.QtCore import QCoreApplication

_BLANKS = re.compile(r"[ \t\r\n\f\v\x1c-\x1f\x85\u2028\u2029]+")
NARROW, HARD = "\u202f", "\u00a0"
MINUTE, HOUR, DAY = 60, 3600, 86400
JUST_NOW = 1.0
"""Seconds; below it an age is written with a tenth."""
AHEAD = 5.0
"""Seconds by which another machine's clock may be ahead before a time is called future."""
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def one_line(text: str) -> str:
    """The text on one line; its no-break spaces, which `str.split` would take for blanks, are kept."""
    return _BLANKS.sub(" ", text).strip(" ")


class Wording:
    """Writes values for one locale (``fr``, ``fr_FR``, ``en``...). Words are the installed translator's."""

    def __init__(self, locale: str) -> None:
        self.locale = locale
        self.french = locale.lower().startswith("fr")
        self._decimal, self._group = (",", NARROW) if self.french else (".", ",")

    def number(self, value: float, digits: int | None = None) -> str:
        """A number with its thousands grouped; `digits` decimals, or as many as it has up to 6."""
        if not math.isfinite(value):
            return "—"
        if digits is None:
            written = f"{value:,}" if isinstance(value, int) else f"{value:,.6f}".rstrip("0").rstrip(".")
        else:
            written = f"{value:,.{digits}f}"
        if written in ("-0", "-"):
            written = "0"
        whole, _, part = written.partition(".")
        whole = whole.replace(",", self._group).replace("-", "\u2212")
        return f"{whole}{self._decimal}{part}" if part else whole

    def quantity(self, value: float, unit: str, digits: int | None = None) -> str:
        """A number and its unit."""
        written = self.number(value, digits)
        if unit == "°":  # an angle's sign is set close, a temperature's is not
            return f"{written}{unit}"
        return f"{written}{HARD}{unit}" if unit else written

    def rounded(self, count: int) -> str:
        """A count in little room: 640, 1.9k, 30k."""
        if count < 1000:
            return str(count)
        return f"{self.number(count / 1000, 1 if count < 9950 else 0)}k"

    def percent(self, share: float) -> str:
        """A share of one in per cent."""
        return f"{round(100 * share)}{HARD}%" if self.french else f"{round(100 * share)}%"

    def elapsed(self, seconds: float) -> str:
        """How long, with two units at most: 6 min 12 s, 2 h 05 min, 3 d 4 h."""
        whole = max(0, int(seconds))
        day = QCoreApplication.translate("Wording", "d", "days, after a number")
        if whole < MINUTE:
            return f"{whole}{HARD}s"
        if whole < HOUR:
            return f"{whole // MINUTE}{HARD}min {whole % MINUTE:02d}{HARD}s"
        if whole < DAY:
            return f"{whole // HOUR}{HARD}h {whole % HOUR // MINUTE:02d}{HARD}min"
        return f"{self.number(whole // DAY)}{HARD}{day} {whole % DAY // HOUR}{HARD}h"

    def brief(self, seconds: float) -> str:
        """How long, with one unit: 0.4 s, 12 s, 6 min, 2 h, 3 d."""
        day = QCoreApplication.translate("Wording", "d", "days, after a number")
        seconds = max(0.1, seconds)
        if seconds < JUST_NOW:
            return f"{self.number(math.floor(seconds * 10 + 1e-9) / 10, 1)}{HARD}s"
        for limit, size, unit in ((MINUTE, 1, "s"), (HOUR, MINUTE, "min"), (DAY, HOUR, "h")):
            if seconds < limit:
                return f"{int(seconds // size)}{HARD}{unit}"
        return f"{self.number(int(seconds // DAY))}{HARD}{day}"

    def age(self, seconds: float) -> str:
        """How long ago: « il y a 2 s »."""
        return QCoreApplication.translate("Wording", "{0} ago").format(self.brief(seconds))

    def clock(self, time: float) -> str:
        """The local time of day, HH:MM:SS."""
        return datetime.fromtimestamp(time).strftime("%H:%M:%S")

    def moment(self, time: float, now: float) -> str:
        """The time of day, with its day when that is not today; one that is still to come says so."""
        then, today = datetime.fromtimestamp(time), datetime.fromtimestamp(now)
        days = (today.date() - then.date()).days
        if days == 0:
            written = f"{then:%H:%M:%S}"
        elif days == 1:
            written = QCoreApplication.translate("Wording", "yesterday {0}").format(f"{then:%H:%M}")
        else:
            written = f"{_day(then.date(), today.date(), self.french)} {then:%H:%M}"
        if time > now + AHEAD:
            return QCoreApplication.translate("Wording", "in future {0}").format(written)
        return written

    def date(self, day: date) -> str:
        """A date, as ISO 8601 writes it: it sorts, and both languages read it."""
        return day.isoformat()

    def distance(self, metres: float) -> str:
        """A distance on the ground."""
        if metres < 1000:
            return f"{round(metres)}{HARD}m"
        kilometres = round(metres / 1000, 1 if metres < 100_000 else 0)
        return f"{self.number(int(kilometres) if kilometres.is_integer() else kilometres)}{HARD}km"

    def degrees(self, longitude: float, latitude: float) -> str:
        """WGS84 degrees with five decimals (about a metre): 47,32680 N 5,02850 E."""
        west = QCoreApplication.translate("Wording", "W", "west, after a longitude")
        sides = ("N" if latitude >= 0 else "S", "E" if longitude >= 0 else west)
        north, east = self.number(abs(latitude), 5), self.number(abs(longitude), 5)
        return f"{north}{HARD}{sides[0]}  {east}{HARD}{sides[1]}"

    def metres(self, code: str, x: float, y: float) -> str:
        """Projected coordinates in metres after the short name of their system."""
        return f"{code}  {self.number(x, 1)}  {self.number(y, 1)}"

    def scale(self, denominator: float) -> str:
        """A map scale with two meaningful figures: 1:36 000."""
        power = 10 ** max(0, math.floor(math.log10(max(1.0, denominator))) - 1)
        return f"1:{self.number(round(denominator / power) * power)}"


def _day(day: date, today: date, french: bool) -> str:
    if day.year != today.year:
        return day.isoformat()
    return f"{day:%d/%m}" if french else f"{day.day} {MONTHS[day.month - 1]}"
