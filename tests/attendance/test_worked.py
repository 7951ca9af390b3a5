"""Hours of a day: night shifts, breaks, forgotten clock-outs."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.attendance.model import PunchState
from bot.attendance.worked import find_arrival, measure_worked

MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)
IN, OUT = PunchState.CHECK_IN, PunchState.CHECK_OUT
BREAK, BACK, TERMINAL = PunchState.BREAK_OUT, PunchState.BREAK_IN, PunchState.UNKNOWN
OVERTIME, OVERTIME_END = PunchState.OVERTIME_IN, PunchState.OVERTIME_OUT


def at(hours: float) -> datetime:
    """Hours after midnight; what is below 0 was yesterday."""
    return MIDNIGHT + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("punches", "now", "total", "since", "began"),
    [
        pytest.param([], 9, 0, None, None, id="nothing"),
        pytest.param([(9, IN)], 12.5, 3.5, 9, 9, id="at work"),
        pytest.param([(9, IN), (17, OUT)], 20, 8, None, 9, id="a day"),
        pytest.param([(9, IN), (12, BREAK)], 13, 3, None, 9, id="on a break"),
        pytest.param([(9, IN), (12, BREAK), (13, BACK), (17, OUT)], 18, 7, None, 9, id="a day with a break"),
        pytest.param([(9, IN), (17, OUT), (18, OVERTIME), (20, OVERTIME_END)], 21, 10, None, 9, id="overtime"),
        pytest.param([(9, IN), (9.5, IN), (17, OUT)], 18, 8, None, 9, id="a second in changes nothing"),
        pytest.param([(9, IN), (12, BREAK), (13, BACK), (13.2, IN), (17, OUT)], 18, 7, None, 9, id="in beside back"),
        pytest.param([(9, IN), (13, BACK), (17, OVERTIME), (19, OUT)], 20, 10, None, 9, id="other ins, no out"),
        pytest.param([(9, OUT)], 10, 0, None, None, id="an out alone"),
        pytest.param([(17, OUT), (9, IN)], 18, 8, None, 9, id="in any order"),
        pytest.param([(9.01, IN)], 9, 0, 9.01, 9.01, id="a clock that runs ahead"),
        # Terminals that do not say the direction.
        pytest.param([(9, TERMINAL), (12, TERMINAL), (13, TERMINAL)], 14, 4, 13, 9, id="terminals alone"),
        pytest.param([(9, IN), (17, TERMINAL)], 18, 8, None, 9, id="in by phone, out at the terminal"),
        pytest.param([(-15, TERMINAL), (9, TERMINAL)], 12, 3, 9, 9, id="forgotten at the terminal"),
        # Nights.
        pytest.param([(-2, IN), (6, OUT)], 7, 8, None, -2, id="a night shift"),
        pytest.param([(-2, IN)], 3, 5, -2, -2, id="in the night"),
        pytest.param([(-2, IN), (6, OUT), (22, IN)], 23, 9, 22, -2, id="two night shifts"),
        pytest.param([(-15, IN), (-7, OUT)], 7, 0, None, None, id="yesterday is over"),
        pytest.param([(-8, IN), (0, OUT)], 7, 0, None, None, id="over at midnight"),
        pytest.param([(-15, IN), (-7, OUT), (-2, IN), (6, OUT)], 7, 8, None, -2, id="the day before the night"),
        pytest.param([(-4, IN), (-1, BREAK), (1, BACK), (5, OUT)], 6, 4, None, 1, id="a break over midnight"),
        # Forgotten clock-outs.
        pytest.param([(-15, IN)], 9, 0, None, None, id="forgotten yesterday"),
        pytest.param([(-15, IN), (9, IN)], 12, 3, 9, 9, id="forgotten, and in again"),
        pytest.param([(-15, IN), (9, IN), (17, OUT)], 18, 8, None, 9, id="forgotten, and a whole day"),
        pytest.param([(-6, IN), (9, IN), (17, OUT)], 18, 8, None, 9, id="forgotten last evening"),
        pytest.param([(-15, IN), (9, OUT)], 10, 0, None, None, id="forgotten, and an out"),
        pytest.param([(9, IN), (14, IN)], 16, 2, 14, 14, id="forgotten at noon, and in again"),
        pytest.param([(9, IN), (14, IN), (18, OUT)], 19, 4, None, 14, id="forgotten at noon, and out at night"),
        pytest.param([(8, IN), (12, BREAK), (13, BACK), (19, IN), (22, OUT)], 23, 7, None, 8, id="forgotten after one"),
        pytest.param([(9, IN), (9.51, IN), (17, OUT)], 18, 7.49, None, 9.51, id="more than half an hour apart"),
        pytest.param([(-8, IN), (8, OUT)], 9, 16, None, -8, id="the longest shift"),
        pytest.param([(-8, IN), (8.01, OUT)], 9, 0, None, None, id="longer than the longest shift"),
    ],
)
def test_hours(
    punches: list[tuple[float, PunchState]], now: float, total: float, since: float | None, began: float | None
) -> None:
    worked = measure_worked([(at(hours), state) for hours, state in punches], MIDNIGHT, at(now))
    assert worked.total == timedelta(hours=total)
    assert worked.since == (None if since is None else at(since))
    assert worked.began == (None if began is None else at(began))


@pytest.mark.parametrize(
    ("punches", "now", "missing"),
    [
        pytest.param([(9, IN), (17, OUT)], 18, [], id="a day"),
        pytest.param([(9, IN)], 18, [], id="at work"),
        pytest.param([(9, IN), (9.5, IN), (17, OUT)], 18, [], id="a second in changes nothing"),
        pytest.param([(9, IN), (12, BREAK)], 18, [], id="on a break"),
        pytest.param([(9, IN), (13, BACK), (17, OVERTIME), (19, OUT)], 20, [], id="other ins"),
        pytest.param([(9, IN), (14, IN)], 16, [9], id="in again"),
        pytest.param([(9, IN), (14, IN), (18, OUT)], 19, [9], id="and out at night"),
        pytest.param([(9, IN), (9.2, IN), (14, IN)], 16, [9.2], id="after the last of two"),
        pytest.param([(8, IN), (12, BREAK), (13, BACK), (19, IN)], 20, [13], id="after the break"),
        pytest.param([(6, IN), (10, IN), (14, IN)], 15, [6, 10], id="twice"),
        pytest.param([(9, IN), (12, TERMINAL), (14, IN)], 15, [], id="out at the terminal"),
        pytest.param([(-6, IN), (9, IN), (17, OUT)], 18, [-6], id="last evening"),
        pytest.param([(-15, IN)], 9, [-15], id="yesterday"),
        pytest.param([(-15, TERMINAL), (9, TERMINAL)], 12, [-15], id="at the terminal"),
        pytest.param([(-15, IN), (9, OUT)], 10, [], id="an out that came late is an out"),
        pytest.param([(9, OUT)], 10, [], id="an out alone"),
    ],
)
def test_missing_clock_outs(punches: list[tuple[float, PunchState]], now: float, missing: list[float]) -> None:
    worked = measure_worked([(at(hours), state) for hours, state in punches], MIDNIGHT, at(now))
    assert list(worked.missing) == [at(hours) for hours in missing]


@pytest.mark.parametrize(
    ("punches", "now", "arrived"),
    [
        pytest.param([], 9, None, id="nothing"),
        pytest.param([(9, IN)], 12, 9, id="at work"),
        pytest.param([(9, IN), (12, BREAK)], 13, 9, id="on a break"),
        pytest.param([(9, IN), (12, BREAK), (13, BACK)], 14, 9, id="back from it"),
        pytest.param([(9, IN), (12, BREAK), (13, IN)], 14, 9, id="back from it with the wrong button"),
        pytest.param([(9, IN), (13, OUT)], 14, None, id="gone"),
        pytest.param([(9, IN), (13, OUT), (16, IN)], 17, 16, id="come again"),
        pytest.param([(9, IN), (9.2, IN)], 10, 9, id="in twice"),
        pytest.param([(-6, IN), (9, IN)], 9.5, 9, id="yesterday's clock-out forgotten"),
        pytest.param([(-8, IN)], 9, None, id="the longest shift is over"),
        pytest.param([(17, OVERTIME)], 18, 17, id="overtime"),
        pytest.param([(17, OVERTIME), (19, OVERTIME_END)], 20, None, id="overtime is over"),
        pytest.param([(9, TERMINAL)], 10, 9, id="in at the terminal"),
        pytest.param([(9, TERMINAL), (9.01, TERMINAL)], 10, 9, id="a finger twice"),
        pytest.param([(9, TERMINAL), (17, TERMINAL)], 18, None, id="out at the terminal"),
        pytest.param([(9, IN), (17, OUT), (17.01, TERMINAL)], 18, None, id="out by phone and at the terminal"),
    ],
)
def test_since_when_somebody_is_here(
    punches: list[tuple[float, PunchState]], now: float, arrived: float | None
) -> None:
    found = find_arrival(((at(hours), state) for hours, state in punches), at(now))
    assert found == (None if arrived is None else at(arrived))
