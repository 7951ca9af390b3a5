"""An update that was acknowledged is kept once, and done once."""

import asyncio
from datetime import timedelta

import pytest

from bot.database import Database
from bot.store import inbox
from bot.store.inbox import Delivery, InboxRow
from tests.store.rows import MONA, NOW, OMAR, migrate

BOT, OTHER_BOT = 1, 2
LATER = NOW + timedelta(minutes=1)


@pytest.fixture
async def store(database: Database) -> Database:
    return await migrate(database)


def deliver(number: int, chat: int = MONA) -> Delivery:
    return Delivery(number, chat, f"sealed {number}".encode())


async def add(store: Database, *deliveries: Delivery, bot: int = BOT) -> list[InboxRow]:
    return await store.write(lambda c: inbox.add_updates(c, bot, deliveries, NOW))


async def find(store: Database, chat: int | None = None) -> list[int]:
    rows = await store.read(lambda c: inbox.find_open(c, BOT, NOW, chat))
    return [row.update_id for row in rows]


async def test_an_update_that_came_before_is_not_new(store: Database) -> None:
    assert [row.update_id for row in await add(store, deliver(5), deliver(6))] == [5, 6]
    assert [row.update_id for row in await add(store, deliver(6), deliver(7))] == [7]
    assert await find(store) == [5, 6, 7]


async def test_lower_numbers_are_new_too(store: Database) -> None:
    """After an idle week Telegram starts anew, anywhere."""
    await add(store, deliver(900_000))
    assert len(await add(store, deliver(3))) == 1


async def test_two_bots_have_two_series(store: Database) -> None:
    await add(store, deliver(5))
    assert len(await add(store, deliver(5), bot=OTHER_BOT)) == 1
    assert await find(store) == [5]


async def test_the_same_update_at_once_is_kept_once(database_url: str, store: Database) -> None:
    other = await Database.open(database_url)
    added = await asyncio.gather(*(add(db, deliver(5)) for db in (store, other) * 5))
    assert sum(map(len, added)) == 1
    await other.close()


async def test_what_is_done_is_remembered_without_its_content(store: Database) -> None:
    row = (await add(store, deliver(5)))[0]
    await store.write(lambda c: inbox.settle_update(c, row.id))
    assert await find(store) == []
    assert await add(store, deliver(5)) == []
    content = await store.read(lambda c: c.exec_driver_sql("SELECT payload FROM inbox").scalar_one())
    assert content is None


async def test_what_is_put_off_holds_up_its_own_chat_alone(store: Database) -> None:
    rows = await add(store, deliver(1), deliver(2), deliver(3, OMAR))
    await store.write(lambda c: inbox.postpone_update(c, rows[0].id, 1, LATER))
    assert await find(store) == [3]
    assert await find(store, MONA) == []
    later = await store.read(lambda c: inbox.find_open(c, BOT, LATER))
    assert [(row.update_id, row.attempt) for row in later] == [(1, 1), (2, 0), (3, 0)]


async def test_only_done_ones_are_forgotten(store: Database) -> None:
    rows = await add(store, deliver(1), deliver(2))
    await store.write(lambda c: inbox.settle_update(c, rows[0].id))
    assert await store.write(lambda c: inbox.forget_updates(c, NOW)) == 0
    assert await store.write(lambda c: inbox.forget_updates(c, LATER)) == 1
    assert await find(store) == [2]
