"""What a person has asked for and what became of it: manual logs and leaves, in BioTime or under way; taking one back.

Everybody sees and takes back their own: the employee comes from the link, and what a button names is looked for there.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from sqlalchemy import Connection

from bot.attendance import clocking as protocol
from bot.attendance.model import PunchState
from bot.attendance.progress import LOGIN_NEEDED, Decision, Progress, State
from bot.biotime.att import Leave
from bot.biotime.client import BioTimeClient
from bot.biotime.errors import BioTimeError, NotSent, Refused, WrongCredentials
from bot.biotime.office import Office
from bot.biotime.values import AuditStatus, ManualLog
from bot.database import Database
from bot.services.leave_filing import NOT_TAKEN
from bot.services.leaves import Leaves
from bot.services.requests import DECISIONS, marker
from bot.services.sending import Sending
from bot.services.service_account import NoServiceAccount, ServiceAccount
from bot.services.sessions import SessionOver, Sessions
from bot.services.timecards import Reach
from bot.store import leaves as leave_rows
from bot.store import links, punches
from bot.store.leaves import AskedLeave
from bot.store.links import Link
from bot.store.punches import Punch
from bot.store.under_way import Row, UnderWay

# As many of our own as are looked through.
MOST = 60


class Standing(Enum):
    ON_THE_WAY = "on the way"
    LOGIN = "login"
    PENDING = "pending"
    APPROVED = "approved"
    REFUSED = "refused"
    REVOKED = "revoked"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Request:
    """One line of "My requests". `key` names it for `withdraw`, None where there is nothing to take back; a manual log
    has a `punch_state`, a leave a `title` and an end (`until`).
    """

    key: str | None
    at: datetime
    standing: Standing
    reason: str | None
    asked_at: datetime
    punch_state: PunchState | None = None
    until: datetime | None = None
    title: str = ""


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
        found = _merge(listed, ours, complete=complete)
        asked, leaves = await self._leaves.load_asked(link, MOST), None
        try:
            leaves = await self._leaves.load(link, asked)
        except (BioTimeError, NoServiceAccount):
            reach = Reach.NO_ANSWER if reach is Reach.REACHED else reach
        found += _merge_leaves(leaves, asked)
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


def _merge(listed: Sequence[ManualLog], ours: Sequence[Punch], *, complete: bool) -> list[Request]:
    by_id = {punch.progress.manual_log_id: punch for punch in ours if punch.progress.manual_log_id is not None}
    requests = [_of_log(log, by_id.get(log.id)) for log in listed]
    known = {log.id for log in listed}
    texts = " ".join(log.apply_reason or "" for log in listed)
    for punch in ours:
        filed = punch.progress.manual_log_id
        if filed not in known and f"[{marker(punch)}]" not in texts:
            requests.append(_of_punch(punch, gone=complete and filed is not None))
    return requests


def _of_log(log: ManualLog, punch: Punch | None) -> Request:
    at = punch.punched_at if punch else log.punched_at
    standing = _BY_STATUS[log.audit_status]
    key = f"log.{log.id}" if standing is Standing.PENDING else None
    asked_at = punch.recorded_at if punch else log.apply_at or at
    return Request(key, at, standing, (log.audit_reason or "").strip() or None, asked_at, log.punch_state)


def _merge_leaves(listed: Sequence[Leave] | None, ours: Sequence[AskedLeave]) -> list[Request]:
    """`listed`: None where BioTime did not say; else what is not in it is gone."""
    by_id = {leave.leave_id: leave for leave in ours if leave.leave_id is not None}
    known = {leave.id for leave in listed or ()}
    texts = " ".join(leave.apply_reason for leave in listed or ())
    requests = [_of_leave(leave, by_id.get(leave.id)) for leave in listed or ()]
    for leave in ours:
        if leave.leave_id not in known and f"[{marker(leave)}]" not in texts:
            requests.append(_of_asked_leave(leave, gone=listed is not None and leave.leave_id is not None))
    return requests


def _of_leave(leave: Leave, asked: AskedLeave | None) -> Request:
    standing = _BY_STATUS[leave.audit.status]
    return Request(
        key=f"leave.{leave.id}" if standing is Standing.PENDING else None,
        at=leave.start_at,
        standing=standing,
        reason=leave.audit.reason.strip() or None,
        asked_at=asked.recorded_at if asked else leave.start_at,
        until=leave.end_at,
        title=leave.pay_code_name,
    )


def _of_asked_leave(leave: AskedLeave, *, gone: bool) -> Request:
    standing = _standing_of_ours(leave, gone=gone)
    key = f"kept.{leave.id}" if standing is Standing.ON_THE_WAY else None
    reason = None if leave.progress.reason == NOT_TAKEN else leave.progress.reason
    return Request(key, leave.start_at, standing, reason, leave.recorded_at, until=leave.end_at, title=leave.title)


def request_of(row: Punch | AskedLeave) -> Request:
    """What the person asked for, as it stands here: BioTime is not asked."""
    return _of_punch(row, gone=False) if isinstance(row, Punch) else _of_asked_leave(row, gone=False)


def _of_punch(punch: Punch, *, gone: bool) -> Request:
    row, standing = punch.progress, _standing_of_ours(punch, gone=gone)
    open_to_us = row.asked_at is not None and standing in (Standing.ON_THE_WAY, Standing.LOGIN)
    key = f"own.{punch.id}" if open_to_us else None
    return Request(key, punch.punched_at, standing, row.reason, punch.recorded_at, punch.punch_state)


def _standing_of_ours(row: UnderWay, *, gone: bool) -> Standing:
    """`gone`: BioTime had it and lists it no more."""
    standing = standing_of(row.progress)
    return Standing.REVOKED if gone and standing is Standing.PENDING else standing


def standing_of(row: Progress) -> Standing:
    if row.state is State.WITHDRAWN:
        return Standing.REVOKED
    if row.decision is not None:
        return _BY_DECISION[row.decision]
    if row.state in (State.REJECTED, State.HUMAN):
        return Standing.FAILED
    return Standing.LOGIN if row.reason == LOGIN_NEEDED else Standing.ON_THE_WAY


_BY_DECISION = {
    Decision.PENDING: Standing.PENDING,
    Decision.APPROVED: Standing.APPROVED,
    Decision.REFUSED: Standing.REFUSED,
    Decision.REVOKED: Standing.REVOKED,
}
_BY_STATUS = {status: _BY_DECISION[meant] for status, meant in DECISIONS.items()}
