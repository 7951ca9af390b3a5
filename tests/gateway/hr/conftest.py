from collections.abc import AsyncIterator

import pytest

from tests.gateway.hr.visitor import Visitor, enter
from tests.gateway.world import World


@pytest.fixture
async def hr(world: World) -> AsyncIterator[Visitor]:
    """The system user of Demo Trading, logged in; on both databases, for what the records do."""
    visitor = enter(world)
    async with visitor.client:
        await visitor.log_in()
        yield visitor


@pytest.fixture
async def small_hr(stranger: Visitor) -> Visitor:
    """On SQLite only."""
    await stranger.log_in()
    return stranger


@pytest.fixture
async def stranger(small_world: World) -> AsyncIterator[Visitor]:
    """Nobody yet; on SQLite only."""
    visitor = enter(small_world)
    async with visitor.client:
        yield visitor
