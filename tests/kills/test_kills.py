"""kill -9 at random moments under load: nothing that was acknowledged is lost, nothing is doubled, no time is wrong.

`HADIR_KILLS=300` kills more often than the suite has time for.
"""

import asyncio
import json
import os
import random
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from bot.attendance.progress import FINAL, State
from bot.gateway.staff import Imported
from bot.store.cipher import new_secret_key
from tests.kills.biotime import serving
from tests.kills.books import Books, load
from tests.kills.linking import link_all
from tests.kills.worker import COMMAND, LIMITS, Order, now

KILLS = int(os.environ.get("HADIR_KILLS", "40"))
SEED = 20240603
PEOPLE = 24
EVERY = 0.04
SLOWEST = 0.12
REST = timedelta(seconds=25)


@dataclass
class Factory:
    """Starts workers and kills them."""

    process: asyncio.subprocess.Process
    order: Order
    accepting: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]]
    kills: int = 0

    async def start(self) -> "Worker":
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(asdict(self.order)).encode() + b"\n")
        pid = int(await self.process.stdout.readline())
        reader, writer = await asyncio.wait_for(self.accepting.get(), 10)
        return Worker(pid, reader, writer)


@dataclass
class Worker:
    pid: int
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        await self.hang_up()

    async def hang_up(self) -> None:
        """Comes back when the process is gone, and its lock with it."""
        with suppress(OSError):
            self.writer.write_eof()
            while await self.reader.read(1000):
                pass
        self.writer.close()
        for _ in range(1000):
            if not _is_alive(self.pid):
                return
            await asyncio.sleep(0.005)
        raise AssertionError("the worker does not end")


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@dataclass
class Crowd:
    """Shares places all the time, and again whatever was not acknowledged, as Telegram does."""

    staff: list[Imported]
    chance: random.Random
    open: dict[int, bytes] = field(default_factory=dict)
    acknowledged: set[int] = field(default_factory=set)
    last: int = 0
    all_acknowledged: asyncio.Event = field(default_factory=asyncio.Event)

    async def meet(self, worker: Worker, span: float) -> None:
        """Talks to one worker for so many seconds."""
        reading = asyncio.create_task(self._read(worker))
        for update in list(self.open.values()):
            worker.writer.write(update)
        until = asyncio.get_running_loop().time() + span
        while asyncio.get_running_loop().time() < until:
            worker.writer.write(self._share())
            await asyncio.sleep(self.chance.uniform(0, 2 * EVERY))
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)

    async def repeat(self, worker: Worker) -> None:
        """Until everything is acknowledged."""
        reading = asyncio.create_task(self._read(worker))
        if self.open:
            self.all_acknowledged.clear()
        for update in list(self.open.values()):
            worker.writer.write(update)
        await self.all_acknowledged.wait()
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)

    def _share(self) -> bytes:
        self.last += 1
        number, chat = self.last, 1 + self.last % PEOPLE
        # In and out by turns: two of a kind within a minute would be one punch.
        kind = self.last // PEOPLE % 2
        message = {"chat": {"id": chat}, "date": int(now().timestamp()), "punch_state": kind}
        self.open[number] = json.dumps({"update_id": number, "message": message}).encode() + b"\n"
        return self.open[number]

    async def _read(self, worker: Worker) -> None:
        while line := await worker.reader.readline():
            if line.endswith(b"\n"):
                self.acknowledged.add(int(line))
                self.open.pop(int(line), None)
                if not self.open:
                    self.all_acknowledged.set()


@asynccontextmanager
async def factory(order: Order) -> AsyncIterator[Factory]:
    accepting: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        accepting.put_nowait((reader, writer))

    listener = await asyncio.start_unix_server(accept, order.socket)
    process = await asyncio.create_subprocess_exec(
        *COMMAND, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"ready\n"
    try:
        yield Factory(process, order, accepting)
    finally:
        process.kill()
        await process.wait()
        listener.close()


async def come_to_rest(folder: Path) -> None:
    until = now() + REST
    while now() < until:
        rows = load(folder / "store.db", "SELECT state FROM punches")
        if all(row["state"] in FINAL for row in rows):
            return
        await asyncio.sleep(0.1)
    raise AssertionError("not everything comes to rest")


async def play(order: Order, staff: list[Imported], kills: int) -> Crowd:
    chance = random.Random(SEED)
    crowd = Crowd(staff, chance)
    async with factory(order) as workers:
        worker = await workers.start()
        for _ in range(kills):
            # Often in the middle of a start, seldom after long.
            await crowd.meet(worker, chance.choice((0.0, 0.05, 0.2, 0.4, 0.9)) * chance.random() * 1.5)
            await worker.kill()
            worker = await workers.start()
        await crowd.meet(worker, 1)
        await crowd.repeat(worker)
        await come_to_rest(Path(order.folder))
        await worker.hang_up()
    return crowd


@pytest.mark.timeout(600)
async def test_nothing_is_lost_and_nothing_doubled(tmp_path: Path) -> None:
    with serving(tmp_path, PEOPLE, SLOWEST) as (url, staff):
        order = Order(str(tmp_path), url, f"{tmp_path}/socket", new_secret_key())
        await link_all(order.store, order.url, order.key, staff)
        crowd = await play(order, staff, KILLS)
    books = Books.read(tmp_path, LIMITS.tolerance)
    books.check(crowd.acknowledged)
    books.check_order()
    # The kills hit punches in mid-air, and not all of them.
    states = [punch["state"] for punch in books.punches]
    assert {State.CONFIRMED, State.MANUAL_CONFIRMED} <= set(states)
    print(f"{KILLS} kills, {len(states)} punches: { ({state: states.count(state) for state in set(states)}) }")
