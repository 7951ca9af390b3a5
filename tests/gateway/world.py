"""The cast in their companies, and their ways into the gateway."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
from sqlalchemy import Connection

from bot.database import Database
from bot.gateway.access.passwords import Passwords
from bot.gateway.app import build_gateway
from bot.gateway.records.companies import Company, add_company, add_system_user
from bot.gateway.records.kinds import AppRole
from bot.gateway.records.people import NewEmployee, add_employee
from bot.gateway.records.places import add_area, add_department, add_position
from bot.gateway.records.schedule_tables import timetables
from bot.gateway.settings import GatewaySettings, PasswordCost

# 15:34:13.347559 in Dubai: the moment of the manual's clock-in.
MOMENT = datetime(2023, 9, 1, 11, 34, 13, 347559, tzinfo=UTC)
DUBAI = ZoneInfo("Asia/Dubai")
HOST = "demo-trading.biotime.test"
CHEAP = PasswordCost(rounds=1, memory=8, lanes=1)
SETTINGS = GatewaySettings(secret_key=b"a key for tests only", password_cost=CHEAP)
PASSWORDS = {name: f"{name}'s password" for name in ("mona", "omar", "huda", "sara", "admin")}
MOBILE = "/mobile/api/v1.0"
PUNCH = {
    "latitude": "25.0916434",
    "longitude": "55.1586873",
    "punch_state": "0",
    "source": 3,
    "emp_code": "14",
    "terminal_sn": "App",
    "gps_location": "35R5+JCW - Al Sufouh - Dubai Internet City - Dubai - United Arab Emirates",
}
MANUAL_LOG = {"punch_time": "1693568322", "punch_state": "0", "work_code": None, "apply_reason": None}


@dataclass
class Clock:
    at: datetime = MOMENT

    def __call__(self) -> datetime:
        return self.at

    def pass_(self, time: timedelta) -> None:
        self.at += time


@dataclass(frozen=True)
class World:
    """Demo Trading with Mona, Omar (employees) and Huda (administrator); Elsewhere with Sara, its administrator."""

    db: Database
    clock: Clock
    client: httpx.AsyncClient
    demo: Company
    elsewhere: Company
    ids: dict[str, str] = field(default_factory=dict)

    async def log_in(self, name: str) -> str:
        company = "Elsewhere" if name == "sara" else "Demo Trading"
        body = {"username": f"{name}@x.example", "password": PASSWORDS[name], "company": company}
        answer = await self.client.post(f"{MOBILE}/auth_token/", json=body)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["token"])

    async def headers(self, name: str) -> dict[str, str]:
        return {"Authorization": f"JWT {await self.log_in(name)}"}

    async def punch(self, name: str, **changed: object) -> httpx.Response:
        body = {**PUNCH, **changed}
        return await self.client.post(f"{MOBILE}/transactions/", json=body, headers=await self.headers(name))

    async def get(self, name: str, path: str, **params: str | int) -> httpx.Response:
        return await self.client.get(MOBILE + path, params=params, headers=await self.headers(name))


def connect(db: Database, clock: Clock, settings: GatewaySettings = SETTINGS, host: str = HOST) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(build_gateway(db, settings, clock))
    return httpx.AsyncClient(transport=transport, base_url=f"http://{host}")


@dataclass(frozen=True)
class Founded:
    """What is in a database when a world begins."""

    demo: Company
    elsewhere: Company
    ids: dict[str, str]


async def build_world(db: Database, clock: Clock, client: httpx.AsyncClient) -> World:
    """In an empty database; the fixture `world` has it quicker."""
    return enter_world(await db.write(found), db, clock, client)


def enter_world(founded: Founded, db: Database, clock: Clock, client: httpx.AsyncClient) -> World:
    return World(db, clock, client, founded.demo, founded.elsewhere, dict(founded.ids))


def found(conn: Connection) -> Founded:
    # The tables themselves: a third of what migrating takes, and `test_records` holds the migrations to them.
    timetables.metadata.create_all(conn)
    demo = add_company(conn, "Demo Trading", DUBAI, MOMENT)
    elsewhere = add_company(conn, "Elsewhere", ZoneInfo("Europe/London"), MOMENT)
    hashes = {name: Passwords(CHEAP).hash(password) for name, password in PASSWORDS.items()}
    for company in (demo, elsewhere):
        add_system_user(conn, company.id, "admin@x.example", hashes["admin"])
    ids = {
        name: add_employee(conn, company.id, _employee(conn, company, name, code, role, hashes[name]), MOMENT)
        for company, name, code, role in (
            (demo, "mona", "13", AppRole.EMPLOYEE),
            (demo, "omar", "0123", AppRole.EMPLOYEE),
            (demo, "huda", "1", AppRole.ADMINISTRATOR),
            (elsewhere, "sara", "13", AppRole.ADMINISTRATOR),
        )
    }
    return Founded(demo, elsewhere, ids)


def _employee(
    conn: Connection, company: Company, name: str, code: str, role: AppRole, password_hash: str
) -> NewEmployee:
    return NewEmployee(
        emp_code=code,
        first_name=name.title(),
        email=f"{name}@x.example",
        self_password=password_hash,
        department_id=add_department(conn, company.id, code, "Department"),
        position_id=add_position(conn, company.id, code, "Position"),
        area_ids=(add_area(conn, company.id, code, "Dubai Office"),),
        app_role=role,
    )
