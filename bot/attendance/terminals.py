"""Which terminals are silent and whose clock is wrong, from what they were last heard of and what they sent: pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

SILENT_AFTER = timedelta(minutes=30)
WRONG_BY = timedelta(minutes=5)
# A clock that is behind is behind by the same in each of so many uploads. Those are so far apart: what had waited for
# the network comes all at once, and people who punch together are then late by the same, too.
STEADY = timedelta(minutes=2)
ENOUGH = 3
APART = timedelta(minutes=10)


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


def date_punch(stamped_at: datetime, taken_at: datetime | None, behind: timedelta = timedelta(0)) -> datetime:
    """When a punch counts: nothing arrives before it is made, so of a clock that is ahead, if only a little, when it
    arrived.

    `behind`: by how much the terminal's clock is known to be. What is late by the same was made when it arrived; what
    is late by anything else has waited for the network, and nobody knows for how long.
    """
    if taken_at is None:
        return stamped_at
    late = taken_at - stamped_at
    is_wrong = late < timedelta(0) or (behind > WRONG_BY and abs(late - behind) <= WRONG_BY)
    return taken_at if is_wrong else stamped_at


def is_doubted(counts_at: datetime, stamped_at: datetime | None) -> bool:
    """`stamped_at`: where it counts at another time. Clocks differ a little, and that is worth no word."""
    return stamped_at is not None and abs(stamped_at - counts_at) > WRONG_BY


@dataclass(frozen=True, slots=True)
class Health:
    """`well`: of which it is known that there is no such trouble, by (sn, kind). Of the rest nobody can tell."""

    troubles: tuple[Trouble, ...]
    well: frozenset[tuple[str, TroubleKind]]


def examine(terminals: Sequence[Heard], looked_at: datetime) -> Health:
    """`looked_at`: as of when BioTime was asked. What was never heard of has not been put up yet."""
    found, well = [], set()
    for one in terminals:
        if one.last_activity_at is not None and looked_at - one.last_activity_at > SILENT_AFTER:
            found.append(Trouble(one.sn, one.alias, TroubleKind.OFFLINE, one.last_activity_at))
        else:
            well.add((one.sn, TroubleKind.OFFLINE))
        off = measure_clock(one.punches)
        if off:
            found.append(Trouble(one.sn, one.alias, TroubleKind.CLOCK, one.punches[-1][1], off))
        elif off is not None:
            well.add((one.sn, TroubleKind.CLOCK))
    return Health(tuple(found), frozenset(well))


def measure_clock(punches: Sequence[tuple[datetime, datetime]]) -> timedelta | None:
    """How far the clock is ahead; zero where it is right, None where nobody can tell.

    A stamp later than its arrival is a clock that is ahead. One that is behind looks like a late delivery, unless
    everything of the last few uploads is late by the same.
    """
    if not punches:
        return None
    ahead = punches[-1][0] - punches[-1][1]
    if abs(ahead) <= WRONG_BY:
        return timedelta(0)
    return ahead if ahead > WRONG_BY or _is_steady(punches, ahead) else None


def _is_steady(punches: Sequence[tuple[datetime, datetime]], ahead: timedelta) -> bool:
    uploads, upload_at = 0, None
    for stamped, taken in reversed(punches):
        if abs(stamped - taken - ahead) > STEADY:
            return False
        if upload_at is None or upload_at - taken >= APART:
            uploads, upload_at = uploads + 1, taken
        if uploads == ENOUGH:
            return True
    return False
