"""One way to a relational database: SQLite in one file, or PostgreSQL.

Work is a plain function over a SQLAlchemy connection; `Database.write` runs it in a transaction and returns after
COMMIT. The same functions run on both databases.

SQLite has one writer, so what is asked for while it commits is committed together next time: the price of an fsync is
shared by everyone who waited for it (group commit), and durability stays whole.
"""

import asyncio
import sqlite3
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Generic, Protocol, Self, TypeVar

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, event
from sqlalchemy.engine import Dialect, make_url
from sqlalchemy.exc import OperationalError, ResourceClosedError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.types import TypeDecorator, TypeEngine

T = TypeVar("T")
Work = Callable[[Connection], T]

BATCH = 64
BUSY_TIMEOUT = timedelta(seconds=5)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware UTC in Python, `timestamptz` on PostgreSQL, naive UTC text on SQLite."""

    impl = sa.DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(sa.DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        at = value.astimezone(UTC)
        return at if dialect.name == "postgresql" else at.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        return _write_utc if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None] | None:
        return _read_utc if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


# Of each time in each row, both ways: by SQLAlchemy's own way it takes three times as long.
def _write_utc(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat(" ", "microseconds")[:26]


def _read_utc(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(f"{text}+00:00")


class _Backend(Protocol):
    async def write(self, work: Work[T]) -> T: ...
    async def read(self, work: Work[T]) -> T: ...
    async def scrub(self) -> None: ...
    async def close(self) -> None: ...


class Database:
    """Opened from a URL: `sqlite:///path`, `sqlite://` (memory), `postgresql://…`."""

    def __init__(self, backend: _Backend) -> None:
        self._backend = backend

    @classmethod
    async def open(cls, url: str) -> Self:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            return cls(_Sqlite(parsed))
        if parsed.get_backend_name() == "postgresql":
            return cls(
                _Postgres(create_async_engine(parsed.set(drivername="postgresql+psycopg"), hide_parameters=True))
            )
        raise ValueError(f"{parsed.drivername}: use sqlite:///FILE or postgresql://USER@HOST/NAME")

    async def write(self, work: Work[T]) -> T:
        """Runs in a transaction and returns after COMMIT; an exception undoes this work alone.

        Work may be run twice (what it did the first time undone): it must have no effect but on the database.
        """
        return await self._backend.write(work)

    async def read(self, work: Work[T]) -> T:
        return await self._backend.read(work)

    async def scrub(self) -> None:
        """Takes what was deleted out of the log beside the database, too; on PostgreSQL that is vacuum's."""
        await self._backend.scrub()

    async def close(self) -> None:
        await self._backend.close()


class _Postgres:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def write(self, work: Work[T]) -> T:
        async with self._engine.begin() as connection:
            return await connection.run_sync(work)

    async def read(self, work: Work[T]) -> T:
        async with self._engine.connect() as connection:
            return await connection.run_sync(work)

    async def scrub(self) -> None:
        return

    async def close(self) -> None:
        await self._engine.dispose()


@dataclass(slots=True)
class _Job(Generic[T]):
    work: Work[T]
    done: "asyncio.Future[T]"
    value: T | None = None


class _Sqlite:
    """One connection that writes, one that reads; the order of writes is the order of asking.

    Statements run on the event loop: each takes microseconds, and in a thread of its own each would wait for the
    interpreter's lock, which a busy loop gives up every 5 ms. Only COMMIT, which waits for the disk, goes to a thread;
    what is asked for meanwhile is committed together next time.

    Reads take turns, and the loop looks at its sockets before each: were all that wait done in one go, whoever asked in
    the middle would wait for all of them and again for all that came after.
    """

    def __init__(self, url: sa.URL) -> None:
        # A transaction that writes says so at once: a reader that becomes a writer would deadlock.
        self._writing = _connect_sqlite(url, "BEGIN IMMEDIATE")
        in_memory = url.database in (None, "", ":memory:")
        self._reading = self._writing if in_memory else _connect_sqlite(url, "BEGIN")
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

    async def scrub(self) -> None:
        """With secure_delete, what is deleted is overwritten, in pages that the log holds twice until it is emptied."""
        while self._committing is not None and not self._committing.done():
            await self._committing
        raw = self._writing.connection.dbapi_connection
        assert raw is not None
        raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    async def close(self) -> None:
        if self._committing is not None:
            await self._committing
        self._disk.shutdown()
        async with self._turn:  # after the reads that wait
            for connection in {self._writing, self._reading}:
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


def upgrade(scripts: Path) -> Work[None]:
    """Alembic's upgrade to head over the scripts in a folder, as one work."""

    def run(connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(scripts))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")

    return run
