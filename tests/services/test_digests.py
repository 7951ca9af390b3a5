"""When a digest is due, and what is in it: pure."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.biotime.time_cards import TimeCard
from bot.services.digests import (
    LATEST,
    MOST_STRIPES,
    Digest,
    Period,
    Span,
    build_digest,
    find_periods,
)
from bot.services.kept_digests import read_digest, write_digest
from bot.services.open_shifts import Running, instance_of
from bot.services.totals import Member
from bot.services.workdays import Mark
from bot.store.manager_settings import ManagerSettings
from tests.services.cards_of_days import CARD

HOUR = timedelta(hours=1)
SETTINGS = ManagerSettings(digest_at=time(8), weekly_day=0)
MONDAY, TUESDAY, SATURDAY = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 7)


def due(day: date, at: time = time(8, 0), settings: ManagerSettings = SETTINGS) -> list[Period]:
    return find_periods(settings, datetime.combine(day, at))


def test_on_a_working_day_yesterday_is_told_and_after_a_weekend_all_of_it() -> None:
    assert due(TUESDAY) == [Period(Span.DAILY, MONDAY, MONDAY)]
    assert due(MONDAY)[0] == Period(Span.DAILY, date(2026, 2, 27), date(2026, 3, 1))
    assert due(SATURDAY) == []


def test_the_week_and_the_month_come_on_their_days() -> None:
    assert due(MONDAY)[1] == Period(Span.WEEKLY, date(2026, 2, 23), date(2026, 3, 1))
    assert due(date(2026, 3, 1)) == [Period(Span.MONTHLY, date(2026, 2, 1), date(2026, 2, 28))]


@pytest.mark.parametrize(
    ("at", "told"), [(time(7, 59), False), (time(8, 0), True), (time(13, 59), True), (time(14, 0), False)]
)
def test_an_outage_is_caught_up_with_but_not_in_the_evening(at: time, told: bool) -> None:
    assert bool(due(TUESDAY, at)) is told
    assert timedelta(hours=6) == LATEST


EVENING = replace(SETTINGS, digest_at=time(22))


def test_an_outage_over_midnight_is_caught_up_with_as_on_the_evening_before() -> None:
    for settings in (EVENING, replace(EVENING, digest_at=time(23, 59))):
        for day in (MONDAY, date(2026, 3, 6), SATURDAY, date(2026, 4, 1)):
            at_its_time = due(day, settings.digest_at or time(), settings)
            assert due(day + timedelta(days=1), time(3, 59), settings) == at_its_time
    assert due(MONDAY, time(22), EVENING)[1].span is Span.WEEKLY
    assert due(date(2026, 4, 1), time(22), EVENING)[-1].span is Span.MONTHLY
    assert due(TUESDAY, time(4), EVENING) == due(TUESDAY, time(21, 59), EVENING) == []


@pytest.mark.parametrize(("day", "last"), [(date(2026, 3, 28), time(4, 59)), (date(2026, 10, 24), time(2, 59))])
def test_it_is_six_hours_on_the_nights_on_which_the_clock_changes_too(day: date, last: time) -> None:
    """Berlin's are from Saturday to Sunday."""
    settings = replace(EVENING, working_days=tuple(range(7)))
    until = datetime.combine(day + timedelta(days=1), last, ZoneInfo("Europe/Berlin"))
    assert [one.last for one in find_periods(settings, until)] == [day - timedelta(days=1)]
    assert find_periods(settings, until + timedelta(minutes=1)) == []


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_at_an_hour_that_is_skipped_or_comes_twice_it_is_due_once_for_six_hours(day: date) -> None:
    settings = replace(SETTINGS, digest_at=time(2, 30), working_days=tuple(range(7)))
    midnight = datetime.combine(day, time(), ZoneInfo("Europe/Berlin")).astimezone(UTC)
    told = [
        minute
        for minute in range(24 * 60)
        if find_periods(settings, (midnight + timedelta(minutes=minute)).astimezone(ZoneInfo("Europe/Berlin")))
    ]
    assert told == list(range(150, 150 + 6 * 60))


