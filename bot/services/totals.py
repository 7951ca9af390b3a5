"""What a period came to for each of several people, read off their time cards: pure, nothing is fetched.

Counted are days, however many timetables one has.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.biotime.time_cards import TimeCard
from bot.services.workdays import DAY, Mark, mark_of

_NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True)
class Member:
    """One of a manager's people. `department` is "" where they are in none."""

    emp_code: str
    name: str
    department: str = ""


@dataclass(frozen=True, slots=True)
class Totals:
    """`days` were worked; `absent`, `late`, `early` (left early), `leave` and `missing` count days, too. On `missing`
    ones a punch is.
    """

    member: Member
    days: int
    due: timedelta
    worked: timedelta
    late: int
    late_by: timedelta
    absent: int
    leave: int
    overtime: timedelta
    missing: tuple[date, ...]
    early: int = 0
    early_by: timedelta = _NOTHING

    @property
    def is_well(self) -> bool:
        return not (self.absent or self.late or self.early or self.missing or self.leave)


def group_cards(cards: Iterable[TimeCard], members: Mapping[str, Member]) -> dict[str, list[TimeCard]]:
    """Each member's; of anybody else's nothing is told."""
    found: dict[str, list[TimeCard]] = {code: [] for code in members}
    for card in cards:
        if card.emp_code in found:
            found[card.emp_code].append(card)
    return found


def build_totals(member: Member, cards: Iterable[TimeCard]) -> Totals:
    days: dict[date, list[TimeCard]] = defaultdict(list)
    for card in cards:
        days[card.workdate].append(card)
    every = [card for some in days.values() for card in some]
    return Totals(
        member=member,
        days=sum(any(map(_has_worked, some)) for some in days.values()),
        due=_add(card.duty_duration for card in every),
        worked=_add(card.total_worked or card.unscheduled for card in every),
        late=sum(any(card.late for card in some) for some in days.values()),
        late_by=_add(card.late for card in every),
        absent=sum(judge_day(some) is Mark.ABSENT for some in days.values()),
        leave=sum(any(card.leave for card in some) for some in days.values()),
        overtime=_add(card.overtime for card in every),
        missing=tuple(sorted(day for day, some in days.items() if any(map(misses_punch, some)))),
        early=sum(any(card.early_leave for card in some) for some in days.values()),
        early_by=_add(card.early_leave for card in every),
    )


def add_totals(one: Totals, more: Totals) -> Totals:
    """Of the same person's next days."""
    return Totals(
        member=one.member,
        days=one.days + more.days,
        due=one.due + more.due,
        worked=one.worked + more.worked,
        late=one.late + more.late,
        late_by=one.late_by + more.late_by,
        absent=one.absent + more.absent,
        leave=one.leave + more.leave,
        overtime=one.overtime + more.overtime,
        missing=one.missing + more.missing,
        early=one.early + more.early,
        early_by=one.early_by + more.early_by,
    )


def build_marks(cards: Sequence[TimeCard], first: date, last: date) -> tuple[Mark, ...]:
    """What each date is shown as; `AHEAD` where BioTime has nothing of it."""
    days: dict[date, list[TimeCard]] = defaultdict(list)
    for card in cards:
        days[card.workdate].append(card)
    dates = (first + n * DAY for n in range((last - first).days + 1))
    return tuple(judge_day(days.get(day, ())) for day in dates)


def judge_day(cards: Iterable[TimeCard]) -> Mark:
    """For a manager: somebody who came and forgot a punch may be absent by a company's rules, but is to be asked."""
    found = {Mark.MISSING if misses_punch(card) else mark_of(card) for card in cards} or {Mark.AHEAD}
    return next(mark for mark in Mark if mark in found)


def misses_punch(card: TimeCard) -> bool:
    return bool(card.timetable) and (card.clock_in is None) != (card.clock_out is None)


def is_theirs(card: TimeCard, left_on: date | None) -> bool:
    """Of who has left: on the day on which that was found, only what they worked."""
    return left_on is None or card.workdate < left_on or (card.workdate == left_on and _has_worked(card))


def _has_worked(card: TimeCard) -> bool:
    return bool(card.clock_in or card.clock_out or card.total_worked or card.unscheduled)


def _add(spans: Iterable[timedelta | None]) -> timedelta:
    return sum((span for span in spans if span), _NOTHING)
