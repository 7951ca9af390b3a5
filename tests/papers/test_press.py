"""Papers are made once, kept for a while, and refused when too many wait; and the process that makes them."""

import asyncio
import os
import pickle
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.papers.press import KEPT_BYTES, NoPaper, Press
from bot.papers.worker import Died, Failed, Worker
from tests.papers.samples import build_week

COPY = "builtins:bytes"  # what it makes of some bytes is those bytes


class SlowWorker:
    """Answers with the order itself, when it is let."""

    def __init__(self) -> None:
        self.orders: list[bytes] = []
        self.may = asyncio.Event()
        self.deaths = 0

    async def run(self, order: bytes) -> bytes:
        self.orders.append(order)
        await self.may.wait()
        if self.deaths:
            self.deaths -= 1
            raise Died
        return order

    async def close(self) -> None:
        """Nothing to end."""


async def test_two_who_want_the_same_get_one() -> None:
    worker = SlowWorker()
    press = Press(worker)
    both = [asyncio.create_task(press.make(COPY, "paper")) for _ in range(2)]
    await asyncio.sleep(0)
    worker.may.set()
    one, other = await asyncio.gather(*both)
    assert one == other == await press.make(COPY, "paper")
    assert len(worker.orders) == 1
    await press.make(COPY, "another")
    assert len(worker.orders) == 2


async def test_too_many_are_refused_at_once() -> None:
    worker = SlowWorker()
    press = Press(worker, waiting=2)
    waiting = [asyncio.create_task(press.make(COPY, number)) for number in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(NoPaper, match="too many"):
        await press.make(COPY, 2)
    worker.may.set()
    await asyncio.gather(*waiting)
    assert await press.make(COPY, 2)


async def test_who_goes_does_not_take_it_from_the_others() -> None:
    worker = SlowWorker()
    press = Press(worker)
    hasty, patient = (asyncio.create_task(press.make(COPY, "paper")) for _ in range(2))
    await asyncio.sleep(0)
    hasty.cancel()
    worker.may.set()
    assert await patient


async def test_a_process_that_dies_is_tried_once_more() -> None:
    worker = SlowWorker()
    worker.may.set()
    worker.deaths = 1
    assert await Press(worker).make(COPY, "paper")
    worker.deaths = 2
    with pytest.raises(NoPaper, match="died"):
        await Press(worker).make(COPY, "paper")


async def test_old_papers_are_forgotten() -> None:
    worker = SlowWorker()
    worker.may.set()
    press = Press(worker)
    for number in range(3):
        await press.make(COPY, bytes([number]) * (KEPT_BYTES // 2 - 200))
    before = len(worker.orders)
    await press.make(COPY, bytes([2]) * (KEPT_BYTES // 2 - 200))
    assert len(worker.orders) == before
    await press.make(COPY, bytes([0]) * (KEPT_BYTES // 2 - 200))
    assert len(worker.orders) == before + 1


# -- the process itself ------------------------------------------------------------------------------------------------


@pytest.fixture
async def worker(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Worker]:
    monkeypatch.setenv("HADIR_SECRET_KEY", "a secret")
    made = Worker()
    yield made
    await made.close()


def order(builder: str, paper: object) -> bytes:
    return pickle.dumps((*builder.split(":"), paper))


async def test_the_process_draws(worker: Worker) -> None:
    assert (await worker.run(order("bot.papers.week:draw_week", build_week("ar")))).startswith(b"\x89PNG")


async def test_the_process_makes_one_after_the_other(worker: Worker) -> None:
    made = await asyncio.gather(*(worker.run(order(COPY, bytes([n]) * 100_000)) for n in range(5)))
    assert [paper[:1] for paper in made] == [bytes([n]) for n in range(5)]


async def test_what_goes_wrong_is_said_and_the_next_one_is_made(worker: Worker) -> None:
    with pytest.raises(Failed, match="ModuleNotFoundError"):
        await worker.run(order("bot.papers.nothing:draw", 1))
    assert await worker.run(order(COPY, b"next")) == b"next"


async def test_a_dead_process_is_replaced(worker: Worker) -> None:
    with pytest.raises(Died):
        await worker.run(order("os:_exit", 3))
    assert await worker.run(order(COPY, b"next")) == b"next"


async def test_what_is_printed_over_there_is_no_answer(worker: Worker) -> None:
    assert await worker.run(order("os:system", "echo noise")) == b""
    assert await worker.run(order(COPY, b"next")) == b"next"


async def test_the_process_knows_no_secret(worker: Worker) -> None:
    assert await worker.run(order("os:getenvb", b"MPLBACKEND")) == b"agg"
    with pytest.raises(TypeError):
        await worker.run(order("os:getenvb", b"HADIR_SECRET_KEY"))


async def test_whoever_stops_waiting_leaves_no_half_an_answer(worker: Worker) -> None:
    await worker.run(order(COPY, b"first"))
    slow = asyncio.create_task(worker.run(order("os:system", "sleep 30")))
    await asyncio.sleep(0.05)
    slow.cancel()
    with pytest.raises(asyncio.CancelledError):
        await slow
    assert await worker.run(order(COPY, b"next")) == b"next"


async def test_closing_ends_it() -> None:
    worker = Worker()
    await worker.run(order(COPY, b"first"))
    assert worker._process is not None
    pid, folder = worker._process.pid, Path(worker._folder.name)
    await worker.close()
    assert not await asyncio.to_thread(folder.exists)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
