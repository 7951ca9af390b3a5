from collections.abc import AsyncIterator

import pytest

from tests.databases import database, database_url
from tests.services.rig import Rig, open_rig

__all__ = ["database", "database_url"]


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    async with open_rig() as opened:
        yield opened
