"""A leave's requests to BioTime: filed through the bot's own account, in the name that the link says and no other."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from bot.attendance.progress import (
    Absent,
    Decision,
    Denied,
    Filed,
    FileOutcome,
    Limits,
    LookFailed,
    LookOutcome,
    ManualLookOutcome,
    PostOutcome,
    Progress,
    State,
    Unsent,
)
from bot.biotime import dialect
from bot.biotime.att import Leave
from bot.biotime.errors import BioTimeError, Refused, Unclear, WrongCredentials
from bot.database import Database
from bot.services.leave_offers import NONE_HERE, LeaveOffers
from bot.services.requests import DECISIONS, marker, sort_failure, within_a_sentence
from bot.services.service_account import NoServiceAccount, ServiceAccount
from bot.store import links, notices
from bot.store.leaves import AskedLeave
from bot.store.links import Link

# The `reason` of a leave that this company's BioTime has no place for.
NOT_TAKEN = "no leaves"


class LeaveFiling:
    """Fulfils `carrying.Carrier`."""

    def __init__(
        self, db: Database, service_account: ServiceAccount, offers: LeaveOffers, now: Callable[[], datetime]
    ) -> None:
        self._db = db
        self._service_account = service_account
        self._offers = offers
        self._now = now

    async def post(self, row: AskedLeave, link: Link | None = None) -> PostOutcome:
        raise NotImplementedError  # a leave is filed, never stamped

    async def look_up(self, row: AskedLeave, limits: Limits) -> LookOutcome:
        raise NotImplementedError

    async def file(self, row: AskedLeave) -> FileOutcome:
        link = await self._link(row)
        reason = f"{row.note or ''} [{marker(row)}]".strip()
        try:
            filed = await self._service_account.call(
                row.company,
                lambda office, token: office.att.file_leave(
                    token, link.emp_id, row.pay_code, start_at=row.start_at, end_at=row.end_at, reason=reason
                ),
            )
        except (NoServiceAccount, WrongCredentials):
            return Unsent()  # an option to be mended; the leave waits for it
        except BioTimeError as problem:
            if problem.status not in NONE_HERE:
                return sort_failure(problem)
            await self._offers.refuse(row.company)
            return Denied(NOT_TAKEN)
        return Filed(filed.id)

    async def look_up_manual(self, row: AskedLeave) -> ManualLookOutcome:
        started_at = self._now()
        try:
            leave = await self._find(row)
        except (NoServiceAccount, BioTimeError):
            return LookFailed()
        return Filed(leave.id) if leave is not None else Absent(started_at)

    async def ask_decision(self, row: AskedLeave) -> tuple[Decision, str | None]:
        try:
            leave = await self._find(row)
        except (NoServiceAccount, BioTimeError):
            return Decision.PENDING, None
        if leave is None:
            return await self._decide_missing(row), None
        return DECISIONS[leave.audit.status], within_a_sentence(leave.audit.reason) or None

    async def fetch_own(self, link: Link) -> list[Leave]:
        """Raises as `ServiceAccount.call` does."""
        rows = await self._service_account.fetch_all(
            link.company, lambda office, token: office.att.leaves.fetch(token, employees=link.emp_id)
        )
        # Not every server knows the filter.
        return [leave for leave in rows if leave.emp_code == link.emp_code]

    async def look_for_missing(self, link: Link, leave_id: int) -> Leave | None:
        """What a list of theirs lacked: the leave itself, None where it is provably gone. Raises as
        `ServiceAccount.call` does, and Unclear where nothing is proven.

        An account without the right to this employee gets an empty list, and a 404 for each leave, too.
        """
        try:
            return await self._service_account.call(
                link.company, lambda office, token: office.att.leaves.fetch_one(token, leave_id)
            )
        except Refused as problem:
            if problem.status != 404:
                raise
        seen = await self._service_account.fetch_all(
            link.company, lambda office, token: office.personnel.employees.fetch(token, emp_code=link.emp_code)
        )
        if not any(person.emp_code == link.emp_code for person in seen):
            raise Unclear("the account sees nothing of this employee")
        return None

    async def _decide_missing(self, row: AskedLeave) -> Decision:
        try:
            found = row.leave_id and await self.look_for_missing(await self._link(row), row.leave_id)
        except (NoServiceAccount, BioTimeError):
            return Decision.PENDING
        return DECISIONS[found.audit.status] if found else Decision.REVOKED

    async def _find(self, row: AskedLeave) -> Leave | None:
        listed = await self.fetch_own(await self._link(row))
        known = [leave for leave in listed if leave.id == row.leave_id]
        marked = (leave for leave in listed if dialect.holds_marker(leave.apply_reason, marker(row)))
        return known[0] if known else next(marked, None)

    async def _link(self, row: AskedLeave) -> Link:
        """The newest session is not needed, the employee is."""
        link = await self._db.read(lambda c: links.find_link_of_employee(c, row.link_id))
        if link is None:
            raise LookupError(f"leave {row.id} has no link")
        return link


class LeaveNotices:
    """Fulfils `carrying.Book`: what managers see of a leave that came to nothing goes with it."""

    def is_due(self, progress: Progress) -> bool:
        undone = progress.decision in (Decision.REFUSED, Decision.REVOKED)
        return undone or progress.state in (State.REJECTED, State.WITHDRAWN)

    def write(self, connection: Connection, row: AskedLeave) -> None:
        notices.drop_notice(connection, row.company, row.emp_code, row.source)
