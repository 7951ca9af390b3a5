"""What holds of every time card, whatever the timetables, the rules and the punches."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.attendance.instance import Instance, build_instances
from bot.attendance.matching import Stamp, share_out
from bot.attendance.model import PunchState
from bot.attendance.roster import Leaves, Roster
from bot.attendance.schedule import (
    Attendant,
    Holiday,
    Leave,
    Missing,
    Rules,
    Schedule,
    Shift,
    TemporarySchedule,
)
from bot.attendance.timecard import Status, TimeCard
from bot.attendance.timecards import build_time_cards
from bot.attendance.timetable import Break, Timetable

NOTHING = timedelta(0)
some = settings(max_examples=60, deadline=None)
FIRST, LAST = date(2024, 3, 27), date(2024, 4, 3)  # Berlin's clocks change in between, on the 31st of March
LATER = datetime(2024, 5, 1, tzinfo=UTC)
ZONES = [ZoneInfo(name) for name in ("Europe/Berlin", "Asia/Dubai", "America/New_York", "Asia/Kolkata")]

times = st.integers(0, 24 * 4 - 1).map(lambda n: time(n // 4, n % 4 * 15))
dates = st.dates(FIRST, LAST)


def durations(most: int, least: int = 0) -> st.SearchStrategy[timedelta]:
    return st.integers(least, most).map(lambda n: timedelta(minutes=n))


moments = st.integers(-24 * 60, 9 * 24 * 60).map(lambda n: datetime(2024, 3, 27, tzinfo=UTC) + timedelta(minutes=n))
breaks = st.builds(Break, times, durations(90, 5), st.booleans(), st.booleans())
timetables = st.builds(
    Timetable,
    id=st.integers(1, 9),
    alias=st.just("T"),
    check_in=times,
    check_out=times,
    in_ahead=durations(240),
    in_behind=durations(240),
    out_ahead=durations(240),
    out_behind=durations(240),
    allow_late=durations(30),
    allow_early_leave=durations(30),
    must_check_in=st.booleans(),
    must_check_out=st.booleans(),
    duty=st.none() | durations(600),
    flexible=st.booleans(),
    day_change=times,
    breaks=st.lists(breaks, max_size=2).map(tuple),
)
rules = st.builds(
    Rules,
    rounding=st.sampled_from([1, 5, 15]).map(lambda n: timedelta(minutes=n)),
    late_is_absent=st.none() | durations(180),
    early_is_absent=st.none() | durations(180),
    missing_in=st.sampled_from(Missing),
    missing_out=st.sampled_from(Missing),
    missing_cost=durations(120),
    overtime_from=durations(60),
)
leaves = st.builds(lambda at, length: Leave(at, at + length), moments, durations(3000, 1))


def schedules(per_day: int) -> st.SearchStrategy[tuple[Schedule, ...]]:
    days = st.dictionaries(st.integers(0, 6), st.lists(timetables, min_size=1, max_size=per_day).map(tuple))
    shifts = st.builds(Shift, id=st.just(1), cycle_days=st.integers(1, 9), days=days)
    made = st.builds(Schedule, shift=shifts, start_date=st.dates(date(2024, 1, 1), LAST))
    return st.lists(made, max_size=2).map(tuple)


def attendants(per_day: int = 3, zones: list[ZoneInfo] = ZONES) -> st.SearchStrategy[Attendant]:
    return st.builds(
        Attendant,
        zone=st.sampled_from(zones),
        hire_date=st.none() | dates,
        leave_date=st.none() | dates,
        enable_overtime=st.booleans(),
        enable_holiday=st.booleans(),
        schedules=schedules(per_day),
        temporary=st.lists(st.builds(TemporarySchedule, dates, st.none() | timetables), max_size=1).map(tuple),
        holidays=st.lists(st.builds(Holiday, dates, st.integers(1, 3)), max_size=1).map(tuple),
        leaves=st.lists(leaves, max_size=2).map(tuple),
        rules=rules,
    )


stamps = st.lists(st.builds(Stamp, moments, st.sampled_from(PunchState)), max_size=20)


def build(person: Attendant, punches: list[Stamp], now: datetime = LATER) -> list[TimeCard]:
    return build_time_cards(person, FIRST, LAST, punches, now)


@some
@given(attendants(), stamps)
def test_worked_and_leave_and_what_remains_make_up_the_duty(person: Attendant, punches: list[Stamp]) -> None:
    for card in build(person, punches):
        if card.duty_duration is not None:
            made_up = sum((part or NOTHING for part in (card.duty_wt, card.leave, card.remaining)), NOTHING)
            assert made_up == card.duty_duration
        if card.absent:
            assert card.absent + (card.leave or NOTHING) == card.duty_duration
            assert card.duty_wt is None


@some
@given(attendants(), stamps, moments)
def test_every_cell_is_empty_or_more_than_nothing(person: Attendant, punches: list[Stamp], now: datetime) -> None:
    for card in build(person, punches, now):
        cells = {field.name: getattr(card, field.name) for field in fields(card)}
        for name, value in cells.items():
            if isinstance(value, timedelta) and name not in ("duration", "duty_duration", "total_time"):
                assert value > NOTHING, name
        assert (card.actual_wt or NOTHING) + card.overtime == (card.total_worked or NOTHING)
        assert (card.duty_wt or NOTHING) <= (card.actual_wt or NOTHING)


@some
@given(attendants(), stamps)
def test_levels_sum_to_what_the_day_is_over_the_first_threshold(person: Attendant, punches: list[Stamp]) -> None:
    cards = build(person, punches)
    for day in {card.workdate for card in cards}:
        of_day = [card for card in cards if card.workdate == day]
        worked = sum((card.total_worked or NOTHING for card in of_day), NOTHING)
        levels = [level or NOTHING for card in of_day for level in (card.ot_lv1, card.ot_lv2, card.ot_lv3)]
        over = max(NOTHING, worked - person.rules.overtime_1) if person.enable_overtime else NOTHING
        assert sum(levels, NOTHING) == over


CERTAIN = (PunchState.CHECK_IN, PunchState.CHECK_OUT, PunchState.BREAK_OUT, PunchState.BREAK_IN, PunchState.UNKNOWN)


@some
@given(attendants(), st.sets(st.integers(0, 6)), timetables, st.data())
def test_one_punch_more_never_makes_anyone_more_absent(
    person: Attendant, days: set[int], timetable: Timetable, data: st.DataObject
) -> None:
    """Where a missing punch is an absence: where it costs nothing, coming late may well cost more than not punching."""
    absent = replace(person.rules, missing_in=Missing.ABSENT, missing_out=Missing.ABSENT)
    shift = Shift(1, 7, dict.fromkeys(days, (_alone(timetable),)))
    person = replace(person, rules=absent, temporary=(), schedules=(Schedule(shift, FIRST),))
    one = st.builds(Stamp, moments, st.sampled_from(CERTAIN))
    punches = data.draw(st.lists(one, min_size=1, max_size=12, unique_by=lambda stamp: stamp.at))
    before, after = _absences(person, punches[1:]), _absences(person, punches)
    assert all(after[day] <= before[day] for day in before)


def _alone(timetable: Timetable) -> Timetable:
    """Not so long that it meets the next day's."""
    hour = timetable.check_in.hour
    return replace(timetable, check_out=time((hour + 12) % 24))


