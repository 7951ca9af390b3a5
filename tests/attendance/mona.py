"""Who Mona is in a case: what she works, and what is special about her.

What she works comes first (PATTERNS), then words such as "every day", "overtime" (she is paid it), "strict" (RULES),
"holiday Tue", "leave Mon 09:00 - Mon 13:00", "Tue instead Night", "hired Tue", "left Tue".
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time

from bot.attendance.schedule import Attendant, Holiday, Leave, Missing, Rules, Schedule, Shift, TemporarySchedule
from bot.attendance.timetable import Break, Timetable
from tests.attendance.clerk import MONDAY, WEEK, Week, minutes

LUNCH = Break(time(12), minutes(60))
DAY = Timetable(1, "Day", time(9), time(18), allow_late=minutes(10), allow_early_leave=minutes(5), breaks=(LUNCH,))
NIGHT = Timetable(2, "Night", time(22), time(6))
MORNING = Timetable(3, "Morning", time(6), time(14))
EVENING = Timetable(4, "Evening", time(14), time(22))
HALF = Timetable(5, "Split 1", time(9), time(13), in_ahead=minutes(60), out_behind=minutes(60), work_day=0.5)
SPLIT = (HALF, replace(HALF, id=6, alias="Split 2", check_in=time(16), check_out=time(20)))
FLEXIBLE = Timetable(7, "Flexible", time(0), time(0), duty=minutes(480), flexible=True)

# Who works when: a timetable a day, several, or other ones on the days from 0.
Pattern = Timetable | tuple[Timetable, ...] | Mapping[int, tuple[Timetable, ...]] | None
PATTERNS: dict[str, Pattern] = {
    "Day": DAY,
    "Day without grace": replace(DAY, allow_late=minutes(0), allow_early_leave=minutes(0)),
    "Day without in": replace(DAY, must_check_in=False),
    "Day without out": replace(DAY, must_check_out=False),
    "Day without punches": replace(DAY, must_check_in=False, must_check_out=False),
    # A check-out counts until nine on the next morning.
    "Day with a long window": replace(DAY, out_behind=minutes(15 * 60)),
    "Day with coffee": replace(DAY, breaks=(LUNCH, Break(time(15), minutes(15), paid=True))),
    "Day with punched lunch": replace(DAY, breaks=(replace(LUNCH, automatic=False),)),
    "Short": replace(DAY, check_out=time(11), breaks=()),
    "Half": HALF,
    "Night": NIGHT,
    "Night with a break": replace(NIGHT, breaks=(Break(time(2), minutes(30)),)),
    # A check-out counts from one in the morning.
    "Night with a long window": replace(NIGHT, out_ahead=minutes(5 * 60)),
    "Late evening": replace(EVENING, check_out=time(23)),
    "From midnight": replace(NIGHT, check_in=time(0, 30), check_out=time(8, 30)),
    "From the skipped hour": replace(MORNING, check_in=time(2, 30), check_out=time(8)),
    "Split": SPLIT,
    # Either half reaches two hours over the other.
    "Wide split": (
        replace(MORNING, check_in=time(8), check_out=time(13)),
        replace(EVENING, check_in=time(16), check_out=time(20)),
    ),
    "Double": (MORNING, EVENING),
    "Flexible": FLEXIBLE,
    "Flexible without in": replace(FLEXIBLE, must_check_in=False),
    "Flexible with lunch": replace(FLEXIBLE, breaks=(LUNCH,)),
    "Flexible from four": replace(FLEXIBLE, day_change=time(4)),
    "Night then morning": {0: (NIGHT,), 1: (MORNING,)},
    "no schedule": None,
}
RULES = {
    "strict": Rules(late_is_absent=minutes(60), early_is_absent=minutes(60)),
    "missing is late": Rules(missing_in=Missing.LATE, missing_out=Missing.LATE, missing_cost=minutes(60)),
    "missing is nothing": Rules(missing_in=Missing.NEITHER, missing_out=Missing.NEITHER),
    "rounded to 5": Rules(rounding=minutes(5)),
    "overtime from 30": Rules(overtime_from=minutes(30)),
}
_EVENING_FROM_MONDAY = Schedule(Shift(2, 7, {0: (EVENING,)}), MONDAY)
_FOUR_OF_SIX = Schedule(Shift(3, 6, dict.fromkeys(range(4), (MORNING,))), MONDAY)


def person(pattern: Pattern = DAY, *, rules: Rules | None = None, week: Week = WEEK) -> Attendant:
    """Mona, Monday to Friday on one timetable, or on several a day, or on the days named; paid no overtime."""
    return Attendant(week.zone, enable_overtime=False, schedules=schedule(pattern), rules=rules or Rules())


def schedule(pattern: Pattern, days: int = 5) -> tuple[Schedule, ...]:
    if pattern is None:
        return ()
    if isinstance(pattern, Timetable):
        pattern = (pattern,)
    laid = pattern if isinstance(pattern, Mapping) else dict.fromkeys(range(days), pattern)
    return (Schedule(Shift(1, 7, laid), date(2020, 1, 1)),)


def read_person(who: str, week: Week) -> Attendant:
    """A case's Mona: what she works, then what is special about her, each in a word."""
    mona = Attendant(week.zone, enable_overtime=False)
    for word in who.split(", "):
        mona = _learn(mona, word, week)
    return mona


def _learn(mona: Attendant, word: str, week: Week) -> Attendant:
    first, _, rest = word.partition(" ")
    match first:
        case "holiday":
            start, _, end = rest.partition("-")
            days = (week.day(end or start) - week.day(start)).days + 1
            return replace(mona, holidays=(Holiday(week.day(start), days),))
        case "leave":
            start, end = rest.split(" - ")
            return replace(mona, leaves=(Leave(week.moment(start), week.moment(end)),))
        case "hired":
            return replace(mona, hire_date=week.day(rest))
        case "left":
            return replace(mona, leave_date=week.day(rest))
        case "Tue":
            return replace(mona, temporary=_instead(rest.removeprefix("instead "), week.day("Tue")))
        case "in" | "now" | "cards":
            return mona
    return _learn_fact(mona, word)


def _instead(name: str, day: date) -> tuple[TemporarySchedule, ...]:
    pattern = PATTERNS.get(name)
    timetables = pattern if isinstance(pattern, tuple) else (pattern,)
    return tuple(TemporarySchedule(day, t) for t in timetables if not isinstance(t, Mapping))


def _learn_fact(mona: Attendant, word: str) -> Attendant:
    match word:
        case "overtime":
            return replace(mona, enable_overtime=True)
        case "keeps no holidays":
            return replace(mona, enable_holiday=False)
        case "keeps no attendance":
            return replace(mona, enable_att=False)
        case "every day":
            (laid,) = mona.schedules
            every = dict.fromkeys(range(7), laid.shift.days[0])
            return replace(mona, schedules=(replace(laid, shift=replace(laid.shift, days=every)),))
        case "then evening":
            return replace(mona, schedules=(*mona.schedules, _EVENING_FROM_MONDAY))
        case "Four on two off":
            return replace(mona, schedules=(_FOUR_OF_SIX,))
    if word in RULES:
        return replace(mona, rules=RULES[word])
    return replace(mona, schedules=schedule(PATTERNS[word]))
