"""Hours worked so far, from the punches of a day: for a glance in chat. The time card proper is BioTime's.

Nobody knows when a person went who clocked in again without having clocked out: that stretch counts nothing as long as
its clock-out is missing, and the person is told so.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.attendance.direction import LONGEST_SHIFT, STALE
from bot.attendance.model import PunchState

# Two ins no further apart are one: at the door and by phone, or an impatient thumb.
SAME_IN = STALE
_GONE = frozenset({PunchState.CHECK_OUT, PunchState.OVERTIME_OUT})
_BEGIN = frozenset({PunchState.CHECK_IN, PunchState.BREAK_IN, PunchState.OVERTIME_IN})


@dataclass(frozen=True, slots=True)
class Worked:
    """`since` is when the stretch still going on began; None when the person is out or on a break. `began` is when
    the first stretch that counts began, which may have been last night. `missing`: the ins that no clock-out followed,
    but a later clock-in or the longest shift's end.
    """

    total: timedelta
    since: datetime | None
    began: datetime | None = None
    missing: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class _Stretch:
    began: datetime
    ended: datetime | None


@dataclass(frozen=True, slots=True)
class _Day:
    stretches: tuple[_Stretch, ...]
    missing: tuple[datetime, ...]


def measure_worked(punches: Iterable[tuple[datetime, PunchState]], midnight: datetime, now: datetime) -> Worked:
    """Adds up the stretches from each in to the next out that touch today; one still going on counts until `now`.

    `midnight` is when today began: a night shift that ended, or still goes on, after it counts whole, so `punches`
    reach back LONGEST_SHIFT before it. A second in soon after the first, or an out without an in, changes nothing:
    nobody works twice at a time. A clock-in later than that, or an in more than LONGEST_SHIFT ago, shows a forgotten
    clock-out: what came before counts nothing, and the next in begins a new stretch. A punch of unknown direction is
    the opposite of what went before.
    """
    day = _read_day(punches, now)
    found = [s for s in day.stretches if s.ended is None or s.ended > midnight]
    total = sum((max((s.ended or now) - s.began, timedelta(0)) for s in found), timedelta(0))
    going_on = found and found[-1].ended is None
    return Worked(total, found[-1].began if going_on else None, found[0].began if found else None, day.missing)


def find_arrival(punches: Iterable[tuple[datetime, PunchState]], now: datetime) -> datetime | None:
    """Since when somebody is here, breaks and all. None for whoever is not, or came more than LONGEST_SHIFT ago.

    A punch of unknown direction is the opposite of what went before, but a second finger on the terminal is none; a
    clock-in long after the last punch shows a forgotten clock-out.
    """
    here: datetime | None = None
    seen: list[tuple[datetime, PunchState]] = []
    for at, state in sorted(punches):
        again = bool(seen) and at - seen[-1][0] <= SAME_IN
        back = bool(seen) and seen[-1][1] is PunchState.BREAK_OUT
        if state is PunchState.UNKNOWN and again:
            continue
        if state in _GONE or (state is PunchState.UNKNOWN and here is not None):
            here = None
        elif here is None or (state is PunchState.CHECK_IN and not again and not back):
            here = at
        seen.append((at, state))
    return here if here is not None and now - here <= LONGEST_SHIFT else None


def find_break(punches: Iterable[tuple[datetime, PunchState]], now: datetime) -> datetime | None:
    """Since when somebody is on a break; None for whoever is not, or has been for more than LONGEST_SHIFT."""
    last = max(punches, default=None)
    if last is None or last[1] is not PunchState.BREAK_OUT:
        return None
    return last[0] if now - last[0] <= LONGEST_SHIFT else None


def _read_day(punches: Iterable[tuple[datetime, PunchState]], now: datetime) -> _Day:
    found: list[_Stretch] = []
    missing: list[datetime] = []
    begins: list[datetime] = []  # every in since the last out: when the first grows too old, the next takes its place
    for at, state in sorted(punches):
        begins, before = _drop_forgotten(begins, at), begins
        begun = state in _BEGIN or (state is PunchState.UNKNOWN and not begins)
        if begun and before and (not begins or _is_anew(state, at - begins[-1])):
            missing.append(before[-1])
            begins = []
        if begun:
            begins.append(at)
            continue
        if begins:
            found.append(_Stretch(begins[0], at))
        begins = []
    begins, before = _drop_forgotten(begins, now), begins
    if before and not begins:
        missing.append(before[-1])
    return _Day((*found, *(_Stretch(at, None) for at in begins[:1])), tuple(missing))


def _is_anew(state: PunchState, after: timedelta) -> bool:
    """Whoever comes back from a break, or begins overtime, may be at work already; whoever clocks in was not."""
    return state is PunchState.CHECK_IN and after > SAME_IN


def _drop_forgotten(begins: list[datetime], now: datetime) -> list[datetime]:
    return [at for at in begins if now - at <= LONGEST_SHIFT]
