"""Shift instances: a timetable laid on a workdate, every bound a moment (UTC), leave already taken into account.

A timetable is wall clock; an instance is real time. On the night the clocks change it is an hour shorter or longer, and
so is the work due.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.attendance.roster import Day, DayKind, Leaves, to_utc
from bot.attendance.spans import Span, clip, merge, total, total_within
from bot.attendance.timetable import DAY, NOTHING, Break, Timetable

_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class PlannedBreak:
    span: Span
    paid: bool
    automatic: bool


@dataclass(frozen=True, slots=True)
class Instance:
    """One timetable on one workdate.

    `start` and `end` are as scheduled; due_in and due_out are when to come and go, the leave considered. A check-in is
    from `opens` to `in_until`, a check-out from `out_from` to `closes`, all included. `leave` is how much of `required`
    is on leave, `leaves` when.
    """

    workdate: date
    timetable: Timetable
    kind: DayKind
    temporary: bool
    start: datetime
    end: datetime
    due_in: datetime
    due_out: datetime
    opens: datetime
    in_until: datetime
    out_from: datetime
    closes: datetime
    required: timedelta
    leave: timedelta
    leaves: tuple[Span, ...]
    breaks: tuple[PlannedBreak, ...]

    @property
    def is_on_leave(self) -> bool:
        """Nothing is left to be worked."""
        return self.leave > NOTHING and self.leave >= self.required


def build_instances(day: Day, leaves: Leaves, zone: ZoneInfo) -> list[Instance]:
    return [_build_instance(day, timetable, leaves, zone) for timetable in day.timetables]


def _build_instance(day: Day, timetable: Timetable, leaves: Leaves, zone: ZoneInfo) -> Instance:
    began = timetable.day_change if timetable.flexible else timetable.check_in
    start = to_utc(day.workdate, began, zone)
    end = to_utc(day.workdate, began, zone, timetable.span)
    required = max(NOTHING, timetable.required + (NOTHING if timetable.flexible else end - start - timetable.span))
    breaks = tuple(_lay_break(planned, day.workdate, start, zone) for planned in timetable.breaks)
    whole = leaves.is_whole(day.workdate)
    free = [(start, end)] if whole else leaves.find_hours(start, end)
    leave = required if whole else _measure_leave(free, breaks, required) if free else NOTHING
    due_in, due_out = start, end
    if NOTHING < leave < required:
        due_in, due_out = _move_window(start, end, free, breaks)
    if timetable.flexible:
        opens, in_until, out_from, closes = start, end - _TICK, start, end - _TICK
    else:
        opens, closes = start - timetable.in_ahead, end + timetable.out_behind
        in_until, out_from = due_in + timetable.in_behind, due_out - timetable.out_ahead
    return Instance(
        workdate=day.workdate,
        timetable=timetable,
        kind=day.kind,
        temporary=day.temporary,
        start=start,
        end=end,
        due_in=due_in,
        due_out=due_out,
        opens=opens,
        in_until=in_until,
        out_from=out_from,
        closes=closes,
        required=required,
        leave=leave,
        leaves=tuple(free),
        breaks=breaks,
    )


def _lay_break(planned: Break, workdate: date, start: datetime, zone: ZoneInfo) -> PlannedBreak:
    """On the next day where it is before the start: a break at 02:00 of a night shift."""
    at = to_utc(workdate, planned.starts, zone)
    if at < start:
        at = to_utc(workdate, planned.starts, zone, DAY)
    return PlannedBreak((at, at + planned.duration), planned.paid, planned.automatic)


def _measure_leave(free: list[Span], breaks: tuple[PlannedBreak, ...], required: timedelta) -> timedelta:
    """An unpaid break in the middle of a leave is no part of it: nobody would have worked then."""
    unpaid = merge(planned.span for planned in breaks if not planned.paid)
    return min(required, total(free) - total_within(free, unpaid))


def _move_window(
    start: datetime, end: datetime, free: list[Span], breaks: tuple[PlannedBreak, ...]
) -> tuple[datetime, datetime]:
    """When to come and go with a leave at either end. Off until noon with lunch from noon to one is due at one."""
    spans = merge([*free, *clip((planned.span for planned in breaks if not planned.paid), start, end)])
    due_in = next((b for a, b in spans if a <= start < b), start)
    due_out = next((a for a, b in spans if a < end <= b), end)
    return due_in, due_out
