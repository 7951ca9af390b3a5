"""Which manual logs may be approved together without a look at each: those that say what the bot itself saw.

A person's word alone is never harmless, nor is a leave: those are for a manager to judge one by one.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.attendance.evidence import Evidence
from bot.attendance.model import PunchState

# Wall clock texts have whole seconds.
SAME = timedelta(seconds=1)
TWICE_WITHIN = timedelta(minutes=10)
OLDEST = timedelta(days=7)
# A phone that says nothing of its accuracy, or shares live, or was out of reach, is no reason to doubt its place.
_ODD = frozenset({Evidence.POOR_ACCURACY, Evidence.SAME_COORDINATES, Evidence.IMPOSSIBLE_SPEED})


class Doubt(StrEnum):
    """Why somebody should look, the weightiest first."""

    ONLY_THEIR_WORD = "only their word"
    """The bot saw no such punch."""
    OTHER_TIME = "other time"
    """It saw another time, or another kind of punch."""
    NOT_THERE = "not there"
    """It was shared outside of every area, or none is known."""
    ODD_PLACE = "odd place"
    TWICE = "twice"
    """BioTime has one of that kind minutes before or after."""
    OLD = "old"


@dataclass(frozen=True, slots=True)
class Claim:
    """What a manual log asks for."""

    punched_at: datetime
    punch_state: PunchState


@dataclass(frozen=True, slots=True)
class Sighting:
    """What the bot saw of it: Telegram's time, and whether the place was inside an area (None: none is known)."""

    punched_at: datetime
    punch_state: PunchState
    inside: bool | None
    evidence: tuple[str, ...]


def find_doubts(claim: Claim, seen: Sighting | None, others: Iterable[Claim], now: datetime) -> tuple[Doubt, ...]:
    """None: harmless. `others` are the employee's punches in BioTime around that time."""
    return tuple(_doubt(claim, seen, tuple(others), now))


def _doubt(claim: Claim, seen: Sighting | None, others: tuple[Claim, ...], now: datetime) -> Iterator[Doubt]:
    if seen is None:
        yield Doubt.ONLY_THEIR_WORD
    else:
        if abs(seen.punched_at - claim.punched_at) > SAME or seen.punch_state != claim.punch_state:
            yield Doubt.OTHER_TIME
        if not seen.inside:
            yield Doubt.NOT_THERE
        if _ODD.intersection(seen.evidence):
            yield Doubt.ODD_PLACE
    if any(_is_same_again(claim, other) for other in others):
        yield Doubt.TWICE
    if now - claim.punched_at > OLDEST:
        yield Doubt.OLD


def _is_same_again(claim: Claim, other: Claim) -> bool:
    """A terminal does not say which kind its punch is: then it may be this one."""
    alike = other.punch_state in (claim.punch_state, PunchState.UNKNOWN)
    return alike and abs(other.punched_at - claim.punched_at) <= TWICE_WITHIN
