"""The real `hadir run`, started again and again; and what kills it. It is forked with everything imported: what is hit
is what a start does.
"""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.forked import Forked, Order, start

RUN, LATER = "bot", "tests.kills.later"


@dataclass(frozen=True)
class Program:
    process: Forked

    async def kill(self) -> bool:
        """Whether it was still there to be killed. It is gone after that, and its lock with it."""
        self.process.send_signal(signal.SIGKILL)
        return await self._wait() == -signal.SIGKILL

    def ask_to_end(self) -> None:
        self.process.send_signal(signal.SIGTERM)

    async def end(self) -> None:
        """As an operator ends it."""
        self.ask_to_end()
        assert await asyncio.wait_for(self._wait(), 30) == 0

    async def _wait(self) -> int:
        return await asyncio.to_thread(lambda: self.process.returncode)


@dataclass
class Programs:
    """`environ` is all they know; `folder` gets what they log. One at a time."""

    folder: Path
    environ: dict[str, str]
    _started: Program | None = field(default=None)

    @property
    def log(self) -> Path:
        return self.folder / "log"

    async def start(self, module: str = RUN) -> Program:
        order = Order(module, ("run",), str(self.folder), self.environ)
        with self.log.open("a") as log:
            process = await asyncio.to_thread(start, order, log.fileno(), log.fileno())
        self._started = Program(process)
        return self._started

    async def gone(self) -> None:
        if self._started is not None:
            await self._started.kill()
            self._started = None


@asynccontextmanager
async def opened(programs: Programs) -> AsyncIterator[Programs]:
    try:
        yield programs
    finally:
        await programs.gone()
