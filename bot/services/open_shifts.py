"""Shifts that go on while a digest is made: it leaves them out, and the next one tells them, whole. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from bot.biotime.time_cards import TimeCard

# BioTime's own default for how late somebody may leave (wire notes, "The time card").
LATEST_OUT = timedelta(hours=2)
# What was left out longer ago, before a pause of the digests, is not told any more.
OLDEST = timedelta(days=10)

Instance = tuple[str, date, str]
"""Employee, workdate, timetable."""


@dataclass(frozen=True, slots=True)
class Running:
    """`ends`: when those shifts end that may still go on `now`; `carried` are what the digest before has left out."""

    now: datetime
    ends: Mapping[Instance, datetime]
    carried: frozenset[Instance] = frozenset()

    def holds(self, card: TimeCard) -> bool:
        """Whether it is too early to judge it: it is not over, or whoever came may still clock out."""
        ends_at = self.ends.get(instance_of(card))
        if ends_at is None or ends_at > self.now:
            return ends_at is not None
        return card.clock_in is not None and card.clock_out is None and ends_at + LATEST_OUT > self.now


NOTHING_RUNS = Running(datetime.min.replace(tzinfo=UTC), {})


@dataclass(frozen=True, slots=True)
class Split:
    """A digest's cards: those of its period that are over, those that are not, those left out before and over now."""

    over: list[TimeCard]
    running: list[TimeCard]
    earlier: list[TimeCard]


def split_cards(cards: Iterable[TimeCard], first: date, last: date, running: Running) -> Split:
    found = Split([], [], [])
    for card in cards:
        inside = first <= card.workdate <= last
        carried = first - OLDEST <= card.workdate < first and instance_of(card) in running.carried
        if (inside or carried) and running.holds(card):
            found.running.append(card)
        elif inside:
            found.over.append(card)
        elif carried:
            found.earlier.append(card)
    return found


def instance_of(card: TimeCard) -> Instance:
    return card.emp_code, card.workdate, card.timetable


def without_judgement(card: TimeCard) -> TimeCard:
    """As BioTime has it before it judges."""
    return replace(
        card, clock_in=None, clock_out=None, absent=None, late=None, early_leave=None, att_exception="", status=""
    )
