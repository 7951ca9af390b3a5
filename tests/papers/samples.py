"""A month with one of everything, and a week of it."""

from datetime import date, timedelta

from bot.papers.figures import Day, Figures, TeamFigures
from bot.papers.rehearsal_figures import Figures as RehearsalFigures
from bot.services.digests import Stripe
from bot.services.rehearsing import DayTally, SiteTally, Tally
from bot.services.workdays import Mark

FIRST, TODAY = date(2026, 3, 1), date(2026, 3, 23)
HOUR = timedelta(hours=1)
_MARKED = {
    3: (Mark.LATE, 7.5),
    4: (Mark.ABSENT, 0),
    5: (Mark.EARLY, 6.5),
    6: (Mark.MISSING, 0),
    9: (Mark.LEAVE, 0),
    10: (Mark.HOLIDAY, 0),
    11: (Mark.PRESENT, 10),
    23: (Mark.OPEN, 2),
}


def build_month(language: str, *, dark: bool = False) -> Figures:
    days = tuple(_build_day(FIRST + timedelta(days=n)) for n in range(31))
    return Figures(language, dark, FIRST, days[-1].workdate, TODAY, days)


def build_week(language: str, *, dark: bool = False) -> Figures:
    days = build_month(language).days[1:8]
    return Figures(language, dark, days[0].workdate, days[-1].workdate, TODAY, days)


def _build_day(on: date) -> Day:
    if on > TODAY:
        return Day(on, Mark.AHEAD, 0 * HOUR, 0 * HOUR)
    if on.weekday() >= 5:
        return Day(on, Mark.REST, 0 * HOUR, 0 * HOUR)
    mark, worked = _MARKED.get(on.day, (Mark.PRESENT, 8))
    return Day(on, mark, worked * HOUR, 0 * HOUR if mark is Mark.HOLIDAY else 8 * HOUR)


_PEOPLE = ("Mona Saleh", "عمر خالد", "सुनील शर्मा", "Сергей Петров", "Store 05", "Store 06 with a very long name indeed")


def build_team(language: str, *, dark: bool = False, rows: int = 6, people: int = 6) -> TeamFigures:
    """Each one's week is the month's, so many days later."""
    days = build_month(language).days
    stripes = tuple(
        Stripe(f"10{n:02}", _PEOPLE[n % 6], tuple(day.mark for day in days[n % 6 : n % 6 + 7])) for n in range(rows)
    )
    return TeamFigures(language, dark, FIRST + timedelta(days=1), FIRST + timedelta(days=7), people, stripes)


def build_rehearsal(language: str, *, dark: bool = False, days: int = 31, busy: int = 1) -> RehearsalFigures:
    """One of everything on some days, `busy` times; sites with and without a name."""
    shown = tuple(DayTally(FIRST + timedelta(days=n), _tally(n, busy)) for n in range(days))
    names = (
        ("Dubai Office", "Office"),
        ("مستودع جبل علي", "وردية"),
        ("", "Night guard"),
        ("A very long name " * 5, "Late"),
    )
    sites = tuple(SiteTally(place, timetable, _tally(n, busy)) for n, (place, timetable) in enumerate(names, 1))
    return RehearsalFigures(language, dark, FIRST, shown[-1].workdate, shown, sites)


def _tally(n: int, busy: int) -> Tally:
    if n % 7 >= 5:
        return Tally()
    absent, late, false = (busy * ((n + k) % 4) for k in range(3))
    return Tally(40, absent, late, false, undecided=busy * (n % 3), missed=busy * (n % 2))
