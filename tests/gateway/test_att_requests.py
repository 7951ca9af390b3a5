"""Manual logs and leaves of the web API: filed, decided once, withdrawn while pending, unseen by other companies."""

import asyncio
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from bot.gateway.records.leaves import add_pay_code
from bot.gateway.records.tables import manual_logs, transactions
from tests.gateway.desk import Desk, Json, open_desk, open_onprem_desk
from tests.gateway.world import World

LOGS = "/att/api/manuallogs/"
LEAVES = "/att/api/leaves/"
LOG = {"punch_time": "2023-09-01 09:00:00", "punch_state": 0, "work_code": "", "apply_reason": "forgot the card"}
LEAVE = {"start_time": "2023-09-04 00:00:00", "end_time": "2023-09-05 23:59:59", "apply_reason": "wedding"}
VERBS = ("approve", "reject", "revoke")
NOT_FOUND = {"detail": "Not found."}


@pytest.fixture
async def desk(world: World) -> Desk:
    return await open_desk(world)


@pytest.fixture
async def small_desk(small_world: World) -> Desk:
    return await open_desk(small_world)


async def pay_code(world: World, company_id: str, code: str = "AL") -> int:
    return await world.db.write(lambda conn: add_pay_code(conn, company_id, code, "Annual leave"))


async def file_log(desk: Desk, name: str = "mona", **changed: object) -> Json:
    return await desk.post(LOGS, {"employee": desk.world.ids[name], **LOG, **changed})


async def file_leave(desk: Desk, name: str = "mona", **changed: object) -> Json:
    if "pay_code" not in changed:
        codes = await desk.rows("/att/api/paycodes/")
        changed["pay_code"] = codes[0]["id"] if codes else await pay_code(desk.world, desk.company.id)
    return await desk.post(LEAVES, {"employee": desk.world.ids[name], **LEAVE, **changed})


async def test_a_manual_log_as_filed_and_listed(desk: Desk) -> None:
    filed = await file_log(desk)
    assert filed == {
        "id": 1,
        "employee": desk.world.ids["mona"],
        "emp_code": "13",
        "first_name": "Mona",
        "last_name": None,
        "dept_name": "Department",
        "audit_status": 1,
        "apply_reason": "forgot the card",
        "apply_time": "2023-09-01 15:34:13",
        "audit_reason": None,
        "audit_time": None,
        "approver": None,
        "revoke_reason": None,
        "punch_time": "2023-09-01 09:00:00",
        "punch_state": 0,
        "work_code": "",
    }
    assert await desk.rows(LOGS) == [filed]
    assert await desk.rows("/att/api/manualLogs/") == [filed]
    assert await desk.get(f"{LOGS}1/") == filed


async def test_approved_it_is_a_transaction_and_revoked_it_is_none(desk: Desk) -> None:
    await file_log(desk)
    approved = await desk.ask("POST", f"{LOGS}1/approve/", {"audit_reason": "seen him"})
    assert approved.status_code == 200
    body = approved.json()
    assert (body["audit_status"], body["approver"], body["audit_reason"]) == (2, "admin@x.example", "seen him")
    assert body["audit_time"] == "2023-09-01 15:34:13"
    punched = await desk.world.db.read(lambda conn: conn.execute(sa.select(transactions)).one())
    assert punched.punched_at == datetime(2023, 9, 1, 5, tzinfo=UTC)  # 09:00 in Dubai
    revoked = await desk.ask("POST", f"{LOGS}1/revoke/", {"reason": "was wrong"})
    assert (revoked.json()["audit_status"], revoked.json()["revoke_reason"]) == (4, "was wrong")
    assert await desk.world.db.read(lambda conn: conn.execute(sa.select(transactions)).all()) == []


@pytest.mark.parametrize("kind", ["log", "leave"])
@pytest.mark.parametrize(
    ("verbs", "refused"),
    [
        (["approve"], ["approve", "reject"]),
        (["reject"], ["approve", "reject", "revoke"]),
        (["approve", "revoke"], ["approve", "reject", "revoke"]),
        ([], ["revoke"]),
    ],
)
async def test_what_may_follow_what(small_desk: Desk, kind: str, verbs: list[str], refused: list[str]) -> None:
    base, filed = (LOGS, file_log) if kind == "log" else (LEAVES, file_leave)
    await filed(small_desk)
    for verb in verbs:
        assert (await small_desk.ask("POST", f"{base}1/{verb}/")).status_code == 200
    before = await small_desk.get(f"{base}1/")
    for verb in refused:
        errors = await small_desk.refused("POST", f"{base}1/{verb}/")
        assert list(errors) == ["non_field_errors"]
    assert await small_desk.get(f"{base}1/") == before


