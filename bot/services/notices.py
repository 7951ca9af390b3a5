"""A person says of a day what no clock knows yet: late, sick, on the way."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection

from bot.attendance.direction import LONGEST_SHIFT
from bot.attendance.worked import find_arrival
from bot.database import Database
from bot.services.tenants import Tenants
from bot.store import notices, presence, shifts
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


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of somebody's day before they say more. `since`: here since then, breaks and all, None where they
    did not come today or are gone; `sick`: they said so of today; `ended`: when today's work ended, None before that,
    while last night's goes on, and where no timetable is known.
    """

    since: datetime | None
    sick: Notice | None
    ended: datetime | None = None


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

    async def load_standing(self, link: Link) -> Standing:
        """As far as this bot knows: BioTime is not asked."""
        now, today = self._now(), self.today(link)
        midnight = datetime.combine(today, time(), self._tenants.zone_of(link.company))
        since = midnight - LONGEST_SHIFT

        def load(connection: Connection) -> Standing:
            times = presence.load_times(connection, link.company, since, [link.emp_code]).get(link.emp_code, [])
            if link.last_punch_at is not None and link.last_punch_state is not None:
                times = [*times, (link.last_punch_at, link.last_punch_state)]
            arrived = find_arrival([one for one in times if one[0] <= now], now)
            own = notices.load_own_notices(connection, link.company, link.emp_code, today)
            sick = [one for one in own if one.kind is NoticeKind.SICK]
            # Whoever came before midnight has a night shift, or has forgotten to clock out yesterday.
            ends = shifts.load_ends(connection, link.company, link.emp_code, [today - timedelta(days=1), today])
            ended = ends[today] if today in ends and max(ends.values()) <= now else None
            return Standing(arrived if arrived and arrived >= midnight else None, sick[-1] if sick else None, ended)

        return await self._db.read(load)

    async def is_kept(self, source: str) -> bool:
        return await self._db.read(lambda c: notices.find_notice(c, source)) is not None

    async def take_back(self, link: Link, source: str) -> bool:
        return await self._db.write(lambda c: notices.drop_notice(c, link.company, link.emp_code, source))

    async def take_back_sick(self, link: Link) -> None:
        """Whatever of today said so: this dialog, or the answer to a question."""
        today = self.today(link)
        await self._db.write(lambda c: notices.drop_notices(c, link.company, link.emp_code, today, NoticeKind.SICK))

    def today(self, link: Link) -> date:
        return self._now().astimezone(self._tenants.zone_of(link.company)).date()

    async def load_day(self, company: str, workdate: date) -> list[Notice]:
        """Everybody's of a company, for its managers: who may see whom is for the caller to know."""
        return await self._db.read(lambda c: notices.load_notices(c, company, workdate))


def _keep(connection: Connection, notice: Notice) -> Notice:
    known = None if notices.add_notice(connection, notice) else notices.find_notice(connection, notice.source)
    return known or notice
