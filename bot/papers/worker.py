"""The process that makes papers, from both of its ends. It ends with its parent: then there is nothing more to read.

An order is a pickled (module, function, paper), an answer a pickled (bytes, error), each after its length. Both come
from our own code, through a pipe that nobody else holds.
"""

import asyncio
import contextlib
import importlib
import os
import pickle
import struct
import sys
import tempfile
from datetime import timedelta
from typing import BinaryIO

_LENGTH = struct.Struct(">I")
# What takes longer will not end well; a year of time cards takes seconds.
PATIENCE = timedelta(seconds=60)


class Died(Exception):
    """The process ended, or was ended, before it answered."""


class Failed(Exception):
    """The paper could not be made; says what was raised over there."""


class Worker:
    """One order after the other. The process is started by the first one, and anew after it has died."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()
        # matplotlib lists the machine's fonts in a file, and the container's disk is read-only.
        self._folder = tempfile.TemporaryDirectory(prefix="hadir-papers-", ignore_cleanup_errors=True)

    async def run(self, order: bytes) -> bytes:
        """Raises Died and Failed."""
        async with self._turn:
            try:
                async with asyncio.timeout(PATIENCE.total_seconds()):
                    answer = await self._ask(order)
            except (OSError, EOFError, TimeoutError) as problem:
                await self._end()
                raise Died from problem
            except asyncio.CancelledError:
                # In the middle of an answer, which the next one would take for its own.
                await self._end()
                raise
        return read_answer(answer)

    async def close(self) -> None:
        await self._end()
        self._folder.cleanup()

    async def _ask(self, order: bytes) -> bytes:
        if self._process is None or self._process.returncode is not None:
            self._process = await self._start()
        sink, source = self._process.stdin, self._process.stdout
        assert sink is not None
        assert source is not None
        sink.write(_LENGTH.pack(len(order)) + order)
        await sink.drain()
        (length,) = _LENGTH.unpack(await source.readexactly(_LENGTH.size))
        return await source.readexactly(length)

    async def _start(self) -> asyncio.subprocess.Process:
        pipe, nowhere = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
        # A session of its own: Ctrl-C is for the parent, which then closes it in order. It gets no secret with its
        # environment.
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot.papers.worker", stdin=pipe, stdout=pipe, stderr=nowhere, start_new_session=True,
            env={**_harmless(), "MPLCONFIGDIR": self._folder.name, "MPLBACKEND": "agg"},
        )  # fmt: skip

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


def read_answer(answer: bytes) -> bytes:
    """Raises Failed."""
    made, error = pickle.loads(answer)  # noqa: S301 - our own process
    if error is not None:
        raise Failed(error)
    return bytes(made)


def _harmless() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("HADIR_")}


# -- over there --------------------------------------------------------------------------------------------------------


def carry_out(order: bytes) -> bytes:
    """An order's answer."""
    module, name, paper = pickle.loads(order)  # noqa: S301 - from our own parent
    try:
        made = getattr(importlib.import_module(module), name)(paper)
    except Exception as problem:  # whatever it is, the parent is told
        return pickle.dumps((None, f"{type(problem).__name__}: {problem}"))
    return pickle.dumps((made, None))


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    """Until nothing more comes."""
    while head := source.read(_LENGTH.size):
        (length,) = _LENGTH.unpack(head)
        answer = carry_out(source.read(length))
        sink.write(_LENGTH.pack(len(answer)) + answer)
        sink.flush()


def main() -> None:
    os.nice(5)  # replies come first
    sink = os.fdopen(os.dup(1), "wb")
    # What a library prints must not get among the answers.
    os.dup2(2, 1)
    serve(sys.stdin.buffer, sink)


if __name__ == "__main__":
    main()
