"""Which punch comes next, and when a share is the same punch again."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.attendance.model import PunchState

LONGEST_SHIFT = timedelta(hours=16)
# What ends something that began before.
ENDING = frozenset({PunchState.CHECK_OUT, PunchState.BREAK_IN, PunchState.OVERTIME_OUT})
_NEXT = {
    PunchState.CHECK_IN: PunchState.CHECK_OUT,
    PunchState.BREAK_OUT: PunchState.BREAK_IN,
    PunchState.BREAK_IN: PunchState.CHECK_OUT,
    PunchState.OVERTIME_IN: PunchState.OVERTIME_OUT,
}


def next_punch_state(last: PunchState | None, last_at: datetime | None, now: datetime) -> PunchState:
    """What a person most likely does next: a forgotten check-out never turns the next morning into one."""
    if last is None or last_at is None or now - last_at >= LONGEST_SHIFT:
        return PunchState.CHECK_IN
    return _NEXT.get(last, PunchState.CHECK_IN)


# What is missing between two punches where what mostly follows the first is there already, or cannot be.
_BETWEEN: dict[tuple[PunchState | None, PunchState | None], PunchState] = {
    (PunchState.CHECK_IN, PunchState.CHECK_OUT): PunchState.BREAK_OUT,
    (PunchState.CHECK_IN, PunchState.BREAK_IN): PunchState.BREAK_OUT,
    (PunchState.BREAK_IN, PunchState.CHECK_OUT): PunchState.BREAK_OUT,
    (PunchState.BREAK_IN, PunchState.BREAK_IN): PunchState.BREAK_OUT,
    (PunchState.CHECK_OUT, PunchState.OVERTIME_OUT): PunchState.OVERTIME_IN,
    (PunchState.OVERTIME_OUT, PunchState.OVERTIME_OUT): PunchState.OVERTIME_IN,
    (None, PunchState.BREAK_IN): PunchState.BREAK_OUT,
    (None, PunchState.OVERTIME_OUT): PunchState.OVERTIME_IN,
}
_MINUTE, _WORKING_DAY, _EVENING = timedelta(minutes=1), timedelta(hours=8), timedelta(hours=6)
_OUTS = (PunchState.CHECK_OUT, PunchState.OVERTIME_OUT)


def missing_punch_state(
    punched: Sequence[tuple[datetime, PunchState]], at: datetime, ends_at: datetime | None = None
) -> PunchState:
    """What is most likely missing at `at` among these, in the order of time. `ends_at`: when the day's timetable ends.

    One of the same minute is there already, so it stands before. After the day's work nobody comes in: what is missing
    then is when they really left.
    """
    before = [pair for pair in punched if timedelta(0) < at + _MINUTE - pair[0] < LONGEST_SHIFT]
    after = [kind for when, kind in punched if _MINUTE <= when - at < LONGEST_SHIFT]
    last_at, last = before[-1] if before else (None, None)
    following = after[0] if after else None
    if (last, following) in _BETWEEN:
        return _BETWEEN[last, following]
    if following is None and last in (*_OUTS, None) and _is_over(before, at, ends_at):
        return PunchState.CHECK_OUT
    return next_punch_state(last, last_at, at)


def _is_over(before: Sequence[tuple[datetime, PunchState]], at: datetime, ends_at: datetime | None) -> bool:
    """The work of the day of `at`; where no timetable says so, after eight hours."""
    if ends_at is not None:
        return ends_at <= at < ends_at + _EVENING
    began = [when for when, kind in before if kind is PunchState.CHECK_IN]
    today = [when for when in began if when.astimezone(at.tzinfo).date() == at.date()]
    return bool(today) and at - today[0] >= _WORKING_DAY


# A button that still said the same when it was pressed again: the keyboard changes with the outcome, and an outage, a
# second phone or one without a network can hold that up.
STALE = timedelta(minutes=30)


def is_repeat(last_at: datetime | None, now: datetime, chosen: bool, *, stale: bool = False) -> bool:
    """A second share within a minute is the same punch again, unless the person chose another kind in between; with a
    `stale` keyboard, whose button was still the last punch's, one within half an hour is."""
    if last_at is None or chosen:
        return False
    return abs(now - last_at) < (STALE if stale else timedelta(minutes=1))
