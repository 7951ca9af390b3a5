"""Manual chapters 5 to 8, read and written back to the letter; and the client for them in front of scripted answers."""

import json
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import date, timedelta

import pytest
from pydantic import JsonValue

from bot.biotime.errors import NotSent, Refused, Unclear
from bot.biotime.exchange import Exchange
from bot.biotime.personnel import Employee, EmployeeCard, Personnel, Place
from bot.biotime.transport import open_http
from bot.biotime.wire import personnel as wire
from bot.biotime.wire.envelope import WebList, Wire
from tests.biotime.server import Script, Server, answer, running
from tests.golden import golden_text

ROWS: list[tuple[str, type[Wire]]] = [
    ("5.1-employees", WebList[wire.Employee]),
    ("5.2-employee", wire.Employee),
    ("5.3-employee-receipt", wire.EmployeeReceipt),
    ("5.4-employee-receipt", wire.EmployeeReceipt),
    ("6.1-departments", WebList[wire.Department]),
    ("6.2-department", wire.Department),
    ("6.3-department-receipt", wire.DepartmentReceipt),
    ("6.4-department-receipt", wire.DepartmentReceipt),
    ("6.5-department-deleted", wire.Deleted),
    ("7.1-areas", WebList[wire.Area]),
    ("7.2-area", wire.Area),
    ("7.3-area-receipt", wire.AreaReceipt),
    ("7.4-area-receipt", wire.AreaReceipt),
    ("8.1-positions", WebList[wire.Position]),
    ("8.2-position", wire.Position),
    ("8.3-position-receipt", wire.PositionReceipt),
    ("8.4-position-receipt", wire.PositionReceipt),
]
BODIES: list[tuple[str, type[Wire]]] = [
    ("5.3-employee-request", wire.NewEmployee),
    ("5.4-employee-request", wire.NewEmployee),
    ("6.3-department-request", wire.NewDepartment),
    ("6.4-department-request", wire.NewDepartment),
    ("7.3-area-request", wire.NewArea),
    ("7.4-area-request", wire.NewArea),
    ("8.3-position-request", wire.NewPosition),
    ("8.4-position-request", wire.NewPosition),
]
DEPARTMENTS = "/personnel/api/departments/"


@pytest.mark.parametrize(("name", "model"), ROWS)
def test_answer_is_read_and_written_to_the_letter(name: str, model: type[Wire]) -> None:
    text = golden_text(name)
    assert model.model_validate_json(text).model_dump_json() == text


@pytest.mark.parametrize(("name", "model"), BODIES)
def test_body_is_sent_with_the_members_that_were_set(name: str, model: type[Wire]) -> None:
    example = json.loads(golden_text(name))
    assert json.loads(model.model_validate(example).model_dump_json(exclude_unset=True)) == example


def test_passwords_are_in_no_repr() -> None:
    assert "canary" not in repr(wire.NewEmployee(self_password="canary", device_password="canary"))
    assert "pbkdf2" not in repr(wire.EmployeeReceipt.model_validate_json(golden_text("5.3-employee-receipt")))


def talk(*scripts: Script) -> AbstractAsyncContextManager[tuple[Personnel, Server]]:
    @asynccontextmanager
    async def opened() -> AsyncIterator[tuple[Personnel, Server]]:
        server = Server(*scripts)
        async with running(server) as url, open_http(url) as http:
            yield Personnel(Exchange(http, timedelta(seconds=5))), server

    return opened()


def example(name: str, status: int = 200) -> Script:
    return answer(golden_text(name), status)


async def test_employees_are_read() -> None:
    async with talk(example("5.1-employees")) as (personnel, server):
        found = [row async for row in personnel.employees.fetch("a.b.c", emp_code="0123", search=None)]
    assert found == [
        Employee(
            id="9661d55c-3b41-11ee-babe-0a58a9feac02",
            emp_code="0123",
            first_name="0123",
            last_name="",
            hire_date=None,
            department_id=314,
            department_name="Department",
            position_id=308,
            position_name="Position",
        )
    ]
    assert server.seen[0].target == "/personnel/api/employees/?page_size=100&emp_code=0123&page=1"
    assert server.seen[0].headers["authorization"] == "JWT a.b.c"


