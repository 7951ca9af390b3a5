"""The sample company: *Demo Trading* in Dubai, where Mona works, Omar manages and Huda runs HR."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from bot.database import Database
from bot.gateway.access.passwords import Passwords, random_password
from bot.gateway.records.companies import (
    Company,
    add_company,
    add_system_user,
    find_company,
    find_system_login,
    set_system_password,
)
from bot.gateway.records.people import set_self_password
from bot.gateway.records.tables import employees
from bot.gateway.settings import GatewaySettings
from bot.gateway.staff import Imported, import_people

NAME = "Demo Trading"
ZONE = ZoneInfo("Asia/Dubai")
ADMINISTRATOR = "admin@demo-trading.example"
AREA = "Dubai Office"
STAFF: Sequence[dict[str, str | None]] = [
    {"emp_code": "1001", "first_name": "Mona", "department": "Sales", "position": "Sales Executive"},
    {"emp_code": "1002", "first_name": "Omar", "department": "Sales", "position": "Sales Manager"},
    {
        "emp_code": "1003",
        "first_name": "Huda",
        "department": "Human Resources",
        "position": "HR Manager",
        "app_role": "2",
    },
]


class Account(BaseModel):
    model_config = ConfigDict(frozen=True)

    username: str
    password: str = Field(repr=False)


class SampleEmployee(Account):
    """Logs in with `username`, which is the emp_code, or with `email`."""

    id: str
    name: str
    emp_code: str
    email: str


class Credentials(BaseModel):
    """What `hadir gateway --credentials FILE` writes: how to come in, with every password in clear."""

    model_config = ConfigDict(frozen=True)

    host: str
    company: str
    administrator: Account
    employees: tuple[SampleEmployee, ...]


async def build_sample(db: Database, settings: GatewaySettings, now: datetime, host: str) -> Credentials:
    """Makes the company; where there is one already its people get new passwords, since the old ones are not kept."""
    passwords = Passwords(settings.password_cost, settings.password_threads)
    administrator = Account(username=ADMINISTRATOR, password=random_password())
    administrator_hash = passwords.hash(administrator.password)
    company = await db.read(lambda conn: find_company(conn, NAME))
    if company is None:
        company = await db.write(lambda conn: _add_sample(conn, administrator_hash, now))
        people = await import_people(db, passwords, company.id, [_sample_row(row) for row in STAFF], now)
    else:
        people = await _give_new_passwords(db, passwords, company, administrator_hash)
    return Credentials(
        host=host, company=NAME, administrator=administrator, employees=tuple(map(_sample_employee, people))
    )


def _add_sample(conn: Connection, administrator_hash: str, now: datetime) -> Company:
    company = add_company(conn, NAME, ZONE, now)
    add_system_user(conn, company.id, ADMINISTRATOR, administrator_hash)
    return company


def _sample_row(row: dict[str, str | None]) -> dict[str, str | None]:
    return {**row, "area": AREA, "email": f"{str(row['first_name']).lower()}@demo-trading.example"}


async def _give_new_passwords(
    db: Database, passwords: Passwords, company: Company, administrator_hash: str
) -> Sequence[Imported]:
    chosen = {str(row["emp_code"]): random_password() for row in STAFF}
    hashes = {emp_code: passwords.hash(password) for emp_code, password in chosen.items()}

    def give(conn: Connection) -> Sequence[Imported]:
        administrator = find_system_login(conn, company.id, ADMINISTRATOR)
        if administrator is not None:
            set_system_password(conn, int(administrator.user_id), administrator_hash)
        people = conn.execute(
            sa.select(employees.c.id, employees.c.emp_code, employees.c.first_name, employees.c.email)
            .where(employees.c.company_id == company.id, employees.c.emp_code.in_(hashes))
            .order_by(employees.c.emp_code)
        ).all()
        for person in people:
            set_self_password(conn, person.id, hashes[person.emp_code])
        return [Imported(*person, password=chosen[person.emp_code]) for person in people]

    return await db.write(give)


def _sample_employee(person: Imported) -> SampleEmployee:
    return SampleEmployee(
        id=person.id,
        name=person.first_name,
        emp_code=person.emp_code,
        email=person.email or "",
        username=person.emp_code,
        password=person.password,
    )
