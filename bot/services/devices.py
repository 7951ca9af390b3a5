"""The Telegram accounts that are logged in as one employee: seen, told of a new one, and logged out."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from bot.database import Database
from bot.store import links, tokens
from bot.store.links import Link, Person


class Devices:
    """The employee is that of the link: nobody sees or ends anybody else's."""

    def __init__(self, db: Database, now: Callable[[], datetime]) -> None:
        self._db = db
        self._now = now

    async def find_others(self, link: Link) -> list[tuple[Link, Person]]:
        """Every other account of the same employee."""
        pairs = await self._db.read(lambda c: links.find_links_of_employee(c, link.company, link.emp_code))
        return [(other, person) for other, person in pairs if other.telegram_id != link.telegram_id]

    async def log_out(self, link: Link, *, here_too: bool) -> list[tuple[Link, Person]]:
        """Ends every other session of the employee, and this one if so asked; returns the others that there were.

        A token that a punch still needs goes when the punch is through.
        """

        def end(connection: Connection) -> list[tuple[Link, Person]]:
            pairs = links.find_links_of_employee(connection, link.company, link.emp_code)
            for one, _ in pairs:
                if here_too or one.telegram_id != link.telegram_id:
                    links.end_link(connection, one.telegram_id, self._now())
            tokens.drop_ended_tokens(connection)
            return [pair for pair in pairs if pair[0].telegram_id != link.telegram_id]

        return await self._db.write(end)
