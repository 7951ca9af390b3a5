"""What each employee wants to be reminded of."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, select

from bot.attendance.reminders import ReminderWishes
from bot.store.alert_tables import reminder_wishes
from bot.store.statements import upsert_row

_C = reminder_wishes.c


def load_wishes(connection: Connection, company: str) -> dict[str, ReminderWishes]:
    """Of everybody of a company who has chosen something, by emp_code."""
    return {
        row.emp_code: _read(row) for row in connection.execute(select(reminder_wishes).where(_C.company == company))
    }


def find_wishes(connection: Connection, company: str, emp_code: str) -> ReminderWishes:
    query = select(reminder_wishes).where(_C.company == company, _C.emp_code == emp_code)
    row = connection.execute(query).one_or_none()
    return _read(row) if row else ReminderWishes()


def settle_wishes(connection: Connection, company: str, emp_code: str, wishes: ReminderWishes) -> None:
    values = {
        "clock_in_minutes": _minutes(wishes.clock_in),
        "clock_out_minutes": _minutes(wishes.clock_out),
        "break_minutes": _minutes(wishes.break_over),
    }
    upsert_row(connection, reminder_wishes, {"company": company, "emp_code": emp_code}, values)


def _minutes(length: timedelta | None) -> int | None:
    return None if length is None else length // timedelta(minutes=1)


def _read(row: Row[Any]) -> ReminderWishes:
    return ReminderWishes(_length(row.clock_in_minutes), _length(row.clock_out_minutes), _length(row.break_minutes))


def _length(minutes: int | None) -> timedelta | None:
    return None if minutes is None else timedelta(minutes=minutes)
