"""The sample company."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.database import Database
from bot.gateway.records import open_records
from bot.gateway.records.kinds import AuditStatus, Source
from bot.gateway.records.schedule_tables import leaves
from bot.gateway.records.tables import areas, departments, employees, manual_logs, metadata, transactions
from bot.gateway.sample import Credentials, build_sample
from tests.gateway.world import DUBAI, MOBILE, MOMENT, SETTINGS, Clock, connect


async def test_everybody_logs_in_also_after_it_is_built_again(database: Database, clock: Clock) -> None:
    await open_records(database)
    first = await build_sample(database, SETTINGS, MOMENT, "http://127.0.0.1:8000")
    again = await build_sample(database, SETTINGS, MOMENT, "http://127.0.0.1:8000")
    async with connect(database, clock, host="127.0.0.1:8000") as client:
        for credentials, status in ((first, 400), (again, 200)):
            administrator = credentials.administrator.model_dump()
            assert (await client.post("/jwt-api-token-auth/", json=administrator)).status_code == status
            for employee in credentials.employees:
                for username in (employee.username, employee.email):
                    body = {"username": username, "password": employee.password}
                    assert (await client.post(f"{MOBILE}/auth_token/", json=body)).status_code == status


async def test_credentials_as_json(database: Database) -> None:
    await open_records(database)
    credentials = await build_sample(database, SETTINGS, MOMENT, "http://127.0.0.1:8000")
    written = json.loads(credentials.model_dump_json())
    assert (written["host"], written["company"]) == ("http://127.0.0.1:8000", "Demo Trading")
    assert [person["name"] for person in written["employees"]] == ["Mona", "Omar", "Huda"]
    assert set(written["employees"][0]) == {"username", "password", "id", "name", "emp_code", "email"}
    assert Credentials.model_validate(written) == credentials
    assert written["employees"][0]["password"] not in repr(credentials)


# -- lively ------------------------------------------------------------------------------------------------------------

LATE_IN_THE_DAY = MOMENT + timedelta(hours=9)
"""00:34 in Dubai: the guards of the night are at work."""


@pytest.fixture
async def lively(database: Database) -> Database:
    await open_records(database)
    await build_sample(database, SETTINGS, MOMENT, "http://127.0.0.1:8000", lively=True)
    return database


async def ask(db: Database, query: sa.Select[Any]) -> list[tuple[Any, ...]]:
    return await db.read(lambda conn: [tuple(row) for row in conn.execute(query)])


async def test_forty_people_in_four_departments_and_three_areas(lively: Database) -> None:
    people = await ask(lively, sa.select(employees.c.first_name, employees.c.self_password).order_by("number"))
    assert len(people) == 40
    assert [name for name, password in people if password] == ["Mona", "Omar", "Huda"], "the others do not log in"
    assert all(re.fullmatch(r"[A-Z][A-Za-z]+ \d\d", name) for name, _ in people[3:]), "roles and numbers, no names"
    assert len(await ask(lively, sa.select(departments.c.id))) == 4
    assert len(await ask(lively, sa.select(areas.c.id))) == 3


async def test_sixty_days_of_all_that_happens(lively: Database) -> None:
    punch = transactions.c
    rows = await ask(lively, sa.select(punch.punched_at, punch.punch_state, punch.source).order_by(punch.id))
    times = [at for at, _, source in rows if source != Source.MANUAL_LOG]
    assert times == sorted(times), "as they came in"
    assert max(times) <= MOMENT
    assert MOMENT - timedelta(days=61) < min(times) < MOMENT - timedelta(days=58)
    assert {state for _, state, _ in rows} == {0, 1, 2, 3, 255}
    assert {source for _, _, source in rows} == {source.value for source in Source}
    for table in (manual_logs, leaves):
        statuses = {status for (status,) in await ask(lively, sa.select(table.c.audit_status))}
        assert {AuditStatus.PENDING, AuditStatus.APPROVED} <= statuses


async def test_whoever_can_be_played_has_not_begun_the_day(lively: Database) -> None:
    """So that the first button is Clock in, whatever the hour."""
    punch = transactions.c
    for emp_code in ("1001", "1002", "1003"):
        own = sa.select(punch.punched_at, punch.punch_state).where(punch.emp_code == emp_code)
        *_, (last_at, state) = await ask(lively, own.order_by(punch.punched_at))
        assert last_at.astimezone(DUBAI).date() < MOMENT.astimezone(DUBAI).date()
        assert state == 1


async def test_the_story_makes_time_cards_of_every_kind(lively: Database, clock: Clock) -> None:
    made = await build_sample(lively, SETTINGS, MOMENT, "http://127.0.0.1:8000")
    async with connect(lively, clock, host="127.0.0.1:8000") as client:
        token = (await client.post("/jwt-api-token-auth/", json=made.administrator.model_dump())).json()["token"]
        answer = await client.get(
            "/att/api/totalTimeCardReport/",
            params={"start_date": "2023-08-01", "end_date": "2023-08-31", "page_size": 1000},
            headers={"Authorization": f"JWT {token}"},
        )
    cards = answer.json()["data"]
    assert len(cards) > 800
    for what in ("late", "early_leave", "absent", "leave", "normal_ot"):
        assert 2 < sum(1 for card in cards if card[what] not in ("", "00:00", None)) < len(cards) / 3, what
    worked = sum(1 for card in cards if card["check_in"] > card["check_out"] and card["clock_in"])
    assert worked > 50, "nights"


async def test_the_same_day_tells_the_same_story(database: Database) -> None:
    shown = (transactions.c.emp_code, transactions.c.punched_at, transactions.c.punch_state)
    told = []
    for _ in range(2):
        await open_records(database)
        await build_sample(database, SETTINGS, LATE_IN_THE_DAY, "http://127.0.0.1:8000", lively=True)
        told.append(await ask(database, sa.select(*shown).order_by(transactions.c.id)))
        await database.write(_forget)
    assert told[0] == told[1]


def _forget(conn: sa.Connection) -> None:
    for table in reversed(metadata.sorted_tables):
        conn.execute(table.delete())
