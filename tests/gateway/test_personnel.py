"""Manual chapters 5 to 8 beside their examples: same members, order and types; then all that can be asked for."""

import json

import pytest
import sqlalchemy as sa
from pydantic import JsonValue

from bot.gateway.records.companies import Company
from bot.gateway.records.tables import employees
from tests.gateway.desk import Desk, Json, open_desk, open_onprem_desk, rows_of
from tests.gateway.test_golden import shape
from tests.gateway.world import World
from tests.golden import golden_text

EMPLOYEES = "/personnel/api/employees/"
EMPLOYEE = "/personnel/api/employee/"
DEPARTMENTS = "/personnel/api/departments/"
AREAS = "/personnel/api/areas/"
POSITIONS = "/personnel/api/positions/"
PLACES = [(DEPARTMENTS, "6", "dept"), (AREAS, "7", "area"), (POSITIONS, "8", "position")]
NAMES = {"dept": "department", "area": "area", "position": "position"}


def golden(name: str) -> Json:
    parsed: Json = json.loads(golden_text(name))
    return parsed


@pytest.fixture
async def desk(world: World) -> Desk:
    return await open_desk(world)


async def give(world: World, company: Company, emp_code: str, **columns: object) -> None:
    """Set what the API has no need to."""
    person = employees.c
    await world.db.write(
        lambda conn: conn.execute(
            employees.update().where(person.company_id == company.id, person.emp_code == emp_code).values(**columns)
        )
    )


# --- the manual's examples


@pytest.mark.parametrize("base", [EMPLOYEES, EMPLOYEE])
async def test_employee_list_is_the_manuals_with_how_to_call_them(desk: Desk, base: str) -> None:
    await give(desk.world, desk.company, "0123", first_name="0123", mobile="+971501234567")
    body, example = await desk.get(base, emp_code="0123"), golden("5.1-employees")
    [row], [expected] = rows_of(body), rows_of(example)
    assert (row.pop("contact_tel"), row.pop("mobile")) == (None, "+971501234567")
    assert shape(body) == shape(example)
    assert row == {**expected, "id": desk.world.ids["omar"], "department": 2, "position": 2}


async def test_one_employee_is_the_manuals(desk: Desk) -> None:
    await give(desk.world, desk.company, "13", first_name="")
    await give(desk.world, desk.company, "13", contact_tel="04 123")
    body = await desk.get(f"{EMPLOYEES}{desk.world.ids['mona']}/")
    assert (body.pop("contact_tel"), body.pop("mobile")) == ("04 123", None)
    assert shape(body) == shape(golden("5.2-employee"))
    assert (body["emp_code"], body["first_name"], body["dept_name"]) == ("13", "", "Department")


async def test_created_employee_is_the_manuals_to_the_letter(desk: Desk) -> None:
    request, example = golden("5.3-employee-request"), golden("5.3-employee-receipt")
    body = await desk.post(EMPLOYEES, request)
    assert list(body) == list(example)
    # The manual loses the telephone number that it was sent, and shows the hash of a password.
    differs = {"id": body["id"], "mobile": "323232323", "self_password": "********"}
    assert body == {**example, **differs}
    assert shape(body["id"]) == "uuid"


async def test_a_telephone_is_told_as_it_was_written(desk: Desk) -> None:
    created = await desk.post(
        EMPLOYEES, {"emp_code": "77", "department": 1, "area": [1], "mobile": "1", "contact_tel": "2"}
    )
    await desk.patch(f"{EMPLOYEES}{created['id']}/", {"mobile": "3"})
    shown = await desk.get(f"{EMPLOYEES}{created['id']}/")
    [listed] = rows_of(await desk.get(EMPLOYEES, emp_code="77"))
    assert shown == listed
    assert (listed["mobile"], listed["contact_tel"]) == ("3", "2")


async def test_updated_employee_is_the_manuals(desk: Desk) -> None:
    created = await desk.post(EMPLOYEES, {"emp_code": "employee333", "department": 1, "area": [1]})
    await give(desk.world, desk.company, "employee333", enroll_sn=None, dev_privilege=1, enable_overtime=False)
    body = await desk.patch(f"{EMPLOYEES}{created['id']}/", golden("5.4-employee-request"))
    example = golden("5.4-employee-receipt")
    assert list(body) == list(example)
    differs = {"id": created["id"], "hire_date": "2023-09-01", "self_password": "********"}
    assert body == {**example, **differs}


