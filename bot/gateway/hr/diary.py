"""Who did what, where whoever runs this gateway keeps a diary of it: sentences to read, the newest first."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from starlette.responses import Response

from bot.gateway.api.resource import Handlers
from bot.gateway.hr.days import read_day
from bot.gateway.hr.sections import PAGE_SIZE
from bot.gateway.hr.visits import Visit, Visits
from bot.gateway.records.reports import Period
from bot.gateway.rest.paging import read_page

_FAR = 10**9


@dataclass(frozen=True, slots=True)
class Wanted:
    """From `since` on and before `until`, None for any; `emp_code`: whoever did it or whom it is about, "" for all."""

    since: datetime | None = None
    until: datetime | None = None
    emp_code: str = ""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page of it, from 1 to `last`."""

    number: int
    last: int
    lines: Sequence[str]


Diary = Callable[[str, ZoneInfo, Wanted, int, int], Awaitable[Leaf]]
"""Of a company: its name, the zone of its times, which lines, which page (of those there are the nearest), and how many
lines are on one."""


class DiaryPages:
    def __init__(self, visits: Visits, diary: Diary | None) -> None:
        self._visits = visits
        self._diary = diary

    def pages(self) -> dict[str, Handlers]:
        return {"/hr/diary/": self._visits.shown_by(self.list)}

    async def list(self, visit: Visit) -> Response:
        """A page that is not there, or "last", is the last one."""
        number, office = read_page(visit.request, PAGE_SIZE).number or _FAR, visit.office
        first, last, code = read_day(visit, "first"), read_day(visit, "last"), visit.asked("emp_code").strip()
        wanted = Wanted(*_bounds(first, last, office.zone), code)
        leaf = Leaf(1, 1, ())
        if self._diary is not None:
            leaf = await self._diary(office.name, office.zone, wanted, number, PAGE_SIZE)
        asked = {"emp_code": code, "first": str(first or ""), "last": str(last or "")}
        # The other pages are of the same days and person.
        same = urlencode({name: value for name, value in asked.items() if value})
        shown = {"lines": [line.split("\n") for line in leaf.lines], "more": leaf.number < leaf.last}
        values: dict[str, Any] = {**asked, **shown, "same": same, "number": leaf.number}
        return visit.show("diary.html", "Who did what", **values)


def _bounds(first: date | None, last: date | None, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
    since = Period(first, first).bounds(zone)[0] if first else None
    return since, Period(last, last).bounds(zone)[1] if last else None
