"""New requests reach whoever decides about them, each once: several at once are one message, and so is what quiet hours
have held back. It is edited when one of them is decided, by anybody, or withdrawn.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Any

from sqlalchemy import Connection

from bot.attendance.model import PunchState
from bot.biotime.dialect import split_marker
from bot.database import Database
from bot.services.cases import Case, build_case, load_near
from bot.services.filings import Kind, Request
from bot.services.staff import Staff, load_staff_of
from bot.services.tenants import Tenants
from bot.store import audit_lines, links, manager_settings, outbox
from bot.store import told_requests as store
from bot.store.audit_lines import Act
from bot.store.manager_settings import ManagerSettings
from bot.store.messages import Message, New, Topic
from bot.store.told_requests import Filed, Told

# So soon after one message nobody gets another: what comes meanwhile is told together.
GAP = timedelta(minutes=10)


class Standing(StrEnum):
    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"
    GONE = "gone"
    """Withdrawn, or decided somewhere else."""


@dataclass(frozen=True, slots=True)
class Asked:
    """`by_name` is "" where it was not decided through us. `unreached`: the person is not in Telegram."""

    request: Request
    standing: Standing
    by_name: str = ""
    by_code: str = ""
    unreached: bool = False


@dataclass(frozen=True, slots=True)
class RequestNews:
    """One message; with the evidence where it is of one request, and that one waits."""

    asked: tuple[Asked, ...]
    case: Case | None

    @property
    def waiting(self) -> list[Request]:
        return [one.request for one in self.asked if one.standing is Standing.WAITING]


class Pushing:
    def __init__(self, db: Database, tenants: Tenants, now: Callable[[], datetime]) -> None:
        self._db = db
        self._tenants = tenants
        self._now = now

    async def run(self) -> int:
        """Returns how many times somebody is to be told of a request."""
        told, now = 0, self._now()
        for company in self._tenants.companies:
            if await self._db.read(partial(_has_news, company=company)):
                told += await self._db.write(partial(_push, company=company, now=now))
        return told


def _has_news(connection: Connection, *, company: str) -> bool:
    """Most of the time there is nothing to write."""
    waiting, known = store.load_waiting(connection, company), store.find_open(connection, company)
    return bool(known - waiting.keys() or waiting.keys() - store.find_told(connection, company, waiting))


def _push(connection: Connection, *, company: str, now: datetime) -> int:
    waiting = store.load_waiting(connection, company)
    settle_ended(connection, company, store.find_open(connection, company) - waiting.keys(), now)
    untold = waiting.keys() - store.find_told(connection, company, waiting)
    fresh = [one for once, one in waiting.items() if once in untold]
    if not fresh:
        return 0
    staff = load_staff_of(connection, company, {one.emp_code for one in fresh}, now)
    wishes = manager_settings.load_manager_settings(connection, company)
    by_manager: dict[str, list[Filed]] = {}
    for one in fresh:
        for code in _find_deciders(connection, company, staff, one.emp_code):
            if wishes.get(code, ManagerSettings()).requests:
                by_manager.setdefault(code, []).append(one)
    return sum(_tell(connection, company, code, some, now) for code, some in by_manager.items())


def _find_deciders(connection: Connection, company: str, staff: Staff, emp_code: str) -> Collection[str]:
    """The managers who can be told, or who stands in for them; where there are none, HR."""
    person = staff.roster.people.get(emp_code)
    above = staff.managers_of(person) if person else ()
    found = {code for one in above for code in staff.acting_for(one.emp_code)} - {emp_code}
    linked = [code for code in sorted(found) if links.find_links_of_employee(connection, company, code)]
    return linked or sorted({link.emp_code for link, _ in links.find_hr(connection, company)} - {emp_code})


def _tell(connection: Connection, company: str, manager: str, some: list[Filed], now: datetime) -> int:
    """In the message that has not gone out yet, or in one of their own."""
    held = outbox.find_unsent(connection, company, manager, Topic.REQUESTS)
    key, at = (held.key, held.next_at or now) if held else (some[0].once, _next_at(connection, company, manager, now))
    told = [Told(manager, one.once, key, write_request(one)) for one in some]
    added = sum(store.add_told(connection, company, one) for one in told)
    if added:
        outbox.add_messages(connection, company, [New(manager, Topic.REQUESTS, key, at, {})], now)
    return added


def _next_at(connection: Connection, company: str, manager: str, now: datetime) -> datetime:
    last = outbox.find_last_sent(connection, company, manager, Topic.REQUESTS)
    return max(now, last + GAP) if last else now


def settle_ended(connection: Connection, company: str, onces: Iterable[str], now: datetime) -> None:
    """Whoever was told of them reads what became of them."""
    for manager, key in store.end_told(connection, company, onces):
        outbox.hasten_row(connection, company, (manager, Topic.REQUESTS, key), now)
        # Where quiet hours were over just now, that tells of it.
        outbox.hasten_of(connection, company, manager, Topic.CATCH_UP, now)


# -- what it says ------------------------------------------------------------------------------------------------------


def compose_requests(connection: Connection, message: Message, now: datetime) -> RequestNews | None:
    """Nothing, where all was decided before anybody could be told."""
    company = message.company
    told = store.load_told(connection, company, message.emp_code, message.key)
    # What ended before anybody could be told of it is no news.
    known = message.sent or message.is_caught_up
    asked = tuple(_judge(connection, company, one) for one in told if known or not one.ended)
    waiting = [one.request for one in asked if one.standing is Standing.WAITING]
    if not asked:
        return None
    case = None
    if len(asked) == len(waiting) == 1:
        near = load_near(connection, company, waiting[0], now)
        case = build_case(connection, company, message.emp_code, waiting[0], near=near, now=now)
    return RequestNews(asked, case)


def _judge(connection: Connection, company: str, told: Told) -> Asked:
    request = read_request(told.detail)
    if not told.ended:
        return Asked(request, Standing.WAITING)
    line = audit_lines.find_audit_line(connection, company, told.once)
    if line is not None:
        unreached = not links.find_links_of_employee(connection, company, request.emp_code)
        standing = Standing.APPROVED if line.act is Act.APPROVED else Standing.REFUSED
        return Asked(request, standing, line.by_name, line.by_code, unreached)
    found = store.find_filed(connection, company, told.once)
    decided = {store.APPROVED: Standing.APPROVED, store.REJECTED: Standing.REFUSED}
    return Asked(request, decided.get(found.status, Standing.GONE) if found else Standing.GONE)


def write_request(one: Filed) -> dict[str, Any]:
    """The reason with its marker, which leads to the punch."""
    kind, _, number = one.once.partition(":")
    return {
        "kind": kind,
        "id": int(number),
        "emp_code": one.emp_code,
        "name": one.name,
        "at": one.at.isoformat(),
        "until": one.until and one.until.isoformat(),
        "state": None if one.state is None else int(one.state),
        "pay_code": one.pay_code,
        "reason": one.reason,
    }


def read_request(detail: dict[str, Any]) -> Request:
    reason, ref = split_marker(detail["reason"])
    until, state = detail["until"], detail["state"]
    return Request(
        kind=Kind(detail["kind"]),
        id=detail["id"],
        emp_code=detail["emp_code"],
        name=detail["name"],
        at=datetime.fromisoformat(detail["at"]),
        until_at=datetime.fromisoformat(until) if until else None,
        punch_state=None if state is None else PunchState(state),
        pay_code=detail["pay_code"],
        reason=reason,
        # A leave's leads to no punch.
        ref=None if state is None else ref,
    )
