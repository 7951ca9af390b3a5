"""Hours worked so far, from the punches of a day: for a glance in chat. The time card proper is BioTime's."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.attendance.direction import LONGEST_SHIFT
from bot.attendance.model import PunchState

_BEGIN = frozenset({PunchState.CHECK_IN, PunchState.BREAK_IN, PunchState.OVERTIME_IN})


@dataclass(frozen=True, slots=True)
class Worked:
    """`since` is when the stretch still going on began; None when the person is out or on a break. `began` is when
    the first stretch that counts began, which may have been last night.
    """

    total: timedelta
    since: datetime | None
    began: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Stretch:
    began: datetime
    ended: datetime | None


def measure_worked(punches: Iterable[tuple[datetime, PunchState]], midnight: datetime, now: datetime) -> Worked:
    """Adds up the stretches from each in to the next out that touch today; one still going on counts until `now`.

    `midnight` is when today began: a night shift that ended, or still goes on, after it counts whole, so `punches`
    reach back LONGEST_SHIFT before it. A second in, or an out without an in, changes nothing: nobody works twice at a
    time. An in more than LONGEST_SHIFT ago is a forgotten clock-out and counts nothing: the next in begins a new
    stretch. A punch of unknown direction is the opposite of what went before.
    """
    found = [s for s in _find_stretches(punches, now) if s.ended is None or s.ended > midnight]
    total = sum((max((s.ended or now) - s.began, timedelta(0)) for s in found), timedelta(0))
    going_on = found and found[-1].ended is None
    return Worked(total, found[-1].began if going_on else None, found[0].began if found else None)


def _find_stretches(punches: Iterable[tuple[datetime, PunchState]], now: datetime) -> list[_Stretch]:
    found: list[_Stretch] = []
    begins: list[datetime] = []  # every in since the last out: when the first grows too old, the next takes its place
    for at, state in sorted(punches):
        begins = _drop_forgotten(begins, at)
        if state in _BEGIN or (state is PunchState.UNKNOWN and not begins):
            begins.append(at)
        elif begins:
            found.append(_Stretch(begins[0], at))
            begins = []
    begins = _drop_forgotten(begins, now)
    return found + [_Stretch(at, None) for at in begins[:1]]


def _drop_forgotten(begins: list[datetime], now: datetime) -> list[datetime]:
    return [at for at in begins if now - at <= LONGEST_SHIFT]
