"""Late, early, absent or still running: what the punches of an instance mean under the rules.

Late and early leave count from the scheduled time, once the allowed minutes are exceeded; inside the grace they are
nothing (wire notes). Nobody is absent, or early, before the instance is over.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.attendance.instance import Instance
from bot.attendance.reading import Reading
from bot.attendance.reasons import Because, Reason
from bot.attendance.rounding import to_minute
from bot.attendance.schedule import Missing, Rules
from bot.attendance.timecard import AttException
from bot.attendance.timetable import NOTHING


@dataclass(frozen=True, slots=True)
class Side:
    """One side of the work: when it counts as begun (or ended), None while that is open; how far off; and why."""

    at: datetime | None = None
    off: timedelta = NOTHING
    is_absent: bool = False
    exception: AttException = AttException.NONE
    reasons: tuple[Because, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """`is_final` when nothing more can change it but a correction."""

    begun: Side
    ended: Side
    is_absent: bool
    is_final: bool
    reasons: tuple[Because, ...]


def judge(instance: Instance, reading: Reading, rules: Rules, now: datetime) -> Verdict:
    if instance.is_on_leave:
        return Verdict(Side(), Side(), False, True, ())
    if reading.is_empty:
        return _judge_empty(instance, now)
    begun, ended = _judge_in(instance, reading, rules, now), _judge_out(instance, reading, rules, now)
    is_final = (ended.at is not None and now >= instance.due_out) or now > instance.closes
    running = () if is_final else (Because(Reason.STILL_RUNNING, due=instance.due_out),)
    reasons = begun.reasons + ended.reasons + running
    return Verdict(begun, ended, begun.is_absent or ended.is_absent, is_final, reasons)


def _judge_empty(instance: Instance, now: datetime) -> Verdict:
    timetable = instance.timetable
    # Who need not check in may still check out, as long as that window is open.
    over = now >= (instance.due_out if timetable.must_check_in or not timetable.must_check_out else instance.closes)
    if not over:
        return Verdict(Side(), Side(), False, False, (Because(Reason.STILL_RUNNING, due=instance.due_out),))
    if timetable.must_check_in or timetable.must_check_out:
        return Verdict(Side(), Side(), True, True, (Because(Reason.NO_PUNCH, due=instance.due_in),))
    reasons = (Because(Reason.NO_PUNCH_NEEDED),)
    return Verdict(Side(instance.due_in), Side(instance.due_out), False, True, reasons)


def _judge_in(instance: Instance, reading: Reading, rules: Rules, now: datetime) -> Side:
    timetable, due = instance.timetable, instance.due_in
    if not timetable.must_check_in:
        return Side(due)
    if reading.clock_in is not None:
        at = to_minute(reading.clock_in)
        off = min(at, instance.due_out) - due
        return _weigh(at, off, Because(Reason.LATE, reading.clock_in, due, off, timetable.allow_late), rules)
    if reading.clock_out is None and now < instance.due_out:
        return Side()
    missing = Because(Reason.MISSING_IN, due=due)
    return _judge_missing(due, rules.missing_in, rules.missing_cost, missing, rules)


def _judge_out(instance: Instance, reading: Reading, rules: Rules, now: datetime) -> Side:
    timetable, due = instance.timetable, instance.due_out
    if not timetable.must_check_out and (reading.clock_out is not None or now >= due):
        return Side(max(to_minute(reading.clock_out or due), due))
    if reading.clock_out is not None:
        at = to_minute(reading.clock_out)
        off = due - max(at, instance.due_in) if now >= due else NOTHING
        early = Because(Reason.EARLY_LEAVE, reading.clock_out, due, off, timetable.allow_early_leave)
        return _weigh(at, off, early, rules)
    if now <= instance.closes:
        return Side()
    missing = Because(Reason.MISSING_OUT, due=due)
    return _judge_missing(due, rules.missing_out, -rules.missing_cost, missing, rules)


def _weigh(at: datetime, off: timedelta, because: Because, rules: Rules) -> Side:
    """A punch that was `off`: nothing, within the grace, late (early), or so much so that it is an absence."""
    assert because.allowed is not None
    if off <= NOTHING:
        return Side(at)
    if off <= because.allowed:
        return Side(at, reasons=(Because(Reason.WITHIN_GRACE, because.at, because.due, off, because.allowed),))
    absence = _find_absence(because.reason, off, rules)
    return Side(at, off, bool(absence), reasons=(because, *absence))


def _judge_missing(due: datetime, rule: Missing, cost: timedelta, because: Because, rules: Rules) -> Side:
    """A missing punch. Under Missing.LATE the work counts from (or to) so much after (before) it was due."""
    is_in = because.reason is Reason.MISSING_IN
    exception = AttException.MISSING_IN if is_in else AttException.MISSING_OUT
    if rule is Missing.ABSENT:
        return Side(None, NOTHING, True, exception, (because,))
    if rule is Missing.NEITHER:
        return Side(due, NOTHING, False, exception, (because,))
    absence = _find_absence(Reason.LATE if is_in else Reason.EARLY_LEAVE, abs(cost), rules)
    counted = Because(because.reason, None, due, abs(cost))
    return Side(due + cost, abs(cost), bool(absence), exception, (counted, *absence))


def _find_absence(reason: Reason, off: timedelta, rules: Rules) -> tuple[Because, ...]:
    is_late = reason is Reason.LATE
    limit = rules.late_is_absent if is_late else rules.early_is_absent
    if limit is None or off <= limit:
        return ()
    return (Because(Reason.LATE_IS_ABSENT if is_late else Reason.EARLY_IS_ABSENT, by=off, allowed=limit),)
