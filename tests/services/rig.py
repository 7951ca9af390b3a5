"""The real services over a real SQLite file and the real gateway, between a clock, a far end and a Telegram that obey
the test.
"""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.attendance.model import Position, PunchState
from bot.attendance.progress import DEFAULT_LIMITS, FINAL
from bot.biotime.transport import open_embedded_http
from bot.database import Database, upgrade
from bot.gateway.app import build_gateway
from bot.gateway.records import open_records
from bot.gateway.records import tables as gateway_tables
from bot.gateway.records.kinds import Source
from bot.gateway.records.people import end_tokens
from bot.gateway.sample import NAME, build_sample
from bot.gateway.settings import GatewaySettings, PasswordCost
from bot.services.clocking import Clocked, Repeated, Saved, Share
from bot.services.linking import Credentials
from bot.store import punches
from bot.store.punches import Punch
from bot.store.schema import MIGRATIONS
from bot.store.tables import punches as punch_rows
from tests.faults import Clock, FarEnd
from tests.services.judge import Books, Judge, Violation, require
from tests.services.process import Process
from tests.services.telegram import Telegram

T = TypeVar("T")
SETTINGS = GatewaySettings(secret_key=b"a key for tests only", password_cost=PasswordCost(1, 8, 1))
OFFICE = Position(25.0916434, 55.1586873, 12.0)
# Telegram accounts: Mona has two telephones.
MONA, MONA_AGAIN, OMAR = 101, 102, 201
ACCOUNTS = {MONA: "1001", MONA_AGAIN: "1001", OMAR: "1002"}
BEATS = 12


@dataclass
class Rig:
    folder: Path
    store: Database
    records: Database
    far: FarEnd
    clock: Clock
    passwords: dict[str, str]
    telegram: Telegram = field(default_factory=Telegram)
    processes: list[Process] = field(default_factory=list)
    # What was acknowledged: the punch that each update became.
    acknowledged: dict[str, int] = field(default_factory=dict)
    shares: list[Share] = field(default_factory=list)
    killed: int = 0
    overlapped: bool = False

    def __post_init__(self) -> None:
        self._judge = Judge(self)

    @property
    def process(self) -> Process:
        return self.processes[-1]

    @property
    def slept(self) -> bool:
        """Whether a request may have been applied later than the protocol allows for: only then may BioTime hold a
        punch twice, and only because it is found and flagged."""
        return self.overlapped or any(process.was_paused for process in self.processes)

    # -- acting --------------------------------------------------------------------------------------------------------

    def start(self) -> Process:
        self.overlapped = self.overlapped or any(process.alive for process in self.processes)
        self.processes.append(Process(self))
        return self.process

    async def restart(self) -> Process:
        """kill -9, and the next start of the only process."""
        for process in self.processes:
            if process.alive:
                process.kill()
                self.killed += 1
        await self.quiet()
        process = self.start()
        await self.do(process.sending.recover())
        return process

    async def do(self, work: Coroutine[Any, Any, T]) -> T | None:
        """Runs it until it ends or waits for the test; None where its process died or it is still waiting."""
        task = asyncio.get_running_loop().create_task(work)
        await self.quiet()
        if not task.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait([task], timeout=0)
        if not task.done() or task.cancelled():
            return None
        return task.result()

    async def quiet(self) -> None:
        """Until nothing moves: all that is under way is held, paused or over."""
        calm = 0
        while calm < BEATS:
            await asyncio.sleep(0)
            calm = calm + 1 if self.far.busy == 0 else 0
        self.far.taken = timedelta()

    async def share(
        self, account: int = MONA, *, late: int = 0, chosen: PunchState | None = None, process: Process | None = None
    ) -> Punch:
        share = self.new_share(account, late=late, chosen=chosen)
        clocked = await self.deliver(share, process)
        assert isinstance(clocked, Saved), clocked
        return clocked.punch

    def new_share(self, account: int = MONA, *, late: int = 0, chosen: PunchState | None = None) -> Share:
        at = self.clock.at.replace(microsecond=0) - timedelta(seconds=late)
        share = Share(account, account, f"telegram:{account}:{len(self.shares)}", at, OFFICE, chosen)
        self.shares.append(share)
        return share

    async def deliver(self, share: Share, process: Process | None = None) -> Clocked | None:
        """An update; what comes back is acknowledged to Telegram, for ever."""
        clocked = await self.do((process or self.process).clocking.clock(share))
        match clocked:
            case Saved(punch) | Repeated(punch, redelivered=True):
                before = self.acknowledged.setdefault(share.source, punch.id)
                require(before == punch.id, "1: one update, two punches", share.source)
        return clocked

    async def sweep(self, process: Process | None = None) -> None:
        await self.do((process or self.process).sending.sweep())

    async def wait(self, seconds: float, *, sweeping: bool = True) -> None:
        await self.far.pass_time(timedelta(seconds=seconds))
        if sweeping:
            await self.sweep()

    async def login(self, account: int) -> object:
        linking = self.process.linking
        emp_code = ACCOUNTS[account]

        async def come() -> object:
            person, _ = await linking.meet(account, "en")
            return await linking.login(person, Credentials(NAME, emp_code, self.passwords[emp_code]))

        return await self.do(come())

    async def settle(self, *, audit: bool = False) -> None:
        """Faults stop: everything comes to rest, whatever time that takes. Without the audit the invariants are
        stricter: nothing is excused because it was found and flagged in the end."""
        self.far.calm()
        self.telegram.troubles.clear()
        for process in self.processes:
            process.resume()
        self.far.let_go()
        await self.quiet()
        if not self.process.alive:
            await self.restart()
        for account in ACCOUNTS:
            await self.login(account)
        for _ in range(80):
            await self.sweep()
            due = await self.next_due()
            if due is None:
                break
            await self.far.pass_time(max(due - self.clock.at, timedelta(seconds=1)))
        else:
            raise Violation("8: not everything comes to rest")
        await self.wait(DEFAULT_LIMITS.settle.total_seconds())
        if audit:
            await self.do(self.process.audit.run())
        await self.check(at_rest=True)

    async def next_due(self) -> datetime | None:
        def find(connection: Connection) -> datetime | None:
            c = punch_rows.c
            rows = connection.execute(sa.select(c.state, c.next_at, c.tell_at)).all()
            due = [row.next_at for row in rows if row.state not in FINAL] + [row.tell_at for row in rows]
            return min((at for at in due if at is not None), default=None)

        return await self.store.read(find)

    async def end_sessions(self, emp_code: str) -> None:
        """BioTime takes none of the employee's tokens any more, nor renews them."""
        found = sa.select(gateway_tables.employees.c.id).where(gateway_tables.employees.c.emp_code == emp_code)
        await self.records.write(lambda c: end_tokens(c, c.execute(found).scalar_one()))

    # -- judging -------------------------------------------------------------------------------------------------------

    async def load(self, punch: Punch) -> Punch:
        found = await self.store.read(lambda c: punches.find(c, punch.id))
        assert found is not None
        return found

    async def stamps(self) -> list[Any]:
        t = gateway_tables.transactions
        query = sa.select(t).where(t.c.source == Source.APP.value).order_by(t.c.id)
        return await self.records.read(lambda c: list(c.execute(query).all()))

    async def filed(self) -> list[Any]:
        return await self.records.read(lambda c: list(c.execute(sa.select(gateway_tables.manual_logs)).all()))

    async def judge_news(self, punch: Punch, about: str) -> None:
        self._judge.hear(punch, about, await self._read_books())

    async def check(self, *, at_rest: bool = False) -> None:
        """Raises Violation."""
        self._judge.check(await self._read_books(), at_rest=at_rest)

    async def _read_books(self) -> Books:
        since = datetime.min.replace(tzinfo=self.clock.at.tzinfo) + timedelta(days=1)
        kept = await self.store.read(lambda c: punches.find_twins(c, since))
        return Books(kept, await self.stamps(), await self.filed())


