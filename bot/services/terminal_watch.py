"""Terminals that are silent or whose clock is wrong: HR is told once, and once more when it is over."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.attendance.terminals import Trouble, find_troubles
from bot.database import Database
from bot.services.tenants import Tenants
from bot.store import links, outbox
from bot.store import terminals as store
from bot.store.outbox import New, Topic

RECENT = timedelta(hours=12)
# What was asked longer ago says nothing of now.
FRESH = timedelta(minutes=5)


class TerminalWatch:
    def __init__(self, db: Database, tenants: Tenants, now: Callable[[], datetime]) -> None:
        self._db = db
        self._tenants = tenants
        self._now = now

    async def run(self) -> int:
        """Returns how many troubles began or ended."""
        return sum([await self._watch(company) for company in self._tenants.companies])

    async def _watch(self, company: str) -> int:
        now = self._now()
        heard, looked_at = await self._db.read(lambda c: store.load_heard(c, company, now - RECENT))
        if looked_at is None or now - looked_at > FRESH:
            return 0
        found = {(one.sn, one.kind): one for one in find_troubles(heard, looked_at)}
        known = await self._db.read(lambda c: store.load_open(c, company))
        told = {(one.trouble.sn, one.trouble.kind): one.id for one in known}
        begun = [trouble for key, trouble in found.items() if key not in told]
        over = [trouble_id for key, trouble_id in told.items() if key not in found]
        if not begun and not over:
            return 0
        await self._db.write(lambda c: _keep(c, company, begun, over, now))
        return len(begun) + len(over)


def _keep(connection: Connection, company: str, begun: list[Trouble], over: list[int], now: datetime) -> None:
    hr = sorted({link.emp_code for link, _ in links.find_hr(connection, company)})
    told = [(f"{store.add_trouble(connection, company, one, now)}", False) for one in begun]
    told += [(str(number), True) for number in over if store.end_trouble(connection, number, now)]
    news = [
        New(code, Topic.TERMINAL, f"{number} over" if ended else number, now, {"trouble": int(number), "over": ended})
        for number, ended in told
        for code in hr
    ]
    outbox.add_once(connection, company, news, now)
