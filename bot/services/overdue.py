"""Takes "Clock out" from a screen where it has stood too long: in the morning it would end yesterday's shift."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from bot.attendance.direction import ENDING, LONGEST_SHIFT
from bot.attendance.model import PunchState
from bot.database import Database
from bot.services.alerts import Messenger, Undelivered
from bot.services.clocking import choose_next
from bot.services.linking import Linking
from bot.services.offering import Offering
from bot.store import links, punches
from bot.store.links import Link, Person


class Overdue:
    def __init__(
        self, db: Database, messenger: Messenger, offering: Offering, linking: Linking, now: Callable[[], datetime]
    ) -> None:
        self._db = db
        self._messenger = messenger
        self._offering = offering
        self._linking = linking
        self._now = now

    async def renew(self) -> int:
        """Tells everybody whose keyboard offers to end what began more than the longest shift ago; returns how many."""
        overdue = await self._db.read(self._find)
        for link, person in overdue:
            # It may have ended at a terminal.
            looked = await self._linking.look_at_last_punch(link)
            following, began = await self._db.read(lambda c, link=looked: self._judge(c, link))  # type: ignore[misc]
            await self._tell(looked, person, following, began)
        return len(overdue)

    async def _tell(self, link: Link, person: Person, following: PunchState, began: datetime | None) -> None:
        since = began if began is not None and self._is_long_ago(began) else None
        try:
            await self._messenger.send_overdue(link, person, following, since)
        except Undelivered as problem:
            if problem.final:
                await self._offering.offered(link.telegram_id, following)

    def _find(self, connection: Connection) -> list[tuple[Link, Person]]:
        found = []
        for link, person in links.find_offering(connection, ENDING, self._now()):
            _, began = self._judge(connection, link)
            if began is not None and self._is_long_ago(began):
                found.append((link, person))
        return found

    def _judge(self, connection: Connection, link: Link) -> tuple[PunchState, datetime | None]:
        """What is next, and when the last punch was that anybody knows of."""
        last = punches.load_last_punch(connection, link.company, link.emp_code)
        known = [at for at in (link.last_punch_at, last.punched_at if last else None) if at is not None]
        return choose_next(link, last, self._now()), max(known, default=None)

    def _is_long_ago(self, at: datetime) -> bool:
        return self._now() - at >= LONGEST_SHIFT
