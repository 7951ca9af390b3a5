"""Logging in and out of the HR page: who is let in, how often it may be tried, and when a session ends."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.gateway.hr.sessions import LIFETIME
from bot.gateway.records.kinds import AppRole
from bot.gateway.records.tables import employees, system_users
from tests.gateway.hr.visitor import ORIGIN, Visitor
from tests.gateway.world import PASSWORDS, World


@pytest.mark.parametrize(("name", "shown"), [("admin", "admin@x.example"), ("huda", "1")])
async def test_administrators_come_in(stranger: Visitor, name: str, shown: str) -> None:
    page = await stranger.log_in(name)
    assert page.path == "/hr/people/"
    assert f"{shown} · Asia/Dubai" in page.text
    assert [row[1] for row in page.table] == ["Omar", "Huda", "Mona"]


async def test_an_administrator_comes_in_by_emp_code(stranger: Visitor) -> None:
    typed = {"company": "demo trading", "username": "1", "password": PASSWORDS["huda"]}
    assert (await stranger.send("/hr/login/", typed)).path == "/hr/people/"


async def test_other_employees_do_not(stranger: Visitor) -> None:
    page = await stranger.log_in("mona", status=403)
    assert page.wrong == ["This page is for administrators only."]
    assert (await stranger.open("/hr/people/")).path == "/hr/login/"


@pytest.mark.parametrize(
    "typed",
    [
        {"username": "admin@x.example", "password": "a guess"},
        {"username": "nobody@x.example", "password": PASSWORDS["admin"]},
        {"username": "sara@x.example", "password": PASSWORDS["sara"]},  # of another company
        {"company": "Nowhere", "username": "admin@x.example", "password": PASSWORDS["admin"]},
    ],
)
async def test_what_is_wrong_is_not_said(stranger: Visitor, typed: dict[str, str]) -> None:
    page = await stranger.send("/hr/login/", {"company": "Demo Trading", **typed}, 400)
    assert page.wrong == ["No company, address and password like these."]
    assert page.fields["username"] == typed["username"]
    assert typed["password"] not in page.html


@pytest.mark.parametrize(
    "typed",
    [
        {"username": "", "password": ""},
        {"username": "a\0b", "password": "x"},
        {"username": "a" * 300, "password": "x" * 2000},
        {"company": "\x07" * 3, "username": "a", "password": "b"},
    ],
)
async def test_nonsense_is_refused_beside_its_field(stranger: Visitor, typed: dict[str, str]) -> None:
    assert (await stranger.send("/hr/login/", typed, 400)).wrong


async def test_guessing_is_slowed_as_at_the_api(stranger: Visitor, small_world: World) -> None:
    """The buckets are the API's: what was tried at one door counts at the other."""
    wrong = {"company": "Demo Trading", "email": "admin@x.example", "password": "a guess"}
    for _ in range(5):
        assert (await stranger.client.post("/jwt-api-token-auth/", json=wrong)).status_code == 400
        typed = {"company": "Demo Trading", "username": "admin@x.example", "password": "a guess"}
        await stranger.send("/hr/login/", typed, 400)
    page = await stranger.log_in(status=429)
    assert "Too many tries" in page.text
    answer = await stranger.client.post("/jwt-api-token-auth/", json={**wrong, "password": PASSWORDS["admin"]})
    assert answer.status_code == 429
    small_world.clock.pass_(timedelta(seconds=31))
    assert (await stranger.log_in()).path == "/hr/people/"


async def test_a_right_password_costs_no_try(stranger: Visitor) -> None:
    for _ in range(12):
        await stranger.log_in("huda")


async def test_the_cookie(stranger: Visitor) -> None:
    typed = {"company": "Demo Trading", "username": "1", "password": PASSWORDS["huda"]}
    for scheme, secure in (("http", False), ("https", True)):
        url = f"{scheme}://demo-trading.biotime.test/hr/login/"
        form = {**(await stranger.open("/hr/login/")).fields, **typed}
        answer = await stranger.client.post(url, data=form, headers={"Origin": url.removesuffix("/hr/login/")})
        said = answer.headers["set-cookie"]
        assert answer.status_code == 303
        assert ("Secure" in said) is secure
        assert {"HttpOnly", "SameSite=lax", "Path=/hr/"} <= set(said.split("; "))


