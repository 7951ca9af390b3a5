"""Which punch comes next, and when a share is the same punch again."""

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


# A button that still said the same when it was pressed again: the keyboard changes with the outcome, and an outage, a
# second phone or one without a network can hold that up.
STALE = timedelta(minutes=30)


def is_repeat(last_at: datetime | None, now: datetime, chosen: bool, *, stale: bool = False) -> bool:
    """A second share within a minute is the same punch again, unless the person chose another kind in between; with a
    `stale` keyboard, whose button was still the last punch's, one within half an hour is."""
    if last_at is None or chosen:
        return False
    return abs(now - last_at) < (STALE if stale else timedelta(minutes=1))
