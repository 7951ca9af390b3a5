"""Ten gates in one order: whoever passes them all is missing.

Everything is judged per shift instance, in real time (UTC): midnight and the days on which clocks change are the
business of whoever made the instance out of a wall clock.
"""

from datetime import datetime, timedelta

from bot.attendance.chain import Chain, Gate, Step, Stop
from bot.attendance.facts import Facts, Kind, Rules, ShiftKind
from bot.attendance.window import find_due, first_punch, start_of_work, stayed_inside

# A terminal that was silent for longer than this is out of order, which is told elsewhere: it holds up nobody's alerts.
OUT_OF_ORDER = timedelta(hours=24)


def judge(
    facts: Facts, rules: Rules, now: datetime, kind: Kind = Kind.ABSENT, *, passed: tuple[Step, ...] = ()
) -> Chain:
    """The gates in their order, until one does not let pass; `passed` are the first ones, where they are known."""
    steps = list(passed)
    for look in _GATES[len(steps) :]:
        step = look(facts, rules, now, kind)
        steps.append(step)
        if step.stop is not None:
            break
    return Chain(tuple(steps))


def _is_employed(facts: Facts, rules: Rules, now: datetime, kind: Kind) -> Step:
    shift = facts.shift
    if facts.has_left:
        return Step(Gate.EMPLOYED, Stop.LEFT)
    if facts.hire_date is not None and facts.hire_date > shift.workdate:
        return Step(Gate.EMPLOYED, Stop.NOT_HIRED_YET, name=facts.hire_date.isoformat())
    if facts.enable_att is False:
        return Step(Gate.EMPLOYED, Stop.ATTENDANCE_OFF)
    return Step(Gate.EMPLOYED, Stop.EXCLUDED if shift.emp_code in rules.excluded else None)


def _has_timetable(facts: Facts, rules: Rules, now: datetime, kind: Kind) -> Step:
    shift = facts.shift
    if shift.kind is ShiftKind.NONE:
        return Step(Gate.TIMETABLE, Stop.NO_TIMETABLE)
    stop = Stop.REST_DAY if shift.kind is ShiftKind.REST else None
    return Step(Gate.TIMETABLE, stop, shift.starts_at, shift.timetable)


def _has_fixed_hours(facts: Facts, rules: Rules, now: datetime, kind: Kind) -> Step:
    flexible = facts.shift.kind is ShiftKind.FLEXIBLE
    return Step(Gate.FIXED_HOURS, Stop.FLEXIBLE if flexible else None, name=facts.shift.timetable)


def _has_no_holiday(facts: Facts, rules: Rules, now: datetime, kind: Kind) -> Step:
    off = facts.holiday is not None or facts.shift.kind is ShiftKind.HOLIDAY
    return Step(Gate.NO_HOLIDAY, Stop.HOLIDAY if off else None, name=facts.holiday or "")


def _has_no_leave(facts: Facts, rules: Rules, now: datetime, kind: Kind) -> Step:
    """A leave that leaves something to be worked moves the window instead."""
    if start_of_work(facts) is None:
        name = next((leave.name for leave in facts.leaves if leave.name), "")
        return Step(Gate.NO_LEAVE, Stop.LEAVE, max((leave.ends_at for leave in facts.leaves), default=None), name)
    start, moved = facts.shift.starts_at, start_of_work(facts)
    return Step(Gate.NO_LEAVE, None, moved if moved != start else None)


def _has_no_permission(facts: Facts, rules: Rules, now: datetime, kind: Kind) -> Step:
    return Step(Gate.NO_PERMISSION, Stop.EXCUSED if facts.excuse is not None else None, name=facts.excuse or "")


def _is_overdue(facts: Facts, rules: Rules, now: datetime, kind: Kind) -> Step:
    due = find_due(facts, rules, kind)
    assert due is not None, "whoever is on leave was let go two gates before"
    ends_at = facts.shift.ends_at
    if now < due:
        return Step(Gate.OVERDUE, Stop.NOT_YET, due)
    return Step(Gate.OVERDUE, Stop.OVER if ends_at is not None and now > ends_at else None, due)


def _has_no_punch(facts: Facts, rules: Rules, now: datetime, kind: Kind) -> Step:
    punch = first_punch(facts)
    if punch is not None:
        return Step(Gate.NO_PUNCH, Stop.DOUBTED if punch.is_doubted else Stop.PUNCHED, punch.at, punch.where)
    before = stayed_inside(facts)
    if before is not None:
        return Step(Gate.NO_PUNCH, Stop.INSIDE, before.at, before.where)
    opens, ends = facts.shift.opens_at, facts.shift.ends_at
    filed = [at for at in facts.logs if opens is not None and ends is not None and opens <= at <= ends]
    if filed:
        return Step(Gate.NO_PUNCH, Stop.LOG_PENDING, min(filed))
    return Step(Gate.NO_PUNCH, None, max((p.at for p in facts.punches), default=None))


def _is_fresh(facts: Facts, rules: Rules, now: datetime, kind: Kind) -> Step:
    due = find_due(facts, rules, kind)
    assert due is not None
    if facts.synced_until is None or facts.synced_until < due:
        return Step(Gate.FRESH, Stop.SYNC_LATE, facts.synced_until)
    for terminal in facts.terminals:
        heard_at = terminal.last_activity_at
        if heard_at is not None and now - OUT_OF_ORDER < heard_at < due:
            return Step(Gate.FRESH, Stop.TERMINAL_SILENT, heard_at, terminal.name)
    return Step(Gate.FRESH, None, facts.synced_until)


def _is_new(facts: Facts, rules: Rules, now: datetime, kind: Kind) -> Step:
    return Step(Gate.NEW, Stop.TOLD if kind in facts.told else None)


_GATES = (
    _is_employed,
    _has_timetable,
    _has_fixed_hours,
    _has_no_holiday,
    _has_no_leave,
    _has_no_permission,
    _is_overdue,
    _has_no_punch,
    _is_fresh,
    _is_new,
)
