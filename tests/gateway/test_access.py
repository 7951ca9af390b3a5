"""Who sees what: every endpoint, every other employee, every other company, every other kind of token."""

from dataclasses import replace

import httpx
import pytest
import sqlalchemy as sa

from bot.gateway.records.callers import Claims, is_current
from bot.gateway.records.kinds import UserKind
from bot.gateway.records.tables import employees, manual_logs, transactions
from tests.gateway.world import MANUAL_LOG, MOBILE, PASSWORDS, World

NOT_FOUND = {"detail": "Not found."}
FORBIDDEN = {"detail": "You do not have permission to perform this action."}
ENDPOINTS = [
    ("GET", "/configurations/app_settings/"),
    ("GET", "/app_settings/"),
    ("GET", "/employees/"),
    ("GET", "/employees/{mona}/"),
    ("POST", "/employees/{mona}/manual_logs/"),
    ("GET", "/transactions/"),
    ("POST", "/transactions/"),
    ("GET", "/manual_logs/"),
]
LOGIN_PATHS = [
    "/jwt-api-token-auth/",
    "/api-token-auth/",
    "/staff-jwt-api-token-auth/",
    "/staff-api-token-auth/",
    "/jwt-api-token-refresh/",
    f"{MOBILE}/auth_token/",
]
# Reader, owner, whether the reader may see and file what is the owner's.
PAIRS = [
    ("mona", "mona", True),
    ("omar", "mona", False),
    ("mona", "omar", False),
    ("mona", "huda", False),
    ("huda", "mona", True),
    ("huda", "omar", True),
    ("huda", "sara", False),
    ("sara", "mona", False),
    ("sara", "huda", False),
]


async def file_manual_log(world: World, name: str, employee_id: object) -> httpx.Response:
    path = f"{MOBILE}/employees/{employee_id}/manual_logs/"
    return await world.client.post(path, json=MANUAL_LOG, headers=await world.headers(name))


async def number_of(world: World, name: str) -> int:
    """The integer that stands for the UUID in URLs."""
    query = sa.select(employees.c.number).where(employees.c.id == world.ids[name])
    return await world.db.read(lambda conn: int(conn.execute(query).scalar_one()))


@pytest.mark.parametrize(("method", "path"), ENDPOINTS)
async def test_nothing_without_a_token(small_world: World, method: str, path: str) -> None:
    for body in (None, b"{", b"[" * 70_000):
        answer = await small_world.client.request(method, MOBILE + path.format(**small_world.ids), content=body)
        assert answer.status_code == 401
        assert answer.json() == {"detail": "Authentication credentials were not provided."}


@pytest.mark.parametrize(("method", "path"), ENDPOINTS)
async def test_a_system_user_is_no_employee(small_world: World, method: str, path: str) -> None:
    body = {"company": "Demo Trading", "email": "admin@x.example", "password": PASSWORDS["admin"]}
    for door, scheme in (("/jwt-api-token-auth/", "JWT"), ("/api-token-auth/", "Token")):
        token = (await small_world.client.post(door, json=body)).json()["token"]
        headers = {"Authorization": f"{scheme} {token}"}
        answer = await small_world.client.request(method, MOBILE + path.format(**small_world.ids), headers=headers)
        assert (answer.status_code, answer.json()) == (403, FORBIDDEN)


async def test_a_token_of_one_company_names_nobody_in_another(world: World) -> None:
    mobile = Claims(UserKind.MOBILE, world.elsewhere.id, world.ids["mona"], 1)
    assert not await world.db.read(lambda conn: is_current(conn, mobile))
    assert await world.db.read(lambda conn: is_current(conn, replace(mobile, company_id=world.demo.id)))
    system = Claims(UserKind.SYSTEM, world.elsewhere.id, "1", 1)
    assert not await world.db.read(lambda conn: is_current(conn, system))
    assert await world.db.read(lambda conn: is_current(conn, replace(system, company_id=world.demo.id)))


@pytest.mark.parametrize(("reader", "owner", "allowed"), PAIRS)
async def test_one_employee_by_id(world: World, reader: str, owner: str, allowed: bool) -> None:
    for called in (world.ids[owner], world.ids[owner].upper(), await number_of(world, owner)):
        answer = await world.get(reader, f"/employees/{called}/")
        if allowed:
            assert answer.json()["id"] == world.ids[owner]
        else:
            assert (answer.status_code, answer.json()) == (404, NOT_FOUND)


