"""Whom a token stands for, today: the row decides, the token only names it."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from bot.gateway.records.kinds import AppRole, UserKind
from bot.gateway.records.tables import companies, employees, system_users, tokens


@dataclass(frozen=True, slots=True)
class Claims:
    """What a token says: kind and company keep the numbers of one world out of the other."""

    kind: UserKind
    company_id: str
    user_id: str
    version: int


@dataclass(frozen=True, slots=True)
class Employee:
    """The employee who is calling."""

    id: str
    company_id: str
    emp_code: str
    app_role: int
    timezone: str
    token_version: int
    active: bool
    company_name: str
    dialect: str

    @property
    def is_administrator(self) -> bool:
        return self.app_role == AppRole.ADMINISTRATOR

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


# Built once: it runs before every punch, and building it costs as much as running it.
_FIND_EMPLOYEE = (
    sa.select(
        employees.c.id,
        employees.c.company_id,
        employees.c.emp_code,
        employees.c.app_role,
        companies.c.timezone,
        employees.c.token_version,
        employees.c.active,
        companies.c.name,
        companies.c.dialect,
    )
    .join(companies, companies.c.id == employees.c.company_id)
    .where(employees.c.id == sa.bindparam("user"), employees.c.company_id == sa.bindparam("company"))
)


def find_calling_employee(conn: Connection, claims: Claims) -> Employee | None:
    """None: no such employee in that company. Whether version and `active` fit is for the caller of this."""
    row = conn.execute(_FIND_EMPLOYEE, {"user": claims.user_id, "company": claims.company_id}).one_or_none()
    return Employee(*row) if row else None


def is_current(conn: Connection, claims: Claims) -> bool:
    """Whether the user still exists, is active, and has not ended the token since."""
    if claims.kind is not UserKind.SYSTEM:
        person = find_calling_employee(conn, claims)
        return person is not None and person.active and person.token_version == claims.version
    user = system_users.c
    query = sa.select(user.id).where(
        user.id == int(claims.user_id),
        user.company_id == claims.company_id,
        user.active,
        user.token_version == claims.version,
    )
    return conn.execute(query).one_or_none() is not None


def keep_token(conn: Connection, digest: str, claims: Claims, now: datetime) -> None:
    """Keeps a general token's digest; once is enough, and the user's earlier ones go."""
    if find_token(conn, digest) is not None:
        return
    conn.execute(tokens.delete().where(tokens.c.user_id == claims.user_id, tokens.c.kind == claims.kind.value))
    try:
        with conn.begin_nested():
            conn.execute(
                tokens.insert().values(
                    digest=digest,
                    kind=claims.kind.value,
                    company_id=claims.company_id,
                    user_id=claims.user_id,
                    version=claims.version,
                    created_at=now,
                )
            )
    except IntegrityError:  # another replica has just kept the same one
        return


def find_token(conn: Connection, digest: str) -> Claims | None:
    token = tokens.c
    row = conn.execute(
        sa.select(token.kind, token.company_id, token.user_id, token.version).where(token.digest == digest)
    ).one_or_none()
    return Claims(UserKind(row.kind), row.company_id, row.user_id, row.version) if row else None
