"""What a person's days came to, read off their time cards: pure, nothing is fetched."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from bot.biotime.time_cards import TimeCard

DAY = timedelta(days=1)
# BioTime's calendar begins with 2000, and who asks about a day reads some days before it, too.
FIRST_DAY = date(2001, 1, 1)
_NOTHING = timedelta(0)
_HOLIDAY = "(H)"


class Mark(Enum):
    """What a day is shown as: of several the one that matters most, which stands first."""

    ABSENT = "absent"
    MISSING = "missing"
    """A clock-in or clock-out is missing."""
    LATE = "late"
    EARLY = "early"
    LEAVE = "leave"
    PRESENT = "present"
    OPEN = "open"
    """It still runs, or BioTime has not judged it yet."""
    HOLIDAY = "holiday"
    REST = "rest"
    NONE = "none"
    """No timetable, and no word of a day of rest: before schedules began, for instance."""
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class Workday:
    """One date; a card for each timetable, none for days to come."""

    workdate: date
    cards: tuple[TimeCard, ...]
    mark: Mark

    @property
    def worked(self) -> timedelta:
        return _add(card.total_worked or card.unscheduled for card in self.cards)

    @property
    def due(self) -> timedelta:
        """What was scheduled."""
        return _add(card.duty_duration for card in self.cards)

    @property
    def late(self) -> timedelta:
        return _add(card.late for card in self.cards)

    @property
    def early_leave(self) -> timedelta:
        return _add(card.early_leave for card in self.cards)

    @property
    def absent(self) -> timedelta:
        return _add(card.absent for card in self.cards)

    @property
    def leave(self) -> timedelta:
        return _add(card.leave for card in self.cards)

    @property
    def overtime(self) -> timedelta:
        return _add(card.overtime for card in self.cards)


@dataclass(frozen=True, slots=True)
class Counts:
    """How often, as BioTime's summaries count (manual 6.6): time cards, not days."""

    late: int
    early_out: int
    absent: int
    leave: int
    overtime: int


@dataclass(frozen=True, slots=True)
class Overview:
    """A week or a month, every date of it; `today` is the company's."""

    first: date
    last: date
    today: date
    days: tuple[Workday, ...]
    counts: Counts

    @property
    def worked(self) -> timedelta:
        return _add(day.worked for day in self.days)

    @property
    def due(self) -> timedelta:
        """Scheduled until today."""
        return _add(day.due for day in self.days)


def build_workdays(cards: Iterable[TimeCard], first: date, last: date) -> tuple[Workday, ...]:
    """Every date from `first` to `last`."""
    by_date: dict[date, list[TimeCard]] = {}
    for card in cards:
        by_date.setdefault(card.workdate, []).append(card)
    dates = (first + n * DAY for n in range((last - first).days + 1))
    return tuple(_build_workday(on, by_date.get(on, ())) for on in dates)


def _build_workday(workdate: date, cards: Sequence[TimeCard]) -> Workday:
    found = {mark_of(card) for card in cards} or {Mark.AHEAD}
    return Workday(workdate, tuple(cards), next(mark for mark in Mark if mark in found))


def mark_of(card: TimeCard) -> Mark:
    """From the numbers, which every server has; its words may be in any language."""
    table = (
        (card.absent, Mark.ABSENT),
        (card.att_exception, Mark.MISSING),
        (card.late, Mark.LATE),
        (card.early_leave, Mark.EARLY),
        (card.leave, Mark.LEAVE),
        (card.timetable and not (card.status or card.clock_out), Mark.OPEN),
        (card.timetable or card.total_worked or card.unscheduled, Mark.PRESENT),
        (_HOLIDAY in card.status, Mark.HOLIDAY),
        # A day that the schedule leaves free has a word for it; one without a schedule has none.
        (card.status.strip(), Mark.REST),
    )
    return next((mark for applies, mark in table if applies), Mark.NONE)


def count(cards: Sequence[TimeCard]) -> Counts:
    return Counts(
        late=sum(bool(card.late) for card in cards),
        early_out=sum(bool(card.early_leave) for card in cards),
        absent=sum(bool(card.absent) for card in cards),
        leave=sum(bool(card.leave) for card in cards),
        overtime=sum(bool(card.overtime) for card in cards),
    )


def week_of(day: date, first_weekday: int = 0) -> tuple[date, date]:
    """From Monday (0), as BioTime's own weekly summary, or from where the reader's week begins."""
    first = day - (day.weekday() - first_weekday) % 7 * DAY
    return first, first + 6 * DAY


def month_of(day: date) -> tuple[date, date]:
    first = day.replace(day=1)
    return first, next_month(first) - DAY


def next_month(first: date) -> date:
    return (first + 31 * DAY).replace(day=1)


def count_months(first: date, last: date) -> int:
    """How many months a period touches."""
    return 12 * (last.year - first.year) + last.month - first.month + 1


def _add(spans: Iterable[timedelta | None]) -> timedelta:
    return sum((span for span in spans if span), _NOTHING)
