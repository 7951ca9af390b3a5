"""Where papers are made: in a process beside ours, since drawing holds the interpreter's lock and with it every reply.

What was made is kept for a while: paging back costs nothing, and two taps make one.
"""

import asyncio
import pickle
from collections import OrderedDict
from collections.abc import Hashable
from typing import Protocol

from bot.papers.worker import Died, Failed

# A paper that has to wait for so many others is refused: somebody is better told at once.
WAITING = 64
KEPT_BYTES = 16 * 1024**2
_TRIES = 2


class NoPaper(Exception):
    """Too many are waiting, or the process died over this one, or it cannot be made."""


class Runs(Protocol):
    async def run(self, order: bytes) -> bytes: ...
    async def close(self) -> None: ...


class Press:
    def __init__(self, worker: Runs, waiting: int = WAITING) -> None:
        self._worker = worker
        self._waiting = waiting
        self._making: dict[Hashable, asyncio.Task[bytes]] = {}
        self._kept: OrderedDict[Hashable, bytes] = OrderedDict()

    async def make(self, builder: str, paper: Hashable) -> bytes:
        """What `builder`, "bot.papers.month:draw_month", makes of `paper`. Raises NoPaper.

        By its name, so that this process does not load what it draws with.
        """
        key = (builder, paper)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        if key not in self._making:
            if len(self._making) >= self._waiting:
                raise NoPaper("too many are waiting")
            self._making[key] = asyncio.create_task(self._print(builder, paper))
            self._making[key].add_done_callback(lambda made: self._keep(key, made))
        # Whoever stops waiting does not stop it for the others.
        return await asyncio.shield(self._making[key])

    async def close(self) -> None:
        for task in tuple(self._making.values()):
            task.cancel()
        await asyncio.gather(*self._making.values(), return_exceptions=True)
        await self._worker.close()

    async def _print(self, builder: str, paper: Hashable) -> bytes:
        order = pickle.dumps((*builder.split(":"), paper))
        for _ in range(_TRIES):
            try:
                return await self._worker.run(order)
            except Died:
                continue  # for its memory, perhaps, or an order before this one
            except Failed as problem:
                raise NoPaper(str(problem)) from problem
        raise NoPaper("the process died")

    def _keep(self, key: Hashable, made: asyncio.Task[bytes]) -> None:
        del self._making[key]
        if made.cancelled() or made.exception() is not None:
            return
        self._kept[key] = made.result()
        while sum(map(len, self._kept.values())) > KEPT_BYTES:
            self._kept.popitem(last=False)
