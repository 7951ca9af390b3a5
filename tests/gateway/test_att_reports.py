"""The reports beside the manual's example, and with everything that may be asked of them."""

from datetime import UTC, datetime
from functools import partial

import pytest

from bot.attendance.model import PunchState
from bot.gateway.api import att_reports
from bot.gateway.records.kinds import Source
from bot.gateway.records.punches import NewPunch, add_punch
from bot.gateway.records.tables import departments, employees, positions
from tests.gateway.desk import Desk, Json, open_desk, open_onprem_desk, rows_of
from tests.gateway.test_golden import golden, shape
from tests.gateway.world import DUBAI, MOBILE, World

CARDS = "/att/api/totalTimeCardReport/"
PAGE_DATA = f"{MOBILE}/total_time_cards/page_data/"
REPORTS = [
    CARDS,
    "/att/api/totalTimeCardReportV2/",
    "/att/api/firstLastReport/",
    "/att/api/firstInLastOutReport/",
    "/att/api/transactionReport/",
    "/att/api/dailyAbsentReport/",
]
AUGUST = {"start_date": "2023-08-28", "end_date": "2023-08-31"}
UUID = r"[0-9a-f-]{36}"


async def at_work(desk: Desk, *names: str) -> None:
    """Every day from nine to six."""
    timetable = await desk.post(
        "/att/api/timetables/", {"alias": "General Time Table", "check_in": "09:00", "check_out": "18:00"}
    )
    days = [{"day": 0, "timetable": timetable["id"]}]
    shift = await desk.post("/att/api/shifts/", {"alias": "Daily", "cycle_days": 1, "days": days})
    for name in names:
        body = {"employee": desk.world.ids[name], "shift": shift["id"], "start_date": "2020-01-01"}
        await desk.post("/att/api/schedules/", body)


async def punch(desk: Desk, name: str, wall: str, state: int = 255) -> None:
    at = datetime.fromisoformat(wall).replace(tzinfo=DUBAI)
    code = {"mona": "13", "omar": "0123", "huda": "1"}[name]
    new = NewPunch(
        desk.company.id,
        desk.world.ids[name],
        code,
        at.astimezone(UTC),
        at.astimezone(UTC),
        PunchState(state),
        Source.DEVICE,
        terminal_sn="7860223940009",
    )
    await desk.world.db.write(lambda conn: add_punch(conn, new))


async def become(desk: Desk, name: str, **columns: object) -> None:
    person = employees.c
    await desk.world.db.write(
        lambda conn: conn.execute(employees.update().where(person.id == desk.world.ids[name]).values(**columns))
    )


@pytest.fixture
async def desk(world: World) -> Desk:
    return await open_desk(world)


@pytest.fixture
async def small_desk(small_world: World) -> Desk:
    return await open_desk(small_world)


async def cells(desk: Desk, path: str, *names: str, **asked: str | int) -> list[tuple[object, ...]]:
    return [tuple(row[name] for name in names) for row in await desk.rows(path, **asked)]


# --- the manual's examples


@pytest.mark.parametrize("path", REPORTS[:2])
async def test_time_cards_are_the_manuals_to_the_letter(desk: Desk, path: str) -> None:
    await at_work(desk, "mona")
    example = golden("5-total-time-cards")
    assert isinstance(example, dict)
    await become(desk, "mona", emp_code="13039", first_name="Ahmed Abdelhamid")
    await desk.world.db.write(
        lambda conn: [
            conn.execute(departments.update().where(departments.c.id == 1).values(dept_code="2x", dept_name="Naham")),
            conn.execute(positions.update().where(positions.c.id == 1).values(position_code="1x")),
        ]
    )
    body = await desk.get(
        path, page=1, page_size=20, start_date="2023-07-01", end_date="2023-07-06", emp_code="13039", departments=1
    )
    assert shape(body) == shape({**example, "data": [rows_of(example)[0]] * 6})
    for expected in rows_of(example):
        [row] = [row for row in rows_of(body) if row["att_date"] == expected["att_date"]]
        shown = {**row, "uuid": expected["uuid"], "dept_code": "2", "position_code": "1"}
        assert shown == expected
        assert list(row) == list(expected)


