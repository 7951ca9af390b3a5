"""A gateway on loopback with two companies, their people and a record of each kind, to throw things at."""

import asyncio
import os
import threading
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import cycle
from typing import Any

import requests
import schemathesis
import sqlalchemy as sa
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.transport import Response

from bot.database import Database
from bot.gateway.app import build_gateway
from bot.gateway.records.companies import Company
from bot.gateway.records.kinds import Dialect
from bot.gateway.records.tables import companies
from bot.gateway.settings import Rate
from bot.web.serving import serving
from tests.gateway.desk import open_desk
from tests.gateway.test_att_setup import add_all
from tests.gateway.world import HOST, PASSWORDS, SETTINGS, Clock, World, build_world, connect

TIMES = int(os.environ.get("HADIR_TEST_FUZZ", "1"))
"""How much longer than in the suite a run is; 1 is always the same."""
NO_LIMIT = Rate(10**9, timedelta(microseconds=1))
UNLIMITED = replace(
    SETTINGS,
    requests=NO_LIMIT,
    logins_per_user=NO_LIMIT,
    logins_per_address=NO_LIMIT,
    codes_per_address=NO_LIMIT,
    refusal_delay=timedelta(),
)
Headers = dict[str, str]
Case = schemathesis.Case[Any]

load_all_checks()
HELD: list[Any] = CHECKS.get_by_names(
    ["not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance"]
)


@dataclass
class Target:
    """Where it listens, and who calls: `offices` the web API, `people` the mobile API, each now and then the other."""

    url: str
    offices: list[Headers]
    people: list[Headers]
    employees: list[str]
    figures: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._session = requests.Session()
        self._offices = cycle([*self.offices, *self.offices, self.people[0]])
        self._people = cycle([*self.people, *self.people, self.offices[0]])
        self._ones = cycle(range(len(self.offices)))

    def choose_one(self) -> int:
        """The next caller, for a whole chain of requests."""
        return next(self._ones)

    def throw(self, case: Case, one: int | None = None) -> Response:
        """Sends it as this caller, or as the next. Raises FailureGroup where the answer is none that the document
        promises.
        """
        mobile = case.path.startswith("/mobile/")
        caller = next(self._people if mobile else self._offices)
        if one is not None:
            caller = (self.people if mobile else self.offices)[one]
        answer = case.call(base_url=self.url, session=self._session, headers={**caller, "Host": HOST})
        self.figures[f"{answer.status_code // 100}xx"] += 1
        case.validate_response(answer, checks=HELD)
        return answer

    def describe(self) -> str:
        answers = ", ".join(f"{count} {status}" for status, count in sorted(self.figures.items()))
        return f"{self.figures.total()} requests: {answers}"


@contextmanager
def serve(database_url: str) -> Iterator[Target]:
    """In a thread with a loop of its own, until the block ends."""
    ready, targets, ends = threading.Event(), list[Target](), list[Any]()

    async def run() -> None:
        async with _open(database_url) as target:
            loop, end = asyncio.get_running_loop(), asyncio.Event()
            targets.append(target)
            ends.append(lambda: loop.call_soon_threadsafe(end.set))
            ready.set()
            await end.wait()

    thread = threading.Thread(target=asyncio.run, args=(run(),), daemon=True)
    thread.start()
    assert ready.wait(30)
    try:
        yield targets[0]
    finally:
        ends[0]()
        thread.join(30)


@asynccontextmanager
async def _open(database_url: str) -> AsyncIterator[Target]:
    db, clock = await Database.open(database_url), Clock()
    try:
        async with connect(db, clock, UNLIMITED) as client:
            world = await build_world(db, clock, client)
            for company in (world.demo, world.elsewhere):
                await _add_records(world, company)
            onprem = sa.update(companies).where(companies.c.id == world.elsewhere.id)
            await db.write(lambda conn: conn.execute(onprem.values(dialect=Dialect.ONPREM.value)))
            offices = [
                await _log_in(world, "/jwt-api-token-auth/", "admin", "Demo Trading", "JWT"),
                await _log_in(world, "/api-token-auth/", "admin", "Elsewhere", "Token"),
                await _log_in(world, "/staff-jwt-api-token-auth/", "huda", "Demo Trading", "JWT"),
            ]
            people = [
                await _log_in(world, "/staff-api-token-auth/", "mona", "Demo Trading", "Token"),
                await _log_in(world, "/mobile/api/v1.0/auth_token/", "sara", "Elsewhere", "JWT"),
                await _log_in(world, "/mobile/api/v1.0/auth_token/", "huda", "Demo Trading", "JWT"),
            ]
        async with serving(build_gateway(db, UNLIMITED, clock), "127.0.0.1", 0) as url:
            yield Target(url, offices, people, [world.ids[name] for name in ("mona", "mona", "omar", "sara")])
    finally:
        await db.close()


async def _add_records(world: World, company: Company) -> None:
    """What fuzzed ids and codes may hit upon; the second company's have the ids that the first must not see."""
    desk = await open_desk(world, company)
    mona = {"employee": world.ids["mona" if company is world.demo else "sara"]}
    made = await add_all(replace(desk, world=replace(world, ids={**world.ids, "mona": mona["employee"]})))
    await desk.post("/iclock/api/terminals/", {"sn": f"T{company.label}", "alias": "Gate"})
    log = {**mona, "punch_time": "2023-08-30 09:00:00", "punch_state": "0"}
    await desk.post("/att/api/manuallogs/", log)
    leave = {**mona, "start_time": "2023-08-28 00:00:00", "end_time": "2023-08-29 00:00:00"}
    await desk.post("/att/api/leaves/", {**leave, "pay_code": made["paycodes"]["id"]})


async def _log_in(world: World, path: str, name: str, company: str, scheme: str) -> Headers:
    body = {"username": f"{name}@x.example", "password": PASSWORDS[name], "company": company}
    answer = await world.client.post(path, json=body)
    return {"Authorization": f"{scheme} {answer.json()['token']}"}
