"""Holidays, pay codes, timetables, shifts and schedules: made, changed, deleted, and read as values to reckon with."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.attendance.schedule import Attendant, Holiday, Leave
from bot.gateway.records.working_hours import load_working_hours
from bot.gateway.records.working_time import load_attendants
from tests.gateway.desk import Desk, Json, open_desk
from tests.gateway.world import DUBAI, World

BASES = ("holidays", "paycodes", "timetables", "shifts", "schedules", "temporaryschedules")
NINE_TO_SIX = {"alias": "General", "check_in": "09:00", "check_out": "18:00"}
LUNCH = {"alias": "Lunch", "starts": "13:00", "minutes": 60}
NOT_FOUND = {"detail": "Not found."}


@pytest.fixture
async def desk(world: World) -> Desk:
    return await open_desk(world)


@pytest.fixture
async def small_desk(small_world: World) -> Desk:
    return await open_desk(small_world)


async def add_all(desk: Desk) -> dict[str, Json]:
    """One of each; Mona works from Monday to Friday."""
    mona = desk.world.ids["mona"]
    timetable = await desk.post("/att/api/timetables/", {**NINE_TO_SIX, "breaks": [LUNCH]})
    days = [{"day": day, "timetable": timetable["id"]} for day in range(5)]
    shift = await desk.post("/att/api/shifts/", {"alias": "Office", "cycle_days": 7, "days": days})
    schedule = {"employee": mona, "shift": shift["id"], "start_date": "2023-01-01"}
    return {
        "timetables": timetable,
        "shifts": shift,
        "schedules": await desk.post("/att/api/schedules/", schedule),
        "temporaryschedules": await desk.post(
            "/att/api/temporaryschedules/", {"employee": mona, "att_date": "2023-09-02", "timetable": timetable["id"]}
        ),
        "holidays": await desk.post("/att/api/holidays/", {"alias": "Birthday", "start_date": "2023-09-27"}),
        "paycodes": await desk.post("/att/api/paycodes/", {"symbol": "AL", "name": "Annual leave"}),
    }


async def load_mona(desk: Desk, first: date, last: date) -> Attendant:
    mona = desk.world.ids["mona"]
    return await desk.world.db.read(
        lambda conn: load_attendants(conn, load_working_hours(conn, desk.company.id, DUBAI), [mona], first, last)[mona]
    )


async def test_a_timetable_with_its_defaults(desk: Desk) -> None:
    made = await desk.post("/att/api/timetables/", {**NINE_TO_SIX, "breaks": [LUNCH]})
    assert made == {
        "id": 1,
        "alias": "General",
        "check_in": "09:00:00",
        "check_out": "18:00:00",
        "in_ahead": 120,
        "in_behind": 120,
        "out_ahead": 120,
        "out_behind": 120,
        "allow_late": 0,
        "allow_early_leave": 0,
        "must_check_in": True,
        "must_check_out": True,
        "work_day": 1.0,
        "duty_minutes": None,
        "flexible": False,
        "day_change": "00:00:00",
        "breaks": [{"alias": "Lunch", "starts": "13:00:00", "minutes": 60, "paid": False, "automatic": True}],
    }
    assert await desk.get("/att/api/timetables/1/") == made
    changed = await desk.patch("/att/api/timetables/1/", {"allow_late": 5, "must_check_out": False})
    assert changed == {**made, "allow_late": 5, "must_check_out": False}
    assert (await desk.patch("/att/api/timetables/1/", {"breaks": []}))["breaks"] == []


async def test_each_can_be_listed_shown_and_deleted(desk: Desk) -> None:
    made = await add_all(desk)
    for name, row in made.items():
        assert await desk.rows(f"/att/api/{name}/") == [row]
        assert await desk.get(f"/att/api/{name}/{row['id']}/") == row
    for name in ("temporaryschedules", "schedules", "shifts", "timetables", "holidays", "paycodes"):
        assert (await desk.ask("DELETE", f"/att/api/{name}/1/")).status_code == 204
        assert await desk.rows(f"/att/api/{name}/") == []


async def test_what_is_in_use_stays(desk: Desk) -> None:
    await add_all(desk)
    await desk.post(
        "/att/api/leaves/",
        {
            "employee": desk.world.ids["mona"],
            "pay_code": 1,
            "start_time": "2023-09-04",
            "end_time": "2023-09-05",
        },
    )
    for name, called in (("timetables", "timetable"), ("shifts", "shift"), ("paycodes", "pay code")):
        expected = {"detail": f"This {called} is in use and cannot be deleted."}
        assert await desk.refused("DELETE", f"/att/api/{name}/1/") == expected


async def test_they_are_what_the_rules_reckon_with(desk: Desk) -> None:
    await add_all(desk)
    ids = desk.world.ids
    for holiday in (
        {"alias": "Hers", "start_date": "2023-09-11", "duration_day": 2, "employee": ids["mona"]},
        {"alias": "Her area's", "start_date": "2023-09-13", "area": 1},
        {"alias": "Another area's", "start_date": "2023-09-14", "area": 2},
        {"alias": "Omar's", "start_date": "2023-09-15", "employee": ids["omar"]},
        {"alias": "Long ago", "start_date": "2022-09-15"},
        {"alias": "Just reaches in", "start_date": "2023-08-20", "duration_day": 13},
    ):
        await desk.post("/att/api/holidays/", holiday)
    leave = {"employee": ids["mona"], "pay_code": 1, "start_time": "2023-09-04 00:00:00"}
    await desk.post("/att/api/leaves/", {**leave, "end_time": "2023-09-05 00:00:00"})
    pending = {**leave, "start_time": "2023-09-06 00:00:00", "end_time": "2023-09-07 00:00:00"}
    await desk.post("/att/api/leaves/", pending)
    await desk.ask("POST", "/att/api/leaves/1/approve/")
    mona = await load_mona(desk, date(2023, 9, 1), date(2023, 9, 30))
    (schedule,), (temporary,) = mona.schedules, mona.temporary
    (timetable,) = schedule.shift.days[0]
    assert sorted(schedule.shift.days) == [0, 1, 2, 3, 4]
    assert (timetable.check_in, timetable.check_out) == (time(9), time(18))
    assert timetable.required == timedelta(hours=8)
    assert (temporary.workdate, temporary.timetable) == (date(2023, 9, 2), timetable)
    assert mona.holidays == (
        Holiday(date(2023, 8, 20), 13, "Just reaches in"),
        Holiday(date(2023, 9, 11), 2, "Hers"),
        Holiday(date(2023, 9, 13), 1, "Her area's"),
        Holiday(date(2023, 9, 27), 1, "Birthday"),
    )
    midnight = datetime(2023, 9, 3, 20, tzinfo=UTC)
    assert mona.leaves == (Leave(midnight, midnight + timedelta(days=1), "1"),)


async def test_of_two_schedules_that_begin_on_one_day_the_later_made_holds(small_desk: Desk) -> None:
    await add_all(small_desk)
    other = await small_desk.post("/att/api/shifts/", {"alias": "Rest", "cycle_days": 1})
    body = {"employee": small_desk.world.ids["mona"], "shift": other["id"], "start_date": "2023-01-01"}
    await small_desk.post("/att/api/schedules/", body)
    mona = await load_mona(small_desk, date(2023, 9, 1), date(2023, 9, 2))
    assert [schedule.shift.id for schedule in mona.schedules] == [2, 1]


PK = 'Invalid pk "{}" - object does not exist.'
DATE = "Date has wrong format. Use one of these formats instead: YYYY-MM-DD."
TIME = "Time has wrong format. Use one of these formats instead: hh:mm[:ss]."
BETWEEN = "Ensure this value is between 2000-01-01 and 2099-12-31."
BAD = [
    ("timetables", {"check_in": "25:00"}, "check_in", TIME),
    ("timetables", {"check_in": None}, "check_in", "This field may not be null."),
    ("timetables", {"alias": "General"}, "alias", "timetable with this alias already exists."),
    ("timetables", {"in_ahead": 1441}, "in_ahead", "Ensure this value is less than or equal to 1440."),
    ("timetables", {"in_ahead": None}, "in_ahead", "This field may not be null."),
    ("timetables", {"flexible": True}, "duty_minutes", "Flexible hours need so many minutes of duty."),
    ("timetables", {"flexible": "maybe"}, "flexible", "Must be a valid boolean."),
    ("timetables", {"work_day": "NaN"}, "work_day", "A valid number is required."),
    ("timetables", {"breaks": 7}, "breaks", "Expected a list of at most 10 objects."),
    ("timetables", {"breaks": [LUNCH] * 11}, "breaks", "Expected a list of at most 10 objects."),
    ("timetables", {"breaks": [LUNCH, {"starts": "13:00"}]}, "breaks", "1: minutes: This field is required."),
    ("shifts", {"cycle_days": 0}, "cycle_days", "Ensure this value is greater than or equal to 1."),
    ("shifts", {"days": [{"day": 7, "timetable": 1}]}, "days", "0: day: Ensure this value is less than or equal to 6."),
    ("shifts", {"days": [{"day": 0, "timetable": 9}]}, "days", f"0: timetable: {PK.format(9)}"),
    ("shifts", {"days": [[]]}, "days", "Expected a list of at most 1000 objects."),
    ("schedules", {"shift": 9}, "shift", PK.format(9)),
    ("schedules", {"shift": None}, "shift", "This field is required."),
    ("schedules", {"employee": "x"}, "employee", PK.format("x")),
    ("schedules", {"start_date": "2023-02-31"}, "start_date", DATE),
    ("schedules", {"start_date": "0001-01-01"}, "start_date", BETWEEN),
    ("schedules", {"end_date": "2022-12-31"}, "end_date", "A schedule ends on the day it starts, or later."),
    ("temporaryschedules", {"att_date": "2023-09-02"}, "timetable", "The employee has that on this day already."),
    ("temporaryschedules", {"timetable": 9}, "timetable", PK.format(9)),
    ("holidays", {"duration_day": 367}, "duration_day", "Ensure this value is less than or equal to 366."),
    ("holidays", {"area": 1, "employee": "{mona}"}, "employee", "A holiday is an area's or an employee's, not both."),
    ("holidays", {"alias": " "}, "alias", "This field may not be blank."),
    ("paycodes", {"symbol": "AL"}, "symbol", "pay_code with this symbol already exists."),
    ("paycodes", {"symbol": "x" * 51}, "symbol", "Ensure this field has no more than 50 characters."),
]  # fmt: skip


@pytest.mark.parametrize(("name", "changed", "field", "reason"), BAD)
async def test_bad_bodies(small_desk: Desk, name: str, changed: dict[str, object], field: str, reason: str) -> None:
    await add_all(small_desk)
    mona = small_desk.world.ids["mona"]
    good: dict[str, dict[str, object]] = {
        "timetables": {**NINE_TO_SIX, "alias": "Another"},
        "shifts": {"alias": "Another", "cycle_days": 7},
        "schedules": {"employee": mona, "shift": 1, "start_date": "2023-01-01"},
        "temporaryschedules": {"employee": mona, "att_date": "2023-09-03", "timetable": 1},
        "holidays": {"alias": "Another", "start_date": "2023-01-01"},
        "paycodes": {"symbol": "SL", "name": "Sick leave"},
    }
    changed = {member: mona if value == "{mona}" else value for member, value in changed.items()}
    errors = await small_desk.refused("POST", f"/att/api/{name}/", {**good[name], **changed})
    assert errors == {field: [reason]}
    assert len(await small_desk.rows(f"/att/api/{name}/")) == 1


async def test_a_shorter_cycle_asks_for_its_days(small_desk: Desk) -> None:
    await add_all(small_desk)
    errors = await small_desk.refused("PATCH", "/att/api/shifts/1/", {"cycle_days": 3})
    assert errors == {"days": ["Give the days again with the length of the cycle."]}
    changed = await small_desk.patch("/att/api/shifts/1/", {"cycle_days": 3, "days": [{"day": 2, "timetable": 1}]})
    assert changed["days"] == [{"day": 2, "timetable": 1}]


async def test_its_own_alias_may_stay(small_desk: Desk) -> None:
    await add_all(small_desk)
    await small_desk.patch("/att/api/timetables/1/", {"alias": "General"})


async def test_a_temporary_schedule_is_not_changed_into_another(desk: Desk) -> None:
    await add_all(desk)
    second = {"employee": desk.world.ids["mona"], "att_date": "2023-09-03", "timetable": 1}
    path = f"/att/api/temporaryschedules/{(await desk.post('/att/api/temporaryschedules/', second))['id']}/"
    same = {"timetable": ["The employee has that on this day already."]}
    assert await desk.refused("PATCH", path, {"att_date": "2023-09-02"}) == same
    assert (await desk.patch(path, {"att_date": "2023-09-03"}))["att_date"] == "2023-09-03", "its own day may stay"
    await desk.patch(path, {"att_date": "2023-09-02", "timetable": None})


async def test_another_companys_do_not_exist(desk: Desk) -> None:
    await add_all(desk)
    other = await open_desk(desk.world, desk.world.elsewhere)
    for name in BASES:
        assert await other.rows(f"/att/api/{name}/") == []
        for method in ("GET", "PUT", "PATCH", "DELETE"):
            answer = await other.ask(method, f"/att/api/{name}/1/", {})
            assert (answer.status_code, answer.json()) == (404, NOT_FOUND)
    body = {"employee": desk.world.ids["sara"], "shift": 1, "start_date": "2023-01-01"}
    assert await other.refused("POST", "/att/api/schedules/", body) == {"shift": [PK.format(1)]}
    days = [{"day": 0, "timetable": 1}]
    errors = await other.refused("POST", "/att/api/shifts/", {"alias": "A", "cycle_days": 7, "days": days})
    assert errors == {"days": [f"0: timetable: {PK.format(1)}"]}
    holiday = {"alias": "A", "start_date": "2023-01-01", "area": 1}
    assert await other.refused("POST", "/att/api/holidays/", holiday) == {"area": [PK.format(1)]}


async def test_filters(small_desk: Desk) -> None:
    await add_all(small_desk)
    mona, omar = small_desk.world.ids["mona"], small_desk.world.ids["omar"]
    for name in ("schedules", "temporaryschedules"):
        assert len(await small_desk.rows(f"/att/api/{name}/", employee=mona)) == 1
        assert await small_desk.rows(f"/att/api/{name}/", employee=omar) == []
    assert len(await small_desk.rows("/att/api/timetables/", alias_icontains="gen")) == 1
    assert await small_desk.rows("/att/api/holidays/", area=1) == []
