"""What writing to chapters 5 to 8 does: hiring, changing, letting go, trees without rings, and who may do it."""

import asyncio
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.biotime.exchange import Exchange
from bot.biotime.personnel import Personnel
from bot.biotime.wire.personnel import NewDepartment, NewEmployee
from bot.gateway.records.personnel import BELONGINGS, DEEDS
from bot.gateway.records.tables import areas, departments, employees, positions, terminals, transactions
from tests.gateway.desk import Desk, Json, open_desk
from tests.gateway.test_personnel import AREAS, DEPARTMENTS, EMPLOYEES, PLACES, POSITIONS
from tests.gateway.world import MOBILE, PASSWORDS, World

NEW = {"emp_code": "2", "department": 1, "area": [1]}
REQUIRED = ["This field is required."]


@pytest.fixture
async def desk(world: World) -> Desk:
    return await open_desk(world)


async def log_in(desk: Desk, username: str, password: str) -> int:
    body = {"username": username, "password": password, "company": "Demo Trading"}
    return (await desk.world.client.post(f"{MOBILE}/auth_token/", json=body)).status_code


def referring_to(table: sa.Table) -> set[str]:
    tables = table.metadata.tables.values()
    return {other.name for other in tables if any(key.column.table is table for key in other.foreign_keys)}


# --- who may


@pytest.mark.parametrize("path", [EMPLOYEES, DEPARTMENTS, AREAS, POSITIONS])
async def test_employees_may_not_even_look(world: World, path: str) -> None:
    staff = "/staff-jwt-api-token-auth/"
    body = {"email": "mona@x.example", "password": PASSWORDS["mona"], "company": "Demo Trading"}
    token = (await world.client.post(staff, json=body)).json()["token"]
    for headers in ({"Authorization": f"JWT {token}"}, await world.headers("mona"), await world.headers("huda")):
        for method in ("GET", "POST"):
            answer = await world.client.request(method, path, json=NEW, headers=headers)
            assert answer.status_code == 403, (method, path)
    for method in ("GET", "POST"):
        assert (await world.client.request(method, path, json={})).status_code == 401


async def test_an_administrator_may_with_a_staff_token(world: World) -> None:
    body = {"email": "huda@x.example", "password": PASSWORDS["huda"], "company": "Demo Trading"}
    for door, scheme in (("/staff-jwt-api-token-auth/", "JWT"), ("/staff-api-token-auth/", "Token")):
        token = (await world.client.post(door, json=body)).json()["token"]
        answer = await world.client.get(EMPLOYEES, headers={"Authorization": f"{scheme} {token}"})
        assert (answer.status_code, answer.json()["count"]) == (200, 3)


async def test_a_system_user_who_is_gone_may_not(desk: Desk) -> None:
    gone = sa.text("UPDATE system_users SET token_version = 2")
    await desk.world.db.write(lambda conn: conn.execute(gone))
    assert (await desk.ask("GET", EMPLOYEES)).status_code == 401


# --- hiring


@pytest.mark.parametrize("form", [False, True])
async def test_the_three_that_are_needed_are_enough(desk: Desk, form: bool) -> None:
    client, headers = desk.world.client, desk.headers
    answer = (
        await client.post(EMPLOYEES, data={"emp_code": "007", "department": "1", "area": "1,2"}, headers=headers)
        if form
        else await client.post(EMPLOYEES, json={"emp_code": "007", "department": 1, "area": [1, 2, 1]}, headers=headers)
    )
    assert answer.status_code == 201, answer.text
    body = answer.json()
    assert (body["emp_code"], body["area"], body["first_name"]) == ("007", [1, 2], "")
    assert body["hire_date"] == "2023-09-01"
    assert [row["emp_code"] for row in await desk.rows(EMPLOYEES)] == ["13", "0123", "1", "007"]


async def test_who_is_hired_late_in_the_evening_is_hired_on_the_companys_day(desk: Desk) -> None:
    desk.world.clock.pass_(timedelta(hours=9))  # 20:34 in Greenwich, 00:34 in Dubai
    assert (await desk.post(EMPLOYEES, NEW))["hire_date"] == "2023-09-02"
    assert (await desk.post(EMPLOYEES, {**NEW, "emp_code": "3", "hire_date": None}))["hire_date"] is None
    assert (await desk.post(EMPLOYEES, {**NEW, "emp_code": "4", "hire_date": "2020-02-29"}))[
        "hire_date"
    ] == "2020-02-29"


