"""Timetables: one working period of a day, as wall clock (wire notes, "The time card, field by field")."""

from dataclasses import dataclass
from datetime import time, timedelta

NOTHING = timedelta(0)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
_TWO_HOURS = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Break:
    """A planned break. A paid one counts as work; an `automatic` one is taken off even where nobody punched for it."""

    starts: time
    duration: timedelta
    paid: bool = False
    automatic: bool = True


@dataclass(frozen=True, slots=True)
class Timetable:
    """One working period. Out at or before in is out on the next day; the windows reach a day at most.

    `duty` is the required work, None for the span without its unpaid breaks. A `flexible` one has no fixed hours:
    `duty` is to be worked between one `day_change` and the next, and check_in, check_out and the windows say nothing.
    """

    id: int
    alias: str
    check_in: time
    check_out: time
    in_ahead: timedelta = _TWO_HOURS
    in_behind: timedelta = _TWO_HOURS
    out_ahead: timedelta = _TWO_HOURS
    out_behind: timedelta = _TWO_HOURS
    allow_late: timedelta = NOTHING
    allow_early_leave: timedelta = NOTHING
    must_check_in: bool = True
    must_check_out: bool = True
    work_day: float = 1.0
    duty: timedelta | None = None
    flexible: bool = False
    day_change: time = time(0)
    breaks: tuple[Break, ...] = ()

    @property
    def span(self) -> timedelta:
        """From in to out by the clock on the wall; a day of flexible hours lasts a day."""
        if self.flexible:
            return DAY
        return (_since_midnight(self.check_out) - _since_midnight(self.check_in)) % DAY or DAY

    @property
    def required(self) -> timedelta:
        """The work due on a day of 24 hours."""
        if self.duty is not None:
            return self.duty
        return max(NOTHING, self.span - sum((b.duration for b in self.breaks if not b.paid), NOTHING))


def _since_midnight(at: time) -> timedelta:
    return timedelta(hours=at.hour, minutes=at.minute, seconds=at.second)
