"""Hadir itself: the real `hadir run`, with its durable commits, on a SQLite file of its own."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from benchmarks.contestants.job import TOKEN
from benchmarks.far_end.biotime import build_token, employee_id
from bot.database import Database, upgrade
from bot.services.sessions import seal_token
from bot.store import links
from bot.store.cipher import Cipher

MIGRATIONS = Path(links.__file__).with_name("migrations")
TOKEN_LIFETIME = timedelta(days=7)

SECRET_KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="


def build_environment(base: str, database_url: str) -> dict[str, str]:
    return {
        "HADIR_TELEGRAM_TOKEN": TOKEN,
        "HADIR_TELEGRAM_API_URL": base,
        "HADIR_BIOTIME_URL": base,
        "HADIR_COMPANY": "Demo Trading",
        "HADIR_TIMEZONE": "Asia/Dubai",
        "HADIR_DATABASE_URL": database_url,
        "HADIR_SECRET_KEY": SECRET_KEY,
    }


# ---- the one place that knows the bot's own database ------------------------------------------------------------


def prepare(database_url: str, people: range, environment: Mapping[str, str]) -> None:
    """Create the database and link `people`, each with a token of the far end, as if all had logged in before.

    A person's Telegram id is the number itself and emp_code is its digits: so the far end knows them.
    """
    asyncio.run(_link_all(database_url, people, environment))


async def _link_all(database_url: str, people: range, environment: Mapping[str, str]) -> None:
    database = await Database.open(database_url)

    def work(connection: Connection) -> None:
        for person in people:
            links.add_person(connection, person, client_id=f"{person:064x}", language_code="en")
            links.add_link(connection, _build_link(person, environment))

    try:
        await database.write(upgrade(MIGRATIONS))
        await database.write(work)
    finally:
        await database.close()


def _build_link(person: int, environment: Mapping[str, str]) -> links.Link:
    emp_code = str(person)
    now = datetime.now(UTC)  # noqa: TID251 - the bot judges a token's age by the real clock
    token = build_token(emp_code, int((now + TOKEN_LIFETIME).timestamp()))
    return links.Link(
        id=0,
        telegram_id=person,
        company=environment["HADIR_COMPANY"],
        emp_id=employee_id(emp_code),
        emp_code=emp_code,
        name="Mona",
        department="Department",
        position="Position",
        area="Dubai Office",
        app_role=1,
        token=_seal(token, person, environment),
        linked_at=now,
        token_at=now,
    )


def _seal(token: str, person: int, environment: Mapping[str, str]) -> bytes:
    """The token as the bot keeps it: encrypted with HADIR_SECRET_KEY, bound to company and person."""
    return seal_token(Cipher(environment["HADIR_SECRET_KEY"]), environment["HADIR_COMPANY"], person, token)
