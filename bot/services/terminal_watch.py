"""Terminals that are silent or whose clock is wrong: HR is told once, and once more when it is over.

Whoever links while a trouble lasts is told of it then; that it is over, only who was told of it.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.attendance.terminals import WRONG_BY, Trouble, TroubleKind, examine
from bot.database import Database
from bot.services.tenants import Tenants
from bot.store import links, outbox
from bot.store import terminals as store
from bot.store.messages import New, Topic

# Nothing is known of the clock of a terminal at which nobody has punched for so long.
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
        health = examine(heard, looked_at)
        found = {(one.sn, one.kind): one for one in health.troubles}
        known = await self._db.read(lambda c: store.load_open(c, company))
        there = {one.sn for one in heard}
        told = {(one.trouble.sn, one.trouble.kind): one.id for one in known if one.trouble.sn in there}
        offs = {(one.trouble.sn, one.trouble.kind): one.trouble.off for one in known}
        moved = [trouble for key, trouble in found.items() if key in told and abs(trouble.off - offs[key]) > WRONG_BY]
        begun = [trouble for key, trouble in found.items() if key not in told]
        over = [trouble_id for key, trouble_id in told.items() if key in health.well]
        lasting = [trouble_id for key, trouble_id in told.items() if key not in health.well]
        unheard = await self._db.read(lambda c: _find_unheard(c, company, lasting, now))
        if unheard:
            await self._db.write(lambda c: outbox.add_once(c, company, unheard, now))
        if moved:
            await self._db.write(lambda c: _follow(c, company, moved, told, now))
        if not begun and not over:
            return 0
        await self._db.write(lambda c: _keep(c, company, begun, over, now))
        return len(begun) + len(over)


def _keep(connection: Connection, company: str, begun: list[Trouble], over: list[int], now: datetime) -> None:
    hr = _find_hr(connection, company)
    found = [store.add_trouble(connection, company, one, now) for one in begun]
    for one in begun:
        store.redate_punches(connection, company, one, now - RECENT)
    ended = [number for number in over if store.end_trouble(connection, number, now)]
    news = [_tell(code, number, now) for number in found for code in hr]
    news += [
        New(code, Topic.TERMINAL, f"{number} over", now, {"trouble": number, "over": True})
        for number in ended
        for code in sorted(outbox.find_told(connection, company, Topic.TERMINAL, str(number)))
    ]
    outbox.add_once(connection, company, news, now)


def _follow(
    connection: Connection,
    company: str,
    moved: list[Trouble],
    told: Mapping[tuple[str, TroubleKind], int],
    now: datetime,
) -> None:
    """A clock that is wrong by something else now: HR knows that it is wrong, what it stamps counts accordingly."""
    for one in moved:
        store.settle_off(connection, told[one.sn, one.kind], one.off)
        store.redate_punches(connection, company, one, now - RECENT)


def _find_unheard(connection: Connection, company: str, lasting: list[int], now: datetime) -> list[New]:
    hr = _find_hr(connection, company) if lasting else []
    heard = {number: outbox.find_told(connection, company, Topic.TERMINAL, str(number)) for number in lasting}
    return [_tell(code, number, now) for number in lasting for code in hr if code not in heard[number]]


def _find_hr(connection: Connection, company: str) -> list[str]:
    return sorted({link.emp_code for link, _ in links.find_hr(connection, company)})


def _tell(code: str, number: int, now: datetime) -> New:
    return New(code, Topic.TERMINAL, str(number), now, {"trouble": number, "over": False})
