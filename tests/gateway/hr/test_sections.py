"""Structure and working time on the HR page: added, changed, deleted, and not deleted where something hangs on it."""

from dataclasses import dataclass

import pytest

from tests.gateway.hr.visitor import Visitor
from tests.gateway.world import PASSWORDS

OFFICE = {"alias": "Office", "check_in": "09:00", "check_out": "18:00"}


@dataclass(frozen=True)
class Case:
    """`typed` adds one, `shown` is how it is listed; `changed` changes it, into `then`."""

    key: str
    typed: dict[str, str]
    shown: list[str]
    changed: dict[str, str]
    then: list[str]
    named: str = ""


CASES = (
    Case(
        "departments",
        {"dept_code": "50", "dept_name": "فريق"},
        ["50", "فريق", ""],
        {"parent_dept": "1"},
        ["Department"],
    ),
    Case("areas", {"area_code": "50", "area_name": "Yard"}, ["50", "Yard", ""], {"area_name": "Gate"}, ["Gate"]),
    Case("positions", {"position_code": "5", "position_name": "Clerk"}, ["5", "Clerk"], {"position_code": "6"}, ["6"]),
    Case(
        "timetables",
        {**OFFICE, "allow_late": "10"},
        ["Office", "09:00", "18:00", "10 min", "", "1"],
        {"work_day": "0.5", "flexible": "on", "duty_minutes": "240"},
        ["yes", "0.5"],
    ),
    Case("pay-codes", {"symbol": "AL", "name": "Annual leave"}, ["AL", "Annual leave"], {"name": "Leave"}, ["Leave"]),
    Case(
        "holidays",
        {"alias": "Eid", "start_date": "2023-09-10", "duration_day": "3"},
        ["Eid", "2023-09-10", "3", "Everybody"],
        {"area": "1", "duration_day": "4"},
        ["4", "Dubai Office"],
    ),
    Case(
        "holidays",
        {"alias": "Hers", "start_date": "2023-09-10", "emp_code": "13"},
        ["Hers", "2023-09-10", "1", "Mona (13)"],
        {"emp_code": ""},
        ["Everybody"],
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.key} {case.shown[0]}")
async def test_added_changed_and_deleted(hr: Visitor, case: Case) -> None:
    home = f"/hr/{case.key}/"
    before = (await hr.open(home)).table
    added = await hr.send(f"{home}new/", case.typed)
    assert (added.path, "Added." in added.text) == (home, True)
    (row,) = [row for row in added.table if row not in before]
    assert row[: len(case.shown)] == case.shown
    one = home + max((link.removeprefix(home) for link in added.links if link.startswith(home)), key=_number)
    form = (await hr.open(one)).fields
    assert {name: form[name] for name in case.typed} == case.typed
    changed = await hr.send(one, case.changed)
    assert "Saved." in changed.text
    (row,) = [row for row in changed.table if row not in before]
    assert set(case.then) <= set(row)
    deleted = await hr.send(f"{one}delete/")
    assert ("Deleted." in deleted.text, deleted.table) == (True, before)
    await hr.open(one, 404)


def _number(called: str) -> int:
    return int(called.strip("/")) if called.strip("/").isdecimal() else 0


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/hr/departments/1/delete/", "This department cannot be deleted, it still has 1 employee."),
        ("/hr/areas/1/delete/", "This area cannot be deleted, it still has 1 employee."),
        ("/hr/positions/1/delete/", "This position cannot be deleted, it still has 1 employee."),
    ],
)
async def test_what_is_used_is_not_deleted_and_says_why(small_hr: Visitor, path: str, why: str) -> None:
    assert (await small_hr.send(path, status=400)).wrong == [why]


async def test_a_week_with_a_break_from_timetable_to_time_card(hr: Visitor) -> None:
    """What an office sets up once: a timetable, a shift of it, who has it; then the card says it."""
    breaks = {"break-0-alias": "Lunch", "break-0-starts": "13:00", "break-0-minutes": "60"}
    asked = await hr.send("/hr/timetables/new/", {**OFFICE, **breaks, "again": "yes"})
    assert "break-1-starts" in asked.fields
    assert asked.fields["break-0-alias"] == "Lunch"
    assert (await hr.open("/hr/timetables/")).table == [], "asking for another break saves nothing"
    await hr.send("/hr/timetables/new/", {**OFFICE, **breaks})
    kept = (await hr.open("/hr/timetables/1/")).fields
    assert (kept["break-0-starts"], kept["break-0-minutes"], kept["break-0-automatic"]) == ("13:00", "60", "on")
    week = {f"day-{day}-0": "1" for day in range(5)}
    await hr.send("/hr/shifts/new/", {"alias": "Week", **week})
    form = (await hr.open("/hr/shifts/1/")).fields
    assert [form[f"day-{day}-0"] for day in range(7)] == ["1"] * 5 + ["", ""]
    await hr.send("/hr/schedules/new/?emp_code=13", {"shift": "1", "start_date": "2023-08-28"})
    await hr.send("/hr/temporary-schedules/new/", {"emp_code": "13", "att_date": "2023-08-30", "timetable": ""})
    cards = await hr.open("/hr/time-cards/?month=2023-08&emp_code=13")
    days = {row[0]: row[1] for row in cards.table}
    assert days["Mon 2023-08-28"] == "Office"
    assert days["Wed 2023-08-30"] == "", "a day off in between"
    refused = await hr.send("/hr/timetables/1/delete/", status=400)
    assert refused.wrong == ["This timetable is in use and cannot be deleted."]
    assert (await hr.send("/hr/shifts/1/delete/", status=400)).wrong == ["This shift is in use and cannot be deleted."]


