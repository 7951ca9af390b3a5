"""Who calls the web API, today: a system user, or an employee who is an administrator; and the company they act for."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.gateway.records.callers import Claims
from bot.gateway.records.kinds import Dialect
from bot.gateway.records.tables import companies, system_users


@dataclass(frozen=True, slots=True)
class Office:
    """The company a web endpoint works for. `by` is who is calling, for the records: an e-mail address or emp_code."""

    company_id: str
    name: str
    zone: ZoneInfo
    dialect: Dialect
    by: str

    def day(self, at: datetime) -> date:
        """The date in the company's zone."""
        return at.astimezone(self.zone).date()


_FIND_SYSTEM_USER = (
    sa.select(companies.c.name, companies.c.timezone, companies.c.dialect, system_users.c.email)
    .join(companies, companies.c.id == system_users.c.company_id)
    .where(
        system_users.c.id == sa.bindparam("user"),
        system_users.c.company_id == sa.bindparam("company"),
        system_users.c.token_version == sa.bindparam("version"),
        system_users.c.active,
    )
)


def find_system_office(conn: Connection, claims: Claims) -> Office | None:
    """None: the system user is gone, inactive, or has ended the token."""
    named = {"user": int(claims.user_id), "company": claims.company_id, "version": claims.version}
    row = conn.execute(_FIND_SYSTEM_USER, named).one_or_none()
    return Office(claims.company_id, row.name, ZoneInfo(row.timezone), Dialect(row.dialect), row.email) if row else None