async def test_a_general_token_is_known_by_its_form() -> None:
    async with talk(example("6.1-departments")) as (personnel, server):
        assert [row async for row in personnel.departments.fetch("ae600ca0" * 5)] == [Place(2, "1", "Department", None)]
    assert server.seen[0].headers["authorization"] == f"Token {'ae600ca0' * 5}"


async def test_an_onprem_employee_is_read() -> None:
    row: JsonValue = {
        "id": 18,
        "emp_code": "0123",
        "first_name": "Omar",
        "department": {"id": 1, "dept_code": "1", "dept_name": "Sales"},
        "position": {"id": 2, "position_code": "1", "position_name": "Manager"},
        "hire_date": "2019-04-02",
        "area": [{"id": 1, "area_code": "1", "area_name": "Dubai Office"}],
    }
    async with talk(answer(row)) as (personnel, server):
        omar = await personnel.employees.fetch_one("t", 18)
    assert server.seen[0].target == "/personnel/api/employees/18/"
    assert omar == Employee("18", "0123", "Omar", "", date(2019, 4, 2), 1, "Sales", 2, "Manager", area_ids=(1,))


async def test_an_employee_is_created_and_changed() -> None:
    scripts = example("5.3-employee-receipt", 201), example("5.4-employee-receipt")
    new = wire.NewEmployee.model_validate_json(golden_text("5.3-employee-request"))
    async with talk(*scripts) as (personnel, server):
        created = await personnel.employees.create("t", new, {"Idempotency-Key": "k"})
        changed = await personnel.employees.update("t", 6, wire.NewEmployee(first_name="emp3_first_name_update"))
    assert created == EmployeeCard(
        id="3901d79a-4886-11ee-82d0-20c19bc69b33",
        emp_code="2",
        first_name="emp2_first_name",
        last_name="emp2_last_name",
        email="emp3@zk.com",
        mobile="",
        hire_date=date(2023, 9, 1),
        department_id=1,
        position_id=None,
        area_ids=(1,),
        enable_att=True,
        enable_overtime=False,
        enable_holiday=True,
        is_administrator=False,
    )
    assert (changed.id, changed.emp_code) == ("6", "employee333")
    post, patch = server.seen
    assert (post.method, post.target) == ("POST", "/personnel/api/employees/")
    assert json.loads(post.body) == json.loads(golden_text("5.3-employee-request"))
    assert post.headers["idempotency-key"] == "k"
    assert (patch.method, patch.target) == ("PATCH", "/personnel/api/employees/6/")
    assert json.loads(patch.body) == {"first_name": "emp3_first_name_update"}


@pytest.mark.parametrize(
    ("name", "chapter", "body"),
    [
        ("department", 6, wire.NewDepartment(dept_name="x", parent_dept=None)),
        ("area", 7, wire.NewArea(area_name="x")),
        ("position", 8, wire.NewPosition(position_name="x")),
    ],
)
async def test_places(name: str, chapter: int, body: Wire) -> None:
    scripts = (
        example(f"{chapter}.2-{name}"),
        example(f"{chapter}.3-{name}-receipt", 201),
        example(f"{chapter}.4-{name}-receipt"),
    )
    async with talk(*scripts) as (personnel, server):
        places = getattr(personnel, f"{name}s")
        assert isinstance(await places.fetch_one("t", 1), Place)
        created = await places.create("t", body)
        await places.update("t", 2, body)
    receipt = json.loads(golden_text(f"{chapter}.3-{name}-receipt"))
    assert created == Place(*receipt.values())
    assert [seen.method for seen in server.seen] == ["GET", "POST", "PATCH"]
    assert {seen.target.split("/")[3] for seen in server.seen} == {f"{name}s"}


