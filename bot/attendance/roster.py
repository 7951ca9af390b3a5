"""What a person's day is: of work, of rest, a holiday, without a schedule, outside the contract; and their leaves."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum, auto
from zoneinfo import ZoneInfo

from bot.attendance.schedule import WEEK, Attendant, Leave, Schedule
from bot.attendance.spans import Span, clip, merge
from bot.attendance.timetable import DAY, Timetable

_LAST_MINUTE = time(23, 59)


class DayKind(Enum):
    WORKDAY = auto()
    REST_DAY = auto()
    HOLIDAY = auto()
    NO_SCHEDULE = auto()
    NOT_EMPLOYED = auto()


@dataclass(frozen=True, slots=True)
class Day:
    """One workdate. A holiday with timetables is one on which a temporary schedule asks for work."""

    workdate: date
    kind: DayKind
    timetables: tuple[Timetable, ...] = ()
    temporary: bool = False


class Roster:
    """A person's days. Contract before temporary schedule before holiday before schedule."""

    def __init__(self, person: Attendant) -> None:
        self._person = person
        self._schedules = sorted(person.schedules, key=lambda schedule: schedule.start_date, reverse=True)
        self._temporary: dict[date, list[Timetable | None]] = defaultdict(list)
        for temporary in person.temporary:
            self._temporary[temporary.workdate].append(temporary.timetable)

    def plan_day(self, workdate: date) -> Day:
        if not self._is_employed(workdate):
            return Day(workdate, DayKind.NOT_EMPLOYED)
        holiday = self._is_holiday(workdate)
        if workdate in self._temporary:
            timetables = tuple(timetable for timetable in self._temporary[workdate] if timetable is not None)
            kind = DayKind.HOLIDAY if holiday else DayKind.WORKDAY if timetables else DayKind.REST_DAY
            return Day(workdate, kind, timetables, temporary=True)
        if holiday:
            return Day(workdate, DayKind.HOLIDAY)
        return self._plan_scheduled(workdate)

    def _plan_scheduled(self, workdate: date) -> Day:
        schedule = next((s for s in self._schedules if _covers(s, workdate)), None)
        if schedule is None:
            return Day(workdate, DayKind.NO_SCHEDULE)
        timetables = schedule.shift.days.get(_day_of_cycle(schedule, workdate), ())
        return Day(workdate, DayKind.WORKDAY if timetables else DayKind.REST_DAY, timetables)

    def _is_employed(self, workdate: date) -> bool:
        hired, left = self._person.hire_date, self._person.leave_date
        return (hired is None or hired <= workdate) and (left is None or workdate <= left)

    def _is_holiday(self, workdate: date) -> bool:
        if not self._person.enable_holiday:
            return False
        return any(0 <= (workdate - h.start_date).days < h.days for h in self._person.holidays)


def _covers(schedule: Schedule, workdate: date) -> bool:
    return schedule.start_date <= workdate and (schedule.end_date is None or workdate <= schedule.end_date)


def _day_of_cycle(schedule: Schedule, workdate: date) -> int:
    """A week begins on Monday, whenever the schedule does; any other cycle begins with the schedule."""
    if schedule.shift.cycle_days == WEEK:
        return workdate.weekday()
    return (workdate - schedule.start_date).days % schedule.shift.cycle_days


class Leaves:
    """A person's leaves: whole workdates, so that a day off frees all of its night shift, and hours by the clock."""

    def __init__(self, leaves: tuple[Leave, ...], zone: ZoneInfo) -> None:
        self._dates: list[tuple[date, date]] = []
        hours: list[Span] = []
        for leave in leaves:
            dates = _whole_dates(leave, zone)
            if dates is not None:
                self._dates.append(dates)
            elif leave.start_at < leave.end_at:
                hours.append((leave.start_at.astimezone(UTC), leave.end_at.astimezone(UTC)))
        self._hours = merge(hours)

    def is_whole(self, workdate: date) -> bool:
        return any(first <= workdate <= last for first, last in self._dates)

    def find_hours(self, start: datetime, end: datetime) -> list[Span]:
        return clip(self._hours, start, end) if self._hours else []


def _whole_dates(leave: Leave, zone: ZoneInfo) -> tuple[date, date] | None:
    start, end = leave.start_at.astimezone(zone), leave.end_at.astimezone(zone)
    if start.time() != time(0) or end.date() < start.date():
        return None
    if end.time() == time(0) and end.date() > start.date():
        return start.date(), end.date() - DAY
    return (start.date(), end.date()) if end.time() >= _LAST_MINUTE else None


def date_of(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()


def to_utc(workdate: date, at: time, zone: ZoneInfo, plus: timedelta = timedelta(0)) -> datetime:
    """A wall-clock time: of an hour that comes twice the first, of one that is skipped as long after the change."""
    return (datetime.combine(workdate, at, zone) + plus).astimezone(UTC)
