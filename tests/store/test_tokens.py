"""A session is kept as long as a punch needs it, and no longer."""

from dataclasses import replace

import pytest

from bot.attendance.progress import FINAL, LOGIN_NEEDED, State
from bot.database import Database
from bot.store import links, punches, tokens
from bot.store.links import Link
from tests.store.rows import LINK, MONA, NOW, OMAR, PUNCH, add_link, add_punch, migrate


@pytest.fixture
async def store(database: Database) -> Database:
    return await migrate(database)


async def token_of(store: Database, link: Link) -> bytes | None:
    found = await store.read(lambda c: links.find_link_by_id(c, link.id))
    assert found is not None
    return found.token


async def end(store: Database, telegram_id: int = MONA) -> None:
    await store.write(lambda c: links.end_link(c, telegram_id, NOW))


@pytest.mark.parametrize("state", list(State))
async def test_a_session_that_has_ended_goes_with_its_last_open_punch(store: Database, state: State) -> None:
    link = await add_link(store)
    punch = await add_punch(store, replace(PUNCH, link_id=link.id))
    await end(store)
    moved = replace(punch.progress, state=state)
    await store.write(lambda c: punches.settle(c, punch, moved))
    assert await store.write(tokens.drop_ended_tokens) == (state in FINAL)
    assert await token_of(store, link) == (None if state in FINAL else LINK.token)


async def test_who_is_logged_in_keeps_it(store: Database) -> None:
    link = await add_link(store)
    assert await store.write(tokens.drop_ended_tokens) == 0
    assert await token_of(store, link) == LINK.token


async def test_a_punch_of_an_earlier_session_needs_the_newest_one(store: Database) -> None:
    """That is the one it goes out under."""
    first = await add_link(store)
    await add_punch(store, replace(PUNCH, link_id=first.id))
    newest = await add_link(store)
    assert await store.read(lambda c: tokens.has_open_punch(c, newest))
    assert not await store.read(lambda c: tokens.has_open_punch(c, newest, LOGIN_NEEDED))
    await end(store)
    await store.write(tokens.drop_ended_tokens)
    assert await token_of(store, newest) == LINK.token


async def test_another_s_punch_needs_none_of_hers(store: Database) -> None:
    """Neither a colleague's nor that of another employee under the same account."""
    omar = await add_link(store, replace(LINK, telegram_id=OMAR, emp_code="1002"))
    await add_punch(store, replace(PUNCH, link_id=omar.id, emp_code="1002"))
    mona = await add_link(store)
    as_omar = await add_link(store, replace(LINK, emp_code="1002"))
    assert not await store.read(lambda c: tokens.has_open_punch(c, as_omar))
    await end(store)
    assert await store.write(tokens.drop_ended_tokens) == 2
    assert await token_of(store, mona) is None
    assert await token_of(store, as_omar) is None
    assert await token_of(store, omar) == LINK.token


async def test_a_punch_that_waits_for_a_log_in_is_known_by_its_reason(store: Database) -> None:
    link = await add_link(store)
    punch = await add_punch(store, replace(PUNCH, link_id=link.id))
    waits = replace(punch.progress, reason=LOGIN_NEEDED)
    await store.write(lambda c: punches.settle(c, punch, waits))
    assert await store.read(lambda c: tokens.has_open_punch(c, link, LOGIN_NEEDED))
