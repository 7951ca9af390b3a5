"""One way to both databases: what is acknowledged is on disk, and what fails harms nobody else."""

import asyncio
import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from sqlalchemy import Column, Connection, ForeignKey, Integer, MetaData, String, Table
from sqlalchemy.exc import IntegrityError

from bot.database import Database, UtcDateTime
from bot.sqlite import Work
from tests import databases

database = databases.database
database_url = databases.database_url

metadata = MetaData()
words = Table("words", metadata, Column("id", Integer, primary_key=True), Column("word", String(4000), unique=True))
replies = Table(
    "replies",
    metadata,
    # Looked at by COMMIT, not before.
    Column("word_id", Integer, ForeignKey("words.id", deferrable=True, initially="DEFERRED")),
)
moments = Table("moments", metadata, Column("id", Integer, primary_key=True), Column("at", UtcDateTime))


@pytest.fixture
async def db(database: Database) -> Database:
    """On both."""
    await database.write(metadata.create_all)
    return database


def add(word: str) -> Work[None]:
    def work(connection: Connection) -> None:
        connection.execute(words.insert().values(word=word))

    return work


def load(connection: Connection) -> list[str]:
    return list(connection.execute(sa.select(words.c.word).order_by(words.c.word)).scalars())


def fail(connection: Connection) -> None:
    connection.execute(words.insert().values(word="half"))
    raise RuntimeError("after its first statement")


async def test_a_write_is_there_for_the_next_who_opens(database_url: str) -> None:
    first = await Database.open(database_url)
    await first.write(metadata.create_all)
    await first.write(add("kept"))
    await first.close()
    second = await Database.open(database_url)
    assert await second.read(load) == ["kept"]
    await second.close()


async def test_an_exception_undoes_its_own_work_alone(db: Database) -> None:
    works = [add("one"), fail, add("two"), add("one"), add("three")]
    outcomes = await asyncio.gather(*(db.write(work) for work in works), return_exceptions=True)
    assert sorted(await db.read(load)) == ["one", "three", "two"]
    assert isinstance(outcomes[1], RuntimeError)
    assert sum(isinstance(outcome, IntegrityError) for outcome in outcomes) == 1
    assert [outcome is None for outcome in (outcomes[2], outcomes[4])] == [True, True]


async def test_what_a_work_returns_comes_back_to_whoever_asked(db: Database) -> None:
    def count(number: int) -> Work[int]:
        return lambda connection: number

    assert await asyncio.gather(*(db.write(count(n)) for n in range(50))) == list(range(50))


@pytest.mark.parametrize(
    "at",
    [
        datetime(2024, 6, 3, 5, 0, 0, 123456, tzinfo=UTC),
        datetime(2024, 6, 3, 9, 0, 0, tzinfo=timezone(timedelta(hours=4))),
    ],
)
async def test_instants_are_aware_utc(db: Database, at: datetime) -> None:
    await db.write(lambda c: c.execute(moments.insert().values(at=at)))
    kept = await db.read(lambda c: c.execute(sa.select(moments.c.at)).scalar_one())
    assert (kept, kept.tzinfo) == (at, UTC)
    same = await db.read(lambda c: c.execute(sa.select(moments.c.id).where(moments.c.at <= at)).scalar())
    assert same == 1


async def test_no_instant_is_none(db: Database) -> None:
    await db.write(lambda c: c.execute(moments.insert().values(at=None)))
    assert await db.read(lambda c: c.execute(sa.select(moments.c.at)).scalar_one()) is None


async def test_who_gives_up_waiting_harms_nobody(db: Database) -> None:
    waiting = [asyncio.create_task(db.write(add(f"word {n:02}"))) for n in range(40)]
    await asyncio.sleep(0)
    for task in waiting[::2]:
        task.cancel()
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    kept = set(await db.read(load))
    # Those cancelled may be in or out; those not cancelled are in, and the database goes on.
    assert {f"word {n:02}" for n in range(1, 40, 2)} <= kept
    assert all(isinstance(outcome, asyncio.CancelledError) for outcome in outcomes[::2])
    await db.write(add("after"))
    assert "after" in await db.read(load)


@pytest.mark.parametrize("url", ["mysql://localhost/hadir", "sqlserver://x/y"])
async def test_another_database_is_refused(url: str) -> None:
    with pytest.raises((ValueError, sa.exc.SQLAlchemyError)):
        await Database.open(url)


async def test_a_long_read_holds_nobody_up(db: Database) -> None:
    """It waits for what happens after it on the loop."""
    await db.write(add("salam"))
    begun, answered = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def read(connection: Connection) -> list[str]:
        loop.call_soon_threadsafe(begun.set)
        assert answered.wait(5), "nothing else was done"
        return load(connection)

    reading = asyncio.create_task(db.read_aside(read))
    await begun.wait()
    await db.write(add("hello"))
    assert await db.read(load) == ["hello", "salam"]
    answered.set()
    assert "salam" in await reading


async def test_what_a_long_read_raises_is_raised_and_the_next_one_reads_what_is_new(db: Database) -> None:
    def fail(connection: Connection) -> None:
        raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"):
        await db.read_aside(fail)
    await db.write(add("hello"))
    assert await db.read_aside(load) == ["hello"]


async def test_in_memory_there_is_nothing_aside() -> None:
    db = await Database.open("sqlite://")
    await db.write(metadata.create_all)
    await db.write(add("hello"))
    assert await db.read_aside(load) == ["hello"]
    await db.close()
