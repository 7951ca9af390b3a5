"""A shift of *Demo Trading* that has just begun, at whatever hour the demo is started: all are in but one."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.attendance.model import PunchState
from bot.gateway.records.companies import find_company
from bot.gateway.records.schedule_tables import temporary_schedules, timetables
from bot.gateway.records.tables import employees, transactions
from bot.gateway.sample import NAME
from bot.gateway.sample_readers import READERS, columns_of

DAY_SHIFT = "Day shift"
MISSING = "1001"
# Mona, Omar, Huda, and the six of Sales in the office.
SHIFT = ("1001", "1002", "1003", "1004", "1005", "1006", "1007", "1008", "1009")
BEGAN = timedelta(minutes=25)
# How long after the start each came, in minutes; whoever is not here came before it.
_LATE = {"1006": 14}


def begin_day_shift(conn: Connection, now: datetime) -> None:
    """Nine hours from `BEGAN` before now, for today instead of what they usually work."""
    company = find_company(conn, NAME)
    assert company is not None
    start = (now - BEGAN).replace(second=0, microsecond=0)
    wall = start.astimezone(company.zone)
    added = timetables.insert().values(
        company_id=company.id,
        alias=DAY_SHIFT,
        check_in=wall.time().replace(tzinfo=None),
        check_out=(wall + timedelta(hours=9)).time().replace(tzinfo=None),
        allow_late=10,
        in_behind=240,
        out_ahead=240,
        out_behind=240,
    )
    timetable_id = conn.execute(added.returning(timetables.c.id)).scalar_one()
    people = _load_people(conn, company.id)
    planned = {"company_id": company.id, "att_date": wall.date(), "timetable_id": timetable_id}
    conn.execute(temporary_schedules.insert(), [planned | {"employee_id": person.id} for person in people])
    _come(conn, company.id, [person for person in people if person.emp_code != MISSING], start)


def _load_people(conn: Connection, company_id: str) -> Sequence[sa.Row[*tuple[Any, ...]]]:
    person = employees.c
    query = sa.select(person.id, person.emp_code).where(person.company_id == company_id, person.emp_code.in_(SHIFT))
    return conn.execute(query.order_by(person.emp_code)).all()


def _come(conn: Connection, company_id: str, people: Sequence[sa.Row[*tuple[Any, ...]]], start: datetime) -> None:
    reader = READERS[0]
    where = columns_of(reader, {reader.sn: 0}) | {"terminal_id": None}
    rows = []
    for number, person in enumerate(people):
        minutes = _LATE.get(person.emp_code, -3 - number)
        at = start + timedelta(minutes=minutes, seconds=7 * number)
        row = {"company_id": company_id, "employee_id": person.id, "emp_code": person.emp_code, "punched_at": at}
        rows.append(where | row | {"uploaded_at": at, "punch_state": PunchState.CHECK_IN.value})
    conn.execute(transactions.insert(), sorted(rows, key=lambda one: one["punched_at"]))
