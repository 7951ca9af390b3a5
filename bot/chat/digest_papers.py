"""What goes with a digest as a file: the picture of a week, the sheet of a month."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from bot.i18n import Translator
from bot.papers.figures import build_team_figures
from bot.papers.press import Press
from bot.papers.team_ledger import build_team_ledger
from bot.services.alerts import Undelivered
from bot.services.cards import CatchUp, News
from bot.services.digests import Digest
from bot.store.links import Link, Person

# The other alerts wait meanwhile. What takes longer is made all the same, and there at the next try.
PATIENCE = timedelta(seconds=10)
_WEEK, _MONTH = "bot.papers.team_week:draw_team", "bot.papers.team_sheet:write_team_sheet"


@dataclass(frozen=True, slots=True)
class Paper:
    """A file as it is sent."""

    name: str
    made: bytes

    @property
    def is_picture(self) -> bool:
        return self.name.endswith(".png")


class DigestPapers:
    def __init__(self, press: Press) -> None:
        self._press = press

    async def make(self, t: Translator, link: Link, person: Person, news: News) -> Paper | None:
        """None where nothing goes with it. Raises NoPaper, and Undelivered where it takes its time."""
        try:
            async with asyncio.timeout(PATIENCE.total_seconds()):
                return await self._make(t, link, person, news)
        except TimeoutError as problem:
            raise Undelivered(unsent=True) from problem

    async def _make(self, t: Translator, link: Link, person: Person, news: News) -> Paper | None:
        match news:
            case CatchUp(parts):
                papers = [await self._make(t, link, person, part) for part in parts]
                return next((one for one in papers if one is not None), None)
            case Digest(stripes=stripes) if stripes:
                figures = build_team_figures(news, t.language, dark=person.dark)
                return Paper("team.png", await self._press.make(_WEEK, figures))
            case Digest(totals=totals) if totals:
                ledger = build_team_ledger(news, link.company, t.language)
                return Paper(f"team-{ledger.first:%Y-%m}.xlsx", await self._press.make(_MONTH, ledger))
        return None
