"""Takes "Clock out" from a screen where it has stood too long: in the morning it would end yesterday's shift."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from bot.attendance.direction import ENDING, LONGEST_SHIFT
from bot.database import Database
from bot.services.alerts import Messenger, Undelivered
from bot.services.clocking import choose_next
from bot.services.offering import Offer, Offering
from bot.store import links, punches


class Overdue:
    def __init__(self, db: Database, messenger: Messenger, offering: Offering, now: Callable[[], datetime]) -> None:
        self._db = db
        self._messenger = messenger
        self._offering = offering
        self._now = now

    async def renew(self) -> int:
        """Tells everybody whose keyboard offers to end what began more than the longest shift ago; returns how many."""
        overdue = await self._db.read(self._find)
        for offer, since in overdue:
            try:
                await self._messenger.send_overdue(offer.link, offer.person, offer.following, since)
            except Undelivered as problem:
                if problem.final:
                    await self._offering.offered(offer.link.telegram_id, offer.following)
        return len(overdue)

    def _find(self, connection: Connection) -> list[tuple[Offer, datetime]]:
        now = self._now()
        found = []
        for link, person in links.find_offering(connection, ENDING, now):
            last = punches.load_last_punch(connection, link.company, link.emp_code)
            began = max((at for at in (link.last_punch_at, last and last.punched_at) if at), default=None)
            if began is not None and now - began >= LONGEST_SHIFT:
                found.append((Offer(link, person, choose_next(link, last, now)), began))
        return found