@pytest.mark.parametrize("script", [answer(b"", 204), example("6.5-department-deleted")])
async def test_deleting_with_and_without_a_word(script: Script) -> None:
    async with talk(script) as (personnel, server):
        await personnel.departments.delete("t", 4)
    assert (server.seen[0].method, server.seen[0].target) == ("DELETE", f"{DEPARTMENTS}4/")


async def test_a_refused_delete_says_why() -> None:
    reason = "This department cannot be deleted, it still has 2 employees."
    async with talk(answer({"detail": reason}, 400)) as (personnel, _):
        with pytest.raises(Refused) as caught:
            await personnel.departments.delete("t", 4)
    assert caught.value.reasons == (reason,)


@pytest.mark.parametrize("identifier", ["../areas/1", "", "a b", "1?x=", "é", "1" * 65])
async def test_an_id_leads_nowhere_else(identifier: str) -> None:
    async with talk(answer({})) as (personnel, server):
        with pytest.raises(ValueError, match="not a BioTime id"):
            await personnel.departments.delete("t", identifier)
    assert server.seen == []


def page(codes: list[str], count: int, following: int | None = None) -> Script:
    rows: JsonValue = [{"id": int(code), "dept_code": code, "dept_name": "x", "parent_dept": None} for code in codes]
    link = f"http://elsewhere.example/?page={following}" if following else None
    return answer({"count": count, "next": link, "previous": None, "msg": "", "code": 0, "data": rows})


async def codes(personnel: Personnel) -> list[str]:
    return [row.code async for row in personnel.departments.fetch("t")]


async def test_all_pages_are_walked_and_no_link_is_dialled() -> None:
    async with talk(page(["1", "2"], 3, 2), page(["3"], 3)) as (personnel, server):
        assert await codes(personnel) == ["1", "2", "3"]
    assert [seen.target for seen in server.seen] == [f"{DEPARTMENTS}?page_size=100&page={number}" for number in (1, 2)]


async def test_rows_pushed_down_meanwhile_are_not_repeated() -> None:
    async with talk(page(["3", "2"], 3, 2), page(["2", "1"], 4)) as (personnel, _):
        assert await codes(personnel) == ["3", "2", "1"]


async def test_results_are_read_for_data() -> None:
    row: JsonValue = {"id": 1, "dept_code": "1", "dept_name": "x", "parent_dept": 7}
    async with talk(answer({"count": 1, "results": [row]})) as (personnel, _):
        assert [found async for found in personnel.departments.fetch("t")] == [Place(1, "1", "x", 7)]


@pytest.mark.parametrize(
    ("scripts", "error"),
    [
        ([answer({"count": 0, "data": [], "code": 1, "msg": "no license"})], Unclear),
        ([answer({"count": 1, "data": [{"id": 1}]})], Unclear),
        ([answer("<html>")], Unclear),
        ([answer({"detail": "No."}, 403)], NotSent),
        ([page(["1"], 3, 2), page(["3"], 1)], Unclear),
        ([page(["1"], 3, 2), answer({"detail": "Invalid page."}, 404)], Unclear),
        ([page(["1"], 3, 2), page(["2"], 3, 2)], Unclear),
        ([page(["1"], 3, 10_001)], Unclear),
    ],
)
async def test_a_list_that_is_not_whole(scripts: list[Script], error: type[Exception]) -> None:
    async with talk(*scripts) as (personnel, _):
        with pytest.raises(error):
            await codes(personnel)


async def test_a_date_that_cannot_be_read() -> None:
    row = json.loads(golden_text("5.2-employee")) | {"hire_date": "02.04.2019"}
    async with talk(answer(row)) as (personnel, _):
        with pytest.raises(Unclear):
            await personnel.employees.fetch_one("t", "x")
