"""One-time codes for a forgotten password: ten minutes, five tries, one use, three an hour.

Only the latest code of an employee counts. What is kept is a keyed digest.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.gateway.records.schedule_tables import password_codes
from bot.gateway.records.tables import companies, employees

LIFETIME = timedelta(minutes=10)
MOST_TRIES = 5
MOST_PER_HOUR = 3
# Long enough for the count of an hour, whatever the clocks of two replicas say.
KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Addressee:
    """An employee who can be written to."""

    id: str
    company_id: str
    company_name: str
    email: str
    first_name: str


def find_addressee(conn: Connection, company_id: str, called: str) -> Addressee | None:
    """By email in any case, or by emp_code, as people log in; who has left has no password to forget."""
    person = employees.c
    named = person.email_key == called.casefold() if "@" in called else person.emp_code == called
    row = conn.execute(
        sa.select(person.id, person.company_id, companies.c.name, person.email, person.first_name)
        .join(companies, companies.c.id == person.company_id)
        .where(person.company_id == company_id, named, person.email.is_not(None), person.email != "", person.active)
    ).one_or_none()
    return Addressee(*row) if row else None


def add_code(conn: Connection, addressee: Addressee, digest: str, now: datetime) -> bool:
    """False: there were as many in the last hour as there may be."""
    code = password_codes.c
    # Replicas count one after the other: without the lock two could both see two codes.
    conn.execute(sa.select(employees.c.id).where(employees.c.id == addressee.id).with_for_update())
    recent = sa.select(sa.func.count()).where(
        code.employee_id == addressee.id, code.created_at > now - timedelta(hours=1)
    )
    if conn.execute(recent).scalar_one() >= MOST_PER_HOUR:
        return False
    conn.execute(
        password_codes.delete().where(code.employee_id == addressee.id, code.created_at < now - KEPT),
    )
    conn.execute(
        password_codes.insert().values(
            company_id=addressee.company_id,
            employee_id=addressee.id,
            digest=digest,
            created_at=now,
            expires_at=now + LIFETIME,
        )
    )
    return True


def use_code(conn: Connection, employee_id: str, digest: str, now: datetime) -> bool:
    """Takes one of the tries; the right digest also uses the code up."""
    code = password_codes.c
    latest = sa.select(sa.func.max(code.id)).where(code.employee_id == employee_id).scalar_subquery()
    # Counted before it is compared, and in one statement: a hundred tries at once are five.
    tried = conn.execute(
        password_codes.update()
        .where(code.id == latest, code.tries < MOST_TRIES, code.used_at.is_(None), code.expires_at > now)
        .values(tries=code.tries + 1)
        .returning(code.id, code.digest)
    ).one_or_none()
    if tried is None or not hmac.compare_digest(tried.digest, digest):
        return False
    conn.execute(password_codes.update().where(code.id == tried.id).values(used_at=now))
    return True
