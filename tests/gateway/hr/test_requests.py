"""Manual logs and leaves on the HR page: filed for somebody, decided once, seen as what they become."""

import pytest

from bot.gateway.records.leaves import add_pay_code
from tests.gateway.hr.visitor import Visitor
from tests.gateway.world import World

LOGS, LEAVES = "/hr/manual-logs/", "/hr/leaves/"
LOG = {"emp_code": "13", "punch_time": "2023-09-01T09:02", "punch_state": "0", "apply_reason": "forgot <b>it</b>"}
LEAVE = {"emp_code": "13", "pay_code": "1", "start_time": "2023-09-04T00:00", "end_time": "2023-09-06T00:00"}


async def file_log(hr: Visitor, **typed: str) -> None:
    page = await hr.send(f"{LOGS}new/", {**LOG, **typed})
    assert "Added." in page.text


async def test_a_manual_log_that_is_approved_is_a_punch(hr: Visitor) -> None:
    await file_log(hr)
    page = await hr.open(LOGS)
    row = ["Mona (13)", "Pending", "Department", "2023-09-01 09:02", "Check in", "forgot <b>it</b>", ""]
    assert page.table[0] == row
    assert 'aria-label="1 pending"' in page.html
    decided = await hr.send(f"{LOGS}1/", {"verb": "approve", "reason": "seen at the gate"})
    assert "Approved." in decided.text
    assert (decided.table[0][1], decided.table[0][-1]) == ("Approved", "admin@x.example")
    assert "pending" not in decided.html.split("<main")[0]
    punches = await hr.open("/hr/punches/")
    assert [row[:4] for row in punches.table] == [["2023-09-01 09:02:00", "Mona (13)", "Check in", "Manual log"]]
    assert "seen at the gate" in (await hr.open(f"{LOGS}1/")).text


async def test_revoked_it_is_none_any_more(small_hr: Visitor) -> None:
    await file_log(small_hr)
    await small_hr.send(f"{LOGS}1/", {"verb": "approve"})
    await small_hr.send(f"{LOGS}1/", {"verb": "revoke", "reason": "a mistake"})
    assert (await small_hr.open("/hr/punches/")).table == []
    page = await small_hr.open(f"{LOGS}1/")
    assert "a mistake" in page.text
    assert "verb" not in page.html


async def test_it_is_decided_once(small_hr: Visitor) -> None:
    """Two managers with the same page open: the second sees what the first did."""
    await file_log(small_hr)
    stale = (await small_hr.open(f"{LOGS}1/")).fields
    await small_hr.send(f"{LOGS}1/", {"verb": "reject", "reason": "no"})
    page = await small_hr.post(f"{LOGS}1/", {**stale, "verb": "approve"}, 400)
    assert page.wrong == ["Only a manual log that is pending can be approved."]
    assert "Rejected" in page.text
    assert (await small_hr.open("/hr/punches/")).table == []


async def test_what_waits_comes_first_and_can_be_filtered(small_hr: Visitor) -> None:
    for minute in ("01", "02", "03"):
        await file_log(small_hr, punch_time=f"2023-09-01T09:{minute}")
    await small_hr.send(f"{LOGS}3/", {"verb": "approve"})
    times = [row[3][-2:] for row in (await small_hr.open(LOGS)).table]
    assert times == ["02", "01", "03"]
    approved = await small_hr.open(f"{LOGS}?audit_status=2&emp_code=13")
    assert [row[3][-2:] for row in approved.table] == ["03"]
    assert approved.fields["audit_status"] == "2"


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"emp_code": "99"}, 'Invalid pk "?99" - object does not exist.'),
        ({"emp_code": ""}, "This field may not be null."),
        ({"emp_code": "1\0"}, 'Invalid pk "?" - object does not exist.'),
        ({"punch_time": "soon"}, "Datetime has wrong format. Use one of these formats instead: YYYY-MM-DD hh:mm:ss."),
        ({"punch_time": "2023-09-01T20:00"}, "Punch time cannot be in the future."),
        ({"punch_state": "9"}, '"9" is not a valid choice.'),
    ],
)
async def test_what_cannot_be_filed(small_hr: Visitor, typed: dict[str, str], wrong: str) -> None:
    page = await small_hr.send(f"{LOGS}new/", {**LOG, **typed}, 400)
    assert page.wrong[1:] == [wrong]
    assert page.fields["apply_reason"] == "forgot <b>it</b>"


async def test_a_leave(small_hr: Visitor, small_world: World) -> None:
    company = small_world.demo.id
    await small_world.db.write(lambda conn: add_pay_code(conn, company, "AL", "Annual leave"))
    page = await small_hr.send(f"{LEAVES}new/", LEAVE)
    assert page.table[0][3:6] == ["2023-09-04 00:00", "2023-09-06 00:00", "Annual leave"]
    again = await small_hr.send(f"{LEAVES}new/", LEAVE, 400)
    assert again.wrong[-1] == "There is another leave in this time."
    decided = await small_hr.send(f"{LEAVES}1/", {"verb": "approve"})
    assert decided.table[0][1] == "Approved"


async def test_requests_of_another_company_do_not_exist(small_hr: Visitor, small_world: World) -> None:
    body = {"employee": small_world.ids["sara"], "punch_time": "2023-09-01 09:00:00", "punch_state": 0}
    staff = {"company": "Elsewhere", "username": "13", "password": "sara's password"}
    token = (await small_world.client.post("/staff-jwt-api-token-auth/", json=staff)).json()["token"]
    filed = await small_world.client.post("/att/api/manuallogs/", json=body, headers={"Authorization": f"JWT {token}"})
    assert filed.status_code == 201
    await small_hr.open(f"{LOGS}1/", 404)
    csrf = (await small_hr.open(LOGS)).fields["csrf"]
    await small_hr.post(f"{LOGS}1/", {"csrf": csrf, "verb": "approve"}, 404)
    assert (await small_hr.open(LOGS)).table == []


@pytest.mark.parametrize("verb", ["", "delete", "../../employees/1"])
async def test_an_unknown_decision_is_none(small_hr: Visitor, verb: str) -> None:
    await file_log(small_hr)
    assert (await small_hr.send(f"{LOGS}1/", {"verb": verb}, 400)).wrong == ["Choose what to do."]
