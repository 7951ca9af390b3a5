"""The cells of a time card and the reasons it gives (manual 5, totalTimeCardReport; wire notes)."""

from dataclasses import fields, replace
from datetime import timedelta

import pytest

from bot.attendance.reasons import Because, Reason
from bot.attendance.schedule import Holiday
from bot.attendance.timecard import AttException, Status, TimeCard
from tests.attendance.clerk import MONDAY, WEEK, build_cards, minutes
from tests.attendance.mona import DAY, PATTERNS, person, read_person


def card_of(who: str, punches: str, day: str = "Mon") -> TimeCard:
    return build_cards(read_person(who, WEEK), punches, day)[0]


def filled(card: TimeCard) -> dict[str, object]:
    """Every cell that is not empty."""
    cells = {field.name: getattr(card, field.name) for field in fields(card)}
    return {name: cell for name, cell in cells.items() if cell not in (None, "", AttException.NONE, ())}


def test_the_manual_s_absent_day() -> None:
    nine_hours = replace(DAY, alias="General Time Table", breaks=())
    (card,) = build_cards(person(nine_hours), "", "Mon")
    nine = timedelta(hours=9)
    assert filled(card) == {
        "workdate": MONDAY,
        "timetable": "General Time Table",
        "check_in": WEEK.moment("Mon 09:00"),
        "check_out": WEEK.moment("Mon 18:00"),
        "duration": nine,
        "duty_duration": nine,
        "absent": nine,
        "work_day": 1.0,
        "remaining": nine,
        "status": Status.ABSENCE,
        "reasons": (Because(Reason.NO_PUNCH, due=WEEK.moment("Mon 09:00")),),
    }
    assert str(card.status) == "Absence(A)"
    assert str(Status.NONE) == ""


def test_a_day_with_everything() -> None:
    card = card_of("Day, overtime", "Mon 09:20:30, Mon 11:50, Mon 13:10, Mon 19:00")
    assert filled(card) == {
        "workdate": MONDAY,
        "timetable": "Day",
        "check_in": WEEK.moment("Mon 09:00"),
        "check_out": WEEK.moment("Mon 18:00"),
        "clock_in": WEEK.moment("Mon 09:20:30"),
        "clock_out": WEEK.moment("Mon 19:00"),
        "total_time": minutes(580),
        "duty_wt": minutes(440),
        "actual_wt": minutes(440),
        "normal_wt": minutes(440),
        "normal_ot": minutes(60),
        "total_worked": minutes(500),
        "ot_lv1": minutes(20),
        "duration": minutes(540),
        "duty_duration": minutes(480),
        "break_out": WEEK.moment("Mon 11:50"),
        "break_in": WEEK.moment("Mon 13:10"),
        "break_duration": minutes(60),
        "actual_break": minutes(80),
        "taken_break": minutes(80),
        "break_late": minutes(20),
        "break_early": minutes(10),
        "late": minutes(20),
        "remaining": minutes(40),
        "work_day": 1.0,
        "status": Status.LATE,
        "reasons": (
            Because(
                Reason.LATE, WEEK.moment("Mon 09:20:30"), WEEK.moment("Mon 09:00"), minutes(20), allowed=minutes(10)
            ),
            Because(Reason.BREAK_OVERRUN, WEEK.moment("Mon 13:10"), by=minutes(20)),
        ),
    }


def test_a_rest_day_nobody_worked_has_a_card_without_a_timetable() -> None:
    card = card_of("Day", "", "Sat")
    assert filled(card) == {
        "workdate": WEEK.day("Sat"),
        "work_day": 0.0,
        "status": Status.REST_DAY,
        "reasons": (Because(Reason.REST_DAY),),
    }


def test_working_through_lunch_is_more_work_but_no_more_duty() -> None:
    card = card_of("Day with punched lunch", "Mon 09:00 in, Mon 18:00 out")
    assert (card.duty_wt, card.actual_wt, card.remaining) == (minutes(480), minutes(540), None)


def test_work_outside_any_timetable() -> None:
    card = card_of("no schedule", "Mon 09:00, Mon 12:00, Mon 13:00, Mon 17:00")
    assert (card.unscheduled, card.actual_wt, card.total_time) == (minutes(420), minutes(420), minutes(480))