# -- building ----------------------------------------------------------------------------------------------------------


def _folder() -> str | None:
    """Memory where there is some: a thousand commits wait for no disk. What a disk does is `tests/kills`' matter."""
    memory = Path("/dev/shm")
    return str(memory) if memory.is_dir() else None


@cache
def _template() -> tuple[tempfile.TemporaryDirectory[str], dict[str, str]]:
    """Both files as they are after the first start and three log-ins; copied for each rig."""
    folder = tempfile.TemporaryDirectory(dir=_folder())

    async def build() -> dict[str, str]:
        clock = Clock()
        async with _opened(Path(folder.name), clock, {}) as rig:
            await rig.store.write(upgrade(MIGRATIONS))
            await open_records(rig.records)
            sample = await build_sample(rig.records, SETTINGS, clock.at, "biotime.test")
            rig.passwords.update({person.emp_code: person.password for person in sample.employees})
            for account in ACCOUNTS:
                await rig.login(account)
            return rig.passwords

    with asyncio.Runner() as runner:
        return folder, runner.run(build())


@asynccontextmanager
async def _opened(folder: Path, clock: Clock, passwords: dict[str, str]) -> AsyncIterator[Rig]:
    store = await Database.open(f"sqlite:///{folder}/store.db")
    records = await Database.open(f"sqlite:///{folder}/records.db")
    http = open_embedded_http(build_gateway(records, SETTINGS, clock))
    rig = Rig(folder, store, records, FarEnd(http._transport, clock), clock, passwords)
    rig.start()
    try:
        yield rig
    finally:
        for process in rig.processes:
            process.kill()
        await rig.quiet()
        await http.aclose()
        await store.close()
        await records.close()


@asynccontextmanager
async def open_rig() -> AsyncIterator[Rig]:
    """Mona (with two telephones) and Omar are logged in; nothing has happened yet."""
    template, passwords = await asyncio.to_thread(_template)
    with tempfile.TemporaryDirectory(dir=_folder()) as folder:
        for name in ("store.db", "records.db"):
            shutil.copy(Path(template.name) / name, folder)
        async with _opened(Path(folder), Clock(), dict(passwords)) as rig:
            yield rig
