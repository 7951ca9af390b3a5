"""Transactions: what terminals and the app have recorded."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Select

from bot.attendance.model import PunchState
from bot.gateway.records.kinds import Source
from bot.gateway.records.tables import companies, departments, employees, positions, transactions


@dataclass(frozen=True, slots=True)
class NewPunch:
    """`punched_at` is when the person punched, `uploaded_at` when we learned of it."""

    company_id: str
    employee_id: str | None
    emp_code: str
    punched_at: datetime
    uploaded_at: datetime
    punch_state: PunchState
    source: Source
    work_code: str | None = None
    terminal_sn: str | None = None
    terminal_alias: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    gps_location: str | None = None
    manual_log_id: int | None = None


@dataclass(frozen=True, slots=True)
class Punch:
    """A transaction as the lists show one."""

    id: int
    emp_code: str
    punched_at: datetime
    punch_state: int
    source: int
    terminal_sn: str | None
    terminal_alias: str | None
    gps_location: str | None


@dataclass(frozen=True, slots=True)
class Transaction:
    """The same as the web API shows it (manual 9.1). The last five are for the `onprem` dialect, and None where nobody
    has that emp_code yet.
    """

    id: int
    emp_code: str
    punched_at: datetime
    punch_state: int
    verify_type: int
    work_code: str | None
    terminal_sn: str | None
    terminal_alias: str | None
    area_alias: str | None
    longitude: float | None
    latitude: float | None
    gps_location: str | None
    mobile: str | None
    source: int
    uploaded_at: datetime
    temperature: float | None
    mask_flag: int | None
    company_id: str
    employee_id: str | None
    terminal_id: int | None
    employee_number: int | None = None
    first_name: str | None = None
    last_name: str | None = None
    department_name: str | None = None
    position_name: str | None = None


_INSERT = transactions.insert()
_SHOWN = [transactions.c[name] for name in list(Transaction.__dataclass_fields__)[:-5]]


def add_punch(conn: Connection, new: NewPunch) -> None:
    conn.execute(
        _INSERT,
        {
            "company_id": new.company_id,
            "employee_id": new.employee_id,
            "emp_code": new.emp_code,
            "punched_at": new.punched_at,
            "uploaded_at": new.uploaded_at,
            "punch_state": new.punch_state.value,
            "source": new.source.value,
            "work_code": new.work_code,
            "terminal_sn": new.terminal_sn,
            "terminal_alias": new.terminal_alias,
            "latitude": new.latitude,
            "longitude": new.longitude,
            "gps_location": new.gps_location,
            "manual_log_id": new.manual_log_id,
        },
    )


def select_punches() -> Select[*tuple[Any, ...]]:
    """Rows that `Punch(*row)` takes, of all companies: narrow it down."""
    punch = transactions.c
    return sa.select(
        punch.id,
        punch.emp_code,
        punch.punched_at,
        punch.punch_state,
        punch.source,
        punch.terminal_sn,
        punch.terminal_alias,
        punch.gps_location,
    )


def select_transactions() -> Select[*tuple[Any, ...]]:
    """Rows that `Transaction(*row)` takes, of all companies: narrow it down."""
    return sa.select(*_SHOWN)


def select_onprem_transactions() -> Select[*tuple[Any, ...]]:
    """The same with who it was."""
    person = employees.c
    who = (person.number, person.first_name, person.last_name, departments.c.dept_name, positions.c.position_name)
    return sa.select(*_SHOWN, *who).select_from(
        transactions.outerjoin(employees, person.id == transactions.c.employee_id)
        .outerjoin(departments, departments.c.id == person.department_id)
        .outerjoin(positions, positions.c.id == person.position_id)
    )


def remove_punch_of_manual_log(conn: Connection, manual_log_id: int) -> None:
    punch = transactions.c
    removed = transactions.delete().where(punch.manual_log_id == manual_log_id).returning(punch.company_id)
    company_id = conn.scalars(removed).one_or_none()
    if company_id is not None:
        of_company = companies.update().where(companies.c.id == company_id)
        conn.execute(of_company.values(removals=companies.c.removals + 1))
