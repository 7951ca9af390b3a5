"""A company's people from a table of text cells: read whole, refused whole.

Columns: `emp_code first_name department area` and, where wanted, `last_name email position app_role password`. Several
areas stand in one cell with `;` between them. Departments, positions and areas are found by name or code, or made.
"""

import asyncio
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.database import Database
from bot.gateway.access.passwords import Passwords, random_password
from bot.gateway.records.companies import CompanyDiffers, find_or_add_company
from bot.gateway.records.kinds import AppRole
from bot.gateway.records.people import NewEmployee, add_employee
from bot.gateway.records.places import find_or_add_area, find_or_add_department, find_or_add_position
from bot.gateway.records.tables import EMAIL_LENGTH, NAME_LENGTH, employees
from bot.gateway.rest.fields import unprintable

REQUIRED_COLUMNS = ("emp_code", "first_name", "department", "area")
COLUMNS = (*REQUIRED_COLUMNS, "last_name", "email", "position", "app_role", "password")
FIRST_ROW = 2
"""The header is line 1, as a spreadsheet counts."""
SHORTEST_PASSWORD = 8

_EMP_CODE = re.compile(r"[A-Za-z0-9._-]{1,20}", re.ASCII)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_ROLES = {"": AppRole.EMPLOYEE} | {name: role for role in AppRole for name in (str(role.value), role.name.casefold())}


@dataclass(frozen=True, slots=True)
class Imported:
    """Someone who can now log in with emp_code or email."""

    id: str
    emp_code: str
    first_name: str
    email: str | None
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CellError:
    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}, {self.column}: {self.reason}"


class ImportRefused(Exception):
    """Nothing was imported; `errors` says why, cell by cell."""

    def __init__(self, errors: Sequence[CellError]) -> None:
        super().__init__("\n".join(map(str, errors)))
        self.errors = tuple(errors)


@dataclass(frozen=True, slots=True)
class StaffRow:
    """A row whose cells are fine by themselves. Every member is stripped; the empty ones are None."""

    line: int
    emp_code: str
    first_name: str
    department: str
    areas: tuple[str, ...]
    last_name: str | None
    email: str | None
    position: str | None
    app_role: AppRole
    password: str = field(repr=False)


async def import_people(
    db: Database, passwords: Passwords, company_id: str, rows: Iterable[Mapping[str, str | None]], now: datetime
) -> Sequence[Imported]:
    """In the order of the rows. A row without a password gets a random one. Raises ImportRefused."""
    staff = read_staff(rows)
    hashes = await _hash_all(passwords, staff)
    return await db.write(lambda conn: _add_all(conn, company_id, staff, hashes, now))


async def import_company(
    db: Database,
    passwords: Passwords,
    name: str,
    zone: ZoneInfo,
    rows: Iterable[Mapping[str, str | None]],
    *,
    now: datetime,
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
        return _add_all(conn, company.id, staff, hashes, now)

    return await db.write(add)


async def _hash_all(passwords: Passwords, staff: Sequence[StaffRow]) -> Sequence[str]:
    return [await asyncio.to_thread(passwords.hash, row.password) for row in staff]


def read_staff(rows: Iterable[Mapping[str, str | None]]) -> Sequence[StaffRow]:
    """Raises ImportRefused with everything that is wrong with the table itself."""
    errors: list[CellError] = []
    staff = [_read_row(line, row, errors) for line, row in enumerate(rows, FIRST_ROW)]
    errors += _repeated(staff, "emp_code", lambda row: row.emp_code)
    errors += _repeated(staff, "email", lambda row: row.email and row.email.casefold())
    if errors:
        raise ImportRefused(sorted(errors, key=lambda error: error.line))
    return staff


def _read_row(line: int, row: Mapping[str, str | None], errors: list[CellError]) -> StaffRow:
    cells = {column: (row.get(column) or "").strip() for column in COLUMNS}
    errors += [CellError(line, column, reason) for column, reason in _problems(row, cells)]
    return StaffRow(
        line=line,
        emp_code=cells["emp_code"],
        first_name=cells["first_name"],
        department=cells["department"],
        areas=tuple(name for part in cells["area"].split(";") if (name := part.strip())),
        last_name=cells["last_name"] or None,
        email=cells["email"] or None,
        position=cells["position"] or None,
        app_role=_ROLES.get(cells["app_role"].casefold(), AppRole.EMPLOYEE),
        password=cells["password"] or random_password(),
    )


def _problems(row: Mapping[str, str | None], cells: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    for column in row:
        if column not in COLUMNS:
            yield str(column), f"no such column; there are {', '.join(COLUMNS)}"
    for column, cell in cells.items():
        if problem := _cell_problem(column, cell):
            yield column, problem


def _cell_problem(column: str, cell: str) -> str | None:
    if not cell.strip("; "):
        return "is empty" if column in REQUIRED_COLUMNS else None
    limit = EMAIL_LENGTH if column == "email" else NAME_LENGTH
    if len(cell) > limit:
        return f"is longer than {limit} characters"
    checks: Mapping[str, tuple[bool, str]] = {
        "emp_code": (bool(_EMP_CODE.fullmatch(cell)), "takes up to 20 letters, digits, dots and dashes"),
        "email": (bool(_EMAIL.fullmatch(cell)), "is no e-mail address"),
        "app_role": (cell.casefold() in _ROLES, "is 1 (employee) or 2 (administrator)"),
        "password": (len(cell) >= SHORTEST_PASSWORD, f"has fewer than {SHORTEST_PASSWORD} characters"),
    }
    fine, reason = checks.get(column, (True, ""))
    return unprintable(cell) if fine else reason


def _repeated(staff: Sequence[StaffRow], column: str, key: Callable[[StaffRow], str | None]) -> Iterable[CellError]:
    first: dict[str, int] = {}
    for row in staff:
        value = key(row)
        if value and first.setdefault(value, row.line) != row.line:
            yield CellError(row.line, column, f"is that of line {first[value]}, too")


def _add_all(
    conn: Connection, company_id: str, staff: Sequence[StaffRow], hashes: Sequence[str], now: datetime
) -> Sequence[Imported]:
    if clashes := _clashes(conn, company_id, staff):
        raise ImportRefused(clashes)
    return [_add(conn, company_id, row, hashed, now) for row, hashed in zip(staff, hashes, strict=True)]


def _clashes(conn: Connection, company_id: str, staff: Sequence[StaffRow]) -> Sequence[CellError]:
    person = employees.c
    known = conn.execute(sa.select(person.emp_code, person.email_key).where(person.company_id == company_id)).all()
    codes, emails = {row.emp_code for row in known}, {row.email_key for row in known}
    reason = "is that of an employee of the company already"
    return [
        *(CellError(row.line, "emp_code", reason) for row in staff if row.emp_code in codes),
        *(CellError(row.line, "email", reason) for row in staff if row.email and row.email.casefold() in emails),
    ]


def _add(conn: Connection, company_id: str, row: StaffRow, password_hash: str, now: datetime) -> Imported:
    new = NewEmployee(
        emp_code=row.emp_code,
        first_name=row.first_name,
        last_name=row.last_name,
        email=row.email,
        self_password=password_hash,
        department_id=find_or_add_department(conn, company_id, row.department),
        position_id=find_or_add_position(conn, company_id, row.position) if row.position else None,
        area_ids=tuple(find_or_add_area(conn, company_id, name) for name in row.areas),
        app_role=row.app_role,
    )
    employee_id = add_employee(conn, company_id, new, now)
    return Imported(employee_id, row.emp_code, row.first_name, row.email, row.password)
