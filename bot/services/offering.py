"""What a chat's keyboard says: a button sends a location and not its label, so what was pressed is known from here."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from bot.attendance.model import PunchState
from bot.database import Database
from bot.services.clocking import KIND, choose_next
from bot.store import conversations, links, punches
from bot.store.punches import Punch


class Offering:
    def __init__(self, db: Database, now: Callable[[], datetime]) -> None:
        self._db = db
        self._now = now

    async def offered(self, telegram_id: int) -> None:
        """The chat (a private one's id is the person's) shows the keyboard with what is next: a kind chosen under More
        before that is off the screen, and so no longer chosen."""
        now = self._now()

        def settle(connection: Connection) -> None:
            links.settle_offered(connection, telegram_id, now)
            conversations.end_dialog(connection, telegram_id, KIND)

        await self._db.write(settle)

    async def next_after(self, punch: Punch) -> PunchState | None:
        """What to offer once this punch is told of; None where its chat is somebody else's by now, or where a later
        punch will do it."""
        now = self._now()

        def load(connection: Connection) -> PunchState | None:
            link = links.find_link(connection, punch.chat_id)
            if link is None or (link.company, link.emp_code) != (punch.company, punch.emp_code):
                return None
            last = punches.load_last_punch(connection, punch.company, punch.emp_code)
            if last is None or last.id != punch.id:
                return None
            return choose_next(link, last, now)

        return await self._db.read(load)
