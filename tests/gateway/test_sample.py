"""The sample company."""

import json

from bot.database import Database
from bot.gateway.records import open_records
from bot.gateway.sample import Credentials, build_sample
from tests.gateway.world import MOBILE, MOMENT, SETTINGS, Clock, connect


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
