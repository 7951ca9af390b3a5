"""What a manager reads of a day, a week or a month of their people: made from BioTime's time cards, pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from bot.biotime.time_cards import TimeCard
from bot.services.open_shifts import NOTHING_RUNS, Instance, Running, instance_of, split_cards, without_judgement
from bot.services.totals import Member, Totals, build_marks, build_totals, group_cards
from bot.services.workdays import DAY, Mark
from bot.store.manager_settings import ManagerSettings

# An outage over breakfast, or over midnight, is caught up with; what is older is yesterday's news.
LATEST = timedelta(hours=6)
MINUTE = timedelta(minutes=1)
# More people are no picture that a phone can show, and more rows no message of a reasonable size: how many there are
# is said with both.
MOST_STRIPES, MOST_TOTALS = 30, 5000


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
    """One person's period, in days. `missing` are those on which a punch is missing, `early` on which they left early;
    digests kept before that was told have none.
    """

    emp_code: str
    name: str
    absent: int
    late: int
    late_minutes: int
    missing: tuple[str, ...]
    leave: int
    early: int = 0
    early_minutes: int = 0


@dataclass(frozen=True, slots=True)
class Stripe:
    """One person's days, as the picture of a week shows them."""

    emp_code: str
    name: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A shift that goes on: the next digest tells of it."""

    emp_code: str
    name: str
    workdate: date
    timetable: str

    @property
    def instance(self) -> Instance:
        return self.emp_code, self.workdate, self.timetable


@dataclass(frozen=True, slots=True)
class Digest:
    """`tallies` of those with whom something was the matter; `waiting` requests; `untimed` have no timetable today.
    A week has `stripes` for its picture, a month `totals` for its sheet: of `people`, not always all of them. `whose`
    people they are is said to who stands in for that manager. `earlier` is what a day tells of days before it, whose
    shifts went on at the last digest; a week or a month counts them as its own, and `counted` names whose they are.
    """

    period: Period
    people: int
    tallies: tuple[Tally, ...]
    waiting: int
    untimed: tuple[str, ...]
    stripes: tuple[Stripe, ...] = ()
    totals: tuple[Totals, ...] = ()
    whose: str = ""
    unfinished: tuple[Unfinished, ...] = ()
    earlier: tuple[tuple[date, tuple[Tally, ...]], ...] = ()
    counted: tuple[tuple[date, tuple[str, ...]], ...] = ()

    @property
    def missing(self) -> list[tuple[str, str, date]]:
        """(emp_code, name, day) of each punch that is."""
        tallies = (*(one for _, some in self.earlier for one in some), *self.tallies)
        return [(one.emp_code, one.name, date.fromisoformat(day)) for one in tallies for day in one.missing]


def find_periods(settings: ManagerSettings, local: datetime) -> list[Period]:
    """What is due now: today's, or yesterday evening's that an outage kept. `local` is the manager's wall clock."""
    if settings.digest_at is None:
        return []
    days = [day for day in (local.date(), local.date() - DAY) if _is_due(day, settings.digest_at, local)]
    return [period for day in days for period in _list_periods(settings, day)]


def _is_due(day: date, at: time, local: datetime) -> bool:
    """By what has passed, not by the wall: an hour may be skipped or come twice."""
    now = local.astimezone(UTC)
    due = datetime.combine(day, at, local.tzinfo).astimezone(UTC)
    return due <= now < due + LATEST


def _list_periods(settings: ManagerSettings, today: date) -> list[Period]:
    yesterday = today - DAY
    found = []
    if today.weekday() in settings.working_days:
        found.append(Period(Span.DAILY, _last_working_day(settings, today), yesterday))
    if today.weekday() == settings.weekly_day:
        found.append(Period(Span.WEEKLY, today - 7 * DAY, yesterday))
    if today.day == 1:
        found.append(Period(Span.MONTHLY, yesterday.replace(day=1), yesterday))
    return found


