"""People from a table: all of them or none, and every reason why not."""

import csv
import io
from collections.abc import Sequence
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from bot.gateway.access.passwords import Passwords
from bot.gateway.records.companies import Company, CompanyDiffers, load_companies
from bot.gateway.records.tables import areas, departments, employees
from bot.gateway.staff import Imported, ImportRefused, import_company, import_people
from tests.gateway.world import CHEAP, DUBAI, MOBILE, MOMENT, World

HEADER = "emp_code,first_name,last_name,email,department,position,area,app_role,password\n"


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
        ("1,Mona,,,S,,A,1,short\n", ["line 2, password: has fewer than 8 characters"]),
        ("1,Mo\x1bna,,,S,,A\n", ["line 2, first_name: Control characters are not allowed."]),
        (f"1,{'x' * 201},,,S,,A\n", ["line 2, first_name: is longer than 200 characters"]),
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
    with pytest.raises(ImportRefused, match="line 2, None: no such column"):
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
