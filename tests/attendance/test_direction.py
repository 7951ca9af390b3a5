from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.attendance.direction import LONGEST_SHIFT, is_repeat, missing_punch_state, next_punch_state
from bot.attendance.model import PunchState

NINE = datetime(2024, 6, 3, 5, 0, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("last", "following"),
    [
        (PunchState.CHECK_IN, PunchState.CHECK_OUT),
        (PunchState.CHECK_OUT, PunchState.CHECK_IN),
        (PunchState.BREAK_OUT, PunchState.BREAK_IN),
        (PunchState.BREAK_IN, PunchState.CHECK_OUT),
        (PunchState.OVERTIME_IN, PunchState.OVERTIME_OUT),
        (PunchState.OVERTIME_OUT, PunchState.CHECK_IN),
        (PunchState.UNKNOWN, PunchState.CHECK_IN),
    ],
)
def test_what_comes_after(last: PunchState, following: PunchState) -> None:
    assert next_punch_state(last, NINE, NINE + timedelta(hours=4)) is following


def test_the_first_punch_is_a_check_in() -> None:
    assert next_punch_state(None, None, NINE) is PunchState.CHECK_IN


@pytest.mark.parametrize(
    ("later", "following"),
    [
        (LONGEST_SHIFT - SECOND, PunchState.CHECK_OUT),
        (LONGEST_SHIFT, PunchState.CHECK_IN),
        (timedelta(hours=24), PunchState.CHECK_IN),
    ],
)
def test_a_forgotten_check_out_does_not_turn_the_next_morning_into_one(later: timedelta, following: PunchState) -> None:
    assert next_punch_state(PunchState.CHECK_IN, NINE, NINE + later) is following


@pytest.mark.parametrize(
    ("apart", "chosen", "repeat"),
    [
        (timedelta(0), False, True),
        (timedelta(seconds=59), False, True),
        (timedelta(seconds=60), False, False),
        (timedelta(seconds=-59), False, True),
        (timedelta(seconds=-60), False, False),
        (timedelta(seconds=10), True, False),
    ],
)
def test_a_second_share_within_a_minute(apart: timedelta, chosen: bool, repeat: bool) -> None:
    assert is_repeat(NINE, NINE + apart, chosen) is repeat


def test_the_first_share_repeats_nothing() -> None:
    assert not is_repeat(None, NINE, chosen=False)


_KINDS = {
    "in": PunchState.CHECK_IN,
    "out": PunchState.CHECK_OUT,
    "break": PunchState.BREAK_OUT,
    "back": PunchState.BREAK_IN,
    "overtime": PunchState.OVERTIME_IN,
    "overtime out": PunchState.OVERTIME_OUT,
}
DUBAI = ZoneInfo("Asia/Dubai")


def _at(clock: str) -> datetime:
    """`-22:00` is of the night before."""
    day = 2 if clock.startswith("-") else 3
    return datetime.combine(date(2024, 6, day), time.fromisoformat(clock.removeprefix("-")), DUBAI)


@pytest.mark.parametrize(
    ("known", "at", "ends", "missing"),
    [
        ("", "09:00", "18:00", "in"),
        ("", "18:00", "18:00", "out"),
        ("", "18:00", "", "in"),
        ("in 08:56", "18:00", "", "out"),
        ("out 18:14", "08:56", "", "in"),
        ("in 08:56, out 18:14", "13:00", "", "break"),
        ("in 08:56, break 13:00, out 18:14", "13:00", "", "back"),
        ("in 08:56, break 13:00, out 18:14", "14:00", "", "back"),
        ("in 08:56, back 14:00, out 18:14", "13:00", "", "break"),
        ("in 08:56, break 13:00, back 14:00, out 18:14", "16:00", "", "break"),
        ("in 08:56, break 13:00, back 14:00", "18:00", "", "out"),
        ("back 14:00, out 18:00", "13:00", "", "break"),
        ("in 08:56, out 12:00, out 18:00", "13:00", "", "in"),
        ("in 08:56, in 13:00, out 18:00", "12:00", "", "out"),
        ("in 09:00, out 18:04", "20:05", "18:00", "out"),
        ("in 09:00, out 18:04", "20:05", "", "out"),
        ("in 08:00, out 12:00", "13:00", "18:00", "in"),
        ("in 08:00, out 12:00", "13:00", "", "in"),
        ("in 09:00, out 18:00, overtime out 21:00", "19:00", "18:00", "overtime"),
        ("in 09:00, out 18:00, overtime 19:00", "21:00", "18:00", "overtime out"),
        ("in -22:00", "06:00", "06:00", "out"),
        ("in -22:00, out 06:05", "21:50", "06:00", "in"),
        ("in -22:00, out 06:05", "21:50", "", "in"),
        ("in -09:00, out -18:00", "08:55", "18:00", "in"),
    ],
)
def test_what_is_most_likely_missing(known: str, at: str, ends: str, missing: str) -> None:
    pairs = [one.rpartition(" ") for one in known.split(", ") if one]
    punched = [(_at(clock), _KINDS[kind]) for kind, _, clock in pairs]
    found = missing_punch_state(punched, _at(at), _at(ends) if ends else None)
    assert found is _KINDS[missing]
