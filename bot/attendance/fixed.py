"""The card of a timetable with fixed hours."""

from datetime import datetime, timedelta
from typing import TypedDict

from bot.attendance.instance import Instance
from bot.attendance.matching import Portion
from bot.attendance.overtime import build_cells, count_overtime
from bot.attendance.reading import Reading, read_stamps
from bot.attendance.reasons import Because, Reason
from bot.attendance.rounding import or_empty, round_down, round_up, to_minute
from bot.attendance.schedule import Attendant, Rules
from bot.attendance.timecard import Status, TimeCard
from bot.attendance.timetable import NOTHING
from bot.attendance.verdict import Verdict, judge
from bot.attendance.worktime import Worktime, measure_overtime, measure_planned_breaks, measure_worktime


class _DutyCells(TypedDict):
    duty_wt: timedelta | None
    remaining: timedelta | None
    late: timedelta | None
    early_leave: timedelta | None
    absent: timedelta | None


class _BreakCells(TypedDict):
    break_out: datetime | None
    break_in: datetime | None
    break_duration: timedelta | None
    actual_break: timedelta | None
    taken_break: timedelta | None
    break_late: timedelta | None
    break_early: timedelta | None
    break_absent: timedelta | None


def build_fixed(portion: Portion, person: Attendant, now: datetime) -> TimeCard:
    instance, rules = portion.instance, person.rules
    reading = read_stamps(instance, portion.stamps, portion.overtime)
    verdict = judge(instance, reading, rules, now)
    time = _measure(instance, verdict, reading)
    actual = round_down(time.in_duty, rules.rounding)
    extra = count_overtime(time.after + measure_overtime(instance, portion.overtime, verdict.ended.at), person)
    overrun = _measure_overrun(instance, time)
    return TimeCard(
        workdate=instance.workdate,
        timetable=instance.timetable.alias,
        check_in=instance.start,
        check_out=instance.end,
        clock_in=reading.clock_in,
        clock_out=reading.clock_out,
        total_time=_measure_total(reading),
        actual_wt=or_empty(actual),
        normal_wt=or_empty(actual),
        duration=instance.end - instance.start,
        duty_duration=instance.required,
        work_day=instance.timetable.work_day,
        leave=or_empty(instance.leave),
        att_exception=verdict.begun.exception or verdict.ended.exception,
        status=_find_status(instance, verdict, reading),
        reasons=build_day_reasons(instance) + verdict.reasons + _build_break_reasons(reading, overrun),
        **_build_duty_cells(instance, verdict, actual, rules),
        **_build_break_cells(instance, reading, time, overrun, rules),
        **build_cells(instance.kind, actual, extra, portion.worked_before, person),
    )


def _build_duty_cells(instance: Instance, verdict: Verdict, actual: timedelta, rules: Rules) -> _DutyCells:
    """What was due and what came of it: with the leave, the work and what remains make up the duty. Who is absent is
    not late as well."""
    due = instance.required - instance.leave
    duty_wt = min(actual, due)
    late, early = (round_up(side.off, rules.rounding) for side in (verdict.begun, verdict.ended))
    return {
        "duty_wt": or_empty(duty_wt),
        "remaining": or_empty(due - duty_wt) if verdict.is_final or verdict.is_absent else None,
        "late": None if verdict.is_absent else or_empty(late),
        "early_leave": None if verdict.is_absent else or_empty(early),
        "absent": or_empty(due) if verdict.is_absent else None,
    }


def build_day_reasons(instance: Instance) -> tuple[Because, ...]:
    """What is special about the day itself."""
    temporary = (Because(Reason.TEMPORARY_SCHEDULE),) if instance.temporary else ()
    leave = (Because(Reason.ON_LEAVE, due=instance.due_in, by=instance.leave),) if instance.leave else ()
    return temporary + leave


def _measure(instance: Instance, verdict: Verdict, reading: Reading) -> Worktime:
    """An absent day counts no work: with the leave it makes up the whole duty."""
    begun, ended = verdict.begun.at, verdict.ended.at
    if verdict.is_absent or begun is None or ended is None:
        return Worktime()
    return measure_worktime(instance, begun, ended, reading)


def _measure_total(reading: Reading) -> timedelta | None:
    if reading.clock_in is None or reading.clock_out is None:
        return None
    return to_minute(reading.clock_out) - to_minute(reading.clock_in)


def _build_break_cells(
    instance: Instance, reading: Reading, time: Worktime, overrun: timedelta, rules: Rules
) -> _BreakCells:
    """A break overrun by so much that a lateness were an absence is one, too: from the break, not from the day."""
    is_absence = rules.late_is_absent is not None and overrun > rules.late_is_absent
    return {
        "break_out": reading.pauses[0][0] if reading.pauses else reading.paused_at,
        "break_in": reading.pauses[0][1] if reading.pauses else None,
        "break_duration": or_empty(measure_planned_breaks(instance)),
        "actual_break": or_empty(time.measured),
        "taken_break": or_empty(time.taken),
        "break_late": None if is_absence else or_empty(overrun),
        "break_early": _measure_break_early(instance, reading),
        "break_absent": or_empty(overrun) if is_absence else None,
    }


def _build_break_reasons(reading: Reading, overrun: timedelta) -> tuple[Because, ...]:
    return (Because(Reason.BREAK_OVERRUN, reading.pauses[-1][1], by=overrun),) if overrun else ()


def _measure_overrun(instance: Instance, time: Worktime) -> timedelta:
    """How much longer the punched breaks were than the planned ones, where any is planned."""
    planned = measure_planned_breaks(instance) if time.measured else NOTHING
    return max(NOTHING, time.measured - planned) if planned else NOTHING


def _measure_break_early(instance: Instance, reading: Reading) -> timedelta | None:
    """How long before the nearest planned break the person went."""
    if not reading.pauses or not instance.breaks:
        return None
    went = to_minute(reading.pauses[0][0])
    due = min((planned.span[0] for planned in instance.breaks), key=lambda start: abs(start - went))
    return or_empty(due - went)


def _find_status(instance: Instance, verdict: Verdict, reading: Reading) -> Status:
    if instance.is_on_leave:
        return Status.LEAVE
    if verdict.is_absent:
        return Status.ABSENCE
    late, early = verdict.begun.off > NOTHING, verdict.ended.off > NOTHING
    if late or early:
        return Status.LATE_AND_EARLY_LEAVE if late and early else Status.LATE if late else Status.EARLY_LEAVE
    return Status.PRESENT if verdict.is_final or not reading.is_empty else Status.NONE