def find_list(settings: ManagerSettings, local: datetime) -> list[Period]:
    """The days of whose forgotten punches somebody is told who wants no digests: at the time at which these come to
    whoever has not chosen one.
    """
    if settings.digest_at is not None:
        return []
    due = find_periods(replace(settings, digest_at=ManagerSettings().digest_at), local)
    return [period for period in due if period.span is Span.DAILY]


def _last_working_day(settings: ManagerSettings, today: date) -> date:
    """On a Monday the weekend is told, too."""
    days = (today - n * DAY for n in range(1, 8))
    return next((day for day in days if day.weekday() in settings.working_days), today - DAY)


def build_digest(
    period: Period,
    members: Mapping[str, Member],
    cards: Iterable[TimeCard],
    *,
    waiting: int,
    untimed: Collection[str],
    running: Running = NOTHING_RUNS,
) -> Digest:
    """`members` are the manager's people, by emp_code: of anybody else's cards nothing is told."""
    split = split_cards((card for card in cards if card.emp_code in members), period.first, period.last, running)
    daily = period.span is Span.DAILY
    found = _sum_up(split.over if daily else [*split.over, *split.earlier], members)
    shown = found[:MOST_STRIPES] if period.span is Span.WEEKLY else []
    marked = group_cards([*split.over, *map(without_judgement, split.running)], members) if shown else {}
    days = sorted({card.workdate for card in split.earlier})
    before = [(day, _sum_up([card for card in split.earlier if card.workdate == day], members)) for day in days]
    return Digest(
        period=period,
        people=len(members),
        tallies=_tell(found),
        waiting=waiting,
        untimed=tuple(sorted(members[code].name for code in untimed if code in members)),
        stripes=tuple(_stripe(period, one.member, marked[one.member.emp_code]) for one in shown),
        totals=tuple(found[:MOST_TOTALS]) if period.span is Span.MONTHLY else (),
        unfinished=_find_unfinished(split.running, members),
        earlier=tuple((day, told) for day, some in before if daily and (told := _tell(some))),
        counted=() if daily else tuple((day, _name(split.earlier, day, members)) for day in days),
    )


def _sum_up(cards: Iterable[TimeCard], members: Mapping[str, Member]) -> list[Totals]:
    """The worst first."""
    mine = group_cards(cards, members)
    return sorted((build_totals(members[code], some) for code, some in mine.items()), key=_by_trouble)


def _tell(found: Iterable[Totals]) -> tuple[Tally, ...]:
    return tuple(_tally(one) for one in found if not one.is_well)


def _name(cards: Iterable[TimeCard], day: date, members: Mapping[str, Member]) -> tuple[str, ...]:
    codes = {card.emp_code for card in cards if card.workdate == day}
    return tuple(sorted((members[code].name for code in codes), key=str.casefold))


def _find_unfinished(cards: Iterable[TimeCard], members: Mapping[str, Member]) -> tuple[Unfinished, ...]:
    by_name = sorted(cards, key=lambda card: (members[card.emp_code].name.casefold(), instance_of(card)))
    return tuple(Unfinished(one.emp_code, members[one.emp_code].name, one.workdate, one.timetable) for one in by_name)


def _by_trouble(one: Totals) -> tuple[bool, int, timedelta, str]:
    return one.is_well, -one.absent, -(one.late_by + one.early_by), one.member.name.casefold()


def _tally(one: Totals) -> Tally:
    return Tally(
        emp_code=one.member.emp_code,
        name=one.member.name,
        absent=one.absent,
        late=one.late,
        late_minutes=one.late_by // MINUTE,
        missing=tuple(map(str, one.missing)),
        leave=one.leave,
        early=one.early,
        early_minutes=one.early_by // MINUTE,
    )


def _stripe(period: Period, member: Member, cards: list[TimeCard]) -> Stripe:
    return Stripe(member.emp_code, member.name, build_marks(cards, period.first, period.last))
