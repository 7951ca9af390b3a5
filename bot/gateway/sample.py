"""The sample company: *Demo Trading* in Dubai, where Mona works, Omar manages and Huda runs HR; lively or not."""

from collections.abc import Sequence
from dataclasses import dataclass, field
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
from bot.gateway.sample_life import add_life
from bot.gateway.sample_staff import STAFF
from bot.gateway.settings import GatewaySettings
from bot.gateway.staff import Imported, add_staff
from bot.gateway.staff_table import StaffRow, read_staff

NAME = "Demo Trading"
ZONE = ZoneInfo("Asia/Dubai")
ADMINISTRATOR = "admin@demo-trading.example"


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


async def build_sample(
    db: Database, settings: GatewaySettings, now: datetime, host: str, *, lively: bool = False
) -> Credentials:
    """Makes the company; where there is one already its people get new passwords, since the old ones are not kept.

    A `lively` one has forty people and the sixty days before `now` (`sample_life`).
    """
    passwords = Passwords(settings.password_cost, settings.password_threads)
    administrator = Account(username=ADMINISTRATOR, password=random_password())
    administrator_hash = passwords.hash(administrator.password)
    company = await db.read(lambda conn: find_company(conn, NAME))
    if company is None:
        staff = read_staff(STAFF)
        hashes = [passwords.hash(row.password) for row in staff]
        new = _NewSample(administrator_hash, staff, hashes, lively)
        people = await db.write(lambda conn: _add_sample(conn, new, now))
    else:
        people = await _give_new_passwords(db, passwords, company, administrator_hash)
    return Credentials(
        host=host, company=NAME, administrator=administrator, employees=tuple(map(_sample_employee, people))
    )


@dataclass(frozen=True, slots=True)
class _NewSample:
    administrator_hash: str = field(repr=False)
    staff: Sequence[StaffRow]
    hashes: Sequence[str] = field(repr=False)
    lively: bool


def _add_sample(conn: Connection, new: _NewSample, now: datetime) -> Sequence[Imported]:
    company = add_company(conn, NAME, ZONE, now)
    add_system_user(conn, company.id, ADMINISTRATOR, new.administrator_hash)
    people = add_staff(conn, company.id, new.staff, new.hashes, now)
    if new.lively:
        add_life(conn, company, people, now)
    return people


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