async def test_a_session_lasts_a_working_day(small_hr: Visitor, small_world: World) -> None:
    small_world.clock.pass_(LIFETIME - timedelta(seconds=1))
    assert (await small_hr.open("/hr/people/")).path == "/hr/people/"
    small_world.clock.pass_(timedelta(seconds=2))
    assert (await small_hr.open("/hr/people/")).path == "/hr/login/"


async def test_a_cookie_copied_before_logging_out_is_of_no_use(small_hr: Visitor) -> None:
    cookie = small_hr.client.cookies["hadir_hr"]
    csrf = (await small_hr.open("/hr/people/")).fields["csrf"]
    page = await small_hr.post("/hr/logout/", {"csrf": csrf})
    assert page.path == "/hr/login/"
    small_hr.client.cookies.clear()
    answer = await small_hr.client.get("/hr/people/", headers={"Cookie": f"hadir_hr={cookie}"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/hr/login/")


async def test_logging_in_begins_another_session(stranger: Visitor) -> None:
    """Whoever planted a cookie before the login does not hold the session after it."""
    await stranger.open("/hr/login/")
    planted = stranger.client.cookies["hadir_hr"]
    await stranger.log_in()
    stranger.client.cookies.clear()
    answer = await stranger.client.get("/hr/people/", headers={"Cookie": f"hadir_hr={planted}"})
    assert answer.headers["location"] == "/hr/login/"


@pytest.mark.parametrize("cookie", ["", "x", "a.b.c", "eyJhbGciOiJub25lIn0.eyJjc3JmIjoiYSIsImV4cCI6OTk5OTk5OTk5OX0."])
async def test_a_made_up_cookie_opens_nothing(stranger: Visitor, cookie: str) -> None:
    answer = await stranger.client.get("/hr/people/", headers={"Cookie": f"hadir_hr={cookie}"})
    assert answer.headers["location"] == "/hr/login/"


async def test_a_token_of_the_api_is_no_session_and_a_session_no_token(small_hr: Visitor) -> None:
    body = {"company": "Demo Trading", "email": "admin@x.example", "password": PASSWORDS["admin"]}
    token = (await small_hr.client.post("/jwt-api-token-auth/", json=body)).json()["token"]
    session = small_hr.client.cookies["hadir_hr"]
    small_hr.client.cookies.clear()
    assert (await small_hr.client.get("/hr/people/", headers={"Cookie": f"hadir_hr={token}"})).status_code == 303
    headers = {"Authorization": f"JWT {session}"}
    assert (await small_hr.client.get("/personnel/api/employees/", headers=headers)).status_code == 401


async def test_a_new_password_ends_sessions(small_hr: Visitor, small_world: World) -> None:
    await small_world.db.write(lambda conn: conn.execute(sa.update(system_users).values(token_version=2)))
    assert (await small_hr.open("/hr/people/")).path == "/hr/login/"


@pytest.mark.parametrize(
    "change", [{"app_role": AppRole.EMPLOYEE.value}, {"active": False}, {"token_version": 7}], ids=str
)
async def test_who_is_no_administrator_any_more_is_out(
    stranger: Visitor, small_world: World, change: dict[str, object]
) -> None:
    await stranger.log_in("huda")
    csrf = (await stranger.open("/hr/departments/new/")).fields["csrf"]
    huda = employees.c.id == small_world.ids["huda"]
    await small_world.db.write(lambda conn: conn.execute(sa.update(employees).where(huda).values(**change)))
    assert (await stranger.open("/hr/people/")).path == "/hr/login/"
    form = {"csrf": csrf, "dept_code": "9", "dept_name": "Nine"}
    answer = await stranger.client.post("/hr/departments/new/", data=form, headers=ORIGIN)
    assert answer.headers["location"] == "/hr/login/"