async def test_page_data_is_the_manuals(desk: Desk) -> None:
    for code in ("AL", "SL"):
        await desk.post("/att/api/paycodes/", {"symbol": code, "name": code})
    await become(desk, "mona", position_id=None)
    example = golden("6.7-time-cards")
    assert isinstance(example, dict)
    asked = {"start_date": "2023-08-31", "end_date": "2023-08-31", "departments": ""}
    body = (await desk.world.get("mona", "/total_time_cards/page_data/", **asked)).json()
    assert list(body) == list(example)
    [row], [expected] = rows_of(body), rows_of(example)
    printed = [name for name in expected if not name.startswith("paycode_")]
    assert list(row)[: len(printed)] == printed
    assert list(row)[-2:] == ["paycode_1", "paycode_2"]
    same = {name: row[name] for name in printed if name != "duration"}
    assert shape(same) == shape({name: expected[name] for name in same})
    assert (row["att_date"], row["weekday"]) == ("2023-08-31", "Thursday")
    assert [row[name] for name in ("time_table_alias", "check_in", "check_out", "work_day", "paycode_1")] == [
        "",
        "00:00",
        "00:00",
        "0.0",
        "0.0",
    ]


async def test_a_summary_is_the_manuals(desk: Desk) -> None:
    await at_work(desk, "mona")
    # Friday the first; Monday to Thursday: late, late, absent, on leave.
    for day, came in (("28", "09:30"), ("29", "09:10")):
        await punch(desk, "mona", f"2023-08-{day} {came}")
        await punch(desk, "mona", f"2023-08-{day} 18:00")
    code = await desk.post("/att/api/paycodes/", {"symbol": "AL", "name": "Annual"})
    leave = {"employee": desk.world.ids["mona"], "pay_code": code["id"]}
    await desk.post("/att/api/leaves/", {**leave, "start_time": "2023-08-31", "end_time": "2023-09-02"})
    await desk.ask("POST", "/att/api/leaves/1/approve/")
    path = f"/employees/{desk.world.ids['mona']}"
    body = (await desk.world.get("mona", f"{path}/weekly_summary/")).json()
    assert shape(body) == shape(golden("6.6-summary"))
    assert body == {"late": 2, "early_out": 0, "absent": 1, "leave": 2, "overtime": 0}
    # The month began on Friday, with a leave.
    assert (await desk.world.get("mona", f"{path}/monthly_summary/")).json()["leave"] == 1
    rows = (await desk.world.get("mona", "/total_time_cards/page_data/", **AUGUST)).json()["data"]
    assert [row["paycode_1"] for row in rows] == ["0.0", "0.0", "0.0", "9.0"]


# --- what is in them


async def test_a_day_at_work(small_desk: Desk) -> None:
    desk = small_desk
    await at_work(desk, "mona")
    await punch(desk, "mona", "2023-08-31 09:20:40")
    await punch(desk, "mona", "2023-08-31 19:30")
    [row] = await desk.rows(CARDS, start_date="2023-08-31", end_date="2023-08-31", emp_code="13")
    names = ("att_date", "check_in", "check_out", "clock_in", "clock_out", "late", "absent", "normal_ot")
    assert [row[name] for name in names] == [
        "31-08-2023",
        "09:00",
        "18:00",
        "09:20",
        "19:30",
        "00:20",
        "",
        "01:30",
    ]
    assert row["attendance_status"] == "Late(L)"


async def test_a_row_keeps_its_uuid(small_desk: Desk) -> None:
    first = await cells(small_desk, CARDS, "uuid", **AUGUST, page_size=100)
    assert first == await cells(small_desk, CARDS, "uuid", **AUGUST, page_size=100)
    assert len(set(first)) == len(first) == 12


