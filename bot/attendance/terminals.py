"""Which terminals are silent and whose clock is wrong, from what they were last heard of and what they sent: pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

SILENT_AFTER = timedelta(minutes=30)
WRONG_BY = timedelta(minutes=5)
# A clock that is wrong is wrong by the same each time; punches that were sent late all came at once.
STEADY = timedelta(minutes=2)
ENOUGH = 3


class TroubleKind(StrEnum):
    OFFLINE = "offline"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Heard:
    """One terminal. `punches` are (stamped by it, taken by BioTime) of late, the newest last."""

    sn: str
    alias: str
    last_activity_at: datetime | None
    punches: Sequence[tuple[datetime, datetime]] = ()


@dataclass(frozen=True, slots=True)
class Trouble:
    """`off`: how far its clock is ahead, behind where negative."""

    sn: str
    alias: str
    kind: TroubleKind
    began_at: datetime
    off: timedelta = timedelta(0)


def find_troubles(terminals: Sequence[Heard], looked_at: datetime) -> list[Trouble]:
    """`looked_at`: as of when BioTime was asked. What was never heard of has not been put up yet."""
    found = []
    for one in terminals:
        if one.last_activity_at is not None and looked_at - one.last_activity_at > SILENT_AFTER:
            found.append(Trouble(one.sn, one.alias, TroubleKind.OFFLINE, one.last_activity_at))
        off = measure_clock(one.punches)
        if off is not None:
            found.append(Trouble(one.sn, one.alias, TroubleKind.CLOCK, one.punches[-1][1], off))
    return found


def measure_clock(punches: Sequence[tuple[datetime, datetime]]) -> timedelta | None:
    """How far the clock is ahead; None where it is right, or nobody can tell.

    A stamp later than its arrival is a clock that is ahead. One that is behind looks like a late delivery, unless the
    last few are late by the same.
    """
    if not punches:
        return None
    ahead = [stamped - taken for stamped, taken in punches[-ENOUGH:]]
    if ahead[-1] > WRONG_BY:
        return ahead[-1]
    if len(ahead) == ENOUGH and ahead[-1] < -WRONG_BY and max(ahead) - min(ahead) <= STEADY:
        return ahead[-1]
    return None
