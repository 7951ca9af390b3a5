"""What people have filed and somebody decides about, manual logs and leaves, as BioTime's office has them."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.attendance.model import PunchState
from bot.biotime import att
from bot.biotime.att import FiledLog, Leave
from bot.biotime.dialect import split_marker
from bot.biotime.iclock import Transaction
from bot.biotime.office import Office
from bot.biotime.values import AuditStatus
from bot.services.service_account import ServiceAccount

# What else is near: this far to either side shows the shift.
NEAR = timedelta(hours=14)
PAGE = 200


class Kind(StrEnum):
    LOG = "log"
    LEAVE = "leave"


class Verdict(StrEnum):
    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asks for. `until_at` and `pay_code` are a leave's, `punch_state` a manual log's; `ref` is that of
    our own punch, where the reason names one; `decided` as BioTime has it.
    """

    kind: Kind
    id: int
    emp_code: str
    name: str
    at: datetime
    until_at: datetime | None
    punch_state: PunchState | None
    pay_code: str
    reason: str
    ref: str | None
    status: AuditStatus = AuditStatus.PENDING
    decided: str = ""

    @property
    def once(self) -> str:
        return f"{self.kind}:{self.id}"


class Filings:
    """In the bot's own name; everything raises as `ServiceAccount.call` does. Who may ask is for the caller to know."""

    def __init__(self, account: ServiceAccount) -> None:
        self._account = account

    async def fetch_pending(self, company: str) -> list[Request]:
        """The oldest first."""
        pending = AuditStatus.PENDING.value
        logs = await self._account.fetch_all(
            company, lambda o, t: o.att.manual_logs.fetch(t, audit_status=pending, page_size=PAGE)
        )
        leaves = await self._account.fetch_all(
            company, lambda o, t: o.att.leaves.fetch(t, audit_status=pending, page_size=PAGE)
        )
        found = [*map(_read_log, logs), *map(_read_leave, leaves)]
        # Not every server knows the filter.
        waiting = (one for one in found if one.status is AuditStatus.PENDING)
        return sorted(waiting, key=lambda one: (one.at, one.once))

    async def fetch_again(self, company: str, request: Request) -> Request:
        """As it stands now."""

        async def ask(office: Office, token: str) -> Request:
            if request.kind is Kind.LOG:
                return _read_log(await office.att.manual_logs.fetch_one(token, request.id))
            return _read_leave(await office.att.leaves.fetch_one(token, request.id))

        return replace(await self._account.call(company, ask), name=request.name)

    async def fetch_near(self, company: str, request: Request) -> tuple[Transaction, ...]:
        """The employee's punches around it, the earliest first."""
        first, last = request.at - NEAR, request.at + NEAR
        rows = await self._account.fetch_all(
            company, lambda o, t: o.iclock.fetch_transactions(t, request.emp_code, first, last)
        )
        return tuple(sorted(rows, key=lambda row: (row.punched_at, row.id)))

    async def decide(self, company: str, request: Request, verdict: Verdict, reason: str) -> None:
        async def send(office: Office, token: str) -> None:
            filings: att.Filings[Any, Any] = office.att.manual_logs
            if request.kind is Kind.LEAVE:
                filings = office.att.leaves
            verb = filings.approve if verdict is Verdict.APPROVED else filings.reject
            await verb(token, request.id, reason)

        await self._account.call(company, send)


def _read_log(row: FiledLog) -> Request:
    reason, ref = split_marker(row.apply_reason)
    return Request(
        kind=Kind.LOG,
        id=row.id,
        emp_code=row.emp_code,
        name=row.first_name,
        at=row.punched_at,
        until_at=None,
        punch_state=row.punch_state,
        pay_code="",
        reason=reason,
        ref=ref,
        status=row.audit.status,
        decided=row.audit.reason,
    )


def _read_leave(row: Leave) -> Request:
    return Request(
        kind=Kind.LEAVE,
        id=row.id,
        emp_code=row.emp_code,
        name=row.first_name,
        at=row.start_at,
        until_at=row.end_at,
        punch_state=None,
        pay_code=row.pay_code_name,
        reason=split_marker(row.apply_reason)[0],
        ref=None,
        status=row.audit.status,
        decided=row.audit.reason,
    )


def describe_detail(request: Request) -> dict[str, Any]:
    return {
        "kind": request.kind,
        "id": request.id,
        "at": request.at.isoformat(),
        "until": request.until_at and request.until_at.isoformat(),
        "state": None if request.punch_state is None else int(request.punch_state),
        "pay_code": request.pay_code,
    }
