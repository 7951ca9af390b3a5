"""Employees as HR sees and changes them (manual 5). Whoever leaves stays in the records, with all that they did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, Select

from bot.gateway.records.people import end_tokens
from bot.gateway.records.schedule_tables import holidays, leaves, password_codes, schedules, temporary_schedules
from bot.gateway.records.tables import (
    areas,
    departments,
    employee_areas,
    employees,
    manual_logs,
    positions,
    tokens,
    transactions,
)
from bot.gateway.records.uploads import adopt_punches

# What a person did, or asked for, is kept; what was only set up for them goes with them.
DEEDS = (transactions, manual_logs, leaves)
BELONGINGS = (employee_areas, schedules, temporary_schedules, holidays, password_codes)


@dataclass(frozen=True, slots=True)
class ListedEmployee:
    """An employee as the cloud's list shows one, with their telephones."""

    id: str
    emp_code: str
    first_name: str
    last_name: str | None
    hire_date: date | None
    department_id: int
    dept_name: str
    position_id: int | None
    position_name: str | None
    contact_tel: str | None
    mobile: str | None


@dataclass(frozen=True, slots=True)
class FullEmployee:
    """All there is about an employee, but for their areas."""

    id: str
    number: int
    emp_code: str
    first_name: str
    last_name: str | None
    nickname: str | None
    device_password: str | None
    card_no: str | None
    hire_date: date | None
    gender: str | None
    birthday: date | None
    verify_mode: int
    emp_type: int | None
    contact_tel: str | None
    office_tel: str | None
    mobile: str | None
    national: str | None
    city: str | None
    address: str | None
    postcode: str | None
    email: str | None
    enroll_sn: str | None
    ssn: str | None
    religion: str | None
    enable_att: bool
    enable_overtime: bool
    enable_holiday: bool
    dev_privilege: int
    app_status: int
    app_role: int
    department_id: int
    dept_code: str
    dept_name: str
    position_id: int | None
    position_code: str | None
    position_name: str | None


@dataclass(frozen=True, slots=True)
class Area:
    """One of the areas that an employee belongs to."""

    id: int
    code: str
    name: str


def select_listed() -> Select[*tuple[Any, ...]]:
    """Rows that `ListedEmployee(*row)` takes, of those employed, in all companies: narrow it down."""
    return _select(ListedEmployee)


def select_full() -> Select[*tuple[Any, ...]]:
    """Rows that `FullEmployee(*row)` takes, likewise."""
    return _select(FullEmployee)


def _select(record: type[ListedEmployee | FullEmployee]) -> Select[*tuple[Any, ...]]:
    columns = {**dict(departments.c.items()), **dict(positions.c.items()), **dict(employees.c.items())}
    # Joined from the left, though every employee has a department: then a count does without.
    return (
        sa.select(*(columns[name] for name in record.__dataclass_fields__))
        .select_from(
            employees.outerjoin(departments, departments.c.id == employees.c.department_id).outerjoin(
                positions, positions.c.id == employees.c.position_id
            )
        )
        .where(employees.c.active)
    )


_FULL = select_full()


def find_employee(conn: Connection, company_id: str, called: ColumnElement[bool]) -> FullEmployee | None:
    """`called` is what `is_called` made of an id."""
    row = conn.execute(_FULL.where(called, employees.c.company_id == company_id)).one_or_none()
    return FullEmployee(*row) if row else None


def load_areas(conn: Connection, employee_ids: Sequence[str]) -> Mapping[str, Sequence[Area]]:
    """Of each employee, in the order the areas were made."""
    query = (
        sa.select(employee_areas.c.employee_id, areas.c.id, areas.c.area_code, areas.c.area_name)
        .join(areas, areas.c.id == employee_areas.c.area_id)
        .where(employee_areas.c.employee_id.in_(employee_ids))
        .order_by(areas.c.id)
    )
    found: dict[str, list[Area]] = {employee_id: [] for employee_id in employee_ids}
    for employee_id, *area in conn.execute(query):
        found[employee_id].append(Area(*area))
    return found


