"""Whether a tenant keeps our marker, and whether its clock is in the zone we think: found out from punches that people
made anyway."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta

from bot.attendance.stamps import measure_shift
from bot.biotime.dialect import MarkerKeeping, judge_probe
from bot.biotime.errors import BioTimeError
from bot.biotime.values import ListedPunch
from bot.database import Database
from bot.services.requests import gps_text, marker
from bot.services.sessions import SessionOver, Sessions
from bot.services.tenants import Tenants
from bot.store import areas, links, punches
from bot.store.stamps import load_stamps

MARGIN = timedelta(minutes=5)
# So many in agreement: one alone may have been held up.
STAMPS = 3


class Probing:
    def __init__(self, db: Database, tenants: Tenants, sessions: Sessions, now: Callable[[], datetime]) -> None:
        self._db = db
        self._tenants = tenants
        self._sessions = sessions
        self._now = now

    async def run(self) -> dict[str, MarkerKeeping | None]:
        """By company; None where no punch of ours has got through yet, so that nothing can be known."""
        return {company: await self._probe(company) for company in self._tenants.companies}

    async def compare_stamps(self) -> dict[str, timedelta | None]:
        """By company: how far BioTime's clock is ahead of the zone it is read in; None where nothing can be known.

        The answer's `Date` would not tell: it is UTC, while the API names no zone with its wall clock (manual, 6.4).
        """
        return {company: await self._compare(company) for company in self._tenants.companies}

    async def _compare(self, company: str) -> timedelta | None:
        return measure_shift(await self._db.read(lambda c: load_stamps(c, company, STAMPS)))

    async def _probe(self, company: str) -> MarkerKeeping | None:
        """The company's last confirmed punch, looked up in the list in its owner's name."""
        punch = await self._db.read(lambda c: punches.load_last_confirmed(c, company))
        link = await self._db.read(lambda c: links.find_link_of_employee(c, punch.link_id)) if punch else None
        if punch is None or link is None:
            return None
        since = punch.punched_at - MARGIN
        try:
            listed = await self._sessions.call(
                link, lambda client, token: _texts(client.fetch_punches(token, since), link.emp_code)
            )
        except (SessionOver, BioTimeError):
            return None
        keeping = judge_probe(marker(punch), gps_text(punch), listed)
        await self._db.write(lambda c: areas.settle_marker(c, company, keeping, self._now()))
        return keeping


async def _texts(rows: AsyncIterator[ListedPunch], emp_code: str) -> list[str | None]:
    return [row.gps_location async for row in rows if row.emp_code == emp_code]
