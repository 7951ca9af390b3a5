"""Manual logs and leaves that wait for a decision: each manager decides about their own people, and nobody twice.

Who was first is BioTime's to say; the bot asks it in its own name, and writes there and into the audit lines who it
was. Nothing is asked of BioTime for somebody who manages nobody, and no request by its number unless it is of one of
theirs.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import Connection

from bot.biotime import errors
from bot.biotime.values import AuditStatus
from bot.database import Database
from bot.services.cases import Case, Near, build_case, read_near
from bot.services.decision_news import TELL_AGAIN, DecisionNews
from bot.services.filings import Filings, Kind, Request, Verdict, describe_detail
from bot.services.managing import Managing
from bot.services.pushing import settle_ended
from bot.services.service_account import NoServiceAccount, ServiceAccount
from bot.store import audit_lines as store
from bot.store import leaves, punches
from bot.store.audit_lines import Act, AuditLine
from bot.store.links import Link

T = TypeVar("T")

LOOKS, LOOK_AGAIN = 4, 0.1
"""Seconds between them."""


class Trouble(StrEnum):
    """Why there is nothing to show, or why nothing was decided."""

    NOT_MANAGER = "not manager"
    GONE = "gone"
    """Nobody's of theirs, or no longer waiting."""
    NO_ANSWER = "no answer"
    """BioTime did not answer; nothing was decided as far as we know."""
    NO_ACCOUNT = "no account"


@dataclass(frozen=True, slots=True)
class Decided:
    """`first`: by who asked, and just now; else somebody was quicker, and `line` says who, where we know. `told`: the
    person knows.
    """

    request: Request | None
    line: AuditLine | None
    first: bool
    told: bool = False


