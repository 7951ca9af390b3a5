"""The real services over a real SQLite file and the real gateway, between a clock, a far end and a Telegram that obey
the test. A `Process` can be paused or killed at any step; `Rig.check` holds PROTOCOL.md's invariants against the
gateway's own tables.
"""

import asyncio
import shutil
import tempfile
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import httpx
import sqlalchemy as sa
from sqlalchemy import Connection

from bot.attendance.model import Position, PunchState
from bot.attendance.progress import DEFAULT_LIMITS, FINAL, State
from bot.biotime.client import BioTimeClient
from bot.biotime.transport import open_embedded_http
from bot.database import Database, upgrade
from bot.gateway.app import build_gateway
from bot.gateway.records import open_records
from bot.gateway.records import tables as gateway_tables
from bot.gateway.records.kinds import Source
from bot.gateway.records.people import end_tokens
from bot.gateway.sample import NAME, ZONE, build_sample
from bot.gateway.settings import GatewaySettings, PasswordCost
from bot.services.addresses import Addresses
from bot.services.alerts import Undelivered
from bot.services.areas import Areas
from bot.services.audit import Audit
from bot.services.clocking import Clocked, Clocking, Repeated, Saved, Share
from bot.services.linking import Credentials, Linking
from bot.services.requests import Requests
from bot.services.sending import Sending
from bot.services.sessions import Sessions
from bot.services.telling import Telling, news_of
from bot.services.tenants import Tenant, Tenants
from bot.store import punches
from bot.store.cipher import Cipher, new_secret_key
from bot.store.punches import Punch
from bot.store.tables import punches as punch_rows
from tests.faults import Clock, FarEnd

T = TypeVar("T")
STORE = Path(punches.__file__).parent / "migrations"
SETTINGS = GatewaySettings(secret_key=b"a key for tests only", password_cost=PasswordCost(1, 8, 1))
KEY = new_secret_key()
OFFICE = Position(25.0916434, 55.1586873, 12.0)
# Telegram accounts: Mona has two telephones.
MONA, MONA_AGAIN, OMAR = 101, 102, 201
ACCOUNTS = {MONA: "1001", MONA_AGAIN: "1001", OMAR: "1002"}
TOLERANCE = DEFAULT_LIMITS.tolerance
BEATS = 12


class Violation(AssertionError):
    """An invariant does not hold."""


def require(holds: bool, invariant: str, detail: object = "") -> None:
    if not holds:
        raise Violation(f"{invariant}: {detail}")


# -- Telegram ----------------------------------------------------------------------------------------------------------


@dataclass
class Said:
    """One message as it changed; `about` are the words of `services/telling`."""

    punch_id: int
    about: list[str]


@dataclass
class Telegram:
    """What people have in their chats. `troubles` meet the next sends and edits, one each."""

    troubles: deque[tuple[str, timedelta | None]] = field(default_factory=deque)
    messages: dict[int, Said] = field(default_factory=dict)
    menus: list[int] = field(default_factory=list)
    warnings: list[int] = field(default_factory=list)
    unreachable: set[int] = field(default_factory=set)
    answering: asyncio.Event = field(default_factory=asyncio.Event)

    def trouble(self) -> tuple[str, timedelta | None]:
        return self.troubles.popleft() if self.troubles else ("none", None)

    def sent(self, punch_id: int) -> list[Said]:
        return [said for said in self.messages.values() if said.punch_id == punch_id]


class RecordingMessenger:
    """Fulfils `services.alerts.Messenger` for one process."""

    def __init__(self, process: "Process") -> None:
        self._process = process
        self._telegram = process.rig.telegram

    async def send_punch(self, punch: Punch, about: str) -> int:
        return await self._process.step(lambda: self._send(punch, about))

    async def edit_punch(self, punch: Punch, about: str) -> None:
        await self._process.step(lambda: self._edit(punch, about))

    async def send_next(self, punch: Punch) -> None:
        await self._process.step(lambda: self._append(self._telegram.menus, punch))

    async def tell_managers(self, punch: Punch) -> None:
        await self._process.step(lambda: self._append(self._telegram.warnings, punch))

    async def _send(self, punch: Punch, about: str) -> int:
        trouble = self._meet(punch)
        if trouble == "hang":
            self._process.rig.far.busy -= 1
            await self._telegram.answering.wait()
            self._process.rig.far.busy += 1
        await self._process.rig.judge_news(punch, about)
        number = len(self._telegram.messages) + 1
        self._telegram.messages[number] = Said(punch.id, [about])
        if trouble == "unclear":
            raise Undelivered(unsent=False)
        return number

    async def _edit(self, punch: Punch, about: str) -> None:
        trouble = self._meet(punch)
        await self._process.rig.judge_news(punch, about)
        assert punch.message_id is not None
        self._telegram.messages[punch.message_id].about.append(about)
        if trouble == "unclear":
            raise Undelivered(unsent=False)

    async def _append(self, kept: list[int], punch: Punch) -> None:
        kept.append(punch.id)

    def _meet(self, punch: Punch) -> str:
        trouble, wait = self._telegram.trouble()
        match trouble:
            case "unsent":
                raise Undelivered(unsent=True, retry_after=wait)
            case "lost":
                raise Undelivered(unsent=False)
            case "final":
                self._telegram.unreachable.add(punch.id)
                raise Undelivered(unsent=True, final=True)
        return trouble