async def test_first_and_last_punch_of_a_calendar_day(desk: Desk) -> None:
    for wall in ("08-30 09:00:30", "08-30 13:00", "08-30 23:59:59", "08-31 00:00", "08-31 03:59"):
        await punch(desk, "mona", f"2023-{wall}")
    await punch(desk, "omar", "2023-08-30 20:00")
    names = ("emp_code", "att_date", "weekday", "first_punch", "last_punch", "total_time")
    assert await cells(desk, "/att/api/firstLastReport/", *names, **AUGUST) == [
        ("0123", "30-08-2023", "Wednesday", "20:00", "", ""),
        ("13", "30-08-2023", "Wednesday", "09:00", "23:59", "14:59"),
        ("13", "31-08-2023", "Thursday", "00:00", "03:59", "03:59"),
    ]
    page = await desk.get("/att/api/firstLastReport/", **AUGUST, page_size=2, page=2)
    assert (page["count"], len(rows_of(page))) == (3, 1)


async def test_calendar_days_where_the_clocks_change(world: World) -> None:
    desk = await open_desk(world, world.elsewhere)
    for at in (datetime(2023, 3, 25, 23, 59), datetime(2023, 3, 26, 23, 1), datetime(2023, 3, 26, 22, 59)):
        new = NewPunch(
            desk.company.id,
            world.ids["sara"],
            "13",
            at.replace(tzinfo=UTC),
            at.replace(tzinfo=UTC),
            PunchState.UNKNOWN,
            Source.DEVICE,
        )
        await world.db.write(partial(add_punch, new=new))
    asked = {"start_date": "2023-03-20", "end_date": "2023-03-31"}
    # London: 23:59 GMT on the 25th; 00:01 BST on the 27th; 23:59 BST on the 26th.
    assert await cells(desk, "/att/api/firstLastReport/", "att_date", "first_punch", **asked) == [
        ("25-03-2023", "23:59"),
        ("26-03-2023", "23:59"),
        ("27-03-2023", "00:01"),
    ]


async def test_first_check_in_and_last_check_out(desk: Desk) -> None:
    for wall, state in (
        ("29 08:00", 1),  # the night shift's way out
        ("29 09:00", 0),
        ("29 13:00", 2),
        ("29 18:00", 1),
        ("29 19:00", 0),
        ("30 09:00", 255),
        ("31 08:00", 1),
        ("31 09:00", 0),
    ):
        await punch(desk, "mona", f"2023-08-{wall}", state)
    names = ("att_date", "check_in", "check_out", "total_time")
    assert await cells(desk, "/att/api/firstInLastOutReport/", *names, **AUGUST) == [
        ("29-08-2023", "09:00", "18:00", "09:00"),
        ("30-08-2023", "09:00", "", ""),
        ("31-08-2023", "09:00", "", ""),
    ]


async def test_every_punch(desk: Desk) -> None:
    await punch(desk, "mona", "2023-08-31 23:59:59", 1)
    await punch(desk, "mona", "2023-08-28 00:00:00", 0)
    await punch(desk, "mona", "2023-09-01 00:00:00")
    names = ("emp_code", "first_name", "att_date", "punch_time", "punch_state", "terminal_sn")
    assert await cells(desk, "/att/api/transactionReport/", *names, **AUGUST) == [
        ("13", "Mona", "28-08-2023", "00:00:00", "0", "7860223940009"),
        ("13", "Mona", "31-08-2023", "23:59:59", "1", "7860223940009"),
    ]


