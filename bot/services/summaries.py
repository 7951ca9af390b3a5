"""A person's week, month and day as BioTime judges them, and why it marks a day."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.biotime.client import BioTimeClient
from bot.biotime.errors import BioTimeError
from bot.biotime.mobile_reports import SummaryType
from bot.biotime.time_cards import TimeCard
from bot.biotime.values import AuditStatus
from bot.services.sessions import SessionOver, Sessions
from bot.services.tenants import Tenants
from bot.services.timecards import Line, Reach, Timecards
from bot.services.workdays import (
    DAY,
    Counts,
    Overview,
    Workday,
    build_workdays,
    count,
    month_of,
    next_month,
    week_of,
)
from bot.store.links import Link

# How far back people look: what exports reach, too.
OLDEST = timedelta(days=366)
# What one export covers; a leap year has a day more than 365.
LONGEST_EXPORT = timedelta(days=365)
# Around a shift over midnight, what may belong to it.
_MARGIN = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class DayDetail:
    """One day with its punches; `reach` says whether BioTime's own are among them."""

    day: Workday
    lines: tuple[Line, ...]
    reach: Reach


@dataclass(frozen=True, slots=True)
class Why:
    """What the chain of reasons is made of. `waiting`: corrections of that day that nobody has decided on yet."""

    detail: DayDetail
    waiting: int


class Summaries:
    """Each person sees their own: the employee comes from the link, never from the request."""

    def __init__(self, tenants: Tenants, sessions: Sessions, timecards: Timecards, now: Callable[[], datetime]) -> None:
        self._tenants = tenants
        self._sessions = sessions
        self._timecards = timecards
        self._now = now

    def today(self, link: Link) -> date:
        return self._now().astimezone(self._tenants.zone_of(link.company)).date()

    async def load_week(self, link: Link, day: date, first_weekday: int = 0) -> Overview | Reach:
        """The week that `day` is in. BioTime's own counts are of one from Monday: of another the cards are counted."""
        own = SummaryType.WEEKLY if first_weekday == 0 else None
        return await self._load(link, *week_of(day, first_weekday), own)

    async def load_month(self, link: Link, day: date) -> Overview | Reach:
        return await self._load(link, *month_of(day), SummaryType.MONTHLY)

    async def load_day(self, link: Link, day: date) -> DayDetail | Reach:
        try:
            cards = await self.fetch_cards(link, day, day)
        except (BioTimeError, SessionOver) as problem:
            return _reach(problem)
        (workday,) = build_workdays(cards, day, day)
        since, until = self._window(link, workday)
        lines, reach = await self._timecards.load_between(link, since, until)
        return DayDetail(workday, lines, reach)

    async def explain(self, link: Link, day: date) -> Why | Reach:
        detail = await self.load_day(link, day)
        if isinstance(detail, Reach):
            return detail
        try:
            return Why(detail, await self._count_waiting(link, day))
        except (BioTimeError, SessionOver):
            return Why(detail, 0)

    async def fetch_cards(self, link: Link, first: date, last: date) -> list[TimeCard]:
        """Raises BioTimeError and SessionOver. An administrator's token would get everybody's: only their own are."""

        async def ask(client: BioTimeClient, token: str) -> list[TimeCard]:
            cards = client.fetch_time_cards(token, first, last, employees=link.emp_id)
            return [card async for card in cards if card.emp_code == link.emp_code]

        return await self._sessions.call(link, ask)

    async def fetch_months(self, link: Link, first: date, last: date) -> AsyncIterator[list[TimeCard]]:
        """The cards of a period, month by month. Raises as `fetch_cards`."""
        begin = first
        while begin <= last:
            end = min(month_of(begin)[1], last)
            yield await self.fetch_cards(link, begin, end)
            begin = next_month(begin.replace(day=1))

    async def _load(self, link: Link, first: date, last: date, summary: SummaryType | None) -> Overview | Reach:
        today = self.today(link)
        try:
            cards = await self.fetch_cards(link, first, min(last, today)) if first <= today else []
            runs = summary is not None and first <= today <= last
            counts = await self._fetch_counts(link, summary) if summary and runs else count(cards)
        except (BioTimeError, SessionOver) as problem:
            return _reach(problem)
        return Overview(first, last, today, build_workdays(cards, first, last), counts)

    async def _fetch_counts(self, link: Link, summary: SummaryType) -> Counts:
        """BioTime's own, which are of the running week or month only."""
        found = await self._sessions.call(link, lambda client, token: client.fetch_summary(token, link.emp_id, summary))
        return Counts(found.late, found.early_out, found.absent, found.leave, found.overtime)

    async def _count_waiting(self, link: Link, day: date) -> int:
        zone = self._tenants.zone_of(link.company)

        async def ask(client: BioTimeClient, token: str) -> int:
            found = 0
            async for log in client.fetch_manual_logs(token):
                pending = log.audit_status is AuditStatus.PENDING and log.employee == link.emp_id
                found += pending and log.punched_at.astimezone(zone).date() == day
            return found

        return await self._sessions.call(link, ask)

    def _window(self, link: Link, workday: Workday) -> tuple[datetime, datetime]:
        """The calendar day, and for a shift over midnight until it has ended on the next."""
        zone, on = self._tenants.zone_of(link.company), workday.workdate
        since, until = datetime.combine(on, time(), zone), datetime.combine(on + DAY, time(), zone)
        for card in workday.cards:
            if card.check_in and card.check_out and card.check_out <= card.check_in:
                since = datetime.combine(on, card.check_in, zone) - _MARGIN
                until = datetime.combine(on + DAY, card.check_out, zone) + _MARGIN
        return since, until


def _reach(problem: Exception) -> Reach:
    return Reach.SESSION_OVER if isinstance(problem, SessionOver) else Reach.NO_ANSWER
