"""Which timetable a day has: cycles, dates, temporary schedules, holidays; and when that is on the clock."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.attendance.instance import Instance, build_instances
from bot.attendance.roster import DayKind, Leaves, Roster
from bot.attendance.schedule import Attendant, Holiday, Leave, Schedule, Shift, TemporarySchedule
from bot.attendance.timetable import Break, Timetable
from tests.attendance.clerk import BERLIN, DUBAI, MONDAY, WEEK, minutes
from tests.attendance.mona import DAY, EVENING, FLEXIBLE, LUNCH, MORNING, NIGHT

TUESDAY, SUNDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=6)


def shift(cycle: int, *timetables: Timetable | None) -> Shift:
    return Shift(1, cycle, {n: (t,) for n, t in enumerate(timetables) if t is not None})


def aliases(person: Attendant, first: date, days: int) -> list[str]:
    planned = (Roster(person).plan_day(first + timedelta(days=n)) for n in range(days))
    return ["+".join(t.alias for t in day.timetables) or day.kind.name for day in planned]


def mona(*schedules: Schedule, **known: object) -> Attendant:
    return replace(Attendant(DUBAI, schedules=schedules), **known)  # type: ignore[arg-type]


@pytest.mark.parametrize("start", [MONDAY, MONDAY - timedelta(days=3), MONDAY - timedelta(days=365)])
def test_a_cycle_of_seven_begins_on_monday_whenever_the_schedule_does(start: date) -> None:
    person = mona(Schedule(shift(7, DAY, NIGHT), start))
    assert aliases(person, MONDAY, 4) == ["Day", "Night", "REST_DAY", "REST_DAY"]


def test_any_other_cycle_begins_with_the_schedule() -> None:
    person = mona(Schedule(shift(3, MORNING, EVENING), TUESDAY))
    assert aliases(person, MONDAY, 6) == ["NO_SCHEDULE", "Morning", "Evening", "REST_DAY", "Morning", "Evening"]


def test_a_cycle_of_two_weeks() -> None:
    person = mona(Schedule(shift(14, *[MORNING] * 7, *[EVENING] * 7), MONDAY))
    assert aliases(person, MONDAY, 15) == ["Morning"] * 7 + ["Evening"] * 7 + ["Morning"]


def test_a_cycle_has_days() -> None:
    with pytest.raises(ValueError, match="at least one day"):
        Shift(1, 0, {})


def test_a_schedule_ends_with_its_last_day() -> None:
    person = mona(Schedule(shift(1, DAY), MONDAY, TUESDAY))
    assert aliases(person, MONDAY, 3) == ["Day", "Day", "NO_SCHEDULE"]


def test_of_two_schedules_the_one_that_began_last_holds_and_the_other_comes_back() -> None:
    person = mona(Schedule(shift(1, NIGHT), TUESDAY, TUESDAY), Schedule(shift(1, DAY), MONDAY))
    assert aliases(person, MONDAY, 3) == ["Day", "Night", "Day"]


@pytest.mark.parametrize(
    ("temporary", "planned"),
    [([NIGHT], "Night"), ([MORNING, EVENING], "Morning+Evening"), ([None], "REST_DAY"), ([None, NIGHT], "Night")],
)
def test_a_temporary_schedule_is_instead_of_the_day_s(temporary: Sequence[Timetable | None], planned: str) -> None:
    instead = tuple(TemporarySchedule(TUESDAY, timetable) for timetable in temporary)
    assert aliases(mona(Schedule(shift(1, DAY), MONDAY), temporary=instead), MONDAY, 3) == ["Day", planned, "Day"]


def test_a_temporary_schedule_needs_no_other() -> None:
    assert aliases(mona(temporary=(TemporarySchedule(TUESDAY, DAY),)), MONDAY, 2) == ["NO_SCHEDULE", "Day"]


def test_holidays_last_their_days_and_yield_to_a_temporary_schedule() -> None:
    person = mona(Schedule(shift(1, DAY), MONDAY), holidays=(Holiday(TUESDAY, 2),))
    assert aliases(person, MONDAY, 4) == ["Day", "HOLIDAY", "HOLIDAY", "Day"]
    asked = replace(person, temporary=(TemporarySchedule(TUESDAY, DAY),))
    day = Roster(asked).plan_day(TUESDAY)
    assert (day.timetables, day.kind, day.temporary) == ((DAY,), DayKind.HOLIDAY, True)
    assert aliases(replace(person, enable_holiday=False), MONDAY, 3) == ["Day", "Day", "Day"]


def test_both_dates_of_the_contract_are_days_of_work() -> None:
    person = mona(Schedule(shift(1, DAY), date(2020, 1, 1)), hire_date=MONDAY, leave_date=TUESDAY)
    before = MONDAY - timedelta(days=1)
    assert aliases(person, before, 4) == ["NOT_EMPLOYED", "Day", "Day", "NOT_EMPLOYED"]


@pytest.mark.parametrize(
    ("timetable", "span", "required"),
    [
        (DAY, 9, 8),
        (NIGHT, 8, 8),
        (replace(NIGHT, check_out=time(22)), 24, 24),
        (replace(DAY, duty=minutes(420)), 9, 7),
        (replace(DAY, breaks=(LUNCH, Break(time(15), minutes(30), paid=True))), 9, 8),
        (replace(DAY, breaks=(Break(time(9), minutes(600)),)), 9, 0),
        (FLEXIBLE, 24, 8),
    ],
)
def test_what_a_timetable_asks_for(timetable: Timetable, span: float, required: float) -> None:
    assert (timetable.span, timetable.required) == (timedelta(hours=span), timedelta(hours=required))


def lay(timetable: Timetable, on: date, *leaves: Leave) -> Instance:
    person = Attendant(BERLIN, temporary=(TemporarySchedule(on, timetable),))
    (instance,) = build_instances(Roster(person).plan_day(on), Leaves(leaves, BERLIN), BERLIN)
    return instance


@pytest.mark.parametrize(
    ("timetable", "on", "start", "end", "required"),
    [
        pytest.param(NIGHT, MONDAY, (3, 20), (4, 4), 8, id="summer"),
        pytest.param(NIGHT, date(2024, 3, 30), (30, 21), (31, 4), 7, id="the clocks go forward"),
        pytest.param(NIGHT, date(2024, 10, 26), (26, 20), (27, 5), 9, id="the clocks go back"),
        pytest.param(replace(NIGHT, duty=minutes(450)), date(2024, 3, 30), (30, 21), (31, 4), 6.5, id="fixed duty"),
        pytest.param(FLEXIBLE, date(2024, 3, 31), (30, 23), (31, 22), 8, id="flexible"),
    ],
)
def test_an_instance_is_real_time(
    timetable: Timetable, on: date, start: tuple[int, int], end: tuple[int, int], required: float
) -> None:
    instance = lay(timetable, on)
    assert (instance.start, instance.end) == tuple(datetime(on.year, on.month, *at, tzinfo=UTC) for at in (start, end))
    assert instance.required == timedelta(hours=required)


def test_a_break_after_midnight_is_on_the_next_day() -> None:
    instance = lay(replace(NIGHT, breaks=(Break(time(2), minutes(30)),)), MONDAY)
    assert instance.breaks[0].span[0] == datetime(2024, 6, 4, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "end", "due", "leave"),
    [
        ("Mon 09:00", "Mon 13:00", ("13:00", "18:00"), 3),
        ("Mon 08:00", "Mon 12:00", ("13:00", "18:00"), 3),
        ("Mon 12:00", "Mon 20:00", ("09:00", "12:00"), 5),
        ("Mon 13:00", "Mon 18:00", ("09:00", "12:00"), 5),
        ("Mon 14:00", "Mon 15:00", ("09:00", "18:00"), 1),
        ("Mon 11:30", "Mon 13:30", ("09:00", "18:00"), 1),
        ("Mon 09:00", "Mon 18:00", ("09:00", "18:00"), 8),
        ("Sun 09:00", "Sun 18:00", ("09:00", "18:00"), 0),
    ],
)
def test_leave_moves_the_window(start: str, end: str, due: tuple[str, str], leave: float) -> None:
    week = replace(WEEK, zone=BERLIN)
    instance = lay(DAY, MONDAY, Leave(week.moment(start), week.moment(end)))
    assert (week.clock(instance.due_in), week.clock(instance.due_out)) == due
    assert instance.leave == timedelta(hours=leave)
    assert instance.in_until - instance.due_in == instance.due_out - instance.out_from == timedelta(hours=2)


@pytest.mark.parametrize(
    ("start", "end", "whole"),
    [
        ("Mon 00:00", "Tue 00:00", ["Mon"]),
        ("Mon 00:00", "Mon 23:59", ["Mon"]),
        ("Mon 00:00", "Wed 23:59:59", ["Mon", "Tue", "Wed"]),
        ("Mon 00:00", "Mon 00:00", []),
        ("Mon 00:00", "Mon 23:00", []),
        ("Mon 00:30", "Tue 00:00", []),
        ("Tue 00:00", "Mon 00:00", []),
    ],
)
def test_which_leaves_are_of_whole_days(start: str, end: str, whole: list[str]) -> None:
    leaves = Leaves((Leave(WEEK.moment(start), WEEK.moment(end)),), DUBAI)
    days = (MONDAY + timedelta(days=n) for n in range(-2, 5))
    assert [WEEK.name(day) for day in days if leaves.is_whole(day)] == whole
