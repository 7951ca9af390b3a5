"""One way to a relational database: SQLite in one file, or PostgreSQL.

Work is a plain function over a SQLAlchemy connection; `Database.write` runs it in a transaction and returns after
COMMIT. The same functions run on both databases.

SQLite has one writer, so all work goes through one thread, which takes what has queued up and commits it together: the
price of an fsync is shared by everyone who waited for it (group commit), and durability stays whole.
"""

import asyncio
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol, Self, TypeVar

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import Dialect, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.types import TypeDecorator, TypeEngine

T = TypeVar("T")
Work = Callable[[Connection], T]

BATCH = 256
BUSY_TIMEOUT_MS = 5000


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
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class _Backend(Protocol):
    async def write(self, work: Work[T]) -> T: ...
    async def read(self, work: Work[T]) -> T: ...
    async def close(self) -> None: ...


class Database:
    """Opened from a URL: `sqlite:///path`, `sqlite://` (memory), `postgresql://…`."""

    def __init__(self, backend: _Backend) -> None:
        self._backend = backend

    @classmethod
    async def open(cls, url: str) -> Self:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            return cls(await asyncio.to_thread(_Sqlite, parsed))
        if parsed.get_backend_name() == "postgresql":
            return cls(_Postgres(create_async_engine(parsed.set(drivername="postgresql+psycopg"))))
        raise ValueError(f"{parsed.drivername}: use sqlite:///FILE or postgresql://USER@HOST/NAME")

    async def write(self, work: Work[T]) -> T:
        """Runs in a transaction and returns after COMMIT; an exception undoes this work alone."""
        return await self._backend.write(work)

    async def read(self, work: Work[T]) -> T:
        return await self._backend.read(work)

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

    async def close(self) -> None:
        await self._engine.dispose()


Job = tuple[Work[Any], "Future[Any]"]


class _Sqlite:
    """One connection, one thread; the queue is the order of all writes."""

    def __init__(self, url: sa.URL) -> None:
        # autocommit off the driver's hands: BEGIN IMMEDIATE is ours, or a reader that becomes a writer deadlocks.
        self._engine: Engine = sa.create_engine(
            url.set(drivername="sqlite+pysqlite"),
            poolclass=sa.pool.StaticPool,
            connect_args={
                "check_same_thread": False,
                "isolation_level": None,
                "timeout": BUSY_TIMEOUT_MS / 1000,
            },
        )
        event.listen(self._engine, "connect", _prepare_sqlite)
        event.listen(self._engine, "begin", _begin_immediate)
        with self._engine.connect() as connection:
            _assert_durable(connection)
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="sqlite-writer", daemon=True)
        self._thread.start()

    async def write(self, work: Work[T]) -> T:
        job: Future[T] = Future()
        self._jobs.put((work, job))
        return await asyncio.wrap_future(job)

    read = write

    async def close(self) -> None:
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)
        self._engine.dispose()

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            batch, last = self._take(job)
            # From here on nobody can cancel; whoever asked and is gone already gets nothing done.
            self._commit([(work, job) for work, job in batch if job.set_running_or_notify_cancel()])
            if last:
                break

    def _take(self, first: Job) -> tuple[list[Job], bool]:
        batch = [first]
        while len(batch) < BATCH:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                break
            if job is None:
                return batch, True
            batch.append(job)
        return batch, False

    def _commit(self, batch: list[Job]) -> None:
        done: list[tuple[Future[Any], Any]] = []
        try:
            with self._engine.begin() as connection:
                for work, job in batch:
                    self._attempt(connection, work, job, done, alone=len(batch) == 1)
        except BaseException as problem:  # a full disk or a failed fsync: nobody in the batch is acknowledged
            for _, job in batch:
                if not job.done():
                    job.set_exception(problem)
            return
        for job, value in done:
            job.set_result(value)

    def _attempt(
        self,
        connection: Connection,
        work: Work[Any],
        job: "Future[Any]",
        done: list[tuple[Any, Any]],
        *,
        alone: bool,
    ) -> None:
        if alone:  # the transaction is its savepoint
            done.append((job, work(connection)))
            return
        savepoint = connection.begin_nested()
        try:
            value = work(connection)
        except Exception as problem:
            savepoint.rollback()
            job.set_exception(problem)
        else:
            savepoint.commit()
            done.append((job, value))


def _prepare_sqlite(raw: Any, _record: object) -> None:
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # NORMAL lost acknowledged commits in simulated power cuts
        "foreign_keys=ON",
        "secure_delete=ON",  # what a person asked to forget leaves the file, too
        f"busy_timeout={BUSY_TIMEOUT_MS}",
    ):
        raw.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _assert_durable(connection: Connection) -> None:
    if connection.exec_driver_sql("PRAGMA synchronous").scalar_one() != 2:
        raise RuntimeError("SQLite must run with synchronous=FULL: a commit that is acknowledged must be on disk")


def upgrade(scripts: Path) -> Work[None]:
    """Alembic's upgrade to head over the scripts in a folder, as one work."""

    def run(connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(scripts))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")

    return run
