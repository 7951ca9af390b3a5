"""Digests: each manager's day, week and month at the time they chose, and yesterday's forgotten clock-outs."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

import structlog
from sqlalchemy import Connection, select

from bot.attendance.facts import ShiftKind
from bot.biotime.errors import BioTimeError
from bot.biotime.time_cards import TimeCard
from bot.database import Database
from bot.services.digests import Digest, Period, Span, build_digest, find_periods, write_digest
from bot.services.managing import load_staff
from bot.services.service_account import NoServiceAccount, ServiceAccount
from bot.services.tenants import Tenants
from bot.store import managers, outbox
from bot.store.managers import ManagerSettings
from bot.store.outbox import New, Topic
from bot.store.roster_tables import roster_leaves, roster_logs, shift_instances

log = structlog.get_logger(__name__)

PENDING = 1


@dataclass(frozen=True, slots=True)
class _Due:
    """The period of a manager's people, for the manager or whoever stands in."""

    recipient: str
    manager: str
    period: Period

    @property
    def key(self) -> str:
        return _key(self.recipient, self.manager, self.period)


def _key(recipient: str, manager: str, period: Period) -> str:
    return period.key if recipient == manager else f"{period.key} {manager}"


class Digesting:
    def __init__(self, db: Database, tenants: Tenants, account: ServiceAccount, now: Callable[[], datetime]) -> None:
        self._db = db
        self._tenants = tenants
        self._account = account
        self._now = now

    async def run(self) -> int:
        """Makes what is due and not made yet; returns how many digests."""
        made = 0
        for company in self._tenants.companies:
            if self._account.serves(company):
                made += await self._run_company(company)
        return made

    async def _run_company(self, company: str) -> int:
        now = self._now()
        local = now.astimezone(self._tenants.zone_of(company))
        due = await self._db.read(lambda c: _find_due(c, company, local, now))
        if not due:
            return 0
        cards: dict[Period, list[TimeCard]] = {}
        for period in {one.period for one in due}:
            try:
                cards[period] = await self._fetch(company, period)
            except (BioTimeError, NoServiceAccount) as problem:
                # Still due at the next tick.
                log.warning("no digest yet", company=company, problem=type(problem).__name__)
        ready = [one for one in due if one.period in cards]
        return await self._db.write(lambda c: _keep(c, company, ready, cards, today=local.date(), now=now))

    async def _fetch(self, company: str, period: Period) -> list[TimeCard]:
        return await self._account.fetch_all(
            company, lambda o, t: o.att.fetch_time_cards(t, period.first, period.last, page_size=500)
        )


def _find_due(connection: Connection, company: str, local: datetime, now: datetime) -> list[_Due]:
    """At the time and on the days that the manager chose; whoever stands in gets it then, as the cards."""
    chosen = managers.load_manager_settings(connection, company)
    acting: dict[str, tuple[str, ...]] = {}
    for one in managers.load_stand_ins(connection, company, now):
        acting[one.emp_code] = (*acting.get(one.emp_code, ()), one.stand_in)
    return [
        _Due(recipient, manager, period)
        for manager in sorted({one.emp_code for one in managers.load_managers(connection, company)})
        for period in find_periods(chosen.get(manager, ManagerSettings()), local)
        for recipient in sorted(set(acting.get(manager, (manager,))))
        if not _is_told(connection, company, manager, period)
        and not outbox.is_told(connection, company, recipient, Topic.DIGEST, _key(recipient, manager, period))
    ]


def _is_told(connection: Connection, company: str, manager: str, period: Period) -> bool:
    """What a manager has had is not sent to whoever stands in from then on."""
    return outbox.is_told(connection, company, manager, Topic.DIGEST, period.key)


def _keep(
    connection: Connection,
    company: str,
    due: Iterable[_Due],
    cards: dict[Period, list[TimeCard]],
    *,
    today: date,
    now: datetime,
) -> int:
    staff = load_staff(connection, company, now)
    waiting = _count_waiting(connection, company)
    untimed = _find_untimed(connection, company, today)
    news: list[New] = []
    for one in due:
        members = staff.members_of_manager(one.manager, one.recipient)
        if not members:
            continue
        asked = sum(waiting[code] for code in members)
        digest = build_digest(one.period, members, cards[one.period], waiting=asked, untimed=untimed & set(members))
        whose = staff.name_of(one.manager) if one.recipient != one.manager else ""
        payload = write_digest(replace(digest, whose=whose))
        news.append(New(one.recipient, Topic.DIGEST, one.key, now, payload))
        news += _forgotten(one, digest, whose, now)
    return outbox.add_once(connection, company, news, now)


def _forgotten(due: _Due, digest: Digest, whose: str, now: datetime) -> Iterable[New]:
    found = [[one.emp_code, one.name, day] for one in digest.tallies for day in one.missing]
    if due.period.span is Span.DAILY and found:
        yield New(due.recipient, Topic.FORGOTTEN, due.key, now, {"missing": found, "whose": whose})


def _count_waiting(connection: Connection, company: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for table in (roster_logs, roster_leaves):
        query = select(table.c.emp_code).where(table.c.company == company, table.c.audit_status == PENDING)
        found.update(connection.execute(query).scalars())
    return found


def _find_untimed(connection: Connection, company: str, today: date) -> set[str]:
    """Of whom BioTime was asked, and has nothing for today; a row of punches outside a shift says nothing."""
    c = shift_instances.c
    rows = connection.execute(select(c.emp_code, c.kind).where(c.company == company, c.workdate == today)).all()
    timed = {row.emp_code for row in rows if row.kind != ShiftKind.NONE}
    return {row.emp_code for row in rows} - timed
