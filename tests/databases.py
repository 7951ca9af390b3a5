"""Both databases for a test: a SQLite file of its own, or a PostgreSQL schema of its own that is dropped after it.

PostgreSQL comes from `HADIR_TEST_POSTGRES` (a URL), else from a server on this machine; where none answers the
PostgreSQL half is skipped. For a conftest: `from tests.databases import database, database_url`, both in its `__all__`.
"""

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import make_url

from bot.database import Database

LOCAL_POSTGRES = "postgresql://root@127.0.0.1:5432/test"


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
            url = make_url(server).update_query_dict({"options": f"-csearch_path={schema}"})
            yield url.render_as_string(hide_password=False)
        finally:
            admin.execute(f"DROP SCHEMA {schema} CASCADE".encode())


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """For tests that open, close and open again."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/test.db"
        return
    with postgres_schema() as url:
        yield url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """Open and empty: migrating is the test's own first step."""
    opened = await Database.open(database_url)
    yield opened
    await opened.close()
