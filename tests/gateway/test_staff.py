"""People from a table: all of them or none, and every reason why not."""

import csv
import io
from collections.abc import Sequence
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from bot.attendance.model import PunchState
from bot.gateway.access.passwords import Passwords
from bot.gateway.records.companies import Company, CompanyDiffers, add_company, load_companies
from bot.gateway.records.kinds import Source
from bot.gateway.records.personnel import dismiss
from bot.gateway.records.punches import NewPunch, add_punch
from bot.gateway.records.tables import areas, departments, employees
from bot.gateway.staff import Imported, import_company, import_people, load_staff, try_people
from bot.gateway.staff_table import EXPORTED_COLUMNS, ImportRefused
from tests.gateway.world import CHEAP, DUBAI, MOBILE, MOMENT, World

HEADER = "emp_code,first_name,last_name,email,department,position,area,app_role,password,hire_date\n"


async def load(world: World, text: str, header: str = HEADER) -> list[Imported]:
    rows = csv.DictReader(io.StringIO(header + text))
    return list(await import_people(world.db, Passwords(CHEAP), world.elsewhere.id, rows, MOMENT))


async def test_people_come_in_and_log_in(world: World) -> None:
    mona, omar = await load(
        world,
        "007,Mona,,mona@y.example,Sales,Clerk,Dubai Office; Store,,\n"
        "8,Omar,,,sales,,dubai office,administrator,chosen by Omar\n",
    )
    assert (mona.emp_code, mona.email, omar.password) == ("007", "mona@y.example", "chosen by Omar")
    assert len(mona.password) > 15
    for username, password in (("007", mona.password), ("MONA@y.example", mona.password), ("8", omar.password)):
        body = {"username": username, "password": password, "company": "Elsewhere"}
        token = (await world.client.post(f"{MOBILE}/auth_token/", json=body)).json()["token"]
        answer = await world.client.get(f"{MOBILE}/app_settings/", headers={"Authorization": f"JWT {token}"})
        shown = answer.json()
        expected = ("", "Dubai Office", 2) if username == "8" else ("Clerk", "Dubai Office, Store", 1)
        assert (shown["position"], shown["area"], shown["app_role"]) == expected


async def test_places_are_made_once_and_found_by_name_or_code(world: World) -> None:
    await load(world, "21,Mona,,,Sales,,Store\n22,Omar,,,SALES,,14\n23,Huda,,,14,,13\n", HEADER)

    def made(conn: sa.Connection) -> tuple[list[object], list[object]]:
        of_company = departments.c.company_id == world.elsewhere.id
        names = conn.execute(sa.select(departments.c.dept_code, departments.c.dept_name).where(of_company)).all()
        stores = conn.execute(sa.select(areas.c.area_code).where(areas.c.area_name == "Store")).all()
        return [tuple(row) for row in names], [tuple(row) for row in stores]

    assert await world.db.read(made) == ([("13", "Department"), ("14", "Sales")], [("14",)])


@pytest.mark.parametrize(
    ("text", "errors"),
    [
        (",Mona,,,Sales,,Store\n", ["line 2, emp_code: is empty"]),
        ("1,Mona,,,,,;\n", ["line 2, department: is empty", "line 2, area: is empty"]),
        ("1 2,Mona,,,S,,A\n", ["line 2, emp_code: takes up to 20 letters, digits, dots and dashes"]),
        ("1,Mona,,nobody,S,,A\n", ["line 2, email: is no e-mail address"]),
        ("1,Mona,,,S,,A,3\n", ["line 2, app_role: is 1 (employee) or 2 (administrator)"]),
        ("1,Mona,,,S,,A,1,,31.12.2020\n", ["line 2, hire_date: is no date; one looks like 2026-03-02"]),
        ("1,Mona,,,S,,A,1,short\n", ["line 2, password: has fewer than 8 characters"]),
        ("1,Mo\x1bna,,,S,,A\n", ["line 2, first_name: Control characters are not allowed."]),
        (f"1,{'x' * 201},,,S,,A\n", ["line 2, first_name: is longer than 200 characters"]),
        (f"1,Mona,,{'ß' * 200}@x,S,,A\n", ["line 2, email: is longer than 254 characters"]),
        ("1,Mona,,,S,,A\n2,Omar,,,S,,A\n1,Huda,,,S,,A\n", ["line 4, emp_code: is that of line 2, too"]),
        ("1,Mona,,m@y,S,,A\n2,Omar,,M@Y,S,,A\n", ["line 3, email: is that of line 2, too"]),
        ("1,Mona,,,S,,A\n13,Omar,,,S,,A\n", ["line 3, emp_code: is that of an employee of the company already"]),
        ("1,Mona,,Sara@X.example,S,,A\n", ["line 2, email: is that of an employee of the company already"]),
    ],
)
async def test_one_bad_row_and_nobody_comes_in(world: World, text: str, errors: list[str]) -> None:
    count = sa.select(sa.func.count()).select_from(employees)
    before = await world.db.read(lambda conn: conn.execute(count).scalar_one())
    with pytest.raises(ImportRefused) as refused:
        await load(world, text)
    assert [str(error) for error in refused.value.errors] == errors
    assert await world.db.read(lambda conn: conn.execute(count).scalar_one()) == before