# -- a process ---------------------------------------------------------------------------------------------------------


class _Steps:
    """The backend of a process's Database: every transaction is a step."""

    def __init__(self, process: "Process", inner: Database) -> None:
        self._process = process
        self._inner = inner

    async def write(self, work: Callable[[Connection], T]) -> T:
        return await self._process.step(lambda: self._inner.write(work))

    async def read(self, work: Callable[[Connection], T]) -> T:
        return await self._process.step(lambda: self._inner.read(work))

    async def close(self) -> None:
        return


class _Line(httpx.AsyncBaseTransport):
    def __init__(self, process: "Process") -> None:
        self._process = process

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self._process.step(lambda: self._process.rig.far.handle(request))


class Process:
    """All services of one `hadir run`. What it does outside of its own memory is a step; before and after each it can
    die, after each it can be found paused."""

    def __init__(self, rig: "Rig") -> None:
        self.rig = rig
        self.alive = True
        self.was_paused = False
        self._running = asyncio.Event()
        self._running.set()
        self._fuse: int | None = None
        self._doze: int | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        db, now = Database(_Steps(self, rig.store)), rig.clock
        http = httpx.AsyncClient(transport=_Line(self), base_url="http://biotime.test")
        tenants = Tenants([Tenant(NAME, ZONE, BioTimeClient(http, NAME, ZONE))])
        self.db = db
        self.sessions = Sessions(db, tenants, Cipher(KEY), now)
        self.telling = Telling(db, RecordingMessenger(self), now)
        self.sending = Sending(db, Requests(db, self.sessions, now), self.telling, now)
        self.clocking = Clocking(db, Areas(db, now), Addresses(), self.sending, now)
        self.linking = Linking(db, tenants, self.sessions, self.sending, now)
        self.audit = Audit(db, self.sessions, self.telling, now)

    async def step(self, act: Callable[[], Awaitable[T]]) -> T:
        self._burn()
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.rig.far.busy += 1
        try:
            result = await act()
        finally:
            self.rig.far.busy -= 1
        self._doze_off()
        await self._running.wait()
        self._burn()
        return result

    def pause(self, *, after: int = 0) -> None:
        """Like SIGSTOP: now, or at the end of so many more steps."""
        self.was_paused = True
        if after:
            self._doze = after
        else:
            self._running.clear()

    def resume(self) -> None:
        self._running.set()

    def light(self, steps: int) -> None:
        """Dies after so many more steps' ends."""
        self._fuse = steps

    def kill(self) -> None:
        """kill -9: nothing of it runs on, but for the transaction and the request that are on their way."""
        self.alive = False
        current = asyncio.current_task()
        for task in [*self._tasks, *self.sending._driven.values()]:
            if task is not current and not task.done():
                task.cancel()

    def _doze_off(self) -> None:
        if self._doze is not None:
            self._doze -= 1
            if self._doze <= 0:
                self._doze = None
                self._running.clear()

    def _burn(self) -> None:
        if self._fuse is not None:
            self._fuse -= 1
            if self._fuse <= 0 and self.alive:
                self.kill()
        if not self.alive:
            raise asyncio.CancelledError