def test_who_wants_none_gets_none() -> None:
    assert due(MONDAY, settings=replace(SETTINGS, digest_at=None)) == []


def card(emp_code: str, **known: object) -> TimeCard:
    return replace(CARD, emp_code=emp_code, workdate=MONDAY, **known)  # type: ignore[arg-type]


TEAM = {
    code: Member(code, name, "Sales")
    for code, name in (("1", "Mona"), ("2", "Store 02"), ("3", "Store 03"), ("4", "Store 04"))
}


def test_it_holds_the_manager_s_people_and_nobody_else() -> None:
    period = Period(Span.DAILY, MONDAY, MONDAY)
    cards = [
        card("1", absent=timedelta(hours=9), clock_in=None, clock_out=None),
        card("2", late=timedelta(minutes=12)),
        card("4", early_leave=timedelta(minutes=30)),
        card("3", absent=timedelta(hours=9), clock_out=None),
        card("9", absent=timedelta(hours=9)),
        replace(card("4", absent=timedelta(hours=9)), workdate=TUESDAY),
    ]
    digest = build_digest(period, TEAM, cards, waiting=2, untimed={"4", "9"})
    assert [(one.name, one.absent, one.late_minutes, one.early_minutes, one.missing) for one in digest.tallies] == [
        ("Mona", 1, 0, 0, ()),
        ("Store 04", 0, 0, 30, ()),
        ("Store 02", 0, 12, 0, ()),
        ("Store 03", 0, 0, 0, ("2026-03-02",)),
    ]
    assert (digest.people, digest.waiting, digest.untimed) == (4, 2, ("Store 04",))
    assert read_digest(write_digest(digest)) == digest
    assert isinstance(digest, Digest)


WEEK = Period(Span.WEEKLY, MONDAY, date(2026, 3, 8))


def test_a_week_has_a_stripe_for_each_with_a_mark_for_each_day() -> None:
    cards = [
        card("1", absent=timedelta(hours=9), clock_in=None, clock_out=None),
        replace(card("1"), workdate=TUESDAY),
        replace(card("1"), workdate=TUESDAY, timetable="Evening", late=timedelta(minutes=5)),
        # By the company's rules absent; he came, and is to be asked.
        card("3", absent=timedelta(hours=9), clock_out=None),
        replace(card("4", leave=timedelta(hours=9), clock_in=None, clock_out=None), workdate=SATURDAY),
        replace(card("4", timetable="", total_worked=None, status="Rest Day(R)"), workdate=TUESDAY),
    ]
    digest = build_digest(WEEK, TEAM, cards, waiting=0, untimed=())
    marks = {one.name: "".join(mark.name[:2] for mark in one.marks) for one in digest.stripes}
    assert marks == {
        "Mona": "ABLA" + "AH" * 5,
        "Store 03": "MI" + "AH" * 6,
        "Store 04": "AHREAHAHAHLEAH",
        "Store 02": "AH" * 7,
    }
    assert [one.name for one in digest.stripes] == ["Mona", "Store 03", "Store 04", "Store 02"], "trouble first"
    assert digest.stripes[0].marks[0] is Mark.ABSENT
    assert read_digest(write_digest(digest)) == digest


def test_of_a_large_team_the_picture_shows_some_and_the_digest_counts_all() -> None:
    team = {str(n): Member(str(n), f"Store {n:03}") for n in range(120)}
    digest = build_digest(WEEK, team, [card("77", late=timedelta(minutes=9))], waiting=0, untimed=())
    assert (len(digest.stripes), digest.people) == (MOST_STRIPES, 120)
    assert digest.stripes[0].emp_code == "77"


NIGHT = replace(CARD, timetable="Night", check_in=time(19), check_out=time(7))


