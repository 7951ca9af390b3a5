"""What is only looked at, and the rules by which it is reckoned: punches, time cards, attendance rules."""

from datetime import timedelta

import pytest

from bot.attendance.schedule import Rules
from bot.gateway.records.attendance_rules import find_rules
from bot.gateway.records.working_hours import load_working_hours
from tests.gateway.hr.visitor import Visitor
from tests.gateway.world import PUNCH, World

RULES = "/hr/rules/"


async def test_a_punch_with_what_proves_it(hr: Visitor, world: World) -> None:
    await world.punch("mona", **PUNCH)
    page = await hr.open("/hr/punches/")
    ((when, who, what, source, terminal, area, evidence, received),) = page.table
    assert (when, who, what, source) == ("2023-09-01 15:34:13", "Mona (13)", "Check in", "App")
    assert (terminal, area, received) == ("App", "", "2023-09-01 15:34:13")
    assert evidence == f"{PUNCH['gps_location']} 25.09164, 55.15869"
    assert not [link for link in page.links if link.startswith("/hr/punches/") and link != "/hr/punches/"]


async def test_a_manual_log_among_them_leads_to_who_approved_it(small_hr: Visitor) -> None:
    log = {"emp_code": "13", "punch_time": "2023-09-01T09:02", "punch_state": "0", "apply_reason": "no phone"}
    await small_hr.send("/hr/manual-logs/new/", log)
    await small_hr.send("/hr/manual-logs/1/", {"verb": "approve"})
    page = await small_hr.open("/hr/punches/")
    assert page.table[0][6] == "Manual log 1 approved by admin@x.example: no phone"
    assert "/hr/manual-logs/1/" in page.links


async def test_punches_of_some_days_and_one_person(small_hr: Visitor, small_world: World) -> None:
    await small_world.punch("mona")
    small_world.clock.pass_(timedelta(days=1))
    for name in ("mona", "omar", "sara"):
        await small_world.punch(name)
    await small_hr.log_in()
    for query, count in (
        ("", 3),
        ("emp_code=13", 2),
        ("first=2023-09-02&last=2023-09-02", 2),
        ("last=2023-09-01", 1),
        ("emp_code=13&first=2023-09-02", 1),
        ("last=2023-08-31", 0),
        ("first=2023-09-05&last=2023-09-01", 0),
    ):
        assert len((await small_hr.open(f"/hr/punches/?{query}")).table) == count, query


async def test_pages_of_fifty(small_hr: Visitor, small_world: World) -> None:
    for _ in range(51):
        await small_world.punch("mona")
        small_world.clock.pass_(timedelta(seconds=1))
    page = await small_hr.open("/hr/punches/?emp_code=13")
    assert (len(page.table), "Page 1 of 2" in page.text, "51 in all" in page.text) == (50, True, True)
    following = [link for link in page.links if "page=2" in link]
    assert following[0].startswith("?emp_code=13&")
    assert len((await small_hr.open(f"/hr/punches/{following[0]}")).table) == 1


@pytest.fixture
async def scheduled(small_hr: Visitor) -> Visitor:
    """Mona from nine to six on Fridays and Saturdays; ten minutes are free."""
    await small_hr.send(
        "/hr/timetables/new/", {"alias": "Office", "check_in": "09:00", "check_out": "18:00", "allow_late": "10"}
    )
    await small_hr.send("/hr/shifts/new/", {"alias": "Two days", "day-4-0": "1", "day-5-0": "1"})
    await small_hr.send("/hr/schedules/new/", {"emp_code": "13", "shift": "1", "start_date": "2023-08-01"})
    return small_hr


async def card_of(hr: Visitor, day: str, query: str = "") -> dict[str, str]:
    page = await hr.open(f"/hr/time-cards/?month={day[:7]}&emp_code=13{query}")
    heads = page.html.split("<thead>")[1].split("</thead>")[0].split("<th ")[1:]
    names = [head.split(">")[1].split("<")[0] for head in heads]
    row = next(row for row in page.table if day in row[0])
    return dict(zip(names, row, strict=True))


