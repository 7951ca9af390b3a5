"""A company of any size with its history of punches, in a SQLite file of the gateway's own tables.

The same numbers give the same file but for the UUIDs. Everybody works Monday to Friday, nine to six in Dubai, and
comes and goes within a quarter of an hour of that.
"""

import asyncio
import random
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.database import Database
from bot.gateway.access.passwords import Passwords
from bot.gateway.records import open_records
from bot.gateway.records.companies import add_company
from bot.gateway.records.kinds import AppRole
from bot.gateway.records.people import NewEmployee, add_employee
from bot.gateway.records.places import add_area, add_department, add_position
from bot.gateway.records.schedule_tables import schedules, shift_days, shifts, timetables
from bot.gateway.settings import PasswordCost

COMPANY = "Demo Trading"
TIMEZONE = "Asia/Dubai"
PASSWORD = "a password for measuring"
ADMINISTRATORS = 64
"""They make the requests: so many that the gateway's limit per person slows nobody."""
LAST_DAY = date(2025, 5, 30)
"""A Friday: the history ends here, whenever it is measured."""
FIRST_CODE = 10_000
TERMINAL = "BENCH0001"
SEED = 7
MADE_AT = datetime(2023, 1, 1, tzinfo=UTC)
FILL = (
    "INSERT INTO transactions (company_id, employee_id, emp_code, punched_at, uploaded_at, punch_state, source,"
    " terminal_sn, terminal_alias, area_alias, verify_type) VALUES (?, ?, ?, ?, ?, ?, 1, ?, 'Gate', 'Dubai Office', 1)"
)


@dataclass(frozen=True, slots=True)
class Size:
    """`days` of work in the history: two punches a day and person."""

    people: int
    days: int

    @property
    def punches(self) -> int:
        return self.people * self.days * 2


@dataclass(frozen=True, slots=True)
class Person:
    id: str
    emp_code: str

    @property
    def email(self) -> str:
        return f"e{self.emp_code}@demo-trading.example"


@dataclass(frozen=True, slots=True)
class Staff:
    """`people` in the order of their codes; the first of them are the administrators."""

    company_id: str
    people: tuple[Person, ...]

    @property
    def administrators(self) -> tuple[Person, ...]:
        return self.people[:ADMINISTRATORS]


def fill(file: Path, size: Size) -> Staff:
    """A new database with the company and all its punches."""
    staff = asyncio.run(_add_company(file, size))
    _add_punches(file, staff, size)
    return staff


async def _add_company(file: Path, size: Size) -> Staff:
    database = await Database.open(f"sqlite:///{file}")
    try:
        await open_records(database)
        return await database.write(lambda connection: _populate(connection, size))
    finally:
        await database.close()


def _populate(connection: Connection, size: Size) -> Staff:
    company = add_company(connection, COMPANY, ZoneInfo(TIMEZONE), MADE_AT)
    departments = [add_department(connection, company.id, str(n), f"Department {n}") for n in range(1, 5)]
    position = add_position(connection, company.id, "1", "Clerk")
    area = add_area(connection, company.id, "1", "Dubai Office")
    hashed = Passwords(PasswordCost()).hash(PASSWORD)
    people = []
    for number in range(size.people):
        code = str(FIRST_CODE + number)
        new = NewEmployee(
            emp_code=code,
            first_name="Mona",
            self_password=hashed,
            department_id=departments[number % len(departments)],
            area_ids=(area,),
            email=Person("", code).email,
            position_id=position,
            app_role=AppRole.ADMINISTRATOR if number < ADMINISTRATORS else AppRole.EMPLOYEE,
        )
        people.append(Person(add_employee(connection, company.id, new, MADE_AT), code))
    _add_working_time(connection, company.id, people)
    return Staff(company.id, tuple(people))


def _add_working_time(connection: Connection, company_id: str, people: Sequence[Person]) -> None:
    of = {"company_id": company_id}
    nine = {"alias": "Office", "check_in": time(9), "check_out": time(18), "allow_late": 10}
    timetable = connection.execute(timetables.insert().values(**of, **nine).returning(timetables.c.id)).scalar_one()
    week = shifts.insert().values(**of, alias="Week", cycle_days=7).returning(shifts.c.id)
    shift = connection.execute(week).scalar_one()
    days = [{"shift_id": shift, "day": day, "timetable_id": timetable} for day in range(5)]
    connection.execute(shift_days.insert(), days)
    plan = {**of, "shift_id": shift, "start_date": date(2020, 1, 1), "end_date": None}
    connection.execute(schedules.insert(), [{**plan, "employee_id": person.id} for person in people])


def _add_punches(file: Path, staff: Staff, size: Size) -> None:
    """One bulk insert; the indexes are built after it, which takes a third of the time."""
    with sqlite3.connect(file, isolation_level=None) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("PRAGMA cache_size=-200000")
        connection.execute("BEGIN")
        indexes = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'transactions' AND sql NOT NULL"
        ).fetchall()
        for name, _ in indexes:
            connection.execute(f"DROP INDEX {name}")
        connection.executemany(FILL, _punches(staff, size))
        for _, sql in indexes:
            connection.execute(sql)
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _punches(staff: Staff, size: Size) -> Iterator[tuple[object, ...]]:
    """In the order in which they happened, day by day, as a server would have got them."""
    chance = random.Random(SEED)
    for day in reversed(_working_days(size.days)):
        for begins, state in ((datetime.combine(day, time(5)), 0), (datetime.combine(day, time(14)), 1)):
            for person in staff.people:
                at = f"{begins + timedelta(seconds=chance.randrange(-900, 900))}.000000"
                yield staff.company_id, person.id, person.emp_code, at, at, state, TERMINAL


def _working_days(count: int) -> Sequence[date]:
    """The last ones, latest first. Times of the punches above are UTC: nine and six in Dubai."""
    days = (LAST_DAY - timedelta(days=n) for n in range(count * 7 // 5 + 7))
    return [day for day in days if day.weekday() < 5][:count]
