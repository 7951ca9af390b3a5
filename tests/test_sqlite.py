"""SQLite alone: commits together, durability, a full disk, other processes, closing."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, event
from sqlalchemy.exc import IntegrityError, OperationalError, ResourceClosedError

from bot import sqlite as module
from bot.database import Database
from tests.test_database import add, load, metadata, replies, words


@pytest.fixture
async def file(tmp_path: Path) -> Path:
    return tmp_path / "words.db"


@pytest.fixture
async def sqlite(file: Path) -> AsyncIterator[Database]:
    opened = await Database.open(f"sqlite:///{file}")
    await opened.write(metadata.create_all)
    yield opened
    await opened.close()


async def test_a_commit_is_durable(sqlite: Database) -> None:
    asked = ("synchronous", "journal_mode", "foreign_keys", "secure_delete")
    found = await sqlite.write(lambda c: [c.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in asked])
    assert found == [2, "wal", 1, 1]


async def test_sqlite_that_does_not_wait_for_the_disk_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def prepare(raw: sqlite3.Connection, _: object) -> None:
        raw.execute("PRAGMA synchronous=NORMAL")

    monkeypatch.setattr(module, "_prepare_sqlite", prepare)
    with pytest.raises(RuntimeError, match="synchronous=FULL"):
        await Database.open(f"sqlite:///{tmp_path}/fast.db")


async def test_works_that_wait_are_committed_together(sqlite: Database) -> None:
    commits: list[Connection] = []

    def count(connection: Connection) -> None:
        commits.append(connection)

    event.listen(sa.Engine, "commit", count)
    try:
        await asyncio.gather(*(sqlite.write(add(f"{n}")) for n in range(300)))
    finally:
        event.remove(sa.Engine, "commit", count)
    assert len(await sqlite.read(load)) == 300
    assert len(commits) <= 60


async def test_a_full_disk_acknowledges_nobody_and_works_again_with_space(sqlite: Database) -> None:
    await sqlite.write(add("before"))
    pages = await sqlite.write(lambda c: c.exec_driver_sql("PRAGMA page_count").scalar_one())
    await sqlite.write(lambda c: c.exec_driver_sql(f"PRAGMA max_page_count={pages + 2}").scalar_one())
    outcomes = await asyncio.gather(
        *(sqlite.write(add(f"{n} " + "x" * 3000)) for n in range(20)), return_exceptions=True
    )
    kept = await sqlite.read(load)
    acknowledged = [f"{n} " + "x" * 3000 for n, outcome in enumerate(outcomes) if outcome is None]
    assert sorted(kept) == sorted(["before", *acknowledged])
    assert any(isinstance(outcome, OperationalError) for outcome in outcomes)
    await sqlite.write(lambda c: c.exec_driver_sql("PRAGMA max_page_count=100000").scalar_one())
    await sqlite.write(add("after"))
    assert "after" in await sqlite.read(load)


async def test_a_commit_that_fails_acknowledges_nobody(sqlite: Database) -> None:
    """As after a failed fsync: every work has gone well, and COMMIT itself says no."""

    def spoil(connection: Connection) -> None:
        connection.execute(replies.insert().values(word_id=99))

    works = [add("one"), spoil, add("two")]
    outcomes = await asyncio.gather(*(sqlite.write(work) for work in works), return_exceptions=True)
    assert all(isinstance(outcome, IntegrityError) for outcome in outcomes)
    assert await sqlite.read(load) == []
    await sqlite.write(add("after"))
    assert await sqlite.read(load) == ["after"]


async def test_a_short_lock_of_another_process_is_waited_for(sqlite: Database, file: Path) -> None:
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    waiting = asyncio.create_task(sqlite.write(add("patient")))
    await asyncio.sleep(0.2)
    assert not waiting.done()
    other.execute("COMMIT")
    other.close()
    await waiting
    assert await sqlite.read(load) == ["patient"]


async def test_a_long_lock_of_another_process_is_an_error_and_then_over(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BUSY_TIMEOUT", timedelta(seconds=0.1))
    sqlite = await Database.open(f"sqlite:///{file}")
    await sqlite.write(metadata.create_all)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    outcomes = await asyncio.gather(*(sqlite.write(add(f"{n}")) for n in range(5)), return_exceptions=True)
    assert all(isinstance(outcome, OperationalError) for outcome in outcomes)
    other.execute("COMMIT")
    other.close()
    await sqlite.write(add("after"))
    assert await sqlite.read(load) == ["after"]
    await sqlite.close()


async def test_closing_ends_what_was_asked_before(file: Path) -> None:
    sqlite = await Database.open(f"sqlite:///{file}")
    await sqlite.write(metadata.create_all)
    asked = [asyncio.create_task(sqlite.write(add(f"{n}"))) for n in range(30)]
    await asyncio.sleep(0)
    await sqlite.close()
    assert await asyncio.gather(*asked) == [None] * 30


async def test_reads_that_wait_are_done_before_closing(file: Path) -> None:
    db = await Database.open(f"sqlite:///{file}")
    await db.write(metadata.create_all)
    reads = [asyncio.create_task(db.read(load)) for _ in range(3)]
    await asyncio.sleep(0)
    await db.close()
    assert await asyncio.gather(*reads) == [[], [], []]


async def test_between_two_reads_the_loop_gets_its_turn(sqlite: Database) -> None:
    """Or a crowd of them would be one long stop, and who came in the middle of it would wait for the next crowd."""
    done: list[int] = []

    async def read(number: int) -> None:
        await sqlite.read(lambda _connection: done.append(number))

    reads = [asyncio.create_task(read(number)) for number in range(4)]
    most_at_once, seen = 0, 0
    while len(done) < len(reads):
        await asyncio.sleep(0)
        most_at_once, seen = max(most_at_once, len(done) - seen), len(done)
    assert (done, most_at_once) == ([0, 1, 2, 3], 1)
    await asyncio.gather(*reads)


async def test_a_closed_database_says_so(file: Path) -> None:
    sqlite = await Database.open(f"sqlite:///{file}")
    await sqlite.close()
    with pytest.raises(ResourceClosedError):
        await asyncio.wait_for(sqlite.write(add("late")), 1)


async def test_what_was_deleted_leaves_the_log_while_others_read_all_the_time(sqlite: Database, file: Path) -> None:
    def read(connection: Connection) -> None:
        load(connection)
        time.sleep(0.02)

    async def keep_reading() -> None:
        for _ in range(20):
            await sqlite.read_aside(read)

    await sqlite.write(add("secret"))
    reading = asyncio.create_task(keep_reading())
    await asyncio.sleep(0.01)
    await sqlite.write(lambda c: c.execute(words.delete()))
    await sqlite.scrub()
    assert not reading.done()
    assert b"secret" not in _read_bytes(file)
    await reading


def _read_bytes(file: Path) -> bytes:
    return file.read_bytes() + file.with_name(f"{file.name}-wal").read_bytes()
