"""Everybody logs in before the first kill."""

import asyncio
from contextlib import AsyncExitStack

from bot.biotime.client import BioTimeClient
from bot.biotime.transport import open_http
from bot.database import Database, upgrade
from bot.gateway.sample import NAME, ZONE
from bot.gateway.staff import Imported
from bot.services.filings import Kind
from bot.services.guessing import Guessing
from bot.services.linking import Credentials, Linked, Linking
from bot.services.receipts import ReceiptBook
from bot.services.requests import Requests
from bot.services.sending import Sending
from bot.services.sessions import Sessions
from bot.services.telling import Telling
from bot.services.tenants import Tenant, Tenants
from bot.store import punches
from bot.store.cipher import Cipher
from bot.store.schema import MIGRATIONS
from tests.kills.worker import LIMITS, Silence, now

# The gateway lets only so many wait for their passwords to be checked.
AT_ONCE = 60


async def link_all(store: str, url: str, key: str, staff: list[Imported]) -> None:
    """On Telegram accounts that have the numbers of their emp_codes. `store` and `url` are the bot's and BioTime's."""
    async with AsyncExitStack() as stack:
        db = await Database.open(store)
        stack.push_async_callback(db.close)
        await db.write(upgrade(MIGRATIONS))
        http = await stack.enter_async_context(open_http(url))
        linking = _build_linking(db, Tenants([Tenant(NAME, ZONE, BioTimeClient(http, NAME, ZONE))]), key)
        for first in range(0, len(staff), AT_ONCE):
            await asyncio.gather(*(_log_in(linking, person) for person in staff[first : first + AT_ONCE]))


def _build_linking(db: Database, tenants: Tenants, key: str) -> Linking:
    sessions = Sessions(db, tenants, Cipher(key), now)
    sending = Sending(
        db,
        Requests(db, sessions, now),
        Telling(db, Silence(), now, punches, Kind.LOG),
        now,
        LIMITS,
        rows=punches,
        book=ReceiptBook(Cipher(key), now),
    )
    return Linking(db, tenants, sessions, sending, now, guessing=Guessing(db, sessions, now))


async def _log_in(linking: Linking, person: Imported) -> None:
    who, _ = await linking.meet(int(person.emp_code), "en")
    done = await linking.login(who, Credentials(NAME, person.emp_code, person.password))
    assert isinstance(done, Linked)
