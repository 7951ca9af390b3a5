"""A company's people, in from a table (`staff_table`) and out to one: in whole, or refused whole.

Departments, positions and areas are found by name or code, or made. Whoever left and has the emp_code of a row comes
back as the same person, with the same past.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.database import Database
from bot.gateway.access.passwords import NO_PASSWORD, Passwords
from bot.gateway.records.companies import Company, CompanyDiffers, find_or_add_company, load_company
from bot.gateway.records.kinds import AppRole
from bot.gateway.records.personnel import FullEmployee, hire, load_areas, select_full
from bot.gateway.records.places import find_or_add_area, find_or_add_department, find_or_add_position
from bot.gateway.records.tables import employees
from bot.gateway.staff_table import BETWEEN_AREAS, CellError, ImportRefused, Rows, StaffRow, read_staff


@dataclass(frozen=True, slots=True)
class Imported:
    """Someone who can now log in with emp_code or email. `returned`: had left, and is back."""

    id: str
    emp_code: str
    first_name: str
    email: str | None
    password: str = field(repr=False)
    line: int = 0
    returned: bool = False


async def import_people(
    db: Database,
    passwords: Passwords,
    company_id: str,
    rows: Rows,
    now: datetime,
    *,
    hashed: Callable[[], None] = lambda: None,
) -> Sequence[Imported]:
    """In the order of the rows. `hashed` is called once a row: hashing is what takes time. Raises ImportRefused."""
    staff = read_staff(rows)
    hashes = await _hash_all(passwords, staff, hashed)
    return await db.write(lambda conn: add_staff(conn, company_id, staff, hashes, now))


async def try_people(db: Database, company_id: str, rows: Rows, now: datetime) -> Sequence[Imported]:
    """What `import_people` would do, and nothing is kept of it. Raises ImportRefused."""
    staff = read_staff(rows)

    def add_and_undo(conn: Connection) -> Sequence[Imported]:
        with conn.begin_nested() as trial:
            tried = add_staff(conn, company_id, staff, [NO_PASSWORD] * len(staff), now)
            trial.rollback()
        return tried

    return await db.write(add_and_undo)


async def import_company(
    db: Database, passwords: Passwords, name: str, zone: ZoneInfo, rows: Rows, *, now: datetime
) -> Sequence[Imported]:
    """The people and, where it is not there yet, their company: with a wrong row, neither.

    Raises ImportRefused, and CompanyDiffers where the company is there and another one than is described.
    """
    staff = read_staff(rows)
    hashes = await _hash_all(passwords, staff)

    def add(conn: Connection) -> Sequence[Imported]:
        company = find_or_add_company(conn, name, zone, now)
        if company.zone != zone:
            raise CompanyDiffers(f"{company.name} is in {company.timezone}, not in {zone}: give the zone that it has.")
        return add_staff(conn, company.id, staff, hashes, now)

    return await db.write(add)


async def _hash_all(
    passwords: Passwords, staff: Sequence[StaffRow], hashed: Callable[[], None] = lambda: None
) -> Sequence[str]:
    hashes = []
    for row in staff:
        hashes.append(await asyncio.to_thread(passwords.hash, row.password))
        hashed()
    return hashes


def add_staff(
    conn: Connection, company_id: str, staff: Sequence[StaffRow], hashes: Sequence[str], now: datetime
) -> Sequence[Imported]:
    """Raises ImportRefused."""
    company = load_company(conn, company_id)
    known = _load_known(conn, company_id)
    if clashes := _clashes(known, staff):
        raise ImportRefused(clashes)
    return [
        _add(conn, company, row, password_hash, now, returned=row.emp_code in known)
        for row, password_hash in zip(staff, hashes, strict=True)
    ]


def _load_known(conn: Connection, company_id: str) -> Mapping[str, tuple[bool, str | None]]:
    """By emp_code: still employed, and the address that is theirs."""
    person = employees.c
    query = sa.select(person.emp_code, person.active, person.email_key).where(person.company_id == company_id)
    return {row.emp_code: (row.active, row.email_key) for row in conn.execute(query)}


def _clashes(known: Mapping[str, tuple[bool, str | None]], staff: Sequence[StaffRow]) -> Sequence[CellError]:
    """Who has left stands in nobody's way: a row with their emp_code is them."""
    codes = {emp_code for emp_code, (employed, _) in known.items() if employed}
    owners = {email: emp_code for emp_code, (_, email) in known.items() if email}
    reason = "is that of an employee of the company already"
    return [
        *(CellError(row.line, "emp_code", reason) for row in staff if row.emp_code in codes),
        *(
            CellError(row.line, "email", reason)
            for row in staff
            if row.email and owners.get(row.email.casefold(), row.emp_code) != row.emp_code
        ),
    ]


def _add(
    conn: Connection, company: Company, row: StaffRow, password_hash: str, now: datetime, *, returned: bool
) -> Imported:
    values = {
        "emp_code": row.emp_code,
        "first_name": row.first_name,
        "last_name": row.last_name,
        "email": row.email,
        "email_key": row.email.casefold() if row.email else None,
        "self_password": password_hash,
        "department_id": find_or_add_department(conn, company.id, row.department),
        "position_id": find_or_add_position(conn, company.id, row.position) if row.position else None,
        "app_role": row.app_role.value,
        "enable_att": True,
        # As the API has it: who is hired without a date is hired today.
        "hire_date": row.hire_date or now.astimezone(company.zone).date(),
    }
    area_ids = dict.fromkeys(find_or_add_area(conn, company.id, name) for name in row.areas)
    employee_id = hire(conn, company.id, values, tuple(area_ids), now)
    return Imported(employee_id, row.emp_code, row.first_name, row.email, row.password, row.line, returned)


def load_staff(conn: Connection, company_id: str) -> list[dict[str, str]]:
    """Everybody employed, as rows that an import takes; passwords are not known."""
    query = select_full().where(employees.c.company_id == company_id).order_by(employees.c.number)
    people = [FullEmployee(*row) for row in conn.execute(query)]
    areas = load_areas(conn, [person.id for person in people])
    return [_write_row(person, BETWEEN_AREAS.join(area.name for area in areas[person.id])) for person in people]


def _write_row(person: FullEmployee, area: str) -> dict[str, str]:
    return {
        "emp_code": person.emp_code,
        "first_name": person.first_name,
        "department": person.dept_name,
        "area": area,
        "last_name": person.last_name or "",
        "email": person.email or "",
        "position": person.position_name or "",
        "hire_date": person.hire_date.isoformat() if person.hire_date else "",
        "app_role": AppRole(person.app_role).name.casefold(),
    }