class Deciding:
    """Every question and every decision says who is asking, as a link: never out of the request."""

    def __init__(
        self,
        db: Database,
        managing: Managing,
        account: ServiceAccount,
        news: DecisionNews,
        now: Callable[[], datetime],
    ) -> None:
        self._db = db
        self._managing = managing
        self._filings = Filings(account)
        self._news = news
        self._now = now

    # -- what waits ----------------------------------------------------------------------------------------------------

    async def list_waiting(self, asking: Link) -> list[Request] | Trouble:
        """Their people's, the oldest first; HR's everybody's. Never one's own."""
        names = await self._names(asking)
        if names is None:
            return Trouble.NOT_MANAGER
        return await self._answered(self._fetch_waiting(asking, names))

    async def open_case(self, asking: Link, kind: Kind, request_id: int) -> Case | Decided | Trouble:
        waiting = await self.list_waiting(asking)
        if isinstance(waiting, Trouble):
            return waiting
        found = _pick(waiting, kind, request_id)
        if found is None:
            return await self._find_decided(asking, kind, request_id)
        return await self._answered(self._build_case(asking, found))

    async def list_harmless(self, asking: Link) -> list[Case] | Trouble:
        """Those that may be approved together; what they are is in `attendance/harmless`."""
        waiting = await self.list_waiting(asking)
        if isinstance(waiting, Trouble):
            return waiting
        likely = [one for one in waiting if one.kind is Kind.LOG and one.ref]
        cases = [await self._answered(self._build_case(asking, one)) for one in likely]
        return [case for case in cases if isinstance(case, Case) and case.is_harmless]

    # -- deciding ------------------------------------------------------------------------------------------------------

    async def decide(
        self, asking: Link, kind: Kind, request_id: int, verdict: Verdict, reason: str = ""
    ) -> Decided | Trouble:
        waiting = await self.list_waiting(asking)
        if isinstance(waiting, Trouble):
            return waiting
        found = _pick(waiting, kind, request_id)
        if found is None:
            return await self._find_decided(asking, kind, request_id)
        return await self._answered(self._decide(asking, found, verdict, reason))

    async def approve_harmless(self, asking: Link, shown: Collection[int]) -> list[Decided] | Trouble:
        """Those of the manual logs shown that are harmless still; of the others, who was quicker."""
        cases = await self.list_harmless(asking)
        if isinstance(cases, Trouble):
            return cases
        requests = [case.request for case in cases if case.request.id in shown]
        done = [await self._answered(self._decide(asking, one, Verdict.APPROVED, "")) for one in requests]
        rest = sorted({*shown}.difference(one.id for one in requests))
        done += await asyncio.gather(*(self._find_decided(asking, Kind.LOG, number) for number in rest))
        return [one for one in done if isinstance(one, Decided)]

    async def _decide(self, asking: Link, request: Request, verdict: Verdict, reason: str) -> Decided:
        """Asked twice it is decided once: a repeat finds its own words in BioTime."""
        said = sign(asking, reason)
        try:
            await self._filings.decide(asking.company, request, verdict, said)
        except (errors.Refused, errors.Unclear) as problem:
            if isinstance(problem, errors.WrongCredentials):
                raise
            standing = await self._filings.fetch_again(asking.company, request)
            if standing.status is AuditStatus.PENDING:
                raise
            if standing.decided != said:
                return await self._find_quicker(asking, standing)
        return await self._keep(asking, request, verdict, reason)

    async def _keep(self, asking: Link, request: Request, verdict: Verdict, reason: str) -> Decided:
        now, staff = self._now(), await self._managing.load(asking.company)
        whose = [(code, staff.name_of(code)) for code in staff.stood_in_for(asking.emp_code, request.emp_code)]
        line = AuditLine(
            company=asking.company,
            at=now,
            by_code=asking.emp_code,
            by_name=asking.name,
            act=Act.APPROVED if verdict is Verdict.APPROVED else Act.REFUSED,
            once=request.once,
            emp_code=request.emp_code,
            name=request.name,
            detail=describe_detail(request) | ({"stood_in_for": whose} if whose else {}),
            reason=reason,
            tell_at=now + TELL_AGAIN,
        )

        def keep(connection: Connection) -> AuditLine | None:
            added = store.add_audit_line(connection, line)
            asked = punches if request.kind is Kind.LOG else leaves
            asked.hasten_decision(connection, asking.company, request.id, now)
            settle_ended(connection, asking.company, [request.once], now)
            if added is None:
                return store.find_audit_line(connection, asking.company, request.once)
            return replace(line, id=added)

        kept = await self._db.write(keep)
        if kept is None or kept.by_code != asking.emp_code:
            return Decided(request, kept, first=False)
        return Decided(request, kept, first=True, told=await self._news.tell(kept))

    async def _find_decided(self, asking: Link, kind: Kind, request_id: int) -> Decided | Trouble:
        """What was decided through us about one of theirs. Whoever is deciding at this moment has told BioTime and
        writes their line next: then it is there a moment later."""
        once, line = f"{kind}:{request_id}", None
        for _ in range(LOOKS):
            line = await self._db.read(lambda c: store.find_audit_line(c, asking.company, once))
            if line is not None:
                break
            await asyncio.sleep(LOOK_AGAIN)
        if line is None or line.emp_code == asking.emp_code:
            return Trouble.GONE
        if not await self._managing.may_see(asking, line.emp_code):
            return Trouble.GONE
        return Decided(None, line, first=False)

    async def _find_quicker(self, asking: Link, standing: Request) -> Decided:
        """The other one's line may not be written yet: then BioTime's own words have to do."""
        line = await self._db.read(lambda c: store.find_audit_line(c, asking.company, standing.once))
        return Decided(standing, line, first=False)

    # -- BioTime -------------------------------------------------------------------------------------------------------

    async def _names(self, asking: Link) -> dict[str, str] | None:
        """Of those they decide about, by emp_code; None where they decide about nobody."""
        if not await self._managing.is_manager(asking):
            return None
        people = await self._managing.people_of(asking)
        return {person.emp_code: person.name for person in people if person.emp_code != asking.emp_code}

    async def _fetch_waiting(self, asking: Link, names: dict[str, str]) -> list[Request]:
        waiting = await self._filings.fetch_pending(asking.company)
        return [replace(one, name=names[one.emp_code] or one.name) for one in waiting if one.emp_code in names]

    async def _build_case(self, asking: Link, request: Request) -> Case:
        company, viewer, now = asking.company, asking.emp_code, self._now()
        near: tuple[Near, ...] = ()
        if request.kind is Kind.LOG:
            near = read_near(await self._filings.fetch_near(company, request))
        return await self._db.read(lambda c: build_case(c, company, viewer, request, near=near, now=now))

    async def _answered(self, asked: Awaitable[T]) -> T | Trouble:
        try:
            return await asked
        except (NoServiceAccount, errors.WrongCredentials):
            return Trouble.NO_ACCOUNT
        except errors.BioTimeError:
            return Trouble.NO_ANSWER


def sign(asking: Link, reason: str) -> str:
    """What BioTime keeps as the reason of a decision, and shows to HR: who decided, since the account is the bot's."""
    by = f"{asking.name or asking.emp_code} ({asking.emp_code}) through Hadir"
    return f"{reason} - {by}" if reason else by


def _pick(waiting: Iterable[Request], kind: Kind, request_id: int) -> Request | None:
    return next((one for one in waiting if one.kind is kind and one.id == request_id), None)