async def test_a_card_says_what_and_why(scheduled: Visitor, small_world: World) -> None:
    await small_world.punch("mona")  # 15:34, much too late
    small_world.clock.pass_(timedelta(hours=4))
    card = await card_of(scheduled, "2023-09-01")
    assert (card["Timetable"], card["Check in"], card["Late"]) == ("Office", "09:00", "6:34")
    assert "Late: 6:34, at 15:34, due 09:00, 0:10 free" in card["Why"]
    absent = await card_of(scheduled, "2023-08-25")
    assert (absent["Absent"], absent["Why"]) == ("9:00", "No punch: due 09:00")
    every = await card_of(scheduled, "2023-09-01", "&all=on")
    assert len(every) > len(card)


async def test_cards_by_department_and_of_the_company_alone(scheduled: Visitor) -> None:
    everybody = (await scheduled.open("/hr/time-cards/?month=2023-08")).table
    assert {row[0] for row in everybody} == {"Mona (13)", "Omar (0123)", "Huda (1)"}
    omar = await scheduled.open("/hr/time-cards/?month=2023-08&department=2")
    assert "Omar (0123)" in omar.text
    assert "Mona" not in omar.text
    assert (await scheduled.open("/hr/time-cards/?month=2023-08&department=4")).table == [], "another company's"


async def test_the_rules_start_as_they_hold(small_hr: Visitor, small_world: World) -> None:
    """Saving the form as it comes changes nothing."""
    assert "Saved." in (await small_hr.send(RULES)).text
    demo = small_world.demo
    assert await small_world.db.read(lambda conn: find_rules(conn, demo.id)) is not None
    hours = await small_world.db.read(lambda conn: load_working_hours(conn, demo.id, demo.zone))
    assert hours.rules == Rules()


async def test_the_rules_change_the_cards(scheduled: Visitor) -> None:
    for number, (at, state) in enumerate((("10:00", "0"), ("18:00", "1")), 1):
        log = {"emp_code": "13", "punch_time": f"2023-08-25T{at}", "punch_state": state}
        await scheduled.send("/hr/manual-logs/new/", log)
        await scheduled.send(f"/hr/manual-logs/{number}/", {"verb": "approve"})
    assert (await card_of(scheduled, "2023-08-25"))["Late"] == "1:00"
    saved = await scheduled.send(RULES, {"late_is_absent": "30"})
    assert ("Saved." in saved.text, saved.fields["late_is_absent"]) == (True, "30")
    assert "So late that it is an absence" in (await card_of(scheduled, "2023-08-25"))["Why"]
    await scheduled.send(RULES, {"late_is_absent": "", "rounding": "15"})
    form = (await scheduled.open(RULES)).fields
    assert (form["late_is_absent"], form["rounding"]) == ("", "15")


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"rounding": "0"}, "Ensure this value is greater than or equal to 1."),
        ({"rounding": "NaN"}, "A valid integer is required."),
        ({"duplicate_seconds": "3601"}, "Ensure this value is less than or equal to 3600."),
        ({"missing_in": "maybe"}, '"maybe" is not a valid choice.'),
        ({"overtime_1": "60", "overtime_2": "60", "overtime_3": "90"}, "A level begins later than the one before."),
        ({"missing_minutes": ""}, "A valid integer is required."),
    ],
)
async def test_rules_that_cannot_be(small_hr: Visitor, typed: dict[str, str], wrong: str) -> None:
    page = await small_hr.send(RULES, typed, 400)
    assert page.wrong[1:] == [wrong]
    assert (await small_hr.open(RULES)).fields["rounding"] == "1"


async def test_the_rules_are_the_companys_own(small_hr: Visitor) -> None:
    await small_hr.send(RULES, {"rounding": "15"})
    await small_hr.send("/hr/login/", {"company": "Elsewhere", "username": "13", "password": "sara's password"})
    assert (await small_hr.open(RULES)).fields["rounding"] == "1"
