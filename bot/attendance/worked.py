"""Hours worked so far, from the punches of a day: for a glance in chat. The time card proper is BioTime's."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.attendance.model import PunchState

_BEGIN = frozenset({PunchState.CHECK_IN, PunchState.BREAK_IN, PunchState.OVERTIME_IN})
_END = frozenset({PunchState.CHECK_OUT, PunchState.BREAK_OUT, PunchState.OVERTIME_OUT})


@dataclass(frozen=True, slots=True)
class Worked:
    """`since` is when the stretch still going on began; None when the person is out or on a break."""

    total: timedelta
    since: datetime | None


def measure_worked(punches: Iterable[tuple[datetime, PunchState]], now: datetime) -> Worked:
    """Adds up the stretches from each in to the next out; one still going on counts until `now`.

    A second in, or an out without an in, changes nothing: nobody works twice at a time. A punch of unknown direction
    is the opposite of what went before.
    """
    total, since = timedelta(0), None
    for at, state in sorted(punches):
        begins = since is None if state is PunchState.UNKNOWN else state in _BEGIN
        if begins and since is None:
            since = at
        elif not begins and since is not None and (state in _END or state is PunchState.UNKNOWN):
            total, since = total + (at - since), None
    if since is not None:
        total += max(now - since, timedelta(0))
    return Worked(total, since)
