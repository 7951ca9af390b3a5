"""A person says of a day what no clock knows yet: late, sick, on the way."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from bot.database import Database
from bot.services.tenants import Tenants
from bot.store import notices
from bot.store.links import Link
from bot.store.notices import Notice, NoticeKind


@dataclass(frozen=True, slots=True)
class Said:
    """What to keep. `workdate` None: today, in the company's zone."""

    kind: NoticeKind
    source: str
    minutes: int | None = None
    note: str | None = None
    workdate: date | None = None


class Notices:
    """Each person speaks for themselves: the employee comes from the link, never from the request."""

    def __init__(self, db: Database, tenants: Tenants, now: Callable[[], datetime]) -> None:
        self._db = db
        self._tenants = tenants
        self._now = now

    async def say(self, link: Link, said: Said) -> Notice:
        """Keeps it once per source; returns what that source said first."""
        now = self._now()
        notice = Notice(
            company=link.company,
            emp_code=link.emp_code,
            workdate=said.workdate or self.today(link),
            kind=said.kind,
            minutes=said.minutes,
            note=said.note,
            said_at=now,
            source=said.source,
        )
        return await self._db.write(lambda c: _keep(c, notice))

    async def is_kept(self, source: str) -> bool:
        return await self._db.read(lambda c: notices.find_notice(c, source)) is not None

    async def take_back(self, link: Link, source: str) -> bool:
        return await self._db.write(lambda c: notices.drop_notice(c, link.company, link.emp_code, source))

    def today(self, link: Link) -> date:
        return self._now().astimezone(self._tenants.zone_of(link.company)).date()

    async def load_day(self, company: str, workdate: date) -> list[Notice]:
        """Everybody's of a company, for its managers: who may see whom is for the caller to know."""
        return await self._db.read(lambda c: notices.load_notices(c, company, workdate))


def _keep(connection: Connection, notice: Notice) -> Notice:
    known = None if notices.add_notice(connection, notice) else notices.find_notice(connection, notice.source)
    return known or notice
