"""How a command ends: with 0 when it is interrupted, else with one sentence that says what to do."""

import asyncio
import signal
import sys
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, NoReturn, TypeVar

import uvloop
from rich.console import Console

Result = TypeVar("Result")

out = Console()
err = Console(stderr=True)


class Refused(Exception):
    """One sentence for each thing that is wrong, and the exit code of the command."""

    def __init__(self, *problems: str, code: int = 2) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems
        self.code = code


def describe(problem: Exception) -> tuple[str, ...]:
    """Nothing for a bug."""
    match problem:
        case Refused():
            return problem.problems
        case OSError():
            return (str(problem),)
    return ()


def finish(
    work: Coroutine[Any, Any, Result], describe: Callable[[Exception], tuple[str, ...]] = describe
) -> Result | None:
    """Its result; None where a signal ended it first. A fault that people can mend ends the program with a sentence:
    `describe` says it.
    """
    try:
        return uvloop.run(_until_interrupted(work))
    except Exception as problem:
        said = describe(problem)
        if not said:
            raise
        fail(*said, code=problem.code if isinstance(problem, Refused) else 2)


async def _until_interrupted(work: Coroutine[Any, Any, Result]) -> Result | None:
    """SIGINT and SIGTERM end the work wherever it is, its start included; once, so that it can close what it opened."""
    interrupted = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, interrupted.set)
    working, waiting = asyncio.ensure_future(work), asyncio.ensure_future(interrupted.wait())
    await asyncio.wait({working, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    working.cancel()
    with suppress(asyncio.CancelledError):
        return await working
    return None


def fail(*problems: str, code: int = 2) -> NoReturn:
    for problem in problems:
        err.print(problem, style="red", markup=False, highlight=False, soft_wrap=True)
    sys.exit(code)
