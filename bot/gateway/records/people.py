"""Employees: who they are, what their login is checked against, which of them a caller may see."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, Select

from bot.gateway.records.companies import Login
from bot.gateway.records.kinds import AppRole
from bot.gateway.records.tables import areas, departments, employee_areas, employees, positions
from bot.gateway.records.uploads import adopt_punches

BIGGEST_NUMBER = 2**31 - 1
EMP_CODE = re.compile(r"[A-Za-z0-9._-]{1,20}", re.ASCII)
EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


@dataclass(frozen=True, slots=True)
class NewEmployee:
    """`self_password` is a hash. `email` is a second name to log in with, so it is unique in the company."""

    emp_code: str
    first_name: str
    self_password: str
    department_id: int
    area_ids: tuple[int, ...]
    last_name: str | None = None
    email: str | None = None
    position_id: int | None = None
    app_role: AppRole = AppRole.EMPLOYEE
    photo: str = ""
    enable_att: bool = True


@dataclass(frozen=True, slots=True)
class Person:
    """An employee as the lists show one."""

    id: str
    company_id: str
    emp_code: str
    first_name: str
    last_name: str | None
    email: str | None
    photo: str
    app_role: int
    department_name: str
    position_name: str | None


def add_employee(conn: Connection, company_id: str, new: NewEmployee, now: datetime) -> str:
    """Their UUID. Raises IntegrityError where the company has that emp_code or email."""
    employee_id = str(uuid4())
    conn.execute(
        employees.insert().values(
            id=employee_id,
            company_id=company_id,
            emp_code=new.emp_code,
            first_name=new.first_name,
            last_name=new.last_name,
            email=new.email,
            email_key=new.email.casefold() if new.email else None,
            department_id=new.department_id,
            position_id=new.position_id,
            photo=new.photo,
            app_role=new.app_role.value,
            enable_att=new.enable_att,
            active=True,
            self_password=new.self_password,
            token_version=1,
            created_at=now,
        )
    )
    if new.area_ids:
        rows = [{"employee_id": employee_id, "area_id": area} for area in dict.fromkeys(new.area_ids)]
        conn.execute(employee_areas.insert(), rows)
    adopt_punches(conn, company_id, new.emp_code, employee_id)
    return employee_id


def select_people() -> Select[*tuple[Any, ...]]:
    """Rows that `Person(*row)` takes, of all companies: narrow it down."""
    person = employees.c
    return sa.select(
        person.id,
        person.company_id,
        person.emp_code,
        person.first_name,
        person.last_name,
        person.email,
        person.photo,
        person.app_role,
        departments.c.dept_name,
        positions.c.position_name,
    ).select_from(
        employees.join(departments, departments.c.id == person.department_id).outerjoin(
            positions, positions.c.id == person.position_id
        )
    )


def is_called(text: str) -> ColumnElement[bool] | None:
    """The condition for an id out of a URL: the UUID, or the integer that stands next to it. None: no id at all."""
    if text.isascii() and text.isdecimal():
        return employees.c.number == int(text) if len(text) < 11 and int(text) <= BIGGEST_NUMBER else None
    try:
        return employees.c.id == str(UUID(text))
    except ValueError:
        return None


def find_person(conn: Connection, *conditions: ColumnElement[bool]) -> Person | None:
    row = conn.execute(select_people().where(employees.c.active, *conditions)).one_or_none()
    return Person(*row) if row else None


def load_area_names(conn: Connection, employee_id: str) -> Sequence[str]:
    """In the order the areas were made."""
    query = sa.select(areas.c.area_name).join(employee_areas, employee_areas.c.area_id == areas.c.id)
    return conn.scalars(query.where(employee_areas.c.employee_id == employee_id).order_by(areas.c.id)).all()


def find_employee_login(conn: Connection, company_id: str, username: str) -> Login | None:
    """By emp_code, else by email in any case."""
    person = employees.c
    query = sa.select(
        person.id, person.emp_code, person.email, person.self_password, person.token_version, person.active
    ).where(person.company_id == company_id)
    row = (
        conn.execute(query.where(person.emp_code == username)).one_or_none()
        or conn.execute(query.where(person.email_key == username.casefold())).one_or_none()
    )
    if row is None:
        return None
    return Login(row.id, company_id, row.emp_code, row.email or "", row.self_password, row.token_version, row.active)


def set_self_password(conn: Connection, employee_id: str, password_hash: str) -> None:
    """Logs them out everywhere, too: whoever knew the old password may hold a token."""
    conn.execute(employees.update().where(employees.c.id == employee_id).values(self_password=password_hash))
    end_tokens(conn, employee_id)


def end_tokens(conn: Connection, employee_id: str) -> None:
    """Every token they hold stops working, of every kind."""
    conn.execute(
        employees.update().where(employees.c.id == employee_id).values(token_version=employees.c.token_version + 1)
    )


def set_active(conn: Connection, employee_id: str, *, active: bool) -> None:
    """Who has left neither logs in nor uses a token."""
    conn.execute(employees.update().where(employees.c.id == employee_id).values(active=active))
