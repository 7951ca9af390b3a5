from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.database import Database
from tests.databases import database, database_url
from tests.gateway.world import Clock, World, build_world, connect

__all__ = ["database", "database_url"]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def world(database: Database, clock: Clock) -> AsyncIterator[World]:
    """On both databases: for what the records do."""
    async with connect(database, clock) as client:
        yield await build_world(database, clock, client)


@pytest.fixture
async def small_world(tmp_path: Path, clock: Clock) -> AsyncIterator[World]:
    """On SQLite only: for what never reaches the records."""
    db = await Database.open(f"sqlite:///{tmp_path}/gateway.db")
    async with connect(db, clock) as client:
        yield await build_world(db, clock, client)
    await db.close()
