"""The card of a timetable with flexible hours: so much work from one day change to the next, whenever it is done."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.attendance.fixed import build_day_reasons
from bot.attendance.instance import Instance
from bot.attendance.matching import Portion
from bot.attendance.overtime import build_cells, count_overtime
from bot.attendance.reasons import Because, Reason
from bot.attendance.rounding import or_empty, round_down
from bot.attendance.schedule import Attendant, Missing, Rules
from bot.attendance.spans import total, total_within
from bot.attendance.stretches import Stretch, find_stretches, measure_stretches, measure_total
from bot.attendance.timecard import AttException, Status, TimeCard
from bot.attendance.timetable import NOTHING
from bot.attendance.worktime import find_automatic


def build_flexible(portion: Portion, person: Attendant, now: datetime) -> TimeCard:
    """Nobody is late or early here: who worked is present, and what is short stands in `remaining`. Absent is who has
    no whole stretch, unless the rules let half of one do."""
    rules, instance, timetable = person.rules, portion.instance, portion.instance.timetable
    stretches = find_stretches(portion.stamps)
    spans = measure_stretches(stretches)
    off = total_within(find_automatic(instance), spans)
    worked = total(spans) - off
    due = instance.required - instance.leave
    extra = count_overtime(max(NOTHING, worked - due) + total(portion.overtime), person)
    actual = round_down(min(worked, due) if person.enable_overtime else worked, rules.rounding)
    duty_wt = min(actual, due)
    is_over = now >= instance.end
    is_absent = is_over and due > NOTHING and not spans and _is_absence(instance, stretches, rules)
    return TimeCard(
        workdate=instance.workdate,
        timetable=timetable.alias,
        clock_in=stretches[0].began if stretches else None,
        clock_out=stretches[-1].ended if stretches else None,
        total_time=measure_total(stretches),
        duty_wt=or_empty(duty_wt),
        actual_wt=or_empty(actual),
        duty_duration=instance.required,
        taken_break=or_empty(off),
        absent=or_empty(due) if is_absent else None,
        work_day=timetable.work_day,
        remaining=or_empty(due - duty_wt) if is_over else None,
        leave=or_empty(instance.leave),
        normal_wt=or_empty(actual),
        att_exception=_find_exception(stretches) if is_over else AttException.NONE,
        status=_find_status(instance, is_absent, stretches, is_over and duty_wt < due),
        reasons=build_day_reasons(instance) + _build_reasons(instance, stretches, is_over, due - duty_wt),
        **build_cells(instance.kind, actual, extra, portion.worked_before, person),
    )


def _is_absence(instance: Instance, stretches: Sequence[Stretch], rules: Rules) -> bool:
    """No punch at all, or halves of stretches of which none may stand for itself under the rules of missing punches."""
    timetable = instance.timetable
    without_in = timetable.must_check_in and rules.missing_in is Missing.ABSENT
    without_out = timetable.must_check_out and rules.missing_out is Missing.ABSENT
    return all(without_in if stretch.began is None else without_out for stretch in stretches)


def _find_exception(stretches: Sequence[Stretch]) -> AttException:
    if any(stretch.ended is None for stretch in stretches):
        return AttException.MISSING_OUT
    return AttException.MISSING_IN if any(stretch.began is None for stretch in stretches) else AttException.NONE


def _find_status(instance: Instance, is_absent: bool, stretches: Sequence[Stretch], is_short: bool) -> Status:
    if instance.is_on_leave:
        return Status.LEAVE
    if is_absent:
        return Status.ABSENCE
    if is_short:
        return Status.SHORT_HOURS
    return Status.PRESENT if stretches else Status.NONE


def _build_reasons(
    instance: Instance, stretches: Sequence[Stretch], is_over: bool, short: timedelta
) -> tuple[Because, ...]:
    if not is_over:
        return (Because(Reason.STILL_RUNNING, due=instance.end),)
    if instance.is_on_leave:
        return ()
    if not stretches:
        return (Because(Reason.NO_PUNCH, due=instance.start),)
    missing = tuple(
        Because(Reason.MISSING_OUT if stretch.ended is None else Reason.MISSING_IN, stretch.at)
        for stretch in stretches
        if stretch.span is None
    )
    return missing + ((Because(Reason.SHORT_HOURS, by=short),) if short else ())
