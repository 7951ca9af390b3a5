"""The process that makes papers, in a thread of this one; tests/papers/test_worker.py has the real one."""

import asyncio
from functools import cache

from bot.papers.worker import carry_out, read_answer

# The same figures come again in many tests.
_carry_out = cache(carry_out)


class WorkerHere:
    async def run(self, order: bytes) -> bytes:
        return await asyncio.to_thread(lambda: read_answer(_carry_out(order)))

    async def close(self) -> None:
        """Nothing to end."""