async def test_absences(desk: Desk) -> None:
    await at_work(desk, "mona", "omar")
    for wall in ("29 09:00", "29 18:00", "30 09:00", "30 18:00"):
        await punch(desk, "mona", f"2023-08-{wall}")
    path = "/att/api/dailyAbsentReport/"
    names = ("emp_code", "att_date", "absent", "attendance_status")
    first_two = await desk.get(path, **AUGUST, page_size=4)
    assert first_two["count"] == 6
    assert [row["emp_code"] for row in rows_of(first_two)] == ["0123"] * 4
    assert await cells(desk, path, *names, **AUGUST, page_size=4, page=2) == [
        ("13", "28-08-2023", "09:00", "Absence(A)"),
        ("13", "31-08-2023", "09:00", "Absence(A)"),
    ]
    answer = await desk.ask("GET", path, **AUGUST, page_size=4, page=3)
    assert (answer.status_code, answer.json()) == (404, {"detail": "Invalid page."})


async def test_absences_of_a_year(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """As long as there are not too many cards to be built."""
    await at_work(desk, "mona", "omar")
    path, year = "/att/api/dailyAbsentReport/", {"start_date": "2022-09-01", "end_date": "2023-08-31"}
    page = await desk.get(path, **year, emp_code="13", page="last", page_size=100)
    assert (page["count"], len(rows_of(page))) == (365, 65)
    monkeypatch.setattr(att_reports, "MOST_CARDS", 365 * 2)
    assert (await desk.get(path, **year, employees=f"{desk.world.ids['mona']},{desk.world.ids['omar']}"))[
        "count"
    ] == 730
    said = "A report of the absences of 3 employees covers 243 days at most."
    assert await desk.refused("GET", path, **year) == {"end_date": [said]}
    monkeypatch.setattr(att_reports, "MOST_CARDS", 1)
    assert (await desk.get(path, start_date="2023-08-01", end_date="2023-08-31"))["count"] == 62


# --- what may be asked


@pytest.mark.parametrize("path", REPORTS)
async def test_dates_that_cannot_be_read(small_desk: Desk, path: str) -> None:
    wrong = ["Date has wrong format. Use one of these formats instead: YYYY-MM-DD."]
    for text in ("soon", "01-08-2023", "2023-02-30", "1999-12-31", "2100-01-01", "٢٠٢٣-٠٨-٠١", "9" * 5000, "\0"):
        assert await small_desk.refused("GET", path, start_date=text) == {"start_date": wrong}
    for end in ("2023-07-31", "2024-08-05"):
        errors = await small_desk.refused("GET", path, start_date="2023-08-01", end_date=end)
        assert list(errors) == ["end_date"]


@pytest.mark.parametrize("path", REPORTS)
async def test_another_companys_rows_are_in_no_report(desk: Desk, path: str) -> None:
    await at_work(desk, "mona")
    await punch(desk, "mona", "2023-08-30 09:00")
    assert await desk.rows(path, **AUGUST)
    other = await open_desk(desk.world, desk.world.elsewhere)
    codes = {row["first_name"] for row in await other.rows(path, **AUGUST)}
    assert codes <= {"Sara"}
    assert await other.rows(path, **AUGUST, employees=desk.world.ids["mona"]) == []
    assert await other.rows(path, **AUGUST, departments="1") == []


async def test_whom_a_report_is_about(small_desk: Desk) -> None:
    desk, ids = small_desk, small_desk.world.ids

    async def found(**asked: str | int) -> set[object]:
        rows = await desk.rows(CARDS, start_date="2023-08-31", end_date="2023-08-31", **asked)
        return {row["emp_code"] for row in rows}

    everybody = {"13", "0123", "1"}
    assert await found() == everybody
    assert await found(departments=-1, employees=-1, areas=-1, groups=-1, time_table=0) == everybody
    assert await found(departments="", employees="") == everybody
    assert await found(departments="1,2") == {"13", "0123"}
    assert await found(departments="99") == set()
    assert await found(areas="3") == {"1"}
    assert await found(employees=ids["mona"]) == {"13"}
    assert await found(employees=f"{ids['mona']},{ids['omar']}") == {"13", "0123"}
    assert await found(employees="1,3") == {"13", "1"}
    assert await found(employees="nobody") == set()
    assert await found(emp_code="13") == {"13"}
    assert await desk.refused("GET", CARDS, departments="x") == {"departments": ["Enter a number."]}


async def test_without_dates_this_month_until_today(small_desk: Desk) -> None:
    small_desk.world.clock.at = datetime(2023, 9, 3, 21, tzinfo=UTC)  # the fourth in Dubai
    rows = await small_desk.rows(CARDS, emp_code="13", page_size=100)
    assert [row["att_date"] for row in rows] == ["01-09-2023", "02-09-2023", "03-09-2023", "04-09-2023"]


async def test_the_manuals_sloppy_dates(small_desk: Desk) -> None:
    rows = await small_desk.rows(CARDS, emp_code="13", start_date="2023-08-31", end_date="2023-09-1/")
    assert len(rows) == 2


async def test_on_prem_reports_are_the_same(small_world: World) -> None:
    desk = await open_onprem_desk(small_world)
    assert len(await desk.rows(CARDS, **AUGUST, employees="1")) == 4


# --- the mobile side


async def exceptions(world: World, caller: str, named: str, **asked: str) -> list[Json]:
    path = f"/employees/{world.ids[named]}/exception_summary/"
    answer = await world.get(caller, path, **asked)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert list(body) == ["count", "next", "previous", "results", "status_code", "message"]
    rows: list[Json] = body["results"]
    return rows


async def test_exceptions_one_by_one(small_desk: Desk) -> None:
    desk = small_desk
    await at_work(desk, "mona")
    await punch(desk, "mona", "2023-08-30 09:30")
    await punch(desk, "mona", "2023-08-30 17:00")
    rows = await exceptions(desk.world, "mona", "mona", start_date="2023-08-30", end_date="2023-08-31/")
    assert [(row["att_date"], row["exception"], row["minutes"]) for row in rows] == [
        ("2023-08-30", "late", 30),
        ("2023-08-30", "early_leave", 60),
        ("2023-08-31", "absent", 540),
    ]
    path = f"/employees/{desk.world.ids['mona']}/exception_summary/"
    assert (await desk.world.get("mona", path, start_date="soon")).status_code == 400


@pytest.mark.parametrize("what", ["weekly_summary", "monthly_summary", "exception_summary"])
@pytest.mark.parametrize(
    ("caller", "named", "status"),
    [
        ("mona", "mona", 200),
        ("mona", "omar", 404),
        ("mona", "huda", 404),
        ("huda", "mona", 200),
        ("huda", "sara", 404),
        ("sara", "mona", 404),
    ],
)
async def test_own_records_whatever_the_url_says(
    small_world: World, what: str, caller: str, named: str, status: int
) -> None:
    answer = await small_world.get(caller, f"/employees/{small_world.ids[named]}/{what}/")
    assert answer.status_code == status


async def test_page_data_shows_own_cards_whatever_is_asked(small_world: World) -> None:
    ids = small_world.ids

    async def found(caller: str, **asked: str) -> set[str]:
        answer = await small_world.get(caller, "/total_time_cards/page_data/", **AUGUST, **asked)
        return {row["first_name"] for row in answer.json()["data"]}

    assert await found("mona") == {"Mona"}
    assert await found("mona", employees=ids["mona"]) == {"Mona"}
    assert await found("mona", employees=ids["omar"]) == set()
    assert await found("mona", employees="-1") == {"Mona"}
    assert await found("huda") == {"Mona", "Omar", "Huda"}
    assert await found("huda", employees=ids["sara"]) == set()
    assert await found("sara") == {"Sara"}


@pytest.mark.parametrize("path", [*REPORTS, PAGE_DATA])
async def test_nothing_without_a_token(small_world: World, path: str) -> None:
    assert (await small_world.client.get(path)).status_code == 401


@pytest.mark.parametrize("path", REPORTS)
async def test_the_web_reports_are_not_for_employees(small_world: World, path: str) -> None:
    answer = await small_world.client.get(path, headers=await small_world.headers("mona"))
    assert answer.status_code == 403
