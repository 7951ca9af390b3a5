"""The words of a payroll clerk: punches and time cards as short lines, for tests people read.

Punches are "Mon 08:55 in, Mon 18:02 out": a day of the week (Mon2 is in the week after), a wall-clock time (02:30* is
the second 02:30 of the night the clocks go back) and what the punch says: in, out, break, back, ot-in, ot-out, or
nothing where the terminal does not know.

Who Mona is in a case comes first: what she works (PATTERNS), then words such as "every day", "overtime" (she is paid
it), "strict" (RULES), "holiday Tue", "leave Mon 09:00 - Mon 13:00", "Tue instead Night", "hired Tue", "left Tue",
"in Berlin spring" (the week the clocks change there), "now Mon 12:00".

Cards are "Mon 08:55-18:02 Present worked 8:00"; several are joined by "; ". A card says everything that is not empty.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.attendance.matching import Stamp
from bot.attendance.model import PunchState
from bot.attendance.schedule import Attendant, Holiday, Leave, Missing, Rules, Schedule, Shift, TemporarySchedule
from bot.attendance.timecard import TimeCard
from bot.attendance.timecards import build_time_cards
from bot.attendance.timetable import Break, Timetable

DUBAI, BERLIN, NEW_YORK = (ZoneInfo(name) for name in ("Asia/Dubai", "Europe/Berlin", "America/New_York"))
MONDAY = date(2024, 6, 3)
_DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
_STATES = {
    "": PunchState.UNKNOWN,
    "in": PunchState.CHECK_IN,
    "out": PunchState.CHECK_OUT,
    "break": PunchState.BREAK_OUT,
    "back": PunchState.BREAK_IN,
    "ot-in": PunchState.OVERTIME_IN,
    "ot-out": PunchState.OVERTIME_OUT,
}
_CELLS = {
    "worked": "total_worked",
    "late": "late",
    "early": "early_leave",
    "absent": "absent",
    "leave": "leave",
    "overtime": "normal_ot",
    "rest-day overtime": "weekend_ot",
    "holiday overtime": "holiday_ot",
    "break": "actual_break",
    "break too long by": "break_late",
    "break absent": "break_absent",
}


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


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
    "Double": (MORNING, EVENING),
    "Flexible": FLEXIBLE,
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


@dataclass(frozen=True)
class Week:
    """Where and when a case happens: `monday` begins the week, `now` is long after it unless said otherwise."""

    monday: date = MONDAY
    zone: ZoneInfo = DUBAI
    now: str = "Sun3 12:00"

    def day(self, name: str) -> date:
        weekday, weeks = _DAYS.index(name[:3]), int(name[3:] or 1) - 1
        return self.monday + timedelta(days=weekday, weeks=weeks)

    def moment(self, text: str) -> datetime:
        name, clock = text.split()
        at = time.fromisoformat(clock.rstrip("*")).replace(fold=int(clock.endswith("*")))
        return datetime.combine(self.day(name), at, self.zone).astimezone(UTC)

    def stamps(self, text: str) -> list[Stamp]:
        return [self._stamp(punch.strip()) for punch in text.split(",") if punch.strip()]

    def name(self, day: date) -> str:
        weeks = (day - self.monday).days // 7 + 1
        return _DAYS[day.weekday()] + (str(weeks) if weeks > 1 else "")

    def clock(self, at: datetime | None) -> str:
        return at.astimezone(self.zone).strftime("%H:%M") if at else ""

    def _stamp(self, text: str) -> Stamp:
        name, clock, *state = text.split()
        return Stamp(self.moment(f"{name} {clock}"), _STATES[" ".join(state)])


WEEK = Week()
_WEEKS = {
    "Berlin spring": Week(date(2024, 3, 25), BERLIN),  # on Sunday 02:00 becomes 03:00
    "Berlin autumn": Week(date(2024, 10, 21), BERLIN),  # on Sunday 03:00 becomes 02:00
    "New York spring": Week(date(2024, 3, 4), NEW_YORK),
    "New York autumn": Week(date(2024, 10, 28), NEW_YORK),
}


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


def read_week(who: str) -> Week:
    """Where and when the case is: "in Berlin spring", "now Mon 12:00"."""
    week = next((_WEEKS[word[3:]] for word in _words(who) if word.startswith("in ")), WEEK)
    return replace(week, now=next((word[4:] for word in _words(who) if word.startswith("now ")), week.now))


def read_person(who: str, week: Week) -> Attendant:
    """A case's Mona: what she works, then what is special about her, each in a word."""
    mona = Attendant(week.zone, enable_overtime=False)
    for word in _words(who):
        mona = _learn(mona, word, week)
    return mona


def _words(who: str) -> list[str]:
    return who.split(", ")


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


def build_cards(who: Attendant, punches: str, days: str, week: Week = WEEK) -> list[TimeCard]:
    """The cards of the days named, "Mon" or "Mon-Wed"."""
    first, _, last = days.partition("-")
    return build_time_cards(who, week.day(first), week.day(last or first), week.stamps(punches), week.moment(week.now))


def tell(cards: list[TimeCard], week: Week = WEEK) -> str:
    return "; ".join(_tell_card(card, week) for card in cards)


def _tell_card(card: TimeCard, week: Week) -> str:
    punched = f"{week.clock(card.clock_in)}-{week.clock(card.clock_out)}"
    told = [week.name(card.workdate), punched if punched != "-" else "", card.status.text]
    cells = ((label, getattr(card, cell)) for label, cell in _CELLS.items())
    told += [f"{label} {hours(value)}" for label, value in cells if value]
    told.append(card.att_exception.value and f"({card.att_exception.value})")
    return " ".join(part for part in told if part)


def hours(value: timedelta | None) -> str:
    total = int((value or timedelta(0)).total_seconds()) // 60
    return f"{total // 60}:{total % 60:02}"
