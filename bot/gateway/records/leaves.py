"""Leaves: who is away from when to when, why, and what was decided about it. Decisions as in `approvals`."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.gateway.records.approvals import Decision, settle, take_back
from bot.gateway.records.kinds import AuditStatus
from bot.gateway.records.schedule_tables import leaves, pay_codes


@dataclass(frozen=True, slots=True)
class NewLeave:
    company_id: str
    employee_id: str
    pay_code_id: int
    start_at: datetime
    end_at: datetime
    apply_reason: str | None
    applied_at: datetime


def add_leave(conn: Connection, new: NewLeave) -> int:
    added = conn.execute(
        leaves.insert()
        .values(
            company_id=new.company_id,
            employee_id=new.employee_id,
            pay_code_id=new.pay_code_id,
            start_at=new.start_at,
            end_at=new.end_at,
            apply_reason=new.apply_reason,
            applied_at=new.applied_at,
            audit_status=AuditStatus.PENDING.value,
        )
        .returning(leaves.c.id)
    )
    return int(added.scalar_one())


def approve_leave(conn: Connection, leave_id: int, decision: Decision) -> bool:
    """False: not pending, or not of this company; nothing was changed. Likewise below."""
    return settle(conn, leaves, leave_id, decision, AuditStatus.APPROVED)


def reject_leave(conn: Connection, leave_id: int, decision: Decision) -> bool:
    return settle(conn, leaves, leave_id, decision, AuditStatus.REJECTED)


def revoke_leave(conn: Connection, leave_id: int, decision: Decision) -> bool:
    return take_back(conn, leaves, leave_id, decision)


def has_leave_between(conn: Connection, employee_id: str, start_at: datetime, end_at: datetime) -> bool:
    """Pending or approved: the same hours are taken once."""
    leave = leaves.c
    standing = (AuditStatus.PENDING.value, AuditStatus.APPROVED.value)
    query = sa.select(leave.id).where(
        leave.employee_id == employee_id,
        leave.start_at < end_at,
        leave.end_at > start_at,
        leave.audit_status.in_(standing),
    )
    return conn.execute(query.limit(1)).one_or_none() is not None


def add_pay_code(conn: Connection, company_id: str, code: str, name: str) -> int:
    """Raises IntegrityError where the company has that code."""
    added = conn.execute(
        pay_codes.insert().values(company_id=company_id, code=code, name=name).returning(pay_codes.c.id)
    )
    return int(added.scalar_one())


def has_pay_code(conn: Connection, company_id: str, pay_code_id: int) -> bool:
    pay_code = pay_codes.c
    query = sa.select(pay_code.id).where(pay_code.id == pay_code_id, pay_code.company_id == company_id)
    return conn.execute(query).one_or_none() is not None


def load_pay_code_ids(conn: Connection, company_id: str) -> list[int]:
    query = sa.select(pay_codes.c.id).where(pay_codes.c.company_id == company_id)
    return [int(pay_code_id) for pay_code_id in conn.scalars(query.order_by(pay_codes.c.id))]