async def test_two_who_decide_at_once_decide_once(desk: Desk) -> None:
    await file_log(desk)
    answers = await asyncio.gather(
        *(desk.ask("POST", f"{LOGS}1/{verb}/") for verb in ("approve", "reject", "approve", "reject"))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 400, 400, 400]


@pytest.mark.parametrize("kind", ["log", "leave"])
async def test_only_what_is_pending_can_be_deleted(desk: Desk, kind: str) -> None:
    base, filed = (LOGS, file_log) if kind == "log" else (LEAVES, file_leave)
    await filed(desk)
    await filed(desk, "omar")
    await desk.ask("POST", f"{base}1/approve/")
    await desk.refused("DELETE", f"{base}1/")
    assert (await desk.ask("DELETE", f"{base}2/")).status_code == 204
    assert [row["id"] for row in await desk.rows(base)] == [1]
    assert (await desk.ask("DELETE", f"{base}2/")).json() == NOT_FOUND


async def test_filters(small_desk: Desk) -> None:
    desk, ids = small_desk, small_desk.world.ids
    await file_log(desk, "mona", punch_time="2023-08-30 09:00:00")
    await file_log(desk, "omar", punch_time="2023-08-31 18:00:00", punch_state="1")
    await file_log(desk, "mona", punch_time="2023-09-01 09:00:00")
    await desk.ask("POST", f"{LOGS}3/approve/")

    async def found(**asked: str | int) -> list[object]:
        return [row["id"] for row in await desk.rows(LOGS, **asked)]

    assert await found(employee=ids["mona"]) == [1, 3]
    assert await found(employees=f"{ids['mona']},{ids['omar']}") == [1, 2, 3]
    assert await found(employees=-1) == [1, 2, 3]
    assert await found(employee=ids["sara"]) == []
    assert await found(employee="nonsense") == []
    assert await found(emp_code="0123") == [2]
    assert await found(emp_code_icontains="3") == [1, 2, 3]
    assert await found(first_name_icontains="ON") == [1, 3]
    assert await found(departments="1") == [1, 3]
    assert await found(areas="2,3") == [2]
    assert await found(audit_status=2) == [3]
    assert await found(punch_state=1) == [2]
    assert await found(start_time="2023-08-31", end_time="2023-08-31 23:59:59") == [2]
    assert await found(ordering="-punch_time") == [3, 2, 1]
    assert await desk.refused("GET", LOGS, start_time="soon") == {"start_time": ["Enter a valid date/time."]}
    await desk.refused("GET", LOGS, audit_status="9")


async def test_leaves_that_touch_a_time(small_desk: Desk) -> None:
    desk = small_desk
    await file_leave(desk)
    code = await desk.rows("/att/api/paycodes/")
    assert (await desk.rows(LEAVES, pay_code=str(code[0]["id"])))[0]["pay_code_name"] == "Annual leave"
    assert len(await desk.rows(LEAVES, start_time="2023-09-05", end_time="2023-09-30")) == 1
    assert await desk.rows(LEAVES, start_time="2023-09-06", end_time="2023-09-30") == []


async def test_the_same_hours_are_taken_once(desk: Desk) -> None:
    leave = await file_leave(desk)
    errors = await desk.refused(
        "POST", LEAVES, {"employee": desk.world.ids["mona"], **LEAVE, "pay_code": leave["pay_code"]}
    )
    assert errors == {"non_field_errors": ["There is another leave in this time."]}
    await desk.ask("POST", f"{LEAVES}1/reject/")
    await file_leave(desk)


MISSING = object()
PK = 'Invalid pk "{}" - object does not exist.'
BAD_LOGS = [
    ("employee", MISSING, "This field is required."),
    ("employee", None, "This field may not be null."),
    ("employee", "nonsense", PK.format("nonsense")),
    ("employee", 10**30, PK.format(10**30)),
    ("employee", ["1"], PK.format("['1']")),
    ("employee", True, PK.format("True")),
    ("punch_time", MISSING, "This field is required."),
    ("punch_time", "soon", "Datetime has wrong format. Use one of these formats instead: YYYY-MM-DD hh:mm:ss."),
    ("punch_time", "2023-09-01 16:00:00", "Punch time cannot be in the future."),
    ("punch_time", "1999-12-31 09:00:00", "Ensure this value is between 2000-01-01 and 2100-01-01."),
    ("punch_time", "9999-12-31 23:59:59", "Ensure this value is between 2000-01-01 and 2100-01-01."),
    ("punch_time", {}, "Not a valid string."),
    ("punch_state", 6, '"6" is not a valid choice.'),
    ("punch_state", None, "This field may not be null."),
    ("apply_reason", "x" * 1001, "Ensure this field has no more than 1000 characters."),
    ("apply_reason", "a\0b", "Null characters are not allowed."),
    ("work_code", [], "Not a valid string."),
]