@pytest.mark.parametrize(("base", "chapter", "prefix"), PLACES)
async def test_places_are_the_manuals(desk: Desk, base: str, chapter: str, prefix: str) -> None:
    name = NAMES[prefix]
    body, example = await desk.get(base, **{f"{prefix}_code": "1"}), golden(f"{chapter}.1-{name}s")
    assert shape(body) == shape(example)
    [row] = rows_of(body)
    assert row["company"] == {"id": desk.company.id, "name": "Demo Trading"}
    alone = await desk.get(f"{base}{row['id']}/")
    assert alone == row
    assert shape(alone) == shape(golden(f"{chapter}.2-{name}"))


@pytest.mark.parametrize(("base", "chapter", "prefix"), PLACES)
async def test_written_places_are_the_manuals_to_the_letter(desk: Desk, base: str, chapter: str, prefix: str) -> None:
    name = NAMES[prefix]
    created = await desk.post(base, golden(f"{chapter}.3-{name}-request"))
    example = golden(f"{chapter}.3-{name}-receipt")
    assert list(created) == list(example)
    assert {**created, "id": example["id"]} == example
    for method in ("PATCH", "PUT"):
        changed = (await desk.ask(method, f"{base}{created['id']}/", golden(f"{chapter}.4-{name}-request"))).json()
        assert {**changed, "id": 0} == {**changed, "id": 0, **golden(f"{chapter}.4-{name}-request")}
        assert shape(changed) == shape(golden(f"{chapter}.4-{name}-receipt"))


async def test_deleting_answers_as_the_manual_does(desk: Desk) -> None:
    department = await desk.post(DEPARTMENTS, golden("6.3-department-request"))
    answer = await desk.ask("DELETE", f"{DEPARTMENTS}{department['id']}/", {})
    assert (answer.status_code, answer.text) == (200, golden_text("6.5-department-deleted"))
    for base, prefix in ((AREAS, "area"), (POSITIONS, "position")):
        place = await desk.post(base, {f"{prefix}_code": "222", f"{prefix}_name": "Two"})
        answer = await desk.ask("DELETE", f"{base}{place['id']}/", {})
        assert (answer.status_code, answer.content) == (204, b"")
    answer = await desk.ask("DELETE", f"{EMPLOYEES}{desk.world.ids['mona']}/")
    assert (answer.status_code, answer.content) == (204, b"")


# --- what can be asked for


async def codes(desk: Desk, **params: str | int) -> list[JsonValue]:
    return [row["emp_code"] for row in await desk.rows(EMPLOYEES, **params)]


async def test_employees_come_by_their_numbers(desk: Desk) -> None:
    assert await codes(desk) == ["13", "0123", "1"]
    assert await codes(desk, ordering="-emp_code") == ["13", "1", "0123"]
    assert await codes(desk, ordering="first_name") == ["1", "13", "0123"]
    assert await codes(desk, ordering="nonsense") == ["13", "0123", "1"]
    assert await codes(desk, page_size=2, page=2) == ["1"]


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"emp_code": "13"}, ["13"]),
        ({"emp_code": "1"}, ["1"]),
        ({"emp_code": ""}, ["13", "0123", "1"]),
        ({"emp_code_icontains": "1"}, ["13", "0123", "1"]),
        ({"emp_code_icontains": "23"}, ["0123"]),
        ({"first_name": "Mona"}, ["13"]),
        ({"first_name": "mona"}, []),
        ({"first_name_icontains": "MO"}, ["13"]),
        ({"first_name_icontains": "%"}, []),
        ({"first_name_icontains": "_"}, []),
        ({"last_name": "Ali"}, ["13"]),
        ({"last_name_icontains": "al"}, ["13"]),
        ({"department": "2"}, ["0123"]),
        ({"department": 99}, []),
        ({"departments": "1,3"}, ["13", "1"]),
        ({"departments": "-1"}, ["13", "0123", "1"]),
        ({"departments": "1, 99,"}, ["13"]),
        ({"areas": "2,3"}, ["0123", "1"]),
        ({"areas": "-1"}, ["13", "0123", "1"]),
        ({"area": "1"}, ["13"]),
        ({"position": "3"}, ["1"]),
        ({"app_status": "1"}, ["1"]),
        ({"app_status": "0"}, ["13", "0123"]),
        ({"search": "huda"}, ["1"]),
        ({"search": "ali  mon"}, ["13"]),
        ({"search": "ali omar"}, []),
        ({"department": "2", "emp_code": "13"}, []),
        ({"department": "9" * 30}, []),
        ({"departments": "9" * 30}, []),
        ({"nonsense": "1"}, ["13", "0123", "1"]),
        # The manual's own address ends so.
        ({"emp_code": "13/"}, ["13"]),
    ],
)
async def test_filters(desk: Desk, params: dict[str, str | int], found: list[str]) -> None:
    await give(desk.world, desk.company, "13", last_name="Ali")
    await give(desk.world, desk.company, "1", app_status=1)
    assert await codes(desk, **params) == found
    assert (await desk.get(EMPLOYEES, **params))["count"] == len(found)


