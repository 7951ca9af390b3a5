"""*Demo Trading* with its forty people at a gateway, and a store that looks at it; nobody sleeps."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any

import httpx
import sqlalchemy as sa
from sqlalchemy import Connection

from bot.attendance.model import PunchState
from bot.biotime.client import BioTimeClient
from bot.biotime.office import Office
from bot.biotime.pace import Pace
from bot.biotime.transport import open_embedded_http
from bot.database import Database, upgrade
from bot.gateway.access.service import ServiceDoor
from bot.gateway.app import build_gateway
from bot.gateway.records import open_records
from bot.gateway.records import schedule_tables as hours
from bot.gateway.records import tables as gateway
from bot.gateway.sample import NAME, ZONE, build_sample
from bot.gateway.settings import GatewaySettings, PasswordCost
from bot.services.service_account import ServiceAccount
from bot.services.syncing import Syncing
from bot.services.tenants import Service, Tenant, Tenants
from bot.store.roster_tables import syncs
from bot.store.schema import MIGRATIONS
from tests.faults import Clock, FarEnd

SETTINGS = GatewaySettings(secret_key=b"a key for tests only", password_cost=PasswordCost(1, 8, 1))
# A Monday, eight o'clock in Dubai.
MORNING = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
MONA, OMAR, HUDA = "1001", "1002", "1003"


class _Line(httpx.AsyncBaseTransport):
    def __init__(self, far: FarEnd) -> None:
        self.far = far
        self.asked: list[str] = []
        self.break_after: int | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(f"{request.url.path}?{request.url.query.decode()}")
        if self.break_after is not None:
            self.break_after -= 1
            if self.break_after < 0:
                raise httpx.ReadError("ClientOSError")
        return await self.far.handle(request)


@dataclass
class Town:
    clock: Clock
    db: Database
    records: Database
    far: FarEnd
    line: _Line
    tenants: Tenants
    account: ServiceAccount
    syncing: Syncing = field(init=False)

    def __post_init__(self) -> None:
        self.syncing = Syncing(self.db, self.tenants, self.account, self.clock)

    def at(self, hour: int, minute: int = 0, *, day: int = 0) -> datetime:
        """On the office's wall, so many days after the first."""
        wall = datetime.combine(MORNING.date() + timedelta(days=day), time(hour, minute), ZONE)
        return wall.astimezone(UTC)

    async def go_to(self, hour: int, minute: int = 0, *, day: int = 0) -> None:
        """The clock; and all that is due at BioTime is looked at."""
        self.clock.at = self.at(hour, minute, day=day)
        await self.look()

    async def look(self) -> None:
        await self.db.write(lambda c: c.execute(syncs.update().values(next_at=self.clock.at)))
        await self.syncing.run()

    async def rows(self, table: sa.Table, *conditions: Any) -> list[Any]:
        return await self.db.read(lambda c: list(c.execute(sa.select(table).where(*conditions))))

    # -- what happens at BioTime ---------------------------------------------------------------------------------------

    async def punch(
        self, emp_code: str, at: datetime, state: PunchState = PunchState.CHECK_IN, uploaded_at: datetime | None = None
    ) -> None:
        def add(c: Connection) -> None:
            person = self._person(c, emp_code)
            row = {"company_id": person.company_id, "employee_id": person.id, "emp_code": emp_code, "source": 1}
            row |= {"terminal_sn": "DXB0000001", "terminal_alias": "Office lobby", "punch_state": int(state)}
            row |= {"punched_at": at, "uploaded_at": uploaded_at or at, "verify_type": 1}
            c.execute(gateway.transactions.insert().values(**row))

        await self.records.write(add)

    async def hear_from_terminals(self) -> None:
        """Each says that it is there, now."""
        heard = gateway.terminals.update().where(gateway.terminals.c.sn != "App")
        await self.records.write(lambda c: c.execute(heard.values(last_activity_at=self.clock.at)))

    async def grant_leave(self, emp_code: str, start: datetime, end: datetime, *, status: int = 2) -> int:
        def add(c: Connection) -> int:
            person = self._person(c, emp_code)
            code = c.execute(sa.select(hours.pay_codes.c.id).order_by(hours.pay_codes.c.id).limit(1)).scalar_one()
            row = {"company_id": person.company_id, "employee_id": person.id, "pay_code_id": code}
            row |= {"start_at": start, "end_at": end, "applied_at": self.clock.at, "audit_status": status}
            return int(c.execute(hours.leaves.insert().values(**row).returning(hours.leaves.c.id)).scalar_one())

        return await self.records.write(add)

    async def file_log(self, emp_code: str, at: datetime, *, status: int = 1) -> None:
        def add(c: Connection) -> None:
            person = self._person(c, emp_code)
            row = {"company_id": person.company_id, "employee_id": person.id, "punch_state": 0, "punched_at": at}
            row |= {"applied_at": self.clock.at, "audit_status": status}
            c.execute(gateway.manual_logs.insert().values(**row))

        await self.records.write(add)

    async def change(self, emp_code: str, **values: object) -> None:
        changed = gateway.employees.update().where(gateway.employees.c.emp_code == emp_code).values(**values)
        await self.records.write(lambda c: c.execute(changed))

    def _person(self, c: Connection, emp_code: str) -> Any:
        return c.execute(sa.select(gateway.employees).where(gateway.employees.c.emp_code == emp_code)).one()


