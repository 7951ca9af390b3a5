"""What a chat's keyboard says: a button sends a location and not its label, so what was pressed is known from here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot.attendance.model import PunchState
from bot.database import Database
from bot.services.clocking import KIND, choose_next
from bot.store import conversations, links, punches
from bot.store.links import Link, Person
from bot.store.punches import Punch


@dataclass(frozen=True, slots=True)
class Offer:
    """What is next for one account of an employee."""

    link: Link
    person: Person
    following: PunchState


class Offering:
    def __init__(self, db: Database, now: Callable[[], datetime]) -> None:
        self._db = db
        self._now = now

    async def offered(self, telegram_id: int, said: PunchState) -> None:
        """The chat (a private one's id is the person's) shows the keyboard with what is next: a kind chosen under More
        before that is off the screen, and so no longer chosen."""
        now = self._now()

        def settle(connection: Connection) -> None:
            links.settle_offered(connection, telegram_id, said, now)
            conversations.end_dialog(connection, telegram_id, KIND)

        await self._db.write(settle)

    async def find_link(self, telegram_id: int) -> Link | None:
        """As it is now, with what its keyboard says."""
        return await self._db.read(lambda c: links.find_link(c, telegram_id))

    async def offers_after(self, punch: Punch) -> list[Offer]:
        """What to offer once this punch is told of, to every account of the employee, its own last: a button that
        says what is done already would be pressed. None where a later punch will do it, or nobody is logged in."""
        now = self._now()

        def load(connection: Connection) -> list[Offer]:
            last = punches.load_last_punch(connection, punch.company, punch.emp_code)
            if last is not None and last.id != punch.id and last.punched_at >= punch.punched_at:
                return []
            pairs = links.find_links_of_employee(connection, punch.company, punch.emp_code)
            pairs.sort(key=lambda pair: pair[0].telegram_id == punch.chat_id)
            offers = [Offer(link, person, choose_next(link, last, now)) for link, person in pairs]
            if punch.progress.asked_at is None:
                return offers
            # What was forgotten long ago seldom changes what is next: then there is nothing to say.
            return [offer for offer in offers if offer.following is not offer.link.offered_state]

        return await self._db.read(load)
