"""SQLite's one file behind `Database`. It has one writer, so what is asked for while it commits is committed together
next time: the price of an fsync is shared by everyone who waited for it (group commit), and durability stays whole.
"""

import asyncio
import sqlite3
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy import Connection, event
from sqlalchemy.exc import OperationalError, ResourceClosedError

T = TypeVar("T")
Work = Callable[[Connection], T]

BATCH = 64
BUSY_TIMEOUT = timedelta(seconds=5)


@dataclass(slots=True)
class _Job(Generic[T]):
    work: Work[T]
    done: "asyncio.Future[T]"
    value: T | None = None


class Sqlite:
    """One connection that writes, two that read; the order of writes is the order of asking.

    Statements run on the event loop: each takes microseconds, and in a thread of its own each would wait for the
    interpreter's lock, which a busy loop gives up every 5 ms. Only COMMIT, which waits for the disk, goes to a thread;
    what is asked for meanwhile is committed together next time.

    Reads take turns, and the loop looks at its sockets before each: were all that wait done in one go, whoever asked in
    the middle would wait for all of them and again for all that came after.

    A read of thousands takes a good part of a second, in which the loop would answer nobody: it has a thread after all,
    and a connection.
    """

    def __init__(self, url: sa.URL) -> None:
        # A transaction that writes says so at once: a reader that becomes a writer would deadlock.
        self._writing = _connect_sqlite(url, "BEGIN IMMEDIATE")
        in_memory = url.database in (None, "", ":memory:")
        self._reading = self._writing if in_memory else _connect_sqlite(url, "BEGIN")
        self._aside = self._writing if in_memory else _connect_sqlite(url, "BEGIN")
        self._beside = ThreadPoolExecutor(1, "sqlite-read")
        _assert_durable(self._writing)
        self._turn = asyncio.Lock()
        self._waiting: deque[_Job[Any]] = deque()
        self._committing: asyncio.Task[None] | None = None
        self._disk = ThreadPoolExecutor(1, "sqlite-commit")

    async def write(self, work: Work[T]) -> T:
        job: _Job[T] = _Job(work, asyncio.get_running_loop().create_future())
        self._waiting.append(job)
        if self._committing is None or self._committing.done():
            self._committing = asyncio.create_task(self._commit_waiting())
        return await job.done

    async def read(self, work: Work[T]) -> T:
        if self._reading is self._writing:
            return await self.write(work)
        async with self._turn:
            await asyncio.sleep(0)
            with self._reading.begin():
                return work(self._reading)

    async def read_aside(self, work: Work[T]) -> T:
        if self._aside is self._writing:
            return await self.write(work)
        return await asyncio.get_running_loop().run_in_executor(self._beside, self._read_aside, work)

    def _read_aside(self, work: Work[T]) -> T:
        with self._aside.begin():
            return work(self._aside)

    async def scrub(self) -> None:
        """With secure_delete, what is deleted is overwritten, in pages that the log holds twice until it is emptied."""
        if self._aside is not self._writing:
            await asyncio.get_running_loop().run_in_executor(self._beside, self._empty_log)

    def _empty_log(self) -> None:
        """Where the long reads are, so after them; for whoever else reads or writes it waits."""
        raw = self._aside.connection.dbapi_connection
        assert raw is not None
        cursor = raw.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT // timedelta(milliseconds=1)}")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.execute("PRAGMA busy_timeout=0")

    async def close(self) -> None:
        if self._committing is not None:
            await self._committing
        self._disk.shutdown()
        self._beside.shutdown()
        async with self._turn:  # after the reads that wait
            for connection in {self._writing, self._reading, self._aside}:
                connection.close()
                connection.engine.dispose()

    async def _commit_waiting(self) -> None:
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
            batch = [job for job in batch if not job.done.cancelled()]
            try:
                await self._commit_all(batch)
            except Exception as problem:  # not even undoing went well: nobody waits for ever
                _fail(batch, problem)

    async def _commit_all(self, batch: Sequence[_Job[Any]]) -> None:
        if not await self._commit(batch):
            # One of them failed: each alone, so that the others are none the worse. A work may run twice.
            for job in batch:
                await self._commit([job], alone=True)

    async def _commit(self, batch: Sequence[_Job[Any]], *, alone: bool = False) -> bool:
        """Whether the batch is settled: committed, or failed as a whole."""
        try:
            transaction = await self._begin()
        except Exception as problem:
            _fail(batch, problem)
            return True
        try:
            for job in batch:
                job.value = job.work(self._writing)
        except Exception as problem:
            transaction.rollback()
            if len(batch) > 1 and not alone:
                return False
            _fail(batch, problem)
            return True
        try:
            await asyncio.get_running_loop().run_in_executor(self._disk, transaction.commit)
        except Exception as problem:  # a full disk or a failed fsync: nobody in the batch is acknowledged
            self._undo(transaction)
            _fail(batch, problem)
            return True
        for job in batch:
            if not job.done.done():
                job.done.set_result(job.value)
        return True

    def _undo(self, transaction: sa.RootTransaction) -> None:
        """A COMMIT that failed may leave SQLite in the transaction, which SQLAlchemy takes for over and yet keeps."""
        transaction.rollback()
        raw = self._writing.connection.dbapi_connection
        assert raw is not None
        raw.rollback()

    async def _begin(self) -> sa.RootTransaction:
        """Waits for another process's lock without holding up the loop."""
        until = asyncio.get_running_loop().time() + BUSY_TIMEOUT.total_seconds()
        while True:
            try:
                return self._writing.begin()
            except OperationalError as problem:
                if "locked" not in str(problem) or asyncio.get_running_loop().time() > until:
                    raise
            await asyncio.sleep(0.01)


