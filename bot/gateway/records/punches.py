"""Transactions: what terminals and the app have recorded."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Select

from bot.attendance.model import PunchState
from bot.gateway.records.kinds import Source
from bot.gateway.records.tables import transactions


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


_INSERT = transactions.insert()


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


def remove_punch_of_manual_log(conn: Connection, manual_log_id: int) -> None:
    conn.execute(transactions.delete().where(transactions.c.manual_log_id == manual_log_id))
