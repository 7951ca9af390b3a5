"""Companies and their system users. A company's name, its label and the first label of its host all find it.

Names that have the same label could not be told apart in a host, so there is one company to a label.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.gateway.records.kinds import APP_TERMINAL, Dialect
from bot.gateway.records.tables import companies, system_users, terminals


@dataclass(frozen=True, slots=True)
class Company:
    id: str
    name: str
    label: str
    timezone: str
    dialect: str

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


@dataclass(frozen=True, slots=True)
class Login:
    """What a login is checked against. `user_id` is the employee's UUID or the system user's number as text."""

    user_id: str
    company_id: str
    username: str
    email: str
    password_hash: str
    token_version: int
    active: bool


class CompanyDiffers(Exception):
    """There is a company with that label, and it is another one than was meant. Says so to the person who meant it."""


COLUMNS = [companies.c[name] for name in ("id", "name", "label", "timezone", "dialect")]


def company_label(name: str) -> str:
    """`Demo Trading` and `demo trading` -> `demo-trading`, as it would stand in a host. May be empty."""
    return re.sub(r"[\W_]+", "-", name.casefold()).strip("-")


def add_company(
    conn: Connection, name: str, zone: ZoneInfo, now: datetime, dialect: Dialect = Dialect.CLOUD
) -> Company:
    """With its app terminal. Raises IntegrityError where the label is taken."""
    label = company_label(name)
    if not label:
        raise ValueError("a company's name needs a letter or a digit")
    company = Company(str(uuid4()), name, label, str(zone), dialect.value)
    conn.execute(
        companies.insert().values(
            id=company.id,
            name=name,
            label=label,
            timezone=company.timezone,
            dialect=company.dialect,
            created_at=now,
        )
    )
    conn.execute(
        terminals.insert().values(
            company_id=company.id, sn=APP_TERMINAL, alias=APP_TERMINAL, terminal_name=APP_TERMINAL
        )
    )
    return company


def find_company(conn: Connection, named: str) -> Company | None:
    """By its label, or by its name with any blanks; either in any case."""
    company = _find_label(conn, company_label(named))
    return company if company and _is_called(company, named) else None


def find_or_add_company(conn: Connection, name: str, zone: ZoneInfo, now: datetime) -> Company:
    """In the zone that it has where it is there already. Raises CompanyDiffers."""
    company = _find_label(conn, company_label(name))
    if company is None:
        return add_company(conn, name, zone, now)
    if not _is_called(company, name):
        raise CompanyDiffers(
            f"{name!r} is too like the company {company.name!r}, which is there already: "
            "write it as that one is written, or choose a name that differs in a letter or a digit."
        )
    return company


def _find_label(conn: Connection, label: str) -> Company | None:
    row = conn.execute(sa.select(*COLUMNS).where(companies.c.label == label)).one_or_none()
    return Company(*row) if row else None


def _is_called(company: Company, named: str) -> bool:
    return named.casefold() == company.label or same_name(named, company.name)


def same_name(one: str, other: str) -> bool:
    """In any case and with any blanks."""
    return _collapse(one) == _collapse(other)


def _collapse(name: str) -> str:
    return " ".join(name.casefold().split())


def load_company(conn: Connection, company_id: str) -> Company:
    return Company(*conn.execute(sa.select(*COLUMNS).where(companies.c.id == company_id)).one())


def load_companies(conn: Connection, limit: int | None = None) -> Sequence[Company]:
    return [Company(*row) for row in conn.execute(sa.select(*COLUMNS).order_by(companies.c.label).limit(limit))]


def find_tenant(conn: Connection, named: str | None, host: str) -> Company | None:
    """The company a login means: the named one, else the host's first label, else the only one (wire notes)."""
    if named:
        return find_company(conn, named)
    if by_host := _find_label(conn, host.partition(".")[0].casefold()):
        return by_host
    first_two = load_companies(conn, limit=2)
    return first_two[0] if len(first_two) == 1 else None


def add_system_user(conn: Connection, company_id: str, email: str, password_hash: str) -> int:
    """Raises IntegrityError where the company has that address already."""
    added = conn.execute(
        system_users.insert()
        .values(
            company_id=company_id,
            email=email,
            email_key=email.casefold(),
            password=password_hash,
            active=True,
            token_version=1,
        )
        .returning(system_users.c.id)
    )
    return int(added.scalar_one())


def find_system_login(conn: Connection, company_id: str, email: str) -> Login | None:
    user = system_users.c
    row = conn.execute(
        sa.select(user.id, user.email, user.password, user.token_version, user.active).where(
            user.company_id == company_id, user.email_key == email.casefold()
        )
    ).one_or_none()
    if row is None:
        return None
    return Login(str(row.id), company_id, row.email, row.email, row.password, row.token_version, row.active)


def set_system_password(conn: Connection, user_id: int, password_hash: str) -> None:
    """Ends every token of the user, too."""
    conn.execute(
        system_users.update()
        .where(system_users.c.id == user_id)
        .values(password=password_hash, token_version=system_users.c.token_version + 1)
    )