def _fail(batch: Sequence[_Job[Any]], problem: Exception) -> None:
    for job in batch:
        if not job.done.done():
            job.done.set_exception(problem)


def _connect_sqlite(url: sa.URL, begin: str) -> Connection:
    # The driver keeps its hands off transactions: they are begun here.
    engine = sa.create_engine(
        url.set(drivername="sqlite+pysqlite"),
        poolclass=sa.pool.StaticPool,
        hide_parameters=True,  # an error must not carry a row's values into the log
        connect_args={"check_same_thread": False, "isolation_level": None, "timeout": 0, "cached_statements": 512},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    connection = engine.connect()
    raw = connection.connection.dbapi_connection
    assert raw is not None

    def on_begin(_: Connection) -> None:
        try:
            raw.cursor().execute(begin)
        except sqlite3.OperationalError as problem:
            raise OperationalError(begin, None, problem) from problem
        except sqlite3.ProgrammingError as problem:
            raise ResourceClosedError("the database is closed") from problem

    event.listen(engine, "begin", on_begin)
    return connection


def _prepare_sqlite(raw: Any, _record: object) -> None:
    _switch_to_wal(raw)
    for pragma in (
        "synchronous=FULL",  # NORMAL lost acknowledged commits in simulated power cuts
        "foreign_keys=ON",
        "secure_delete=ON",  # what a person asked to forget leaves the file, too
    ):
        raw.execute(f"PRAGMA {pragma}")


def _switch_to_wal(raw: Any) -> None:
    """Several processes that open a new file at once are refused on the spot, whatever the busy timeout."""
    for attempt in range(100, 0, -1):
        try:
            raw.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as problem:
            if attempt == 1 or "locked" not in str(problem):
                raise
            time.sleep(0.05)  # before anything runs: there is no loop yet to hold up
        else:
            return


def _assert_durable(connection: Connection) -> None:
    # Without a transaction: another process may hold the lock while we open.
    raw = connection.connection.dbapi_connection
    assert raw is not None
    synchronous = raw.cursor().execute("PRAGMA synchronous").fetchone()[0]
    if synchronous != 2:
        raise RuntimeError("SQLite must run with synchronous=FULL: a commit that is acknowledged must be on disk")
