"""The gateway's answers beside the manual's examples: same members, same order, same types and formats."""

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from pydantic import JsonValue

from bot.attendance.model import PunchState
from bot.gateway.records.approvals import Decision, approve
from bot.gateway.records.kinds import Source
from bot.gateway.records.punches import NewPunch, add_punch
from tests.gateway.world import MANUAL_LOG, MOBILE, MOMENT, PASSWORDS, World
from tests.golden import golden_text

FORMATS = {
    "token": r"\S{40,}",
    "wall text": r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d",
    "wall iso": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}",
    "uuid": r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}",
}


def golden(name: str) -> JsonValue:
    parsed: JsonValue = json.loads(golden_text(name))
    return parsed


def shape(value: JsonValue) -> object:
    """Members in order, types, and the formats of texts that have one. Lists by their kinds of rows."""
    if isinstance(value, dict):
        return [(name, "token" if name == "token" else shape(member)) for name, member in value.items()]
    if isinstance(value, list):
        return [shape(row) for row in value]
    if isinstance(value, str):
        return next((name for name, form in FORMATS.items() if re.fullmatch(form, value)), "text")
    return type(value).__name__


def body_of(answer: httpx.Response, status: int) -> JsonValue:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/json"
    parsed: JsonValue = answer.json()
    return parsed


def rows_of(body: JsonValue) -> Sequence[JsonValue]:
    assert isinstance(body, dict)
    rows = body["results"]
    assert isinstance(rows, list)
    return rows


async def test_mobile_login(small_world: World) -> None:
    body = {"username": "13", "password": PASSWORDS["mona"]}
    headers = {"Client": "963D5", "Content-Type": "application/json"}
    answer = await small_world.client.post(f"{MOBILE}/auth_token/", json=body, headers=headers)
    assert shape(body_of(answer, 200)) == shape(golden("6.1-login-answer"))


@pytest.mark.parametrize("path", ["/configurations/app_settings/", "/app_settings/"])
async def test_app_settings(small_world: World, path: str) -> None:
    body = body_of(await small_world.get("mona", path), 200)
    assert shape(body) == shape(golden("6.2-app-settings"))
    assert isinstance(body, dict)
    assert {name: body[name] for name in ("emp_code", "name", "department", "position", "area", "app_role")} == {
        "emp_code": "13",
        "name": "Mona",
        "department": "Department",
        "position": "Position",
        "area": "Dubai Office",
        "app_role": 1,
    }
    assert body["emp_id"] == small_world.ids["mona"]


async def test_one_employee(small_world: World) -> None:
    body = body_of(await small_world.get("mona", f"/employees/{small_world.ids['mona']}/"), 200)
    assert shape(body) == shape(golden("6.3-employee"))


async def test_employees_by_emp_code(world: World) -> None:
    body = body_of(await world.get("huda", "/employees/"), 200)
    example = golden("6.3-employees")
    assert isinstance(body, dict)
    assert isinstance(example, dict)
    assert list(body) == list(example)
    assert [row["emp_code"] for row in rows_of(body) if isinstance(row, dict)] == ["0123", "1", "13"]
    assert shape(rows_of(body)[0]) == shape(rows_of(example)[0])


async def test_clock_in_is_the_manuals_answer_to_the_letter(world: World) -> None:
    answer = await world.punch("mona")
    assert answer.status_code == 201
    expected = golden_text("6.4-punch-receipt").replace("7e01c4ac-459d-11ee-9ef1-0a58a9feac02", world.ids["mona"])
    assert answer.text == expected


async def test_punches_are_the_manuals_rows_to_the_letter(world: World) -> None:
    example = golden("6.4-punches")
    assert isinstance(example, dict)
    for seconds in (1693582059, 1693582142):  # the wall clock in Dubai, four hours ahead
        world.clock.at = datetime.fromtimestamp(seconds, UTC) - timedelta(hours=4)
        await world.punch("mona")
    await world.db.write(
        lambda conn: add_punch(
            conn,
            NewPunch(
                company_id=world.demo.id,
                employee_id=world.ids["huda"],
                emp_code="1",
                punched_at=datetime.fromtimestamp(1691660238, UTC) - timedelta(hours=4),
                uploaded_at=MOMENT,
                punch_state=PunchState.UNKNOWN,
                source=Source.DEVICE,
                terminal_sn="7860223940009",
                terminal_alias="Auto add",
            ),
        )
    )
    body = body_of(await world.get("huda", "/transactions/"), 200)
    assert isinstance(body, dict)
    assert list(body) == list(example)
    assert rows_of(body) == rows_of(example)
    assert [list(row) for row in rows_of(body)] == [list(row) for row in rows_of(example)]  # type: ignore[arg-type]