def is_emp_code_taken(conn: Connection, company_id: str, emp_code: str, but: str | None) -> bool:
    """By somebody else. Without `but`, for a new employee, who has left stands in nobody's way: see `hire`."""
    another = employees.c.active if but is None else employees.c.id != but
    return _exists(conn, employees.c.company_id == company_id, employees.c.emp_code == emp_code, another)


def is_email_taken(conn: Connection, company_id: str, email_key: str, but: str | None) -> bool:
    another = employees.c.id.is_distinct_from(but)
    return _exists(conn, employees.c.company_id == company_id, employees.c.email_key == email_key, another)


def _exists(conn: Connection, *conditions: ColumnElement[bool]) -> bool:
    return conn.execute(sa.select(employees.c.id).where(*conditions)).first() is not None


def hire(
    conn: Connection, company_id: str, values: Mapping[str, object], area_ids: Sequence[int], now: datetime
) -> str:
    """Their UUID. Whoever had the same emp_code and left comes back: the same person, with the same past.

    `values` are the columns of `employees` that have no default, or another. Raises IntegrityError where emp_code or
    email is taken.
    """
    returning = _find_former(conn, company_id, values["emp_code"])
    if returning is None:
        employee_id = str(uuid4())
        own = {"id": employee_id, "company_id": company_id, "token_version": 1, "created_at": now}
        conn.execute(employees.insert().values({"photo": "", **values, **own, "active": True}))
    else:
        employee_id = returning
        conn.execute(
            employees.update()
            .where(employees.c.id == employee_id)
            .values({**_BLANK, **values, "active": True, "leave_date": None})
        )
        end_tokens(conn, employee_id)
    _set_areas(conn, employee_id, area_ids)
    adopt_punches(conn, company_id, str(values["emp_code"]), employee_id)
    return employee_id


# What a person who comes back had before, and is not given again.
_BLANK: Mapping[str, object] = {
    column.name: None for column in employees.c if column.nullable and column.server_default is None
} | {"verify_mode": -1, "dev_privilege": 0, "app_status": 0, "enable_overtime": True, "enable_holiday": True}


def _find_former(conn: Connection, company_id: str, emp_code: object) -> str | None:
    query = sa.select(employees.c.id).where(
        employees.c.company_id == company_id, employees.c.emp_code == emp_code, ~employees.c.active
    )
    return conn.scalar(query)


def change_employee(
    conn: Connection, employee_id: str, values: Mapping[str, object], area_ids: Sequence[int] | None
) -> None:
    """Raises IntegrityError as `hire` does."""
    if values:
        conn.execute(employees.update().where(employees.c.id == employee_id).values(**values))
    if "self_password" in values:
        end_tokens(conn, employee_id)
    if area_ids is not None:
        _set_areas(conn, employee_id, area_ids)


def _set_areas(conn: Connection, employee_id: str, area_ids: Sequence[int]) -> None:
    conn.execute(employee_areas.delete().where(employee_areas.c.employee_id == employee_id))
    conn.execute(employee_areas.insert(), [{"employee_id": employee_id, "area_id": area} for area in area_ids])


def dismiss(conn: Connection, employee_id: str, last_day: date) -> None:
    """Takes them out of the company's lists and ends their tokens. Without any deed of theirs they were a mistake, and
    the row goes, too; else it stays, since punches and time cards name it.
    """
    if not any(_has(conn, table, employee_id) for table in DEEDS):
        _erase(conn, employee_id)
        return
    person = employees.c
    conn.execute(
        employees.update()
        .where(person.id == employee_id)
        # Nobody logs in by their address any more, and somebody else may have it.
        .values(active=False, email_key=None, leave_date=sa.func.coalesce(person.leave_date, last_day))
    )
    end_tokens(conn, employee_id)


def _has(conn: Connection, table: sa.Table, employee_id: str) -> bool:
    return conn.execute(sa.select(sa.literal(1)).where(table.c.employee_id == employee_id).limit(1)).first() is not None


def _erase(conn: Connection, employee_id: str) -> None:
    for table in BELONGINGS:
        conn.execute(table.delete().where(table.c.employee_id == employee_id))
    conn.execute(tokens.delete().where(tokens.c.user_id == employee_id))
    conn.execute(employees.delete().where(employees.c.id == employee_id))
