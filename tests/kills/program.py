"""The real `hadir run`, started again and again; and what kills it.

Two of its starts overlap without sharing the database: a program reads its token from a pipe, so it imports everything
(most of a start) and then waits there, before it opens anything, until the one before it is dead.
"""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

RUN = (sys.executable, "-m", "bot", "run")
LATER = (sys.executable, "-m", "tests.kills.later", "run")


@dataclass(frozen=True)
class Program:
    """One process. Nothing of it happens outside of it before `go`."""

    process: asyncio.subprocess.Process
    pipe: Path

    async def go(self, token: str) -> None:
        """Comes back once the token is handed over: from then on it opens the database, and so on."""
        while (end := _open(self.pipe)) is None:
            assert self.process.returncode is None, "it ended before it began"
            await asyncio.sleep(0.01)
        with os.fdopen(end, "w") as pipe:
            pipe.write(token)

    async def kill(self) -> bool:
        """Whether it was still there to be killed. It is gone after that, and its lock with it."""
        with suppress(ProcessLookupError):
            self.process.kill()
        return await self.process.wait() == -signal.SIGKILL

    def ask_to_end(self) -> None:
        self.process.terminate()

    async def end(self) -> None:
        """As an operator ends it."""
        self.ask_to_end()
        assert await asyncio.wait_for(self.process.wait(), 30) == 0


@dataclass
class Programs:
    """`environ` is without the token; `folder` gets the pipes and what the programs log."""

    folder: Path
    token: str
    environ: dict[str, str]
    _prepared: list[Program] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=count)

    @property
    def log(self) -> Path:
        return self.folder / "log"

    async def prepare(self, command: tuple[str, ...] = RUN) -> None:
        pipe = self.folder / f"token-{next(self._numbers)}"
        os.mkfifo(pipe, 0o600)
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("HADIR_")}
        environ = {**inherited, **self.environ, "HADIR_TELEGRAM_TOKEN_FILE": str(pipe)}
        with self.log.open("a") as log:
            process = await asyncio.create_subprocess_exec(*command, env=environ, stdout=log, stderr=log)
        self._prepared.append(Program(process, pipe))

    async def start(self, following: tuple[str, ...] | None = RUN) -> Program:
        """The one that was prepared; beside it, the one `following` it is."""
        if following is not None:
            await self.prepare(following)
        program = self._prepared[0]
        await program.go(self.token)
        return program

    async def gone(self) -> None:
        """The one that was started."""
        await self._prepared.pop(0).kill()

    async def close(self) -> None:
        while self._prepared:
            await self.gone()


@asynccontextmanager
async def opened(programs: Programs) -> AsyncIterator[Programs]:
    await programs.prepare()
    try:
        yield programs
    finally:
        await programs.close()


def _open(pipe: Path) -> int | None:
    """To write into; None while nobody reads."""
    try:
        return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
    except OSError:
        return None
