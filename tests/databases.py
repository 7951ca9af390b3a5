"""Both databases for a test: a SQLite file of its own, or a PostgreSQL schema that is as new for it.

PostgreSQL comes from `HADIR_TEST_POSTGRES` (a URL), else from a server on this machine; where none answers the
PostgreSQL half is skipped. For a conftest: `from tests.databases import database, database_url`, both in its `__all__`;
they are empty. Tables that many tests begin with are made once and `Kept`.
"""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache, cached_property
from pathlib import Path
from typing import Generic, Self, TypeVar
from uuid import uuid4

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, make_url

from bot.database import Database

LOCAL_POSTGRES = "postgresql://root@127.0.0.1:5432/test"
BOTH = ("sqlite", "postgresql")

T = TypeVar("T")


def memory() -> str | None:
    """Where nothing waits for a disk. What a disk does is `tests/kills`' matter, and `test_durability`'s."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


@cache
def _postgres() -> str | None:
    """The server's URL when it answers."""
    url = os.environ.get("HADIR_TEST_POSTGRES") or LOCAL_POSTGRES
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return None
    return url


@contextmanager
def postgres_schema() -> Iterator[str]:
    """The URL of a fresh schema; skips the test where there is no server."""
    server = _postgres()
    if server is None:
        pytest.skip("no PostgreSQL: set HADIR_TEST_POSTGRES")
    schema = f"test_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE SCHEMA {schema}".encode())
        try:
            options = f"-csearch_path={schema} -csynchronous_commit=off"
            yield make_url(server).update_query_dict({"options": options}).render_as_string(hide_password=False)
        finally:
            admin.execute(f"DROP SCHEMA {schema} CASCADE".encode())


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """For tests that open, close and open again."""
    if request.param == "sqlite":
        with tempfile.TemporaryDirectory(dir=memory()) as folder:
            yield f"sqlite:///{folder}/test.db"
        return
    with postgres_schema() as url:
        yield url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """Open and, but for what is `Kept`, empty: migrating is the test's own first step."""
    opened = await Database.open(database_url)
    yield opened
    await opened.close()


# -- kept --------------------------------------------------------------------------------------------------------------


class Kept(Generic[T]):
    """Tables and their first rows, made once on each database, and as new for every test. `build` makes them; what it
    returns is `made`, the same on both.
    """

    def __init__(self, build: Callable[[Connection], T], stack: ExitStack) -> None:
        self._build = build
        self._stack = stack

    @classmethod
    @contextmanager
    def opened(cls, build: Callable[[Connection], T]) -> Iterator[Self]:
        with ExitStack() as stack:
            yield cls(build, stack)

    @contextmanager
    def fresh(self, dialect: str) -> Iterator[tuple[str, T]]:
        """A URL to open, and what was made there."""
        if dialect == "postgresql":
            yield self._kept_schema.renew(), self._kept_schema.made
            return
        template, made = self._template
        with tempfile.TemporaryDirectory(dir=memory()) as folder:
            shutil.copy(template, f"{folder}/test.db")
            yield f"sqlite:///{folder}/test.db", made

    @cached_property
    def _template(self) -> tuple[Path, T]:
        folder = self._stack.enter_context(tempfile.TemporaryDirectory(dir=memory()))
        engine = sa.create_engine(f"sqlite:///{folder}/kept.db")
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        with engine.begin() as connection:
            made = self._build(connection)
        engine.dispose()
        return Path(folder, "kept.db"), made

    @cached_property
    def _kept_schema(self) -> "_KeptSchema[T]":
        url = self._stack.enter_context(postgres_schema())
        engine = sa.create_engine(make_url(url).set(drivername="postgresql+psycopg"), poolclass=sa.StaticPool)
        self._stack.callback(engine.dispose)
        return _KeptSchema(url, engine, self._build)


class _KeptSchema(Generic[T]):
    """In PostgreSQL. A copy of the rows is in tables beside them; nothing is created or dropped for a test."""

    def __init__(self, url: str, engine: sa.Engine, build: Callable[[Connection], T]) -> None:
        self._url = url
        self._engine = engine
        with engine.begin() as connection:
            self.made = build(connection)
            tables = sa.MetaData()
            tables.reflect(connection)
            self._renewal = sa.text("; ".join(self._plan(connection, tables)))

    def _plan(self, connection: Connection, tables: sa.MetaData) -> Iterator[str]:
        names = [table.name for table in tables.sorted_tables]
        yield from (f'DELETE FROM "{name}"' for name in reversed(names))
        for name in names:
            if connection.exec_driver_sql(f'SELECT 1 FROM "{name}" LIMIT 1').first():
                connection.exec_driver_sql(f'CREATE TABLE "kept_{name}" AS TABLE "{name}"')
                yield f'INSERT INTO "{name}" TABLE "kept_{name}"'
        query = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = current_schema()"
        for name, last in connection.exec_driver_sql(query).all():
            yield f"SELECT setval('\"{name}\"', {last or 1}, {str(last is not None).lower()})"

    def renew(self) -> str:
        """Its URL."""
        with self._engine.begin() as connection:
            connection.execute(self._renewal)
        return self._url
