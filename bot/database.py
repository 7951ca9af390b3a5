"""One way to a relational database: SQLite in one file, or PostgreSQL.

Work is a plain function over a SQLAlchemy connection; `Database.write` runs it in a transaction and returns after
COMMIT. The same functions run on both databases.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol, Self, TypeVar

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from psycopg.types.array import ListBinaryDumper
from sqlalchemy import Connection, event
from sqlalchemy.engine import Dialect, make_url
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.types import TypeDecorator, TypeEngine

from bot.sqlite import Sqlite, Work

T = TypeVar("T")


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


@lru_cache(4096)  # the thousands of one shift have it in common
def _read_utc(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(f"{text}+00:00")


class _Backend(Protocol):
    async def write(self, work: Work[T]) -> T: ...
    async def read(self, work: Work[T]) -> T: ...
    async def read_aside(self, work: Work[T]) -> T: ...
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
            return cls(Sqlite(parsed))
        if parsed.get_backend_name() == "postgresql":
            return cls(_Postgres(parsed.set(drivername="postgresql+psycopg")))
        raise ValueError(f"{parsed.drivername}: use sqlite:///FILE or postgresql://USER@HOST/NAME")

    async def write(self, work: Work[T]) -> T:
        """Runs in a transaction and returns after COMMIT; an exception undoes this work alone.

        Work may be run twice (what it did the first time undone): it must have no effect but on the database.
        """
        return await self._backend.write(work)

    async def read(self, work: Work[T]) -> T:
        return await self._backend.read(work)

    async def read_aside(self, work: Work[T]) -> T:
        """What may be thousands of rows, in a thread: the loop goes on answering. One such read after the other."""
        return await self._backend.read_aside(work)

    async def scrub(self) -> None:
        """Takes what was deleted out of the log beside the database, too; on PostgreSQL that is vacuum's."""
        await self._backend.scrub()

    async def close(self) -> None:
        await self._backend.close()


class _Postgres:
    def __init__(self, url: sa.URL) -> None:
        self._engine = create_async_engine(url, hide_parameters=True)
        event.listen(self._engine.sync_engine, "connect", _prepare_postgres)
        self._aside = sa.create_engine(url, hide_parameters=True, pool_size=1)
        self._beside = ThreadPoolExecutor(1, "postgres-read")

    async def write(self, work: Work[T]) -> T:
        async with self._engine.begin() as connection:
            return await connection.run_sync(work)

    async def read(self, work: Work[T]) -> T:
        async with self._engine.connect() as connection:
            return await connection.run_sync(work)

    async def read_aside(self, work: Work[T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._beside, self._read_aside, work)

    def _read_aside(self, work: Work[T]) -> T:
        with self._aside.connect() as connection:
            return work(connection)

    async def scrub(self) -> None:
        return

    async def close(self) -> None:
        self._beside.shutdown()
        self._aside.dispose()
        await self._engine.dispose()


def _prepare_postgres(raw: Any, _record: object) -> None:
    """Lists in the binary format: as text, each of their values takes ten times as long."""
    raw.driver_connection.adapters.register_dumper(list, ListBinaryDumper)


def upgrade(scripts: Path) -> Work[None]:
    """Alembic's upgrade to head over the scripts in a folder, as one work."""

    def run(connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(scripts))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")

    return run
