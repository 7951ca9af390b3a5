"""Lists of manual logs and leaves as the web API shows them. Times are converted here, on the way out."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Row, Select, Table

from bot.biotime.wire.att_requests import WebLeave, WebManualLog
from bot.biotime.wire.times import write_wall_text
from bot.gateway.api.att_filters import about, shown_id
from bot.gateway.api.web_lists import WebListing
from bot.gateway.records.kinds import AuditStatus
from bot.gateway.records.offices import Office
from bot.gateway.records.schedule_tables import leaves, pay_codes
from bot.gateway.records.tables import departments, employees, manual_logs
from bot.gateway.rest.filters import choice, number, since, until

STATUSES = frozenset(status.value for status in AuditStatus)


def _select_filed(table: Table) -> Select[*tuple[Any, ...]]:
    """A row of the table with the names of the employee. Of all companies: narrow it down."""
    person = employees.c
    return sa.select(
        *table.c, person.number, person.emp_code, person.first_name, person.last_name, departments.c.dept_name
    ).select_from(
        table.outerjoin(employees, person.id == table.c.employee_id).outerjoin(
            departments, departments.c.id == person.department_id
        )
    )


def _select_leaves() -> Select[*tuple[Any, ...]]:
    return (
        _select_filed(leaves)
        .add_columns(pay_codes.c.name.label("pay_code_name"))
        .outerjoin(pay_codes, pay_codes.c.id == leaves.c.pay_code_id)
    )


MANUAL_LOGS = WebListing(
    query=_select_filed(manual_logs),
    key=manual_logs.c.id,
    company_id=manual_logs.c.company_id,
    filters={
        **about(manual_logs.c.employee_id),
        "audit_status": choice(manual_logs.c.audit_status, STATUSES),
        "punch_state": number(manual_logs.c.punch_state),
        "start_time": since(manual_logs.c.punched_at),
        "end_time": until(manual_logs.c.punched_at),
    },
    orders={
        "id": manual_logs.c.id,
        "punch_time": manual_logs.c.punched_at,
        "apply_time": manual_logs.c.applied_at,
        "audit_status": manual_logs.c.audit_status,
    },
    default=(manual_logs.c.id.asc(),),
)
LEAVES = WebListing(
    query=_select_leaves(),
    key=leaves.c.id,
    company_id=leaves.c.company_id,
    filters={
        **about(leaves.c.employee_id),
        "audit_status": choice(leaves.c.audit_status, STATUSES),
        "pay_code": number(leaves.c.pay_code_id),
        # Leaves that touch the time between: one that began before is a leave in it.
        "start_time": since(leaves.c.end_at),
        "end_time": until(leaves.c.start_at),
    },
    orders={
        "id": leaves.c.id,
        "start_time": leaves.c.start_at,
        "end_time": leaves.c.end_at,
        "apply_time": leaves.c.applied_at,
        "audit_status": leaves.c.audit_status,
    },
    default=(leaves.c.id.asc(),),
)


def build_manual_log(row: Row[*tuple[Any, ...]], office: Office) -> WebManualLog:
    return WebManualLog(
        **_filed(row, office),
        punch_time=write_wall_text(row.punched_at, office.zone),
        punch_state=row.punch_state,
        work_code=row.work_code,
    )


def build_leave(row: Row[*tuple[Any, ...]], office: Office) -> WebLeave:
    return WebLeave(
        **_filed(row, office),
        pay_code=row.pay_code_id,
        pay_code_name=row.pay_code_name,
        start_time=write_wall_text(row.start_at, office.zone),
        end_time=write_wall_text(row.end_at, office.zone),
    )


def _filed(row: Row[*tuple[Any, ...]], office: Office) -> dict[str, Any]:
    return {
        "id": row.id,
        "employee": shown_id(office, row.employee_id, row.number),
        "emp_code": row.emp_code,
        "first_name": row.first_name,
        "last_name": row.last_name,
        "dept_name": row.dept_name,
        "audit_status": row.audit_status,
        "apply_reason": row.apply_reason,
        "apply_time": write_wall_text(row.applied_at, office.zone),
        "audit_reason": row.audit_reason,
        "audit_time": _write(row.audited_at, office),
        "approver": row.approver,
        "revoke_reason": row.revoke_reason,
    }


def _write(at: datetime | None, office: Office) -> str | None:
    return write_wall_text(at, office.zone) if at else None
