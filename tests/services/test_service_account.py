"""The bot in its own name: one session per company, renewed by itself, and no password on the disk."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from bot.biotime.client import BioTimeClient
from bot.biotime.errors import Unclear, WrongCredentials
from bot.biotime.office import Office
from bot.biotime.pace import Pace
from bot.database import Database
from bot.gateway.access.service import SERVICE, ServiceDoor
from bot.gateway.records.companies import find_system_login
from bot.gateway.records.tables import system_users
from bot.services.service_account import REFUSED_FOR, NoServiceAccount, ServiceAccount
from bot.services.tenants import Service, Tenant, Tenants
from tests.gateway.world import DUBAI, PASSWORDS, SETTINGS, Clock, World, build_world, connect


@dataclass
class Rig:
    world: World
    tenants: Tenants
    account: ServiceAccount
    logins: list[str] = field(default_factory=list)


def staffed(rig: Rig) -> Awaitable[list[str]]:
    async def names(office: Office, token: str) -> list[str]:
        return [one.first_name async for one in office.personnel.employees.fetch(token)]

    return rig.account.call("Demo Trading", names)


def build_rig(world: World, log_in: Callable[[], Awaitable[str]] | None) -> Rig:
    logins: list[str] = []

    async def counted() -> str:
        assert log_in is not None
        logins.append("asked")
        return await log_in()

    client = BioTimeClient(world.client, "Demo Trading", DUBAI)
    service = Service(Office.build(world.client, DUBAI, Pace(1000)), counted) if log_in else None
    tenants = Tenants([Tenant("Demo Trading", DUBAI, client, service=service)])
    return Rig(world, tenants, ServiceAccount(tenants, world.clock), logins)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    db = await Database.open(f"sqlite:///{tmp_path}/gateway.db")
    clock = Clock()
    async with connect(db, clock) as client:
        yield await build_world(db, clock, client)
    await db.close()


@pytest.fixture
def rig(world: World) -> Rig:
    door = ServiceDoor(world.db, SETTINGS, world.clock)
    return build_rig(world, lambda: door.issue("Demo Trading"))


async def test_embedded_it_sees_the_company_and_has_no_password(rig: Rig) -> None:
    assert sorted(await staffed(rig)) == ["Huda", "Mona", "Omar"]
    login = await rig.world.db.read(lambda c: find_system_login(c, rig.world.demo.id, SERVICE))
    assert login is not None
    assert login.password_hash == ""
    for password in ("", "x"):
        body = {"email": SERVICE, "password": password, "company": "Demo Trading"}
        answer = await rig.world.client.post("/jwt-api-token-auth/", json=body)
        assert answer.status_code == 400


async def test_a_tenants_system_user_logs_in_with_a_password(world: World) -> None:
    client = BioTimeClient(world.client, "Demo Trading", DUBAI)
    rig = build_rig(world, lambda: client.fetch_system_jwt("admin@x.example", PASSWORDS["admin"]))
    assert sorted(await staffed(rig)) == ["Huda", "Mona", "Omar"]


async def test_many_at_once_log_in_once(rig: Rig) -> None:
    await asyncio.gather(*(staffed(rig) for _ in range(20)))
    assert len(rig.logins) == 1


async def test_a_session_that_has_ended_is_renewed(rig: Rig) -> None:
    await staffed(rig)
    rig.world.clock.pass_(SETTINGS.token_lifetime + timedelta(minutes=1))
    assert await staffed(rig)
    await rig.world.db.write(
        lambda c: c.execute(system_users.update().values(token_version=system_users.c.token_version + 1))
    )
    assert await staffed(rig)
    assert len(rig.logins) == 3


async def test_a_wrong_password_is_not_tried_again_and_again(world: World) -> None:
    client = BioTimeClient(world.client, "Demo Trading", DUBAI)
    rig = build_rig(world, lambda: client.fetch_system_jwt("admin@x.example", "wrong"))
    for _ in range(3):
        with pytest.raises(WrongCredentials):
            await staffed(rig)
    assert len(rig.logins) == 1
    world.clock.pass_(REFUSED_FOR)
    with pytest.raises(WrongCredentials):
        await staffed(rig)
    assert len(rig.logins) == 2


async def test_a_fault_is_not_held_against_the_session(rig: Rig) -> None:
    await staffed(rig)

    async def fail(_: Office, __: str) -> None:
        raise Unclear("no whole answer")

    with pytest.raises(Unclear):
        await rig.account.call("Demo Trading", fail)
    assert await staffed(rig)
    assert len(rig.logins) == 1


async def test_without_an_account_it_says_so(world: World) -> None:
    rig = build_rig(world, None)
    assert not rig.account.serves("Demo Trading")
    with pytest.raises(NoServiceAccount):
        await staffed(rig)


async def test_a_request_waits_for_its_turn_before_the_deadline_runs(world: World) -> None:
    begun: list[httpx.Request] = []

    async def note(request: httpx.Request) -> None:
        begun.append(request)

    world.client.event_hooks["request"].append(note)
    door = ServiceDoor(world.db, SETTINGS, world.clock)
    token = await door.issue("Demo Trading")
    office = Office.build(world.client, DUBAI, Pace(2))
    loop = asyncio.get_running_loop()
    start = loop.time()
    for _ in range(3):
        assert [row async for row in office.personnel.employees.fetch(token)]
    assert len(begun) == 3
    assert loop.time() - start > 0.9
