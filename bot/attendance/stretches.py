"""Punches as stretches of presence: in to out, where no timetable says which is which."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.attendance.direction import LONGEST_SHIFT
from bot.attendance.matching import Stamp
from bot.attendance.model import PunchState
from bot.attendance.rounding import to_minute, to_minutes
from bot.attendance.spans import Span

INWARD = frozenset({PunchState.CHECK_IN, PunchState.BREAK_IN, PunchState.OVERTIME_IN})


@dataclass(frozen=True, slots=True)
class Stretch:
    """`ended` is None where the way out is missing, `began` where the way in is: exactly one of them may be."""

    began: datetime | None
    ended: datetime | None

    @property
    def at(self) -> datetime:
        at = self.began or self.ended
        assert at is not None
        return at

    @property
    def span(self) -> Span | None:
        return (self.began, self.ended) if self.began and self.ended else None


def find_stretches(stamps: Iterable[Stamp]) -> list[Stretch]:
    """Each in with the next out, in order of time; every punch is in one stretch at most.

    A second in changes nothing, unless the first was longer than LONGEST_SHIFT ago: that one was never closed, and the
    next takes its place. A punch of unknown direction is the opposite of what went before.
    """
    found: list[Stretch] = []
    begun: deque[datetime] = deque()
    for stamp in stamps:
        while begun and stamp.at - begun[0] > LONGEST_SHIFT:
            found.append(Stretch(begun.popleft(), None))
        if stamp.punch_state in INWARD or (stamp.punch_state is PunchState.UNKNOWN and not begun):
            begun.append(stamp.at)
        else:
            found.append(Stretch(begun[0] if begun else None, stamp.at))
            begun.clear()
    return [*found, Stretch(begun[0], None)] if begun else found


def measure_stretches(stretches: Iterable[Stretch]) -> list[Span]:
    """The whole ones, in whole minutes."""
    return [to_minutes(stretch.span) for stretch in stretches if stretch.span is not None]


def measure_total(stretches: Sequence[Stretch]) -> timedelta | None:
    """From the first in to the last out, where both are known."""
    if not stretches or stretches[0].began is None or stretches[-1].ended is None:
        return None
    return to_minute(stretches[-1].ended) - to_minute(stretches[0].began)
