"""Overtime levels: tiers over the daily hours (wire notes, ot_lv1..3)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.attendance.overtime import measure_levels
from bot.attendance.schedule import Rules
from bot.attendance.timecard import TimeCard
from tests.attendance.clerk import build_cards, hours, minutes
from tests.attendance.mona import MORNING, PATTERNS, Pattern, person

OFFICE = replace(MORNING, alias="Office")


@pytest.mark.parametrize(
    ("worked", "levels"),
    [
        (0, (0, 0, 0)),
        (8, (0, 0, 0)),
        (9, (1, 0, 0)),
        (11, (3, 0, 0)),
        (12, (3, 1, 0)),
        (14, (3, 3, 0)),
        (15, (3, 3, 1)),
    ],
)
def test_levels_with_8_11_14(worked: float, levels: tuple[float, float, float]) -> None:
    assert measure_levels(timedelta(hours=worked), Rules()) == tuple(timedelta(hours=h) for h in levels)


def levels(card: TimeCard) -> str:
    return "/".join(hours(level) for level in (card.ot_lv1, card.ot_lv2, card.ot_lv3))


def cards(pattern: Pattern, punches: str, day: str = "Mon", **known: object) -> list[TimeCard]:
    paid = replace(person(pattern), enable_overtime=True)
    return build_cards(replace(paid, **known), punches, day)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("out", "told"),
    [
        ("14:00", "0:00/0:00/0:00"),
        ("15:00", "1:00/0:00/0:00"),
        ("18:00", "3:00/1:00/0:00"),
        ("21:00", "3:00/3:00/1:00"),
    ],
)
def test_a_long_day(out: str, told: str) -> None:
    long = replace(OFFICE, out_behind=timedelta(hours=8))
    (card,) = cards(long, f"Mon 06:00 in, Mon {out} out")
    assert levels(card) == told


def test_the_levels_are_of_the_day_and_not_of_a_timetable() -> None:
    first, second = cards(PATTERNS["Double"], "Mon 06:00 in, Mon 14:00 out, Mon 14:00 in, Mon 22:00 out")
    assert (levels(first), levels(second)) == ("0:00/0:00/0:00", "3:00/3:00/2:00")


def test_the_hours_of_a_rest_day_have_levels() -> None:
    (card,) = cards(OFFICE, "Sat 06:00 in, Sat 16:00 out", "Sat")
    assert (levels(card), card.weekend_ot, card.normal_ot) == ("2:00/0:00/0:00", timedelta(hours=10), None)


def test_who_has_no_overtime_has_no_levels() -> None:
    (card,) = cards(OFFICE, "Mon 06:00 in, Mon 16:00 out", enable_overtime=False)
    assert (levels(card), card.normal_ot, card.total_worked) == ("0:00/0:00/0:00", None, timedelta(hours=8))


def test_overtime_goes_down_to_whole_steps() -> None:
    (card,) = cards(OFFICE, "Mon 06:00 in, Mon 14:44 out", rules=Rules(rounding=minutes(15)))
    assert card.normal_ot == minutes(30)
