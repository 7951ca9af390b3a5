"""All services of one `hadir run`, which can be paused or killed at any step."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

import httpx
from sqlalchemy import Connection

from bot.biotime.client import BioTimeClient
from bot.database import Database
from bot.gateway.sample import NAME, ZONE
from bot.services.addresses import Addresses
from bot.services.areas import Areas
from bot.services.audit import Audit
from bot.services.clocking import Clocking
from bot.services.filings import Kind
from bot.services.guessing import Guessing
from bot.services.linking import Linking
from bot.services.receipts import ReceiptBook
from bot.services.requests import Requests
from bot.services.sending import Sending
from bot.services.sessions import Sessions
from bot.services.telling import Telling
from bot.services.tenants import Tenant, Tenants
from bot.store import punches
from bot.store.cipher import Cipher, new_secret_key
from tests.services.telegram import RecordingMessenger

if TYPE_CHECKING:
    from tests.services.rig import Rig

T = TypeVar("T")
KEY = new_secret_key()


class _Steps:
    """The backend of a process's Database: every transaction is a step."""

    def __init__(self, process: "Process", inner: Database) -> None:
        self._process = process
        self._inner = inner

    async def write(self, work: Callable[[Connection], T]) -> T:
        return await self._process.step(lambda: self._inner.write(work))

    async def read(self, work: Callable[[Connection], T]) -> T:
        return await self._process.step(lambda: self._inner.read(work))

    async def read_aside(self, work: Callable[[Connection], T]) -> T:
        return await self._process.step(lambda: self._inner.read_aside(work))

    async def scrub(self) -> None:
        await self._inner.scrub()

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
        self.telling = Telling(db, RecordingMessenger(self), now, punches, Kind.LOG)
        self.sending = Sending(
            db, Requests(db, self.sessions, now), self.telling, now, rows=punches, book=ReceiptBook(Cipher(KEY), now)
        )
        self.clocking = Clocking(db, Areas(db, now), Addresses(), self.sending, now)
        self.linking = Linking(db, tenants, self.sessions, self.sending, now, guessing=Guessing(db, self.sessions, now))
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
