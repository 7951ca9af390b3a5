"""Who is linked, whose token counts, how often one may guess."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, select

from bot.attendance.model import PunchState
from bot.database import Database
from bot.sqlite import Work
from bot.store import links
from bot.store.links import Link, Person
from tests.store.rows import LINK, MONA, NOW, OMAR, add_link, migrate

LATER = NOW + timedelta(hours=1)


@pytest.fixture
async def store(database: Database) -> Database:
    return await migrate(database)


async def find(store: Database, telegram_id: int = MONA) -> Link | None:
    return await store.read(lambda c: links.find_link(c, telegram_id))


async def test_an_account_has_one_link(store: Database) -> None:
    first = await add_link(store)
    second = await add_link(store, replace(LINK, emp_code="1002", linked_at=LATER))
    assert await find(store) == second
    assert await store.read(lambda c: links.find_link_by_id(c, first.id)) is not None
    assert await store.read(links.count_links) == 1


async def test_who_logs_out_is_nobody(store: Database) -> None:
    await add_link(store)
    assert await store.write(lambda c: links.end_link(c, MONA, LATER))
    assert await find(store) is None
    assert not await store.write(lambda c: links.end_link(c, MONA, LATER))


async def test_punches_of_an_old_link_go_out_with_the_newest_session_of_the_same_employee(store: Database) -> None:
    async def newest(link: Link) -> Link | None:
        return await store.read(lambda c: links.find_link_of_employee(c, link.id))

    first = await add_link(store)
    omar = await add_link(store, replace(LINK, telegram_id=OMAR))
    stranger = await add_link(store, replace(LINK, emp_code="1002"))
    assert await newest(first) == first
    again = await add_link(store, replace(LINK, token=b"newer"))
    assert await newest(first) == again
    # Another account of the same employee has its own session, another employee of the same account, too.
    assert await newest(omar) == omar
    assert await newest(stranger) == stranger


async def test_a_token_is_replaced_only_where_it_still_is_the_one_that_failed(store: Database) -> None:
    old = await add_link(store)
    await store.write(lambda c: links.settle_token(c, old, b"renewed", LATER))
    await store.write(lambda c: links.settle_token(c, old, None, LATER))
    kept = await find(store)
    assert kept is not None
    assert kept.token == b"renewed"


async def test_the_oldest_tokens_are_found(store: Database) -> None:
    await add_link(store)
    assert await store.read(lambda c: links.find_old_tokens(c, NOW)) == []
    assert len(await store.read(lambda c: links.find_old_tokens(c, LATER))) == 1


async def test_what_a_terminal_saw_last_is_kept(store: Database) -> None:
    link = await add_link(store)
    await store.write(lambda c: links.settle_last_punch(c, link.id, LATER, PunchState.BREAK_OUT))
    kept = await find(store)
    assert kept is not None
    assert (kept.last_punch_at, kept.last_punch_state) == (LATER, PunchState.BREAK_OUT)


async def test_a_person_keeps_the_first_client_id(store: Database) -> None:
    first = await store.write(lambda c: links.add_person(c, MONA, "device", "ar"))
    await store.write(lambda c: links.settle_language(c, MONA, "hi"))
    await store.write(lambda c: links.add_person(c, MONA, "another", "en"))
    kept = await store.read(lambda c: links.find_person(c, MONA))
    assert kept == replace(first, language="hi", language_code="en")


async def test_the_same_person_at_once_is_one(database_url: str, store: Database) -> None:
    other = await Database.open(database_url)

    def meet(device: str) -> Work[Person]:
        return lambda c: links.add_person(c, MONA, device, "en")

    met = await asyncio.gather(*(db.write(meet(f"device {n}")) for n, db in enumerate((store, other) * 5)))
    assert len({person.client_id for person in met}) == 1
    await other.close()


async def test_an_employees_punches_are_decided_one_after_the_other(database_url: str, store: Database) -> None:
    """From two accounts and two processes: whoever holds the lock goes first."""
    await add_link(store)
    await add_link(store, replace(LINK, telegram_id=OMAR))
    other, inside, most = await Database.open(database_url), 0, 0

    def decide(connection: Connection) -> None:
        nonlocal inside, most
        links.lock_employee(connection, LINK.company, LINK.emp_code)
        inside += 1
        most = max(most, inside)
        connection.execute(select(1))
        inside -= 1

    await asyncio.gather(*(db.write(decide) for db in (store, other) * 10))
    assert most == 1
    await other.close()