async def test_another_length_of_the_cycle_shows_its_days(small_hr: Visitor) -> None:
    page = await small_hr.send("/hr/shifts/new/", {"alias": "Four", "cycle_days": "4", "again": "yes"})
    assert "Day 4" in page.text
    assert "Monday" not in page.text
    long = await small_hr.send("/hr/shifts/new/", {"alias": "Long", "cycle_days": "60", "again": "yes"})
    assert "day-0-0" not in long.fields


@pytest.mark.parametrize(
    ("path", "typed", "wrong"),
    [
        ("departments", {"dept_code": "13", "dept_name": "Twice"}, "department with this dept_code already exists."),
        ("departments", {"dept_code": "", "dept_name": "x"}, "This field may not be blank."),
        (
            "timetables",
            {**OFFICE, "check_in": "25:00"},
            "Time has wrong format. Use one of these formats instead: hh:mm[:ss].",
        ),
        ("timetables", {**OFFICE, "flexible": "on"}, "Flexible hours need so many minutes of duty."),
        (
            "timetables",
            {**OFFICE, "break-0-starts": "13:00", "break-0-minutes": "x"},
            "No. 1: minutes: A valid integer is required.",
        ),
        (
            "schedules",
            {"emp_code": "13", "shift": "9", "start_date": "2023-09-01"},
            'Invalid pk "9" - object does not exist.',
        ),
        (
            "holidays",
            {"alias": "Eid", "start_date": "1066-10-14"},
            "Ensure this value is between 2000-01-01 and 2099-12-31.",
        ),
        (
            "holidays",
            {"alias": "E", "start_date": "2023-09-01", "area": "1", "emp_code": "13"},
            "A holiday is an area's or an employee's, not both.",
        ),
    ],
)
async def test_what_is_wrong_stands_beside_its_field(
    small_hr: Visitor, path: str, typed: dict[str, str], wrong: str
) -> None:
    page = await small_hr.send(f"/hr/{path}/new/", typed, 400)
    assert page.wrong[1:] == [wrong]
    assert (await small_hr.open(f"/hr/{path}/")).text.count("Eid") == 0


THEIRS = (
    ("timetables", {**OFFICE, "alias": "Their hours"}),
    ("shifts", {"alias": "Their week", "day-0-0": "1"}),
    ("pay-codes", {"symbol": "X", "name": "Their code"}),
    ("holidays", {"alias": "Their day", "start_date": "2023-09-10"}),
    ("schedules", {"emp_code": "13", "shift": "1", "start_date": "2023-09-01"}),
    ("temporary-schedules", {"emp_code": "13", "att_date": "2023-09-01", "timetable": "1"}),
    ("departments", {"dept_code": "50", "dept_name": "Their department"}),
    ("areas", {"area_code": "50", "area_name": "Their area"}),
    ("positions", {"position_code": "50", "position_name": "Their position"}),
)
NAMING_THEIRS = (
    ("people", {"emp_code": "90", "department": "5", "position": "5", "area-5": "on"}),
    ("departments", {"dept_code": "90", "dept_name": "Below", "parent_dept": "5"}),
    ("schedules", {"emp_code": "13", "shift": "1", "start_date": "2023-09-01"}),
    ("temporary-schedules", {"emp_code": "13", "att_date": "2023-09-01", "timetable": "1"}),
    ("leaves", {"emp_code": "13", "pay_code": "1", "start_time": "2023-09-01T00:00", "end_time": "2023-09-02T00:00"}),
    ("holidays", {"alias": "x", "start_date": "2023-09-01", "area": "5"}),
)


PLACES = ("departments", "areas", "positions")
"""Each has four that the world is made with."""


@pytest.fixture
async def beside_others(stranger: Visitor) -> Visitor:
    """At Demo Trading, while Elsewhere has one of everything."""
    await stranger.send("/hr/login/", {"company": "Elsewhere", "username": "13", "password": PASSWORDS["sara"]})
    for path, typed in THEIRS:
        await stranger.send(f"/hr/{path}/new/", typed)
    await stranger.log_in()
    return stranger


async def test_records_of_another_company_do_not_exist(beside_others: Visitor) -> None:
    csrf = (await beside_others.open("/hr/people/")).fields["csrf"]
    for key, typed in THEIRS:
        one = f"/hr/{key}/{5 if key in PLACES else 1}/"
        for path in (one, f"{one}delete/"):
            await beside_others.open(path, 404)
            await beside_others.post(path, {"csrf": csrf, **typed}, 404)
        assert "Their" not in (await beside_others.open(f"/hr/{key}/")).html


async def test_records_of_another_company_are_not_offered_and_not_taken(beside_others: Visitor) -> None:
    for key, typed in NAMING_THEIRS:
        path = f"/hr/{key}/new/"
        assert "Their" not in (await beside_others.open(path)).html
        page = await beside_others.send(path, typed, 400)
        assert any("object does not exist" in reason for reason in page.wrong), (path, page.wrong)
    week = await beside_others.send("/hr/shifts/new/", {"alias": "Mine", "day-0-0": "1"}, 400)
    assert "Their" not in week.html
