"""How a command ends: with 0 when it is interrupted, else with one sentence that says what to do."""

import asyncio
import signal
import sys
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, NoReturn, TypeVar

import uvloop
from rich.console import Console
from sqlalchemy.exc import OperationalError

from bot.app import WrongToken
from bot.demo import DemoFailed
from bot.gateway.records.companies import CompanyDiffers
from bot.opening import AlreadyRunning, CannotOpen, NoCompany, UnknownCompany, describe_fault

Result = TypeVar("Result")

out = Console()
err = Console(stderr=True)


class Refused(Exception):
    """One sentence for each thing that is wrong, and the exit code of the command."""

    def __init__(self, *problems: str, code: int = 2) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems
        self.code = code


def finish(work: Coroutine[Any, Any, Result]) -> Result | None:
    """Its result; None where a signal ended it first. A fault that people can mend ends the program with a sentence."""
    try:
        return uvloop.run(_until_interrupted(work))
    except Exception as problem:
        said = _describe(problem)
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


def _describe(problem: Exception) -> tuple[str, ...]:
    """Nothing for a bug."""
    match problem:
        case Refused():
            return problem.problems
        case CannotOpen() | UnknownCompany() | CompanyDiffers():
            return (str(problem),)
        case DemoFailed():
            return (f"The demo failed at: {problem}",)
        case AlreadyRunning():
            return (f"Another process has {problem} open: end it first, or use PostgreSQL for several.",)
        case NoCompany():
            return ("There is no company yet: name one in HADIR_COMPANY, or fill one with `hadir company init`.",)
        case WrongToken():
            return ("Telegram does not know HADIR_TELEGRAM_TOKEN: copy it again from @BotFather.",)
        case OperationalError():
            return (f"A database failed ({describe_fault(problem)}): see that it runs, and that the disk has room.",)
        case OSError():
            return (str(problem),)
    return ()


def fail(*problems: str, code: int = 2) -> NoReturn:
    for problem in problems:
        err.print(problem, style="red", markup=False, highlight=False, soft_wrap=True)
    sys.exit(code)
