"""What a person has asked for and what became of it: manual logs and leaves, in BioTime or under way; taking one back.

Everybody sees and takes back their own: the employee comes from the link, and what a button names is looked for there.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from enum import Enum

from sqlalchemy import Connection

from bot.attendance import clocking as protocol
from bot.attendance.progress import Decision, Progress, State
from bot.biotime.client import BioTimeClient
from bot.biotime.errors import BioTimeError, NotSent, Refused, WrongCredentials
from bot.biotime.office import Office
from bot.biotime.values import AuditStatus, ManualLog
from bot.database import Database
from bot.services.leaves import Leaves
from bot.services.sending import Sending
from bot.services.service_account import NoServiceAccount, ServiceAccount
from bot.services.sessions import SessionOver, Sessions
from bot.services.standings import Request, merge_leaves, merge_logs
from bot.services.timecards import Reach
from bot.store import leaves as leave_rows
from bot.store import links, punches
from bot.store.links import Link
from bot.store.punches import Punch
from bot.store.under_way import Row

# As many of our own as are looked through.
MOST = 60


class Withdrawal(Enum):
    DONE = "done"
    SENDING = "it is being sent at this moment"
    BACK = "the person has taken it back before"
    DECIDED = "it is decided, or gone, already"
    UNKNOWN = "there is no such request of this person"
    NO_ANSWER = "BioTime did not answer"
    LOGIN = "the session is over"
    OFFICE = "only the office can"


class MyRequests:
    def __init__(
        self,
        *,
        db: Database,
        sessions: Sessions,
        service_account: ServiceAccount,
        leaves: Leaves,
        sending: Sending[Punch],
        now: Callable[[], datetime],
    ) -> None:
        self._db = db
        self._sessions = sessions
        self._service_account = service_account
        self._leaves = leaves
        self._sending = sending
        self._leave_sending = leaves.sending
        self._now = now

    async def load(self, link: Link) -> tuple[list[Request], Reach]:
        """The newest first. Without BioTime only what went through this bot."""
        ours = await self._db.read(lambda c: punches.find_asked(c, link.company, link.emp_code, MOST))
        listed: list[ManualLog] = []
        complete, reach = False, Reach.REACHED
        try:
            listed, complete = await self._fetch(link)
        except SessionOver:
            reach = Reach.SESSION_OVER
        except BioTimeError:
            reach = Reach.NO_ANSWER
        found = merge_logs(listed, ours, complete=complete)
        asked, leaves = await self._leaves.load_asked(link, MOST), None
        try:
            leaves = await self._leaves.load(link, asked)
        except (BioTimeError, NoServiceAccount):
            reach = Reach.NO_ANSWER if reach is Reach.REACHED else reach
        found += merge_leaves(leaves, asked)
        return sorted(found, key=lambda request: request.asked_at, reverse=True), reach

    async def withdraw(self, link: Link, key: str) -> Withdrawal:
        """Takes back what `Request.key` names, if it is this person's and nobody has decided it."""
        kind, _, number = key.partition(".")
        if kind == "own":
            return await self._db.write(lambda c: self._withdraw_own(c, link, int(number), self._sending))
        if kind == "kept":
            return await self._db.write(lambda c: self._withdraw_own(c, link, int(number), self._leave_sending))
        if kind == "leave":
            return await self._withdraw_leave(link, int(number))
        return await self._withdraw_filed(link, int(number))

    async def explain(self, link: Link, key: str) -> Withdrawal:
        """Why there is nothing to take back, where `load` lists no such request."""
        kind, _, number = key.partition(".")
        if kind == "leave":
            refusal = await self._check_leave(link, int(number))
        elif kind == "log":
            refusal = await self._check_filed(link, int(number))
        else:
            refusal = await self._db.read(lambda c: self._explain_kept(c, link, kind, int(number)))
        return refusal or Withdrawal.DECIDED

    async def _withdraw_leave(self, link: Link, leave_id: int) -> Withdrawal:
        refusal = await self._check_leave(link, leave_id)
        if refusal is not None:
            return refusal
        outcome = await self._delete(link, lambda office, token: office.att.leaves.delete(token, leave_id))
        if outcome is Withdrawal.DONE:
            await self._db.write(lambda c: self._settle_leave_withdrawn(c, link, leave_id))
            await self._leave_sending.sweep()
        return outcome

    async def _check_leave(self, link: Link, leave_id: int) -> Withdrawal | None:
        asked = await self._leaves.load_asked(link, MOST)
        try:
            listed = await self._leaves.load(link, asked)
        except (BioTimeError, NoServiceAccount):
            return Withdrawal.NO_ANSWER
        found = [leave.audit.status for leave in listed or () if leave.id == leave_id]
        return _check(found, [row.progress for row in asked if row.leave_id == leave_id])

    def _withdraw_own(self, connection: Connection, link: Link, row_id: int, sending: Sending[Row]) -> Withdrawal:
        """Nothing of it was sent yet."""
        links.lock_employee(connection, link.company, link.emp_code)
        row = sending.rows.find(connection, row_id)
        if row is None or (row.company, row.emp_code) != (link.company, link.emp_code):
            return Withdrawal.UNKNOWN
        if _is_taken_back(row.progress):
            return Withdrawal.BACK
        after = protocol.withdraw(row.progress)
        if after is None:
            return Withdrawal.SENDING if row.progress.next_at is not None else Withdrawal.DECIDED
        return Withdrawal.DONE if sending.take_back(connection, row, after) else Withdrawal.SENDING

    def _explain_kept(self, connection: Connection, link: Link, kind: str, row_id: int) -> Withdrawal:
        rows = self._sending.rows if kind == "own" else self._leave_sending.rows
        row = rows.find(connection, row_id)
        if row is None or (row.company, row.emp_code) != (link.company, link.emp_code):
            return Withdrawal.UNKNOWN
        return Withdrawal.BACK if _is_taken_back(row.progress) else Withdrawal.DECIDED

    async def _withdraw_filed(self, link: Link, log_id: int) -> Withdrawal:
        refusal = await self._check_filed(link, log_id)
        if refusal is not None:
            return refusal
        outcome = await self._delete(link, lambda office, token: office.att.manual_logs.delete(token, log_id))
        if outcome is Withdrawal.DONE:
            await self._db.write(lambda c: self._settle_withdrawn(c, link, log_id))
            await self._sending.sweep()
        return outcome

    async def _check_filed(self, link: Link, log_id: int) -> Withdrawal | None:
        try:
            listed, _ = await self._fetch(link)
        except SessionOver:
            return Withdrawal.LOGIN
        except BioTimeError:
            return Withdrawal.NO_ANSWER
        ours = await self._db.read(lambda c: punches.find_asked(c, link.company, link.emp_code, MOST))
        found = [log.audit_status for log in listed if log.id == log_id]
        return _check(found, [row.progress for row in ours if row.progress.manual_log_id == log_id])

    async def _delete(self, link: Link, delete: Callable[[Office, str], Awaitable[None]]) -> Withdrawal:
        try:
            await self._service_account.call(link.company, delete)
        except (NoServiceAccount, WrongCredentials):
            return Withdrawal.OFFICE
        except Refused as problem:
            return Withdrawal.DECIDED if problem.status == 400 else Withdrawal.OFFICE
        except NotSent as problem:
            return Withdrawal.OFFICE if problem.status == 403 else Withdrawal.NO_ANSWER
        except BioTimeError:
            return Withdrawal.NO_ANSWER
        return Withdrawal.DONE

    def _settle_withdrawn(self, connection: Connection, link: Link, log_id: int) -> None:
        ours = punches.find_asked(connection, link.company, link.emp_code, MOST)
        for punch in (one for one in ours if one.progress.manual_log_id == log_id):
            self._sending.take_back(connection, punch, _taken_back(punch.progress))

    def _settle_leave_withdrawn(self, connection: Connection, link: Link, leave_id: int) -> None:
        ours = leave_rows.find_asked(connection, link.company, link.emp_code, MOST)
        for leave in (one for one in ours if one.leave_id == leave_id):
            self._leave_sending.take_back(connection, leave, _taken_back(leave.progress))

    async def _fetch(self, link: Link) -> tuple[list[ManualLog], bool]:
        """The person's own, and whether those are all: where a list has rows of others only, BioTime may know the
        person by another id by now."""
        listed = await self._sessions.call(link, _fetch_logs)
        own = [log for log in listed if log.employee == link.emp_id]
        return own, bool(own) or not listed


async def _fetch_logs(client: BioTimeClient, token: str) -> list[ManualLog]:
    return [log async for log in client.fetch_manual_logs(token)]


def _check(listed: Sequence[AuditStatus], ours: Sequence[Progress]) -> Withdrawal | None:
    """What speaks against taking this request back: BioTime lists it, or a row of ours was it."""
    if listed:
        return None if AuditStatus.PENDING in listed else Withdrawal.DECIDED
    if any(_is_taken_back(row) for row in ours):
        return Withdrawal.BACK
    return Withdrawal.DECIDED if ours else Withdrawal.UNKNOWN


def _is_taken_back(row: Progress) -> bool:
    """By the person: as `_taken_back` leaves it, or before it was sent."""
    return row.state is State.WITHDRAWN or (row.asked_at is None and row.decision is Decision.REVOKED)


def _taken_back(row: Progress) -> Progress:
    state = row.state if row.asked_at is None else State.WITHDRAWN
    return replace(row, state=state, decision=Decision.REVOKED, next_at=None)