@pytest.mark.parametrize(
    ("params", "errors"),
    [
        ({"department": "x"}, {"department": ["Enter a number."]}),
        ({"departments": "1;2"}, {"departments": ["Enter a number."]}),
        ({"areas": "1," * 1001}, {"areas": ["Ensure this value has at most 1000 characters."]}),
        ({"app_status": "7"}, {"app_status": ["Select a valid choice. 7 is not one of the available choices."]}),
        ({"app_status": "²"}, {"app_status": ["Select a valid choice. ² is not one of the available choices."]}),
        ({"emp_code": "\0"}, {"emp_code": ["Null characters are not allowed."]}),
        ({"search": "a\x1b"}, {"search": ["Control characters are not allowed."]}),
        (
            {"emp_code_icontains": "%" * 1001},
            {"emp_code_icontains": ["Ensure this value has at most 1000 characters."]},
        ),
    ],
)
async def test_filters_that_mean_nothing(desk: Desk, params: dict[str, str | int], errors: Json) -> None:
    assert await desk.refused("GET", EMPLOYEES, **params) == errors


async def test_a_search_of_many_words_is_found_all_the_same(desk: Desk) -> None:
    assert await codes(desk, search="m " * 499) == ["13", "0123"]


@pytest.mark.parametrize(("base", "_chapter", "prefix"), PLACES)
async def test_filters_of_places(desk: Desk, base: str, _chapter: str, prefix: str) -> None:
    code, name, parent = f"{prefix}_code", f"{prefix}_name", f"parent_{prefix}"
    below = await desk.post(base, {code: "B-2", name: "Below", parent: 1})

    async def found(**params: str | int) -> list[JsonValue]:
        return [row[code] for row in await desk.rows(base, **params)]

    assert await found() == ["13", "0123", "1", "B-2"]
    assert await found(**{code: "B-2"}) == ["B-2"]
    assert await found(**{f"{code}_icontains": "b-"}) == ["B-2"]
    assert await found(**{name: "Below"}) == ["B-2"]
    assert await found(**{f"{name}_icontains": "BEL"}) == ["B-2"]
    assert await found(**{parent: 1}) == ["B-2"]
    assert await found(search="elo") == ["B-2"]
    assert await found(ordering=f"-{code}") == ["B-2", "13", "1", "0123"]
    assert await found(id=str(below["id"])) == ["B-2"]
    row = await desk.get(f"{base}{below['id']}/")
    assert row[parent] == 1
    assert row.get(f"{parent}_name", row[parent]) in ("Department", "Position", 1)


# --- what one company sees, the other does not


async def test_the_other_company_is_not_there(desk: Desk) -> None:
    world = desk.world
    elsewhere = await open_desk(world, world.elsewhere)
    assert [row["first_name"] for row in await elsewhere.rows(EMPLOYEES)] == ["Sara"]
    assert [row["id"] for row in await elsewhere.rows(DEPARTMENTS)] == [4]
    mine = [f"{EMPLOYEES}{world.ids['mona']}/", f"{EMPLOYEES}1/", f"{DEPARTMENTS}1/", f"{AREAS}1/", f"{POSITIONS}1/"]
    for path in mine:
        for method in ("GET", "PUT", "PATCH", "DELETE"):
            answer = await elsewhere.ask(method, path, {"emp_code": "99", "dept_name": "x"})
            assert (answer.status_code, answer.json()) == (404, {"detail": "Not found."}), (method, path)
    for params in ({"department": 1}, {"areas": "1"}, {"position": 1}):
        assert await elsewhere.rows(EMPLOYEES, **params) == []


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({"department": 4}, {"department": ['Invalid pk "4" - object does not exist.']}),
        ({"department": 999}, {"department": ['Invalid pk "999" - object does not exist.']}),
        # Beyond what PostgreSQL takes for an integer.
        ({"department": 2**31}, {"department": ['Invalid pk "2147483648" - object does not exist.']}),
        ({"position": 4}, {"position": ['Invalid pk "4" - object does not exist.']}),
        ({"area": [1, 4, 9]}, {"area": [f'Invalid pk "{pk}" - object does not exist.' for pk in (4, 9)]}),
    ],
)
async def test_ids_of_the_other_company_do_not_exist(desk: Desk, body: Json, errors: Json) -> None:
    fine = {"emp_code": "2", "department": 1, "area": [1]}
    assert await desk.refused("POST", EMPLOYEES, {**fine, **body}) == errors
    assert await desk.refused("PATCH", f"{EMPLOYEES}1/", body) == errors