async def test_what_is_missing_is_named(desk: Desk) -> None:
    assert await desk.refused("POST", EMPLOYEES, {}) == {"emp_code": REQUIRED, "department": REQUIRED, "area": REQUIRED}
    for base, _, prefix in PLACES:
        assert await desk.refused("POST", base, {}) == {f"{prefix}_code": REQUIRED, f"{prefix}_name": REQUIRED}


async def test_emp_code_and_email_are_one_persons_in_the_company(desk: Desk) -> None:
    taken = {**NEW, "emp_code": "13", "email": "OMAR@x.example"}
    errors = {
        "emp_code": ["employee with this emp_code already exists."],
        "email": ["employee with this email already exists."],
    }
    assert await desk.refused("POST", EMPLOYEES, taken) == errors
    assert await desk.refused("PATCH", f"{EMPLOYEES}3/", {"emp_code": "13", "email": "OMAR@x.example"}) == errors
    # Their own they may keep, and another company's is nobody's here.
    await desk.patch(f"{EMPLOYEES}1/", {"emp_code": "13", "email": "MONA@x.example"})
    await desk.post(EMPLOYEES, {**NEW, "email": "sara@x.example"})


async def test_two_at_once_with_one_emp_code(desk: Desk) -> None:
    answers = await asyncio.gather(*(desk.ask("POST", EMPLOYEES, NEW) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 400, 400, 400]


async def test_a_password_that_is_given_opens_the_door(desk: Desk) -> None:
    await desk.post(EMPLOYEES, NEW)
    for guess in ("", "********", "None"):
        assert await log_in(desk, "2", guess) == 400
    changed = await desk.patch(f"{EMPLOYEES}5/", {"self_password": "a new password"})
    assert changed["self_password"] == "********"
    assert await log_in(desk, "2", "a new password") == 200
    await desk.post(EMPLOYEES, {**NEW, "emp_code": "3", "self_password": "another password"})
    assert await log_in(desk, "3", "another password") == 200


async def test_a_masked_password_stays_and_a_new_one_ends_the_tokens(desk: Desk) -> None:
    world = desk.world
    headers = await world.headers("mona")
    await desk.patch(f"{EMPLOYEES}1/", {"self_password": "********"})
    assert (await world.client.get(f"{MOBILE}/employees/", headers=headers)).status_code == 200
    await desk.patch(f"{EMPLOYEES}1/", {"self_password": "quite another"})
    assert (await world.client.get(f"{MOBILE}/employees/", headers=headers)).status_code == 401


async def test_no_password_is_shown_or_kept_in_clear(desk: Desk) -> None:
    answer = await desk.ask("POST", EMPLOYEES, {**NEW, "self_password": "a canary password"})
    assert "canary" not in answer.text
    kept = await desk.world.db.read(lambda conn: conn.scalars(sa.select(employees.c.self_password)).all())
    assert not any("canary" in password for password in kept)
    assert not any(password in answer.text for password in kept if password)


async def test_put_and_patch_change_what_they_say(desk: Desk) -> None:
    full = {
        **NEW,
        "first_name": "Mona",
        "last_name": "Ali",
        "nickname": "Mo",
        "device_password": "1234",
        "card_no": "0099",
        "department": 2,
        "position": 2,
        "hire_date": "2020-01-01",
        "gender": "F",
        "birthday": "1990-12-31",
        "verify_mode": 3,
        "emp_type": 1,
        "contact_tel": "1",
        "office_tel": "2",
        "mobile": "3",
        "national": "AE",
        "city": "دبي",
        "address": "Al Sufouh",
        "postcode": "0",
        "email": "two@x.example",
        "enroll_sn": "9",
        "ssn": "8",
        "religion": "",
        "enable_att": False,
        "enable_overtime": False,
        "enable_holiday": False,
        "dev_privilege": 14,
        "area": [2],
        "app_status": 1,
        "app_role": 2,
    }
    created = await desk.post(EMPLOYEES, full)
    assert {name: created[name] for name in full} == full
    path = f"{EMPLOYEES}{created['id']}/"
    for method in ("PUT", "PATCH"):
        changed = (await desk.ask(method, path, {"nickname": method, "position": None, "email": ""})).json()
        assert changed == {**created, "nickname": method, "position": None, "email": None}
    assert await desk.patch(path, {}) == {**created, "nickname": "PATCH", "position": None, "email": None}


async def test_members_that_are_not_the_clients_are_dropped(desk: Desk) -> None:
    body = {**NEW, "id": "x", "company_id": "y", "active": False, "token_version": 9, "number": 77, "flow_role": [1]}
    created = await desk.post(EMPLOYEES, body)
    assert created["flow_role"] == []
    assert len(str(created["id"])) == 36
    assert (await desk.get(f"{EMPLOYEES}{created['id']}/"))["emp_code"] == "2"


# --- letting go


async def test_who_never_did_anything_is_gone_for_good(desk: Desk) -> None:
    assert (await desk.ask("DELETE", f"{EMPLOYEES}{desk.world.ids['mona']}/")).status_code == 204
    codes = await desk.world.db.read(lambda conn: conn.scalars(sa.select(employees.c.emp_code)).all())
    assert sorted(codes) == ["0123", "1", "13"]  # the last is Sara's, elsewhere


def test_all_that_belongs_to_an_employee_is_kept_or_goes_with_them() -> None:
    assert referring_to(employees) == {table.name for table in (*DEEDS, *BELONGINGS)}


async def test_whoever_leaves_keeps_their_punches_and_no_way_in(desk: Desk) -> None:
    world = desk.world
    headers = await world.headers("mona")
    await world.punch("mona")
    assert (await desk.ask("DELETE", f"{EMPLOYEES}1/")).status_code == 204
    assert [row["emp_code"] for row in await desk.rows(EMPLOYEES)] == ["0123", "1"]
    for method in ("GET", "PATCH", "DELETE"):
        assert (await desk.ask(method, f"{EMPLOYEES}1/", {})).status_code == 404
    assert (await world.client.get(f"{MOBILE}/employees/", headers=headers)).status_code == 401
    assert await log_in(desk, "13", PASSWORDS["mona"]) == 400
    kept = sa.select(transactions.c.employee_id, transactions.c.emp_code)
    assert (await world.db.read(lambda conn: conn.execute(kept).one())) == (world.ids["mona"], "13")
    left = sa.select(employees.c.leave_date).where(employees.c.id == world.ids["mona"])
    assert str(await world.db.read(lambda conn: conn.scalar(left))) == "2023-09-01"


async def test_whoever_comes_back_is_the_same_person(desk: Desk) -> None:
    world = desk.world
    headers = await world.headers("mona")
    await world.punch("mona")
    await desk.ask("DELETE", f"{EMPLOYEES}1/")
    # The address is free as soon as she has left; the number is hers.
    await desk.patch(f"{EMPLOYEES}2/", {"email": "mona@x.example"})
    taken = {"emp_code": ["employee with this emp_code already exists."]}
    assert await desk.refused("PATCH", f"{EMPLOYEES}2/", {"emp_code": "13"}) == taken
    back = await desk.post(EMPLOYEES, {**NEW, "emp_code": "13", "area": [2], "self_password": "a new password"})
    assert (back["id"], back["area"], back["email"], back["position"]) == (world.ids["mona"], [2], None, None)
    assert await log_in(desk, "13", "a new password") == 200
    assert (await world.client.get(f"{MOBILE}/employees/", headers=headers)).status_code == 401
    count = sa.select(sa.func.count()).where(transactions.c.employee_id == world.ids["mona"])
    assert await world.db.read(lambda conn: conn.scalar(count)) == 1
    left = sa.select(employees.c.leave_date).where(employees.c.id == world.ids["mona"])
    assert await world.db.read(lambda conn: conn.scalar(left)) is None


# --- trees


@pytest.mark.parametrize(("base", "_chapter", "prefix"), PLACES)
async def test_no_ring(desk: Desk, base: str, _chapter: str, prefix: str) -> None:
    parent = f"parent_{prefix}"
    error = {parent: [f"The {base.split('/')[-2].removesuffix('s')} would stand below itself."]}
    assert await desk.refused("PATCH", f"{base}1/", {parent: 1}) == error
    await desk.patch(f"{base}2/", {parent: 1})
    await desk.patch(f"{base}3/", {parent: 2})
    assert await desk.refused("PUT", f"{base}1/", {parent: 3}) == error
    await desk.patch(f"{base}3/", {parent: ""})
    await desk.patch(f"{base}1/", {parent: 3})


async def test_two_moves_at_once_close_no_ring(desk: Desk) -> None:
    answers = await asyncio.gather(
        desk.ask("PATCH", f"{DEPARTMENTS}1/", {"parent_dept": 2}),
        desk.ask("PATCH", f"{DEPARTMENTS}2/", {"parent_dept": 1}),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 400]


@pytest.mark.parametrize(("base", "_chapter", "prefix"), PLACES)
async def test_codes_are_unique_in_the_company(desk: Desk, base: str, _chapter: str, prefix: str) -> None:
    code, name = f"{prefix}_code", f"{prefix}_name"
    kind = base.split("/")[-2].removesuffix("s")
    error = {code: [f"{kind} with this {code} already exists."]}
    assert await desk.refused("POST", base, {code: " 13 ", name: "x"}) == error
    assert await desk.refused("PATCH", f"{base}2/", {code: "13"}) == error
    await desk.patch(f"{base}1/", {code: "13"})
    elsewhere = await open_desk(desk.world, desk.world.elsewhere)
    await elsewhere.post(base, {code: "0123", name: "x"})


@pytest.mark.parametrize(
    ("base", "reason"),
    [
        (DEPARTMENTS, "This department cannot be deleted, it still has 2 employees, 1 sub-department."),
        (POSITIONS, "This position cannot be deleted, it still has 2 employees, 1 sub-position."),
        (AREAS, "This area cannot be deleted, it still has 2 employees, 1 sub-area, 1 terminal, 1 holiday."),
    ],
)
async def test_a_delete_that_would_orphan_says_why(desk: Desk, base: str, reason: str) -> None:
    prefix = {DEPARTMENTS: "dept", POSITIONS: "position", AREAS: "area"}[base]
    await desk.patch(f"{base}3/", {f"parent_{prefix}": 1})
    await desk.patch(f"{EMPLOYEES}2/", {"department": 1, "position": 1, "area": [1]})
    await desk.world.db.write(
        lambda conn: conn.execute(terminals.update().where(terminals.c.id == 1).values(area_id=1))
    )
    holiday = sa.text("INSERT INTO holidays (company_id, alias, start_date, area_id) VALUES (:company, 'Eid', :day, 1)")
    await desk.world.db.write(
        lambda conn: conn.execute(
            holiday.bindparams(sa.bindparam("day", type_=sa.Date())),
            {"company": desk.company.id, "day": desk.world.clock.at.date()},
        )
    )
    assert await desk.refused("DELETE", f"{base}1/") == {"detail": reason}
    assert (await desk.get(f"{base}1/"))["id"] == 1


def test_all_that_refers_to_a_place_stands_in_the_way_of_deleting_it() -> None:
    assert referring_to(departments) == {"departments", "employees"}
    assert referring_to(positions) == {"positions", "employees"}
    assert referring_to(areas) == {"areas", "employee_areas", "terminals", "holidays"}


async def test_those_who_left_hold_their_department(desk: Desk) -> None:
    await desk.world.punch("mona")
    await desk.ask("DELETE", f"{EMPLOYEES}1/")
    reason = "This department cannot be deleted, it still has 1 former employee."
    assert await desk.refused("DELETE", f"{DEPARTMENTS}1/") == {"detail": reason}


async def test_ids_are_never_given_twice(desk: Desk) -> None:
    body: Json = {"dept_code": "9", "dept_name": "Nine"}
    first = await desk.post(DEPARTMENTS, body)
    await desk.ask("DELETE", f"{DEPARTMENTS}{first['id']}/")
    assert (await desk.post(DEPARTMENTS, body))["id"] == int(str(first["id"])) + 1


# --- our own client in front of it


async def test_our_client_does_it_all(desk: Desk) -> None:
    personnel = Personnel(Exchange(desk.world.client, timedelta(seconds=5)))
    token = desk.headers["Authorization"].removeprefix("JWT ")
    sales = await personnel.departments.create(token, NewDepartment(dept_code="S", dept_name="Sales", parent_dept=1))
    assert await personnel.departments.fetch_one(token, sales.id) == sales
    new = NewEmployee(emp_code="2", first_name="Omar", department=sales.id, area=[1])
    omar = await personnel.employees.create(token, new)
    await personnel.employees.update(token, omar.id, NewEmployee(last_name="Ali"))
    [found] = [row async for row in personnel.employees.fetch(token, department=sales.id)]
    assert (found.first_name, found.last_name, found.department_name) == ("Omar", "Ali", "Sales")
    await personnel.employees.delete(token, omar.id)
    await personnel.departments.delete(token, sales.id)
    assert [row.id async for row in personnel.departments.fetch(token)] == [1, 2, 3]
