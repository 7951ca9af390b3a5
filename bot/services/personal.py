"""What is held about a person: given to them whole, and forgotten when they ask for it."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from bot.database import Database
from bot.services.receipt_ends import ReceiptEnds
from bot.store import personal as store
from bot.store.links import Link

Held = Mapping[str, Sequence[Mapping[str, Any]]]
"""Rows by table."""
ATTEMPTS_KEPT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class StillOpen:
    """So many punches are not in BioTime yet: they must get there first."""

    count: int


@dataclass(frozen=True, slots=True)
class Forgotten:
    """`others`: accounts of the same person that are logged out with it."""

    others: tuple[int, ...]


class Personal:
    """The employee is that of the link: nobody reads or removes what is another's."""

    def __init__(self, db: Database, receipt_ends: ReceiptEnds, now: Callable[[], datetime]) -> None:
        self._db = db
        self._receipt_ends = receipt_ends
        self._now = now

    async def collect(self, link: Link) -> Held:
        return await self._db.read(lambda c: store.load_personal(c, link))

    async def count_open(self, link: Link) -> int:
        return await self._db.read(lambda c: store.count_open(c, link))

    async def count_undecided(self, link: Link) -> int:
        """Requests whose decision nobody could be told of afterwards."""
        return await self._db.read(lambda c: store.count_undecided(c, link))

    async def forget(self, link: Link) -> Forgotten | StillOpen:
        """All or, as long as a punch is on its way, nothing. The erased bytes leave the files, too."""

        def forget(connection: Connection) -> Forgotten | StillOpen:
            waiting = store.count_open(connection, link)
            if waiting:
                return StillOpen(waiting)
            self._receipt_ends.keep(connection, link.company, link.emp_code)
            accounts = store.forget_employee(connection, link, self._now() - ATTEMPTS_KEPT)
            return Forgotten(tuple(one for one in accounts if one != link.telegram_id))

        outcome = await self._db.write(forget)
        await self._db.scrub()
        return outcome


def write_json(held: Held) -> bytes:
    """For machines: all of it."""
    return json.dumps(held, ensure_ascii=False, indent=2, default=str).encode()
