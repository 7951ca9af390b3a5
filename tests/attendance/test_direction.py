from datetime import UTC, datetime, timedelta

import pytest

from bot.attendance.direction import LONGEST_SHIFT, is_repeat, next_punch_state
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
