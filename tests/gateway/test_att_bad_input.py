"""Nonsense in every member and parameter of the Att API and the passwords: refused or taken, never a 500."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.gateway.rest.bodies import MAX_BODY
from bot.gateway.settings import Rate
from tests.gateway.desk import Desk, open_desk
from tests.gateway.world import MOBILE, SETTINGS, World, connect

NONSENSE: list[object] = [
    None,
    "",
    " ",
    "\0",
    "\ud800",
    "x" * 5000,
    "nan",
    "-1",
    -1,
    0,
    1,
    10**400,
    2**31,
    2**63,
    1e308,
    0.5,
    True,
    False,
    [],
    [[]],
    [None],
    [{}],
    {},
    {"id": 1},
    {"id": {"id": []}},
    [{"day": 0, "timetable": {"id": 1}}],
    [{"starts": "9", "minutes": "x", "alias": [], "paid": None, "automatic": 7}],
    "2023-09-01",
    "2023-09-01 09:00:00",
    "9999-12-31 23:59:59",
    "0001-01-01",
    "24:00",
    "09:00",
    "٠٩:٠٠",
]
BODIES: dict[str, dict[str, object]] = {
    "/att/api/manuallogs/": {
        "employee": 1,
        "punch_time": "2023-08-01 09:00:00",
        "punch_state": 0,
        "work_code": "",
        "apply_reason": "",
    },
    "/att/api/leaves/": {
        "employee": 1,
        "pay_code": 1,
        "start_time": "2023-08-01",
        "end_time": "2023-08-02",
        "apply_reason": "",
    },
    "/att/api/holidays/": {"alias": "A", "start_date": "2023-08-01", "duration_day": 1, "area": 1, "employee": None},
    "/att/api/paycodes/": {"symbol": "SL", "name": "Sick"},
    "/att/api/timetables/": {
        "alias": "B",
        "check_in": "09:00",
        "check_out": "18:00",
        "in_ahead": 1,
        "in_behind": 1,
        "out_ahead": 1,
        "out_behind": 1,
        "allow_late": 1,
        "allow_early_leave": 1,
        "must_check_in": True,
        "must_check_out": True,
        "work_day": 1,
        "duty_minutes": 60,
        "flexible": False,
        "day_change": "00:00",
        "breaks": [],
    },
    "/att/api/shifts/": {"alias": "B", "cycle_days": 7, "days": [{"day": 0, "timetable": 1}]},
    "/att/api/schedules/": {"employee": 1, "shift": 1, "start_date": "2023-08-01", "end_date": None},
    "/att/api/temporaryschedules/": {"employee": 1, "att_date": "2023-08-01", "timetable": 1},
    "/att/api/manuallogs/1/approve/": {"audit_reason": ""},
    f"{MOBILE}/forgot_password_create_otp/": {
        "search_item": "a",
        "is_cloud": "true",
        "company_name": "b",
        "client": "",
        "language": "",
    },
    f"{MOBILE}/reset_password/": {"email": "a"},
    f"{MOBILE}/create_password/": {
        "email": "a",
        "otp": "1",
        "new_password": "a password",
        "confirm_password": "a password",
        "company_name": "b",
    },
}
LISTS = {
    "/att/api/manuallogs/": (
        "employee",
        "employees",
        "emp_code",
        "audit_status",
        "punch_state",
        "start_time",
        "ordering",
    ),
    "/att/api/leaves/": ("employee", "pay_code", "end_time", "departments"),
    "/att/api/holidays/": ("employee", "area", "alias_icontains"),
    "/att/api/schedules/": ("employee", "shift", "id"),
    "/att/api/totalTimeCardReport/": (
        "start_date",
        "end_date",
        "employees",
        "departments",
        "areas",
        "page",
        "page_size",
    ),
    "/att/api/firstLastReport/": ("start_date", "end_date", "employees", "page"),
    "/att/api/transactionReport/": ("start_date", "end_date", "emp_code"),
    "/att/api/dailyAbsentReport/": ("start_date", "end_date", "page"),
}


@pytest.fixture
async def desk(small_world: World, caplog: pytest.LogCaptureFixture) -> AsyncIterator[Desk]:
    # Slowed down, most of it would be turned away unread.
    settings = replace(SETTINGS, refusal_delay=timedelta(), codes_per_address=Rate(10**6, timedelta(seconds=1)))
    desk = await open_desk(replace(small_world, client=connect(small_world.db, small_world.clock, settings)))
    await desk.post("/att/api/paycodes/", {"symbol": "AL", "name": "Annual"})
    await desk.post("/att/api/timetables/", {"alias": "A", "check_in": "09:00", "check_out": "18:00"})
    await desk.post("/att/api/shifts/", {"alias": "A", "cycle_days": 1, "days": [{"day": 0, "timetable": 1}]})
    with caplog.at_level(logging.ERROR, logger="bot.gateway.rest"):
        yield desk
    await desk.world.client.aclose()
    assert not [record for record in caplog.records if record.name == "bot.gateway.rest.edge"]


@pytest.mark.parametrize("path", BODIES)
async def test_nonsense_in_every_member(desk: Desk, path: str) -> None:
    headers = {**desk.headers, "Content-Type": "application/json"}
    for member in BODIES[path]:
        for value in NONSENSE:
            content = json.dumps({**BODIES[path], member: value})
            answer = await desk.world.client.post(path, content=content, headers=headers)
            assert answer.status_code in (200, 201, 400, 404), (member, value, answer.text)
            await asyncio.sleep(0)  # the mails that were promised have their turn


@pytest.mark.parametrize("path", BODIES)
async def test_bodies_that_are_none(desk: Desk, path: str) -> None:
    headers = {**desk.headers, "Content-Type": "application/json"}
    for content in (b"{", b"[]", b"7", b'{"a": NaN}', b"[" * 60_000, b"\xff", b'"' + b"x" * MAX_BODY + b'"'):
        answer = await desk.world.client.post(path, content=content, headers=headers)
        assert answer.status_code in (400, 413), answer.text


@pytest.mark.parametrize("path", LISTS)
async def test_nonsense_in_every_parameter(desk: Desk, path: str) -> None:
    await desk.post("/att/api/schedules/", {"employee": 1, "shift": 1, "start_date": "2023-08-01"})
    for name in LISTS[path]:
        for value in NONSENSE:
            if isinstance(value, str | int | float) and value != "\ud800":
                answer = await desk.ask("GET", path, **{name: str(value)})
                assert answer.status_code in (200, 400, 404), (name, value, answer.text)


async def test_whatever_was_taken_can_be_reckoned_with(desk: Desk) -> None:
    """The strangest working time that is not refused."""
    strange: list[dict[str, object]] = [
        {"check_in": "00:00", "check_out": "00:00", "in_ahead": 1440, "out_behind": 1440},
        {"flexible": True, "duty_minutes": 1440, "day_change": "23:59:59"},
        {"in_ahead": 0, "in_behind": 0, "out_ahead": 0, "out_behind": 0, "work_day": 0},
        {
            "duty_minutes": 1,
            "breaks": [{"starts": "00:00", "minutes": 1440, "paid": True, "automatic": False}] * 10,
        },
    ]
    for number, changed in enumerate(strange):
        body = {"alias": f"S{number}", "check_in": "09:00", "check_out": "18:00", **changed}
        timetable = await desk.post("/att/api/timetables/", body)
        for day in ("2000-01-01", "2023-08-30", "2099-12-31"):
            temporary = {"employee": 1, "att_date": day, "timetable": timetable["id"]}
            await desk.post("/att/api/temporaryschedules/", temporary)
    await desk.post("/att/api/schedules/", {"employee": 1, "shift": 1, "start_date": "2000-01-01"})
    await desk.post("/att/api/holidays/", {"alias": "A", "start_date": "2099-12-31", "duration_day": 366})
    for first, last in (("2000-01-01", "2000-01-31"), ("2023-08-01", "2023-08-31"), ("2099-12-31", "2099-12-31")):
        cards = await desk.get("/att/api/totalTimeCardReport/", start_date=first, end_date=last, page_size=1000)
        rows = cards["data"]
        assert isinstance(rows, list)
        assert cards["count"] == len(rows)
