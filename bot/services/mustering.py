"""A roll call of who is on site now: each of them is asked, and what they answer is counted."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.database import Database
from bot.services.managing import Refusal, Refused
from bot.services.noting import build_line
from bot.services.team import Team
from bot.store import audit_lines
from bot.store import musters as store
from bot.store.audit_lines import Act
from bot.store.links import Link, lock_employee
from bot.store.musters import Answer, Called, Muster

# One that nobody has ended since is forgotten.
RUNNING = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Running:
    """It had been begun already, and goes on."""

    muster: Muster


class Mustering:
    def __init__(self, db: Database, team: Team, now: Callable[[], datetime]) -> None:
        self._db = db
        self._team = team
        self._now = now

    async def count(self, asking: Link) -> int | Refused:
        """How many a roll call would reach for."""
        called = await self._who(asking)
        return called if isinstance(called, Refused) else len(called)

    async def begin(self, asking: Link, chat_id: int, source: str, *, anew: bool = False) -> Muster | Running | Refused:
        """Once for each source: the same tap again finds the one it began. One of another source that runs is found
        instead, and ended where it is to be begun `anew`: on two phones at once, too.
        """
        called = await self._who(asking)
        if isinstance(called, Refused):
            return called
        company, code, now = asking.company, asking.emp_code, self._now()
        line = build_line(asking, Act.MUSTERED, now, once=source, text=str(len(called)))

        def begin(connection: Connection) -> Muster | Running | None:
            lock_employee(connection, company, code)
            other = store.find_running(connection, company, code, since=now - RUNNING, but=source)
            if other is not None and not anew:
                return Running(other)
            begun = store.add_muster(connection, company, code, chat_id, source=source, now=now, people=called)
            if begun is not None:
                audit_lines.add_audit_line(connection, line)
                if other is not None:
                    store.end_muster(connection, other.id, now)
            return store.find_by_source(connection, source)

        return await self._db.write(begin) or Refused(Refusal.NOT_THERE)

    async def find_running(self, asking: Link) -> Muster | None:
        """One of their own that goes on."""
        company, code, since = asking.company, asking.emp_code, self._now() - RUNNING
        return await self._db.read(lambda c: store.find_running(c, company, code, since=since))

    async def load_running(self) -> list[Muster]:
        """Everybody's."""
        since = self._now() - RUNNING
        return [await self._mark(one) for one in await self._db.read(lambda c: store.load_running(c, since))]

    async def find(self, asking: Link, muster_id: int) -> Muster | None:
        """Their own."""
        found = await self._db.read(lambda c: store.find_muster(c, muster_id))
        if found is None or (found.company, found.by_code) != (asking.company, asking.emp_code):
            return None
        return await self._mark(found)

    async def answer(self, link: Link, muster_id: int, answer: Answer) -> tuple[Muster, bool] | None:
        """The employee speaks for themselves, and whether they say something new; None where they were not called, or
        it is over."""
        muster = await self._db.read(lambda c: store.find_muster(c, muster_id))
        if muster is None or muster.company != link.company or muster.ended_at is not None:
            return None
        now = self._now()
        said = next((one.answer for one in muster.people if one.emp_code == link.emp_code), None)
        if not await self._db.write(lambda c: store.settle_answer(c, muster_id, link.emp_code, answer, now)):
            return None
        after = await self._db.read(lambda c: store.find_muster(c, muster_id))
        return None if after is None else (await self._mark(after), said is not answer)

    async def end(self, asking: Link, muster_id: int) -> Muster | None:
        if await self.find(asking, muster_id) is None:
            return None
        now = self._now()
        await self._db.write(lambda c: store.end_muster(c, muster_id, now))
        return await self.find(asking, muster_id)

    async def keep_message(self, muster_id: int, chat_id: int, message_id: int) -> None:
        """Where its list is, and is counted."""
        await self._db.write(lambda c: store.settle_message(c, muster_id, chat_id, message_id))

    async def keep_reached(self, muster_id: int, emp_code: str) -> None:
        await self._db.write(lambda c: store.settle_reached(c, muster_id, emp_code))

    async def _mark(self, muster: Muster) -> Muster:
        """Whoever has clocked out is not missing in a fire; whoever is on a break may be."""
        silent = {one.emp_code for one in muster.people if one.answer is None}
        resting = await self._team.load_breaks(muster.company, silent)
        gone = silent - resting.keys() - (await self._team.load_since(muster.company, silent)).keys()
        people = (replace(p, gone=p.emp_code in gone, break_since=resting.get(p.emp_code)) for p in muster.people)
        return replace(muster, people=tuple(people))

    async def _who(self, asking: Link) -> list[Called] | Refused:
        sites = await self._team.who_is_in(asking)
        if isinstance(sites, Refused):
            return sites
        away = [one.emp_code for site in sites for one in site.away]
        resting = await self._team.load_breaks(asking.company, away)
        return [
            Called(one.emp_code, one.name, site.name, one.phone)
            for site in sites
            for one in (*(here.person for here in site.present), *(out for out in site.away if out.emp_code in resting))
            if one.emp_code != asking.emp_code
        ]
