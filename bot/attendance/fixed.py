"""The card of a timetable with fixed hours."""

from datetime import datetime, timedelta

from bot.attendance.instance import Instance
from bot.attendance.matching import Portion
from bot.attendance.overtime import build_overtime, count_overtime
from bot.attendance.reading import Reading, read_stamps
from bot.attendance.reasons import Because, Reason
from bot.attendance.rounding import or_empty, round_down, round_up, to_minute
from bot.attendance.schedule import Attendant
from bot.attendance.timecard import AttException, Status, TimeCard
from bot.attendance.timetable import NOTHING
from bot.attendance.verdict import Verdict, judge
from bot.attendance.worktime import Worktime, measure_overtime, measure_planned_breaks, measure_worktime


def build_fixed(portion: Portion, person: Attendant, now: datetime) -> TimeCard:
    rules, instance, timetable = person.rules, portion.instance, portion.instance.timetable
    reading = read_stamps(instance, portion.stamps, portion.overtime)
    verdict = judge(instance, reading, rules, now)
    time = _measure(instance, verdict, reading)
    due = instance.required - instance.leave
    actual = round_down(time.in_duty, rules.rounding)
    duty_wt = min(actual, due)
    extra = count_overtime(time.after + measure_overtime(instance, portion.overtime, verdict.ended.at), person)
    shown = build_overtime(instance.kind, extra, portion.worked_before, actual + extra, person)
    overrun = _measure_overrun(instance, time)
    is_absent_break = rules.late_is_absent is not None and overrun > rules.late_is_absent
    return TimeCard(
        workdate=instance.workdate,
        timetable=timetable.alias,
        check_in=instance.start,
        check_out=instance.end,
        clock_in=reading.clock_in,
        clock_out=reading.clock_out,
        total_time=_measure_total(reading),
        duty_wt=or_empty(duty_wt),
        actual_wt=or_empty(actual),
        total_worked=or_empty(actual + extra),
        duration=instance.end - instance.start,
        duty_duration=instance.required,
        break_out=reading.pauses[0][0] if reading.pauses else reading.paused_at,
        break_in=reading.pauses[0][1] if reading.pauses else None,
        break_duration=or_empty(measure_planned_breaks(instance)),
        actual_break=or_empty(time.measured),
        taken_break=or_empty(time.taken),
        break_late=None if is_absent_break else or_empty(overrun),
        break_early=_measure_break_early(instance, reading),
        break_absent=or_empty(overrun) if is_absent_break else None,
        late=None if verdict.is_absent else or_empty(round_up(verdict.begun.off, rules.rounding)),
        early_leave=None if verdict.is_absent else or_empty(round_up(verdict.ended.off, rules.rounding)),
        absent=or_empty(due) if verdict.is_absent else None,
        work_day=timetable.work_day,
        remaining=or_empty(due - duty_wt) if verdict.is_final or verdict.is_absent else None,
        leave=or_empty(instance.leave),
        normal_wt=or_empty(actual),
        normal_ot=shown.normal,
        weekend_ot=shown.weekend,
        holiday_ot=shown.holiday,
        ot_lv1=shown.lv1,
        ot_lv2=shown.lv2,
        ot_lv3=shown.lv3,
        att_exception=verdict.begun.exception or verdict.ended.exception or AttException.NONE,
        status=_find_status(instance, verdict, reading),
        reasons=build_day_reasons(instance) + verdict.reasons + _build_break_reasons(reading, overrun),
    )


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


def _measure_overrun(instance: Instance, time: Worktime) -> timedelta:
    """How much longer the punched breaks were than the planned ones, where any is planned."""
    planned = measure_planned_breaks(instance)
    return max(NOTHING, time.measured - planned) if planned else NOTHING


def _measure_break_early(instance: Instance, reading: Reading) -> timedelta | None:
    if not reading.pauses or not instance.breaks:
        return None
    went = to_minute(reading.pauses[0][0])
    due = min((planned.span[0] for planned in instance.breaks), key=lambda start: abs(start - went))
    return or_empty(due - went)


def _build_break_reasons(reading: Reading, overrun: timedelta) -> tuple[Because, ...]:
    return (Because(Reason.BREAK_OVERRUN, reading.pauses[-1][1], by=overrun),) if overrun else ()


def _find_status(instance: Instance, verdict: Verdict, reading: Reading) -> Status:
    if instance.is_on_leave:
        return Status.LEAVE
    if verdict.is_absent:
        return Status.ABSENCE
    late, early = verdict.begun.off > NOTHING, verdict.ended.off > NOTHING
    if late or early:
        return Status.LATE_AND_EARLY_LEAVE if late and early else Status.LATE if late else Status.EARLY_LEAVE
    return Status.PRESENT if verdict.is_final or not reading.is_empty else Status.NONE