@pytest.mark.parametrize(("name", "value", "reason"), BAD_LOGS)
async def test_bad_manual_log(small_desk: Desk, name: str, value: object, reason: str) -> None:
    body = {"employee": small_desk.world.ids["mona"], **LOG, name: value}
    body = {member: kept for member, kept in body.items() if kept is not MISSING}
    assert await small_desk.refused("POST", LOGS, body) == {name: [reason]}
    assert await small_desk.world.db.read(lambda conn: conn.execute(sa.select(manual_logs)).all()) == []


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("pay_code", MISSING, "This field is required."),
        ("pay_code", 99, PK.format(99)),
        ("pay_code", "AL", "Incorrect type. Expected pk value, received str."),
        ("end_time", "2023-09-04 00:00:00", "A leave ends after it starts, and lasts 366 days at most."),
        ("end_time", "2024-09-05 00:00:01", "A leave ends after it starts, and lasts 366 days at most."),
        ("start_time", "", "This field may not be blank."),
    ],
)
async def test_bad_leave(small_desk: Desk, name: str, value: object, reason: str) -> None:
    code = await pay_code(small_desk.world, small_desk.company.id)
    body = {"employee": small_desk.world.ids["mona"], "pay_code": code, **LEAVE, name: value}
    body = {member: kept for member, kept in body.items() if kept is not MISSING}
    errors = await small_desk.refused("POST", LEAVES, body)
    assert errors[name] == [reason]


async def test_another_companys_do_not_exist(desk: Desk) -> None:
    other = await open_desk(desk.world, desk.world.elsewhere)
    await file_log(desk)
    await file_leave(desk)
    for base in (LOGS, LEAVES):
        assert await other.rows(base) == []
        for method, path in (
            ("GET", ""),
            ("DELETE", ""),
            ("POST", "approve/"),
            ("POST", "reject/"),
            ("POST", "revoke/"),
        ):
            answer = await other.ask(method, f"{base}1/{path}")
            assert (answer.status_code, answer.json()) == (404, NOT_FOUND)
    mona = desk.world.ids["mona"]
    assert await other.refused("POST", LOGS, {"employee": mona, **LOG}) == {"employee": [PK.format(mona)]}
    theirs = (await desk.rows("/att/api/paycodes/"))[0]["id"]
    body = {"employee": desk.world.ids["sara"], "pay_code": theirs, **LEAVE}
    assert await other.refused("POST", LEAVES, body) == {"pay_code": [PK.format(theirs)]}


@pytest.mark.parametrize("identifier", ["0", "-1", "x", "9" * 30, "1.0", "99999999999"])
async def test_no_such_id(small_desk: Desk, identifier: str) -> None:
    for path in (f"{LOGS}{identifier}/", f"{LEAVES}{identifier}/", f"{LOGS}{identifier}/approve/"):
        answer = await small_desk.ask("POST" if path.endswith("approve/") else "GET", path)
        assert (answer.status_code, answer.json()) == (404, NOT_FOUND)


async def test_an_employee_is_not_the_office(small_world: World) -> None:
    for name in ("mona", "huda"):  # by mobile token, even the administrator
        headers = await small_world.headers(name)
        for path in (LOGS, LEAVES):
            answer = await small_world.client.get(path, headers=headers)
            assert answer.status_code == 403


async def test_on_prem_clients_see_and_send_integers(small_world: World) -> None:
    desk = await open_onprem_desk(small_world)
    filed = await desk.post(LOGS, {"employee": 1, **LOG})
    assert (filed["employee"], filed["emp_code"]) == (1, "13")
    assert [row["id"] for row in await desk.rows(LOGS, employee=1)] == [1]


async def test_what_the_office_decides_the_employee_sees(desk: Desk) -> None:
    await file_log(desk)
    await desk.ask("POST", f"{LOGS}1/reject/", {"audit_reason": "you were not here"})
    rows = (await desk.world.get("mona", "/manual_logs/")).json()["results"]
    assert (rows[0]["audit_status"], rows[0]["audit_reason"]) == (3, "you were not here")
