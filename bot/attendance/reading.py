"""Which of an instance's punches is the check-in, which the check-out, and which are breaks.

- The check-in is the first in the check-in window that does not say it is something else; without one, the first
  later on that says it is a check-in. The check-out is the last in its window, without one the last before it that says
  so. A punch of unknown direction (255) counts in a window only: one at noon is lunch, not a check-in hours late.
- Where the windows overlap, the first is the check-in and what follows may be the check-out.
- Between the two, a punch of unknown direction is an in inside the check-in window, an out inside the check-out window,
  and else the opposite of what went before. Each out with the next in is a pause.
- Without a check-out, overtime punched in the check-out window says when the work proper ended.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.attendance.instance import Instance
from bot.attendance.matching import Stamp
from bot.attendance.model import PunchState
from bot.attendance.spans import Span
from bot.attendance.stretches import INWARD

_MAY_BE_IN = frozenset({PunchState.CHECK_IN, PunchState.OVERTIME_IN, PunchState.UNKNOWN})
_MAY_BE_OUT = frozenset({PunchState.CHECK_OUT, PunchState.OVERTIME_OUT, PunchState.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Reading:
    """What an instance's punches say, to the second. `paused_at` is a pause nobody came back from."""

    clock_in: datetime | None = None
    clock_out: datetime | None = None
    pauses: tuple[Span, ...] = ()
    paused_at: datetime | None = None
    is_empty: bool = True


def read_stamps(instance: Instance, stamps: Sequence[Stamp], overtime: Sequence[Span] = ()) -> Reading:
    """`overtime` is that of the workdate, as punched."""
    clock_in = _find_in(instance, stamps)
    clock_out = _find_out(instance, stamps, clock_in)
    clock_in = clock_in or _find_said_in(stamps, clock_out)
    clock_out = clock_out or _find_said_out(stamps, clock_in) or _find_overtime(instance, stamps, overtime, clock_in)
    if clock_in is None and clock_out is None:
        return Reading(is_empty=not stamps)
    within = [
        stamp
        for stamp in stamps
        if (clock_in is None or stamp.at > clock_in) and (clock_out is None or stamp.at < clock_out)
    ]
    pauses, paused_at = _find_pauses(instance, within) if within else ([], None)
    return Reading(clock_in, clock_out, tuple(pauses), paused_at, is_empty=False)


def _find_in(instance: Instance, stamps: Sequence[Stamp]) -> datetime | None:
    return next((s.at for s in stamps if s.at <= instance.in_until and s.punch_state in _MAY_BE_IN), None)


def _find_out(instance: Instance, stamps: Sequence[Stamp], clock_in: datetime | None) -> datetime | None:
    earliest = instance.out_from
    for stamp in reversed(stamps):
        if stamp.at < earliest or stamp.at == clock_in:
            return None
        if stamp.punch_state in _MAY_BE_OUT:
            return stamp.at
    return None


def _find_said_in(stamps: Sequence[Stamp], clock_out: datetime | None) -> datetime | None:
    said = (s.at for s in stamps if s.punch_state is PunchState.CHECK_IN)
    return next((at for at in said if clock_out is None or at < clock_out), None)


def _find_said_out(stamps: Sequence[Stamp], clock_in: datetime | None) -> datetime | None:
    said = (s.at for s in reversed(stamps) if s.punch_state is PunchState.CHECK_OUT)
    return next((at for at in said if clock_in is None or at > clock_in), None)


def _find_overtime(
    instance: Instance, stamps: Sequence[Stamp], overtime: Sequence[Span], clock_in: datetime | None
) -> datetime | None:
    """Whether or not the overtime's own end was forgotten."""
    if clock_in is None:
        return None
    begun = [s.at for s in stamps if s.punch_state is PunchState.OVERTIME_IN] + [began for began, _ in overtime]
    return min((at for at in begun if clock_in < at and instance.out_from <= at <= instance.closes), default=None)


def _find_pauses(instance: Instance, stamps: Sequence[Stamp]) -> tuple[list[Span], datetime | None]:
    pauses: list[Span] = []
    paused_at: datetime | None = None
    for stamp in stamps:
        if _goes_out(instance, stamp, paused_at is not None):
            paused_at = paused_at or stamp.at
        elif paused_at is not None:
            pauses.append((paused_at, stamp.at))
            paused_at = None
    return pauses, paused_at


def _goes_out(instance: Instance, stamp: Stamp, is_out: bool) -> bool:
    if stamp.punch_state is not PunchState.UNKNOWN:
        return stamp.punch_state not in INWARD
    in_window, out_window = stamp.at <= instance.in_until, stamp.at >= instance.out_from
    return not is_out if in_window == out_window else out_window