Prepare = Callable[[Town], Awaitable[None]]


@cache
def _template() -> tempfile.TemporaryDirectory[str]:
    folder = tempfile.TemporaryDirectory(dir=_memory())

    async def build() -> None:
        store = await Database.open(f"sqlite:///{folder.name}/store.db")
        records = await Database.open(f"sqlite:///{folder.name}/records.db")
        await store.write(upgrade(MIGRATIONS))
        await open_records(records)
        await build_sample(records, SETTINGS, MORNING, "biotime.test", lively=True)
        await store.close()
        await records.close()

    with asyncio.Runner() as runner:
        runner.run(build())
    return folder


def _memory() -> str | None:
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


@asynccontextmanager
async def open_town(prepare: Prepare | None = None) -> AsyncIterator[Town]:
    """Nothing has been looked at yet, but for what `prepare` does: that is done once, and copied for each test."""
    template = await asyncio.to_thread(_template if prepare is None else partial(_prepared, prepare))
    with tempfile.TemporaryDirectory(dir=_memory()) as folder:
        for name in ("store.db", "records.db"):
            shutil.copy(Path(template.name) / name, folder)
        async with _opened(Path(folder)) as town:
            yield town


@cache
def _prepared(prepare: Prepare) -> tempfile.TemporaryDirectory[str]:
    folder = tempfile.TemporaryDirectory(dir=_memory())
    for name in ("store.db", "records.db"):
        shutil.copy(Path(_template().name) / name, folder.name)

    async def build() -> None:
        async with _opened(Path(folder.name)) as town:
            await prepare(town)

    with asyncio.Runner() as runner:
        runner.run(build())
    return folder


@asynccontextmanager
async def _opened(folder: Path) -> AsyncIterator[Town]:
    store = await Database.open(f"sqlite:///{folder}/store.db")
    records = await Database.open(f"sqlite:///{folder}/records.db")
    clock = Clock(MORNING)
    inner = open_embedded_http(build_gateway(records, SETTINGS, clock))
    far = FarEnd(inner._transport, clock)
    line = _Line(far)
    http = httpx.AsyncClient(transport=line, base_url="http://biotime.test")
    door = ServiceDoor(records, SETTINGS, clock)
    service = Service(Office.build(http, ZONE, Pace(100_000)), lambda: door.issue(NAME))
    tenants = Tenants([Tenant(NAME, ZONE, BioTimeClient(http, NAME, ZONE), service=service)])
    yield Town(clock, store, records, far, line, tenants, ServiceAccount(tenants, clock))
    await inner.aclose()
    await store.close()
    await records.close()
