import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.ordering import ChatQueues

Item = tuple[str, int]


class Desk:
    """Processes items and remembers what happened; an item whose number is in `bad` fails."""

    def __init__(self, bad: frozenset[int] = frozenset()) -> None:
        self.bad = bad
        self.done: list[Item] = []
        self.errors: list[tuple[str, Exception]] = []
        self.running: set[Item] = set()
        self.most_running = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def process(self, item: Item) -> None:
        assert not [other for other in self.running if other[0] == item[0]], "two of one chat at once"
        self.running.add(item)
        self.most_running = max(self.most_running, len(self.running))
        try:
            await self.gate.wait()
            # Later items of a chat are quicker: only the queue keeps them in order.
            await asyncio.sleep(0.001 if item[1] % 2 == 0 else 0)
            if item[1] in self.bad:
                raise ValueError(f"bad item {item[1]}")
            self.done.append(item)
        finally:
            self.running.discard(item)

    def on_error(self, key: str, error: Exception) -> None:
        self.errors.append((key, error))

    def numbers(self, key: str) -> list[int]:
        return [number for owner, number in self.done if owner == key]


async def settle() -> None:
    """Lets every task run until it waits."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_order_is_kept_within_a_chat_and_chats_run_together() -> None:
    desk = Desk()
    queues = ChatQueues[str, Item](desk.process, desk.on_error)
    for number in range(10):
        for chat in ("mona", "omar", "huda"):
            assert queues.put(chat, (chat, number))
    await queues.join()
    for chat in ("mona", "omar", "huda"):
        assert desk.numbers(chat) == list(range(10))
    assert desk.most_running == 3


async def test_one_flooding_chat_holds_one_slot_only() -> None:
    desk = Desk()
    desk.gate.clear()
    queues = ChatQueues[str, Item](desk.process, desk.on_error, concurrency=2, waiting=100)
    for number in range(50):
        queues.put("sara", ("sara", number))
    queues.put("mona", ("mona", 0))
    await settle()
    assert desk.running == {("sara", 0), ("mona", 0)}
    desk.gate.set()
    await queues.join()


async def test_with_one_slot_a_flooding_chat_takes_turns() -> None:
    desk = Desk()
    queues = ChatQueues[str, Item](desk.process, desk.on_error, concurrency=1, waiting=100)
    for number in range(50):
        queues.put("sara", ("sara", number))
    queues.put("mona", ("mona", 0))
    await queues.join()
    assert desk.done.index(("mona", 0)) <= 2
    assert desk.most_running == 1


async def test_never_more_than_the_limit_at_once() -> None:
    desk = Desk()
    queues = ChatQueues[str, Item](desk.process, desk.on_error, concurrency=4)
    for chat in range(40):
        queues.put(str(chat), (str(chat), 0))
    await queues.join()
    assert len(desk.done) == 40
    assert desk.most_running == 4


async def test_a_full_queue_refuses_and_other_chats_do_not_notice() -> None:
    desk = Desk()
    desk.gate.clear()
    queues = ChatQueues[str, Item](desk.process, desk.on_error, waiting=3)
    assert queues.put("sara", ("sara", 0))
    await settle()
    assert [queues.put("sara", ("sara", number)) for number in range(1, 6)] == [True, True, True, False, False]
    assert queues.put("mona", ("mona", 0))
    desk.gate.set()
    await queues.join()
    assert desk.numbers("sara") == [0, 1, 2, 3]
    assert desk.numbers("mona") == [0]
    assert queues.put("sara", ("sara", 6))
    await queues.join()


class Inbox:
    """A durable inbox in miniature: what is kept and not processed comes back in order."""

    def __init__(self, desk: Desk) -> None:
        self.kept: list[Item] = []
        self.desk = desk

    async def refill(self, key: str) -> Sequence[Item]:
        found = [item for item in self.kept if item[0] == key and item not in self.desk.done]
        await asyncio.sleep(0)
        return found[:3]


@given(st.lists(st.tuples(st.sampled_from(["mona", "omar"]), st.booleans()), max_size=60))
def test_with_an_inbox_nothing_is_lost_doubled_or_overtaken(arrivals: list[tuple[str, bool]]) -> None:
    async def run() -> None:
        desk = Desk()
        inbox = Inbox(desk)
        queues = ChatQueues[str, Item](desk.process, desk.on_error, inbox.refill, concurrency=2, waiting=2)
        for number, (chat, pause) in enumerate(arrivals):
            inbox.kept.append((chat, number))
            queues.put(chat, (chat, number))
            if pause:
                await asyncio.sleep(0)
        await queues.join()
        for chat in ("mona", "omar"):
            assert desk.numbers(chat) == [number for owner, number in inbox.kept if owner == chat]
        assert desk.errors == []

    asyncio.run(run())


async def test_what_is_refused_while_the_inbox_is_read_is_not_forgotten() -> None:
    desk = Desk()
    inbox = Inbox(desk)
    reads = 0

    async def refill(key: str) -> Sequence[Item]:
        nonlocal reads
        reads += 1
        found = await inbox.refill(key)
        if reads == 2:
            assert not found
            # Arrives after the inbox was looked at, before the answer is back.
            inbox.kept.append(("mona", 9))
            assert not queues.put("mona", ("mona", 9))
        return found

    queues = ChatQueues[str, Item](desk.process, desk.on_error, refill, waiting=1)
    inbox.kept += [("mona", 0), ("mona", 1)]
    assert [queues.put("mona", item) for item in list(inbox.kept)] == [True, False]
    await queues.join()
    assert desk.numbers("mona") == [0, 1, 9]


async def test_an_inbox_that_cannot_be_read_is_reported() -> None:
    desk = Desk()

    async def refill(_: str) -> Sequence[Item]:
        raise OSError("locked")

    queues = ChatQueues[str, Item](desk.process, desk.on_error, refill, waiting=1)
    queues.put("mona", ("mona", 0))
    queues.put("mona", ("mona", 1))
    await queues.join()
    assert [(key, str(error)) for key, error in desk.errors] == [("mona", "locked")]
    assert queues.put("mona", ("mona", 2))
    await queues.join()
    assert desk.numbers("mona") == [0, 2]


async def test_an_error_is_reported_and_the_next_item_follows() -> None:
    desk = Desk(bad=frozenset({1}))
    queues = ChatQueues[str, Item](desk.process, desk.on_error)
    for number in range(3):
        queues.put("mona", ("mona", number))
    await queues.join()
    assert desk.numbers("mona") == [0, 2]
    assert [(key, str(error)) for key, error in desk.errors] == [("mona", "bad item 1")]


async def test_a_reporter_that_fails_stops_nothing() -> None:
    desk = Desk(bad=frozenset({0}))
    loop, noticed = asyncio.get_running_loop(), list[BaseException]()
    loop.set_exception_handler(lambda _, context: noticed.append(context["exception"]))

    def on_error(_: str, error: Exception) -> None:
        raise RuntimeError("log is full") from error

    queues = ChatQueues[str, Item](desk.process, on_error)
    queues.put("mona", ("mona", 0))
    queues.put("mona", ("mona", 1))
    await queues.join()
    assert desk.numbers("mona") == [1]
    assert [str(error) for error in noticed] == ["log is full"]


async def test_something_cancelled_inside_an_item_is_an_error_as_any_other() -> None:
    desk = Desk()

    async def process(item: Item) -> None:
        if item[1] == 0:
            future = asyncio.get_running_loop().create_future()
            future.cancel()
            await future
        await desk.process(item)

    queues = ChatQueues[str, Item](process, desk.on_error)
    queues.put("mona", ("mona", 0))
    queues.put("mona", ("mona", 1))
    await queues.join()
    assert desk.numbers("mona") == [1]
    assert len(desk.errors) == 1


async def test_closing_lets_what_runs_end_and_leaves_what_waits() -> None:
    desk = Desk()
    desk.gate.clear()
    queues = ChatQueues[str, Item](desk.process, desk.on_error, concurrency=1)
    for chat, number in (("mona", 0), ("mona", 1), ("omar", 0)):
        queues.put(chat, (chat, number))
    await settle()
    closing = asyncio.create_task(queues.close())
    await settle()
    assert not closing.done()
    assert not queues.put("huda", ("huda", 0))
    desk.gate.set()
    await closing
    assert desk.done == [("mona", 0)]
    await queues.close()


async def test_closing_cancels_when_its_patience_is_over() -> None:
    desk = Desk()
    desk.gate.clear()
    queues = ChatQueues[str, Item](desk.process, desk.on_error)
    queues.put("mona", ("mona", 0))
    await settle()
    async with asyncio.timeout(1):
        await queues.close(timedelta(milliseconds=10))
    assert desk.done == []
    assert desk.running == set()
    assert desk.errors == []


async def test_cancelling_join_stops_no_work() -> None:
    desk = Desk()
    desk.gate.clear()
    queues = ChatQueues[str, Item](desk.process, desk.on_error)
    queues.put("mona", ("mona", 0))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await queues.join()
    desk.gate.set()
    await queues.join()
    assert desk.done == [("mona", 0)]