def test_the_value_of_half_a_day() -> None:
    cards = build_cards(person(PATTERNS["Split"]), "", "Mon")
    assert [card.work_day for card in cards] == [0.5, 0.5]


def test_somebody_still_on_a_break() -> None:
    card = build_cards(person(), "Mon 09:00 in, Mon 12:00 break", "Mon", replace(WEEK, now="Mon 12:30"))[0]
    assert (card.break_out, card.break_in) == (WEEK.moment("Mon 12:00"), None)


@pytest.mark.parametrize("who", ["Day", "Flexible"])
def test_nothing_remains_yet_of_a_day_that_is_still_running(who: str) -> None:
    (card,) = build_cards(read_person(who, WEEK), "Mon 09:00, Mon 16:30", "Mon", replace(WEEK, now="Mon 17:00"))
    assert (card.duty_wt is not None, card.remaining, card.absent) == (True, None, None)


@pytest.mark.parametrize(
    ("who", "punches", "reasons"),
    [
        ("Day", "Mon 09:00 in, Mon 18:00 out", []),
        ("Day", "Mon 09:11 in, Mon 18:00 out", [Reason.LATE]),
        ("Day", "Mon 09:10 in, Mon 18:00 out", [Reason.WITHIN_GRACE]),
        ("Day", "Mon 09:00 in, Mon 17:00 out", [Reason.EARLY_LEAVE]),
        ("Day", "Mon 09:00 in", [Reason.MISSING_OUT]),
        ("Day", "Mon 18:00 out", [Reason.MISSING_IN]),
        ("Day", "", [Reason.NO_PUNCH]),
        ("Day without punches", "", [Reason.NO_PUNCH_NEEDED]),
        ("Day, strict", "Mon 10:30 in, Mon 18:00 out", [Reason.LATE, Reason.LATE_IS_ABSENT]),
        ("Day, strict", "Mon 09:00 in, Mon 16:30 out", [Reason.EARLY_LEAVE, Reason.EARLY_IS_ABSENT]),
        ("Day, leave Mon 00:00 - Tue 00:00", "", [Reason.ON_LEAVE]),
        ("Day, leave Mon 09:00 - Mon 13:00", "", [Reason.ON_LEAVE, Reason.NO_PUNCH]),
        ("Day, holiday Mon", "", [Reason.HOLIDAY]),
        ("no schedule", "", [Reason.NO_SCHEDULE]),
        ("Day, hired Tue", "Mon 09:00 in, Mon 18:00 out", [Reason.NOT_EMPLOYED]),
        ("Flexible", "Mon 09:00, Mon 16:00", [Reason.SHORT_HOURS]),
        ("Flexible", "Mon 09:00", [Reason.MISSING_OUT, Reason.SHORT_HOURS]),
        ("Day, now Mon 12:00", "Mon 09:00 in", [Reason.STILL_RUNNING]),
        ("Flexible, now Mon 12:00", "Mon 09:00 in", [Reason.STILL_RUNNING]),
    ],
)
def test_why(who: str, punches: str, reasons: list[Reason]) -> None:
    week = replace(WEEK, now=who.split("now ")[1]) if "now " in who else WEEK
    card = build_cards(read_person(who, week), punches, "Mon", week)[0]
    assert [because.reason for because in card.reasons] == reasons


def test_a_temporary_day_says_so() -> None:
    card = card_of("Day, Tue instead Night", "Tue 22:00 in, Wed 06:00 out", "Tue")
    assert card.reasons == (Because(Reason.TEMPORARY_SCHEDULE),)


def test_a_forgotten_way_out_on_a_rest_day_shows_once_it_is_too_long_ago() -> None:
    mona = read_person("Day", WEEK)
    early, late = (
        build_cards(mona, "Sat 09:00 in", "Sat", replace(WEEK, now=now))[0] for now in ("Sat 20:00", "Sun 02:00")
    )
    assert (early.att_exception, late.att_exception) == (AttException.NONE, AttException.MISSING_OUT)


def test_a_holiday_asked_to_be_worked_pays_its_overtime_as_one() -> None:
    mona = replace(read_person("Day, overtime, Tue instead Day", WEEK), holidays=(Holiday(WEEK.day("Tue")),))
    (card,) = build_cards(mona, "Tue 09:00 in, Tue 19:00 out", "Tue")
    assert (card.actual_wt, card.holiday_ot, card.normal_ot) == (minutes(480), minutes(60), None)