@pytest.mark.parametrize(("base", "_chapter", "prefix"), PLACES)
async def test_a_parent_of_the_other_company_does_not_exist(desk: Desk, base: str, _chapter: str, prefix: str) -> None:
    error = {f"parent_{prefix}": ['Invalid pk "4" - object does not exist.']}
    body = {f"{prefix}_code": "2", f"{prefix}_name": "Two", f"parent_{prefix}": 4}
    assert await desk.refused("POST", base, body) == error
    assert await desk.refused("PATCH", f"{base}1/", {f"parent_{prefix}": 4}) == error


# --- the other dialect


async def test_onprem_employees_are_nested(world: World) -> None:
    desk = await open_onprem_desk(world)
    await desk.patch(f"{EMPLOYEES}1/", {"area": [2, 1]})
    [mona, *_] = await desk.rows(EMPLOYEES)
    assert mona == await desk.get(f"{EMPLOYEES}1/")
    assert mona["id"] == 1
    assert mona["department"] == {"id": 1, "dept_code": "13", "dept_name": "Department"}
    assert mona["position"] == {"id": 1, "position_code": "13", "position_name": "Position"}
    assert mona["area"] == [
        {"id": 1, "area_code": "13", "area_name": "Dubai Office"},
        {"id": 2, "area_code": "0123", "area_name": "Dubai Office"},
    ]
    assert mona["attemployee"] == {
        "id": 1,
        "enable_attendance": True,
        "enable_overtime": True,
        "enable_holiday": True,
        "enable_schedule": True,
    }
    assert mona["self_password"] == "********"


async def test_onprem_takes_back_what_it_showed(world: World) -> None:
    desk = await open_onprem_desk(world)
    mona = await desk.get(f"{EMPLOYEES}1/")
    changed = (await desk.ask("PUT", f"{EMPLOYEES}1/", {**mona, "first_name": "M"})).json()
    assert (changed["id"], changed["first_name"], changed["department"], changed["area"]) == (1, "M", 1, [1])


async def test_onprem_places_know_no_company(world: World) -> None:
    desk = await open_onprem_desk(world)
    assert (await desk.rows(DEPARTMENTS, dept_code="1"))[0] == {
        "id": 3,
        "dept_code": "1",
        "dept_name": "Department",
        "parent_dept": None,
        "parent_dept_name": None,
    }
    for base in (AREAS, POSITIONS):
        assert all("company" not in row for row in await desk.rows(base))
    place = await desk.post(DEPARTMENTS, {"dept_code": "2", "dept_name": "Two"})
    answer = await desk.ask("DELETE", f"{DEPARTMENTS}{place['id']}/")
    assert (answer.status_code, answer.content) == (204, b"")


# --- cost


@pytest.mark.parametrize("dialect", ["cloud", "onprem"])
async def test_a_page_costs_the_same_number_of_queries_however_long(small_world: World, dialect: str) -> None:
    desk = await (open_desk if dialect == "cloud" else open_onprem_desk)(small_world)
    asked: list[str] = []
    count = lambda *event: asked.append(event[2])  # noqa: E731
    sa.event.listen(sa.engine.Engine, "before_cursor_execute", count)
    try:
        lengths = []
        for size in (1, 3):
            asked.clear()
            assert len(await desk.rows(EMPLOYEES, page_size=size)) == size
            lengths.append(len(asked))
    finally:
        sa.event.remove(sa.engine.Engine, "before_cursor_execute", count)
    assert lengths[0] == lengths[1]


async def test_rows_are_counted_and_skipped_without_the_joins(small_world: World) -> None:
    desk = await open_desk(small_world)
    asked: list[str] = []
    note = lambda *event: asked.append(event[2])  # noqa: E731
    sa.event.listen(sa.engine.Engine, "before_cursor_execute", note)
    try:
        await desk.get(EMPLOYEES, department=1, ordering="emp_code")
    finally:
        sa.event.remove(sa.engine.Engine, "before_cursor_execute", note)
    counting, skipping, *_ = [statement for statement in asked if "count(*)" in statement or "OFFSET" in statement]
    assert "JOIN" not in counting
    assert "JOIN" not in skipping
