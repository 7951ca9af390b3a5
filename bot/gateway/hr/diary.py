"""Who did what, where whoever runs this gateway keeps a diary of it: sentences to read, the newest first."""

from collections.abc import Awaitable, Callable, Sequence
from zoneinfo import ZoneInfo

from starlette.responses import Response

from bot.gateway.api.resource import Handlers
from bot.gateway.hr.sections import PAGE_SIZE
from bot.gateway.hr.visits import Visit, Visits
from bot.gateway.rest.paging import read_page

Diary = Callable[[str, ZoneInfo, int, int], Awaitable[Sequence[str]]]
"""Of a company: its name, the zone of its times, how many to skip and how many to read."""


class DiaryPages:
    def __init__(self, visits: Visits, diary: Diary | None) -> None:
        self._visits = visits
        self._diary = diary

    def pages(self) -> dict[str, Handlers]:
        return {"/hr/diary/": self._visits.shown_by(self.list)}

    async def list(self, visit: Visit) -> Response:
        """One more is read than is shown: then there is a next page."""
        number, office = read_page(visit.request, PAGE_SIZE).number or 1, visit.office
        skipped = (number - 1) * PAGE_SIZE
        lines = await self._diary(office.name, office.zone, skipped, PAGE_SIZE + 1) if self._diary else ()
        shown = [line.split("\n") for line in lines[:PAGE_SIZE]]
        return visit.show("diary.html", "Who did what", lines=shown, number=number, more=len(lines) > PAGE_SIZE)
