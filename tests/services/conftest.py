from collections.abc import AsyncIterator

import pytest

from tests.databases import database
from tests.services.rig import Rig, open_rig
from tests.store.kept import database_url, kept_store

__all__ = ["database", "database_url", "kept_store"]


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    async with open_rig() as opened:
        yield opened
