"""Roll calls of one manager with two phones."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.database import Database
from bot.gateway.sample import ZONE
from bot.services.managing import Managing
from bot.services.mustering import Mustering, Running
from bot.services.team import Team
from bot.services.tenants import Tenant, Tenants
from bot.store import links, managers
from bot.store.managers import Manager, Scope
from bot.store.musters import Muster
from tests.faults import Clock
from tests.store.rows import LINK, NOW, migrate

DESK, POCKET = "telegram:1:10", "telegram:2:10"
OMAR = replace(LINK, emp_code="1002", name="Omar")


@pytest.fixture
async def processes(database: Database, database_url: str) -> AsyncIterator[tuple[Mustering, Mustering]]:
    """Two, and Omar is a manager."""
    await migrate(database)
    omar = Manager(OMAR.company, OMAR.emp_code, Scope.ALL, 0, "", NOW)
    await database.write(lambda c: links.add_link(c, OMAR))
    await database.write(lambda c: managers.add_manager(c, omar))
    other = await Database.open(database_url)
    yield build(database), build(other)
    await other.close()


def build(db: Database) -> Mustering:
    clock = Clock()
    tenants = Tenants([Tenant(OMAR.company, ZONE, None)])  # type: ignore[arg-type]
    return Mustering(db, Team(db, Managing(db, clock), None, tenants, clock), clock)  # type: ignore[arg-type]


async def test_two_phones_at_once_call_one_roll(processes: tuple[Mustering, Mustering]) -> None:
    phones = list(zip(processes, (DESK, POCKET), strict=True))
    await asyncio.gather(*(one.load_running() for _ in range(5) for one in processes))  # connects
    answers = await asyncio.gather(*(one.begin(OMAR, 1, source) for _ in range(5) for one, source in phones))
    begun = {one.id for one in answers if isinstance(one, Muster)}
    assert begun == {one.muster.id for one in answers if isinstance(one, Running)}
    assert [one.id for one in await processes[0].load_running()] == list(begun)
    assert len(begun) == 1


async def test_another_ends_the_one_that_runs_also_where_it_is_tapped_twice(
    processes: tuple[Mustering, Mustering],
) -> None:
    mustering, _ = processes
    first = await mustering.begin(OMAR, 1, DESK)
    again = [await mustering.begin(OMAR, 2, POCKET, anew=True) for _ in range(2)]
    assert again[0] == again[1] != first
    assert await mustering.load_running() == again[:1]
