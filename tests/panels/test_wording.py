"""Numbers, ages and places read as the operator's language writes them."""

from __future__ import annotations

import math
from datetime import datetime

import pytest

from desktop.mercator import to_mercator, to_wgs84
from desktop.panels.places import GRIDS, place_text, projected, read_place
from desktop.panels.values import moment_text, value_text
from desktop.panels.wording import Wording
from layers.definition import Choice, Field, Text

FR, EN = Wording("fr_FR"), Wording("en")
N, H = "\u202f", "\u00a0"


@pytest.mark.parametrize(
    ("value", "digits", "french", "english"),
    [
        (34000, None, f"34{N}000", "34,000"),
        (2.14, None, "2,14", "2.14"),
        (-1234.5, 1, f"−1{N}234,5", "−1,234.5"),
        (7.0, None, "7", "7"),
        (math.nan, 1, "—", "—"),
    ],
)
def test_numbers_are_grouped_and_pointed_as_the_language_does(
    value: float, digits: int | None, french: str, english: str
) -> None:
    assert FR.number(value, digits) == french
    assert EN.number(value, digits) == english


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.44, f"il y a 0,4{H}s"),
        (2.9, f"il y a 2{H}s"),
        (372, f"il y a 6{H}min"),
        (7300, f"il y a 2{H}h"),
        (200_000, f"il y a 2{H}j"),
        (-5, f"il y a 0,1{H}s"),
    ],
)
def test_an_age_has_one_unit(french: None, seconds: float, said: str) -> None:
    assert FR.age(seconds) == said


def test_ages_are_english_without_a_translation(application: object) -> None:
    assert EN.age(2.2) == f"2{H}s ago"
    assert EN.age(200_000) == f"2{H}d ago"


def test_a_duration_has_two_units() -> None:
    assert FR.elapsed(372) == f"6{H}min 12{H}s"
    assert FR.elapsed(2 * 3600 + 300) == f"2{H}h 05{H}min"


@pytest.mark.parametrize(
    ("then", "french_words", "english_words"),
    [
        ("2026-11-24 11:46:51", "11:46:51", "11:46:51"),
        ("2026-11-23 16:26:00", "hier 16:26", "hier 16:26"),
        ("2026-11-22 16:26:00", "22/11 16:26", "22 Nov 16:26"),
        ("2025-11-22 16:26:00", "2025-11-22 16:26", "2025-11-22 16:26"),
        ("2026-11-24 16:26:00", "futur 16:26:00", "futur 16:26:00"),
        ("2026-11-25 16:26:00", "futur 25/11 16:26", "futur 25 Nov 16:26"),
        ("2026-11-24 12:00:03", "12:00:03", "12:00:03"),
    ],
)
def test_a_moment_names_its_day_and_is_never_past_before_it_comes(
    french: None, then: str, french_words: str, english_words: str
) -> None:
    now, at = (datetime.fromisoformat(it).timestamp() for it in ("2026-11-24 12:00:00", then))
    assert FR.moment(at, now) == french_words
    assert EN.moment(at, now) == english_words


def test_an_angle_is_written_close_to_its_sign_and_a_temperature_is_not() -> None:
    assert FR.quantity(337, "°") == "337°"
    assert FR.quantity(3.5, "°C") == f"3,5{H}°C"


def test_distances_and_scales_are_rounded_for_reading() -> None:
    assert FR.distance(42.4) == f"42{H}m"
    assert FR.distance(1240) == f"1,2{H}km"
    assert FR.distance(2000) == f"2{H}km"
    assert FR.scale(36_111.9) == f"1:36{N}000"


def test_a_place_reads_in_each_system() -> None:
    x, y = to_mercator(5.0285, 47.3268)
    assert place_text("WGS84", x, y, FR) == f"47,32680{H}N  5,02850{H}E"
    assert place_text("WGS84", x, y, EN) == f"47.32680{H}N  5.02850{H}E"
    assert place_text("CC47", x, y, FR).startswith(f"CC47  1{N}85")
    assert place_text("L93", x, y, FR).startswith("L93  85")


@pytest.mark.parametrize(
    "written",
    ["47.3268 5.0285", "47,3268 5,0285", "47.3268, 5.0285", "47,32680 N 5,02850 E", "N 47.3268 E 5.0285"],
)
def test_degrees_are_understood_however_they_are_written(written: str) -> None:
    place = read_place(written)
    assert place is not None
    assert to_wgs84(*place) == pytest.approx((5.0285, 47.3268), abs=1e-6)


def test_west_is_negative() -> None:
    place = read_place("47,5 N 1,5 O")
    assert place is not None
    assert to_wgs84(*place) == pytest.approx((-1.5, 47.5))


@pytest.mark.parametrize("grid", GRIDS, ids=lambda grid: grid.name)
def test_projected_coordinates_copied_from_the_screen_lead_back(grid: object) -> None:
    x, y = to_mercator(5.0285, 47.3268)
    name = grid.name  # type: ignore[attr-defined]
    east, north = projected(grid, x, y)  # type: ignore[arg-type]
    for written in (
        place_text(name, x, y, FR),
        f"{east:.1f} {north:.1f}",
        f"{FR.number(round(east))} {FR.number(round(north))}",
    ):
        assert read_place(written) == pytest.approx((x, y), abs=1.0), written


@pytest.mark.parametrize("text", ["12 rue de la Liberté", "A-214", "47.3", "1 2 3", "999 999", "", "Darcy"])
def test_other_texts_are_no_place(text: str) -> None:
    assert read_place(text) is None


def test_values_come_out_whatever_the_registry_sent(french: None) -> None:
    number = Field(name="level", label=Text("Level", "Niveau"), type="number", unit="m", digits=2)
    flag = Field(name="on", label=Text("On", "Allumé"), type="boolean")
    kind = Field(
        name="kind", label=Text("Kind", "Type"), type="choice", choices=(Choice("led", Text("LED", "LED")),)
    )
    assert value_text(number, 2.136, FR) == f"2,14{H}m"
    assert value_text(number, "deux", FR) == "deux"
    assert value_text(number, math.inf, FR) == ""
    assert value_text(flag, True, FR) == "oui"
    assert value_text(kind, "led", FR) == "LED"
    assert value_text(kind, "arc", FR) == "arc"
    assert value_text(kind, {"a": ["b"]}, FR) == '{"a": ["b"]}'
    assert value_text(kind, "x" * 5000, FR).endswith("…")
    assert value_text(number, 10**400, FR).startswith("1000")


def test_dates_that_are_none_are_left_as_they_came() -> None:
    assert moment_text("2019-03-12") == "2019-03-12"
    assert moment_text("hier") == ""
