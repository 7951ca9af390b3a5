"""Digests: each manager's day, week and month at the time they chose, and yesterday's forgotten clock-outs, which come
to who wants no digests, too.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Connection, select

from bot.attendance.facts import ShiftKind
from bot.attendance.roster import to_utc
from bot.biotime.errors import BioTimeError
from bot.biotime.time_cards import TimeCard
from bot.database import Database
from bot.services.digests import Digest, Period, Span, build_digest, find_list, find_periods
from bot.services.forgotten import Gap, Standing, find_changed, find_gaps, hasten_changed, judge_gaps, write_gaps
from bot.services.kept_digests import read_unfinished, write_digest, write_unfinished
from bot.services.open_shifts import LATEST_OUT, OLDEST, Instance, Running
from bot.services.service_account import NoServiceAccount, ServiceAccount
from bot.services.staff import load_staff
from bot.services.standing_in import find_acting, group_stand_ins
from bot.services.tenants import Tenants
from bot.services.totals import is_theirs
from bot.store import links, manager_settings, managers, outbox
from bot.store.manager_settings import ManagerSettings
from bot.store.messages import New, Topic
from bot.store.roster_tables import roster_leaves, roster_logs, shift_instances
from bot.store.shifts import load_running
from bot.store.told_digests import load_last_digests

log = structlog.get_logger(__name__)

PENDING = 1
# Between two digests of one length, with some days of patience.
_LONGEST = {Span.DAILY: OLDEST, Span.WEEKLY: timedelta(days=17), Span.MONTHLY: timedelta(days=41)}


@dataclass(frozen=True, slots=True)
class _Due:
    """The period of a manager's people, for the manager or whoever stands in; `is_list`: what is forgotten alone.
    `carried`: what their last one left out; `listed`, of that, what no list of forgotten punches has told since.
    """

    recipient: str
    manager: str
    period: Period
    is_list: bool
    carried: frozenset[Instance] = frozenset()
    listed: frozenset[Instance] = frozenset()

    @property
    def key(self) -> str:
        return _key(self.recipient, self.manager, self.period)

    @property
    def first(self) -> date:
        """Of the cards to be asked for."""
        days = (day for _, day, _ in self.carried if day >= self.period.first - OLDEST)
        return min(days, default=self.period.first)

    def lists(self, emp_code: str, day: date) -> bool:
        """Whether a punch that is missing there is in its list of them."""
        return day >= self.period.first or any(instance[:2] == (emp_code, day) for instance in self.listed)


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
            await self._look_at_lists(company)
            if self._account.serves(company):
                made += await self._run_company(company)
        return made

    async def _look_at_lists(self, company: str) -> None:
        now = self._now()
        changed = await self._db.read(lambda c: find_changed(c, company, now))
        if changed:
            await self._db.write(lambda c: hasten_changed(c, company, changed, now))

    async def _run_company(self, company: str) -> int:
        now = self._now()
        zone = self._tenants.zone_of(company)
        local = now.astimezone(zone)
        due = await self._db.read(lambda c: _find_due(c, company, local, now))
        if not due:
            return 0
        cards: dict[Period, list[TimeCard]] = {}
        for period in {one.period for one in due}:
            first = min(period.first, *(one.first for one in due if one.period == period))
            try:
                cards[period] = await self._fetch(company, first, period.last)
            except (BioTimeError, NoServiceAccount) as problem:
                # Still due at the next tick.
                log.warning("no digest yet", company=company, problem=type(problem).__name__)
        ready = [one for one in due if one.period in cards]
        return await self._db.write(lambda c: _keep(c, company, ready, cards, zone=zone, now=now))

    async def _fetch(self, company: str, first: date, last: date) -> list[TimeCard]:
        return await self._account.fetch_all(
            company, lambda o, t: o.att.fetch_time_cards(t, first, last, page_size=500)
        )


def _find_due(connection: Connection, company: str, local: datetime, now: datetime) -> list[_Due]:
    """At the time and on the days that the manager chose; whoever stands in gets it then, as the cards. Whoever
    stands in and cannot be told leaves it to who has handed over to them.
    """
    chosen = manager_settings.load_manager_settings(connection, company)
    stand_ins = group_stand_ins(managers.load_stand_ins(connection, company, now))
    due = [
        _Due(recipient, manager, period, is_list)
        for manager in sorted({one.emp_code for one in managers.load_managers(connection, company)})
        for period, is_list in _find_wanted(chosen.get(manager, ManagerSettings()), local)
        for recipient in sorted(
            find_acting(manager, stand_ins, lambda code: bool(links.find_links_of_employee(connection, company, code)))
        )
        if not _is_told(connection, company, (manager, manager), period, is_list=is_list)
        and not _is_told(connection, company, (recipient, manager), period, is_list=is_list)
    ]
    listed, digested = (
        {period: _find_carried(connection, company, period, topics, now) for period in {one.period for one in due}}
        for topics in ((Topic.DIGEST, Topic.FORGOTTEN), (Topic.DIGEST,))
    )
    return [_carry(one, listed[one.period], digested[one.period]) for one in due]


def _carry(one: _Due, listed: Mapping[str, frozenset[Instance]], digested: Mapping[str, frozenset[Instance]]) -> _Due:
    """What a digest has left out is told in the next one, though a list in between came alone."""
    mine, before = (of.get(one.manager, frozenset()) for of in (listed, digested))
    return replace(one, carried=mine if one.is_list else mine | before, listed=mine)


def _find_wanted(settings: ManagerSettings, local: datetime) -> list[tuple[Period, bool]]:
    whole = [(period, False) for period in find_periods(settings, local)]
    return whole or [(period, True) for period in find_list(settings, local)]


def _is_told(connection: Connection, company: str, whose: tuple[str, str], period: Period, *, is_list: bool) -> bool:
    """`whose`: to whom of whose people. What a manager has had is not sent to whoever stands in from then on."""
    topic = Topic.FORGOTTEN if is_list else Topic.DIGEST
    return outbox.is_told(connection, company, whose[0], topic, _key(*whose, period))


def _find_carried(
    connection: Connection, company: str, period: Period, topics: Collection[Topic], now: datetime
) -> dict[str, frozenset[Instance]]:
    """By manager: the shifts that went on when their last of that length was made."""
    since = now - _LONGEST[period.span]
    last = load_last_digests(connection, company, period.span, period.last, topics=topics, since=since)
    return {manager: _find_left_out(made) for manager, made in last.items()}


def _find_left_out(made: Iterable[tuple[str, Mapping[str, Any]]]) -> frozenset[Instance]:
    """What is still to be told after those of one period, to whom each went: what went on at the first may have been
    told to who was asked next, and nobody is told of themselves.
    """
    left: frozenset[Instance] = frozenset()
    for reader, payload in made:
        own = {instance for instance in left if instance[0] == reader}
        left = frozenset(one.instance for one in read_unfinished(payload)) | own
    return left


def _keep(
    connection: Connection,
    company: str,
    due: Iterable[_Due],
    cards: dict[Period, list[TimeCard]],
    *,
    zone: ZoneInfo,
    now: datetime,
) -> int:
    first = min((one.first for one in due), default=now.date())
    staff = load_staff(connection, company, now, to_utc(first, time(0), zone))
    left = {code: one.left_at.astimezone(zone).date() for code, one in staff.roster.people.items() if one.left_at}
    waiting, today = _count_waiting(connection, company), now.astimezone(zone).date()
    untimed = _find_untimed(connection, company, today)
    ends = load_running(connection, company, now - LATEST_OUT, today)
    news: list[New] = []
    for one in due:
        # Who has left within the period has worked in it.
        theirs = staff.members_of_manager(one.manager, one.recipient)
        members = {code: member for code, member in theirs.items() if left.get(code, today) >= one.first}
        if not members:
            continue
        asked = sum(waiting[code] for code in members if code not in left)
        digest = build_digest(
            one.period,
            members,
            (card for card in cards[one.period] if is_theirs(card, left.get(card.emp_code))),
            waiting=asked,
            untimed=untimed & set(members) - left.keys(),
            running=Running(now, ends, one.carried),
        )
        digest = replace(digest, whose=staff.name_of(one.manager) if one.recipient != one.manager else "")
        if not one.is_list:
            news.append(New(one.recipient, Topic.DIGEST, one.key, now, write_digest(digest)))
        # Who has left can be asked nothing.
        missing = [gap for gap in digest.missing if gap[0] not in left and one.lists(gap[0], gap[2])]
        if one.is_list or (one.period.span is Span.DAILY and missing):
            gaps = find_gaps(connection, company, missing, zone)
            news.append(_forgotten(one, digest, gaps, judge_gaps(connection, company, gaps, now), now))
    return outbox.add_once(connection, company, news, now)


def _forgotten(due: _Due, digest: Digest, gaps: Sequence[Gap], standings: Sequence[Standing], now: datetime) -> New:
    """Where it comes alone, it says that it was made even if nothing is forgotten: then it is not sent."""
    payload = {"missing": write_gaps(gaps), "standings": standings, "whose": digest.whose}
    return New(due.recipient, Topic.FORGOTTEN, due.key, now, {**payload, "unfinished": write_unfinished(digest)})


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
