from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from bot.database import Database
from tests.databases import BOTH, Kept, database, database_url
from tests.gateway.world import Clock, Founded, World, connect, enter_world, found

__all__ = ["database", "database_url"]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def kept_world() -> Iterator[Kept[Founded]]:
    with Kept.opened(found) as kept:
        yield kept


@pytest.fixture(params=BOTH)
async def world(request: pytest.FixtureRequest, kept_world: Kept[Founded], clock: Clock) -> AsyncIterator[World]:
    """On both databases: for what the records do."""
    async with _entered(kept_world, str(request.param), clock) as entered:
        yield entered


@pytest.fixture
async def small_world(kept_world: Kept[Founded], clock: Clock) -> AsyncIterator[World]:
    """On SQLite only: for what never reaches the records."""
    async with _entered(kept_world, "sqlite", clock) as entered:
        yield entered


@asynccontextmanager
async def _entered(kept: Kept[Founded], dialect: str, clock: Clock) -> AsyncIterator[World]:
    with kept.fresh(dialect) as (url, founded):
        db = await Database.open(url)
        async with connect(db, clock) as client:
            yield enter_world(founded, db, clock, client)
        await db.close()
