"""Shift instances out of what a report says of a day: wall clock times become moments, each punch gets its shift."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.attendance.direction import LONGEST_SHIFT
from bot.attendance.facts import Shift, ShiftKind
from bot.attendance.roster import to_utc
from bot.attendance.timetable import DAY

# BioTime's own default for how early somebody may come (wire notes, "The time card").
EARLIEST = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class ReportedDay:
    """A row of the time card report: one employee, day and timetable; the times as scheduled, on the wall."""

    emp_code: str
    workdate: date
    timetable: str
    kind: ShiftKind
    check_in: time | None = None
    check_out: time | None = None


def build_shifts(
    days: Iterable[ReportedDay], zone: ZoneInfo, area_of: Mapping[str, int], before: Mapping[str, datetime]
) -> list[Shift]:
    """In no order. `before`: when each person's last timetable ended before these days."""
    by_person: dict[str, list[Shift]] = defaultdict(list)
    for day in days:
        by_person[day.emp_code].append(_lay(day, zone, area_of.get(day.emp_code, 0)))
    return [
        shift for code, shifts in by_person.items() for shift in _open_one_after_the_other(shifts, before.get(code))
    ]


def _lay(day: ReportedDay, zone: ZoneInfo, area_id: int) -> Shift:
    """Out at or before in is out on the next day. A timetable without an end lasts as long as any shift may."""
    shift = Shift(day.emp_code, day.workdate, day.timetable, day.kind, area_id)
    if day.kind is not ShiftKind.WORK or day.check_in is None:
        return shift
    starts_at = to_utc(day.workdate, day.check_in, zone)
    if day.check_out is None:
        return replace(shift, starts_at=starts_at, ends_at=starts_at + LONGEST_SHIFT)
    plus = DAY if day.check_out <= day.check_in else timedelta(0)
    return replace(shift, starts_at=starts_at, ends_at=to_utc(day.workdate, day.check_out, zone, plus))


def _open_one_after_the_other(shifts: list[Shift], ended: datetime | None) -> Iterable[Shift]:
    """Between two timetables the middle divides: a check-out at noon is not the coming for the afternoon."""
    for starts_at, _, shift in sorted((s.starts_at, n, s) for n, s in enumerate(shifts) if s.starts_at is not None):
        opens = starts_at - EARLIEST
        if ended is not None and ended <= starts_at:
            opens = max(opens, ended + (starts_at - ended) / 2)
        yield replace(shift, opens_at=opens)
        ended = shift.ends_at
    yield from (shift for shift in shifts if shift.starts_at is None)
