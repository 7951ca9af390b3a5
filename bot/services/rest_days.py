"""Whether somebody asks for leave on days of rest only. BioTime says nothing of days to come: what the same weekdays
were in the last weeks has to do.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta

from bot.biotime.errors import BioTimeError
from bot.biotime.time_cards import TimeCard
from bot.services.service_account import NoServiceAccount, ServiceAccount
from bot.services.tenants import Tenants
from bot.services.workdays import DAY, Mark, build_workdays
from bot.store.links import Link

# The person waits.
PATIENCE = timedelta(seconds=4)
LOOK_BACK = 4 * 7 * DAY
# A weekday is one of rest where it was so at least as often, and never a day of work.
OFTEN = 2
# What says nothing of the weekday.
_OTHER = frozenset({Mark.HOLIDAY, Mark.LEAVE, Mark.NONE, Mark.AHEAD})


class RestDays:
    def __init__(self, account: ServiceAccount, tenants: Tenants, now: Callable[[], datetime]) -> None:
        self._account = account
        self._tenants = tenants
        self._now = now

    async def find(self, link: Link, first: date, last: date) -> Sequence[date] | None:
        """All of these days where every one of them is one of rest, else none; None where BioTime does not say."""
        days = [first + n * DAY for n in range((last - first).days + 1)]
        if len(days) >= 7:
            return ()
        today = self._now().astimezone(self._tenants.zone_of(link.company)).date()
        since = min(first, today - LOOK_BACK)
        try:
            async with asyncio.timeout(PATIENCE.total_seconds()):
                cards = await self._account.fetch_all(
                    link.company,
                    lambda office, token: office.att.fetch_time_cards(token, since, today, employees=link.emp_id),
                )
        except (NoServiceAccount, BioTimeError, TimeoutError):
            return None
        return find_rest((card for card in cards if card.emp_code == link.emp_code), days, today)


def find_rest(cards: Iterable[TimeCard], days: Sequence[date], today: date) -> Sequence[date]:
    """`days` where every one of them is one of rest, else none."""
    known = list(cards)
    first = min([*days, today - LOOK_BACK])
    marks = {day.workdate: day.mark for day in build_workdays(known, first, today)}
    return days if all(_is_rest(marks, day, today) for day in days) else ()


def _is_rest(marks: dict[date, Mark], day: date, today: date) -> bool:
    if day < today:
        return marks.get(day) is Mark.REST
    before = [marks.get(at, Mark.NONE) for at in _same_weekdays(day, today)]
    telling = [mark for mark in before if mark not in _OTHER]
    return len(telling) >= OFTEN and all(mark is Mark.REST for mark in telling)


def _same_weekdays(day: date, today: date) -> Iterable[date]:
    """Those of the last weeks, today not among them: it is not over."""
    newest = today - (1 + (today.weekday() - 1 - day.weekday()) % 7) * DAY
    while newest >= today - LOOK_BACK:
        yield newest
        newest -= 7 * DAY