async def test_unknown_and_surplus_columns_are_named(small_world: World) -> None:
    with pytest.raises(ImportRefused, match="line 2, salary: no such column"):
        await load(small_world, "1,Mona,S,A,9\n", "emp_code,first_name,department,area,salary\n")
    with pytest.raises(ImportRefused, match="line 2, a column without a name: no such column"):
        await load(small_world, "1,Mona,S,A,9\n", "emp_code,first_name,department,area\n")


async def load_company(world: World, name: str, zone: ZoneInfo) -> Sequence[Company]:
    rows = csv.DictReader(io.StringIO(HEADER + "21,Mona,,,Sales,,Store\n"))
    await import_company(world.db, Passwords(CHEAP), name, zone, rows, now=MOMENT)
    return await world.db.read(load_companies)


async def test_a_company_that_is_there_gets_more_people(world: World) -> None:
    assert await load_company(world, " demo  TRADING ", DUBAI) == [world.demo, world.elsewhere]


@pytest.mark.parametrize(
    ("name", "zone", "said"),
    [
        ("Demo-Trading!", DUBAI, "'Demo-Trading!' is too like the company 'Demo Trading', which is there already: "),
        ("Demo Trading", ZoneInfo("Asia/Muscat"), "Demo Trading is in Asia/Dubai, not in Asia/Muscat: "),
    ],
)
async def test_another_company_is_not_filled_by_mistake(world: World, name: str, zone: ZoneInfo, said: str) -> None:
    count = sa.select(sa.func.count()).select_from(employees)
    before = await world.db.read(lambda conn: conn.execute(count).scalar_one())
    with pytest.raises(CompanyDiffers, match=f"^{said}"):
        await load_company(world, name, zone)
    assert await world.db.read(lambda conn: conn.execute(count).scalar_one()) == before


async def employed(world: World) -> list[tuple[str, str]]:
    person = employees.c
    query = sa.select(person.emp_code, person.id).where(person.company_id == world.elsewhere.id, person.active)
    return await world.db.read(lambda conn: [(code, known) for code, known in conn.execute(query.order_by("number"))])


async def test_who_left_comes_back_as_the_same_person(world: World) -> None:
    ((_, sara),) = await employed(world)
    await world.db.write(lambda conn: add_punch(conn, punch_of(world, sara)))
    await world.db.write(lambda conn: dismiss(conn, sara, MOMENT.date()))
    back, other = await load(world, "13,Sara,,sara@x.example,Sales,,Store,,\n14,Mona,,,Sales,,Store,,\n")
    assert (back.id, back.returned, other.returned) == (sara, True, False)
    assert await employed(world) == [("13", sara), ("14", other.id)]


def punch_of(world: World, employee_id: str) -> NewPunch:
    return NewPunch(world.elsewhere.id, employee_id, "13", MOMENT, MOMENT, PunchState.CHECK_IN, Source.DEVICE)


async def test_a_trial_says_the_same_and_keeps_nothing(world: World) -> None:
    before = await employed(world)
    rows = list(csv.DictReader(io.StringIO(HEADER + "21,Mona,,,New one,,New place,,\n")))
    (tried,) = await try_people(world.db, world.elsewhere.id, rows, MOMENT)
    assert (tried.emp_code, tried.line) == ("21", 2)
    assert await employed(world) == before
    names = sa.select(departments.c.dept_name)
    assert "New one" not in await world.db.read(lambda conn: conn.scalars(names).all())
    with pytest.raises(ImportRefused):
        await try_people(world.db, world.elsewhere.id, [*rows, *rows], MOMENT)


async def test_what_goes_out_comes_in_again(world: World) -> None:
    header = "emp_code,first_name,last_name,email,department,position,area,hire_date,app_role\n"
    await load(world, "21,Mona,Mona,m@y.example,Sales,Clerk,A; B,2020-02-29,2\n22,Omar,,,Sales,,A,,\n", header)
    out = await world.db.read(lambda conn: load_staff(conn, world.elsewhere.id))
    assert [list(row) for row in out] == [list(EXPORTED_COLUMNS)] * 3
    assert (out[1]["area"], out[1]["hire_date"], out[1]["app_role"]) == ("A; B", "2020-02-29", "administrator")
    assert out[2]["hire_date"] == "2023-09-01", "the day they came in"
    another = await world.db.write(lambda conn: add_company(conn, "Another", DUBAI, MOMENT))
    await import_people(world.db, Passwords(CHEAP), another.id, out, MOMENT)
    assert (await world.db.read(lambda conn: load_staff(conn, another.id)))[1:] == out[1:]
