"""A person asks for leave: filed through the bot's own account, in the name that the link says and no other.

Nothing is kept here until BioTime has it: what was chosen stays on the person's card, and the same card sends it again.
A mark in the reason, made from the card, tells whether it arrived; after an unclear answer it is filed again only once
no server can apply the first request any more.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from bot.attendance.progress import DEFAULT_LIMITS
from bot.biotime import dialect
from bot.biotime.att import Leave
from bot.biotime.errors import BioTimeError, NotSent, Refused, WrongCredentials
from bot.services.notices import Notices, Said
from bot.services.service_account import NoServiceAccount, ServiceAccount
from bot.store.links import Link
from bot.store.notices import NoticeKind

# What a company takes is asked anew after so long.
KNOWN_FOR = timedelta(minutes=30)
NOT_TAKEN_FOR = timedelta(days=1)
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class NotTaken(Exception):
    """This company's BioTime takes no leaves from us."""


@dataclass(frozen=True, slots=True)
class LeaveKind:
    """A pay code."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class AskedLeave:
    """`source` is the card; `tried_at` when it was sent with an unclear answer."""

    source: str
    kind: LeaveKind
    start_at: datetime
    end_at: datetime
    note: str
    tried_at: datetime | None = None


class Outcome(Enum):
    FILED = "filed"
    NO_ANSWER = "nothing of it arrived"
    UNCLEAR = "it may have arrived"


@dataclass(frozen=True, slots=True)
class LeaveRefused:
    """In BioTime's own words."""

    reason: str


class Leaves:
    def __init__(self, service_account: ServiceAccount, notices: Notices, now: Callable[[], datetime]) -> None:
        self._service_account = service_account
        self._notices = notices
        self._now = now
        self._kinds: dict[str, tuple[datetime, tuple[LeaveKind, ...]]] = {}
        self._not_taken: dict[str, datetime] = {}

    def offered(self, company: str) -> bool:
        """Whether it is worth a button: a company that said no is asked again after a day."""
        until = self._not_taken.get(company)
        return self._service_account.serves(company) and (until is None or until <= self._now())

    async def fetch_kinds(self, company: str) -> tuple[LeaveKind, ...]:
        """Raises NotTaken, and BioTimeError where nobody knows."""
        known = self._kinds.get(company)
        if known is not None and known[0] > self._now():
            return known[1]
        try:
            rows = await self._service_account.fetch_all(
                company, lambda office, token: office.att.pay_codes.fetch(token)
            )
        except (NoServiceAccount, WrongCredentials) as problem:
            raise self._remember(company) from problem
        except BioTimeError as problem:
            if problem.status in (403, 404):
                raise self._remember(company) from problem
            raise
        if not rows:
            raise self._remember(company)
        kinds = tuple(LeaveKind(row.id, row.name or row.symbol) for row in rows)
        self._kinds[company] = (self._now() + KNOWN_FOR, kinds)
        return kinds

    async def ask(self, link: Link, asked: AskedLeave) -> Outcome | LeaveRefused:
        """Raises NotTaken."""
        mark = f"TG-{_ref_of(asked)}"
        try:
            there = await self._find(link, mark)
        except (NoServiceAccount, WrongCredentials) as problem:
            raise self._remember(link.company) from problem
        except BioTimeError as problem:
            if problem.status in (403, 404):
                raise self._remember(link.company) from problem
            return Outcome.NO_ANSWER if asked.tried_at is None else Outcome.UNCLEAR
        if there is None:
            if asked.tried_at is not None and self._now() - asked.tried_at < DEFAULT_LIMITS.settle:
                return Outcome.UNCLEAR
            outcome = await self._file(link, asked, mark)
            if outcome is not Outcome.FILED:
                return outcome
        said = Said(NoticeKind.LEAVE, asked.source, note=asked.kind.name, workdate=asked.start_at.date())
        await self._notices.say(link, said)
        return Outcome.FILED

    async def load(self, link: Link) -> list[Leave]:
        """The person's own, as BioTime has them. Raises BioTimeError; none where there is no account to look."""
        if not self.offered(link.company):
            return []
        rows = await self._service_account.fetch_all(
            link.company, lambda office, token: office.att.leaves.fetch(token, employees=link.emp_id)
        )
        return [leave for leave in rows if leave.emp_code == link.emp_code]

    async def _find(self, link: Link, mark: str) -> Leave | None:
        leaves = await self.load(link)
        return next((leave for leave in leaves if dialect.holds_marker(leave.apply_reason, mark)), None)

    async def _file(self, link: Link, asked: AskedLeave, mark: str) -> Outcome | LeaveRefused:
        reason = f"{asked.note} [{mark}]".strip()
        try:
            await self._service_account.call(
                link.company,
                lambda office, token: office.att.file_leave(
                    token,
                    link.emp_id,
                    asked.kind.id,
                    start_at=asked.start_at,
                    end_at=asked.end_at,
                    reason=reason,
                ),
            )
        except Refused as problem:
            if problem.status == 404:
                raise self._remember(link.company) from problem
            return LeaveRefused(" ".join(problem.reasons).strip().removesuffix("."))
        except NotSent:
            return Outcome.NO_ANSWER
        except BioTimeError:
            return Outcome.UNCLEAR
        return Outcome.FILED

    def _remember(self, company: str) -> NotTaken:
        self._not_taken[company] = self._now() + NOT_TAKEN_FOR
        return NotTaken(company)


def _ref_of(asked: AskedLeave) -> str:
    """The same for the same leave of the same card."""
    said = f"{asked.source} {asked.kind.id} {asked.start_at.isoformat()} {asked.end_at.isoformat()}"
    digest = hashlib.blake2b(said.encode(), digest_size=6).digest()
    return "".join(_LETTERS[byte % len(_LETTERS)] for byte in digest)