# -- everything --------------------------------------------------------------------------------------------------------


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
    final: dict[int, State] = field(default_factory=dict)
    failures: list[Violation] = field(default_factory=list)
    killed: int = 0
    overlapped: bool = False

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
        found = await self.store.read(lambda c: punches.find_punch(c, punch.id))
        assert found is not None
        return found

    async def stamps(self) -> list[Any]:
        t = gateway_tables.transactions
        query = sa.select(t).where(t.c.source == Source.APP.value).order_by(t.c.id)
        return await self.records.read(lambda c: list(c.execute(query).all()))

    async def filed(self) -> list[Any]:
        return await self.records.read(lambda c: list(c.execute(sa.select(gateway_tables.manual_logs)).all()))

    async def judge_news(self, punch: Punch, about: str) -> None:
        """6: "clocked in" is said only when BioTime has it. Kept for `check`: here it would only end a task."""
        mark = f"[TG-{punch.ref}]"
        if about.startswith("confirmed") and not any(mark in row.gps_location for row in await self.stamps()):
            self.failures.append(Violation(f"6: said to be clocked in, BioTime does not have it: {punch.ref}"))
        if about.startswith("manual_confirmed") and not any(mark in row.apply_reason for row in await self.filed()):
            self.failures.append(Violation(f"6: said to be filed, BioTime does not have it: {punch.ref}"))

    async def check(self, *, at_rest: bool = False) -> None:
        """Raises Violation."""
        for failure in self.failures:
            raise failure
        since = datetime.min.replace(tzinfo=self.clock.at.tzinfo) + timedelta(days=1)
        kept = await self.store.read(lambda c: punches.find_twins(c, since))
        stamps, filed = await self.stamps(), await self.filed()
        self._check_updates(kept)
        for punch in kept:
            mark = f"[TG-{punch.ref}]"
            own_stamps = [row for row in stamps if mark in row.gps_location]
            own_filed = [row for row in filed if mark in row.apply_reason]
            self._check_writes(punch, own_stamps, own_filed)
            if at_rest:
                self._check_rest(punch, own_stamps, own_filed)
                self._check_told(punch)
        self._check_posting(kept)
        if at_rest or not self.slept:  # what a sleeper did too late is flagged at night
            self._check_order(kept, stamps)

    def _check_updates(self, kept: list[Punch]) -> None:
        ids = {punch.id for punch in kept}
        require(set(self.acknowledged.values()) <= ids, "1: an acknowledged punch is lost")
        require(len({punch.source for punch in kept}) == len(kept), "1: one source, two punches")
        for punch in kept:
            state = punch.progress.state
            before = self.final.get(punch.id, state)
            require(before is state, "7: a final state changed", f"{before} -> {state}")
            if state in FINAL:
                self.final[punch.id] = state

    def _check_writes(self, punch: Punch, stamps: list[Any], filed: list[Any]) -> None:
        require(len(stamps) <= 1, "2: two clock-ins with one marker", punch.ref)
        for row in filed:
            require(row.punched_at == punch.punched_at, "5: a manual log with another time", punch.ref)

    def _check_posting(self, kept: list[Punch]) -> None:
        """3: a clock-in that starts out late cannot come in on time. (A process that slept may not know.)"""
        if self.slept:
            return
        for at, body in self.far.writes:
            for punch in kept:
                if f"[TG-{punch.ref}]".encode() in body and b"gps_location" in body:
                    require(at - punch.punched_at <= TOLERANCE, "3: sent late", punch.ref)

    def _check_order(self, kept: list[Punch], stamps: list[Any]) -> None:
        for emp_code in {punch.emp_code for punch in kept}:
            own = {f"[TG-{p.ref}]": p for p in kept if p.emp_code == emp_code and not p.progress.flagged}
            ours = [own[mark] for row in stamps for mark in own if mark in row.gps_location]
            times = [punch.punched_at for punch in ours]
            require(times == sorted(times), "9: clock-ins out of order", times)

    def _check_rest(self, punch: Punch, stamps: list[Any], filed: list[Any]) -> None:
        progress = punch.progress
        require(progress.state in FINAL, "8: not final", f"{punch.ref} {progress.state}")
        require(len(filed) <= 1 or progress.flagged, "4: two manual logs", punch.ref)
        both = bool(stamps and filed)
        require(not both or progress.correction or progress.flagged, "4: both, and nobody knows", punch.ref)
        require(self.slept or not progress.flagged, "4: flagged for nothing", punch.ref)
        if progress.flagged:
            require(punch.id in self.telegram.warnings, "4: flagged, and no manager was told", punch.ref)
        if progress.state is State.CONFIRMED:
            require(len(stamps) == 1, "3: confirmed, not in BioTime", punch.ref)
            off = abs(stamps[0].punched_at - punch.punched_at)
            require(off <= TOLERANCE, "3: confirmed at a wrong time", off)
        if progress.state is State.MANUAL_CONFIRMED:
            require(bool(filed), "3: filed, not in BioTime", punch.ref)
        if progress.state in (State.REJECTED, State.HUMAN):
            require(punch.id in self.telegram.warnings, "no manager was told", punch.ref)

    def _check_told(self, punch: Punch) -> None:
        require(punch.told == news_of(punch.progress), "not told", f"{punch.ref} {punch.told}")
        said = self.telegram.sent(punch.id)
        require(len(said) <= 2, "told in more than two messages", punch.ref)
        if punch.message_id is not None and punch.id not in self.telegram.unreachable:
            last = self.telegram.messages[punch.message_id].about[-1]
            require(last == punch.told, "the message says something else", f"{last}, not {punch.told}")


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
            await rig.store.write(upgrade(STORE))
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
