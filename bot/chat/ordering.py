"""What one chat sends is worked on in order, different chats at the same time.

Everything put in here is in the durable inbox already, so that nothing is lost by refusing it or by closing: a chat
with too much waiting is refused until it has caught up, and the rest then comes out of the inbox, still in order.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Item = TypeVar("Item")


@dataclass(slots=True)
class _Queue(Generic[Item]):
    waiting: deque[Item] = field(default_factory=deque)
    # Refusing: the inbox has items of this chat that are not in `waiting`, and what comes next must stay behind them.
    behind: bool = False
    refused_since_refill: bool = False


class ChatQueues(Generic[Key, Item]):
    """Runs `process(item)`, one at a time per key, at most `concurrency` over all keys, `waiting` more per key.

    `refill(key)` is asked for the next items of a key that was refused, when everything accepted has been processed:
    the oldest open ones of the inbox, in order, an empty sequence at the end. An item that failed must no longer be
    among them. Without `refill` a refusal is the caller's matter. Errors go to `on_error(key, error)`, and the next
    item follows.
    """

    def __init__(
        self,
        process: Callable[[Item], Awaitable[None]],
        on_error: Callable[[Key, Exception], None],
        refill: Callable[[Key], Awaitable[Sequence[Item]]] | None = None,
        *,
        concurrency: int = 256,
        waiting: int = 32,
    ) -> None:
        self._process = process
        self._on_error = on_error
        self._refill = refill
        self._waiting = waiting
        self._slots = asyncio.Semaphore(concurrency)
        self._queues: dict[Key, _Queue[Item]] = {}
        # asyncio keeps weak references only: an unreferenced task can vanish in the middle of its work.
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    def put(self, key: Key, item: Item) -> bool:
        """Whether the item will be processed from here; else it waits in the inbox."""
        if self._closed:
            return False
        queue = self._queues.get(key)
        if queue is None:
            queue = self._start(key)
        if queue.behind or len(queue.waiting) >= self._waiting:
            queue.behind = self._refill is not None
            queue.refused_since_refill = True
            return False
        queue.waiting.append(item)
        return True

    async def join(self) -> None:
        """Until nothing runs or waits."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def close(self, patience: timedelta | None = None) -> None:
        """Takes nothing more and lets what runs end, but cancels it when the patience is over.

        What waits stays in the inbox.
        """
        self._closed = True
        for queue in self._queues.values():
            queue.waiting.clear()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=patience.total_seconds() if patience is not None else None)
        for task in self._tasks:
            task.cancel()
        await self.join()

    def _start(self, key: Key) -> _Queue[Item]:
        queue = self._queues[key] = _Queue()
        task = asyncio.create_task(self._work(key, queue))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return queue

    async def _work(self, key: Key, queue: _Queue[Item]) -> None:
        try:
            while not self._closed and (queue.waiting or await self._catch_up(key, queue)):
                async with self._slots:
                    # Closing may have emptied it while this waited for a slot.
                    if queue.waiting:
                        await self._run(key, queue.waiting.popleft())
        finally:
            # Nothing is awaited between finding the queue empty and this: no item can slip in between.
            del self._queues[key]

    async def _run(self, key: Key, item: Item) -> None:
        try:
            await self._process(item)
        except Exception as error:  # one bad item must not stop the chat
            self._report(key, error)
        except asyncio.CancelledError as error:
            # Something inside was cancelled, not this task: to the chat it is an error as any other.
            if _is_being_cancelled():
                raise
            self._report(key, RuntimeError(f"cancelled inside: {error}"))

    async def _catch_up(self, key: Key, queue: _Queue[Item]) -> bool:
        """Whether there is more to do, out of the inbox."""
        while queue.behind and self._refill is not None and not self._closed:
            queue.refused_since_refill = False
            try:
                queue.waiting.extend(await self._refill(key))
            except Exception as error:  # the inbox is swept again at the next start
                self._report(key, error)
                return False
            if queue.waiting:
                return True
            # What was refused while the inbox was being read may not have been in it yet.
            queue.behind = queue.refused_since_refill
        return False

    def _report(self, key: Key, error: Exception) -> None:
        try:
            self._on_error(key, error)
        except Exception as broken:  # nor may a reporter that fails
            message = {"message": "reporting an error failed", "exception": broken}
            asyncio.get_running_loop().call_exception_handler(message)


def _is_being_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
