"""Which punch belongs to which shift instance: the heart of every time card.

The rule, in one place:

1.  Punches less than `duplicate_within` after the last one are that one again, unless both say a direction and not the
    same.
2.  An overtime-in with the overtime-out after it is overtime and leaves the rest alone.
3.  Instances stand in the order their windows open. Each reaches from the opening of its check-in window to the
    closing of its check-out window; a punch in nobody's reach is unscheduled. Where two neighbours reach over one
    another there is **one cut** between them: what is before it is the earlier one's, what is after the later one's. So
    a punch belongs to one instance at most, and a night shift's morning to the day it began.
4.  The cut is where it makes most sense of the punches around it: the earlier one closed near its end, the later one
    opened near its start. A missing punch costs as much as one four hours off, a check-in taken as a way out (or the
    other way round) three times that. At a draw the earlier one keeps the punch. So a check-out nobody made is not made
    up from next morning's check-in, however far the window reaches: four hours is nearer than fifteen.
5.  Inside an instance `reading.py` tells the directions.

Sorting is O(n log n), the rest one pass.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest

from bot.attendance.direction import LONGEST_SHIFT
from bot.attendance.instance import Instance
from bot.attendance.model import PunchState
from bot.attendance.spans import Span

_MISSING = timedelta(hours=4)
_WRONG_WAY = 3 * _MISSING
_NOT_IN = frozenset({PunchState.CHECK_OUT, PunchState.OVERTIME_OUT, PunchState.BREAK_OUT, PunchState.BREAK_IN})
_NOT_OUT = frozenset({PunchState.CHECK_IN, PunchState.OVERTIME_IN, PunchState.BREAK_OUT, PunchState.BREAK_IN})


@dataclass(frozen=True, slots=True)
class Stamp:
    """One punch: when, aware, and what it says of its direction."""

    at: datetime
    punch_state: PunchState = PunchState.UNKNOWN


@dataclass(frozen=True, slots=True)
class Portion:
    """What one card is built from: `overtime` is what was punched as such on the workdate, `worked_before` what the
    day's earlier cards worked."""

    instance: Instance
    stamps: Sequence[Stamp]
    overtime: Sequence[Span]
    worked_before: timedelta


@dataclass(frozen=True, slots=True)
class Shares:
    """The stamps of each instance, in the instances' order, and those of none."""

    of: list[Sequence[Stamp]]
    unscheduled: list[Stamp]


def drop_duplicates(stamps: Sequence[Stamp], within: timedelta) -> list[Stamp]:
    """The first of punches close together, or the one of them that says a direction; `stamps` are in order."""
    kept: list[Stamp] = []
    for stamp in stamps:
        if not kept or stamp.at - kept[-1].at >= within or _is_turn(kept[-1], stamp):
            kept.append(stamp)
        elif kept[-1].punch_state is PunchState.UNKNOWN:
            kept[-1] = Stamp(kept[-1].at, stamp.punch_state)
    return kept


def _is_turn(last: Stamp, stamp: Stamp) -> bool:
    known = PunchState.UNKNOWN not in (last.punch_state, stamp.punch_state)
    return known and last.punch_state is not stamp.punch_state


def take_overtime(stamps: Iterable[Stamp]) -> tuple[list[Span], list[Stamp]]:
    """Overtime as punched, from each overtime-in to the overtime-out after it, and all other stamps."""
    found: list[Span] = []
    rest: list[Stamp] = []
    began: Stamp | None = None
    for stamp in stamps:
        if stamp.punch_state is PunchState.OVERTIME_IN and (began is None or stamp.at - began.at > LONGEST_SHIFT):
            rest += [began] if began else []
            began = stamp
        elif stamp.punch_state is PunchState.OVERTIME_OUT and began and stamp.at - began.at <= LONGEST_SHIFT:
            found.append((began.at, stamp.at))
            began = None
        else:
            rest.append(stamp)
    rest += [began] if began else []
    return found, sorted(rest, key=lambda stamp: stamp.at)


def share_out(instances: Sequence[Instance], stamps: Sequence[Stamp]) -> Shares:
    """Rules 3 and 4; the instances are in order of `opens`, the stamps in order of time."""
    moments = [stamp.at for stamp in stamps]
    shares = Shares([], [])
    begun = 0
    for instance, later in zip_longest(instances, instances[1:]):
        first = max(begun, bisect_left(moments, instance.opens))
        shares.unscheduled.extend(stamps[begun:first])
        begun = max(first, bisect_right(moments, instance.closes))
        if later is not None and later.opens <= instance.closes and first < begun:
            shared = max(first, bisect_left(moments, later.opens))
            begun = _find_cut(instance, later, stamps, (first, shared, begun))
        shares.of.append(stamps[first:begun])
    shares.unscheduled.extend(stamps[begun:])
    return shares


def _find_cut(earlier: Instance, later: Instance, stamps: Sequence[Stamp], bounds: tuple[int, int, int]) -> int:
    """The index of the later one's first stamp. Bounds: of the earlier one's first, the first shared, the end."""
    first, shared, end = bounds
    wrong = sum(_is_way_out(stamp, earlier, later) for stamp in stamps[shared:end])
    best, lowest = shared, timedelta.max
    for cut in range(shared, end + 1):
        following = stamps[cut] if cut < len(stamps) else None
        cost = wrong * _WRONG_WAY + _cost_of_end(earlier, stamps[first], stamps[cut - 1], cut - first)
        cost += _cost_of_start(later, following)
        if cost <= lowest:
            best, lowest = cut, cost
        if cut < end:
            wrong += _is_way_in(stamps[cut], earlier, later) - _is_way_out(stamps[cut], earlier, later)
    return best


def _is_way_in(stamp: Stamp, earlier: Instance, later: Instance) -> bool:
    """Says it is a check-in, and is nearer to the later one's."""
    nearer = abs(stamp.at - later.due_in) < abs(stamp.at - earlier.due_in)
    return stamp.punch_state is PunchState.CHECK_IN and nearer


def _is_way_out(stamp: Stamp, earlier: Instance, later: Instance) -> bool:
    nearer = abs(stamp.at - earlier.due_out) < abs(stamp.at - later.due_out)
    return stamp.punch_state is PunchState.CHECK_OUT and nearer


def _may_be_in(stamp: Stamp, instance: Instance) -> bool:
    return stamp.punch_state not in _NOT_IN and stamp.at <= instance.in_until


def _cost_of_end(instance: Instance, first: Stamp, last: Stamp, count: int) -> timedelta:
    if count == 0 or last.punch_state in _NOT_OUT:
        return _MISSING
    off = timedelta(0) if instance.timetable.flexible else abs(last.at - instance.due_out)
    if not _may_be_in(first, instance):
        return _MISSING + off
    return _MISSING if count == 1 else off


def _cost_of_start(instance: Instance, stamp: Stamp | None) -> timedelta:
    if stamp is None or not _may_be_in(stamp, instance):
        return _MISSING
    return timedelta(0) if instance.timetable.flexible else abs(stamp.at - instance.due_in)
