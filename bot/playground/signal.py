"""Waking those who wait for a change, without anyone polling."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Signal:
    """Rung after every change of the playground; waiters look again at what they wait for."""

    def __init__(self) -> None:
        self._waiters: set[asyncio.Future[None]] = set()
        self.closed = False

    def ring(self) -> None:
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)

    def open(self) -> None:
        """Waits last again, after a close."""
        self.closed = False

    def close(self) -> None:
        """Let every wait end as if its time were up: the server is going down."""
        self.closed = True
        self.ring()

    async def wait_for(self, look: Callable[[], T | None], seconds: float) -> T | None:
        """What `look` gives as soon as it is not None; None when the time is up or the playground closes."""
        try:
            async with asyncio.timeout(seconds):
                while (found := look()) is None and not self.closed:
                    await self._next_ring()
        except TimeoutError:
            return look()
        return found

    async def _next_ring(self) -> None:
        waiter = asyncio.get_running_loop().create_future()
        self._waiters.add(waiter)
        try:
            await waiter
        finally:
            self._waiters.discard(waiter)
