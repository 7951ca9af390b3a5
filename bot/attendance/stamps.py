"""Whether BioTime's clock shows what we take it to show: known from its stamps on punches whose true time we have."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.attendance.progress import DEFAULT_LIMITS, Limits

# Every offset from UTC in use is whole quarters of an hour.
QUARTER = timedelta(minutes=15)


def measure_shift(stamps: Sequence[tuple[datetime, datetime]], limits: Limits = DEFAULT_LIMITS) -> timedelta | None:
    """By how much BioTime's wall clock is ahead of where we expect it, behind is negative; None: not known.

    `stamps` are (made at, stamped at). A stamp may come late by what the protocol allows a request to take, and no
    more; so a greater distance that all of them share is the clock's or the zone's. Whole quarters are a zone's.
    """
    shifts = {_round(stamped - made, limits) for made, stamped in stamps}
    return shifts.pop() if len(shifts) == 1 else None


def is_zone(shift: timedelta) -> bool:
    return not shift % QUARTER


def _round(distance: timedelta, limits: Limits) -> timedelta:
    """To the quarter if it is one but for the way of a request, else to the minute; zero where the way explains it."""
    slack = limits.tolerance + limits.lease + limits.settle
    if -limits.tolerance <= distance <= slack:
        return timedelta(0)
    quarters = round(distance / QUARTER) * QUARTER
    near = abs(distance - quarters) <= limits.tolerance
    return quarters if near else round(distance / timedelta(minutes=1)) * timedelta(minutes=1)
