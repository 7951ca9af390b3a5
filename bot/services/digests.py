"""What a manager reads of a day, a week or a month of their people: made from BioTime's time cards, pure.

A digest is made once and kept as JSON in the outbox, so that it says later what was so when it was due.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.biotime.time_cards import TimeCard
from bot.services.totals import Member, Totals, build_marks, build_totals, group_cards
from bot.services.workdays import DAY, Mark
from bot.store.managers import ManagerSettings

# An outage over breakfast is caught up with; what is older is yesterday's news.
LATEST = timedelta(hours=6)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
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
class Digest:
    """`tallies` of those with whom something was the matter; `waiting` requests; `untimed` have no timetable today.
    A week has `stripes` for its picture, a month `totals` for its sheet: of `people`, not always all of them. `whose`
    people they are is said to who stands in for that manager.
    """

    period: Period
    people: int
    tallies: tuple[Tally, ...]
    waiting: int
    untimed: tuple[str, ...]
    stripes: tuple[Stripe, ...] = ()
    totals: tuple[Totals, ...] = ()
    whose: str = ""


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
    members: Mapping[str, Member],
    cards: Iterable[TimeCard],
    *,
    waiting: int,
    untimed: Collection[str],
) -> Digest:
    """`members` are the manager's people, by emp_code: of anybody else's cards nothing is told."""
    inside = (card for card in cards if period.first <= card.workdate <= period.last)
    mine = group_cards(inside, members)
    found = sorted((build_totals(members[code], some) for code, some in mine.items()), key=_by_trouble)
    shown = found[:MOST_STRIPES] if period.span is Span.WEEKLY else []
    return Digest(
        period=period,
        people=len(members),
        tallies=tuple(_tally(one) for one in found if not one.is_well),
        waiting=waiting,
        untimed=tuple(sorted(members[code].name for code in untimed if code in members)),
        stripes=tuple(_stripe(period, one.member, mine[one.member.emp_code]) for one in shown),
        totals=tuple(found[:MOST_TOTALS]) if period.span is Span.MONTHLY else (),
    )


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


# -- as JSON -----------------------------------------------------------------------------------------------------------


def write_digest(digest: Digest) -> dict[str, Any]:
    return {
        "period": [digest.period.span, str(digest.period.first), str(digest.period.last)],
        "people": digest.people,
        "tallies": [asdict(one) for one in digest.tallies],
        "waiting": digest.waiting,
        "untimed": list(digest.untimed),
        "stripes": [[one.emp_code, one.name, [mark.value for mark in one.marks]] for one in digest.stripes],
        "totals": [_write_totals(one) for one in digest.totals],
        "whose": digest.whose,
    }


def read_digest(payload: Mapping[str, Any]) -> Digest:
    """Those that were kept before there were pictures and sheets have none."""
    span, first, last = payload["period"]
    return Digest(
        period=Period(Span(span), date.fromisoformat(first), date.fromisoformat(last)),
        people=payload["people"],
        tallies=tuple(Tally(**{**one, "missing": tuple(one["missing"])}) for one in payload["tallies"]),
        waiting=payload["waiting"],
        untimed=tuple(payload["untimed"]),
        stripes=tuple(Stripe(code, name, tuple(map(Mark, marks))) for code, name, marks in payload.get("stripes", ())),
        totals=tuple(map(_read_totals, payload.get("totals", ()))),
        whose=payload.get("whose", ""),
    )


def _write_totals(one: Totals) -> list[Any]:
    member, spans = one.member, (one.due, one.worked, one.late_by, one.overtime, one.early_by)
    return [
        [member.emp_code, member.name, member.department],
        [one.days, one.late, one.absent, one.leave, one.early],
        [span // SECOND for span in spans],
        list(map(str, one.missing)),
    ]


def _read_totals(written: Sequence[Any]) -> Totals:
    member, counts, spans, missing = written
    # Those that were kept before early leaves were counted have none.
    days, late, absent, leave, early = (*counts, 0)[:5]
    due, worked, late_by, overtime, early_by = (number * SECOND for number in (*spans, 0)[:5])
    return Totals(
        Member(*member), days=days, due=due, worked=worked, late=late, late_by=late_by, absent=absent, leave=leave,
        overtime=overtime, missing=tuple(map(date.fromisoformat, missing)), early=early, early_by=early_by,
    )  # fmt: skip
