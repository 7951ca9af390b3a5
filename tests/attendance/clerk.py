"""The words of a payroll clerk: punches and time cards as short lines, for tests people read.

Punches are "Mon 08:55 in, Mon 18:02 out": a day of the week (Mon2 is in the week after), a wall-clock time (02:30* is
the second 02:30 of the night the clocks go back) and what the punch says: in, out, break, back, ot-in, ot-out, or
nothing where the terminal does not know.

Who Mona is in a case is read by mona.py; "in Berlin spring" (the week the clocks change there) and "now Mon 12:00"
are read here.

Cards are "Mon 08:55-18:02 Present worked 8:00"; several are joined by "; ". A card says everything that is not empty.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.attendance.matching import Stamp
from bot.attendance.model import PunchState
from bot.attendance.schedule import Attendant
from bot.attendance.timecard import TimeCard
from bot.attendance.timecards import build_time_cards

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


def read_week(who: str) -> Week:
    """Where and when the case is: "in Berlin spring", "now Mon 12:00"."""
    week = next((_WEEKS[word[3:]] for word in who.split(", ") if word.startswith("in ")), WEEK)
    return replace(week, now=next((word[4:] for word in who.split(", ") if word.startswith("now ")), week.now))


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