async def test_manual_log(world: World) -> None:
    path = f"{MOBILE}/employees/{world.ids['mona']}/manual_logs/"
    answer = await world.client.post(path, json=MANUAL_LOG, headers=await world.headers("mona"))
    body, example = body_of(answer, 201), golden("6.5-manual-log-receipt")
    assert shape(body) == shape(example)
    assert isinstance(body, dict)
    assert isinstance(example, dict)
    assert {**body, "id": 0} == {**example, "id": 0}


async def test_manual_logs_one_approved_one_waiting(world: World) -> None:
    headers = await world.headers("mona")
    path = f"{MOBILE}/employees/{world.ids['mona']}/manual_logs/"
    for state in ("0", "1"):
        log = {**MANUAL_LOG, "punch_state": state, "work_code": "", "apply_reason": ""}
        await world.client.post(path, json=log, headers=headers)
    decision = Decision(world.demo.id, "biotimecloud@zkteco.com", MOMENT)
    assert await world.db.write(lambda conn: approve(conn, 1, decision))
    body = body_of(await world.get("mona", "/manual_logs/"), 200)
    assert shape(body) == shape(golden("6.8-manual-logs"))
    first = rows_of(body)[0]
    assert isinstance(first, dict)
    # Posted as true Unix seconds, listed as the wall clock in Dubai: 11:38:42 UTC is 15:38:42.
    assert first["punch_time"] == "2023-09-01 15:38:42"


# -- what the manual sends ---------------------------------------------------------------------------------------------

SENT = {
    "1.1-login-request": ("/jwt-api-token-auth/", 200),
    "6.1-login-request": (f"{MOBILE}/auth_token/", 200),
    "6.4-punch-request": (f"{MOBILE}/transactions/", 201),
    "6.5-manual-log-request": (f"{MOBILE}/employees/{{}}/manual_logs/", 201),
    "6.9-reset-password-request": (f"{MOBILE}/reset_password/", 200),
    "6.9-reset-password-search": (f"{MOBILE}/forgot_password_create_otp/", 200),
}
KNOWN = {
    "1.1-login-request": {"email": "admin@x.example", "password": PASSWORDS["admin"], "company": "Demo Trading"},
    "6.1-login-request": {"username": "13", "password": PASSWORDS["mona"]},
}
"""In place of the manual's own words for who logs in."""


@pytest.mark.parametrize("name", SENT)
async def test_what_the_manual_sends_is_taken(small_world: World, name: str) -> None:
    path, status = SENT[name]
    example = golden(name)
    assert isinstance(example, dict)
    assert not KNOWN.get(name, {}).keys() - example.keys()
    headers = {} if name in KNOWN else await small_world.headers("mona")
    answer = await small_world.client.post(
        path.format(small_world.ids["mona"]), json={**example, **KNOWN.get(name, {})}, headers=headers
    )
    assert answer.status_code == status, answer.text


# -- that none is missing ----------------------------------------------------------------------------------------------

FOLDER = Path(__file__).parent.parent / "golden"
NAMES = {"6": "department", "7": "area", "8": "position"}


@pytest.mark.parametrize("side", ["gateway", "biotime"])
@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.json")), ids=lambda file: file.stem)
def test_every_example_is_tried_on_both_sides(file: Path, side: str) -> None:
    """A test names it, or names all three kinds of places at once."""
    said = "".join(test.read_text(encoding="utf-8") for test in (FOLDER.parent / side).glob("test_*.py"))
    chapter, _, rest = file.stem.partition(".")
    many = f"{{chapter}}.{rest.replace(NAMES.get(chapter, '-'), '{name}')}"
    assert f'"{file.stem}"' in said or f'"{many}"' in said