def test_a_month_leaves_out_the_night_that_goes_on_and_has_that_of_the_month_before() -> None:
    last, before = date(2026, 3, 31), date(2026, 2, 28)
    month = Period(Span.MONTHLY, MONDAY.replace(day=1), last)
    cards = [
        replace(NIGHT, emp_code="1", workdate=last, clock_in=time(19), clock_out=None),
        replace(NIGHT, emp_code="1", workdate=before, clock_in=time(19), clock_out=time(7)),
        replace(NIGHT, emp_code="2", workdate=before, clock_in=time(19), clock_out=None),
    ]
    now = datetime(2026, 4, 1, 2, tzinfo=UTC)
    running = Running(now, {("1", last, "Night"): now + HOUR}, frozenset({("1", before, "Night")}))
    digest = build_digest(month, TEAM, cards, waiting=0, untimed=(), running=running)
    assert [(one.member.emp_code, one.days, one.missing) for one in digest.totals if one.days] == [("1", 1, ())]
    assert [one.instance for one in digest.unfinished] == [("1", last, "Night")]
    assert digest.counted == ((before, ("Mona",)),)
    day = Period(Span.DAILY, month.first, month.first)
    assert build_digest(day, TEAM, cards, waiting=0, untimed=(), running=running).counted == (), "it tells them apart"
    assert read_digest(write_digest(digest)) == digest


@pytest.mark.parametrize(
    ("ended", "came", "left", "held"),
    [
        (-HOUR, None, None, True),
        (-HOUR, time(19), time(5), True),
        (HOUR, time(19), None, True),
        (HOUR, time(19), time(7), False),
        (HOUR, None, None, False),
        (2 * HOUR, time(19), None, False),
    ],
)
def test_a_shift_runs_until_its_end_and_for_who_has_not_clocked_out_two_hours_more(
    ended: timedelta, came: time | None, left: time | None, held: bool
) -> None:
    now = datetime(2026, 3, 3, 4, tzinfo=UTC)
    card = replace(NIGHT, clock_in=came, clock_out=left)
    assert Running(now, {instance_of(card): now - ended}).holds(card) is held


def test_what_was_kept_before_there_were_pictures_is_still_told() -> None:
    kept = write_digest(build_digest(WEEK, TEAM, [], waiting=0, untimed=()))
    del kept["stripes"], kept["totals"]
    assert read_digest(kept).stripes == ()


def test_what_was_kept_before_early_leaves_were_told_is_still_told() -> None:
    period = Period(Span.MONTHLY, MONDAY, MONDAY)
    digest = build_digest(period, TEAM, [card("1", early_leave=timedelta(minutes=9))], waiting=0, untimed=())
    kept = write_digest(digest)
    for tally in kept["tallies"]:
        del tally["early"], tally["early_minutes"]
    for _, counts, spans, _ in kept["totals"]:
        del counts[-1], spans[-1]
    read = read_digest(kept)
    assert {one.early for one in read.tallies} == {one.early for one in read.totals} == {0}


def test_a_month_has_a_line_for_everybody() -> None:
    period = Period(Span.MONTHLY, date(2026, 3, 1), date(2026, 3, 31))
    cards = [
        card("1", late=timedelta(minutes=12), overtime=timedelta(hours=1)),
        replace(card("1", timetable="Evening", late=timedelta(minutes=8))),
        replace(card("1", absent=timedelta(hours=9), clock_in=None, clock_out=None), workdate=TUESDAY),
        card("3", absent=timedelta(hours=9), clock_out=None),
        replace(card("4", leave=timedelta(hours=4)), workdate=SATURDAY),
        card("9", absent=timedelta(hours=9)),
    ]
    digest = build_digest(period, TEAM, cards, waiting=0, untimed=())
    (mona, forgot, away, quiet) = digest.totals
    assert [one.member.name for one in digest.totals] == ["Mona", "Store 03", "Store 04", "Store 02"]
    assert (mona.days, mona.late, mona.late_by, mona.absent) == (2, 1, timedelta(minutes=20), 1)
    assert (mona.worked, mona.overtime) == (timedelta(hours=27), timedelta(hours=1))
    assert (forgot.absent, forgot.missing, forgot.days) == (0, (MONDAY,), 1)
    assert (away.leave, away.days) == (1, 1)
    assert (quiet.days, quiet.worked) == (0, timedelta(0))
    assert read_digest(write_digest(digest)) == digest