@pytest.mark.parametrize(("reader", "owner", "allowed"), PAIRS)
async def test_manual_log_for_somebody(world: World, reader: str, owner: str, allowed: bool) -> None:
    for called in (world.ids[owner], await number_of(world, owner)):
        answer = await file_manual_log(world, reader, called)
        assert answer.status_code == (201 if allowed else 404)
    filed = await world.db.read(lambda conn: conn.scalars(sa.select(manual_logs.c.employee_id)).all())
    assert filed == ([world.ids[owner]] * 2 if allowed else [])


@pytest.mark.parametrize(("reader", "owner", "allowed"), PAIRS)
async def test_lists(world: World, reader: str, owner: str, allowed: bool) -> None:
    await world.punch(owner, gps_location=f"the place of {owner}")
    await file_manual_log(world, owner, world.ids[owner])
    for path in ("/transactions/", "/manual_logs/", "/employees/"):
        for filters in ({}, {"emp_code": "13", "employee": world.ids[owner], "company": world.demo.id}):
            answer = await world.get(reader, path, **filters)
            seen = world.ids[owner] in answer.text or f"the place of {owner}" in answer.text
            assert seen == allowed, path


@pytest.mark.parametrize("owner", ["omar", "huda", "sara"])
async def test_a_punch_is_the_callers_whatever_the_body_names(world: World, owner: str) -> None:
    named = {"emp_code": "0123", "emp_id": world.ids[owner], "employee": world.ids[owner], "company": "Elsewhere"}
    stolen = {"source": 1, "terminal_sn": "7860223940009", "punch_time": "2020-01-01 00:00:00", "id": 1}
    answer = await world.punch("mona", **named, **stolen)
    assert answer.status_code == 201
    body = answer.json()
    assert (body["emp_code"], body["emp_id"], body["source"], body["terminal_sn"], body["punch_time"]) == (
        "13",
        world.ids["mona"],
        3,
        "App",
        "2023-09-01 15:34:13",
    )
    kept = await world.db.read(lambda conn: conn.execute(sa.select(transactions)).one())
    assert (kept.employee_id, kept.company_id, kept.source) == (world.ids["mona"], world.demo.id, 3)


@pytest.mark.parametrize(
    "called", ["0", "9" * 30, "-1", "x", "%00", "..", "9661d55c-3b41-11ee-babe-0a58a9feac02", "1e2"]
)
async def test_ids_that_are_nobodys(world: World, called: str) -> None:
    headers = await world.headers("huda")
    answer = await world.client.get(f"{MOBILE}/employees/{called}/x/../", headers=headers)
    assert answer.status_code in (200, 404)
    for method, path in (("GET", f"/employees/{called}/"), ("POST", f"/employees/{called}/manual_logs/")):
        if called == "..":
            continue
        answer = await world.client.request(method, MOBILE + path, headers=headers)
        assert (answer.status_code, answer.json()) == (404, NOT_FOUND)


@pytest.mark.parametrize("path", LOGIN_PATHS)
@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"])
async def test_login_paths_take_post_alone(small_world: World, path: str, method: str) -> None:
    answer = await small_world.client.request(method, path)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    if method != "HEAD":
        assert answer.json() == {"detail": f'Method "{method}" not allowed.'}


async def test_other_methods_are_told_to_those_who_may_come_in(small_world: World) -> None:
    answer = await small_world.client.delete(f"{MOBILE}/transactions/")
    assert answer.status_code == 401
    answer = await small_world.client.delete(f"{MOBILE}/transactions/", headers=await small_world.headers("mona"))
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST, HEAD")


@pytest.mark.parametrize("path", ["/", "/docs", "/openapi.json", "/redoc", "/mobile/api/v1.0/", "/mobile/api/v1.0/x/"])
async def test_unknown_paths(small_world: World, path: str) -> None:
    answer = await small_world.client.get(path)
    assert (answer.status_code, answer.json()) == (404, NOT_FOUND)


async def test_every_path_with_and_without_its_slash(small_world: World) -> None:
    headers = await small_world.headers("mona")
    for path in (
        "/app_settings",
        "/employees",
        "/transactions",
        "/manual_logs",
        f"/employees/{small_world.ids['mona']}",
    ):
        for spelling in (path, path + "/"):
            assert (await small_world.client.get(MOBILE + spelling, headers=headers)).status_code == 200