def _absences(person: Attendant, punches: list[Stamp]) -> dict[date, timedelta]:
    return {card.workdate: card.absent or NOTHING for card in build(person, punches) if card.timetable}


@some
@given(attendants(), st.lists(st.builds(Stamp, moments, st.sampled_from(PunchState)), max_size=20))
def test_no_punch_counts_twice(person: Attendant, punches: list[Stamp]) -> None:
    in_order = sorted(punches, key=lambda stamp: stamp.at)
    shares = share_out(_instances(person), in_order)
    shared = [stamp for share in [*shares.of, shares.unscheduled] for stamp in share]
    assert sorted(map(id, shared)) == sorted(map(id, in_order))


@some
@given(attendants(), st.lists(st.builds(Stamp, moments, st.sampled_from(PunchState)), unique_by=lambda s: s.at))
def test_no_moment_is_on_two_cards(person: Attendant, punches: list[Stamp]) -> None:
    cards = build(person, punches)
    shown = [at for card in cards for at in (card.clock_in, card.clock_out) if at is not None]
    assert len(shown) == len(set(shown))


@some
@given(attendants(), stamps)
def test_a_month_is_its_days(person: Attendant, punches: list[Stamp]) -> None:
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    one_by_one = [card for day in days for card in build_time_cards(person, day, day, punches, LATER)]
    assert one_by_one == build(person, punches)


@some
@given(attendants(zones=[ZoneInfo("Asia/Dubai")]), stamps, moments)
def test_a_week_later_everything_is_a_week_later(person: Attendant, punches: list[Stamp], now: datetime) -> None:
    week = timedelta(days=7)
    later = build_time_cards(
        _move(person, week), FIRST + week, LAST + week, [Stamp(s.at + week, s.punch_state) for s in punches], now + week
    )
    assert [_cells(card) for card in later] == [_cells(card, week) for card in build(person, punches, now)]


@some
@given(attendants(), stamps)
def test_nobody_is_absent_on_a_day_that_is_not_theirs(person: Attendant, punches: list[Stamp]) -> None:
    roster = Roster(person)
    for card in build(person, punches):
        if card.status is Status.ABSENCE or card.late or card.early_leave:
            assert roster.plan_day(card.workdate).timetables


@some
@given(attendants(), moments)
def test_nobody_is_absent_ahead_of_time(person: Attendant, now: datetime) -> None:
    for card in build(person, [], now):
        if card.absent and card.check_out and not card.leave:
            assert now >= card.check_out


def _instances(person: Attendant) -> list[Instance]:
    roster, leaves = Roster(person), Leaves(person.leaves, person.zone)
    days = (FIRST + timedelta(days=n) for n in range(-3, 12))
    found = [instance for day in days for instance in build_instances(roster.plan_day(day), leaves, person.zone)]
    return sorted(found, key=lambda instance: (instance.opens, instance.start))


def _move(person: Attendant, by: timedelta) -> Attendant:
    return replace(
        person,
        hire_date=person.hire_date and person.hire_date + by,
        leave_date=person.leave_date and person.leave_date + by,
        schedules=tuple(replace(s, start_date=s.start_date + by) for s in person.schedules),
        temporary=tuple(replace(t, workdate=t.workdate + by) for t in person.temporary),
        holidays=tuple(replace(h, start_date=h.start_date + by) for h in person.holidays),
        leaves=tuple(replace(leave, start_at=leave.start_at + by, end_at=leave.end_at + by) for leave in person.leaves),
    )


def _cells(card: TimeCard, by: timedelta = NOTHING) -> dict[str, object]:
    cells = {field.name: getattr(card, field.name) for field in fields(card)}
    reasons = [replace(b, at=b.at and b.at + by, due=b.due and b.due + by) for b in card.reasons]
    return {n: cell + by if isinstance(cell, date) else cell for n, cell in cells.items()} | {"reasons": reasons}
