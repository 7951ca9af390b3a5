"""From when somebody is to be there, and the punch by which they are."""

from collections.abc import Iterable
from datetime import datetime

from bot.attendance.facts import Away, Facts, Kind, Rules, SeenPunch
from bot.attendance.model import PunchState
from bot.attendance.spans import Span, merge

_INWARD = (PunchState.CHECK_IN, PunchState.BREAK_IN, PunchState.OVERTIME_IN)


def find_due(facts: Facts, rules: Rules, kind: Kind = Kind.ABSENT) -> datetime | None:
    """When this person is missing; None where nothing is fixed, or all of it is on leave."""
    start = start_of_work(facts)
    if start is None:
        return None
    due = start + rules.grace + (rules.delay if facts.delay is None else facts.delay)
    if kind is not Kind.NUDGE:
        return due
    before = rules.nudge if facts.nudge is None else facts.nudge
    return max(due - before, start)


def start_of_work(facts: Facts) -> datetime | None:
    """When to come: after a leave that covers the start; None where nothing is left to be worked."""
    start, end = facts.shift.starts_at, facts.shift.ends_at
    if start is None or end is None:
        return None
    if not facts.leaves:
        return start
    for begins, ends in merge(_spans(facts.leaves)):
        if begins <= start < ends:
            start = ends
    return start if start < end else None


def work_of(facts: Facts) -> Span | None:
    """From when to when there is work; leaves that cover the start or the end make it shorter, or nothing."""
    start, end = start_of_work(facts), facts.shift.ends_at
    if start is None or end is None:
        return None
    for begins, ends in merge(_spans(facts.leaves)):
        if begins < end <= ends:
            end = begins
    return start, end


def first_punch(facts: Facts) -> SeenPunch | None:
    """The one by which the person is there."""
    shift = facts.shift
    if shift.opens_at is None or shift.ends_at is None:
        return None
    inside = [p for p in facts.punches if shift.opens_at <= p.at <= shift.ends_at]
    return min(inside, key=lambda punch: punch.at, default=None)


def stayed_inside(facts: Facts) -> SeenPunch | None:
    """Who came for an earlier timetable of the same day and has not gone since is there for this one, too."""
    opens, came_from = facts.shift.opens_at, facts.came_from
    if opens is None or came_from is None:
        return None
    earlier = [p for p in facts.punches if came_from <= p.at < opens]
    last = max(earlier, key=lambda punch: punch.at, default=None)
    if last is None:
        return None
    if last.punch_state in _INWARD:
        return last
    # Without keys a terminal does not know the direction: an odd number of touches is one that came and stayed.
    odd = len(earlier) % 2 == 1 and all(p.punch_state is PunchState.UNKNOWN for p in earlier)
    return last if odd else None


def _spans(leaves: Iterable[Away]) -> Iterable[Span]:
    return ((leave.starts_at, leave.ends_at) for leave in leaves if leave.starts_at < leave.ends_at)
