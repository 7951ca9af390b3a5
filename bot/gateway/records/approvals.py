"""Manual logs, and what is decided about them and about leaves: pending -> approved | rejected, approved -> revoked.

Each decision is a compare-and-set, so two managers who press at once decide once.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, Select, Table

from bot.attendance.model import PunchState
from bot.gateway.records.kinds import AuditStatus, Source
from bot.gateway.records.punches import NewPunch, add_punch, remove_punch_of_manual_log
from bot.gateway.records.tables import employees, manual_logs


@dataclass(frozen=True, slots=True)
class NewManualLog:
    company_id: str
    employee_id: str
    punched_at: datetime
    punch_state: PunchState
    work_code: str | None
    apply_reason: str | None
    applied_at: datetime


@dataclass(frozen=True, slots=True)
class Decision:
    """Who decided, when and why."""

    company_id: str
    approver: str
    decided_at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ManualLog:
    """A manual log as the lists show one."""

    id: int
    audit_status: int
    revoke_reason: str | None
    punched_at: datetime
    punch_state: int
    work_code: str | None
    apply_reason: str | None
    applied_at: datetime
    audit_reason: str | None
    audited_at: datetime | None
    approver: str | None
    company_id: str
    employee_id: str


def add_manual_log(conn: Connection, new: NewManualLog) -> int:
    added = conn.execute(
        manual_logs.insert()
        .values(
            company_id=new.company_id,
            employee_id=new.employee_id,
            punched_at=new.punched_at,
            punch_state=new.punch_state.value,
            work_code=new.work_code,
            apply_reason=new.apply_reason,
            applied_at=new.applied_at,
            audit_status=AuditStatus.PENDING.value,
        )
        .returning(manual_logs.c.id)
    )
    return int(added.scalar_one())


def select_manual_logs() -> Select[*tuple[Any, ...]]:
    """Rows that `ManualLog(*row)` takes, of all companies: narrow it down."""
    return sa.select(*(manual_logs.c[name] for name in ManualLog.__dataclass_fields__))


def approve(conn: Connection, manual_log_id: int, decision: Decision) -> bool:
    """Makes it a transaction. False: not pending, or not of this company; nothing was changed. Likewise below."""
    if not settle(conn, manual_logs, manual_log_id, decision, AuditStatus.APPROVED):
        return False
    _add_as_punch(conn, manual_log_id, decision.decided_at)
    return True


def reject(conn: Connection, manual_log_id: int, decision: Decision) -> bool:
    return settle(conn, manual_logs, manual_log_id, decision, AuditStatus.REJECTED)


def revoke(conn: Connection, manual_log_id: int, decision: Decision) -> bool:
    """Takes an approval back, and the transaction with it."""
    changed = take_back(conn, manual_logs, manual_log_id, decision)
    if changed:
        remove_punch_of_manual_log(conn, manual_log_id)
    return changed


def settle(conn: Connection, table: Table, filed_id: int, decision: Decision, status: AuditStatus) -> bool:
    """Decides what is pending in either table."""
    return _change(
        conn,
        table,
        filed_id,
        decision.company_id,
        AuditStatus.PENDING,
        audit_status=status.value,
        approver=decision.approver,
        audited_at=decision.decided_at,
        audit_reason=decision.reason,
    )


def take_back(conn: Connection, table: Table, filed_id: int, decision: Decision) -> bool:
    return _change(
        conn,
        table,
        filed_id,
        decision.company_id,
        AuditStatus.APPROVED,
        audit_status=AuditStatus.REVOKED.value,
        revoke_reason=decision.reason,
    )


def withdraw(conn: Connection, table: Table, filed_id: int, company_id: str) -> bool:
    """Removes what nobody has decided yet; what was decided stays, as a record of it."""
    removed = conn.execute(table.delete().where(*_stands(table, filed_id, company_id, AuditStatus.PENDING)))
    return removed.rowcount == 1


def _change(
    conn: Connection, table: Table, filed_id: int, company_id: str, before: AuditStatus, **values: object
) -> bool:
    changed = conn.execute(table.update().where(*_stands(table, filed_id, company_id, before)).values(**values))
    return changed.rowcount == 1


def _stands(table: Table, filed_id: int, company_id: str, status: AuditStatus) -> tuple[ColumnElement[bool], ...]:
    filed = table.c
    return filed.id == filed_id, filed.company_id == company_id, filed.audit_status == status.value


def _add_as_punch(conn: Connection, manual_log_id: int, now: datetime) -> None:
    log = manual_logs.c
    row = conn.execute(
        sa.select(log.company_id, log.employee_id, employees.c.emp_code, log.punched_at, log.punch_state, log.work_code)
        .join(employees, employees.c.id == log.employee_id)
        .where(log.id == manual_log_id)
    ).one()
    add_punch(
        conn,
        NewPunch(
            company_id=row.company_id,
            employee_id=row.employee_id,
            emp_code=row.emp_code,
            punched_at=row.punched_at,
            uploaded_at=now,
            punch_state=PunchState(row.punch_state),
            source=Source.MANUAL_LOG,
            work_code=row.work_code,
            manual_log_id=manual_log_id,
        ),
    )
