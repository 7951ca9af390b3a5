"""What a manager reads of a day, a week or a month of their people: made from BioTime's time cards, pure.

A digest is made once and kept as JSON in the outbox, so that it says later what was so when it was due.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.biotime.time_cards import TimeCard
from bot.services.workdays import DAY, Mark, mark_of
from bot.store.managers import ManagerSettings

# An outage over breakfast is caught up with; what is older is yesterday's news.
LATEST = timedelta(hours=6)
MINUTE = timedelta(minutes=1)


class Span(StrEnum):
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


@dataclass(frozen=True, slots=True)
class Period:
    """Both days included."""

    span: Span
    first: date
    last: date

    @property
    def key(self) -> str:
        return f"{self.span} {self.last}"


@dataclass(frozen=True, slots=True)
class Tally:
    """One person's period. `missing` are the days on which a punch is missing."""

    emp_code: str
    name: str
    absent: int
    late: int
    late_minutes: int
    missing: tuple[str, ...]
    leave: int


@dataclass(frozen=True, slots=True)
class Digest:
    """`tallies` of those with whom something was the matter; `waiting` requests; `untimed` have no timetable today."""

    period: Period
    people: int
    tallies: tuple[Tally, ...]
    waiting: int
    untimed: tuple[str, ...]


def find_periods(settings: ManagerSettings, local: datetime) -> list[Period]:
    """What is due now. `local` is the manager's wall clock."""
    if settings.digest_at is None:
        return []
    due = local.replace(hour=settings.digest_at.hour, minute=settings.digest_at.minute, second=0, microsecond=0)
    if not due <= local < due + LATEST:
        return []
    today = local.date()
    yesterday = today - DAY
    found = []
    if today.weekday() in settings.working_days:
        found.append(Period(Span.DAILY, _last_working_day(settings, today), yesterday))
    if today.weekday() == settings.weekly_day:
        found.append(Period(Span.WEEKLY, today - 7 * DAY, yesterday))
    if today.day == 1:
        found.append(Period(Span.MONTHLY, yesterday.replace(day=1), yesterday))
    return found


def _last_working_day(settings: ManagerSettings, today: date) -> date:
    """On a Monday the weekend is told, too."""
    days = (today - n * DAY for n in range(1, 8))
    return next((day for day in days if day.weekday() in settings.working_days), today - DAY)


def build_digest(
    period: Period,
    names: Mapping[str, str],
    cards: Iterable[TimeCard],
    *,
    waiting: int,
    untimed: Collection[str],
) -> Digest:
    """`names` of the manager's people, by emp_code: of anybody else's cards nothing is told."""
    mine: dict[str, list[TimeCard]] = {}
    for card in cards:
        if card.emp_code in names and period.first <= card.workdate <= period.last:
            mine.setdefault(card.emp_code, []).append(card)
    tallies = [_tally(code, names[code], some) for code, some in mine.items()]
    told = [one for one in tallies if one.absent or one.late or one.missing or one.leave]
    told.sort(key=lambda one: (-one.absent, -one.late_minutes, one.name.casefold()))
    return Digest(period, len(names), tuple(told), waiting, tuple(sorted(names[c] for c in untimed if c in names)))


def _tally(emp_code: str, name: str, cards: Sequence[TimeCard]) -> Tally:
    marks = [(card, mark_of(card)) for card in cards]
    late = sum(((card.late or timedelta(0)) for card in cards), timedelta(0))
    return Tally(
        emp_code=emp_code,
        name=name,
        absent=sum(mark is Mark.ABSENT and not _misses_one(card) for card, mark in marks),
        late=sum(bool(card.late) for card in cards),
        late_minutes=late // MINUTE,
        missing=tuple(str(card.workdate) for card in cards if _misses_one(card)),
        leave=sum(mark is Mark.LEAVE for _, mark in marks),
    )


def _misses_one(card: TimeCard) -> bool:
    """Somebody who came and forgot a punch: a company's rules may call that absent, their manager asks."""
    return bool(card.timetable) and (card.clock_in is None) != (card.clock_out is None)


def write_digest(digest: Digest) -> dict[str, Any]:
    known = asdict(digest)
    known["period"] = [digest.period.span, str(digest.period.first), str(digest.period.last)]
    return known


def read_digest(payload: Mapping[str, Any]) -> Digest:
    span, first, last = payload["period"]
    return Digest(
        period=Period(Span(span), date.fromisoformat(first), date.fromisoformat(last)),
        people=payload["people"],
        tallies=tuple(Tally(**{**one, "missing": tuple(one["missing"])}) for one in payload["tallies"]),
        waiting=payload["waiting"],
        untimed=tuple(payload["untimed"]),
    )
