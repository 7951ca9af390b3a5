"""What the reports read beside working time: whose rows they are, their punches, and the first and last of each day."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, Select

from bot.attendance.matching import Stamp
from bot.attendance.model import PunchState
from bot.gateway.records.tables import departments, employees, positions, transactions
from bot.gateway.records.working_time import midnight

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """Dates in the company's zone, both included."""

    first: date
    last: date

    def bounds(self, zone: ZoneInfo, margin: timedelta = timedelta(0)) -> tuple[datetime, datetime]:
        """From the first midnight to the one after the last day, wider on both sides by whole days."""
        return midnight(self.first - margin, zone), midnight(self.last + margin + DAY, zone)


@dataclass(frozen=True, slots=True)
class ReportPerson:
    """An employee as every row of a report begins."""

    id: str
    emp_code: str
    first_name: str
    last_name: str | None
    nickname: str | None
    gender: str | None
    dept_code: str
    dept_name: str
    position_code: str | None
    position_name: str | None


def list_people(conn: Connection, *conditions: ColumnElement[bool]) -> list[str]:
    """Their ids in the order of a report: by emp_code."""
    query = sa.select(employees.c.id).where(*conditions)
    return list(conn.scalars(query.order_by(employees.c.emp_code, employees.c.number)))


def count_people(conn: Connection, *conditions: ColumnElement[bool]) -> int:
    return conn.execute(sa.select(sa.func.count()).select_from(employees).where(*conditions)).scalar_one()


def select_report_people() -> Select[*tuple[Any, ...]]:
    """Rows that `ReportPerson(*row)` takes, of all companies: narrow it down."""
    person = employees.c
    return (
        sa.select(
            person.id,
            person.emp_code,
            person.first_name,
            person.last_name,
            person.nickname,
            person.gender,
            departments.c.dept_code,
            departments.c.dept_name,
            positions.c.position_code,
            positions.c.position_name,
        )
        .join(departments, departments.c.id == person.department_id)
        .outerjoin(positions, positions.c.id == person.position_id)
    )


def load_report_people(conn: Connection, employee_ids: Sequence[str]) -> dict[str, ReportPerson]:
    rows = conn.execute(select_report_people().where(employees.c.id.in_(employee_ids)))
    return {row.id: ReportPerson(*row) for row in rows}


def load_stamps(
    conn: Connection, employee_ids: Sequence[str], period: Period, zone: ZoneInfo
) -> Mapping[str, list[Stamp]]:
    """The punches of each, a day beyond both ends, for shifts over midnight."""
    punch = transactions.c
    since, until = period.bounds(zone, margin=DAY)
    query = sa.select(punch.employee_id, punch.punched_at, punch.punch_state).where(
        punch.employee_id.in_(employee_ids), punch.punched_at >= since, punch.punched_at < until
    )
    found: dict[str, list[Stamp]] = defaultdict(list)
    for employee_id, punched_at, state in conn.execute(query.order_by(punch.employee_id, punch.punched_at)):
        found[employee_id].append(Stamp(punched_at, _STATES.get(state, PunchState.UNKNOWN)))
    return found


# Terminals may be set up with function keys of their own.
_STATES = {state.value: state for state in PunchState}


def select_days(
    conn: Connection, period: Period, zone: ZoneInfo, *, directed: bool = False
) -> Select[*tuple[Any, ...]]:
    """Rows (employee_id, emp_code, day, first punch, last punch), one for each calendar day with a punch; `directed`
    looks for the first that may be a check in and the last that may be a check out. Of all companies: narrow it down.
    """
    punch = transactions.c
    since, until = period.bounds(zone)
    day = _local_date(conn, zone, since, until)
    first, last = (_those(_INWARD), _those(_OUTWARD)) if directed else (punch.punched_at, punch.punched_at)
    return (
        sa.select(
            punch.employee_id,
            employees.c.emp_code,
            day.label("day"),
            sa.func.min(first).label("first_at"),
            sa.func.max(last).label("last_at"),
        )
        .join(employees, employees.c.id == punch.employee_id)
        .where(punch.punched_at >= since, punch.punched_at < until)
        .group_by(punch.employee_id, employees.c.emp_code, employees.c.number, day)
        .order_by(employees.c.emp_code, employees.c.number, day)
    )


# A punch of unknown direction may be either.
_INWARD = (PunchState.CHECK_IN.value, PunchState.OVERTIME_IN.value, PunchState.UNKNOWN.value)
_OUTWARD = (PunchState.CHECK_OUT.value, PunchState.OVERTIME_OUT.value, PunchState.UNKNOWN.value)


def _those(states: Sequence[int]) -> ColumnElement[datetime]:
    return sa.case((transactions.c.punch_state.in_(states), transactions.c.punched_at))


def _local_date(conn: Connection, zone: ZoneInfo, since: datetime, until: datetime) -> ColumnElement[Any]:
    """The calendar day of a punch on the company's wall."""
    at = transactions.c.punched_at
    if conn.dialect.name == "postgresql":
        return sa.func.date(sa.func.timezone(sa.literal_column(f"'{zone.key}'"), at))
    # SQLite knows no zones, so it is told the offsets between since and until, and when each of them ends.
    *changing, (_, offset) = _offsets(zone, since, until)
    last = sa.func.date(at, _modifier(offset))
    if not changing:
        return last
    return sa.case(*((at < ends, sa.func.date(at, _modifier(offset))) for ends, offset in changing), else_=last)


def _offsets(zone: ZoneInfo, since: datetime, until: datetime) -> list[tuple[datetime, timedelta]]:
    """(when it ends, offset from UTC), in order; the last one ends at `until`."""
    found: list[tuple[datetime, timedelta]] = []
    at, end = since.astimezone(UTC), until.astimezone(UTC)
    while at < end:
        offset = _offset(zone, at)
        # Zones change on quarters of an hour; from one day to the next at most once.
        ends = at + DAY
        if _offset(zone, ends) != offset:
            ends = next(t for n in range(1, 97) if _offset(zone, t := at + n * timedelta(minutes=15)) != offset)
        if found and found[-1][1] == offset:
            found[-1] = (ends, offset)
        else:
            found.append((ends, offset))
        at = ends
    return found


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta(0)


def _modifier(offset: timedelta) -> ColumnElement[str]:
    return sa.literal_column(f"'{offset // timedelta(minutes=1):+d} minutes'")
