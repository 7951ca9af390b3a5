"""Manual chapter 9 beside its example, what can be asked of transactions, and the taking of a terminal's punches."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from bot.gateway.records.people import NewEmployee, add_employee
from bot.gateway.records.tables import companies, terminals, transactions
from bot.gateway.rest.bodies import MAX_BODY
from tests.gateway.desk import Desk, Json, open_desk, open_onprem_desk
from tests.gateway.test_golden import shape
from tests.gateway.world import MOMENT, PASSWORDS, World
from tests.golden import golden_text

TRANSACTIONS = "/iclock/api/transactions/"
TERMINALS = "/iclock/api/terminals/"
PUNCH: Json = {"emp_code": "13", "punch_time": "2023-09-01 08:59:58", "punch_state": "255", "terminal_sn": "T1"}
FUTURE = "Punch time cannot be in the future."
WRONG_TIME = "Datetime has wrong format. Use one of these formats instead: YYYY-MM-DD HH:MM:SS."


def golden(name: str) -> Any:
    return json.loads(golden_text(name))


@pytest.fixture
async def desk(world: World) -> Desk:
    desk = await open_desk(world)
    await desk.post(TERMINALS, {"sn": "T1", "alias": "Front Gate", "area": 1})
    return desk


@pytest.fixture
async def small_desk(small_world: World) -> Desk:
    desk = await open_desk(small_world)
    await desk.post(TERMINALS, {"sn": "T1", "alias": "Front Gate", "area": 1})
    return desk


async def keep(desk: Desk, **columns: object) -> None:
    """A row as if it had come long ago."""
    row = {"company_id": desk.company.id, "emp_code": "13", "punch_state": 255, "source": 1, "uploaded_at": MOMENT}
    await desk.world.db.write(lambda conn: conn.execute(transactions.insert().values({**row, **columns})))


async def times(desk: Desk, **params: str | int) -> list[object]:
    return [row["punch_time"] for row in await desk.rows(TRANSACTIONS, **params)]


async def count(world: World) -> int:
    return await world.db.read(lambda conn: conn.scalar(sa.select(sa.func.count()).select_from(transactions)) or 0)


# --- the list


async def test_list_is_the_manuals_to_the_letter(desk: Desk) -> None:
    example = golden("9.1-transactions")
    employee, dubai = desk.world.ids["omar"], ZoneInfo("Asia/Dubai")
    for expected in example["data"]:
        if expected["terminal"]:
            row = {"id": expected["terminal"], "company_id": desk.company.id, "sn": expected["terminal_sn"]}
            row |= {"alias": "Auto add", "terminal_name": ""}
            await desk.world.db.write(lambda conn, row=row: conn.execute(terminals.insert().values(row)))  # type: ignore[misc]
        same = ("id", "emp_code", "verify_type", "work_code", "terminal_sn", "terminal_alias", "area_alias", "source")
        await keep(
            desk,
            **{name: expected[name] for name in same},
            terminal_id=expected["terminal"],
            employee_id=employee,
            punched_at=datetime.fromisoformat(expected["punch_time"]).replace(tzinfo=dubai),
            uploaded_at=datetime.fromisoformat(expected["upload_time"]).replace(tzinfo=UTC),
        )
    asked = {"emp_code": "2", "start time": "2022-01-01 00:00:00", "end_time": "2023-09-1 00:00:00"}
    answer = await desk.ask("GET", TRANSACTIONS, **asked)
    text = golden_text("9.1-transactions").replace("9bdab3dc-3b41-11ee-97de-0a58a9feac02", employee)
    assert answer.text == text.replace("30489a74-d509-11ed-b426-0a58a9feac02", desk.company.id)


async def test_one_transaction_is_the_lists_row(small_desk: Desk) -> None:
    created = await small_desk.post(TRANSACTIONS, PUNCH)
    [row] = await small_desk.rows(TRANSACTIONS)
    assert row == created == await small_desk.get(f"{TRANSACTIONS}{created['id']}/")
    assert shape(row) == shape(golden("9.1-transactions")["data"][2])


async def test_a_punch_from_the_app_is_listed(small_desk: Desk) -> None:
    await small_desk.world.punch("mona")
    [row] = await small_desk.rows(TRANSACTIONS)
    assert {name: row[name] for name in ("emp", "source", "terminal_sn", "terminal", "latitude", "punch_time")} == {
        "emp": small_desk.world.ids["mona"],
        "source": 3,
        "terminal_sn": "App",
        "terminal": None,
        "latitude": 25.0916434,
        "punch_time": "2023-09-01 15:34:13",
    }
    assert row["upload_time"] == "2023-09-01 11:34:13"
    assert list(row) == list(golden("9.1-transactions")["data"][0])


async def test_onprem_rows_say_who_it_was(small_world: World) -> None:
    desk = await open_onprem_desk(small_world)
    await desk.post(TERMINALS, {"sn": "T1"})
    created = await desk.post(TRANSACTIONS, PUNCH | {"punch_state": "0", "verify_type": 15, "emp_code": "0123"})
    unknown = await desk.post(TRANSACTIONS, PUNCH | {"emp_code": "77", "verify_type": 99})
    assert await desk.rows(TRANSACTIONS) == [created, unknown]
    assert await desk.get(f"{TRANSACTIONS}{created['id']}/") == created
    assert {"company"} == set(golden("9.1-transactions")["data"][0]) - set(created)
    more = ("emp", "first_name", "last_name", "department", "position", "punch_state_display", "verify_type_display")
    assert [created[name] for name in more] == [2, "Omar", None, "Department", "Position", "Check In", "Face"]
    assert [unknown[name] for name in more] == [None, None, None, None, None, "Unknown", "Unknown"]
    assert (created["is_mask"], unknown["terminal"]) == ("-", 3)


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({}, "1234"),
        ({"emp_code": "13"}, "124"),
        ({"emp_code": "013"}, "3"),
        ({"emp_code_icontains": "13"}, "1234"),
        ({"terminal_sn": "T1"}, "12"),
        ({"terminal_sn_icontains": "t"}, "123"),
        ({"terminal_alias": "Front Gate"}, "12"),
        ({"terminal_alias_icontains": "GATE"}, "123"),
        ({"start_time": "2023-07-26 11:18:50"}, "1234"),
        ({"start_time": "2023-07-26 11:18:51"}, "234"),
        ({"end_time": "2023-07-27 00:00:00"}, "12"),
        ({"end_time": "2023-07-26 23:59:59"}, "1"),
        ({"start_time": "2023-07-27", "end_time": "2023-07-28"}, "23"),
        ({"start_time": "2023-7-27 0:0"}, "234"),
        ({"end_time": "2023-07-28 00:00:00/"}, "123"),
        ({"start_time": "2023-07-29", "end_time": "2023-07-28"}, ""),
        ({"start_time": ""}, "1234"),
        ({"emp_code": "13", "start_time": "2023-07-27", "end_time": "2023-07-28"}, "2"),
        # Each was handed in an hour after it, the third a month after it: windows of UTC.
        ({"upload_time__gte": "2023-07-27 21:00:00"}, "34"),
        ({"upload_time__lte": "2023-07-26 08:18:50"}, "1"),
        ({"upload_time__lte": "2023-07-26 08:18:49"}, ""),
        ({"upload_time__gte": "2023-08-26", "upload_time__lte": "2023-08-27"}, "3"),
        ({"ordering": "-id"}, "4321"),
        ({"ordering": "-punch_time"}, "4321"),
        ({"ordering": "-upload_time"}, "3421"),
        ({"ordering": "emp_code"}, "3124"),
        ({"ordering": "nonsense,-id"}, "4321"),
        ({"page_size": 3, "page": 2}, "4"),
        ({"page_size": 3, "page": "last"}, "4"),
        ({"page_size": 3, "page": 2, "ordering": "-id"}, "1"),
    ],
)
async def test_filters_and_orders(desk: Desk, params: dict[str, str | int], expected: str) -> None:
    hour = timedelta(hours=1)
    for number, (wall, code, sn, late) in enumerate(
        (
            (datetime(2023, 7, 26, 11, 18, 50), "13", "T1", hour),
            (datetime(2023, 7, 27), "13", "T1", hour),
            (datetime(2023, 7, 28), "013", "T2", timedelta(days=30)),
            (datetime(2023, 7, 29), "13", None, hour),
        )
    ):
        at = wall.replace(tzinfo=ZoneInfo("Asia/Dubai"))
        alias = {"T1": "Front Gate", "T2": "Back gate", None: None}[sn]
        # Kept to the microsecond, shown to the second.
        columns = {"uploaded_at": at + late + timedelta(microseconds=347559), "work_code": str(number + 1)}
        await keep(desk, emp_code=code, punched_at=at, terminal_sn=sn, terminal_alias=alias, **columns)
    rows = await desk.rows(TRANSACTIONS, **params)
    assert "".join(str(row["work_code"]) for row in rows) == expected


@pytest.mark.parametrize("name", ["start_time", "end_time", "upload_time__gte", "upload_time__lte"])
@pytest.mark.parametrize("value", ["yesterday", "2023-13-01", "2023-09-01 25:00:00", "٢٠٢٣-٠٩-٠١", "1" * 30])
async def test_no_such_time(small_desk: Desk, name: str, value: str) -> None:
    assert await small_desk.refused("GET", TRANSACTIONS, **{name: value}) == {name: ["Enter a valid date/time."]}


@pytest.mark.parametrize(
    "value", ["0001-01-01", "9999-12-31 23:59:59", "9999-12-31T23:59:59-14:00", "0001-01-01T00+14"]
)
@pytest.mark.parametrize("name", ["start_time", "end_time", "upload_time__gte", "upload_time__lte"])
async def test_the_ends_of_time_are_no_fault_of_ours(desk: Desk, name: str, value: str) -> None:
    assert (await desk.ask("GET", TRANSACTIONS, **{name: value})).status_code in (200, 400)


async def test_what_one_company_has_another_does_not_see(desk: Desk) -> None:
    created = await desk.post(TRANSACTIONS, PUNCH)
    other = await open_desk(desk.world, desk.world.elsewhere)
    assert await other.rows(TRANSACTIONS) == []
    assert (await other.ask("GET", f"{TRANSACTIONS}{created['id']}/")).status_code == 404
    # Nor does it hand in anything for the other's terminal.
    reason = {"terminal_sn": ["Object with sn=T1 does not exist."]}
    assert await other.refused("POST", TRANSACTIONS, PUNCH) == reason


# --- taking punches


async def test_a_punch_is_taken_for_the_employee_at_the_terminal(desk: Desk) -> None:
    created = await desk.post(TRANSACTIONS, PUNCH | {"verify_type": 1, "temperature": 36.6, "mask_flag": 1})
    assert {**created, "id": 0} == {
        **golden("9.1-transactions")["data"][0],
        "id": 0,
        "emp_code": "13",
        "punch_time": "2023-09-01 08:59:58",
        "verify_type": 1,
        "terminal_sn": "T1",
        "terminal_alias": "Front Gate",
        "area_alias": "Dubai Office",
        "upload_time": "2023-09-01 11:34:13",
        "temperature": 36.6,
        "mask_flag": 1,
        "company": desk.company.id,
        "emp": desk.world.ids["mona"],
        "terminal": 3,
    }
    at = await desk.world.db.read(lambda conn: conn.scalar(sa.select(transactions.c.punched_at)))
    assert at == datetime(2023, 9, 1, 4, 59, 58, tzinfo=UTC)


async def test_the_terminal_was_heard_of_and_counts(desk: Desk) -> None:
    [before] = await desk.rows(TERMINALS)
    assert (before["state"], before["last_activity"], before["transaction_count"]) == (3, None, 0)
    await desk.post(TRANSACTIONS, [PUNCH, PUNCH | {"punch_state": "1"}])
    desk.world.clock.pass_(timedelta(minutes=1))
    await desk.post(TRANSACTIONS, PUNCH)
    [after] = await desk.rows(TERMINALS)
    # Twice the same is not counted, but it was heard of again.
    assert (after["state"], after["last_activity"], after["transaction_count"]) == (1, "2023-09-01 15:35:13", 2)


async def test_the_same_punch_again_is_the_first_row_again(desk: Desk) -> None:
    first = await desk.post(TRANSACTIONS, PUNCH)
    desk.world.clock.pass_(timedelta(days=6))
    assert await desk.post(TRANSACTIONS, PUNCH | {"verify_type": 4, "punch_time": "2023-9-1 8:59:58.7"}) == first
    for other in ({"punch_state": "0"}, {"emp_code": "0123"}, {"punch_time": "2023-09-01 08:59:59"}):
        assert (await desk.post(TRANSACTIONS, PUNCH | other))["id"] != first["id"]
    await desk.post(TERMINALS, {"sn": "T2"})
    assert (await desk.post(TRANSACTIONS, PUNCH | {"terminal_sn": "T2"}))["id"] != first["id"]
    assert await count(desk.world) == 5


async def test_a_terminal_that_came_back_does_not_double_its_punches(small_desk: Desk) -> None:
    first = await small_desk.post(TRANSACTIONS, PUNCH)
    assert (await small_desk.ask("DELETE", f"{TERMINALS}{first['terminal']}/")).status_code == 204
    assert await small_desk.get(f"{TRANSACTIONS}{first['id']}/") == {**first, "terminal": None}
    await small_desk.post(TERMINALS, {"sn": "T1"})
    assert (await small_desk.post(TRANSACTIONS, PUNCH))["id"] == first["id"]


async def test_a_punch_of_the_app_is_no_twin(small_desk: Desk) -> None:
    await small_desk.world.punch("mona")
    await small_desk.post(TRANSACTIONS, PUNCH | {"punch_time": "2023-09-01 15:34:13", "punch_state": "0"})
    assert await count(small_desk.world) == 2


async def test_a_list_is_answered_in_its_order_with_twins_within_it(desk: Desk) -> None:
    old = await desk.post(TRANSACTIONS, PUNCH)
    new = PUNCH | {"emp_code": "0123"}
    body = await desk.post(TRANSACTIONS, [new, PUNCH, new])
    rows = body.pop("data")
    assert body == {"count": 3, "next": None, "previous": None, "msg": "", "code": 0}
    assert isinstance(rows, list)
    assert rows[1] == old
    assert rows[0] == rows[2]
    assert (rows[0]["emp_code"], await count(desk.world)) == ("0123", 2)  # type: ignore[call-overload, index]


async def test_a_list_as_long_as_a_body_is_taken(desk: Desk) -> None:
    start = datetime(2023, 8, 1)
    rows = [PUNCH | {"punch_time": str(start + timedelta(minutes=number))} for number in range(500)]
    assert len(json.dumps(rows)) < MAX_BODY
    for _ in range(2):
        body = await desk.post(TRANSACTIONS, rows)
        assert isinstance(body["data"], list)
        assert [row["punch_time"] for row in body["data"]] == [row["punch_time"] for row in rows]  # type: ignore[call-overload, index]
    assert await count(desk.world) == 500


async def test_all_are_taken_or_none(small_desk: Desk) -> None:
    good, bad = PUNCH, PUNCH | {"punch_state": "6", "emp_code": ""}
    answer = await small_desk.ask("POST", TRANSACTIONS, [good, bad, good])
    reasons = {"emp_code": ["This field may not be blank."], "punch_state": ['"6" is not a valid choice.']}
    assert (answer.status_code, answer.json()) == (400, [{}, reasons, {}])
    answer = await small_desk.ask("POST", TRANSACTIONS, [good, good | {"terminal_sn": "T9"}])
    assert (answer.status_code, answer.json()) == (400, [{}, {"terminal_sn": ["Object with sn=T9 does not exist."]}])
    assert await count(small_desk.world) == 0


async def test_uploads_at_once_keep_each_punch_once(desk: Desk) -> None:
    rows = [PUNCH | {"punch_time": f"2023-08-01 08:00:{second:02}"} for second in range(20)]
    bodies = await asyncio.gather(*(desk.post(TRANSACTIONS, rows) for _ in range(4)))
    assert bodies == [bodies[0]] * 4
    assert await count(desk.world) == 20
    assert (await desk.rows(TERMINALS))[0]["transaction_count"] == 20


async def test_somebody_nobody_knows_yet_is_kept_and_found_when_hired(desk: Desk) -> None:
    created = [await desk.post(TRANSACTIONS, PUNCH | {"emp_code": code}) for code in ("77", "78")]
    assert [(one["emp"], one["emp_code"]) for one in created] == [(None, "77"), (None, "78")]
    hired = await desk.post("/personnel/api/employees/", {"emp_code": "77", "department": 1, "area": [1]})
    new = NewEmployee(emp_code="78", first_name="Mona", self_password="", department_id=1, area_ids=())
    imported = await desk.world.db.write(lambda conn: add_employee(conn, desk.company.id, new, MOMENT))
    rows = await desk.rows(TRANSACTIONS)
    assert rows == [created[0] | {"emp": hired["id"]}, created[1] | {"emp": imported}]


async def test_a_key_gives_the_first_answer_again(desk: Desk) -> None:
    client, headers = desk.world.client, {**desk.headers, "Idempotency-Key": "k"}
    first = await client.post(TRANSACTIONS, json=[PUNCH], headers=headers)
    desk.world.clock.pass_(timedelta(hours=1))
    again = await client.post(TRANSACTIONS, json=[PUNCH], headers=headers)
    assert (first.status_code, again.status_code, again.content) == (201, 201, first.content)
    assert (await desk.rows(TERMINALS))[0]["last_activity"] == "2023-09-01 15:34:13"
    other = await client.post(TRANSACTIONS, json=PUNCH, headers=headers)
    assert other.status_code == 422
    elsewhere = await open_desk(desk.world, desk.world.elsewhere)
    await elsewhere.post(TERMINALS, {"sn": "T1"})
    theirs = await client.post(TRANSACTIONS, json=[PUNCH], headers={**elsewhere.headers, "Idempotency-Key": "k"})
    assert (theirs.status_code, await count(desk.world)) == (201, 2)


@pytest.mark.parametrize(
    ("member", "value", "reason"),
    [
        ("emp_code", None, "This field may not be null."),
        ("emp_code", "x" * 51, "Ensure this field has no more than 50 characters."),
        ("emp_code", "a\x1bb", "Control characters are not allowed."),
        ("emp_code", {"a": 1}, "Not a valid string."),
        ("terminal_sn", "", "This field may not be blank."),
        ("terminal_sn", "T9", "Object with sn=T9 does not exist."),
        ("terminal_sn", "App", "Object with sn=App does not exist."),
        ("punch_time", "", "This field may not be blank."),
        ("punch_time", "now", WRONG_TIME),
        ("punch_time", 1693582142, WRONG_TIME),
        ("punch_time", "2023-02-30 08:00:00", WRONG_TIME),
        ("punch_time", "2023-09-01 15:49:14", FUTURE),
        ("punch_time", "9999-12-31T23:59:59-14:00", WRONG_TIME),
        ("punch_time", "1999-12-31 00:00:00", "Ensure this value is greater than or equal to 2000-01-01 00:00:00."),
        ("punch_state", None, "This field may not be null."),
        ("punch_state", "9", '"9" is not a valid choice.'),
        ("verify_type", "face", "A valid integer is required."),
        ("verify_type", 2**15, "Ensure this value is less than or equal to 32767."),
        ("temperature", "NaN", "A valid number is required."),
        ("temperature", 101, "Ensure this value is less than or equal to 100."),
        ("work_code", "x" * 51, "Ensure this field has no more than 50 characters."),
    ],
)
async def test_what_is_wrong_is_said_by_field(small_desk: Desk, member: str, value: object, reason: str) -> None:
    body = {**PUNCH, member: value}
    assert await small_desk.refused("POST", TRANSACTIONS, body) == {member: [reason]}
    answer = await small_desk.ask("POST", TRANSACTIONS, [body])
    assert (answer.status_code, answer.json()) == (400, [{member: [reason]}])
    assert await count(small_desk.world) == 0


@pytest.mark.parametrize(
    ("body", "reasons"),
    [
        ([], {"non_field_errors": ["This list may not be empty."]}),
        ([PUNCH, 7], {"non_field_errors": ["Invalid data. Expected a dictionary, but got int."]}),
        ("x", {"non_field_errors": ["Invalid data. Expected a dictionary, but got str."]}),
        ([[PUNCH]], {"non_field_errors": ["Invalid data. Expected a dictionary, but got list."]}),
    ],
)
async def test_bodies_that_are_no_punches(small_desk: Desk, body: object, reasons: Json) -> None:
    assert await small_desk.refused("POST", TRANSACTIONS, body) == reasons


@pytest.mark.parametrize("member", ["emp_code", "terminal_sn", "punch_time", "punch_state"])
async def test_what_is_missing_is_named(small_desk: Desk, member: str) -> None:
    body = {name: value for name, value in PUNCH.items() if name != member}
    assert await small_desk.refused("POST", TRANSACTIONS, body) == {member: ["This field is required."]}


@pytest.mark.parametrize(
    ("told_at", "expected"),
    [
        # Clocks in London go back at 01:00 UTC: 01:30 comes at 00:30 UTC and once more at 01:30 UTC.
        (datetime(2023, 10, 29, 0, 31, tzinfo=UTC), datetime(2023, 10, 29, 0, 30, tzinfo=UTC)),
        (datetime(2023, 10, 29, 1, 31, tzinfo=UTC), datetime(2023, 10, 29, 1, 30, tzinfo=UTC)),
        (datetime(2023, 10, 30, 9, 0, tzinfo=UTC), datetime(2023, 10, 29, 0, 30, tzinfo=UTC)),
    ],
)
async def test_the_hour_that_comes_twice(small_world: World, told_at: datetime, expected: datetime) -> None:
    desk = await open_desk(small_world, small_world.elsewhere)
    await desk.post(TERMINALS, {"sn": "T1"})
    small_world.clock.at = told_at
    desk = await open_desk(small_world, small_world.elsewhere)
    await desk.post(TRANSACTIONS, PUNCH | {"punch_time": "2023-10-29 01:30:00"})
    assert await small_world.db.read(lambda conn: conn.scalar(sa.select(transactions.c.punched_at))) == expected


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
async def test_punches_are_facts(small_desk: Desk, method: str) -> None:
    created = await small_desk.post(TRANSACTIONS, PUNCH)
    answer = await small_desk.ask(method, f"{TRANSACTIONS}{created['id']}/", {"punch_state": "1"})
    assert (answer.status_code, answer.json()) == (405, {"detail": f'Method "{method}" not allowed.'})
    assert await small_desk.rows(TRANSACTIONS) == [created]


@pytest.mark.parametrize("path", ["/staff-jwt-api-token-auth/", "/mobile/api/v1.0/auth_token/"])
@pytest.mark.parametrize("name", ["mona", "huda"])
async def test_only_administrators_of_the_web_read_and_hand_in(small_desk: Desk, path: str, name: str) -> None:
    world = small_desk.world
    body = {"email": f"{name}@x.example", "password": PASSWORDS[name], "company": "Demo Trading"}
    token = (await world.client.post(path, json=body)).json()["token"]
    headers = {"Authorization": f"JWT {token}"}
    allowed = name == "huda" and path.startswith("/staff")
    assert (await world.client.get(TRANSACTIONS, headers=headers)).status_code == (200 if allowed else 403)
    posted = await world.client.post(TRANSACTIONS, json=PUNCH, headers=headers)
    assert posted.status_code == (201 if allowed else 403)


async def test_no_such_transaction(small_desk: Desk) -> None:
    for called in ("0", "1", "x", "9" * 30, "%00"):
        assert (await small_desk.ask("GET", f"{TRANSACTIONS}{called}/")).status_code == 404


async def test_the_companys_zone_is_the_wall_clock(small_desk: Desk) -> None:
    created = await small_desk.post(TRANSACTIONS, PUNCH)
    await small_desk.world.db.write(
        lambda conn: conn.execute(
            companies.update().where(companies.c.id == small_desk.company.id).values(timezone="Asia/Kolkata")
        )
    )
    assert (await small_desk.get(f"{TRANSACTIONS}{created['id']}/"))["punch_time"] == "2023-09-01 10:29:58"
    assert await times(small_desk, start_time="2023-09-01 10:29:58") == ["2023-09-01 10:29:58"]
    assert await times(small_desk, start_time="2023-09-01 10:29:59") == []
