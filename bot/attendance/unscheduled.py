"""The card of time outside any timetable: on rest days, holidays, days without a schedule, beside the schedule."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.attendance.direction import LONGEST_SHIFT
from bot.attendance.overtime import build_cells, count_overtime
from bot.attendance.reasons import Because, Reason
from bot.attendance.roster import Day, DayKind
from bot.attendance.rounding import or_empty, round_down
from bot.attendance.schedule import Attendant
from bot.attendance.spans import total
from bot.attendance.stretches import Stretch, measure_stretches, measure_total
from bot.attendance.timecard import AttException, Status, TimeCard
from bot.attendance.timetable import NOTHING

_STATUS = {DayKind.HOLIDAY: Status.HOLIDAY, DayKind.REST_DAY: Status.REST_DAY}
_REASON = {
    DayKind.HOLIDAY: Reason.HOLIDAY,
    DayKind.REST_DAY: Reason.REST_DAY,
    DayKind.NO_SCHEDULE: Reason.NO_SCHEDULE,
    DayKind.NOT_EMPLOYED: Reason.NOT_EMPLOYED,
    DayKind.WORKDAY: Reason.UNSCHEDULED,
}


def build_unscheduled(
    day: Day, stretches: Sequence[Stretch], worked_before: timedelta, person: Attendant, now: datetime
) -> TimeCard:
    """All work here is overtime, by the kind of the day; for who has no overtime, or no schedule to go beyond, it is
    worked at the normal rate."""
    is_normal = not person.enable_overtime or day.kind in (DayKind.NO_SCHEDULE, DayKind.NOT_EMPLOYED)
    worked = round_down(total(measure_stretches(stretches)), person.rules.rounding)
    extra = NOTHING if is_normal else count_overtime(worked, person)
    actual = worked if is_normal else NOTHING
    return TimeCard(
        workdate=day.workdate,
        clock_in=stretches[0].began if stretches else None,
        clock_out=stretches[-1].ended if stretches else None,
        total_time=measure_total(stretches),
        actual_wt=or_empty(actual),
        unscheduled=or_empty(worked),
        normal_wt=or_empty(actual),
        att_exception=_find_exception(stretches, now),
        status=_STATUS.get(day.kind, Status.NONE),
        reasons=(Because(_REASON[day.kind]),),
        **build_cells(day.kind, actual, extra, worked_before, person),
    )


def _find_exception(stretches: Sequence[Stretch], now: datetime) -> AttException:
    if any(stretch.ended is None and now - stretch.at > LONGEST_SHIFT for stretch in stretches):
        return AttException.MISSING_OUT
    return AttException.MISSING_IN if any(stretch.began is None for stretch in stretches) else AttException.NONE
