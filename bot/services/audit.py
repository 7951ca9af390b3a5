"""The nightly audit: whether BioTime holds a punch twice, whatever the protocol believes.

A process that slept through everything may have its request applied long after the punch went in as a manual log, and
die before it can say so. Only a look at both lists finds that.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot.biotime import dialect
from bot.biotime.client import BioTimeClient
from bot.biotime.errors import BioTimeError
from bot.biotime.values import ListedPunch, ManualLog, PunchSource
from bot.database import Database
from bot.services.requests import marker
from bot.services.sessions import SessionOver, Sessions
from bot.services.telling import Telling
from bot.store import links, punches
from bot.store.links import Link
from bot.store.punches import Punch

log = structlog.get_logger(__name__)
# Two nights see every punch, so that one of them may fail.
LOOK_BACK = timedelta(days=2)
# What BioTime's clock may be ahead or behind.
MARGIN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class _Books:
    """What BioTime holds of one employee."""

    employee: str
    listed: tuple[ListedPunch, ...]
    manual_logs: tuple[ManualLog, ...]


class Audit:
    def __init__(self, db: Database, sessions: Sessions, telling: Telling[Punch], now: Callable[[], datetime]) -> None:
        self._db = db
        self._sessions = sessions
        self._telling = telling
        self._now = now

    async def run(self) -> tuple[Punch, ...]:
        """Flags the punches of the last two days that BioTime holds twice, and tells the managers; returns them."""
        since = self._now() - LOOK_BACK
        recent = await self._db.read(lambda c: punches.find_twins(c, since))
        people = {(punch.company, punch.emp_code): punch.link_id for punch in recent}
        flagged: list[Punch] = []
        for person, link_id in people.items():
            own = [punch for punch in recent if (punch.company, punch.emp_code) == person]
            flagged += await self._audit(link_id, own, since)
        return tuple(flagged)

    async def _audit(self, link_id: int, own: Iterable[Punch], since: datetime) -> list[Punch]:
        books = await self._fetch(link_id, since)
        twice = [punch for punch in own if books and not punch.progress.flagged and is_twice(punch, books)]
        return [punch for punch in twice if await self._flag(punch)]

    async def _fetch(self, link_id: int, since: datetime) -> _Books | None:
        """None where nobody's session opens the books: the next night is another chance."""
        link = await self._db.read(lambda c: links.find_link_of_employee(c, link_id))
        if link is None:
            return None
        try:
            return await self._sessions.call(link, lambda client, token: _read(client, token, link, since - MARGIN))
        except (SessionOver, BioTimeError) as problem:
            log.warning("not audited", link=link_id, problem=type(problem).__name__)
            return None

    async def _flag(self, punch: Punch) -> bool:
        after = replace(punch.progress, flagged=True)
        # A row that moved on meanwhile is left to the next night.
        if not await self._db.write(lambda c: punches.settle(c, punch, after)):
            return False
        log.warning("BioTime holds a punch twice", punch=punch.id, ref=punch.ref)
        await self._telling.warn(replace(punch, progress=after))
        return True


def is_twice(punch: Punch, books: _Books) -> bool:
    """One marker in two places, but for the stamp and its correction."""
    own = (row for row in books.listed if row.source == PunchSource.APP)
    stamps = len(dialect.find_marked(marker(punch), punch.emp_code, own))
    filed = sum(
        dialect.holds_marker(entry.apply_reason, marker(punch)) and entry.employee == books.employee
        for entry in books.manual_logs
    )
    return stamps > 1 or filed > 1 or bool(stamps and filed and not punch.progress.correction)


async def _read(client: BioTimeClient, token: str, link: Link, since: datetime) -> _Books:
    listed = [row async for row in client.fetch_punches(token, since)]
    manual_logs = [entry async for entry in client.fetch_manual_logs(token)]
    return _Books(link.emp_id, tuple(listed), tuple(manual_logs))
