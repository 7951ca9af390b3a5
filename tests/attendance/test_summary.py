"""Summaries come from time cards, nothing else (manual 6.6)."""

from dataclasses import replace
from datetime import timedelta

from bot.attendance.reasons import Reason
from bot.attendance.summary import Summary, exceptions, summarise
from bot.attendance.timecard import AttException, Status
from tests.attendance.clerk import WEEK, build_cards, minutes
from tests.attendance.mona import read_person

MONA = read_person("Day, overtime, leave Thu 00:00 - Fri 00:00", WEEK)
PUNCHES = (
    "Mon 09:30 in, Mon 18:00 out, "  # half an hour late
    "Tue 09:00 in, Tue 17:00 out, "  # an hour early
    "Fri 09:00 in, Fri 19:00 out, "  # an hour of overtime
    "Sat 10:00 in, Sat 12:00 out"  # two hours of a rest day
)


def test_a_week_as_6_6_counts_it() -> None:
    summary = summarise(build_cards(MONA, PUNCHES, "Mon-Sun"))
    assert summary == Summary(
        late=1,
        early_out=1,
        absent=1,
        leave=1,
        overtime=2,
        late_time=minutes(30),
        early_out_time=minutes(60),
        absent_time=timedelta(hours=8),
        leave_time=timedelta(hours=8),
        overtime_time=timedelta(hours=3),
        duty_time=timedelta(hours=40),
        worked_time=minutes(450 + 420 + 540 + 120),
    )


def test_nothing_at_all() -> None:
    assert summarise([]) == Summary(0, 0, 0, 0, 0, *[timedelta(0)] * 7)


def test_exceptions_are_the_days_something_is_wrong() -> None:
    found = exceptions(build_cards(MONA, PUNCHES, "Mon-Sun"))
    assert [(e.workdate.day, e.late, e.early_out, e.absent) for e in found] == [
        (3, minutes(30), minutes(0), minutes(0)),
        (4, minutes(0), minutes(60), minutes(0)),
        (5, minutes(0), minutes(0), minutes(480)),
    ]
    assert [e.status for e in found] == [Status.LATE, Status.EARLY_LEAVE, Status.ABSENCE]


def test_a_missing_punch_that_costs_nothing_is_one() -> None:
    who = read_person("Day, missing is nothing", WEEK)
    (found,) = exceptions(build_cards(who, "Mon 09:00 in", "Mon"))
    assert (found.att_exception, found.absent) == (AttException.MISSING_OUT, timedelta(0))
    assert [because.reason for because in found.reasons] == [Reason.MISSING_OUT]


def test_a_day_that_is_still_running_counts_for_nothing_yet() -> None:
    cards = build_cards(MONA, "", "Mon", replace(WEEK, now="Mon 12:00"))
    assert summarise(cards).absent == 0
    assert exceptions(cards) == []
